using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Quartermaster.Connectors;
using Quartermaster.Connectors.Tests;
using Quartermaster.Core;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Stock;
using Quartermaster.Runtime;
using Quartermaster.Runtime.Hosting;
using Quartermaster.Runtime.Intake;
using Quartermaster.Runtime.Migrations;
using Quartermaster.Testing;
using Quartermaster.Webhooks;
using Shouldly;

namespace Quartermaster.Stories;

/// <summary>Whatever stands in a signed letter, the door stays open, everybody else's orders go on, and nothing that was taken is forgotten.</summary>
public sealed class AtTheDoorTests
{
    private const int Limit = 65_536;
    private const int Mutants = 40;
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task No_signed_letter_shuts_the_door_or_stops_anybody_and_each_is_decided_on_or_before_a_person()
    {
        await using var hub = await Door.OpenAsync();
        var letters = hub.Letters.All().SelectMany(l => Mutations.Of(l.Body, Mutants).Prepend(l.Body).Select(body => (l.Connector, l.Topic, Body: body))).ToList();
        List<string> turned = [];
        await Parallel.ForEachAsync(letters, new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = Cancel }, async (letter, cancel) =>
        {
            var status = (int)await hub.SendAsync(letter.Connector, letter.Topic, letter.Body, cancel);
            // A form that has lost its number, or its end, is not what its vendor signs; an empty body is no letter.
            if (status != 200 && !(status == 401 && letter.Connector == "twilio")) lock (turned) turned.Add($"{status} {letter.Connector} {letter.Topic}: {System.Text.Encoding.UTF8.GetString(letter.Body)[..Math.Min(200, letter.Body.Length)]}");
        });
        turned.ShouldBeEmpty();

        await hub.UntilAsync("SELECT count(*) FROM ready", 0L);
        (await hub.ScalarAsync("SELECT count(*) FROM signal WHERE raw"))!.ShouldBeOfType<long>().ShouldBeGreaterThan(letters.Count / 2);
        (await hub.ScalarAsync("""
            SELECT count(*) FROM signal g WHERE NOT EXISTS (SELECT 1 FROM decision d WHERE d.brand = g.brand AND d.stream = g.stream AND d.seq = g.seq) AND NOT EXISTS (SELECT 1 FROM parked p WHERE p.seq = g.seq)
            """)).ShouldBe(0L, "each is decided on, or parked with its reason");
        (await hub.ScalarAsync("SELECT string_agg(DISTINCT p.source || ' ' || p.case_kind || ': ' || p.reason || ' in ' || left(convert_from(g.body, 'LATIN1'), 300), E'\n') FROM parked p JOIN signal g USING (seq) WHERE p.case_kind LIKE 'hub.%' OR p.behind"))
            .ShouldBeNull("what cannot be understood has a name of its own, and nothing waits behind it");

        // Nobody's order stands still because of them.
        foreach (var sku in (string[])["AUR-KUR-IND-M", "AUR-STO-RUS"]) await hub.CountAsync(sku, 100_000);
        var order = hub.Letters.All().First().Body;
        var mine = System.Text.Encoding.UTF8.GetBytes(System.Text.Encoding.UTF8.GetString(order).Replace("9007199254740993123", "4711", StringComparison.Ordinal));
        (await hub.SendAsync("shopify", "orders/create", mine, Cancel)).ShouldBe(HttpStatusCode.OK);
        await hub.UntilAsync("SELECT status FROM stream WHERE stream = 'order/4711'", "allocated");
    }

    [Fact]
    public void Letters_of_every_connector_that_takes_any_are_among_them() =>
        SignedLetters.Connectors.ShouldBe(ConnectorCatalogue.Find().Values.Where(c => c.GetType().GetMethod(nameof(IConnector.Receive)) is not null).Select(c => c.Manifest.Key), ignoreOrder: true,
            "a recorded body and how its vendor signs it belong into SignedLetters");

    [Fact]
    public async Task A_letter_that_is_not_theirs_leaves_a_counter_and_one_that_is_too_large_or_lost_is_told_so()
    {
        await using var hub = await Door.OpenAsync();
        var order = hub.Letters.All().First().Body;
        using (var forged = hub.Letters.Sign("shopify", "orders/create", order, hub.AddressOf("shopify")))
        {
            forged.Content = new ByteArrayContent([.. order, (byte)' ']);
            (await hub.SendAsync(forged, Cancel)).ShouldBe(HttpStatusCode.Unauthorized);
        }
        (await hub.SendAsync("shopify", "orders/create", [.. order, .. new byte[Limit]], Cancel)).ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        using (var endless = hub.Letters.Sign("shopify", "orders/create", order, hub.AddressOf("shopify")))
        {
            endless.Headers.TransferEncodingChunked = true;
            endless.Content = new StreamContent(new MemoryStream(new byte[Limit * 2]));
            (await hub.SendAsync(endless, Cancel)).ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        }
        using (var lost = hub.Letters.Sign("shopify", "orders/create", order, new Uri(hub.AddressOf("shopify") + "-of-old"))) (await hub.SendAsync(lost, Cancel)).ShouldBe(HttpStatusCode.NotFound);
        await hub.UntilAsync("SELECT string_agg(what || ' ' || count, ',' ORDER BY what) FROM turned_away WHERE connection = 'shopify'", "signature 1,too large 2");
        (await hub.ScalarAsync("SELECT count(*) FROM signal")).ShouldBe(0L);

        await hub.Hub.StopAsync(TimeSpan.FromSeconds(5));
        using var late = hub.Letters.Sign("shopify", "orders/create", order, hub.AddressOf("shopify"));
        (await hub.SendAsync(late, Cancel)).ShouldBe(HttpStatusCode.ServiceUnavailable, "the sender finds the next process, or this one again");
        (await hub.ScalarAsync("SELECT count(*) FROM signal")).ShouldBe(0L);
    }

    [Fact]
    public async Task A_mail_with_photos_is_understood_and_its_words_are_all_that_is_kept_of_it()
    {
        await using var hub = await Door.OpenAsync();
        var inbox = new Uri(hub.AddressOf("sendgrid") + "/inbound");
        async Task<HttpStatusCode> PostAsync(byte[] mail, bool chunked = false)
        {
            using var letter = hub.Letters.Sign("sendgrid", "", mail, inbox);
            letter.Headers.TransferEncodingChunked = chunked;
            // Asks before it sends, so that a refusal is read and no broken pipe.
            letter.Headers.ExpectContinue = true;
            return await hub.SendAsync(letter, Cancel);
        }
        (await PostAsync(MailOf("<m1@example.com>", 3, 8_300_000))).ShouldBe(HttpStatusCode.OK);
        (await PostAsync(MailOf("<m2@example.com>", 1, Limit), chunked: true)).ShouldBe(HttpStatusCode.OK);
        (await PostAsync(MailOf("<m1@example.com>", 3, 8_300_000))).ShouldBe(HttpStatusCode.OK, "sent again, it is the same mail");
        await hub.UntilAsync("SELECT count(*) FROM decision d JOIN signal g USING (seq) WHERE g.kind = 'contact.wrote.v1'", 2L);
        (await hub.ScalarAsync("SELECT detail FROM open_case WHERE kind = 'customer.wrote' AND closed_at IS NULL"))!.ShouldBeOfType<string>().ShouldContain("Both cups came broken.\n\n(Attached, and not kept: cup 1.jpg (8.3 MB), cup 2.jpg (8.3 MB), cup 3.jpg (8.3 MB))");
        (await hub.ScalarAsync("SELECT max(length(body)) FROM signal WHERE raw"))!.ShouldBeOfType<int>().ShouldBeLessThan(2000);

        (await PostAsync(MailOf("<m3@example.com>", 5, 8_300_000))).ShouldBe(HttpStatusCode.RequestEntityTooLarge, "larger than SendGrid sends");
        (await hub.SendAsync("sendgrid", "", MailOf("<m4@example.com>", 1, Limit), Cancel)).ShouldBe(HttpStatusCode.RequestEntityTooLarge, "nothing but mail is that large");
    }

    [Fact]
    public async Task Strangers_who_write_slowly_keep_out_no_other_connections_mail_and_their_own_is_told_to_come_again()
    {
        await using var hub = await Door.OpenAsync();
        // The server asks for a body once it has room for it, and not before.
        using var slowly = new HttpClient(new SocketsHttpHandler { Expect100ContinueTimeout = Timeout.InfiniteTimeSpan });
        var inbox = new Uri(hub.AddressOf("sendgrid") + "/inbound");
        HttpRequestMessage Letter(Uri to, HttpContent? instead = null)
        {
            var letter = hub.Letters.Sign("sendgrid", "", MailOf($"<{to.AbsolutePath}@example.com>", 1, Limit), to);
            letter.Headers.ExpectContinue = true;
            letter.Content = instead ?? letter.Content;
            return letter;
        }
        // Whoever shows no signature at all is not even asked for it.
        using (var unsigned = Letter(inbox, new Slow()))
        {
            unsigned.Headers.Remove("X-Twilio-Email-Event-Webhook-Signature");
            using var answer = await slowly.SendAsync(unsigned, Cancel);
            answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        }
        Slow[] bodies = [new(), new()];
        var forged = bodies.Select(b => slowly.SendAsync(Letter(inbox, b), Cancel)).ToList();
        await Task.WhenAll(bodies.Select(b => b.Begun)).WaitAsync(Cancel);
        using (var mail = Letter(inbox))
        {
            using var answer = await slowly.SendAsync(mail, Cancel);
            answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
            answer.Headers.RetryAfter.ShouldNotBeNull().Delta.ShouldNotBeNull().ShouldBeGreaterThan(TimeSpan.Zero);
        }
        using (var elsewhere = Letter(new Uri(hub.AddressOf("mail") + "/inbound")))
        {
            using var answer = await slowly.SendAsync(elsewhere, Cancel);
            answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        }
        foreach (var body in bodies) body.End();
        foreach (var answer in await Task.WhenAll(forged)) answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        using (var again = Letter(inbox))
        {
            using var answer = await slowly.SendAsync(again, Cancel);
            answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        }
        await hub.UntilAsync("SELECT string_agg(what || ' ' || count, ',' ORDER BY what) FROM turned_away WHERE connection = 'sendgrid'", "no room 1,signature 3");
    }

    [Fact]
    public async Task A_report_of_a_mail_that_this_hub_sent_closes_the_address_and_is_nobodys_letter()
    {
        await using var hub = await Door.OpenAsync();
        var inbox = new Uri(hub.AddressOf("sendgrid") + "/inbound");
        var ours = hub.Hub.Readers.SessionOf("sendgrid");
        var theirs = ours with { ProofOf = what => new string('A', 22) };
        foreach (var (to, session) in new[] { ("asha@example.com", ours), ("mara@example.com", theirs) })
        {
            var report = $"""
                Reporting-MTA: dns; mx.example

                Final-Recipient: rfc822; {to}
                Action: failed
                Status: 5.1.1
                Diagnostic-Code: smtp; 550 no such user
                """;
            var mail = new System.Text.StringBuilder();
            foreach (var (name, type, value) in new[]
            {
                ("headers", "", $"Content-Type: multipart/report; report-type=delivery-status\r\nMessage-ID: <{to}>"), ("from", "", "MAILER-DAEMON@mx.example"), ("text", "", "Where is my order?"),
                ("attachment1", "message/delivery-status", report), ("attachment2", "message/rfc822", $"To: {to}\r\nMessage-ID: {Quartermaster.Connectors.Shared.MailMark.Of(session, "order/4711/msg/shipped/p1/email", to, "orders@acme.example")}\r\n\r\nHello"),
            })
                mail.Append($"--b\r\nContent-Disposition: form-data; name=\"{name}\"{(type.Length > 0 ? $"\r\nContent-Type: {type}" : "")}\r\n\r\n{value.ReplaceLineEndings("\r\n")}\r\n");
            using var letter = hub.Letters.Sign("sendgrid", "", System.Text.Encoding.UTF8.GetBytes(mail.Append("--b--\r\n").ToString()), inbox);
            (await hub.SendAsync(letter, Cancel)).ShouldBe(HttpStatusCode.OK);
        }
        await hub.UntilAsync("SELECT count(*) FROM decision d JOIN signal g USING (seq) WHERE g.source = 'sendgrid' AND g.raw", 2L);
        await hub.UntilAsync("SELECT string_agg(address || ' ' || channel || ' ' || what || ' ' || why, ',') FROM suppressed", "asha@example.com email all 5.1.1 550 no such user");
        await hub.UntilAsync("SELECT count(*) FROM ready", 0L);
        (await hub.ScalarAsync("SELECT count(*) FROM open_case WHERE kind = 'customer.wrote'")).ShouldBe(0L);
    }

    private static byte[] MailOf(string id, int photos, int bytes)
    {
        using var mail = new MemoryStream();
        void Add(string name, ReadOnlySpan<byte> content)
        {
            mail.Write(System.Text.Encoding.UTF8.GetBytes($"--xYzZY\r\nContent-Disposition: form-data; name=\"{name}\"{(name.StartsWith("attachment", StringComparison.Ordinal) ? $"; filename=\"cup {name[^1]}.jpg\"\r\nContent-Type: image/jpeg" : "")}\r\n\r\n"));
            mail.Write(content);
            mail.Write("\r\n"u8);
        }
        Add("headers", System.Text.Encoding.UTF8.GetBytes("Message-ID: " + id));
        Add("from", "Asha Rao <asha@example.com>"u8);
        Add("text", "Both cups came broken."u8);
        var photo = new byte[bytes];
        new Random(photos).NextBytes(photo);
        for (var i = 1; i <= photos; i++) Add($"attachment{i}", photo);
        mail.Write("--xYzZY--\r\n"u8);
        return mail.ToArray();
    }

    /// <summary>A body without an end until it is told to end.</summary>
    private sealed class Slow : HttpContent
    {
        private readonly TaskCompletionSource begun = new(TaskCreationOptions.RunContinuationsAsynchronously), ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Begun => begun.Task;

        public void End() => ended.TrySetResult();

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync("--b\r\n"u8.ToArray(), Cancel);
            await stream.FlushAsync(Cancel);
            begun.TrySetResult();
            await ended.Task.WaitAsync(Cancel);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }

    /// <summary>A hub that takes and decides and does nothing outside, with one connection to each vendor that sends letters.</summary>
    private sealed class Door(TestDatabase postgres, Database database, WebApplication web, Uri address, SignedLetters letters) : IAsyncDisposable
    {
        private const string Brand = "acme";
        private readonly HttpClient http = new();

        public SignedLetters Letters => letters;
        public HubRuntime Hub => web.Services.GetRequiredService<HubRuntime>();

        public static async Task<Door> OpenAsync()
        {
            var postgres = await TestPostgres.NewDatabaseAsync("spine", MigrateAsync, Cancel);
            var (database, letters, address) = (new Database(postgres.ConnectionString), new SignedLetters(), new Uri($"http://127.0.0.1:{TestPorts.Free()}"));
            var terms = new BrandTerms { Brand = Brand, Title = "Acme", Currency = "INR", OrdersFrom = DateTimeOffset.UnixEpoch, MessageChannels = [], Locations = [new("BLR", "Bengaluru", "warehouse-rest", "IN", "5", 40m)] };
            var known = ConnectorCatalogue.Find();
            var connections = SignedLetters.Connectors.ToDictionary(key => key, key => new ConnectionPlan(key, Brand, known[key], letters.SettingsFor(known[key]), key == "woocommerce" ? "woo-" : "", new Dictionary<string, string>(), null)
            {
                Callback = new Uri(address, "webhooks/" + key),
            });
            connections["mail"] = connections["sendgrid"] with { Key = "mail" };
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.UseUrls(address.ToString());
            builder.Services.AddHub(new HubPlan(new Dictionary<string, BrandPlan> { [Brand] = new(terms, BrandMode.Live) }, connections), database, new HubOptions(Roles.Intake | Roles.Decide));
            var web = builder.Build();
            web.UseWebhooks(Limit);
            await web.StartAsync(Cancel);
            return new(postgres, database, web, address, letters);
        }

        public Uri AddressOf(string connection) => new(address, "webhooks/" + connection);

        public async Task<HttpStatusCode> SendAsync(string connector, string topic, byte[] body, CancellationToken cancel)
        {
            using var request = letters.Sign(connector, topic, body, AddressOf(connector));
            return await SendAsync(request, cancel);
        }

        public async Task<HttpStatusCode> SendAsync(HttpRequestMessage request, CancellationToken cancel)
        {
            using var response = await http.SendAsync(request, cancel);
            return response.StatusCode;
        }

        public Task CountAsync(string sku, int units)
        {
            var counted = new StockSignal.Counted(sku, "BLR", units, "test", DateTimeOffset.UtcNow);
            return Hub.Intake.WriteAsync(new Arrival(Brand, "stock/" + sku, false, Wire.KindOf(counted.GetType()), "test", null, null, CoreJson.Write(counted), counted.At), Cancel);
        }

        public async Task<object?> ScalarAsync(string sql)
        {
            await using var command = postgres.Source.CreateCommand(sql);
            return await command.ExecuteScalarAsync(Cancel) is { } value and not DBNull ? value : null;
        }

        public async Task UntilAsync(string sql, object expected)
        {
            object? last = null;
            for (var i = 0; i < 600 && !expected.Equals(last = await ScalarAsync(sql)); i++) await Task.Delay(25, Cancel);
            last.ShouldBe(expected, sql);
        }

        public async ValueTask DisposeAsync()
        {
            http.Dispose();
            await web.StopAsync(CancellationToken.None);
            await web.DisposeAsync();
            await database.DisposeAsync();
            await postgres.DisposeAsync();
            letters.Dispose();
        }

        private static async Task MigrateAsync(string connectionString, CancellationToken cancel)
        {
            await using var source = NpgsqlDataSource.Create(connectionString);
            await Migrator.RunAsync(source, NullLogger.Instance, cancel);
        }
    }
}
