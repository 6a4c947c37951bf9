using Shouldly;

namespace Quartermaster.Stories;

/// <summary>One day at a brand where everything works as it should.</summary>
public sealed class AnOrdinaryDayTests
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_paid_order_goes_from_click_to_closed_and_the_operator_sees_every_step()
    {
        await using var day = await BusinessDay.BeginAsync(Cancel);
        var order = day.Order();
        await day.UntilAsync(order, "closed");

        var timeline = await day.TimelineAsync(order);
        var milestones = new[]
        {
            "order.placed.v1", "order.released.v1", "stock.allocated.v1", "fulfilment.parcel_left.v1", "shipping.delivered.v1", "order.closed.v1",
        };
        timeline.Where(milestones.Contains).Distinct().ShouldBe(milestones);
        // The warehouse's callback may come before the answer to the call that told it of the order.
        timeline.ShouldContain("fulfilment.submitted.v1");
        timeline.ShouldContain("  fulfilment.submit_to_warehouse.v1 done");
        timeline.ShouldContain("  fulfilment.write_fulfilment.v1 done");
        timeline.ShouldContain("  books.draft_invoice.v1 done");
        day.Warehouse.HandoffsOf(BusinessDay.IdOf(order)).ShouldBe(1);
        (await day.ScalarAsync("SELECT sum(on_hand) = sum(100) - 0 - (SELECT -sum(on_hand) FROM movement WHERE kind = 'shipped') FROM position")).ShouldBe(true);
        (await day.ScalarAsync("SELECT count(*) FROM open_case WHERE closed_at IS NULL")).ShouldBe(0L);
    }

    [Fact]
    public async Task An_order_that_is_not_paid_yet_is_held_with_its_reason_and_goes_on_when_it_is()
    {
        await using var day = await BusinessDay.BeginAsync(Cancel);
        var order = day.Order(o => o with { Paid = false });
        await day.UntilAsync(order, "held");
        ((string)(await day.ScalarAsync("SELECT attention FROM stream WHERE placed_at IS NOT NULL"))!).ShouldContain("pay", Case.Insensitive);
        day.Warehouse.HandoffsOf(BusinessDay.IdOf(order)).ShouldBe(0);
        day.Shop.Pay(order.Id);
        await day.UntilAsync(order, "closed");
    }

    [Fact]
    public async Task What_is_sold_out_waits_its_shopper_is_told_once_and_goes_out_when_goods_arrive()
    {
        await using var day = await BusinessDay.BeginAsync(Cancel, units: 0);
        var order = day.Order();
        await day.UntilAsync(order, "backordered");
        foreach (var line in order.Placed.Lines)
            day.Warehouse.CountShelf(new(line.Sku, day.Brand.Terms.Locations[0].Code, 50));
        await day.UntilAsync(order, "closed");
        (await day.ScalarAsync("SELECT count(*) FROM effect_log WHERE key LIKE '%/msg/backordered%'")).ShouldBe(1L);
        (await day.ScalarAsync("SELECT count(*) FROM waiting")).ShouldBe(0L);
    }

    [Fact]
    public async Task A_cancellation_before_the_parcel_leaves_gives_the_stock_back_and_tells_the_shopper_once()
    {
        await using var day = await BusinessDay.BeginAsync(Cancel, units: 100, ("sandbox_ship_ms", "60000"));
        var order = day.Order();
        await day.UntilAsync(order, "accepted");
        day.Shop.Cancel(order.Id, "customer");
        await day.UntilAsync(order, "cancelled");
        for (var i = 0; i < 200 && !Equals(await day.ScalarAsync("SELECT sum(reserved) FROM position"), 0L); i++) await Task.Delay(50, Cancel);
        (await day.ScalarAsync("SELECT sum(reserved) FROM position")).ShouldBe(0L);
        (await day.ScalarAsync("SELECT sum(on_hand) / count(*) FROM position")).ShouldBe(100L);
    }

    [Fact]
    public async Task A_warehouse_that_ships_in_several_parcels_still_makes_one_order_and_money_that_adds_up()
    {
        await using var day = await BusinessDay.BeginAsync(Cancel, units: 100, ("sandbox_split", "1"));
        var order = day.Order(o => o with { Lines = [o.Lines[0] with { Quantity = 2 }, .. day.Brand.Products.Where(p => p.Sku != o.Lines[0].Sku).Take(1).Select(p => new Sandbox.Twins.NewLine(p.Sku, p.Title, p.Price, 1, p.Grams))] });
        await day.UntilAsync(order, "closed");
        var timeline = await day.TimelineAsync(order);
        timeline.Count(l => l == "fulfilment.parcel_left.v1").ShouldBeGreaterThan(1);
        (await day.ScalarAsync("SELECT sum(value) = (SELECT sum(total) FROM stream WHERE placed_at IS NOT NULL) FROM tally WHERE name LIKE 'invoiced_total/%'")).ShouldBe(true);
    }
}
