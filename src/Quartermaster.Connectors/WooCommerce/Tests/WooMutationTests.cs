using System.Text;
using System.Text.Json;
using Quartermaster.Connectors.Shared;
using Quartermaster.Connectors.WooCommerce;
using Quartermaster.Core.Connecting;

namespace Quartermaster.Connectors.Tests.WooCommerce;

public sealed class WooMutationTests
{
    private static readonly WooConnector Woo = new();
    private static readonly Session Session = WooShop.Session(new RemoteScript());

    [Theory]
    [InlineData("order.updated", "order-updated.json")]
    [InlineData("product.updated", "variation-updated.json")]
    public void No_mutation_of_a_body_throws_anything_but_a_named_case(string topic, string fixture)
    {
        foreach (var bytes in Mutations.Of(Fixture.Bytes("WooCommerce", fixture), 3_000))
        {
            var map = new Dictionary<string, string> { ["X-WC-Webhook-Topic"] = topic, ["X-WC-Webhook-Signature"] = HmacSignature.Base64("s3cret", bytes) };
            Woo.Receive(Session, new Delivery("POST", "", "", map.GetValueOrDefault, bytes, DateTimeOffset.UnixEpoch)).ShouldBeOfType<Knock.Take>();
            try
            {
                Woo.Read(Session, topic, bytes, DateTimeOffset.UnixEpoch);
            }
            catch (NotUnderstoodException e)
            {
                e.CaseKind.ShouldStartWith("woocommerce.");
                e.Message.ShouldNotBeNullOrWhiteSpace();
            }
            catch (Exception e)
            {
                Assert.Fail($"{e}\n{Encoding.UTF8.GetString(bytes)}");
            }
        }
    }

    [Fact]
    public void No_mutation_of_a_refund_throws_anything_but_a_named_case()
    {
        var order = JsonSerializer.Deserialize(Fixture.Bytes("WooCommerce", "order-refunded.json"), WooBodies.Default.OrderBody)!;
        foreach (var bytes in Mutations.Of(Fixture.Bytes("WooCommerce", "refunds.json"), 3_000))
        {
            RefundBody[]? refunds;
            try
            {
                refunds = JsonSerializer.Deserialize(bytes, WooBodies.Default.RefundBodyArray);
            }
            catch (JsonException)
            {
                continue;
            }
            try
            {
                if (refunds is not null) WooInbound.Learn(Session, order, [.. refunds.OfType<RefundBody>()], "fetched", fetched: true, DateTimeOffset.UnixEpoch);
            }
            catch (NotUnderstoodException)
            {
                // A named case.
            }
            catch (Exception e)
            {
                Assert.Fail($"{e}\n{Encoding.UTF8.GetString(bytes)}");
            }
        }
    }
}
