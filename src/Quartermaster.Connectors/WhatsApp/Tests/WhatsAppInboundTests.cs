using System.Text;
using Quartermaster.Connectors.Shared;
using Quartermaster.Connectors.Tests;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Connections;
using Quartermaster.Core.Customers;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Messages;
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
    public void A_failed_delivery_goes_to_its_order_so_that_the_next_channel_is_tried() =>
        Read(Body).Signals[0].ShouldBe(new Forwarded(new("aurora", "order", "5600000000002"),
            new MessageSignal.NotDelivered("order/5600000000002/msg/shipped/p1", "whatsapp", "131026", "Message Undeliverable.")));

    [Fact]
    public void What_a_shopper_writes_goes_to_the_stream_of_the_number_it_came_from() =>
        Read(Body).Signals[2].ShouldBe(new Forwarded(new("aurora", "contact", "phone:+919810000123"),
            new ContactSignal.Wrote("whatsapp", "where is it?", "wamid.in.1", At)));

    [Fact]
    public void Who_gets_no_more_marketing_today_is_left_in_peace_and_its_campaign_hears_so()
    {
        var signals = Read(Encoding.UTF8.GetBytes("""
            {"entry":[{"changes":[{"field":"messages","value":{"metadata":{"phone_number_id":"1055501234"},"statuses":[{"id":"wamid.1","status":"failed","timestamp":"1795262400","recipient_id":"919810000123",
              "biz_opaque_callback_data":"run/phone:+919810000123/msg/win_back/w1/0/whatsapp","errors":[{"code":131049,"title":"x","error_data":{"details":"healthy ecosystem"}}]}]}}]}]}
            """)).Signals;
        signals.ShouldBe([
            new Forwarded(new("aurora", "contact", "phone:+919810000123"), new ContactSignal.Tired("whatsapp", "healthy ecosystem", At)),
            new Forwarded(new("aurora", "run", "phone:+919810000123"), new MessageSignal.NotDelivered("run/phone:+919810000123/msg/win_back/w1/0/whatsapp", "whatsapp", MessageEffect.NotToday, "healthy ecosystem")),
        ]);
    }

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
            // Something was said all the same: what stood on the button.
            Press(payload).Signals.ShouldHaveSingleItem().Signal.ShouldBeOfType<ContactSignal.Wrote>(payload).Text.ShouldBe("Yes");
        }
    }

    [Fact]
    public void What_changes_nothing_is_noted_and_another_numbers_failures_are_not_ours()
    {
        var reading = Read(Body);
        reading.Signals.Count.ShouldBe(3);
        reading.Note.ShouldBe("2 × sent, read, about the other number 9999999999");
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

    [Theory]
    [InlineData("text-message", "Does it come in another color?")]
    [InlineData("text-message-from-click-to-whatsapp-ad", "Hello! Can I get more info on this?")]
    [InlineData("text-message-with-context-product-inquiry", "Is this still available?")]
    [InlineData("button-message", "Unsubscribe")]
    [InlineData("interactive-button-reply-message", "Cancel")]
    [InlineData("interactive-list-reply-message", "Priority Mail Express")]
    [InlineData("image-message", "[image] Taj Mahal")]
    [InlineData("location-message", "[location]")]
    [InlineData("contact-sharing-message", "[contacts]")]
    [InlineData("order-message", "[order]")]
    [InlineData("unsupported-message", "[unsupported]")]
    [InlineData("reaction-message", null)]
    [InlineData("system-message", null)]
    [InlineData("group-create-message", null)]
    [InlineData("group-remove-participants", null)]
    [InlineData("group-settings-update", null)]
    public void Every_published_sample_says_what_its_sender_said(string sample, string? said)
    {
        var ours = new RemoteScript().Session("aurora-whatsapp", ("phone_number_id", "106540352242922"));
        var reading = connector.Read(ours, "whatsapp", File.ReadAllBytes(ContractFolder.Require($"whatsapp/examples/webhook-{sample}.json")), At);
        if (said is null)
        {
            reading.Signals.ShouldBeEmpty();
            reading.Note.ShouldNotBeNullOrEmpty();
            return;
        }
        var heard = reading.Signals.ShouldHaveSingleItem();
        heard.To.ShouldBe(new("aurora", "contact", "phone:+16505551234"));
        var wrote = heard.Signal.ShouldBeOfType<ContactSignal.Wrote>();
        (wrote.Channel, wrote.Text).ShouldBe(("whatsapp", said));
        wrote.MessageId.ShouldStartWith("wamid.");
        wrote.At.Year.ShouldBe(2025);
    }

    [Theory]
    [InlineData("""{"id":"a","status":"sent"},{"id":"a","status":"delivered","pricing":{"billable":true}},{"id":"b","status":"sent"}""", "delivered 1, sent 2")]
    [InlineData("""{"id":"a","status":"read","conversation":{"id":"c","origin":{"type":"utility"}}}""", "read 1")]
    [InlineData("""{"id":"a","status":"sent"},{"id":"b","status":"failed"}""", null)]
    [InlineData("""{"id":"a","status":"warned"}""", null)]
    [InlineData("""{"id":"a","status":{}}""", null)]
    [InlineData("""{"id":"a"}""", null)]
    [InlineData("", null)]
    public void Good_news_alone_is_counted_and_all_else_is_stored(string statuses, string? counted)
    {
        var body = Encoding.UTF8.GetBytes($$$"""{"object":"whatsapp_business_account","entry":[{"id":"1","changes":[{"value":{"messaging_product":"whatsapp","metadata":{"display_phone_number":"1","phone_number_id":"1055501234"},"statuses":[{{{statuses}}}]},"field":"messages"}]}]}""");
        var knock = connector.Receive(session, Post(body, Sign(body)));
        if (counted is null) knock.ShouldBeOfType<Knock.Take>();
        else string.Join(", ", knock.ShouldBeOfType<Knock.Counted>().News.OrderBy(n => n.Key, StringComparer.Ordinal).Select(n => $"{n.Key} {n.Value}")).ShouldBe(counted);
        connector.Receive(session, Post(body, Sign(Body))).ShouldBe(Knock.Refuse);
    }

    [Fact]
    public void Another_numbers_good_news_is_not_counted_and_another_field_is_no_such_news()
    {
        static byte[] With(string change) => Encoding.UTF8.GetBytes($$$"""{"entry":[{"changes":[{"field":"messages","value":{"statuses":[{"status":"read"}],"metadata":{"phone_number_id":"9999999999"} } },{"field":"messages","value":{"statuses":[{"status":"sent"}],"metadata":{"phone_number_id":"1055501234"} } }{{{change}}}]}]}""");
        var two = With("");
        connector.Receive(session, Post(two, Sign(two))).ShouldBeOfType<Knock.Counted>().News.ShouldBe(new Dictionary<string, int> { ["sent"] = 1 });
        foreach (var more in (string[])[""",{"field":"message_template_status_update","value":{}}""", ""","value":{"messages":[]}""", ""","cut"""])
        {
            var body = With(more);
            connector.Receive(session, Post(body, Sign(body))).ShouldBeOfType<Knock.Take>(more);
        }
    }

    private Reading Press(string payload) =>
        Read(Encoding.UTF8.GetBytes($$$"""{"entry":[{"changes":[{"field":"messages","value":{"metadata":{"phone_number_id":"1055501234"},"messages":[{"from":"919820000001","id":"wamid.1","timestamp":"1","type":"button","button":{"payload":"{{{payload}}}","text":"Yes"},"context":{"id":"wamid.0"} }] } }] }] }"""));

    private Reading Read(byte[] body) => connector.Read(session, "whatsapp", body, At);

    private static string Sign(byte[] body) => "sha256=" + HmacSignature.Hex("app-s3cret", body);

    private static Delivery Post(byte[] body, string? signature) =>
        new("POST", "", "", name => name.Equals("x-hub-signature-256", StringComparison.OrdinalIgnoreCase) ? signature : null, body, At);
}
