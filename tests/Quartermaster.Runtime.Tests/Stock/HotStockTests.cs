using System.Diagnostics;
using Quartermaster.Core.Orders;
using Quartermaster.Runtime.Hosting;
using Quartermaster.Runtime.Tests.Machine;
using Quartermaster.Testing;
using Shouldly;

namespace Quartermaster.Runtime.Tests.Stock;

/// <summary>A drop: everybody wants the same few things at once, and two processes decide.</summary>
public sealed class HotStockTests
{
    private const int Buyers = 1000, Skus = 50, OfEach = 5;
    private static readonly string[] Places = ["AMS", "BER", "PAR"];
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Who_ordered_it_is_woken_before_older_orders_that_would_only_take_it_instead_and_few_of_those()
    {
        await using var test = await TestHub.NewAsync(Cancel);
        await test.StartWithoutLanesAsync();
        await test.ScalarAsync("""
            INSERT INTO waiting(brand, sku, since, stream, units) SELECT 'acme', 'BLUE', now() - interval '2 hours', 'order/red' || n, 0 FROM generate_series(1, 300) n;
            INSERT INTO waiting(brand, sku, since, stream, units) VALUES ('acme', 'BLUE', now() - interval '1 hour', 'order/blue', 1)
            """);
        await test.CountAsync("BLUE", "AMS", 2);
        await test.UntilAsync("SELECT count(*) FROM signal WHERE kind = 'stock.arrived.v1'", 103L);
        (await test.ScalarAsync("SELECT stream FROM signal WHERE kind = 'stock.arrived.v1' ORDER BY seq LIMIT 1")).ShouldBe("order/blue");
    }

    [Fact]
    public async Task Paid_in_one_batch_every_order_gets_what_was_kept_for_it()
    {
        const int Orders = 60;
        await using var test = await TestHub.NewAsync(Cancel);
        test.ReserveUnpaidFor = TimeSpan.FromHours(1);
        var hub = await test.StartAsync(Roles.Intake | Roles.Decide);
        await test.CountAsync("A", "AMS", Orders);
        await test.UntilAsync("SELECT on_hand FROM position", Orders);
        static OrderFacts Facts(int i, bool paid) => TestHub.Facts("o" + i, ("A", 1)) with
        {
            UpdatedAt = DateTimeOffset.UnixEpoch.AddYears(56).AddSeconds(paid ? 1 : 0),
            Payment = new(paid ? PaymentState.Paid : PaymentState.Pending, PaymentMethod.Prepaid, "card", paid ? 10m : 0m),
        };
        await Task.WhenAll(Enumerable.Range(0, Orders).Select(i => test.SendAsync(TestHub.Order("o" + i), new OrderSignal.Reported(Facts(i, false), "orders/create"))));
        await test.UntilAsync("SELECT reserved FROM position", Orders);

        await hub.Intake.WriteAsync([.. Enumerable.Range(0, Orders).Select(i => TestHub.Canonical(TestHub.Order("o" + i), new OrderSignal.Reported(Facts(i, true), "orders/paid")))], Cancel);

        await test.UntilAsync("SELECT count(*) FROM stream WHERE status = 'allocated'", (long)Orders);
        (await test.ScalarAsync("SELECT count(*) FROM decision WHERE note LIKE '%Backordered%'")).ShouldBe(0L, "not for a moment either");
        (await StockLedger.UncoveredAsync(test.Postgres.Source, Cancel)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_thousand_buyers_at_fifty_hot_skus_get_what_is_there_and_the_ledger_proves_it()
    {
        await using var test = await TestHub.NewAsync(Cancel);
        test.Locations.Add(new("PAR", "Paris", "wms", "FR", "7", 7m));
        var one = await test.StartAsync(Roles.Intake | Roles.Decide);
        var other = await test.StartAsync(Roles.Intake | Roles.Decide);
        foreach (var place in Places) await Task.WhenAll(Enumerable.Range(0, Skus).Select(i => test.CountAsync("HOT" + i, place, OfEach)));
        await test.UntilAsync("SELECT sum(on_hand) FROM position", (long)Skus * Places.Length * OfEach);

        var random = new Random(20261121);
        var wants = Enumerable.Range(0, Buyers).Select(_ => ("HOT" + random.Next(Skus), 1 + random.Next(2))).ToList();
        var watch = Stopwatch.StartNew();
        var buying = Task.WhenAll(wants.Select((w, i) => test.SendAsync(TestHub.Order("o" + i), new OrderSignal.Reported(TestHub.Facts("o" + i, w), "orders/create"), i % 2 == 0 ? one : other)));
        List<double> decided = [];
        while (decided.Count < Buyers && watch.Elapsed.TotalSeconds < 60)
        {
            var now = (long)(await test.ScalarAsync("SELECT count(*) FROM stream WHERE status IN ('allocated', 'backordered')"))!;
            while (decided.Count < now) decided.Add(watch.Elapsed.TotalMilliseconds);
            await Task.Delay(5, Cancel);
        }
        await buying;
        decided.Count.ShouldBe(Buyers);
        TestContext.Current.SendDiagnosticMessage($"{Buyers} buyers at once, {Skus} SKUs, {Places.Length} locations, 2 processes: {Buyers / watch.Elapsed.TotalSeconds:0} decided/s, p50 {decided[Buyers / 2]:0} ms, p99 {decided[Buyers * 99 / 100]:0} ms after the first was sent");

        (await StockLedger.UncoveredAsync(test.Postgres.Source, Cancel)).ShouldBeEmpty();
        (await test.ScalarAsync("SELECT count(*) FROM position p JOIN (SELECT brand, sku, location, sum(on_hand) AS h, sum(reserved) AS r FROM movement GROUP BY 1, 2, 3) m USING (brand, sku, location) WHERE (p.on_hand, p.reserved) <> (m.h, m.r)")).ShouldBe(0L);
        // Who wants two is not served from two places, so a last single unit may stay; nobody who wants one waits beside it.
        (await test.ScalarAsync("SELECT count(*) FROM waiting w JOIN position p USING (brand, sku) JOIN stream s ON s.stream = w.stream WHERE p.on_hand - p.reserved >= s.units")).ShouldBe(0L, "nobody waits for what is there");
        (await test.ScalarAsync("SELECT sum(units) FROM stream WHERE status = 'allocated'")).ShouldBe(await test.ScalarAsync("SELECT sum(reserved) FROM position"));
    }
}
