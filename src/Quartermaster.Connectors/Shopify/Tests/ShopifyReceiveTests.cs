using System.Text;
using Quartermaster.Connectors.Shared;
using Quartermaster.Connectors.Shopify;
using Quartermaster.Core.Connecting;

namespace Quartermaster.Connectors.Tests.Shopify;

public sealed class ShopifyReceiveTests
{
    private const string Order = "9007199254740993123";
    private static readonly ShopifyConnector Shopify = new();
    private static readonly Session Session = new RemoteScript().Session("aurora-shopify",
        ("shop", "aurora.myshopify.com"), ("token", "shpat_0001"), ("webhook_secret", "s3cret-now"), ("old_webhook_secret", "s3cret-before"));

    [Fact]
    public void A_signed_order_is_taken_with_its_topic_stream_and_version()
    {
        var body = Fixture.Bytes("Shopify", "orders-create.json");
        var take = Shopify.Receive(Session, Signed(body, ("X-Shopify-Topic", "orders/create"), ("X-Shopify-Event-Id", "e-1"))).ShouldBeOfType<Knock.Take>();
        take.Topic.ShouldBe("orders/create");
        take.Stream.ShouldBe(Session.OrderStream(Order));
        take.DeliveryId.ShouldBe($"e-1:orders/create:{Order}");
        take.BusinessKey!.ShouldStartWith($"orders/create:{Order}:2026-03-02T09:15:28+05:30:");
    }

    [Theory]
    [InlineData("X-Shopify-", "s3cret-now", true)]
    [InlineData("Shopify-", "s3cret-now", true)]
    [InlineData("X-Shopify-", "s3cret-before", true)]
    [InlineData("X-Shopify-", "a-guess", false)]
    [InlineData("X-Other-", "s3cret-now", false)]
    public void Only_the_apps_own_secret_old_or_new_opens_the_door(string prefix, string secret, bool opens)
    {
        var body = Fixture.Bytes("Shopify", "orders-create.json");
        var knock = Shopify.Receive(Session, Given(body, "", (prefix + "Hmac-Sha256", HmacSignature.Base64(secret, body)), (prefix + "Topic", "orders/create")));
        (knock is Knock.Take).ShouldBe(opens);
    }

    [Fact]
    public void One_changed_byte_is_refused()
    {
        var body = Fixture.Bytes("Shopify", "orders-create.json");
        var signature = HmacSignature.Base64("s3cret-now", body);
        body[^3] ^= 1;
        Shopify.Receive(Session, Given(body, "", ("X-Shopify-Hmac-Sha256", signature))).ShouldBe(Knock.Refuse);
    }

    [Fact]
    public void The_topic_may_stand_in_the_address()
    {
        var knock = Shopify.Receive(Session, Signed(Fixture.Bytes("Shopify", "orders-create.json"), "orders-create", ("X-Shopify-Webhook-Id", "w-1")));
        knock.ShouldBeOfType<Knock.Take>().Topic.ShouldBe("orders/create");
        ((Knock.Take)knock).DeliveryId.ShouldBe("w-1");
    }

    [Fact]
    public void Consents_of_two_customers_in_one_action_of_the_merchants_are_two()
    {
        string IdOf(string body) => Shopify.Receive(Session, Signed(Encoding.UTF8.GetBytes(body), ("X-Shopify-Topic", "customers_email_marketing_consent/update"), ("X-Shopify-Event-Id", "e-1"))).ShouldBeOfType<Knock.Take>().DeliveryId;
        IdOf("""{"customer_id":706405506930370084,"email_address":"bob@example.com"}""").ShouldBe("e-1:customers_email_marketing_consent/update:706405506930370084");
        IdOf("""{"customer_id":706405506930370085,"email_address":"ann@example.com"}""").ShouldNotBe(IdOf("""{"customer_id":706405506930370084,"email_address":"bob@example.com"}"""));
        IdOf("""{"email_address":"ann@example.com"}""").ShouldNotBe(IdOf("""{"email_address":"bob@example.com"}"""));
    }

    [Fact]
    public void The_same_event_under_two_subscriptions_is_one_and_two_orders_of_one_event_are_two()
    {
        var first = Fixture.Bytes("Shopify", "orders-create.json");
        var second = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(first).Replace(Order, "9007199254740993999", StringComparison.Ordinal));
        string Id(byte[] body, string webhook) =>
            ((Knock.Take)Shopify.Receive(Session, Signed(body, ("X-Shopify-Topic", "orders/updated"), ("X-Shopify-Event-Id", "e-1"), ("X-Shopify-Webhook-Id", webhook)))).DeliveryId;
        Id(first, "w-1").ShouldBe(Id(first, "w-2"));
        Id(first, "w-1").ShouldNotBe(Id(second, "w-3"));
    }

    [Fact]
    public void Two_changes_within_one_second_are_two_versions_and_a_repeat_is_none()
    {
        var pending = Fixture.Bytes("Shopify", "orders-create.json");
        var paid = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(pending).Replace("\"pending\"", "\"paid\"", StringComparison.Ordinal));
        string? Key(byte[] body) => ((Knock.Take)Shopify.Receive(Session, Signed(body, ("X-Shopify-Topic", "orders/updated")))).BusinessKey;
        Key(paid).ShouldNotBe(Key(pending));
        Key(paid).ShouldBe(Key(paid));
    }

    [Theory]
    [InlineData("orders/edited", "orders-edited.json", "order/" + Order)]
    [InlineData("refunds/create", "refunds-create.json", "order/" + Order)]
    [InlineData("fulfillments/create", "fulfillments-create.json", "order/" + Order)]
    [InlineData("products/update", "products-update.json", "product/aurora-shopify/8000000000000000003")]
    [InlineData("inventory_levels/update", "inventory_levels-update.json", "stock/aurora-shopify/45000000000000000031")]
    [InlineData("app/uninstalled", "products-update.json", "connection/aurora-shopify")]
    [InlineData("meteors/strike", "products-update.json", "connection/aurora-shopify")]
    public void Every_topic_goes_to_the_stream_it_belongs_to(string topic, string fixture, string stream) =>
        Shopify.Receive(Session, Signed(Fixture.Bytes("Shopify", fixture), ("X-Shopify-Topic", topic))).ShouldBeOfType<Knock.Take>().Stream.Key.ShouldBe(stream);

    [Theory]
    [InlineData("")]
    [InlineData("{\"id\": ")]
    [InlineData("[]")]
    [InlineData("{\"id\": \"not a number\"}")]
    [InlineData("{\"id\": -4}")]
    public void What_cannot_be_read_is_still_taken(string body) =>
        Shopify.Receive(Session, Signed(Encoding.UTF8.GetBytes(body), ("X-Shopify-Topic", "orders/create"))).ShouldBeOfType<Knock.Take>().Stream.Key.ShouldBe("connection/aurora-shopify");

    [Fact]
    public void A_knock_costs_next_to_nothing()
    {
        var delivery = Signed(Fixture.Bytes("Shopify", "orders-create.json"), ("X-Shopify-Topic", "orders/create"), ("X-Shopify-Event-Id", "e-1"));
        var (micros, bytes) = Cost.Of(() => Shopify.Receive(Session, delivery));
        TestContext.Current.TestOutputHelper?.WriteLine($"{micros:0.0} µs and {bytes} bytes allocated for {delivery.Body.Length} bytes");
        bytes.ShouldBeLessThan(3_000);
    }

    private static Delivery Signed(byte[] body, params (string Name, string Value)[] headers) => Signed(body, "", headers);

    private static Delivery Signed(byte[] body, string path, params (string Name, string Value)[] headers) =>
        Given(body, path, [.. headers, ("X-Shopify-Hmac-Sha256", HmacSignature.Base64("s3cret-now", body))]);

    private static Delivery Given(byte[] body, string path, params (string Name, string Value)[] headers)
    {
        var map = headers.ToDictionary(h => h.Name, h => h.Value, StringComparer.OrdinalIgnoreCase);
        return new Delivery("POST", path, "", name => map.GetValueOrDefault(name), body, DateTimeOffset.UnixEpoch);
    }
}
