using Microsoft.Extensions.Logging.Abstractions;
using Quartermaster.Runtime.Hosting;
using Quartermaster.Runtime.Migrations;
using Quartermaster.Runtime.Tests.Machine;
using Shouldly;

namespace Quartermaster.Runtime.Tests.Hosting;

public sealed class HousekeepingTests
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    private static Housekeeping Of(HubRuntime hub) => new(hub, new HubOptions(), TimeProvider.System, NullLogger.Instance);

    [Fact]
    public async Task A_quiet_hub_begins_a_new_partition_and_drops_what_is_past_its_time_and_goes_on_taking_signals()
    {
        await using var test = await TestHub.NewAsync(Cancel);
        await test.StartAsync();
        await test.CountAsync("A", "AMS", 5);
        await test.PlaceAsync("old", ("A", 1));
        await test.UntilAsync("SELECT status FROM stream WHERE stream = 'order/old'", "submitted");
        await test.QuietAsync();
        await using var connection = await test.Postgres.Source.OpenConnectionAsync(Cancel);

        await History.TurnOverAsync(connection, DateTimeOffset.UtcNow.AddDays(-1), Cancel);
        (await test.ScalarAsync("SELECT last_value < 5000000 FROM signal_seq")).ShouldBe(true, "nothing is a day old yet");
        await test.ScalarAsync("UPDATE signal SET at = at - interval '500 days'; UPDATE effect_log SET done_at = done_at - interval '500 days'");
        await test.ScalarAsync("INSERT INTO parked(seq, part, brand, stream, kind, source, case_kind, reason, at) SELECT min(seq), 0, 'acme', 'order/x', 'k', 's', 'c', 'r', now() FROM signal");
        await Of(test.Hub).RareAsync(Cancel);
        (await test.ScalarAsync("SELECT to_regclass('signal_00000') IS NOT NULL AND to_regclass('effect_log_00000') IS NULL")).ShouldBe(true, "a signal of it can still be replayed");
        await test.ScalarAsync("DELETE FROM parked");
        await Of(test.Hub).RareAsync(Cancel);

        (await test.ScalarAsync("SELECT last_value >= 5000000 FROM signal_seq")).ShouldBe(true);
        (await test.ScalarAsync("SELECT location || ' ' || on_hand || ' ' || reserved FROM movement_before")).ShouldBe("AMS 5 1", "the ledger's sum stays the position");
        await Of(test.Hub).CompareLedgerAsync(Cancel);
        (await test.ScalarAsync("SELECT count(*) FROM open_case WHERE kind = 'stock.ledger_differs'")).ShouldBe(0L);
        (await test.ScalarAsync("SELECT string_agg(c.relname, ',' ORDER BY c.relname) FROM pg_class c WHERE c.relname LIKE '%00000' AND c.relkind = 'r'")).ShouldBeNull("they go together");
        await test.Hub.StopAsync(TimeSpan.FromSeconds(10));
        var next = await test.StartAsync();
        await test.SendAsync(TestHub.Order("new"), new Core.Orders.OrderSignal.Reported(TestHub.Facts("new", ("A", 1)), "orders/create"), next);
        await test.UntilAsync("SELECT status FROM stream WHERE stream = 'order/new'", "submitted");
        await test.UntilAsync("SELECT count(*) FROM effect_log WHERE stream = 'order/new' AND kind LIKE 'fulfilment%' AND outcome = 'done'", 1L);
        (await History.DropOlderAsync(connection, DateTimeOffset.UtcNow.AddDays(-400), Cancel)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Old_counters_are_added_up_and_lose_nothing()
    {
        await using var test = await TestHub.NewAsync(Cancel);
        // Not started: its own housekeeping would hold the lock now and then.
        var hub = test.Build(Roles.None);
        await test.ScalarAsync("""
            INSERT INTO tally(brand, day, name, shard, value) VALUES ('acme', current_date - 9, 'placed', 0, 1), ('acme', current_date - 9, 'placed', 5, 2), ('acme', current_date - 9, 'placed', 7, 4),
              ('acme', current_date, 'placed', 5, 8), ('acme', '-infinity', 'status/held', 5, 16), ('acme', current_date - 900, 'placed', 5, 32)
            """);
        await Of(hub).RareAsync(Cancel);
        (await test.ScalarAsync("SELECT string_agg(shard || ':' || value, ',' ORDER BY value) FROM tally")).ShouldBe("0:7,5:8,5:16");
    }

    [Fact]
    public async Task Marketing_is_remembered_for_as_long_as_somebody_counts_it()
    {
        await using var test = await TestHub.NewAsync(Cancel);
        test.Change = plan => plan with { Brands = plan.Brands.ToDictionary(b => b.Key, b => b.Value with { Terms = b.Value.Terms with { Contact = new(Days: 30) } }) };
        var hub = test.Build(Roles.None);
        await test.ScalarAsync("INSERT INTO marketing_sent(brand, address, key, channel, at) SELECT 'acme', 'ada@example.test', 'm' || n, 'email', now() - n * interval '1 day' FROM unnest(ARRAY[1, 29, 40]) n");
        await Of(hub).RareAsync(Cancel);
        (await test.ScalarAsync("SELECT string_agg(key, ',' ORDER BY key) FROM marketing_sent")).ShouldBe("m1,m29");
    }

    [Fact]
    public async Task Orders_that_no_location_can_serve_do_not_hide_those_behind_them()
    {
        await using var test = await TestHub.NewAsync(Cancel);
        var hub = test.Build(Roles.None);
        await test.ScalarAsync("""
            INSERT INTO position(brand, sku, location, on_hand, updated_at) VALUES ('acme', 'A', 'AMS', 1, now()), ('acme', 'B', 'BER', 1, now());
            INSERT INTO waiting(brand, sku, since, stream) SELECT 'acme', s, now() - interval '2 hours', 'order/split' || n FROM generate_series(1, 1500) n, unnest(ARRAY['A', 'B']) s;
            INSERT INTO waiting(brand, sku, since, stream) SELECT 'acme', 'A', now() - interval '1 hour', 'order/one' || n FROM generate_series(1, 1500) n
            """);
        var housekeeping = Of(hub);
        await housekeeping.WakeWaitingAsync(Cancel);
        (await test.ScalarAsync("SELECT count(*) FROM signal WHERE stream LIKE 'order/one%'")).ShouldBe(1000L);
        await housekeeping.WakeWaitingAsync(Cancel);
        (await test.ScalarAsync("SELECT count(DISTINCT stream) FROM signal WHERE stream LIKE 'order/one%'")).ShouldBe(1500L);
        (await test.ScalarAsync("SELECT count(*) FROM signal WHERE stream LIKE 'order/split%'")).ShouldBe(0L);
    }

    [Fact]
    public async Task Who_waits_for_a_yes_is_asked_after_who_ordered_it_and_once_for_each_change()
    {
        await using var test = await TestHub.NewAsync(Cancel);
        var housekeeping = Of(test.Build(Roles.None));
        await test.ScalarAsync("""
            INSERT INTO position(brand, sku, location, on_hand, updated_at) VALUES ('acme', 'GREEN', 'AMS', 1, now() - interval '1 hour');
            INSERT INTO waiting(brand, sku, since, stream, units) VALUES ('acme', 'RED', now() - interval '3 hours', 'order/asks', 2), ('acme', 'GREEN', now() - interval '3 hours', 'order/asks', 0), ('acme', 'GREEN', now() - interval '2 hours', 'order/own', 2)
            """);
        await SweptAsync("order/own,order/asks");
        await SweptAsync("order/own,order/asks,order/own");
        await test.ScalarAsync("UPDATE position SET updated_at = now()");
        await SweptAsync("order/own,order/asks,order/own,order/own,order/asks");

        async Task SweptAsync(string woken)
        {
            await housekeeping.WakeWaitingAsync(Cancel);
            (await test.ScalarAsync("SELECT string_agg(stream, ',' ORDER BY seq) FROM signal")).ShouldBe(woken);
        }
    }

    [Fact]
    public async Task A_poll_that_is_cut_short_keeps_what_it_told_and_goes_on_from_there()
    {
        await using var test = await TestHub.NewAsync(Cancel);
        var told = DateTimeOffset.UtcNow.AddMinutes(-1);
        test.Shop.Changed.Add(new("anything", "d1", null, TestHub.Order("7"), "nothing in it"u8.ToArray(), told));
        test.Shop.PollFails = new HttpRequestException("429");
        await test.StartAsync();
        await test.UntilAsync("SELECT error FROM poll WHERE connection = 'shop'", "429", 20);
        (await test.ScalarAsync("SELECT count(*) FROM signal WHERE source = 'shop' AND stream = 'order/7'")).ShouldBe(1L);
        ((DateTime)(await test.ScalarAsync("SELECT since FROM poll WHERE connection = 'shop'"))!).ShouldBe(told.UtcDateTime, TimeSpan.FromMilliseconds(1));
    }

    [Fact]
    public async Task What_a_warehouses_webhook_lost_is_found_by_a_poll()
    {
        await using var test = await TestHub.NewAsync(Cancel);
        test.Wms.Changed.Add(new("stock", "d1", null, new(TestHub.Brand, "stock", "A"), "nothing in it"u8.ToArray()));
        await test.StartAsync();
        await test.UntilAsync("SELECT count(*) FROM signal WHERE source = 'wms' AND stream = 'stock/A'", 1L, 20);
        await test.UntilAsync("SELECT count(*) FROM poll WHERE connection = 'wms' AND last_run_at IS NOT NULL AND subscriptions_checked_at IS NULL", 1L);
    }
}
