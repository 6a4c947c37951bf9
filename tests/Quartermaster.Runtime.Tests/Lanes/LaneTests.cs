using Quartermaster.Core.Connecting;
using Quartermaster.Runtime.Hosting;
using Quartermaster.Runtime.Tests.Machine;
using Shouldly;

namespace Quartermaster.Runtime.Tests.Lanes;

public sealed class LaneTests
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    private static async Task<TestHub> WithStock()
    {
        var test = await TestHub.NewAsync(Cancel);
        await test.StartAsync();
        await test.CountAsync("A", "AMS", 1000);
        await test.UntilAsync("SELECT on_hand FROM position", 1000);
        return test;
    }

    [Fact]
    public async Task A_failure_before_the_work_is_tried_again_under_the_same_key()
    {
        await using var test = await WithStock();
        test.Wms.Answer = work => work.Attempt < 3 ? new Outcome.TryLater("busy") : new Outcome.Done("w1");
        await test.PlaceAsync("1", ("A", 1));
        await test.UntilAsync("SELECT attempts::int FROM effect_log WHERE lane = 'wms'", 3);
        test.Wms.Calls.Select(c => c.Key).Distinct().Count().ShouldBe(1);
        await test.UntilAsync("SELECT status FROM stream WHERE stream = 'order/1'", "submitted");
    }

    [Fact]
    public async Task An_unsure_effect_is_looked_up_before_it_is_repeated_and_not_repeated_when_it_arrived()
    {
        await using var test = await TestHub.NewAsync(Cancel);
        test.Wms.Safety = RepeatSafety.ByLookUp;
        test.Wms.Answer = _ => new Outcome.Unsure("timeout");
        test.Wms.LookUpAnswer = _ => new Outcome.AlreadyDone("w1");
        await test.StartAsync();
        await test.CountAsync("A", "AMS", 10);
        await test.PlaceAsync("1", ("A", 1));
        await test.UntilAsync("SELECT outcome FROM effect_log WHERE lane = 'wms'", "already_done");
        test.Wms.Calls.Count.ShouldBe(1);
        test.Wms.LookUps.Count.ShouldBe(1);
    }

    [Fact]
    public async Task What_nobody_can_find_out_waits_for_a_person_who_says_that_it_happened()
    {
        await using var test = await TestHub.NewAsync(Cancel);
        test.Wms.Safety = RepeatSafety.None;
        test.Wms.Answer = _ => new Outcome.Unsure("timeout");
        await test.StartAsync();
        await test.CountAsync("A", "AMS", 10);
        await test.PlaceAsync("1", ("A", 1));
        await test.UntilAsync("SELECT count(*) FROM open_case WHERE kind = 'effect.unsure' AND closed_at IS NULL", 1L);
        test.Wms.Calls.Count.ShouldBe(1);
        var id = (long)(await test.ScalarAsync("SELECT id FROM effect WHERE state = 4"))!;
        await test.Hub.Desk.ResolveAsync(id, happened: true, "ada", Cancel);
        await test.UntilAsync("SELECT status FROM stream WHERE stream = 'order/1'", "submitted");
        (await test.ScalarAsync("SELECT count(*) FROM open_case WHERE kind = 'effect.unsure' AND closed_at IS NULL")).ShouldBe(0L);
        test.Wms.Calls.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_switch_stops_a_connection_within_a_second_while_orders_still_come_in()
    {
        await using var test = await WithStock();
        await test.Hub.Desk.SwitchAsync("connection/wms", on: false, "rehearsal", "ada", Cancel);
        await Task.Delay(1000, Cancel);
        for (var i = 0; i < 20; i++) await test.PlaceAsync("o" + i, ("A", 1));
        await test.UntilAsync("SELECT count(*) FROM stream WHERE status = 'allocated'", 20L);
        await Task.Delay(300, Cancel);
        test.Wms.Calls.ShouldBeEmpty();
        await test.Hub.Desk.SwitchAsync("connection/wms", on: true, "over", "ada", Cancel);
        await test.UntilAsync("SELECT count(*) FROM stream WHERE status = 'submitted'", 20L);
        test.Wms.DoneByKey.Values.ShouldAllBe(n => n == 1);
    }

    [Fact]
    public async Task A_switch_for_one_kind_of_effect_holds_only_that_kind()
    {
        await using var test = await WithStock();
        await test.Hub.Desk.SwitchAsync("effect/message.send.v1", on: false, "copy is wrong", "ada", Cancel);
        await Task.Delay(1000, Cancel);
        await test.PlaceAsync("1", ("A", 1));
        await test.UntilAsync("SELECT status FROM stream WHERE stream = 'order/1'", "submitted");
        test.Chat.Calls.ShouldBeEmpty();
        await test.Hub.Desk.SwitchAsync("effect/message.send.v1", on: true, "mended", "ada", Cancel);
        await test.QuietAsync();
        test.Chat.Calls.Count.ShouldBe(1);
    }

    [Fact]
    public async Task When_the_owner_of_a_lane_vanishes_another_process_takes_it_and_nothing_is_done_twice()
    {
        await using var test = await TestHub.NewAsync(Cancel);
        var first = await test.StartAsync();
        var second = await test.StartAsync();
        await test.CountAsync("A", "AMS", 1000);
        await test.UntilAsync("SELECT on_hand FROM position", 1000);
        for (var i = 0; i < 200; i++) await test.PlaceAsync("o" + i, ("A", 1));
        // The session that holds the locks is cut, as a crash would cut it.
        await test.ScalarAsync("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = 'quartermaster lanes' AND datname = current_database()");
        for (var i = 200; i < 300; i++) await test.PlaceAsync("o" + i, ("A", 1));
        await test.QuietAsync(30);
        test.Wms.DoneByKey.Count.ShouldBe(300);
        (await test.ScalarAsync("SELECT count(*) FROM effect_log WHERE lane = 'wms'")).ShouldBe(300L);
        (first.Lanes!.Find("wms")!.Token != 0 || second.Lanes!.Find("wms")!.Token != 0).ShouldBeTrue();
        (await test.ScalarAsync("SELECT count(DISTINCT key) FROM effect_log")).ShouldBe(await test.ScalarAsync("SELECT count(*) FROM effect_log"));
    }

    [Fact]
    public async Task A_drain_finishes_what_is_under_way_and_leaves_nothing_claimed()
    {
        await using var test = await WithStock();
        test.Wms.Before = cancel => Task.Delay(100, cancel);
        for (var i = 0; i < 100; i++) await test.PlaceAsync("o" + i, ("A", 1));
        await test.Hub.StopAsync(TimeSpan.FromSeconds(10));
        (await test.ScalarAsync("SELECT count(*) FROM effect WHERE state = 1")).ShouldBe(0L);
        test.Wms.DoneByKey.Count.ShouldBe((int)(long)(await test.ScalarAsync("SELECT count(*) FROM effect_log WHERE lane = 'wms'"))!);
        await test.StartAsync();
        await test.QuietAsync(30);
        test.Wms.DoneByKey.Count.ShouldBe(100);
        test.Wms.DoneByKey.Values.ShouldAllBe(n => n == 1);
    }

    [Fact]
    public async Task Processes_with_different_roles_do_the_work_of_one()
    {
        await using var test = await TestHub.NewAsync(Cancel);
        var intake = await test.StartAsync(Roles.Intake);
        await test.StartAsync(Roles.Decide);
        await test.StartAsync(Roles.Act);
        await test.SendAsync(new(TestHub.Brand, "stock", "A"), new Core.Stock.StockSignal.Counted("A", "AMS", 5, "test", DateTimeOffset.UtcNow), intake);
        await test.PlaceAsync("1", ("A", 1));
        await test.UntilAsync("SELECT status FROM stream WHERE stream = 'order/1'", "submitted");
        await test.QuietAsync();
    }
}
