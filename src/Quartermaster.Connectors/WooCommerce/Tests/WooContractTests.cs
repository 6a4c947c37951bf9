using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Quartermaster.Connectors.WooCommerce;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Orders;
using Quartermaster.Core.Products;

namespace Quartermaster.Connectors.Tests.WooCommerce;

/// <summary>The samples of WooCommerce's own documentation: each is understood, and each order adds up.</summary>
public sealed class WooContractTests
{
    private static readonly WooConnector Woo = new();
    private static readonly Session Session = WooShop.Session(new RemoteScript());

    [Fact]
    public void Every_documented_order_is_understood_and_adds_up()
    {
        var samples = Samples("docs-orders.json").Where(o => o["line_items"] is JsonArray).ToList();
        samples.Count.ShouldBeGreaterThan(5);
        foreach (var sample in samples)
        {
            var reading = Woo.Read(Session, "order.updated", Encoding.UTF8.GetBytes(sample.ToJsonString()), DateTimeOffset.UnixEpoch);
            if (sample["refunds"] is JsonArray { Count: > 0 }) reading.Signals.Single().Signal.ShouldBeOfType<OrderSignal.ChangeAnnounced>();
            else WooReadTests.AddsUp(reading.Signals[0].Signal.ShouldBeOfType<OrderSignal.Reported>().Facts);
        }
    }

    [Fact]
    public void Every_documented_refund_is_read_with_its_lines()
    {
        var refunds = Samples("docs-order-refunds.json").Select(r => JsonSerializer.Deserialize("[" + r.ToJsonString() + "]", WooBodies.Default.RefundBodyArray)![0]).ToList();
        refunds.ShouldAllBe(r => r.Amount > 0 && r.DateCreatedGmt != null);
        WooRefunds.Removed(refunds.Where(r => r.Id == "724")).ShouldBe(new Dictionary<string, WooRefunds.Gone> { ["311"] = new(1, 9m, 0m) });
    }

    [Theory]
    [InlineData("docs-products.json")]
    [InlineData("docs-product-variations.json")]
    public void Every_documented_product_is_understood(string file)
    {
        var samples = Samples(file).Where(p => p["manage_stock"] is not null).ToList();
        samples.ShouldNotBeEmpty();
        foreach (var sample in samples)
            Woo.Read(Session, "product.updated", Encoding.UTF8.GetBytes(sample.ToJsonString()), DateTimeOffset.UnixEpoch).Signals[0].Signal.ShouldBeOfType<ProductSignal.Reported>();
    }

    [Fact]
    public void Every_documented_webhook_is_one_whose_state_we_know() =>
        Samples("docs-webhooks.json").Where(w => w["topic"] is not null).ShouldAllBe(w => ((string?)w["status"]) == "active" || ((string?)w["status"]) == "paused");

    // Each body, and each of the bodies in a list or a batch.
    private static IEnumerable<JsonObject> Samples(string file) => JsonNode.Parse(File.ReadAllBytes(ContractFolder.Require("woocommerce/" + file)))!.AsArray()
        .SelectMany(s => Bodies(s!["json"]));

    private static IEnumerable<JsonObject> Bodies(JsonNode? node) => node switch
    {
        JsonArray list => list.SelectMany(Bodies),
        JsonObject batch when batch["create"] is not null || batch["update"] is not null => Bodies(batch["create"]).Concat(Bodies(batch["update"])),
        JsonObject one => [one],
        _ => [],
    };
}
