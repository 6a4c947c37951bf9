using System.Text;
using Quartermaster.Core.Customers;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Orders;
using Quartermaster.Runtime.Customers;
using Quartermaster.Runtime.Intake;
using Quartermaster.Runtime.Tests.Machine;
using Shouldly;

namespace Quartermaster.Runtime.Tests.Customers;

/// <summary>Somebody is erased, and the whole database is searched for them.</summary>
public sealed class ErasureTests
{
    private const string Mail = "zoë.quillfeather@example.test", Phone = "+31687654321", Name = "Zoë Quillfeather", Street = "Kwikstaartplein 17", Town = "Unikstad", Account = "7700112233";
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;
    private static readonly string[] Everything = [Mail, Phone.TrimStart('+'), Name, Street, Town, Account, "my husband's parcel", "9876 XQ"];

    [Fact]
    public async Task Nothing_of_them_is_left_in_any_table_and_goods_and_money_are()
    {
        await using var test = await ShopAsync();
        await PlaceAsync(test, "1");
        await test.PlaceAsync("other", ("A", 1));
        await test.UntilAsync("SELECT sent FROM run WHERE campaign = 'welcome'", 1);
        await test.UntilAsync("SELECT count(*) FROM effect_log WHERE key LIKE 'run/%' AND outcome = 'done'", 1L);
        await EndAsync(test, "1");
        await EndAsync(test, "other");
        await test.SendAsync(ContactPoint.Of("whatsapp", Phone).On(TestHub.Brand), new ContactSignal.Wrote("whatsapp", "where is my husband's parcel?", "wamid.1", DateTimeOffset.UtcNow));
        await test.SendAsync(ContactPoint.Of("whatsapp", Phone).On(TestHub.Brand), new ContactSignal.Wrote("whatsapp", "STOP", "wamid.2", DateTimeOffset.UtcNow));
        // A vendor's webhook for the whole connection, and a table that nobody has thought of.
        await test.Hub.Intake.WriteAsync(new Arrival(TestHub.Brand, "connection/chat", true, "messages", "chat", "d1", null, Encoding.UTF8.GetBytes($$"""{ "from": "{{Phone[1..]}}", "profile": { "name": "{{Name}}" } }"""), DateTimeOffset.UtcNow), Cancel);
        await test.ScalarAsync($"CREATE TABLE of_tomorrow (id int, words text, doc jsonb, list text[]); INSERT INTO of_tomorrow VALUES (1, 'call {Mail} back', '{{\"who\": \"{Phone}\"}}', ARRAY['{Mail}']), (2, 'nobody', '{{}}', '{{}}')");
        await test.UntilAsync("SELECT count(*) FROM suppressed", 1L);
        await test.QuietAsync();
        await test.UntilAsync("SELECT count(*) FROM ready", 0L);
        var person = await LinkAsync(test);

        var before = await FindAsync(test);
        foreach (var table in (string[])["stream.state", "decision.events", "signal.body", "effect_log.body", "lookup.term", "open_case.detail", "person.name", "person_key.value", "suppressed.address", "consent.address", "of_tomorrow.words", "of_tomorrow.doc", "of_tomorrow.list"])
            before.ShouldContain(b => b.StartsWith(table, StringComparison.Ordinal), table);
        var books = await BooksAsync(test);

        await using var connections = new Database(test.Postgres.ConnectionString);
        var report = await new Eraser(connections, test.Hub.Plan, new(connections), TimeProvider.System).EraseAsync(TestHub.Brand, person, "asked by letter", "ada", Cancel);

        (await FindAsync(test)).ShouldBeEmpty();
        report.Left.ShouldBeEmpty();
        report.Rows["stream"].ShouldBeGreaterThan(0);
        (await BooksAsync(test)).ShouldBe(books);
        (await test.ScalarAsync("SELECT count(*) FROM lookup WHERE term = 'ada@example.test'")).ShouldBe(1L, "somebody else's order is as it was");
        (await test.ScalarAsync("SELECT by_whom || ' ' || reason || ' ' || cardinality(keys) FROM erasure")).ShouldBe("ada asked by letter 3");
        (await test.ScalarAsync("SELECT channel || ' ' || what || ' ' || (address LIKE 'erased:%')::text FROM suppressed")).ShouldBe("whatsapp all true");
    }

    [Fact]
    public async Task What_a_shop_tells_of_the_order_again_is_kept_without_the_person()
    {
        await using var test = await ShopAsync();
        await PlaceAsync(test, "1");
        await EndAsync(test, "1");
        await test.QuietAsync();
        var person = await LinkAsync(test);
        await using var connections = new Database(test.Postgres.ConnectionString);
        var eraser = new Eraser(connections, test.Hub.Plan, new(connections), TimeProvider.System);
        await eraser.EraseAsync(TestHub.Brand, person, "asked", "ada", Cancel);
        await test.SendAsync(TestHub.Order("1"), new OrderSignal.Reported(Facts("1") with { UpdatedAt = DateTimeOffset.UtcNow }, "orders/updated"));
        await test.UntilAsync("SELECT count(*) FROM signal s JOIN decision d USING (seq) WHERE s.stream = 'order/1' AND s.kind LIKE 'order.reported%'", 2L);
        (await test.ScalarAsync("SELECT coalesce(buyer_name, '') || coalesce(email, '') || coalesce(phone, '') FROM stream WHERE stream = 'order/1'")).ShouldBe("");
        await using (var connection = await test.Postgres.Source.OpenConnectionAsync(Cancel)) await eraser.EraseNewsAsync(connection, Cancel);
        (await FindAsync(test)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Who_waits_for_a_parcel_is_not_erased()
    {
        await using var test = await ShopAsync();
        await PlaceAsync(test, "1");
        await test.UntilAsync("SELECT sent FROM run WHERE campaign = 'welcome'", 1);
        await test.UntilAsync("SELECT status FROM stream WHERE stream = 'order/1'", "submitted");
        await test.QuietAsync();
        var person = await LinkAsync(test);
        await using var connections = new Database(test.Postgres.ConnectionString);
        var refused = await Should.ThrowAsync<InvalidOperationException>(() => new Eraser(connections, test.Hub.Plan, new(connections), TimeProvider.System).EraseAsync(TestHub.Brand, person, "asked", "ada", Cancel));
        refused.Message.ShouldBe("Not erased: the order #1 has not ended (submitted). Ask again when that is over.");
        (await test.ScalarAsync("SELECT buyer_name FROM stream WHERE stream = 'order/1'")).ShouldBe(Name);
    }

    [Fact]
    public async Task Who_comes_back_after_an_erasure_can_be_erased_again_and_their_stronger_no_stays()
    {
        await using var test = await ShopAsync();
        await using var connections = new Database(test.Postgres.ConnectionString);
        var eraser = new Eraser(connections, test.Hub.Plan, new(connections), TimeProvider.System);
        foreach (var (id, what) in ((string, Extent)[])[("1", Extent.Marketing), ("2", Extent.All)])
        {
            await PlaceAsync(test, id);
            await EndAsync(test, id);
            await test.SendAsync(ContactPoint.Of("email", Mail).On(TestHub.Brand), new ContactSignal.OptedOut("email", "by a link", DateTimeOffset.UtcNow, what));
            await test.UntilAsync($"SELECT count(*) FROM suppressed WHERE address = '{Mail}'", 1L);
            await test.QuietAsync();
            await eraser.EraseAsync(TestHub.Brand, await LinkAsync(test), "asked", "ada", Cancel);
        }
        (await FindAsync(test)).ShouldBeEmpty();
        (await test.ScalarAsync("SELECT string_agg(what || ' ' || (address LIKE 'erased:%')::text, ',') FROM suppressed")).ShouldBe("all true");
        (await test.ScalarAsync("SELECT count(*) FROM erasure")).ShouldBe(2L);
    }

    [Fact]
    public async Task What_a_mail_server_or_one_of_us_said_of_them_goes_as_well()
    {
        await using var test = await ShopAsync();
        await PlaceAsync(test, "1");
        await EndAsync(test, "1");
        await test.SendAsync(ContactPoint.Of("email", Mail).On(TestHub.Brand), new ContactSignal.Bounced("email", true, "550 5.1.1 <Zoë.Quillfeather@Example.test> user unknown", DateTimeOffset.UtcNow));
        await test.UntilAsync("SELECT count(*) FROM suppressed", 1L);
        await test.QuietAsync();
        var person = await LinkAsync(test);
        await test.ScalarAsync($"INSERT INTO audit(who, action, brand, subject, detail) VALUES ('ada', 'customer.note', '{TestHub.Brand}', 'customer/{person}', 'Mrs Quillfeather would rather be called')");
        await using var connections = new Database(test.Postgres.ConnectionString);
        await new Eraser(connections, test.Hub.Plan, new(connections), TimeProvider.System).EraseAsync(TestHub.Brand, person, $"asked by {Mail}", "ada", Cancel);

        (await FindAsync(test)).ShouldBeEmpty();
        (await test.ScalarAsync("SELECT why FROM suppressed")).ShouldBe("550 5.1.1 <erased> user unknown");
        (await test.ScalarAsync("SELECT detail FROM audit WHERE action = 'customer.note'")).ShouldBe("erased");
        (await test.ScalarAsync("SELECT reason FROM erasure")).ShouldBe("asked by erased");
    }

    [Fact]
    public async Task What_is_told_of_others_in_one_webhook_stays_and_what_nobody_decided_on_is_waited_for()
    {
        await using var test = await ShopAsync();
        await PlaceAsync(test, "1");
        await EndAsync(test, "1");
        await test.QuietAsync();
        var person = await LinkAsync(test);
        await using var connections = new Database(test.Postgres.ConnectionString);
        var eraser = new Eraser(connections, test.Hub.Plan, new(connections), TimeProvider.System);
        await test.Hub.Intake.WriteAsync(new Arrival(TestHub.Brand, "connection/mail", true, "events", "mail", "d1", null, Encoding.UTF8.GetBytes($$"""[{ "email": "{{Mail}}" }, { "email": "not.{{Mail}}" }, { "email": "bob@example.test" }]"""), DateTimeOffset.UtcNow), Cancel);
        await test.UntilAsync("SELECT count(*) FROM ready", 0L);
        // Set apart, whatever the hub made of it.
        await test.ScalarAsync("INSERT INTO parked(seq, part, brand, stream, kind, source, case_kind, reason, at) SELECT seq, 0, brand, stream, kind, source, 'not_understood', 'test', now() FROM signal WHERE stream = 'connection/mail' ON CONFLICT DO NOTHING");
        var refused = await Should.ThrowAsync<InvalidOperationException>(() => eraser.EraseAsync(TestHub.Brand, person, "asked", "ada", Cancel));
        refused.Message.ShouldContain("connection/mail");
        (await test.ScalarAsync("SELECT convert_from(body, 'UTF8') FROM signal WHERE stream = 'connection/mail'")).ShouldBeOfType<string>().ShouldContain("bob@example.test");

        await test.ScalarAsync("DELETE FROM parked");
        var report = await eraser.EraseAsync(TestHub.Brand, person, "asked", "ada", Cancel);
        System.Text.Json.Nodes.JsonNode.Parse((byte[])(await test.ScalarAsync("SELECT body FROM signal WHERE stream = 'connection/mail'"))!)!.AsArray().Select(e => (string?)e!["email"]).ShouldBe([null, "not." + Mail, "bob@example.test"]);
        report.Left.ShouldBe(["signal.body"], "a longer address is somebody else's, and is told of");
    }

    [Fact]
    public async Task An_order_whose_email_was_corrected_is_somebody_elses()
    {
        await using var test = await ShopAsync();
        await PlaceAsync(test, "1");
        await EndAsync(test, "1");
        await test.PlaceAsync("other", ("A", 1));
        await EndAsync(test, "other");
        await test.QuietAsync();
        var person = await LinkAsync(test);
        // The order was entered with their e-mail by mistake.
        await test.ScalarAsync($"INSERT INTO lookup(brand, term, stream) VALUES ('{TestHub.Brand}', '{Mail}', 'order/other')");
        await test.ScalarAsync("UPDATE person_order SET person = NULL WHERE stream = 'order/other'");
        var before = await test.ScalarAsync("SELECT state FROM stream WHERE stream = 'order/other'");
        await using var connections = new Database(test.Postgres.ConnectionString);
        await new Eraser(connections, test.Hub.Plan, new(connections), TimeProvider.System).EraseAsync(TestHub.Brand, person, "asked", "ada", Cancel);
        (await test.ScalarAsync("SELECT state FROM stream WHERE stream = 'order/other'")).ShouldBe(before);
    }

    [Fact]
    public void Goods_places_and_words_of_the_machine_stay_when_a_town_or_a_note_is_called_the_same()
    {
        var body = """{"kind":"order.shipped.v1","sku":"BATIK-BANDUNG-L","location":"bandung","channel":"aurora-shop","title":"Batik Bandung","shipTo":{"city":"Bandung","country":"ID"},"text":"We send it to Bandung, Zoe Quill"}""";
        Encoding.UTF8.GetString(new Redaction(["Zoe Quill"], ["Bandung", "Aurora", "shipped"]).Body(Encoding.UTF8.GetBytes(body), own: true)).ShouldBe(
            """{"kind":"order.shipped.v1","sku":"BATIK-BANDUNG-L","location":"bandung","channel":"aurora-shop","title":"Batik Bandung","shipTo":{"city":null,"country":"ID"},"text":"erased"}""");
    }

    [Theory]
    [InlineData("From=whatsapp%3A%2B31687654321&Body=hi", "{}")]
    [InlineData("From=whatsapp%3A%2B316876543219&Body=hi", null)]
    [InlineData("""{"from":"31687654321","profile":{"name":"Zoe"}}""", "{}")]
    [InlineData("""{"a":1,"a":2}""", null)]
    public void A_vendors_body_goes_where_it_bears_them(string body, string? left) =>
        Encoding.UTF8.GetString(new Redaction(["31687654321"]).Raw(Encoding.UTF8.GetBytes(body))).ShouldBe(left ?? body);

    private static async Task<TestHub> ShopAsync()
    {
        var test = await TestHub.NewAsync(Cancel);
        // A brand that writes of its own accord knows somebody in more places.
        test.Change = plan => plan with { Brands = plan.Brands.ToDictionary(b => b.Key, b => b.Value with { Terms = b.Value.Terms with { Contact = new(NeedsOptIn: false, Quiet: null), Campaigns = Flows } }) };
        await test.StartAsync();
        await test.CountAsync("A", "AMS", 100);
        await test.UntilAsync("SELECT on_hand FROM position", 100);
        return test;
    }

    /// <summary>Something is said at once, with a code, and something is waited for.</summary>
    private static readonly CampaignTerms Flows = new([
        new("welcome", "Welcome", CampaignTrigger.Purchased, [new(TimeSpan.Zero, "checkout_offer", Offer: "ten"), new(TimeSpan.FromDays(3), "thank_you")]) { HoldOut = 0m },
        new("win-back", "Win-back", CampaignTrigger.Silent, [new(TimeSpan.FromDays(100), "win_back")]) { HoldOut = 0m }])
    { Offers = new Dictionary<string, OfferTerms> { ["ten"] = new(["TEN"], new Dictionary<string, string>(), 100) } };

    private static OrderFacts Facts(string id) => TestHub.Facts(id, ("A", 1)) with
    {
        PlacedAt = DateTimeOffset.UtcNow,
        Buyer = new(Account, Name, Mail, Phone, "nl"),
        Note = "leave it at my husband's parcel shop",
        ShipTo = new(Name, null, Street, "2 hoog", Town, "NH", "9876 XQ", "NL", Phone),
        BillTo = new(Name, null, Street, null, Town, null, "9876 XQ", "NL", null),
    };

    private static Task PlaceAsync(TestHub test, string id) => test.SendAsync(TestHub.Order(id), new OrderSignal.Reported(Facts(id), "orders/create"));

    private static async Task EndAsync(TestHub test, string id)
    {
        await test.UntilAsync($"SELECT status FROM stream WHERE stream = 'order/{id}'", "submitted");
        await test.SendAsync(TestHub.Order(id), new OrderSignal.CancelAsked("no longer wanted", "ada"));
        await test.UntilAsync($"SELECT ended FROM stream WHERE stream = 'order/{id}'", true);
    }

    private static async Task<long> LinkAsync(TestHub test)
    {
        await using var connection = await test.Postgres.Source.OpenConnectionAsync(Cancel);
        // As the hub's own job does, so that the two are not at it at once.
        await using (var alone = new Npgsql.NpgsqlCommand("SELECT pg_advisory_lock(82, 6)", connection)) await alone.ExecuteNonQueryAsync(Cancel);
        await new OrderLinker(test.Hub.Plan, TimeProvider.System).LinkAllAsync(connection, Cancel);
        return (long)(await test.ScalarAsync($"SELECT person FROM person_key WHERE kind = 'email' AND value = '{Mail}'"))!;
    }

    private static async Task<List<string>> FindAsync(TestHub test)
    {
        await using var connection = await test.Postgres.Source.OpenConnectionAsync(Cancel);
        return [.. (await Traces.FindAsync(connection, null, Everything, Cancel)).Select(f => $"{f.Where} {f.Rows}")];
    }

    private static async Task<string> BooksAsync(TestHub test) => (string)(await test.ScalarAsync("""
        SELECT (SELECT string_agg(stream || status || total || currency || units, ',' ORDER BY stream) FROM stream WHERE placed_at IS NOT NULL) || (SELECT string_agg(sku || on_hand || reserved, ',') FROM position)
          || (SELECT string_agg(kind || on_hand || reserved || stream, ',' ORDER BY n) FROM movement) || (SELECT string_agg(name || value, ',' ORDER BY name) FROM (SELECT name, sum(value) AS value FROM tally GROUP BY name) t)
        """))!;
}
