using Quartermaster.Core.Kernel;
using Quartermaster.Core.Orders;
using Quartermaster.Runtime.Hosting;
using Quartermaster.Runtime.Partitions;
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
        (await test.ScalarAsync("SELECT convert_from(events, 'UTF8') LIKE '%full: 3 of 3 orders on %' FROM decision WHERE stream = 'order/5' AND events IS NOT NULL ORDER BY seq LIMIT 1")).ShouldBe(true);

        await test.SendAsync(TestHub.Order("2"), new OrderSignal.CancelAsked("no longer wanted", "ann"));
        await test.UntilAsync("SELECT orders FROM location_day WHERE location = 'AMS'", 2);
        await test.PlaceAsync("6", ("A", 1));
        await test.UntilAsync("SELECT location FROM stream WHERE stream = 'order/6'", "AMS");
    }

    [Fact]
    public async Task What_comes_back_of_yesterday_is_not_taken_off_today()
    {
        await using var test = await TestHub.NewAsync(Cancel);
        test.Change = plan => WithCapacity(plan, 2, WorkCalendar.Always);
        var yesterday = await BeginAsync(test);
        for (var i = 1; i <= 2; i++) await PlaceAsync(test, yesterday, i);
        await yesterday.StopAsync(TimeSpan.FromSeconds(10));

        test.Clock = new Later(TimeSpan.FromDays(1));
        var today = await test.StartAsync();
        for (var i = 3; i <= 4; i++) await PlaceAsync(test, today, i);
        await test.SendAsync(TestHub.Order("1"), new OrderSignal.CancelAsked("no longer wanted", "ann"), today);
        await test.UntilAsync("SELECT reserved FROM position WHERE location = 'AMS'", 3);
        await PlaceAsync(test, today, 5);
        (await LocationsAsync(test)).ShouldBe("AMS,AMS,AMS,AMS,BER");
    }

    [Fact]
    public async Task After_the_cut_off_it_is_tomorrow_that_fills()
    {
        await using var test = await TestHub.NewAsync(Cancel);
        test.Change = plan => WithCapacity(plan, 2, WorkCalendar.Always with { CutOff = new(0, 0) });
        var evening = await BeginAsync(test);
        for (var i = 1; i <= 2; i++) await PlaceAsync(test, evening, i);
        await evening.StopAsync(TimeSpan.FromSeconds(10));

        // The next day, before its cut-off: its two places are taken.
        test.Clock = new Later(TimeSpan.FromDays(1));
        test.Change = plan => WithCapacity(plan, 2, WorkCalendar.Always);
        var morning = await test.StartAsync();
        await PlaceAsync(test, morning, 3);
        (await LocationsAsync(test)).ShouldBe("AMS,AMS,BER");
    }

    [Fact]
    public async Task Two_workers_that_both_saw_the_last_place_do_not_both_give_it_away()
    {
        await using var test = await TestHub.NewAsync(Cancel);
        test.Change = plan => WithCapacity(plan, 1, WorkCalendar.Always);
        var meeting = new Meeting();
        var hub = await test.StartAsync(checkpoints: meeting);
        // Different SKUs, so that no two batches wait for each other's shelves.
        foreach (var sku in Enumerable.Range(0, 12))
            foreach (var location in new[] { "AMS", "BER" }) await test.CountAsync($"S{sku}", location, 100);
        await test.UntilAsync("SELECT count(*) FROM position WHERE on_hand = 100", 24L);
        await test.QuietAsync();
        meeting.Begins = true;
        await Task.WhenAll(Enumerable.Range(0, 12).Select(i => test.SendAsync(TestHub.Order($"{i}"), new OrderSignal.Reported(TestHub.Facts($"{i}", ($"S{i}", 1)), "orders/create"), hub)));
        await test.UntilAsync("SELECT count(*) FROM stream WHERE placed_at IS NOT NULL AND location IS NOT NULL", 12L, 60);
        meeting.Met.ShouldBeTrue("otherwise nothing was tried");
        (await test.ScalarAsync("SELECT count(*) FROM stream WHERE location = 'AMS'")).ShouldBe(1L);
        (await test.ScalarAsync("SELECT orders FROM location_day")).ShouldBe(1);
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

    private static async Task<HubRuntime> BeginAsync(TestHub test)
    {
        var hub = await test.StartAsync();
        await test.CountAsync("A", "AMS", 100);
        await test.CountAsync("A", "BER", 100);
        await test.UntilAsync("SELECT count(*) FROM position WHERE on_hand = 100", 2L);
        return hub;
    }

    private static async Task PlaceAsync(TestHub test, HubRuntime through, int order)
    {
        await test.SendAsync(TestHub.Order($"{order}"), new OrderSignal.Reported(TestHub.Facts($"{order}", ("A", 1)), "orders/create"), through);
        await test.UntilAsync($"SELECT status FROM stream WHERE stream = 'order/{order}'", "submitted");
    }

    private static async Task<object?> LocationsAsync(TestHub test) => await test.ScalarAsync("SELECT string_agg((SELECT location FROM movement m WHERE m.stream = s.stream AND m.kind = 'reserved' LIMIT 1), ',' ORDER BY stream) FROM stream s WHERE placed_at IS NOT NULL");

    private static HubPlan WithCapacity(HubPlan plan, int capacity, WorkCalendar calendar) =>
        With(plan, terms => terms with { Locations = [.. terms.Locations.Select(l => l.Code == "AMS" ? l with { Capacity = capacity, Calendar = calendar } : l)] });

    private sealed class Later(TimeSpan by) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + by;
    }

    /// <summary>Two workers that have decided wait for each other before they write.</summary>
    private sealed class Meeting : ICheckpoints
    {
        private readonly TaskCompletionSource _both = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _here;

        public bool Begins { get; set; }
        public bool Met => _both.Task.IsCompleted;

        public async ValueTask ReachAsync(string name, CancellationToken cancel)
        {
            if (!Begins || name != "decide.decided") return;
            if (Interlocked.Increment(ref _here) == 2) _both.TrySetResult();
            await _both.Task.WaitAsync(TimeSpan.FromSeconds(10), cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static HubPlan With(HubPlan plan, Func<BrandTerms, BrandTerms> change)
    {
        var brand = plan.Brands[TestHub.Brand];
        return plan with { Brands = new Dictionary<string, BrandPlan> { [TestHub.Brand] = brand with { Terms = change(brand.Terms) } } };
    }
}
