using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Quartermaster.Connectors.Tests;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Customers;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Messages;

namespace Quartermaster.Connectors.SendGrid.Tests;

public sealed class SendGridInboundTests
{
    private static readonly DateTimeOffset At = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);
    private static readonly byte[] Body = Fixture.Bytes("SendGrid", "events.webhook.json");
    private static readonly string[] Keys = MakeKeys();
    private readonly SendGridConnector connector = new();

    [Fact]
    public void A_signed_webhook_is_taken_under_the_hash_of_its_bytes()
    {
        var taken = Knock(Keys[0], Sign(Keys[1], "1795262400", Body), "1795262400", Body).ShouldBeOfType<Knock.Take>();
        taken.Stream.ShouldBe(new StreamId("aurora", "connection", "mail"));
        taken.DeliveryId.ShouldBe(Convert.ToHexStringLower(SHA256.HashData(Body)));
    }

    [Fact]
    public void A_key_in_PEM_is_read_as_well() =>
        Knock($"-----BEGIN PUBLIC KEY-----\n{Keys[0][..64]}\n{Keys[0][64..]}\n-----END PUBLIC KEY-----\n", Sign(Keys[1], "1", Body), "1", Body).ShouldBeOfType<Knock.Take>();

    [Fact]
    public void Other_bytes_another_time_another_key_or_no_key_are_refused()
    {
        var signature = Sign(Keys[1], "1795262400", Body);
        Knock(Keys[0], signature, "1795262400", [.. Body, (byte)' ']).ShouldBe(Core.Connecting.Knock.Refuse);
        Knock(Keys[0], signature, "1795262401", Body).ShouldBe(Core.Connecting.Knock.Refuse);
        Knock(MakeKeys()[0], signature, "1795262400", Body).ShouldBe(Core.Connecting.Knock.Refuse);
        Knock(null, signature, "1795262400", Body).ShouldBe(Core.Connecting.Knock.Refuse);
    }

    [Theory]
    [InlineData("%%%")]
    [InlineData("AAAA")]
    [InlineData("")]
    [InlineData(null)]
    public void A_malformed_signature_or_key_is_refused_and_no_error(string? broken)
    {
        Knock(Keys[0], broken, "1795262400", Body).ShouldBe(Core.Connecting.Knock.Refuse);
        Knock(broken, Sign(Keys[1], "1", Body), "1", Body).ShouldBe(Core.Connecting.Knock.Refuse);
    }

    [Fact]
    public void The_vendors_own_vectors_verify_and_break_with_one_byte()
    {
        using var vectors = JsonDocument.Parse(File.ReadAllBytes(ContractFolder.Require("sendgrid/eventwebhook-signature-vectors.json")));
        var checkedOnes = 0;
        foreach (var vector in vectors.RootElement.GetProperty("vectors").EnumerateArray())
        {
            string Of(string name) => vector.GetProperty(name).GetString()!;
            var body = Encoding.UTF8.GetBytes(Of("body"));
            SendGridSignature.IsValid(Of("publicKey"), Of("signature"), Of("timestamp"), body).ShouldBeTrue(Of("name"));
            body[10] ^= 1;
            SendGridSignature.IsValid(Of("publicKey"), Of("signature"), Of("timestamp"), body).ShouldBeFalse(Of("name"));
            checkedOnes++;
        }
        checkedOnes.ShouldBe(2);
    }

    [Fact]
    public void What_did_not_arrive_goes_to_its_order_and_what_it_says_of_the_address_to_that_address()
    {
        var reading = Read(Body);
        reading.Signals.ShouldBe(
        [
            Undelivered("5600000000002", "order/5600000000002/msg/confirmed", "5.1.1", "550 no such user"),
            Contact("gone@example.com", new ContactSignal.Bounced("email", true, "550 no such user", Told(1795262402))),
            Undelivered("5600000000003", "order/5600000000003/msg/confirmed", "dropped", "Spam Reporting Address"),
            Contact("spam@example.com", new ContactSignal.Complained("email", "dropped by SendGrid: Spam Reporting Address", Told(1795262403))),
            Contact("asha@example.com", new ContactSignal.Complained("email", "reported as spam (SendGrid)", Told(1795262404))),
            Contact("newsletter@example.com", new ContactSignal.Bounced("email", true, "not ours", Told(1795262405))),
        ]);
        reading.Note.ShouldBe("1 × delivered, 1 × processed");
    }

    [Theory]
    [InlineData("""{"event":"bounce","type":"bounce","status":"5.1.1"}""", "bounced for good")]
    [InlineData("""{"event":"bounce","type":"bounce","bounce_classification":"Invalid Address"}""", "bounced for good")]
    [InlineData("""{"event":"bounce","type":"blocked","status":"5.1.1"}""", "bounced")]
    [InlineData("""{"event":"bounce","type":"blocked","bounce_classification":"Unclassified"}""", "bounced")]
    [InlineData("""{"event":"bounce","type":"bounce","status":"4.7.1"}""", "bounced")]
    [InlineData("""{"event":"bounce","type":"bounce","status":"5.2.2"}""", "bounced")]
    [InlineData("""{"event":"bounce","type":"bounce","status":"5.7.1","bounce_classification":"Reputation"}""", "bounced")]
    [InlineData("""{"event":"dropped","reason":"Bounced Address"}""", "bounced for good")]
    [InlineData("""{"event":"dropped","reason":"Invalid"}""", "bounced for good")]
    [InlineData("""{"event":"dropped","reason":"Unsubscribed Address"}""", "opted out")]
    [InlineData("""{"event":"dropped","reason":"Recipient List over Package Quota"}""", "nothing")]
    [InlineData("""{"event":"unsubscribe"}""", "opted out")]
    [InlineData("""{"event":"group_unsubscribe","asm_group_id":7}""", "opted out")]
    [InlineData("""{"event":"group_resubscribe","asm_group_id":7}""", "opted in")]
    [InlineData("""{"event":"spamreport"}""", "complained")]
    [InlineData("""{"event":"spamreport","qm_key":"purchase/PO-1/msg/letter"}""", "nothing")]
    [InlineData("""{"event":"unsubscribe","qm_key":"order/1/msg/shipped/p1/email"}""", "opted out")]
    [InlineData("""{"event":"spamreport","qm_key":"run/email:ana@example.com/msg/win_back/win-back/1/0/email"}""", "complained")]
    [InlineData("""{"event":"dropped","reason":"Unsubscribed Address","qm_key":"run/email:ana@example.com/msg/win_back/win-back/1/0/email"}""", "opted out")]
    [InlineData("""{"event":"open"}""", "nothing")]
    public void Each_event_says_of_an_address_what_it_means(string happened, string meant)
    {
        var with = happened[..^1] + ""","email":" Ana@Example.com ","timestamp":1795262400}""";
        var signals = Read(Encoding.UTF8.GetBytes($"[{with}]")).Signals;
        (signals.SingleOrDefault()?.Signal switch
        {
            null => "nothing",
            ContactSignal.Bounced { Hard: true, Channel: "email" } => "bounced for good",
            ContactSignal.Bounced { Channel: "email" } => "bounced",
            ContactSignal.OptedOut { Channel: "email" } => "opted out",
            ContactSignal.OptedIn { Channel: "email" } => "opted in",
            ContactSignal.Complained { Channel: "email" } => "complained",
            var other => other.ToString(),
        }).ShouldBe(meant);
        if (signals.Count > 0) signals[0].To.ShouldBe(new("aurora", "contact", "email:ana@example.com"));
    }

    [Fact]
    public void An_event_that_stands_twice_in_a_body_is_read_once() =>
        Read("""[{"event":"spamreport","email":"a@b.example","sg_event_id":"e1"},{"event":"spamreport","email":"a@b.example","sg_event_id":"e1"}]"""u8.ToArray()).Signals.Count.ShouldBe(1);

    [Fact]
    public void A_suppliers_letter_that_bounced_goes_to_its_purchase_order_and_says_nothing_of_a_shopper() =>
        Read("""[{"event":"bounce","email":"orders@mill.example","qm_key":"purchase/PO-1/msg/letter","status":"5.1.1","reason":"gone"}]"""u8.ToArray()).Signals
            .ShouldBe([new Forwarded(new("aurora", "purchase", "PO-1"), new EffectSettled("purchase/PO-1/msg/letter", "message.letter.v1", new Outcome.Refused("5.1.1", "gone")))]);

    [Theory]
    [InlineData("""[{"event":"processed"},{"event":"delivered"},{"event":"delivered","pool":{"event":"x"}},{"event":"open"},{"event":"click"},{"event":"deferred"}]""", "click 1, deferred 1, delivered 2, open 1, processed 1")]
    [InlineData("""[{"event":"delivered"},{"event":"bounce"}]""", null)]
    [InlineData("""[{"event":"delivered"},{}]""", null)]
    [InlineData("[]", null)]
    [InlineData("{}", null)]
    [InlineData("""[{"event":"delivered"}""", null)]
    public void Good_news_alone_is_counted_and_all_else_is_stored(string body, string? counted)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        var knock = Knock(Keys[0], Sign(Keys[1], "1", bytes), "1", bytes);
        if (counted is null) knock.ShouldBeOfType<Knock.Take>();
        else string.Join(", ", knock.ShouldBeOfType<Knock.Counted>().News.OrderBy(n => n.Key, StringComparer.Ordinal).Select(n => $"{n.Key} {n.Value}")).ShouldBe(counted);
        Knock(Keys[0], Sign(Keys[1], "2", bytes), "1", bytes).ShouldBe(Core.Connecting.Knock.Refuse);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("[5]")]
    public void A_body_of_another_shape_becomes_a_case(string body) =>
        Should.Throw<NotUnderstoodException>(() => Read(Encoding.UTF8.GetBytes(body))).CaseKind.ShouldBe("sendgrid.bad_json");

    [Fact]
    public void Gaps_are_no_error() => Read("[null,{},{\"event\":\"bounce\",\"qm_key\":\"x\"}]"u8.ToArray()).Signals.ShouldBeEmpty();

    private static Forwarded Undelivered(string order, string key, string code, string why) =>
        new(new StreamId("aurora", "order", order), new MessageSignal.NotDelivered(key, "email", code, why));

    private static Forwarded Contact(string address, ContactSignal signal) => new(new("aurora", "contact", "email:" + address), signal);

    private static DateTimeOffset Told(long seconds) => DateTimeOffset.FromUnixTimeSeconds(seconds) is var at && at <= At ? at : At;

    private Reading Read(byte[] body) => connector.Read(new RemoteScript().Session("mail"), "events", body, At);

    private Knock Knock(string? publicKey, string? signature, string timestamp, byte[] body) => connector.Receive(
        new RemoteScript().Session("mail", ("webhook_public_key", publicKey ?? "")),
        new Delivery("POST", "", "", name => name switch
        {
            "X-Twilio-Email-Event-Webhook-Signature" => signature,
            "X-Twilio-Email-Event-Webhook-Timestamp" => timestamp,
            _ => null,
        }, body, At));

    private static string[] MakeKeys()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return [Convert.ToBase64String(key.ExportSubjectPublicKeyInfo()), Convert.ToBase64String(key.ExportPkcs8PrivateKey())];
    }

    private static string Sign(string privateKey, string timestamp, byte[] body)
    {
        using var key = ECDsa.Create();
        key.ImportPkcs8PrivateKey(Convert.FromBase64String(privateKey), out _);
        return Convert.ToBase64String(key.SignData([.. Encoding.UTF8.GetBytes(timestamp), .. body], HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence));
    }
}
