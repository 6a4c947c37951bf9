using System.Text;
using Quartermaster.Connectors.Shared;
using Quartermaster.Connectors.Tests;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Connections;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Orders;

namespace Quartermaster.Connectors.WhatsApp.Tests;

public sealed class WhatsAppInboundTests
{
    private static readonly DateTimeOffset At = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);
    private static readonly byte[] Body = Fixture.Bytes("WhatsApp", "statuses.webhook.json");
    private readonly WhatsAppConnector connector = new();
    private readonly Session session = new RemoteScript().Session("aurora-whatsapp", ("phone_number_id", "1055501234"), ("token", "t0ken"), ("app_secret", "app-s3cret"), ("verify_token", "wörd & more"));

    [Fact]
    public void A_signed_webhook_is_taken_under_the_hash_of_its_bytes()
    {
        var taken = connector.Receive(session, Post(Body, Sign(Body))).ShouldBeOfType<Knock.Take>();
        taken.Stream.ShouldBe(new StreamId("aurora", "connection", "aurora-whatsapp"));
        taken.DeliveryId.ShouldBe(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Body)));
    }

    [Fact]
    public void A_signature_of_other_bytes_another_secret_or_none_is_refused()
    {
        var tampered = Body.ToArray();
        tampered[40] ^= 1;
        connector.Receive(session, Post(tampered, Sign(Body))).ShouldBe(Knock.Refuse);
        connector.Receive(session, Post(Body, "sha256=" + HmacSignature.Hex("another", Body))).ShouldBe(Knock.Refuse);
        connector.Receive(session, Post(Body, HmacSignature.Hex("app-s3cret", Body))).ShouldBe(Knock.Refuse);
        connector.Receive(session, Post(Body, null)).ShouldBe(Knock.Refuse);
    }

    [Fact]
    public void Without_a_secret_nothing_is_believed()
    {
        var open = new RemoteScript().Session("x", ("phone_number_id", "1"));
        connector.Receive(open, Post(Body, "sha256=" + HmacSignature.Hex("", Body))).ShouldBe(Knock.Refuse);
    }

    [Theory]
    [InlineData("?hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=w%C3%B6rd+%26%20more", "1158201444")]
    [InlineData("hub.mode=subscribe&hub.verify_token=w%C3%B6rd%20%26%20more&hub.challenge=7", "7")]
    [InlineData("?hub.mode=subscribe&hub.challenge=1&hub.verify_token=other", null)]
    [InlineData("?hub.mode=unsubscribe&hub.challenge=1&hub.verify_token=w%C3%B6rd%20%26%20more", null)]
    [InlineData("?hub.mode=subscribe&hub.verify_token=w%C3%B6rd%20%26%20more", null)]
    [InlineData("", null)]
    public void The_handshake_echoes_the_challenge_only_to_who_knows_the_word(string query, string? echoed) =>
        connector.Receive(session, new Delivery("GET", "", query, _ => null, default, At))
            .ShouldBe(echoed is null ? Knock.Refuse : new Knock.Answer(200, echoed));

    [Fact]
    public void A_failed_delivery_goes_to_its_order_as_a_refusal_so_that_the_next_channel_is_tried() =>
        Read(Body).Signals[0].ShouldBe(new Forwarded(new("aurora", "order", "5600000000002"),
            new EffectSettled("order/5600000000002/msg/shipped/p1", "message.send.v1", new Outcome.Refused("131026", "Message Undeliverable."))));

    [Fact]
    public void A_paused_template_is_a_serious_notice() =>
        Read(Body).Signals[1].ShouldBe(new Forwarded(new("aurora", "connection", "aurora-whatsapp"),
            new ConnectionSignal.Noticed("aurora-whatsapp", "message_template_status_update:order_shipped", "WhatsApp template order_shipped: PAUSED (LOW_QUALITY)", true, At)));

    [Theory]
    [InlineData("confirmed.1a2b3c4d", "order/7/msg/to_confirm/1a2b3c4d/whatsapp", Confirmation.Confirmed)]
    [InlineData("declined.1a2b3c4d", "order/b2b-7/msg/to_confirm/1a2b3c4d.again/whatsapp", Confirmation.Declined)]
    public void A_pressed_button_is_the_shoppers_answer_for_its_order(string answer, string key, Confirmation heard) =>
        Press(WhatsAppButtons.Payload(session.Settings, answer, key)).Signals.ShouldHaveSingleItem()
            .ShouldBe(new Forwarded(new("aurora", "order", key.Split('/')[1]), new OrderSignal.ShopperAnswered(heard, "whatsapp", "1a2b3c4d")));

    [Fact]
    public void A_payload_that_this_hub_did_not_make_is_no_answer()
    {
        var mine = WhatsAppButtons.Payload(session.Settings, "confirmed.1a2b3c4d", "order/7/msg/to_confirm/whatsapp");
        string[] made =
        [
            "confirmed:order/7/msg/to_confirm/whatsapp", mine.Replace("order/7", "order/8", StringComparison.Ordinal), mine.Replace("confirmed", "declined", StringComparison.Ordinal), mine.Replace("1a2b", "5e6f", StringComparison.Ordinal), WhatsAppButtons.Payload(session.Settings, "confirmed", "order/7/msg/to_confirm/whatsapp"),
            WhatsAppButtons.Payload(Settings.Empty, "confirmed.1a2b3c4d", "order/7/msg/to_confirm/whatsapp"), WhatsAppButtons.Payload(session.Settings, "maybe.1a2b3c4d", "order/7/msg/to_confirm/whatsapp"),
            WhatsAppButtons.Payload(session.Settings, "confirmed.1a2b3c4d", "product/7/msg/to_confirm/whatsapp"), mine[..^1], "confirmed:", "No-Button-Payload", "",
        ];
        foreach (var payload in made)
        {
            Press(payload).Signals.ShouldBeEmpty(payload);
            Press(payload).Note.ShouldBe("button message from a customer, not taken in yet");
        }
    }

    [Fact]
    public void What_changes_nothing_is_noted_and_another_numbers_failures_are_not_ours()
    {
        var reading = Read(Body);
        reading.Signals.Count.ShouldBe(2);
        reading.Note.ShouldBe("2 × sent, read, about the other number 9999999999, text message from a customer, not taken in yet");
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{\"entry\":5}")]
    [InlineData("{\"entry\":[{\"changes\":[{\"value\":{\"statuses\":[{\"errors\":[{\"code\":{}}]}]}}]}]}")]
    public void A_body_of_another_shape_becomes_a_case(string body) =>
        Should.Throw<NotUnderstoodException>(() => Read(Encoding.UTF8.GetBytes(body))).CaseKind.ShouldBe("whatsapp.bad_json");

    [Theory]
    [InlineData("{}")]
    [InlineData("{\"entry\":[null,{\"changes\":[null,{},{\"value\":{\"statuses\":[null,{},{\"status\":\"failed\"},{\"status\":\"failed\",\"errors\":[null],\"biz_opaque_callback_data\":\"/msg/\"}],\"messages\":[null,{}]}}]}]}")]
    public void Gaps_are_no_error(string body) => Read(Encoding.UTF8.GetBytes(body)).Signals.ShouldBeEmpty();

    [Fact]
    public void Every_published_sample_is_read_without_a_signal()
    {
        var folder = ContractFolder.Require("whatsapp/examples");
        var samples = Directory.GetFiles(folder, "webhook-*.json");
        samples.Length.ShouldBeGreaterThan(10);
        var ours = new RemoteScript().Session("aurora-whatsapp", ("phone_number_id", "106540352242922"));
        foreach (var sample in samples)
        {
            var reading = connector.Read(ours, "whatsapp", File.ReadAllBytes(sample), At);
            reading.Signals.ShouldBeEmpty(sample);
            reading.Note.ShouldNotBeNullOrEmpty(sample);
        }
    }

    private Reading Press(string payload) =>
        Read(Encoding.UTF8.GetBytes($$$"""{"entry":[{"changes":[{"field":"messages","value":{"metadata":{"phone_number_id":"1055501234"},"messages":[{"from":"919820000001","id":"wamid.1","timestamp":"1","type":"button","button":{"payload":"{{{payload}}}","text":"Yes"},"context":{"id":"wamid.0"} }] } }] }] }"""));

    private Reading Read(byte[] body) => connector.Read(session, "whatsapp", body, At);

    private static string Sign(byte[] body) => "sha256=" + HmacSignature.Hex("app-s3cret", body);

    private static Delivery Post(byte[] body, string? signature) =>
        new("POST", "", "", name => name.Equals("x-hub-signature-256", StringComparison.OrdinalIgnoreCase) ? signature : null, body, At);
}
