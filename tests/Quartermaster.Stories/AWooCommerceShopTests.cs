using System.Globalization;
using Quartermaster.Core.Channels;
using Quartermaster.Sandbox;
using Quartermaster.Sandbox.Twins;
using Shouldly;

namespace Quartermaster.Stories;

/// <summary>One day at a brand whose shop is WooCommerce: everything behind the shop is as with any other.</summary>
public sealed class AWooCommerceShopTests
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;
    internal static readonly DemoConnection Storefront = new("aurora-woo", "woocommerce", new Dictionary<string, string>
    {
        ["site"] = "aurora.example", ["consumer_key"] = "ck_sandbox_aurora", ["consumer_secret"] = "cs_sandbox_aurora", ["webhook_secret"] = "sandbox-aurora-woo-webhooks",
    }, new Dictionary<string, string>());

    private static readonly DemoBrand Brand = OnWooCommerce(DemoBrands.All[0]);

    [Fact]
    public async Task A_paid_order_goes_to_the_warehouse_is_sent_and_is_completed_at_the_shop()
    {
        await using var day = await BusinessDay.BeginAsync(Brand, null, Cancel);
        var order = day.WooShop.Place(day.Basket());
        await day.UntilAsync(IdOf(order), "closed");
        (await day.TimelineAsync(IdOf(order))).ShouldContain("  fulfilment.write_fulfilment.v1 done");
        day.Warehouse.HandoffsOf(IdOf(order)).ShouldBe(1);
        var there = day.WooShop.Find(order.Id)!;
        (there.Status, there.Meta.Count, there.Notes.Count).ShouldBe(("completed", 1, 1));
        (await day.ScalarAsync("SELECT count(*) FROM open_case WHERE closed_at IS NULL")).ShouldBe(0L);
        (await day.ScalarAsync("SELECT sum(value) = (SELECT sum(total) FROM stream WHERE placed_at IS NOT NULL) FROM tally WHERE name LIKE 'invoiced_total/%'")).ShouldBe(true);
    }

    [Fact]
    public async Task A_warehouse_that_ships_in_several_parcels_completes_the_order_with_the_last_of_them()
    {
        await using var day = await BusinessDay.BeginAsync(Brand, null, Cancel, units: 100, ("sandbox_split", "1"));
        var order = day.WooShop.Place(day.Basket() with { Lines = [.. day.Brand.Products.Take(3).Select(p => new NewLine(p.Sku, p.Title, p.Price, 2, p.Grams))] });
        await day.UntilAsync(IdOf(order), "closed");
        var there = day.WooShop.Find(order.Id)!;
        there.Status.ShouldBe("completed");
        there.Meta.Count.ShouldBeGreaterThan(1);
        (await day.ScalarAsync("SELECT count(*) FROM open_case WHERE closed_at IS NULL")).ShouldBe(0L);
    }

    [Fact]
    public async Task What_staff_sends_from_the_shop_is_not_sent_again()
    {
        await using var day = await BusinessDay.BeginAsync(Brand, null, Cancel, units: 100, ("sandbox_ship_ms", "60000"));
        var order = day.WooShop.Place(day.Basket());
        await day.UntilAsync(IdOf(order), "accepted");
        day.WooShop.SetStatus(order.Id, "completed");
        await day.UntilAsync(IdOf(order), "closed");
        day.Warehouse.HasShipped(IdOf(order)).ShouldBeFalse();
        (await day.TimelineAsync(IdOf(order))).ShouldContain("order.fulfilled_elsewhere.v1");
        (await day.ScalarAsync("SELECT count(*) FROM open_case WHERE closed_at IS NULL")).ShouldBe(0L);
    }

    [Fact]
    public async Task A_unit_that_is_refunded_before_it_leaves_is_not_sent_and_a_later_refund_is_credited()
    {
        await using var day = await BusinessDay.BeginAsync(Brand, null, Cancel);
        var basket = day.Basket();
        var order = day.WooShop.Place(basket with { Paid = false, Lines = [basket.Lines[0] with { Quantity = 3, Discount = 0 }] });
        await day.UntilAsync(IdOf(order), "held");
        day.WooShop.Refund(order.Id, 0, 1);
        day.WooShop.Pay(order.Id);
        await day.UntilAsync(IdOf(order), "closed");
        (await day.ScalarAsync("SELECT -sum(on_hand) FROM movement WHERE kind = 'shipped'")).ShouldBe(2L);
        day.WooShop.Find(order.Id)!.Status.ShouldBe("completed");

        // The shop tells whole seconds, and what is given back in the second of the order's last change counts as known with it.
        await Task.Delay(TimeSpan.FromSeconds(1.1), Cancel);
        day.WooShop.Refund(order.Id, 0, 1);
        for (var i = 0; i < 400 && !(await day.TimelineAsync(IdOf(order))).Contains("  books.draft_credit_note.v1 done"); i++) await Task.Delay(25, Cancel);
        (await day.TimelineAsync(IdOf(order))).Count(l => l == "  books.draft_credit_note.v1 done").ShouldBe(1, "what was refunded before it left was never invoiced");
        (await day.ScalarAsync("SELECT sum(value) FROM tally WHERE name LIKE 'refunded_total/%'")).ShouldBe(day.WooShop.Find(order.Id)!.Refunds.Sum(r => r.Amount));
        (await day.ScalarAsync("SELECT count(*) FROM open_case WHERE closed_at IS NULL")).ShouldBe(0L);
    }

    [Fact]
    public async Task The_shop_is_told_what_may_be_sold_and_a_number_typed_there_is_put_right()
    {
        await using var day = await BusinessDay.BeginAsync(Brand, new StockTerms(2, []) { Calm = TimeSpan.FromSeconds(2) }, Cancel, units: 10);
        var (simple, sized) = (day.Brand.Products[0], day.Brand.Products[1]);
        day.WooShop.Stock(simple.Sku, simple.Title, 0);
        day.WooShop.Stock(sized.Sku, "M", 0, variationOf: "Kurta");
        await UntilAsync(day, () => (day.WooShop.Units(simple.Sku), day.WooShop.Units(sized.Sku)), (28, 28), "ten on each of three shelves, two kept back");

        var basket = day.Basket();
        var order = day.WooShop.Place(basket with { Lines = [basket.Lines[0] with { Sku = sized.Sku, Quantity = 3, Discount = 0 }] });
        await day.UntilAsync(IdOf(order), "closed");
        await UntilAsync(day, () => (day.WooShop.Units(simple.Sku), day.WooShop.Units(sized.Sku)), (28, 25), "sold once, not twice");

        // In the second of our own last word nobody could say which of the two stands: it would be set without having been seen.
        await Task.Delay(TimeSpan.FromSeconds(1.1), Cancel);
        day.WooShop.Retype(simple.Sku, 500);
        await UntilAsync(day, () => (day.WooShop.Units(simple.Sku), day.WooShop.Units(sized.Sku)), (28, 25), "typed by hand, and put right");
        (await day.SoonAsync("SELECT theirs FROM drift")).ShouldBe(500);
        (await day.ScalarAsync("SELECT count(*) FROM listing WHERE refused")).ShouldBe(0L);
    }

    private static async Task UntilAsync(BusinessDay day, Func<(int?, int?)> what, (int?, int?) expected, string why)
    {
        for (var i = 0; i < 1200 && what() != expected; i++) await Task.Delay(25, Cancel);
        if (what() != expected) what().ShouldBe(expected, $"{why}\n{await day.ScalarAsync("SELECT string_agg(l::text, E'\\n') FROM listing l")}");
    }

    [Fact]
    public async Task A_host_that_fails_every_third_time_loses_no_parcel_and_gets_none_twice()
    {
        await using var day = await BusinessDay.BeginAsync(Brand, null, Cancel, units: 500, ("sandbox_short", "0"), ("sandbox_reject", "0"), ("sandbox_split", "0"));
        var faults = day.FaultsOf("woocommerce");
        (faults.FailBefore, faults.FailAfter, faults.Reset, faults.TooMany, faults.Duplicate, faults.Reorder) = (0.1, 0.1, 0.1, 0.05, 0.5, 0.5);
        faults.RetryAfter = TimeSpan.FromMilliseconds(200);
        var orders = Enumerable.Range(0, 8).Select(_ => day.WooShop.Place(day.Basket())).ToList();
        // Its breaker may rest for two minutes when faults come in a row.
        foreach (var order in orders) await day.UntilAsync(IdOf(order), "closed", 180);
        foreach (var order in orders)
            for (var i = 0; i < 1200 && day.WooShop.Find(order.Id)!.Notes.Count == 0; i++) await Task.Delay(50, Cancel);
        foreach (var there in orders.Select(o => day.WooShop.Find(o.Id)!))
            (there.Status, there.Meta.Count, there.Notes.Count).ShouldBe(("completed", 1, 1));
    }

    private static string IdOf(WooOrder order) => order.Id.ToString(CultureInfo.InvariantCulture);

    private static DemoBrand OnWooCommerce(DemoBrand brand) => brand with
    {
        Storefront = "aurora-woo",
        Connections = [.. brand.Connections.Where(c => c.Connector != "shopify"), Storefront],
    };
}
