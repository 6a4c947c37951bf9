using Quartermaster.Core.Connecting;
using Quartermaster.Core.Fulfilment;
using Quartermaster.Core.Stock;
using Quartermaster.Runtime.Stock;
using Quartermaster.Runtime.Tests.Machine;
using Shouldly;

namespace Quartermaster.Runtime.Tests.Stock;

/// <summary>Every shelf of a warehouse is read as a whole: what webhooks and polls lost is found, and the ledger says why.</summary>
public sealed class ShelfReadTests
{
    private const string Drifted = "SELECT string_agg(DISTINCT sku || ' ' || ours || ' ' || theirs || ' ' || cause, ',' ORDER BY sku || ' ' || ours || ' ' || theirs || ' ' || cause) FROM drift";
    private static readonly DateTimeOffset Morning = DateTimeOffset.UtcNow.AddHours(-3);
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_count_that_was_lost_is_found_and_taken_in()
    {
        await using var test = await StartAsync();
        await test.UntilAsync("SELECT count(*) FROM position WHERE on_hand = 10", 3L);
        test.Wms.Shelves.Enqueue(new("A", "AMS", 7, Morning.AddHours(1)));
        test.Wms.Shelves.Enqueue(new("B", "AMS", 10, DateTimeOffset.UtcNow));
        test.Wms.Shelves.Enqueue(new("C", "AMS", 4, Morning.AddHours(-1)));
        test.Wms.Shelves.Enqueue(new("NEW", "AMS", 2, Morning));
        await test.UntilAsync("SELECT on_hand FROM position WHERE sku = 'A'", 7);
        await test.UntilAsync("SELECT on_hand FROM position WHERE sku = 'NEW'", 2);
        await test.QuietAsync();
        (await test.ScalarAsync("SELECT string_agg(on_hand::text, ',' ORDER BY sku) FROM position WHERE sku IN ('B', 'C')")).ShouldBe("10,10", "one agrees, the other is older than what we know");
        (await test.ScalarAsync(Drifted)).ShouldBe("A 10 7 missed_webhook", "where nothing was ever counted nothing drifted");
        await test.UntilAsync("SELECT listings FROM catalogue WHERE connection = 'wms'", 4);
    }

    [Fact]
    public async Task The_ledger_says_what_was_added_twice_and_what_a_person_changed()
    {
        await using var test = await StartAsync(readEvery: null);
        await test.UntilAsync("SELECT count(*) FROM position WHERE on_hand = 10", 3L);
        await test.SendAsync(new(TestHub.Brand, "stock", "A"), new StockSignal.Adjusted("A", "AMS", 3, "found behind the shelf", "ann", "adj-1"));
        // A delivery that came before the count, told after it by somebody who does not know of counts.
        await test.ScalarAsync("INSERT INTO movement(brand, sku, location, seq, stream, at, kind, on_hand, reserved, happened_at) VALUES ('acme', 'B', 'AMS', 1, 'stock/B', now(), 'received', 6, 0, now() - interval '4 hours')");
        await test.ScalarAsync("UPDATE position SET on_hand = 16, updated_at = now() WHERE sku = 'B'");
        await test.UntilAsync("SELECT on_hand FROM position WHERE sku = 'A'", 13);
        await CompareAsync(new(test.Hub.Database, test.Hub.Plan.Connections["wms"]), new("A", "AMS", 10, DateTimeOffset.UtcNow.AddSeconds(1)), new("B", "AMS", 10, DateTimeOffset.UtcNow.AddSeconds(1)), new("C", "AMS", 9, DateTimeOffset.UtcNow.AddSeconds(1)));
        (await test.ScalarAsync(Drifted)).ShouldBe("A 13 10 manual_edit,B 16 10 double_count,C 10 9 unknown");
        (await test.ScalarAsync("SELECT count(DISTINCT word) FROM drift")).ShouldBe(3L);
    }

    [Fact]
    public async Task What_a_parcel_on_its_way_may_explain_is_told_when_it_is_still_so()
    {
        await using var test = await StartAsync(readEvery: null);
        await test.UntilAsync("SELECT count(*) FROM position WHERE on_hand = 10", 3L);
        await test.PlaceAsync("1", ("A", 2));
        await test.UntilAsync("SELECT reserved FROM position WHERE sku = 'A'", 2);
        var compare = new ShelfCompare(test.Hub.Database, test.Hub.Plan.Connections["wms"]);
        ShelfSeen Seen(int units) => new("A", "AMS", units, DateTimeOffset.UtcNow.AddSeconds(1));
        (await CompareAsync(compare, Seen(8))).ShouldBe(0, "its confirmation may be a moment behind");
        (await CompareAsync(compare, Seen(9))).ShouldBe(0, "other parcels than before");
        (await CompareAsync(compare, Seen(9))).ShouldBe(1);
        (await CompareAsync(compare, Seen(4))).ShouldBe(1, "no parcel explains that");
    }

    [Theory]
    [InlineData(3, 1), InlineData(0, 0)]
    public async Task What_was_lost_of_a_SKU_that_always_has_parcels_on_their_way_is_found_and_no_parcel_is_taken_off_twice(int lost, int told)
    {
        await using var test = await StartAsync(readEvery: null);
        await test.SendAsync(new(TestHub.Brand, "stock", "A"), new StockSignal.Counted("A", "AMS", 100, "ann", Morning.AddHours(1)));
        await test.UntilAsync("SELECT on_hand FROM position WHERE sku = 'A'", 100);
        var compare = new ShelfCompare(test.Hub.Database, test.Hub.Plan.Connections["wms"]);
        var (there, found) = (100 - lost, 0);
        var packed = await OrderAsync(0);
        for (var round = 1; round <= 5; round++)
        {
            var ordered = await OrderAsync(round);
            // They leave before the count, and the word of them comes after it: something is always missing, and never as much as the last time.
            (there, var left) = (there - packed.Count, DateTimeOffset.UtcNow);
            found += await CompareAsync(compare, new ShelfSeen("A", "AMS", there, DateTimeOffset.UtcNow));
            foreach (var id in packed) await test.SendAsync(TestHub.Order(id), new FulfilmentSignal.Shipped(id, "AMS", "PostNL", "T" + id, [new("A", 1)], left, null));
            await test.UntilAsync("SELECT reserved FROM position WHERE sku = 'A'", ordered.Count);
            packed = ordered;
        }
        await test.QuietAsync();
        (await test.ScalarAsync("SELECT on_hand FROM position WHERE sku = 'A'")).ShouldBe(there);
        found.ShouldBe(told);
        (await test.ScalarAsync("SELECT count(*) FROM drift WHERE ours - theirs = 3")).ShouldBe((long)told);

        async Task<List<string>> OrderAsync(int round)
        {
            List<string> ids = [.. Enumerable.Range(0, 4 + round % 2).Select(i => $"{round}{i}")];
            foreach (var id in ids) await test.PlaceAsync(id, ("A", 1));
            await test.UntilAsync($"SELECT count(*) FROM stream WHERE stream LIKE 'order/{round}_' AND status = 'submitted'", (long)ids.Count);
            await test.QuietAsync();
            return ids;
        }
    }

    [Fact]
    public async Task A_shelf_of_which_more_moved_since_its_count_than_is_looked_through_is_left_as_it_is()
    {
        await using var test = await StartAsync(readEvery: null);
        await test.UntilAsync("SELECT count(*) FROM position WHERE on_hand = 10", 3L);
        // Five left, and then so much was promised and given back that they are out of sight.
        await test.ScalarAsync("INSERT INTO movement(brand, sku, location, seq, stream, at, kind, on_hand, reserved) SELECT 'acme', 'C', 'AMS', 1, 'order/x', now(), CASE i WHEN 0 THEN 'shipped' ELSE 'released' END, CASE i WHEN 0 THEN -5 ELSE 0 END, 0 FROM generate_series(0, 2000) i ORDER BY i");
        await test.ScalarAsync("UPDATE position SET updated_at = now() WHERE sku = 'C'");
        (await CompareAsync(new(test.Hub.Database, test.Hub.Plan.Connections["wms"]), new ShelfSeen("C", "AMS", 15, Morning.AddHours(1)))).ShouldBe(0);
    }

    [Fact]
    public async Task Shelves_that_cannot_be_read_for_long_are_a_persons_case_until_they_can()
    {
        await using var test = await StartAsync();
        test.Wms.Unreadable = "403 stock";
        await test.UntilAsync("SELECT detail FROM open_case WHERE kind = 'stock.not_reconciled' AND closed_at IS NULL", "A count that was lost is not found. The last read ended with: 403 stock");
        test.Wms.Unreadable = null;
        await test.UntilAsync("SELECT count(*) FROM open_case WHERE kind = 'stock.not_reconciled' AND closed_at IS NULL", 0L);
    }

    private static async Task<int> CompareAsync(ShelfCompare compare, params List<ShelfSeen> shelves)
    {
        compare.Begin();
        return (await compare.CompareAsync(shelves, DateTimeOffset.UtcNow, DateTimeOffset.UtcNow, Cancel)).Count;
    }

    private static async Task<TestHub> StartAsync() => await StartAsync(TimeSpan.FromMilliseconds(200));

    private static async Task<TestHub> StartAsync(TimeSpan? readEvery)
    {
        var test = await TestHub.NewAsync(Cancel);
        test.Wms.TellsShelves = true;
        test.Change = plan => plan with { Connections = plan.Connections.ToDictionary(c => c.Key, c => c.Key == "wms" ? c.Value with { ReadShelvesEvery = readEvery } : c.Value) };
        await test.StartAsync();
        foreach (var sku in (string[])["A", "B", "C"]) await test.SendAsync(new(TestHub.Brand, "stock", sku), new StockSignal.Counted(sku, "AMS", 10, "wms", Morning));
        return test;
    }
}
