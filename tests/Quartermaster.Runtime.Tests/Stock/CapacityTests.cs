using Quartermaster.Core.Kernel;
using Quartermaster.Core.Orders;
using Quartermaster.Runtime.Tests.Machine;
using Shouldly;

namespace Quartermaster.Runtime.Tests.Stock;

/// <summary>A warehouse that packs three orders a day gets three; what it gives back is free again.</summary>
public sealed class CapacityTests
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_full_location_gets_no_more_orders_today_until_one_is_given_back()
    {
        await using var test = await TestHub.NewAsync(Cancel);
        test.Change = plan =>
        {
            var brand = plan.Brands[TestHub.Brand];
            var locations = brand.Terms.Locations.Select(l => l.Code == "AMS" ? l with { Capacity = 3 } : l).ToList();
            return plan with { Brands = new Dictionary<string, BrandPlan> { [TestHub.Brand] = brand with { Terms = brand.Terms with { Locations = locations } } } };
        };
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
}
