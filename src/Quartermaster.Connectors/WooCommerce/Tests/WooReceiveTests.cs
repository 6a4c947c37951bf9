using System.Text;
using Quartermaster.Connectors.Shared;
using Quartermaster.Connectors.WooCommerce;
using Quartermaster.Core.Connecting;

namespace Quartermaster.Connectors.Tests.WooCommerce;

public sealed class WooReceiveTests
{
    private const string Now = "s3cret-now";
    private static readonly WooConnector Woo = new();
    private static readonly Session Session = WooShop.Session(new RemoteScript(), ("webhook_secret", Now), ("old_webhook_secret", "s3cret-before"));
    private static readonly byte[] Order = Fixture.Bytes("WooCommerce", "order-updated.json");

    [Fact]
    public void A_signed_order_is_taken_with_its_topic_stream_and_version()
    {
        var take = Take(Order, ("X-WC-Webhook-Topic", "order.updated"), ("X-WC-Webhook-Delivery-ID", "d1"));
        take.Topic.ShouldBe("order.updated");
        take.Stream.ShouldBe(Session.OrderStream("48213"));
        take.DeliveryId.ShouldStartWith("d1:order.updated:48213:");
        take.BusinessKey!.ShouldStartWith("order.updated:48213:2026-03-02T09:15:31:");
    }

    [Theory]
    [InlineData(Now, true)]
    [InlineData("s3cret-before", true)]
    [InlineData("a-guess", false)]
    public void Only_the_shops_own_secret_new_or_old_opens_the_door(string secret, bool opens) =>
        (Knock(Order, ("X-WC-Webhook-Signature", HmacSignature.Base64(secret, Order)), ("X-WC-Webhook-Topic", "order.updated")) is Knock.Take).ShouldBe(opens);

    [Fact]
    public void One_changed_byte_is_refused()
    {
        var body = Order.ToArray();
        body[^3] ^= 1;
        Knock(body, ("X-WC-Webhook-Signature", HmacSignature.Base64(Now, Order))).ShouldBe(Core.Connecting.Knock.Refuse);
    }

    [Fact]
    public void The_ping_of_a_new_webhook_is_answered_and_nothing_is_stored() =>
        Knock("webhook_id=17"u8.ToArray()).ShouldBe(new Knock.Answer(200, ""));

    [Theory]
    [InlineData("webhook_id=17", "POST", "Zm9v")]
    [InlineData("webhook_id=17", "GET", null)]
    [InlineData("webhook_id=", "POST", null)]
    [InlineData("webhook_id=17&x=1", "POST", null)]
    [InlineData("webhook_id=12345678901234567890123456789012345", "POST", null)]
    [InlineData("{\"id\":17}", "POST", null)]
    public void Nothing_else_without_a_signature_is_answered(string body, string method, string? signature) =>
        Woo.Receive(Session, new Delivery(method, "", "", name => name == "X-WC-Webhook-Signature" ? signature : null, Encoding.UTF8.GetBytes(body), DateTimeOffset.UnixEpoch))
            .ShouldBe(Core.Connecting.Knock.Refuse);

    [Fact]
    public void Two_orders_told_within_one_second_under_one_delivery_id_are_two()
    {
        var other = Replaced("48213", "48214");
        string Id(byte[] body) => Take(body, ("X-WC-Webhook-Topic", "order.updated"), ("X-WC-Webhook-Delivery-ID", "same")).DeliveryId;
        Id(other).ShouldNotBe(Id(Order));
        Id(Order).ShouldBe(Id(Order));
    }

    [Fact]
    public void Two_changes_within_one_second_are_two_versions_and_a_repeat_is_none()
    {
        var held = Replaced("\"processing\"", "\"on-hold\"");
        string? Key(byte[] body, string delivery) => Take(body, ("X-WC-Webhook-Topic", "order.updated"), ("X-WC-Webhook-Delivery-ID", delivery)).BusinessKey;
        Key(held, "a").ShouldNotBe(Key(Order, "a"));
        Key(held, "a").ShouldBe(Key(held, "b"));
    }

    [Theory]
    [InlineData("order.deleted", "order-updated.json", "order/48213")]
    [InlineData("product.updated", "product-updated.json", "product/aurora-woo/820")]
    [InlineData("product.deleted", "variation-updated.json", "product/aurora-woo/815")]
    [InlineData("coupon.created", "product-updated.json", "connection/aurora-woo")]
    [InlineData("meteor.strike", "product-updated.json", "connection/aurora-woo")]
    public void Every_topic_goes_to_the_stream_it_belongs_to(string topic, string fixture, string stream) =>
        Take(Fixture.Bytes("WooCommerce", fixture), ("X-WC-Webhook-Topic", topic)).Stream.Key.ShouldBe(stream);

    [Fact]
    public void The_topic_may_stand_in_the_address() =>
        Woo.Receive(Session, new Delivery("POST", "order-updated", "", name => name == "X-WC-Webhook-Signature" ? HmacSignature.Base64(Now, Order) : null, Order, DateTimeOffset.UnixEpoch))
            .ShouldBeOfType<Knock.Take>().Topic.ShouldBe("order.updated");

    [Theory]
    [InlineData("")]
    [InlineData("{\"id\": ")]
    [InlineData("[]")]
    [InlineData("{\"id\": \"not a number\"}")]
    [InlineData("{\"id\": 0}")]
    [InlineData("{\"id\": -4}")]
    public void What_cannot_be_read_is_still_taken(string body) =>
        Take(Encoding.UTF8.GetBytes(body), ("X-WC-Webhook-Topic", "order.updated")).Stream.Key.ShouldBe("connection/aurora-woo");

    private static Knock.Take Take(byte[] body, params (string Name, string Value)[] headers) =>
        Knock(body, [.. headers, ("X-WC-Webhook-Signature", HmacSignature.Base64(Now, body))]).ShouldBeOfType<Knock.Take>();

    private static Knock Knock(byte[] body, params (string Name, string Value)[] headers)
    {
        var map = headers.ToDictionary(h => h.Name, h => h.Value, StringComparer.OrdinalIgnoreCase);
        return Woo.Receive(Session, new Delivery("POST", "", "", name => map.GetValueOrDefault(name), body, DateTimeOffset.UnixEpoch));
    }

    private static byte[] Replaced(string old, string with) => Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(Order).Replace(old, with, StringComparison.Ordinal));
}
