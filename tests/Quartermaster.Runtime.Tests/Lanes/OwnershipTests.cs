using Npgsql;
using Quartermaster.Core.Connecting;
using Quartermaster.Runtime.Hosting;
using Quartermaster.Runtime.Lanes;
using Quartermaster.Runtime.Tests.Machine;
using Shouldly;

namespace Quartermaster.Runtime.Tests.Lanes;

/// <summary>Who may send an effect, and what becomes of the calls under way when that changes.</summary>
public sealed class OwnershipTests
{
    private const string Cut = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = 'quartermaster lanes' AND datname = current_database()";
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_session_cut_during_a_call_repeats_nothing_when_the_same_process_gets_the_lane_back()
    {
        await using var test = await TestHub.NewAsync(Cancel);
        test.Wms.Limits = new(Batch: 1, Concurrency: 1);
        var gate = new TaskCompletionSource();
        var begun = 0;
        test.Wms.Before = cancel => Interlocked.Increment(ref begun) == 1 ? gate.Task : Task.Delay(200, cancel);
        await test.StartAsync();
        await test.CountAsync("A", "AMS", 1000);
        await test.UntilAsync("SELECT on_hand FROM position", 1000);
        for (var i = 0; i < 10; i++) await test.PlaceAsync("o" + i, ("A", 1));
        await UntilAsync(() => begun > 0);
        await test.ScalarAsync(Cut);
        // Under way and queued alike stay where they are while the lane is taken again.
        await Task.Delay(4000, Cancel);
        await test.PlaceAsync("later", ("A", 1));
        gate.SetResult();
        await test.UntilAsync("SELECT count(*) FROM effect_log WHERE lane = 'wms' AND outcome = 'done' AND attempts = 1", 11L, 10);
        test.Wms.Calls.Count.ShouldBe(11);
        test.Wms.LookUps.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_lane_lost_to_another_process_hands_back_what_was_queued_and_still_writes_what_was_begun()
    {
        await using var test = await TestHub.NewAsync(Cancel);
        test.Wms.Safety = RepeatSafety.ByLookUp;
        test.Wms.Limits = new(Batch: 1, Concurrency: 1);
        var gate = new TaskCompletionSource();
        var begun = 0;
        test.Wms.Before = _ => { Interlocked.Increment(ref begun); return gate.Task; };
        await test.StartAsync();
        await test.CountAsync("A", "AMS", 1000);
        await test.UntilAsync("SELECT on_hand FROM position", 1000);
        for (var i = 0; i < 10; i++) await test.PlaceAsync("o" + i, ("A", 1));
        await UntilAsync(() => begun > 0);
        await test.UntilAsync("SELECT count(*) FROM effect WHERE lane = 'wms' AND state = 1", 10L);

        // Another process stands in line for the lock, so it gets it when the session dies.
        await using var other = new NpgsqlConnection(test.Postgres.ConnectionString);
        await other.OpenAsync(Cancel);
        await using var waits = new NpgsqlCommand("SELECT pg_advisory_lock(78, hashtext('wms'))", other);
        var inLine = waits.ExecuteScalarAsync(Cancel);
        await test.UntilAsync("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND classid = 78 AND NOT granted", 1L);
        await test.ScalarAsync(Cut);
        await inLine;
        await using (var own = new NpgsqlCommand("UPDATE lane SET token = nextval('lane_token'), owner = 'elsewhere/0:1/abc', updated_at = now() WHERE connection = 'wms'", other)) await own.ExecuteNonQueryAsync(Cancel);

        await test.UntilAsync("SELECT count(*) FROM effect WHERE lane = 'wms' AND state = 0 AND doubts = 0", 9L, 10);
        gate.SetResult();
        await test.UntilAsync("SELECT count(*) FROM effect_log WHERE lane = 'wms' AND outcome = 'done'", 1L);
        test.Wms.Calls.Count.ShouldBe(1);
        await other.CloseAsync();
        NpgsqlConnection.ClearPool(other);
        await test.UntilAsync("SELECT count(*) FROM effect_log WHERE lane = 'wms' AND outcome = 'done'", 10L);
        test.Wms.Calls.Count.ShouldBe(10);
        test.Wms.LookUps.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("elsewhere/0:1/abc", false)]
    [InlineData(null, true)]
    [InlineData("dead", true)]
    public async Task Calls_of_a_former_owner_are_waited_for_unless_he_let_go_or_is_known_to_be_dead(string? owner, bool atOnce)
    {
        await using var test = await TestHub.NewAsync(Cancel);
        test.Wms.Safety = RepeatSafety.ByLookUp;
        test.Wms.LookUpAnswer = _ => new Outcome.AlreadyDone("w1");
        await test.StartWithoutLanesAsync();
        await test.CountAsync("A", "AMS", 10);
        await test.PlaceAsync("1", ("A", 1));
        await test.UntilAsync("SELECT count(*) FROM effect WHERE lane = 'wms' AND state = 0", 1L);
        if (owner == "dead") owner = DeadName();
        await test.ScalarAsync($"INSERT INTO lane(connection, token, owner, updated_at) VALUES ('wms', 900, {(owner is null ? "NULL" : $"'{owner}'")}, now())");
        await test.ScalarAsync("SELECT setval('lane_token', 900)");
        await test.ScalarAsync("UPDATE effect SET state = 1, token = 900, next_at = now() + interval '2 minutes' WHERE lane = 'wms'");

        await test.StartAsync(Roles.Act);
        if (atOnce)
        {
            await test.UntilAsync("SELECT outcome FROM effect_log WHERE lane = 'wms'", "already_done");
            test.Wms.LookUps.Count.ShouldBe(1);
        }
        else
        {
            // His last beat, the longest that he goes on without one, one call, and the time to write its outcome.
            await test.UntilAsync("SELECT next_at BETWEEN now() + interval '40 seconds' AND now() + interval '51 seconds' FROM effect WHERE lane = 'wms' AND state = 1 AND token = 900", true);
            await Task.Delay(1500, Cancel);
            test.Wms.LookUps.ShouldBeEmpty();
        }
        test.Wms.Calls.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_drain_during_a_hanging_call_hands_back_only_what_was_never_sent()
    {
        await using var test = await TestHub.NewAsync(Cancel);
        test.Wms.Safety = RepeatSafety.ByLookUp;
        test.Wms.Limits = new(Batch: 1, Concurrency: 1);
        test.Wms.Before = cancel => Task.Delay(Timeout.Infinite, cancel);
        await test.StartAsync();
        await test.CountAsync("A", "AMS", 1000);
        await test.UntilAsync("SELECT on_hand FROM position", 1000);
        for (var i = 0; i < 5; i++) await test.PlaceAsync("o" + i, ("A", 1));
        await test.UntilAsync("SELECT count(*) FROM effect WHERE lane = 'wms' AND state = 1", 5L);
        await test.Hub.StopAsync(TimeSpan.FromSeconds(1));
        (await test.ScalarAsync("SELECT count(*) FROM effect WHERE lane = 'wms' AND state = 0 AND doubts = 0")).ShouldBe(4L);
        (await test.ScalarAsync("SELECT count(*) FROM effect WHERE lane = 'wms' AND state = 2 AND doubts = 1")).ShouldBe(1L);

        test.Wms.Before = null;
        test.Wms.LookUpAnswer = _ => new Outcome.AlreadyDone("w1");
        await test.StartAsync(Roles.Act);
        await test.UntilAsync("SELECT count(*) FROM effect_log WHERE lane = 'wms'", 5L);
        test.Wms.LookUps.Count.ShouldBe(1);
        test.Wms.Calls.Count.ShouldBe(4);
    }

    [Fact]
    public async Task A_drain_whose_call_will_not_end_leaves_it_claimed_and_the_next_owner_asks()
    {
        await using var test = await TestHub.NewAsync(Cancel);
        test.Wms.Safety = RepeatSafety.ByLookUp;
        TaskCompletionSource gate = new(), begun = new();
        test.Wms.Before = _ =>
        {
            begun.TrySetResult();
            return gate.Task;
        };
        await test.StartAsync();
        await test.CountAsync("A", "AMS", 1000);
        await test.PlaceAsync("1", ("A", 1));
        await begun.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancel);
        await test.Hub.StopAsync(TimeSpan.FromSeconds(1));
        (await test.ScalarAsync("SELECT count(*) FROM effect WHERE lane = 'wms' AND state = 1")).ShouldBe(1L);
        (await test.ScalarAsync("SELECT owner FROM lane WHERE connection = 'wms'")).ShouldNotBeNull("a call of its may still be under way");
        (await test.ScalarAsync("SELECT owner FROM lane WHERE connection = 'chat'")).ShouldBeNull();
        gate.SetResult();
    }

    private static string DeadName()
    {
        using var gone = System.Diagnostics.Process.Start("true");
        gone.WaitForExit();
        var parts = OwnerProcess.NewName().Split('/');
        return $"{parts[0]}/{parts[1].Split(':')[0]}:{gone.Id}/abc123";
    }

    private static async Task UntilAsync(Func<bool> so)
    {
        for (var i = 0; i < 500 && !so(); i++) await Task.Delay(20, Cancel);
        so().ShouldBeTrue();
    }
}
