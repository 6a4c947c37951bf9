using Quartermaster.Core.Stock;
using Quartermaster.Runtime.Stock;
using Quartermaster.Runtime.Tests.Machine;
using Shouldly;

namespace Quartermaster.Runtime.Tests.Stock;

/// <summary>A warehouse's numbers that jump, on the real machine: asked about one by one, or all together.</summary>
public sealed class OddCountTests
{
    private const string Asked = "SELECT count(*) FROM odd_count WHERE waits";
    private static readonly DateTimeOffset Morning = DateTimeOffset.UtcNow.AddHours(-3);
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_count_that_jumps_is_a_case_and_a_person_takes_it()
    {
        await using var test = await TestHub.NewAsync(Cancel);
        await test.StartAsync();
        await CountAsync(test, "A", 320, Morning);
        await test.UntilAsync("SELECT on_hand FROM position", 320);
        await CountAsync(test, "A", 0, Morning.AddHours(1));
        await test.UntilAsync("SELECT title FROM open_case WHERE closed_at IS NULL", "wms counted 0 of A at AMS, where 320 were");
        (await test.ScalarAsync("SELECT on_hand FROM position")).ShouldBe(320);
        // What was sold since then is not in the number that is taken now.
        await test.PlaceAsync("1", ("A", 2));
        await test.UntilAsync("SELECT reserved FROM position", 2);

        var desk = new CountDesk(test.Hub.Database, TimeProvider.System);
        var asked = (await desk.OfSkuAsync(TestHub.Brand, "A", Cancel)).Single();
        (asked.OnHand, asked.Was, asked.Many).ShouldBe((0, 320, false));
        (await desk.TakeAsync(TestHub.Brand, "AMS", "A", "ann", Cancel)).ShouldBe(1);
        await test.UntilAsync("SELECT on_hand || ' ' || short FROM position", "2 2");
        await test.UntilAsync(Asked, 0L);
        await test.UntilAsync("SELECT count(*) FROM open_case WHERE kind = 'stock.odd_count' AND closed_at IS NULL", 0L);
        (await test.ScalarAsync("SELECT who || ' ' || detail FROM audit WHERE action = 'counts.taken'")).ShouldBe("ann 1 at AMS");
        (await desk.TakeAsync(TestHub.Brand, "AMS", "A", "ann", Cancel)).ShouldBe(0);
    }

    [Fact]
    public async Task What_is_put_away_stays_as_it_was_and_the_next_count_that_is_usual_is_taken()
    {
        await using var test = await TestHub.NewAsync(Cancel);
        await test.StartAsync();
        await CountAsync(test, "A", 320, Morning);
        await test.UntilAsync("SELECT on_hand FROM position", 320);
        await CountAsync(test, "A", 0, Morning.AddHours(1));
        await test.UntilAsync(Asked, 1L);
        (await new CountDesk(test.Hub.Database, TimeProvider.System).LeaveAsync(TestHub.Brand, "AMS", null, "ann", Cancel)).ShouldBe(1);
        await test.UntilAsync("SELECT count(*) FROM open_case WHERE closed_at IS NULL", 0L);
        await CountAsync(test, "A", 317, Morning.AddHours(2));
        await test.UntilAsync("SELECT on_hand FROM position", 317);
        (await test.ScalarAsync("SELECT count(*) FROM movement WHERE kind = 'counted'")).ShouldBe(2L);
    }

    [Fact]
    public async Task A_warehouse_that_suddenly_counts_nothing_is_one_case_and_empties_no_shop()
    {
        const int Skus = 60;
        await using var test = await TestHub.NewAsync(Cancel);
        await test.StartAsync();
        await Task.WhenAll(Enumerable.Range(0, Skus).Select(i => CountAsync(test, $"S{i}", 20, Morning)));
        await test.UntilAsync("SELECT count(*) FROM position WHERE on_hand = 20", (long)Skus);
        for (var i = 0; i < Skus; i++)
        {
            await CountAsync(test, $"S{i}", 0, Morning.AddHours(1));
            if (i < OddCounts.Least + 5) await test.QuietAsync();
        }
        await test.QuietAsync();
        (await test.ScalarAsync("SELECT count(*) FROM position WHERE on_hand = 0")).ShouldBe(12L, "a fifth of what lies there, and then no more");
        await test.UntilAsync("SELECT title FROM open_case WHERE closed_at IS NULL", $"wms counts AMS all at once quite differently: {Skus - 12} SKUs");
        // It says so again, and a shelf that is as it was is nothing to ask about.
        await CountAsync(test, "S40", 0, Morning.AddHours(2));
        await CountAsync(test, "S41", 19, Morning.AddHours(2));
        await test.UntilAsync(Asked, Skus - 13L);
        (await test.ScalarAsync("SELECT on_hand FROM position WHERE sku = 'S40'")).ShouldBe(20);

        var desk = new CountDesk(test.Hub.Database, TimeProvider.System);
        (await desk.LocationsAsync([TestHub.Brand], Cancel)).Single().Counts.ShouldBe(Skus - 13);
        (await desk.TakeAsync(TestHub.Brand, "AMS", null, "ann", Cancel)).ShouldBe(Skus - 13);
        await test.UntilAsync("SELECT count(*) FROM position WHERE on_hand = 0", Skus - 1L);
        await test.UntilAsync("SELECT count(*) FROM open_case WHERE closed_at IS NULL", 0L, 30);
    }

    private static Task CountAsync(TestHub test, string sku, int units, DateTimeOffset at) =>
        test.SendAsync(new(TestHub.Brand, "stock", sku), new StockSignal.Counted(sku, "AMS", units, "wms", at));
}
