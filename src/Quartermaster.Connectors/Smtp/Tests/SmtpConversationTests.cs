using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Quartermaster.Connectors.Tests;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Customers;
using Quartermaster.Core.Messages;
using Quartermaster.Sandbox.Twins;

namespace Quartermaster.Connectors.Smtp.Tests;

/// <summary>The client against a real mail server of our own, over loopback.</summary>
public sealed class SmtpConversationTests
{
    private static readonly CancellationToken Now = TestContext.Current.CancellationToken;
    private readonly SmtpConnector connector = new();
    private readonly List<SinkMail> taken = [];

    [Fact]
    public async Task A_mail_arrives_as_it_was_written_dots_included()
    {
        await using var sink = Sink(new(Take));
        var result = (await SendAsync(sink, "none"))[0];
        result.Outcome.ShouldBeOfType<Outcome.Done>().RemoteId.ShouldBe(SmtpOutbound.Mail(Session(sink, "none"), "order/1/msg/shipped", SmtpOutboundTests.Shipped).MessageId);
        var mail = taken.ShouldHaveSingleItem();
        mail.From.ShouldBe("orders@aurora.example");
        mail.Recipients.ShouldBe(["zoe@example.com"]);
        var read = MailText.Of(mail.Content);
        read.Text.ShouldBe(SmtpOutboundTests.Shipped.Text.ReplaceLineEndings("\r\n") + "\r\n");
        read.Header("Subject").ShouldBe(SmtpOutboundTests.Shipped.Subject);
        read.Header("To").ShouldBe("Zoë Ås <zoe@example.com>");
        result.Exchange.Answer.ShouldContain("S: 250 2.0.0 ok");
    }

    [Theory]
    [InlineData("PLAIN LOGIN", "AUTH PLAIN")]
    [InlineData("LOGIN", "AUTH LOGIN")]
    public async Task It_encrypts_before_it_logs_in_and_keeps_the_password_to_itself(string ways, string used)
    {
        using var certificate = SelfMade("localhost");
        await using var sink = Sink(new(Take, certificate, Login: ("orders", "pässw0rd"), LoginWays: ways));
        var result = (await SendAsync(sink, "starttls", ("user", "orders"), ("password", "pässw0rd"), ("certificate_sha256", certificate.GetCertHashString(HashAlgorithmName.SHA256))))[0];
        result.Outcome.ShouldBeOfType<Outcome.Done>();
        taken.ShouldHaveSingleItem().ShouldSatisfyAllConditions(m => m.Encrypted.ShouldBeTrue(), m => m.User.ShouldBe("orders"));
        result.Exchange.Answer.ShouldContain($"C: {used}");
        result.Exchange.Answer.ShouldNotContain(Convert.ToBase64String("pässw0rd"u8));
    }

    [Fact]
    public async Task It_encrypts_from_the_start_where_the_port_wants_it()
    {
        using var certificate = SelfMade("localhost");
        await using var sink = Sink(new(Take, certificate, TlsFromTheStart: true));
        (await SendAsync(sink, "tls", ("certificate_sha256", certificate.GetCertHashString(HashAlgorithmName.SHA256))))[0].Outcome.ShouldBeOfType<Outcome.Done>();
        taken.ShouldHaveSingleItem().Encrypted.ShouldBeTrue();
    }

    [Fact]
    public async Task A_certificate_that_nobody_vouches_for_gets_neither_password_nor_mail()
    {
        using var certificate = SelfMade("localhost");
        using var other = SelfMade("localhost");
        await using var sink = Sink(new(Take, certificate, Login: ("orders", "password")));
        (await SendAsync(sink, "starttls", ("user", "orders"), ("password", "password")))[0].Outcome.ShouldBeNamed("NotConnected");
        (await SendAsync(sink, "starttls", ("user", "orders"), ("password", "password"), ("certificate_sha256", other.GetCertHashString(HashAlgorithmName.SHA256))))[0].Outcome.ShouldBeNamed("NotConnected");
        taken.ShouldBeEmpty();
    }

    [Fact]
    public async Task Without_the_offer_to_encrypt_it_does_not_go_on_in_the_clear()
    {
        await using var sink = Sink(new(Take));
        (await SendAsync(sink, "starttls"))[0].Outcome.ShouldBeNamed("NotConnected");
        taken.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_was_slipped_in_before_the_encryption_is_noticed()
    {
        using var certificate = SelfMade("localhost");
        await using var sink = Sink(new(Take, certificate, Instead: line => line == "STARTTLS" ? "220 go ahead\r\n250 injected" : null));
        (await SendAsync(sink, "starttls", ("certificate_sha256", certificate.GetCertHashString(HashAlgorithmName.SHA256))))[0]
            .Outcome.ShouldBeOfType<Outcome.NotConnected>().Why.ShouldContain("tampered");
    }

    [Fact]
    public async Task A_wrong_password_stops_the_lane()
    {
        await using var sink = Sink(new(Take, Login: ("orders", "right")));
        (await SendAsync(sink, "none", ("user", "orders"), ("password", "wrong")))[0].Outcome.ShouldBeNamed("NotConnected");
    }

    [Theory]
    [InlineData("RCPT", "550 5.1.1 no such user", "Refused 5.1.1")]
    [InlineData("RCPT", "451 4.7.1 greylisted", "TryLater")]
    [InlineData("MAIL", "421 closing", "TryLater")]
    [InlineData("DATA", "554 no", "Refused 554")]
    [InlineData("MAIL", "", "TryLater")]
    [InlineData("DATA", "", "TryLater")]
    [InlineData("", "", "TryLater")]
    [InlineData("", "554 go away", "NotConnected")]
    [InlineData("", "HTTP/1.1 400 Bad Request", "TryLater")]
    public async Task Trouble_before_the_last_dot_leaves_no_doubt(string command, string reply, string expected)
    {
        await using var sink = Sink(new(Take, Instead: line => command.Length == 0 ? line.Length == 0 ? reply : null : line.StartsWith(command, StringComparison.Ordinal) ? reply : null));
        (await SendAsync(sink, "none"))[0].Outcome.ShouldBeNamed(expected);
        taken.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_address_that_nobody_has_is_written_to_no_more()
    {
        await using var sink = Sink(new(Take, Instead: line => line.StartsWith("RCPT", StringComparison.Ordinal) ? line.Contains("zoe@", StringComparison.Ordinal) ? "550 5.1.1 no such user" : "552 5.2.2 full" : null));
        var results = await connector.ActAsync(Session(sink, "none"), [Work(1, "zoe@example.com"), Work(2, "full@example.com")], Now);
        var learned = results[0].Learned.ShouldHaveSingleItem();
        learned.To.Key.ShouldBe("contact/email:zoe@example.com");
        learned.Signal.ShouldBeOfType<ContactSignal.Bounced>().ShouldSatisfyAllConditions(b => b.Hard.ShouldBeTrue(), b => b.Why.ShouldBe("550 5.1.1 no such user"));
        results[1].Learned.ShouldBeNull();
    }

    [Fact]
    public async Task Silence_after_the_last_dot_is_a_doubt()
    {
        await using var sink = Sink(new(mail => { taken.Add(mail); return ""; }));
        (await SendAsync(sink, "none"))[0].Outcome.ShouldBeNamed("Unsure");
        taken.Count.ShouldBe(1, "it did arrive, which is why nobody may say that it did not");
    }

    [Fact]
    public async Task One_conversation_carries_a_batch_past_a_refused_recipient_and_a_lost_line()
    {
        var greetings = 0;
        await using var sink = Sink(new(mail => { taken.Add(mail); return mail.Recipients[0] == "lost@example.com" ? "" : "250 2.0.0 ok"; }, Instead: line =>
        {
            if (line.Length == 0) greetings++;
            return line.Contains("<gone@", StringComparison.Ordinal) ? "550 5.1.1 no" : null;
        }));
        var results = await connector.ActAsync(Session(sink, "none"),
            [.. new[] { "a@example.com", "gone@example.com", "b@example.com", "not an address", "lost@example.com", "c@example.com" }.Select((to, i) => Work(i, to))], Now);
        results.Select(r => r.Outcome.GetType().Name).ShouldBe(["Done", "Refused", "Done", "Refused", "Unsure", "Done"]);
        taken.Select(m => m.Recipients.Single()).ShouldBe(["a@example.com", "b@example.com", "lost@example.com", "c@example.com"]);
        greetings.ShouldBe(2, "only the lost line is opened again");
    }

    [Fact]
    public async Task Nobody_listening_is_asked_once_a_batch_and_again_later()
    {
        int port;
        await using (var gone = Sink(new(Take))) port = gone.Port;
        var session = new RemoteScript().Session("mail", ("host", "127.0.0.1"), ("port", $"{port}"), ("security", "none"), ("from", "orders@aurora.example"));
        (await connector.ActAsync(session, [Work(1, "a@example.com"), Work(2, "b@example.com")], Now)).Select(r => r.Outcome.GetType().Name).ShouldBe(["TryLater", "TryLater"]);
    }

    [Theory]
    [InlineData("security", "ssl")]
    [InlineData("port", "smtp")]
    [InlineData("from", "nobody")]
    [InlineData("host", "")]
    public async Task A_setting_that_makes_no_sense_is_named(string key, string value)
    {
        var values = new Dictionary<string, string> { ["host"] = "127.0.0.1", ["port"] = "1", ["security"] = "none", ["from"] = "orders@aurora.example", [key] = value };
        var session = new RemoteScript().Session("mail", [.. values.Select(v => (v.Key, v.Value))]);
        (await connector.ActAsync(session, [Work(1, "a@example.com")], Now))[0].Outcome.ShouldBeOfType<Outcome.NotConnected>().Why.ShouldContain(key);
    }

    [Fact]
    public async Task A_password_does_not_leave_the_machine_unencrypted()
    {
        var session = new RemoteScript().Session("mail", ("host", "mail.example"), ("security", "none"), ("user", "u"), ("password", "pass"), ("from", "orders@aurora.example"));
        (await connector.ActAsync(session, [Work(1, "a@example.com")], Now))[0].Outcome.ShouldBeOfType<Outcome.NotConnected>().Why.ShouldContain("unencrypted");
    }

    [Fact]
    public async Task Every_mail_waits_for_its_turn_and_one_that_gets_none_is_not_begun()
    {
        await using var sink = Sink(new(Take));
        var turns = 0;
        var session = Session(sink, "none") with { TurnAsync = _ => ++turns == 2 ? throw new NotNowException("the budget is used up", TimeSpan.FromMinutes(5)) : Task.CompletedTask };
        var results = await connector.ActAsync(session, [Work(1, "a@example.com"), Work(2, "b@example.com"), Work(3, "c@example.com")], Now);
        results.Select(r => r.Begun).ShouldBe([true, false, true]);
        results[1].ShouldBe(Result.NotNow("the budget is used up", TimeSpan.FromMinutes(5)));
        taken.Select(m => m.Recipients.Single()).ShouldBe(["a@example.com", "c@example.com"]);
        turns.ShouldBe(3);
    }

    [Fact]
    public async Task A_slow_server_gets_no_further_mail_in_the_same_conversation()
    {
        await using var sink = Sink(new(Take));
        var results = await connector.ActAsync(Session(sink, "none") with { Clock = new TwentySecondsALook() }, [Work(1, "a@example.com"), Work(2, "b@example.com"), Work(3, "c@example.com")], Now);
        results.Select(r => r.Begun).ShouldBe([true, false, false]);
        taken.ShouldHaveSingleItem();
        // The final reply may take two minutes: hanging up before makes the mail arrive twice.
        connector.Manifest.CallLimit.ShouldBeGreaterThan(TimeSpan.FromMinutes(3));
    }

    [Fact]
    public async Task The_test_button_logs_in_and_sends_nothing()
    {
        await using var sink = Sink(new(Take, Login: ("orders", "right")));
        (await connector.TestAsync(Session(sink, "none", ("user", "orders"), ("password", "right")), Now)).Outcome.ShouldBeNamed("Done ");
        (await connector.TestAsync(Session(sink, "none", ("user", "orders"), ("password", "wrong")), Now)).Outcome.ShouldBeNamed("NotConnected");
        taken.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_twin_shows_what_went_out()
    {
        // As copied from a real hub's file: neither the server's name nor its encryption may matter to a sandboxed connection.
        await using var box = await TwinBox.StartAsync(new SmtpConnector(), ("host", "smtp.example.com"), ("port", "587"), ("security", "starttls"), ("from", "Aurora <orders@aurora.example>"), ("alerts_to", "ops@aurora.example"));
        var results = await box.ActAsync(Work(1, "zoe@example.com"), Work(2, "x@refused.example"), Work(3, "x@later.example"),
            new Work("a", new MessageEffect.Alert("Lane stopped", "401", null, "critical"), 1));
        results.Select(r => r.Outcome.GetType().Name).ShouldBe(["Done", "Refused", "TryLater", "Done"]);
        box.Twin<SmtpTwin>().Messages.Select(m => m.Title).ShouldBe(["[critical] Lane stopped", SmtpOutboundTests.Shipped.Subject]);
        (await box.PageAsync()).ShouldContain("Hallo Zo&#235;");
    }

    private string Take(SinkMail mail)
    {
        taken.Add(mail);
        return "250 2.0.0 ok";
    }

    private static SmtpSink Sink(SinkBehaviour behaviour) => new(0, behaviour);

    private async Task<IReadOnlyList<Result>> SendAsync(SmtpSink sink, string security, params (string, string)[] more) =>
        await connector.ActAsync(Session(sink, security, more), [new Work("order/1/msg/shipped", SmtpOutboundTests.Shipped, 1)], Now);

    private static Session Session(SmtpSink sink, string security, params (string, string)[] more) =>
        new RemoteScript().Session("mail", [("host", "localhost"), ("port", $"{sink.Port}"), ("security", security), ("from", "Aurora <orders@aurora.example>"), .. more]);

    private sealed class TwentySecondsALook : TimeProvider
    {
        private int _looks;

        public override DateTimeOffset GetUtcNow() => new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

        public override long GetTimestamp() => _looks++ * 20 * TimestampFrequency;
    }

    private static Work Work(int number, string to) => new($"order/{number}/msg/shipped", SmtpOutboundTests.Shipped with { To = to }, 1);

    private static X509Certificate2 SelfMade(string name)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var made = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        // The server side of TLS needs the key with the certificate, which only a round trip through PKCS#12 gives on every system.
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pfx), null);
    }
}
