using Npgsql;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Orders;
using Quartermaster.Core.Stock;
using Quartermaster.Runtime.Intake;
using Quartermaster.Runtime.Operations;
using Quartermaster.Runtime.Partitions;
using Quartermaster.Runtime.Tests.Machine;
using Shouldly;

namespace Quartermaster.Runtime.Tests.Partitions;

public sealed class DecidingTests
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    private static Arrival Raw(string delivery, string body, string stream = "order/9") =>
        new(TestHub.Brand, stream, true, "anything", "shop", delivery, null, System.Text.Encoding.UTF8.GetBytes(body), DateTimeOffset.UtcNow);

    /// <summary>Numbers are given before the commit: a lower one may come to light after higher ones were decided, and under load nobody ever looks from the start by chance.</summary>
    [Theory]
    [InlineData(30)]
    [InlineData(900)]
    public async Task A_signal_that_is_committed_after_later_ones_were_decided_is_decided_while_the_hub_stays_busy(int late)
    {
        await using var test = await TestHub.NewAsync(Cancel);
        await test.StartWithoutLanesAsync();
        var tardy = TestHub.Order("tardy");
        var neighbour = Enumerable.Range(0, 10_000).Select(n => new StreamId(TestHub.Brand, "stock", $"S{n}")).First(s => s.Partition == tardy.Partition);
        await using var connection = await test.Postgres.Source.OpenConnectionAsync(Cancel);
        await using var transaction = await connection.BeginTransactionAsync(Cancel);
        var said = TestHub.Canonical(tardy, new OrderSignal.Reported(TestHub.Facts("tardy", ("A", 1)), "orders/create"));
        await using var command = new NpgsqlCommand("""
            WITH n AS (SELECT nextval('signal_seq') AS seq), s AS (INSERT INTO signal(seq, at, brand, stream, raw, kind, source, body) SELECT seq, now(), $1, $2, false, $3, 'test', $4 FROM n)
            INSERT INTO ready(part, seq) SELECT $5, seq FROM n
            """, connection, transaction)
        { Parameters = { new() { Value = tardy.Brand }, new() { Value = tardy.Key }, new() { Value = said.Kind }, new() { Value = said.Body.ToArray() }, new() { Value = tardy.Partition } } };
        await command.ExecuteNonQueryAsync(Cancel);

        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var busy = Task.Run(async () =>
        {
            for (var n = 0; !enough.IsCancellationRequested; n++)
            {
                await test.SendAsync(neighbour, new StockSignal.Counted(neighbour.Id, "AMS", n, "test", DateTimeOffset.UtcNow));
                await Task.Delay(20, CancellationToken.None);
            }
        }, Cancel);
        await test.UntilAsync("SELECT count(*) FROM position WHERE on_hand > 2", 1L);
        await Task.Delay(late, Cancel);
        await transaction.CommitAsync(Cancel);
        await test.UntilAsync("SELECT count(*) FROM stream WHERE stream = 'order/tardy'", 1L, seconds: 6);
        await enough.CancelAsync();
        await busy;
    }

    /// <summary>Each asks the database for the shelf's row once; all stand in one batch.</summary>
    [Fact]
    public async Task However_many_signals_of_one_stream_are_read_at_once_each_is_decided()
    {
        await using var test = await TestHub.NewAsync(Cancel);
        var door = await test.StartAsync(Quartermaster.Runtime.Hosting.Roles.Intake);
        for (var n = 1; n <= 40; n++) await test.SendAsync(new(TestHub.Brand, "stock", "A"), new StockSignal.Counted("A", "AMS", n, "test", DateTimeOffset.UtcNow), door);
        await test.StartAsync();
        await test.UntilAsync("SELECT on_hand FROM position WHERE sku = 'A'", 40);
        (await test.ScalarAsync("SELECT count(*) FROM parked")).ShouldBe(0L);
    }

    [Fact]
    public async Task An_order_is_reserved_handed_to_the_warehouse_and_the_shopper_is_told()
    {
        await using var test = await TestHub.NewAsync(Cancel);
        await test.StartAsync();
        await test.CountAsync("A", "AMS", 5);
        await test.UntilAsync("SELECT on_hand FROM position", 5);
        await test.PlaceAsync("1", ("A", 2));
        await test.UntilAsync("SELECT status FROM stream WHERE stream = 'order/1'", "submitted");
        await test.QuietAsync();
        (await test.ScalarAsync("SELECT reserved FROM position WHERE sku = 'A'")).ShouldBe(2);
        test.Wms.DoneByKey.Values.ShouldBe([1]);
        test.Chat.DoneByKey.Values.ShouldBe([1]);
        (await test.ScalarAsync("SELECT sum(value) FROM tally WHERE name = 'status/submitted'")).ShouldBe(1m);
        (await test.ScalarAsync("SELECT count(*) FROM lookup WHERE term = 'ada@example.test'")).ShouldBe(1L);
        (await test.ScalarAsync("SELECT sum(reserved) FROM movement")).ShouldBe(2L);
    }

    [Fact]
    public async Task A_poison_signal_is_set_apart_with_its_reason_and_stops_only_its_own_stream()
    {
        await using var test = await TestHub.NewAsync(Cancel);
        await test.StartAsync();
        await test.CountAsync("A", "AMS", 50);
        await test.Hub.Intake.WriteAsync([Raw("1", "poison"), Raw("2", "fine")], Cancel);
        for (var i = 100; i < 120; i++) await test.PlaceAsync(i.ToString(System.Globalization.CultureInfo.InvariantCulture), ("A", 1));
        await test.QuietAsync();
        (await test.ScalarAsync("SELECT count(*) FROM stream WHERE status = 'submitted'")).ShouldBe(20L);
        (await test.ScalarAsync("SELECT string_agg(case_kind || ' ' || behind, ',' ORDER BY seq) FROM parked")).ShouldBe("hub.poison false,behind true");
        ((string)(await test.ScalarAsync("SELECT reason FROM parked WHERE NOT behind"))!).ShouldContain("is not for an order");
    }

    [Fact]
    public async Task An_order_goes_on_without_what_nobody_understands_and_takes_it_in_when_it_is_replayed()
    {
        await using var test = await TestHub.NewAsync(Cancel);
        await test.StartAsync();
        await test.CountAsync("A", "AMS", 50);
        await test.Hub.Intake.WriteAsync([Raw("1", "strange"), Raw("2", "crash")], Cancel);
        await test.UntilAsync("SELECT string_agg(case_kind || ' ' || behind, ',' ORDER BY seq) FROM parked", "fake.strange false,hub.unreadable false");
        await test.PlaceAsync("9", ("A", 1));
        await test.UntilAsync("SELECT status FROM stream WHERE stream = 'order/9'", "submitted");
        await test.ScalarAsync("UPDATE signal SET body = 'mended' WHERE seq = (SELECT min(seq) FROM parked)");
        (await test.Hub.Desk.ReplayAsync(new(CaseKind: "fake.strange"), "ada", Cancel)).ShouldBe(2, "with what else of the order was set apart");
        await test.UntilAsync("SELECT string_agg(case_kind, ',') FROM parked", "hub.unreadable");
        (await test.ScalarAsync("SELECT count(*) FROM effect_log WHERE stream = 'order/9' AND kind LIKE 'fulfilment.submit%'")).ShouldBe(1L);
    }

    [Fact]
    public async Task The_reason_of_a_body_that_cannot_be_read_is_said_in_plain_words()
    {
        await using var test = await TestHub.NewAsync(Cancel);
        await test.StartAsync();
        await test.Hub.Intake.WriteAsync([Raw("1", "[]"), Raw("2", "crash")], Cancel);
        await test.UntilAsync("SELECT string_agg(case_kind || ': ' || reason, ', ' ORDER BY seq) FROM parked", "hub.unreadable: the body is a list, which is not what is expected there, hub.unreadable: the reader has a bug");
    }

    [Fact]
    public async Task A_replay_shows_first_what_it_would_do_and_brings_back_what_stood_behind()
    {
        await using var test = await TestHub.NewAsync(Cancel);
        await test.StartAsync();
        await test.Hub.Intake.WriteAsync([Raw("1", "poison"), Raw("2", "fine")], Cancel);
        await test.UntilAsync("SELECT count(*) FROM parked", 2L);
        var preview = await test.Hub.Desk.PreviewAsync(new(CaseKind: "hub.poison"), Cancel);
        preview.Signals.ShouldBe(1);
        // The reason is mended: the vendor's body is what it is, so the stored bytes stand for a connector that learned to read it.
        await test.ScalarAsync("UPDATE signal SET body = 'mended' WHERE seq = (SELECT min(seq) FROM parked)");
        (await test.Hub.Desk.ReplayAsync(new(CaseKind: "hub.poison"), "ada", Cancel)).ShouldBe(2);
        await test.UntilAsync("SELECT count(*) FROM parked", 0L);
        await test.UntilAsync("SELECT count(*) FROM decision WHERE stream = 'order/9'", 2L);
        (await test.ScalarAsync("SELECT count(*) FROM audit WHERE action = 'replay' AND who = 'ada'")).ShouldBe(1L);
    }

    [Fact]
    public async Task A_signal_that_nobody_needs_is_left_out_with_a_reason_and_what_stood_behind_it_goes_on()
    {
        await using var test = await TestHub.NewAsync(Cancel);
        await test.StartAsync();
        await test.Hub.Intake.WriteAsync([Raw("1", "poison"), Raw("2", "fine")], Cancel);
        await test.UntilAsync("SELECT count(*) FROM parked", 2L);
        var (poison, behind) = ((long)(await test.ScalarAsync("SELECT min(seq) FROM parked"))!, (long)(await test.ScalarAsync("SELECT max(seq) FROM parked"))!);
        await Should.ThrowAsync<InvalidOperationException>(() => test.Hub.Desk.LeaveOutAsync(behind, "no", "ada", Cancel), "it only waits");

        await test.Hub.Desk.LeaveOutAsync(poison, "a test order of the shop", "ada", Cancel);
        await test.UntilAsync("SELECT count(*) FROM parked", 0L);
        await test.UntilAsync("SELECT string_agg(note, ' | ' ORDER BY seq) FROM decision WHERE stream = 'order/9'", "Left out by ada: a test order of the shop | nothing in it");
        (await test.ScalarAsync("SELECT who || ' ' || detail FROM audit WHERE action = 'signal.left_out'")).ShouldBe("ada a test order of the shop");
        await Should.ThrowAsync<InvalidOperationException>(() => test.Hub.Desk.LeaveOutAsync(poison, "again", "ada", Cancel));
    }

    [Fact]
    public async Task What_comes_for_our_orders_while_the_brand_is_off_is_decided_when_it_is_on_again_and_others_orders_stay_with_others()
    {
        await using var test = await TestHub.NewAsync(Cancel);
        await test.StartAsync();
        await test.CountAsync("A", "AMS", 5);
        await test.PlaceAsync("9", ("A", 1));
        await test.UntilAsync("SELECT status FROM stream WHERE stream = 'order/9'", "submitted");
        await test.QuietAsync();

        await SetAsync(test, BrandMode.Off);
        await test.CountAsync("A", "AMS", 7);
        await test.SendAsync(TestHub.Order("9"), new Core.Fulfilment.FulfilmentSignal.Shipped("9", "AMS", "DHL", "T1", [new("A", 1)], DateTimeOffset.UtcNow, null));
        await test.Hub.Intake.WriteAsync([Raw("1", "fine"), Raw("2", "anything", "order/77")], Cancel);
        await test.UntilAsync("SELECT count(*) FROM ready", 0L);
        (await test.ScalarAsync("SELECT string_agg(stream || ' ' || case_kind, ',' ORDER BY stream, seq) FROM parked")).ShouldBe("order/9 hub.brand_off,order/9 hub.brand_off,stock/A hub.brand_off");
        (await test.ScalarAsync("SELECT count(*) FROM decision WHERE stream = 'order/77'")).ShouldBe(1L, "it is none of ours, and that is on record");
        (await test.ScalarAsync("SELECT status FROM stream WHERE stream = 'order/9'")).ShouldBe("submitted");
        (await new Quartermaster.Runtime.ReadModels.FailureReads(test.Postgres.Source).CountsAsync([TestHub.Brand], Cancel)).Parked.ShouldBe(0, "nothing is wrong with them");

        await SetAsync(test, BrandMode.Live);
        await test.UntilAsync("SELECT status FROM stream WHERE stream = 'order/9'", "shipped");
        await test.UntilAsync("SELECT count(*) FROM parked", 0L);
        (await test.ScalarAsync("SELECT count(*) FROM decision WHERE stream = 'order/77'")).ShouldBe(1L);
        await test.UntilAsync("SELECT on_hand FROM position WHERE sku = 'A'", 6);
    }

    private static async Task SetAsync(TestHub test, BrandMode mode)
    {
        await test.Hub.Desk.SetModeAsync(TestHub.Brand, mode, "lea", Cancel);
        for (var i = 0; i < 200 && test.Hub.Switches.ModeOf(TestHub.Brand) != mode; i++) await Task.Delay(25, Cancel);
    }

    [Fact]
    public async Task A_signal_that_the_database_refuses_is_found_among_many_and_set_apart_alone()
    {
        await using var test = await TestHub.NewAsync(Cancel);
        var hub = test.Build();
        await hub.Switches.StartAsync(Cancel);
        await hub.Intake.StartAsync(Cancel);
        for (var i = 0; i < 60; i++) await test.PlaceAsync("n" + i, ("NONE", 1));
        // U+0000 is valid JSON and no valid text: the read model refuses it.
        await test.SendAsync(TestHub.Order("evil"), new OrderSignal.Reported(TestHub.Facts("evil", ("NONE", 1)) with { Buyer = new("c", "Ev\0il", null, null, null) }, "x"));
        await hub.StartAsync(Cancel);
        await test.UntilAsync("SELECT count(*) FROM ready", 0L);
        (await test.ScalarAsync("SELECT string_agg(stream, ',') FROM parked")).ShouldBe("order/evil");
        (await test.ScalarAsync("SELECT count(*) FROM stream WHERE status = 'held'")).ShouldBe(60L);
    }

    [Fact]
    public async Task A_note_with_any_character_and_of_any_length_is_written_and_sets_nothing_apart()
    {
        await using var test = await TestHub.NewAsync(Cancel);
        await test.StartAsync();
        await test.Hub.Intake.WriteAsync([Raw("1", "noise")], Cancel);
        await test.UntilAsync("SELECT count(*) FROM ready", 0L);
        (await test.ScalarAsync("SELECT count(*) FROM parked")).ShouldBe(0L);
        ((string)(await test.ScalarAsync("SELECT note FROM decision WHERE stream = 'order/9'"))!).ShouldBe("a\\u0000b" + new string('x', 1992) + "…");
    }

    [Fact]
    public async Task Ids_of_any_length_and_with_any_character_stop_nobody()
    {
        await using var test = await TestHub.NewAsync(Cancel);
        await test.StartAsync();
        await test.CountAsync("A", "AMS", 50);
        await test.PlaceAsync(Long('1'), ("A", 1));
        await test.PlaceAsync(Long('2'), (Long('3'), 1));
        await test.PlaceAsync("a\0b", ("A", 1));
        await test.CountAsync(Long('4'), "AMS", 5);
        await test.PlaceAsync("fine", ("A", 1));
        await test.QuietAsync();
        // Found under the head of its id; what an index cannot hold in another place is set apart with its reason.
        (await test.ScalarAsync("SELECT status FROM stream WHERE stream LIKE 'order/1%'")).ShouldBe("submitted");
        (await test.ScalarAsync("SELECT status FROM stream WHERE stream = 'order/fine'")).ShouldBe("submitted");
        (await test.ScalarAsync("SELECT string_agg(left(stream, 7) || ' ' || left(reason, 5), ',' ORDER BY seq) FROM parked")).ShouldBe("order/2 54000,order/a 22021,stock/4 54000");
    }

    // Hexadecimal noise: PostgreSQL compresses an index row before it complains.
    private static string Long(char first) => first + string.Concat(Enumerable.Range(0, 120).Select(i => Convert.ToHexString(System.Security.Cryptography.SHA256.HashData([(byte)first, (byte)i]))));

    [Theory]
    [InlineData("decide.read")]
    [InlineData("decide.decided")]
    [InlineData("decide.written")]
    [InlineData("decide.committed")]
    public async Task A_worker_that_dies_between_any_two_steps_leaves_the_same_end(string step)
    {
        await using var test = await TestHub.NewAsync(Cancel);
        var dying = new DiesOnce(step);
        await test.StartAsync(checkpoints: dying);
        await test.CountAsync("A", "AMS", 5);
        for (var i = 0; i < 8; i++) await test.PlaceAsync("o" + i, ("A", 1));
        await test.QuietAsync(30);
        dying.Died.ShouldBeTrue();
        (await test.ScalarAsync("SELECT count(*) FROM stream WHERE status = 'submitted'")).ShouldBe(5L);
        (await test.ScalarAsync("SELECT count(*) FROM stream WHERE status = 'backordered'")).ShouldBe(3L);
        (await test.ScalarAsync("SELECT on_hand - reserved FROM position")).ShouldBe(0);
        test.Wms.DoneByKey.Count.ShouldBe(5);
        test.Wms.DoneByKey.Values.ShouldAllBe(n => n == 1 || step == "decide.committed");
        (await test.ScalarAsync("SELECT count(*) FROM decision WHERE stream LIKE 'order/%' AND events IS NOT NULL")).ShouldBe((await test.ScalarAsync("SELECT sum(version)::bigint FROM stream WHERE stream LIKE 'order/%'")));
    }

    [Fact]
    public async Task A_thousand_buyers_and_one_unit_on_two_processes_make_one_happy_buyer()
    {
        await using var test = await TestHub.NewAsync(Cancel);
        var one = await test.StartAsync();
        var two = await test.StartAsync();
        await test.CountAsync("LAST", "AMS", 1);
        await test.UntilAsync("SELECT on_hand FROM position", 1);
        await Task.WhenAll(Enumerable.Range(0, 1000).Select(i => test.SendAsync(TestHub.Order("b" + i), new OrderSignal.Reported(TestHub.Facts("b" + i, ("LAST", 1)), "orders/create"), i % 2 == 0 ? one : two)));
        await test.QuietAsync(60);
        (await test.ScalarAsync("SELECT count(*) FROM stream WHERE status = 'submitted'")).ShouldBe(1L);
        (await test.ScalarAsync("SELECT count(*) FROM stream WHERE status = 'backordered'")).ShouldBe(999L);
        (await test.ScalarAsync("SELECT reserved FROM position")).ShouldBe(1);
        test.Wms.DoneByKey.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_backordered_order_goes_on_when_stock_arrives_oldest_first()
    {
        await using var test = await TestHub.NewAsync(Cancel);
        await test.StartAsync();
        await test.NoneOfAsync("A");
        await test.PlaceAsync("first", ("A", 1));
        await test.UntilAsync("SELECT status FROM stream WHERE stream = 'order/first'", "backordered");
        await test.PlaceAsync("second", ("A", 1));
        await test.UntilAsync("SELECT status FROM stream WHERE stream = 'order/second'", "backordered");
        await test.CountAsync("A", "BER", 1);
        await test.UntilAsync("SELECT count(*) FROM stream WHERE status = 'submitted'", 1L);
        await test.QuietAsync();
        (await test.ScalarAsync("SELECT count(*) FROM waiting")).ShouldBe(1L);
        await test.CountAsync("A", "BER", 2);
        await test.UntilAsync("SELECT count(*) FROM stream WHERE status = 'submitted'", 2L);
        (await test.ScalarAsync("SELECT count(*) FROM waiting")).ShouldBe(0L);
    }

    [Fact]
    public async Task A_first_count_that_races_with_the_order_that_waits_for_it_is_never_missed()
    {
        await using var test = await TestHub.NewAsync(Cancel);
        await test.StartAsync();
        for (var i = 0; i < 100; i++) await Task.WhenAll(test.PlaceAsync("r" + i, ("R" + i, 1)), test.CountAsync("R" + i, "AMS", 1));
        await test.UntilAsync("SELECT count(*) FROM stream WHERE status = 'submitted'", 100L);
    }

    [Fact]
    public async Task In_shadow_everything_is_decided_and_nothing_is_sent()
    {
        await using var test = await TestHub.NewAsync(Cancel);
        await test.StartAsync();
        await test.Hub.Desk.SetModeAsync(TestHub.Brand, BrandMode.Shadow, "ada", Cancel);
        await Task.Delay(1000, Cancel);
        await test.CountAsync("A", "AMS", 5);
        await test.UntilAsync("SELECT on_hand FROM position", 5);
        await test.PlaceAsync("1", ("A", 2));
        await test.UntilAsync("SELECT status FROM stream WHERE stream = 'order/1'", "allocated");
        (await test.ScalarAsync("SELECT count(*) FROM effect_log WHERE outcome = 'shadow'")).ShouldBe(2L);
        test.Wms.Calls.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_person_closes_a_case_with_a_reason_but_never_one_that_the_hub_closes_itself()
    {
        await using var test = await TestHub.NewAsync(Cancel);
        await test.StartAsync();
        await test.NoneOfAsync("A");
        await test.SendAsync(TestHub.Order("1"), new OrderSignal.Reported(TestHub.Facts("1", ("A", 1)) with { Test = true }, "orders/create"));
        await test.UntilAsync("SELECT count(*) FROM open_case WHERE kind = 'order.test_order'", 1L);
        await test.ScalarAsync("INSERT INTO open_case(brand, stream, key, kind, title, detail, seq, opened_at) VALUES ('acme', 'order/1', 'edit/too_late', 'order.edit_too_late', 't', 'd', 1, now()), ('acme', 'connection/shop', 'count/2026-11-20', 'storefront.counts_differ', 't', 'd', 0, now())");

        await test.Hub.Desk.CloseCaseAsync(TestHub.Order("1"), "edit/too_late", "called her", "ada", Cancel);
        await test.Hub.Desk.CloseCaseAsync(new(TestHub.Brand, "connection", "shop"), "count/2026-11-20", "imported the day", "ada", Cancel);
        (await Should.ThrowAsync<InvalidOperationException>(() => test.Hub.Desk.CloseCaseAsync(TestHub.Order("1"), "hold/TestOrder", "go away", "ada", Cancel))).Message.ShouldContain("closes this case itself");
        await Should.ThrowAsync<InvalidOperationException>(() => test.Hub.Desk.CloseCaseAsync(TestHub.Order("1"), "none", "x", "ada", Cancel));

        await test.UntilAsync("SELECT string_agg(kind, ',') FROM open_case WHERE closed_at IS NULL", "order.test_order");
        (await test.ScalarAsync("SELECT note FROM decision WHERE stream = 'order/1' ORDER BY seq DESC LIMIT 1")).ShouldBe("ada has dealt with it: called her");
        (await test.ScalarAsync("SELECT count(*) FROM audit WHERE who = 'ada' AND action = 'case.settled.v1'")).ShouldBe(2L);
        (await test.ScalarAsync("SELECT version FROM stream WHERE stream = 'order/1'")).ShouldBe(2, "the order remembers that it was dealt with, and nothing else changed");
        (await test.ScalarAsync("SELECT convert_from(events, 'UTF8') LIKE '%order.dealt_with.v1%' FROM decision WHERE stream = 'order/1' ORDER BY seq DESC LIMIT 1")).ShouldBe(true);
    }

    private sealed class DiesOnce(string step) : ICheckpoints
    {
        private int _reached;

        public bool Died => _reached >= 3;

        public ValueTask ReachAsync(string name, CancellationToken cancel) =>
            name == step && Interlocked.Increment(ref _reached) == 3 ? throw new IOException("killed at " + name) : ValueTask.CompletedTask;
    }
}
