using System.Text;
using System.Text.Json;
using Quartermaster.Connectors.Shared;
using Quartermaster.Connectors.Tests;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Connections;
using Quartermaster.Core.Customers;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Messages;

namespace Quartermaster.Connectors.Twilio.Tests;

public sealed class TwilioInboundTests
{
    private const string Key = "order/5600000000001/msg/shipped/p1/sms";
    private const string StatusQuery = "?key=order%2F5600000000001%2Fmsg%2Fshipped%2Fp1%2Fsms";
    private static readonly DateTimeOffset At = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);
    private static readonly string Undelivered = Encoding.UTF8.GetString(Fixture.Bytes("Twilio", "undelivered.form.txt"));
    private static readonly string Inbound = Encoding.UTF8.GetString(Fixture.Bytes("Twilio", "inbound.form.txt"));

    private readonly TwilioConnector connector = new();
    private readonly Session session = TwilioConnectorTests.Session(new RemoteScript());

    [Fact]
    public void The_vendors_vector_verifies()
    {
        using var vectors = JsonDocument.Parse(File.ReadAllBytes(ContractFolder.Require("_signatures/vectors.json")));
        var vector = vectors.RootElement.GetProperty("twilio");
        var form = vector.GetProperty("params").EnumerateObject().Select(p => KeyValuePair.Create(p.Name, p.Value.GetString()!)).Reverse().ToList();
        Convert.ToBase64String(TwilioSignature.Of(vector.GetProperty("authToken").GetString()!, vector.GetProperty("url").GetString()!, form)).ShouldBe(vector.GetProperty("signature").GetString());
    }

    [Fact]
    public void What_became_of_a_message_goes_to_its_order_and_what_it_says_of_the_number_to_that_number()
    {
        var taken = Knock("status", StatusQuery, Undelivered).ShouldBeOfType<Knock.Take>();
        (taken.DeliveryId, taken.Stream).ShouldBe(("SM00000000000000000000000000000001/undelivered", new StreamId("aurora", "order", "5600000000001")));
        connector.Read(session, taken.Topic, Encoding.UTF8.GetBytes(Undelivered), At).Signals.ShouldBe(
        [
            new Forwarded(taken.Stream, new MessageSignal.NotDelivered(Key, "sms", "30006", "the number is a landline or its network takes no messages")),
            new Forwarded(new("aurora", "contact", "phone:+14155550199"), new ContactSignal.Bounced("sms", true, "the number is a landline or its network takes no messages (30006)", At)),
        ]);
    }

    [Theory]
    [InlineData("30003", "order contact-soft")]
    [InlineData("30004", "order contact-soft")]
    [InlineData("30005", "order contact-hard")]
    [InlineData("30007", "order")]
    [InlineData("30008", "order contact-soft")]
    [InlineData("30034", "order connection")]
    [InlineData("30002", "order connection")]
    [InlineData("", "order")]
    public void Each_error_says_of_the_number_and_of_the_sender_what_it_means(string code, string meant)
    {
        var body = Undelivered.Replace("30006", code, StringComparison.Ordinal);
        string.Join(' ', connector.Read(session, $"status/{Key}", Encoding.UTF8.GetBytes(body), At).Signals.Select(s => s.Signal switch
        {
            MessageSignal.NotDelivered => "order",
            ContactSignal.Bounced b => b.Hard ? "contact-hard" : "contact-soft",
            ConnectionSignal.Noticed { Serious: true } => "connection",
            var other => other.ToString(),
        })).ShouldBe(meant);
    }

    [Theory]
    [InlineData("queued")]
    [InlineData("sent")]
    [InlineData("delivered")]
    public void Good_news_is_counted_and_not_stored(string status) =>
        Knock("status", StatusQuery, Undelivered.Replace("MessageStatus=undelivered", "MessageStatus=" + status, StringComparison.Ordinal))
            .ShouldBeOfType<Knock.Counted>().News.ShouldBe(new Dictionary<string, int> { [status] = 1 });

    [Fact]
    public void What_a_shopper_writes_goes_to_the_stream_of_the_number()
    {
        var taken = Knock("", "", Inbound).ShouldBeOfType<Knock.Take>();
        taken.DeliveryId.ShouldBe("SM00000000000000000000000000000002");
        Read(taken, Inbound).ShouldBe(new Forwarded(new("aurora", "contact", "phone:+14155550123"), new ContactSignal.Wrote("sms", "Where is #1001?", "SM00000000000000000000000000000002", At)));
        var stop = Inbound + "&OptOutType=STOP";
        Read(taken, stop).Signal.ShouldBe(new ContactSignal.OptedOut("sms", "Where is #1001?", At));
        Read(taken, Inbound + "&OptOutType=START").Signal.ShouldBe(new ContactSignal.OptedIn("sms", "Where is #1001?", At));
        Read(taken, Inbound.Replace("Body=Where+is+%231001%3F", "Body=", StringComparison.Ordinal).Replace("NumMedia=0", "NumMedia=1", StringComparison.Ordinal)).Signal.ShouldBeOfType<ContactSignal.Wrote>().Text.ShouldBe("[picture]");
    }

    [Fact]
    public void A_signature_of_another_address_form_token_or_none_is_refused()
    {
        var signature = Sign("status" + StatusQuery, Undelivered);
        Take("status", StatusQuery, Undelivered, signature).ShouldBeOfType<Knock.Take>();
        Take("status", StatusQuery.Replace("p1", "p2", StringComparison.Ordinal), Undelivered, signature).ShouldBe(Core.Connecting.Knock.Refuse);
        Take("", StatusQuery, Undelivered, signature).ShouldBe(Core.Connecting.Knock.Refuse);
        Take("status", StatusQuery, Undelivered + "&More=1", signature).ShouldBe(Core.Connecting.Knock.Refuse);
        Take("status", StatusQuery, Undelivered, null).ShouldBe(Core.Connecting.Knock.Refuse);
        Take("status", StatusQuery, Undelivered, "%%%").ShouldBe(Core.Connecting.Knock.Refuse);
        connector.Receive(session with { Callback = new("https://other.example/webhooks/aurora-sms") }, Delivery("status", StatusQuery, Undelivered, signature)).ShouldBe(Core.Connecting.Knock.Refuse);
        connector.Receive(session with { Callback = null }, Delivery("status", StatusQuery, Undelivered, signature)).ShouldBe(Core.Connecting.Knock.Refuse);
    }

    [Fact]
    public void An_address_signed_with_the_port_that_https_has_anyway_is_the_same_address()
    {
        var signature = Convert.ToBase64String(TwilioSignature.Of("t0ken-t0ken", "https://hub.example:443/webhooks/aurora-sms/status" + StatusQuery, FormBody.Read(Undelivered)));
        Take("status", StatusQuery, Undelivered, signature).ShouldBeOfType<Knock.Take>();
    }

    [Fact]
    public void A_message_that_this_hub_did_not_send_is_noted() =>
        connector.Read(session, "status/", Encoding.UTF8.GetBytes(Undelivered.Replace("ErrorCode=30006", "ErrorCode=30007", StringComparison.Ordinal)), At).Note.ShouldBe("undelivered (30007) for a message that this hub did not send");

    [Fact]
    public void A_form_that_is_not_about_a_message_becomes_a_case() =>
        Should.Throw<NotUnderstoodException>(() => connector.Read(session, "inbound", "a=b&c"u8.ToArray(), At)).CaseKind.ShouldBe("twilio.not_a_message");

    private Forwarded Read(Knock.Take taken, string body) => connector.Read(session, taken.Topic, Encoding.UTF8.GetBytes(body), At).Signals.ShouldHaveSingleItem();

    private Knock Knock(string path, string query, string body) => Take(path, query, body, Sign(path + query, body));

    private Knock Take(string path, string query, string body, string? signature) => connector.Receive(session, Delivery(path, query, body, signature));

    private static string Sign(string rest, string body) =>
        Convert.ToBase64String(TwilioSignature.Of("t0ken-t0ken", "https://hub.example/webhooks/aurora-sms" + (rest.Length == 0 ? "" : rest[0] == '?' ? rest : "/" + rest), FormBody.Read(body)));

    private static Delivery Delivery(string path, string query, string body, string? signature) =>
        new("POST", path, query, name => name == TwilioSignature.Header ? signature : null, Encoding.UTF8.GetBytes(body), At);
}
