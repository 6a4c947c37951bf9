using Quartermaster.Core.Kernel;
using Quartermaster.Core.Orders;
using Quartermaster.Runtime.Tests.Machine;
using Shouldly;

namespace Quartermaster.Runtime.Tests.Stock;

/// <summary>What speaks against a location besides postage, on the real machine: its day is full, or its shelf sells out.</summary>
public sealed class CapacityTests
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_full_location_gets_no_more_orders_today_until_one_is_given_back()
    {
        await using var test = await TestHub.NewAsync(Cancel);
        test.Change = plan => With(plan, terms => terms with { Locations = [.. terms.Locations.Select(l => l.Code == "AMS" ? l with { Capacity = 3 } : l)] });
        await test.StartAsync();
        await test.CountAsync("A", "AMS", 100);
        await test.CountAsync("A", "BER", 100);
        await test.UntilAsync("SELECT count(*) FROM position WHERE on_hand = 100", 2L);

        for (var i = 1; i <= 5; i++)
        {
            await test.PlaceAsync($"{i}", ("A", 1));
            await test.UntilAsync($"SELECT status FROM stream WHERE stream = 'order/{i}'", "submitted");
        }
        (await test.ScalarAsync("SELECT string_agg(location, ',' ORDER BY stream) FROM stream WHERE placed_at IS NOT NULL")).ShouldBe("AMS,AMS,AMS,BER,BER");
        (await test.ScalarAsync("SELECT convert_from(events, 'UTF8') LIKE '%full: 3 of 3 orders today%' FROM decision WHERE stream = 'order/5' AND events IS NOT NULL ORDER BY seq LIMIT 1")).ShouldBe(true);

        await test.SendAsync(TestHub.Order("2"), new OrderSignal.CancelAsked("no longer wanted", "ann"));
        await test.UntilAsync("SELECT sum(value) FROM tally WHERE name = 'routed/AMS'", 2m);
        await test.PlaceAsync("6", ("A", 1));
        await test.UntilAsync("SELECT location FROM stream WHERE stream = 'order/6'", "AMS");
    }

    [Fact]
    public async Task A_shelf_that_sells_out_is_spared()
    {
        await using var test = await TestHub.NewAsync(Cancel);
        test.Change = plan => With(plan, terms => terms with { Routing = new() { CoverDays = 10, CoverCost = 200m } });
        await test.StartAsync();
        await test.CountAsync("A", "AMS", 12);
        await test.CountAsync("A", "BER", 12);
        await test.UntilAsync("SELECT count(*) FROM position WHERE on_hand = 12", 2L);
        // Amsterdam has sold 4 a day for a week: what it has lasts for less than three days. Berlin's sales are not known.
        await test.ScalarAsync("INSERT INTO sold(brand, day, sku, location, units) SELECT 'acme', current_date - n, 'A', 'AMS', 4 FROM generate_series(1, 7) n");

        await test.PlaceAsync("1", ("A", 1));
        await test.UntilAsync("SELECT location FROM stream WHERE stream = 'order/1'", "BER");
        (await test.ScalarAsync("SELECT convert_from(events, 'UTF8') LIKE '%A left for 2.8 of 10 days 145%' FROM decision WHERE stream = 'order/1' AND events IS NOT NULL ORDER BY seq LIMIT 1")).ShouldBe(true);
    }

    private static HubPlan With(HubPlan plan, Func<BrandTerms, BrandTerms> change)
    {
        var brand = plan.Brands[TestHub.Brand];
        return plan with { Brands = new Dictionary<string, BrandPlan> { [TestHub.Brand] = brand with { Terms = change(brand.Terms) } } };
    }
}
