using Quartermaster.Runtime.Switches;
using Quartermaster.Sandbox.Twins;
using Shouldly;

namespace Quartermaster.Stories;

/// <summary>A warehouse whose system says that a full shelf is empty, and one whose cellar is under water.</summary>
public sealed class AWarehouseInTroubleTests
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_full_shelf_that_is_said_to_be_empty_sells_on_until_somebody_has_looked()
    {
        await using var day = await BusinessDay.BeginAsync(Cancel, units: 300, ("sandbox_short", "0"), ("sandbox_reject", "0"), ("sandbox_split", "0"));
        var (sku, warehouse) = (day.Brand.Products[0].Sku, day.Brand.Connections.Single(c => c.Connector == "warehouse-rest"));
        var code = day.Brand.Terms.Locations[0].Code;
        void Counts(int units) => day.Warehouse.CountShelf(new ShelfCount(sku, warehouse.Locations.GetValueOrDefault(code, code), units));
        string OnHand() => $"SELECT on_hand FROM position WHERE sku = '{sku}' AND location = '{code}'";

        Counts(0);
        (await day.SoonAsync("SELECT title FROM open_case WHERE kind = 'stock.odd_count' AND closed_at IS NULL")).ShouldBe($"{warehouse.Key} counted 0 of {sku} at {code}, where 300 were");
        (await day.ScalarAsync(OnHand())).ShouldBe(300);
        var order = day.Order(o => o with { Lines = [o.Lines[0] with { Sku = sku, Quantity = 1, Discount = 0 }] });
        await day.UntilAsync(order, "closed");

        // Somebody has looked, and the warehouse mends its number.
        Counts(290);
        (await day.SoonAsync($"{OnHand()} AND on_hand = 290")).ShouldBe(290);
        (await day.SoonAsync("SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM open_case WHERE kind = 'stock.odd_count' AND closed_at IS NULL)")).ShouldBe(1);
    }

    [Fact]
    public async Task A_flooded_warehouse_is_switched_off_and_its_orders_leave_elsewhere_or_wait_for_it()
    {
        await using var day = await BusinessDay.BeginAsync(Cancel, units: 5, ("sandbox_short", "0"), ("sandbox_reject", "0"), ("sandbox_split", "0"));
        var locations = day.Brand.Terms.Locations;
        async Task TurnAsync(bool on)
        {
            foreach (var flooded in locations.Skip(1)) await day.Hub.Desk.SwitchAsync(Switchboard.ScopeOfLocation(day.Brand.Terms.Brand, flooded.Code), on, "the cellar is under water", "mara", Cancel);
            for (var i = 0; i < 400 && day.Hub.Switches.RoutingOf(day.Brand.Terms.Brand).Locations.Count(l => l.Paused) != (on ? 0 : locations.Count - 1); i++) await Task.Delay(25, Cancel);
        }

        await TurnAsync(on: false);
        ShopOrder Wants(int units) => day.Order(o => o with { Lines = [o.Lines[0] with { Sku = day.Brand.Products[0].Sku, Quantity = units, Discount = 0 }] });
        var order = Wants(1);
        await day.UntilAsync(order, "closed");
        (await day.ScalarAsync($"SELECT location FROM stream WHERE stream = 'order/{BusinessDay.IdOf(order)}'")).ShouldBe(locations[0].Code);

        var more = Wants(5);
        await day.UntilAsync(more, "backordered");
        await TurnAsync(on: true);
        await day.UntilAsync(more, "closed");
        (await day.TimelineAsync(more)).ShouldContain("stock.backordered.v1");
    }
}
