using System.Text;
using Quartermaster.Connectors.Shared;
using Quartermaster.Connectors.Tests;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Customers;

namespace Quartermaster.Connectors.HubSpot.Tests;

public sealed class HubSpotInboundTests
{
    private const string Secret = "client-s3cret", Address = "https://hub.example.com/webhooks/aurora-hubspot";
    private static readonly DateTimeOffset At = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);
    private readonly HubSpotConnector connector = new();

    [Fact]
    public void A_webhook_is_verified_over_method_address_body_and_a_time_of_the_last_five_minutes()
    {
        var body = """{"objectId":1}"""u8.ToArray();
        var time = At.AddMinutes(-4).ToUnixTimeMilliseconds();
        var signature = Sign("POST" + Address, body, time);
        Knock(signature, time, body).ShouldBeOfType<Knock.Take>();
        Knock(signature, time + 1, body).ShouldBe(Core.Connecting.Knock.Refuse);
        Knock(signature, time, [.. body, (byte)' ']).ShouldBe(Core.Connecting.Knock.Refuse);
        Knock(Sign("GET" + Address, body, time), time, body).ShouldBe(Core.Connecting.Knock.Refuse);
        Knock(Sign("POST" + Address + "?x=1", body, time), time, body, "?x=1").ShouldBeOfType<Knock.Take>();
        Knock(Sign("POST" + Address + "?x=1", body, time), time, body, "?x=2").ShouldBe(Core.Connecting.Knock.Refuse);
        var old = At.AddMinutes(-6).ToUnixTimeMilliseconds();
        Knock(Sign("POST" + Address, body, old), old, body).ShouldBe(Core.Connecting.Knock.Refuse, "somebody may have kept it");
        Knock(signature, time, body, secret: "").ShouldBe(Core.Connecting.Knock.Refuse);
        Knock(signature, time, body, callback: null).ShouldBe(Core.Connecting.Knock.Refuse, "nobody knows which address was signed");
    }

    [Theory]
    [InlineData("""{"objectId":5,"properties":{"email":"Asha@Example.com","hs_email_optout":"true"}}""", "OptedOut")]
    [InlineData("""{"vid":5,"properties":{"email":{"value":"asha@example.com"},"hs_email_optout":{"value":"true"}}}""", "OptedOut")]
    [InlineData("""{"id":"5","properties":{"email":"asha@example.com","hs_email_bad_address":"true","lastmodifieddate":"2026-11-20T08:00:00Z"}}""", "Bounced")]
    [InlineData("""{"id":"5","properties":{"email":"asha@example.com","hs_email_optout":"false"}}""", "")]
    [InlineData("""{"id":"5","properties":{"hs_email_optout":"true"}}""", "")]
    [InlineData("""[{"objectId":5,"propertyName":"hs_email_optout","propertyValue":"true","subscriptionType":"contact.propertyChange","changeSource":"CRM_UI"}]""", "")]
    public void A_contact_says_what_stands_against_writing_to_them(string body, string said)
    {
        var reading = Read("webhook", body);
        string.Join(',', reading.Signals.Select(s => s.Signal.GetType().Name)).ShouldBe(said);
        if (said.Length > 0) reading.Signals[0].To.ShouldBe(new("aurora", "contact", "email:asha@example.com"));
        if (body[0] == '[') reading.Note.ShouldBe("hs_email_optout: found when contacts are asked for");
    }

    [Fact]
    public void It_is_as_old_as_the_contacts_last_change_and_never_newer_than_now()
    {
        const string Out = """{"id":"5","properties":{"email":"asha@example.com","hs_email_optout":"true","lastmodifieddate":"X"}}""";
        ((ContactSignal.OptedOut)Read("contact", Out.Replace("X", "2026-11-20T08:00:00Z", StringComparison.Ordinal)).Signals[0].Signal).At.ShouldBe(new DateTimeOffset(2026, 11, 20, 8, 0, 0, TimeSpan.Zero));
        ((ContactSignal.OptedOut)Read("contact", Out.Replace("X", "2027-01-01T08:00:00Z", StringComparison.Ordinal)).Signals[0].Signal).At.ShouldBe(At);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("null")]
    [InlineData("[5]")]
    public void A_body_of_another_shape_becomes_a_case(string body) => Should.Throw<NotUnderstoodException>(() => Read("webhook", body)).CaseKind.ShouldBe("hubspot.bad_json");

    private static string Sign(string line, byte[] body, long time) => HmacSignature.Base64(Secret, (byte[])[.. Encoding.UTF8.GetBytes(line), .. body, .. Encoding.UTF8.GetBytes($"{time}")]);

    private Reading Read(string topic, string body) => connector.Read(new RemoteScript().Session("aurora-hubspot"), topic, Encoding.UTF8.GetBytes(body), At);

    private Knock Knock(string signature, long time, byte[] body, string query = "", string secret = Secret, string? callback = Address) => connector.Receive(
        new RemoteScript().Session("aurora-hubspot", ("client_secret", secret)) with { Callback = callback is null ? null : new Uri(callback) },
        new Delivery("POST", "", query, name => name switch { "X-HubSpot-Signature-v3" => signature, "X-HubSpot-Request-Timestamp" => $"{time}", _ => null }, body, At));
}
