using System.Collections.Concurrent;
using System.Diagnostics;
using Quartermaster.Core.Channels;
using Quartermaster.Core.Connecting;
using Quartermaster.Runtime.Tests.Machine;
using Shouldly;

namespace Quartermaster.Runtime.Tests.Channels;

/// <summary>Figures, not checks: run with <c>QM_MEASURE=1</c>. Channels answer like vendors do: 150 ms a call, pages and batches of their size.</summary>
public sealed class PublisherMeasures
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_sale_is_seen_at_the_other_channels_within_seconds_at_a_hundred_orders_a_second()
    {
        Assert.SkipWhen(Environment.GetEnvironmentVariable("QM_MEASURE") is null, "a measurement, not a check: set QM_MEASURE=1");
        const int Orders = 3000;
        await using var test = await TestHub.NewAsync(Cancel);
        test.Offers = new StockTerms(0, []);
        var placed = new ConcurrentDictionary<string, long>();
        var seen = new ConcurrentDictionary<string, double>();
        test.Shop.Before = c => Task.Delay(150, c);
        test.Shop.Level = level =>
        {
            if (level.Units == 4 && placed.TryGetValue(level.Sku, out var at)) seen.TryAdd(level.Sku, Stopwatch.GetElapsedTime(at).TotalMilliseconds);
            return null;
        };
        for (var i = 0; i < Orders; i++) test.Shop.Shelf["s" + i] = 0;
        await test.StartAsync();
        await Task.WhenAll(Enumerable.Range(0, Orders).Select(i => test.CountAsync("S" + i, "AMS", 5)));
        await test.UntilAsync("SELECT count(*) FROM listing WHERE sent = 5", (long)Orders, 120);

        var watch = Stopwatch.StartNew();
        List<Task> under = [];
        for (var i = 0; i < Orders; i++)
        {
            while (watch.ElapsedMilliseconds < i * 10L) await Task.Delay(1, Cancel);
            placed["S" + i] = Stopwatch.GetTimestamp();
            under.Add(test.PlaceAsync("o" + i, ("S" + i, 1)));
        }
        await Task.WhenAll(under);
        for (var i = 0; i < 600 && seen.Count < Orders; i++) await Task.Delay(50, Cancel);
        var all = seen.Values.Order().ToList();
        all.Count.ShouldBe(Orders);
        TestContext.Current.SendDiagnosticMessage($"sale to channel at {Orders / watch.Elapsed.TotalSeconds:0} orders/s: p50 {all[Orders / 2]:0} ms, p95 {all[Orders * 95 / 100]:0} ms, p99 {all[Orders * 99 / 100]:0} ms");
        all[Orders * 95 / 100].ShouldBeLessThan(5000);
    }

    [Fact]
    public async Task A_hundred_thousand_listings_are_read_compared_and_put_right()
    {
        Assert.SkipWhen(Environment.GetEnvironmentVariable("QM_MEASURE") is null, "a measurement, not a check: set QM_MEASURE=1");
        const int Skus = 100_000, Wrong = 1000;
        await using var test = await TestHub.NewAsync(Cancel);
        test.Offers = new StockTerms(0, []);
        test.Shop.PageDelay = TimeSpan.FromMilliseconds(150);
        test.Shop.Before = c => Task.Delay(150, c);
        for (var i = 0; i < Skus; i++) test.Shop.Shelf[$"s{i}"] = i % (Skus / Wrong) == 0 ? 9 : 5;
        await using (var fill = test.Postgres.Source.CreateCommand($"INSERT INTO position(brand, sku, location, on_hand, updated_at) SELECT 'acme', 'S' || i, 'AMS', 5, now() FROM generate_series(0, {Skus - 1}) i")) await fill.ExecuteNonQueryAsync(Cancel);
        var watch = Stopwatch.StartNew();
        await test.StartAsync();
        await test.UntilAsync("SELECT count(*) FROM catalogue WHERE read_at IS NOT NULL", 1L, 600);
        var read = watch.Elapsed;
        await test.UntilAsync("SELECT count(*) FROM listing WHERE sent = 5", (long)Wrong, 600);
        TestContext.Current.SendDiagnosticMessage($"{Skus:N0} listings read in {read.TotalSeconds:0} s, {Wrong:N0} put right after {watch.Elapsed.TotalSeconds:0} s");
        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromMinutes(15));
    }

    /// <summary>Five channels at once, each as fast as a Shopify Plus shop lets itself be read: 1,000 points a second at 3 points an item are a page of a hundred in 300 ms.</summary>
    [Fact]
    public async Task A_hundred_thousand_skus_at_five_channels_are_reconciled_in_their_window()
    {
        Assert.SkipWhen(Environment.GetEnvironmentVariable("QM_MEASURE") is null, "a measurement, not a check: set QM_MEASURE=1");
        const int Skus = 100_000, Wrong = 1000;
        await using var test = await TestHub.NewAsync(Cancel);
        test.Offers = new StockTerms(0, []) { HideAtZero = true };
        FakeConnector[] shops = [test.Shop, new(), new(), new(), new()];
        foreach (var shop in shops)
        {
            shop.PageDelay = TimeSpan.FromMilliseconds(300);
            shop.Before = c => Task.Delay(150, c);
            for (var i = 0; i < Skus; i++) shop.Shelf[$"s{i}"] = i % (Skus / Wrong) == 0 ? 9 : 5;
        }
        test.Change = plan => plan with
        {
            Connections = plan.Connections.Concat(shops.Skip(1).Select((shop, i) => KeyValuePair.Create($"shop{i + 2}", plan.Connections["shop"] with { Key = $"shop{i + 2}", Connector = shop }))).ToDictionary(),
        };
        await using (var fill = test.Postgres.Source.CreateCommand($"INSERT INTO position(brand, sku, location, on_hand, updated_at) SELECT 'acme', 'S' || i, 'AMS', 5, now() FROM generate_series(0, {Skus - 1}) i")) await fill.ExecuteNonQueryAsync(Cancel);
        var watch = Stopwatch.StartNew();
        await test.StartAsync();
        await test.UntilAsync("SELECT count(*) FROM catalogue WHERE read_at IS NOT NULL", (long)shops.Length, 900);
        var read = watch.Elapsed;
        await test.UntilAsync("SELECT count(*) FROM listing WHERE sent = 5", (long)Wrong * shops.Length, 900);
        TestContext.Current.SendDiagnosticMessage($"{shops.Length} channels of {Skus:N0} listings read in {read.TotalSeconds:0} s, {Wrong * shops.Length:N0} put right after {watch.Elapsed.TotalSeconds:0} s");
        shops.ShouldAllBe(shop => shop.Shelf.Values.All(units => units == 5));
        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromMinutes(15));
    }
}
