using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Quartermaster.Connectors.Tests;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Kernel;

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
    public void What_did_not_arrive_goes_to_its_order_and_a_spam_report_does_not()
    {
        var reading = Read(Body);
        reading.Signals.ShouldBe(
        [
            Undelivered("5600000000002", "order/5600000000002/msg/confirmed", "5.1.1", "550 no such user"),
            Undelivered("5600000000003", "order/5600000000003/msg/confirmed", "dropped", "Spam Reporting Address"),
        ]);
        reading.Note.ShouldBe("1 × bounce, 1 × delivered, 1 × processed, 1 × spamreport");
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
        new(new StreamId("aurora", "order", order), new EffectSettled(key, "message.send.v1", new Outcome.Refused(code, why)));

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
