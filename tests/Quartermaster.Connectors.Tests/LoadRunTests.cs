using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Quartermaster.Sandbox;
using Quartermaster.Sandbox.Load;

namespace Quartermaster.Connectors.Tests;

/// <summary>The judge is judged: each fault of a hub must show in the verdict.</summary>
public sealed class LoadRunTests
{
    private static readonly DemoOrders Orders = new(DemoBrands.All[0]);
    private static readonly string Plenty = Orders.Make(1).Lines[0].Sku;

    [Fact]
    public void A_perfect_order_ends_once_and_leaves_no_mark()
    {
        var oracle = Placed(units: 100);
        HandOver(oracle, "k1");
        Say(oracle, "order_confirmed", "k2");
        Hear(oracle, "/x/Invoices", $$"""{"Invoices":[{"Reference":"{{Ref}}","InvoiceNumber":"AT-1"}]}""");
        Hear(oracle, "/x/graphql.json", """{"query":"mutation { p0: fulfillmentCreate }","variables":{"f0":{"lineItemsByFulfillmentOrder":[{"fulfillmentOrderId":"gid://shopify/FulfillmentOrder/REF"}]}}}""".Replace("REF", Ref, StringComparison.Ordinal), "k3");
        Say(oracle, "order_shipped", "k4");
        oracle.Fates.Single().IsEnded.ShouldBeFalse();
        Say(oracle, "order_delivered", "k5");
        oracle.Fates.Single().IsEnded.ShouldBeTrue();
        (oracle.Duplicates, oracle.Replays, oracle.Strangers, oracle.WrongLines, (long)oracle.Oversold, oracle.FalseBackorders).ShouldBe((0, 0, 0, 0, 0L, 0));
    }

    [Fact]
    public void The_same_key_again_is_a_replay_and_another_key_a_duplicate()
    {
        var oracle = Placed(units: 100);
        Say(oracle, "order_confirmed", "k");
        Say(oracle, "order_confirmed", "k");
        (oracle.Replays, oracle.Duplicates).ShouldBe((1, 0));
        Say(oracle, "order_confirmed", "other");
        (oracle.Replays, oracle.Duplicates).ShouldBe((1, 1));
    }

    [Fact]
    public void More_than_the_shelf_held_is_oversold()
    {
        var oracle = Placed(units: 0);
        HandOver(oracle, "k");
        oracle.Oversold.ShouldBeGreaterThan(0);
    }

    [Fact]
    public void A_backorder_that_a_shelf_could_have_served_is_false()
    {
        var oracle = Placed(units: 100);
        Say(oracle, "order_backordered", "k");
        oracle.FalseBackorders.ShouldBe(1);
        var bare = Placed(units: 0);
        Say(bare, "order_backordered", "k");
        bare.FalseBackorders.ShouldBe(0);
    }

    [Fact]
    public void Other_lines_than_were_ordered_and_orders_of_nobody_are_seen()
    {
        var oracle = Placed(units: 100);
        Hear(oracle, "/x/wms/orders", $$"""{"orders":[{"order_ref":"{{Ref}}","warehouse":"BLR","idempotency_key":"k","lines":[{"sku":"{{Plenty}}","qty":97}]}]}""");
        oracle.WrongLines.ShouldBe(1);
        Hear(oracle, "/x/Invoices", """{"Invoices":[{"Reference":"10000000000099999","InvoiceNumber":"N"}]}""");
        oracle.Strangers.ShouldBe(1);
    }

    [Fact]
    public async Task A_hub_that_only_says_yes_loses_every_order()
    {
        var cancel = TestContext.Current.CancellationToken;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        await using var hub = builder.Build();
        hub.Urls.Add("http://127.0.0.1:0");
        hub.MapPost("/webhooks/{connection}", () => Results.Ok());
        await hub.StartAsync(cancel);
        var options = new LoadOptions { Window = 20, Connections = 4, Warmup = TimeSpan.FromMilliseconds(200), Duration = TimeSpan.FromMilliseconds(400), Patience = TimeSpan.FromMilliseconds(500), Skus = 40 };
        await using var run = await LoadRun.PrepareAsync(options, new Uri(hub.Urls.First() + "/webhooks"), TimeProvider.System, cancel);
        run.Brand.Connections.ShouldAllBe(c => c.Settings.ContainsKey("base_url"));
        var report = await run.DriveAsync(cancel);
        report.Created.ShouldBe(20, "in closed loop no more orders are open than the window allows");
        (report.Lost, report.NeverAcknowledged, report.Pass).ShouldBe((20, 0, false));
        report.ToString().ShouldContain("FAIL");
    }

    [Theory]
    [InlineData(0.5, 50)]
    [InlineData(0.99, 99)]
    [InlineData(1, 100)]
    public void A_percentile_is_one_of_the_samples(double share, double expected) =>
        LoadReport.Percentile([.. Enumerable.Range(1, 100).Select(i => (double)i)], share).ShouldBe(expected);

    private static string Ref => DemoOrders.IdOf(1).ToString(CultureInfo.InvariantCulture);

    private static LoadOracle Placed(int units)
    {
        var oracle = new LoadOracle(Orders.Make, DemoBrands.All[0].Products.ToDictionary(p => (p.Sku, "BLR"), _ => units));
        oracle.Placed(1);
        return oracle;
    }

    private static void HandOver(LoadOracle oracle, string key)
    {
        var lines = string.Join(',', Orders.Make(1).Lines.Select(l => $$"""{"sku":"{{l.Sku}}","qty":{{l.Quantity}}}"""));
        Hear(oracle, "/x/wms/orders", $$"""{"orders":[{"order_ref":"{{Ref}}","warehouse":"BLR","idempotency_key":"{{key}}","lines":[{{lines}}]}]}""");
    }

    private static void Say(LoadOracle oracle, string template, string key) => Hear(oracle, "/x/1/messages",
        $$$"""{"template":{"name":"{{{template}}}","components":[{"parameters":[{"text":"#AT-1"}]}]},"biz_opaque_callback_data":"{{{key}}}"}""");

    private static void Hear(LoadOracle oracle, string path, string body, string? key = null) => oracle.Hear(new HeardCall("POST", path, Encoding.UTF8.GetBytes(body), key));
}
