using Quartermaster.Core.Connecting;
using Quartermaster.Core.Fulfilment;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Orders;
using Quartermaster.Runtime.Hosting;
using Quartermaster.Runtime.Intake;
using Quartermaster.Runtime.Operations;
using Quartermaster.Runtime.Tests.Machine;
using Shouldly;

namespace Quartermaster.Runtime.Tests.Partitions;

/// <summary>A stream that does not want an effect any more takes it out of the table, out of the batch, or waits for the lane that has it.</summary>
public sealed class CallOffTests
{
    private const string Log = "SELECT outcome FROM effect_log WHERE key = 'order/1/submit/1'";
    private const string Told = "SELECT count(*) FROM effect_log WHERE key LIKE 'order/1/msg/cancelled%'";
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;
    private static readonly OrderSignal.CancelAsked Cancelled = new("changed her mind", "ann");

    private static bool IsSubmit(Work work) => work.Effect is FulfilmentEffect.SubmitToWarehouse;

    [Fact]
    public async Task A_hand_off_that_waits_for_its_retry_is_never_sent_after_the_cancellation()
    {
        await using var hub = await TestHub.NewAsync(Cancel);
        hub.Wms.Answer = work => IsSubmit(work) ? new Outcome.Unsure("no answer") : new Outcome.Done();
        await hub.StartAsync();
        await hub.CountAsync("A", "AMS", 5);
        await hub.PlaceAsync("1", ("A", 1));
        await hub.UntilAsync("SELECT state FROM effect WHERE key = 'order/1/submit/1' AND attempts = 5", (short)2);
        await hub.SendAsync(TestHub.Order("1"), Cancelled);
        await hub.UntilAsync(Told, 1L);
        (await hub.ScalarAsync(Log)).ShouldBe("cancelled");
        (await hub.ScalarAsync("SELECT why FROM effect_log WHERE key = 'order/1/submit/1'")).ShouldBe("cancelled: changed her mind");
        (await hub.ScalarAsync("SELECT reserved FROM position WHERE location = 'AMS'")).ShouldBe(0);
        await Task.Delay(4500, Cancel);
        hub.Wms.Calls.Count(IsSubmit).ShouldBe(5, "its next retry was due by now");
        hub.Wms.Calls.Count(w => w.Effect is FulfilmentEffect.WithdrawFromWarehouse).ShouldBe(1, "one of the tries may have arrived, so the warehouse was asked");
    }

    [Fact]
    public async Task A_hand_off_on_the_wire_is_asked_back_once_it_has_arrived()
    {
        await using var hub = await TestHub.NewAsync(Cancel);
        TaskCompletionSource arrive = new();
        hub.Wms.Before = cancel => arrive.Task.WaitAsync(cancel);
        await hub.StartAsync();
        await hub.CountAsync("A", "AMS", 5);
        await hub.PlaceAsync("1", ("A", 1));
        await hub.UntilAsync("SELECT state FROM effect WHERE key = 'order/1/submit/1'", (short)1);
        await hub.SendAsync(TestHub.Order("1"), Cancelled);
        await hub.UntilAsync("SELECT count(*) FROM timer WHERE stream = 'order/1' AND key = 'call_off/1'", 1L);
        (await hub.ScalarAsync("SELECT count(*) FROM effect WHERE key = 'order/1/withdraw/1'")).ShouldBe(0L, "asked now, the warehouse would say that it does not have it");
        arrive.SetResult();
        await hub.UntilAsync(Told, 1L);
        (await hub.ScalarAsync(Log)).ShouldBe("done");
        hub.Wms.Calls.Select(w => w.Effect.GetType().Name).ShouldBe(["SubmitToWarehouse", "WithdrawFromWarehouse"]);
    }

    [Fact]
    public async Task An_order_that_is_placed_and_cancelled_in_one_batch_is_never_handed_off()
    {
        await using var hub = await TestHub.NewAsync(Cancel);
        await hub.StartAsync();
        await hub.CountAsync("A", "AMS", 5);
        await hub.QuietAsync();
        await hub.Hub.StopAsync(TimeSpan.FromSeconds(5));
        var door = await hub.StartAsync(Roles.Intake);
        Arrival[] both = [TestHub.Canonical(TestHub.Order("1"), new OrderSignal.Reported(TestHub.Facts("1", ("A", 1)), "orders/create")), TestHub.Canonical(TestHub.Order("1"), Cancelled)];
        await door.Intake.WriteAsync(both, Cancel);
        await hub.StartAsync(Roles.Decide | Roles.Act);
        await hub.UntilAsync(Told, 1L);
        (await hub.ScalarAsync("SELECT count(*) FROM decision d JOIN signal s USING (seq) WHERE d.stream = 'order/1' AND s.source = 'test'")).ShouldBe(2L, "the channel's answer to the cancellation may have come too");
        (await hub.ScalarAsync(Log)).ShouldBe("cancelled");
        (await hub.ScalarAsync("SELECT reserved FROM position WHERE location = 'AMS'")).ShouldBe(0);
        hub.Wms.Calls.ShouldBeEmpty();
    }

    [Fact]
    public async Task In_shadow_a_cancellation_comes_to_its_end_without_a_warehouse()
    {
        await using var hub = await TestHub.NewAsync(Cancel);
        await hub.StartAsync();
        await hub.Hub.Desk.SetModeAsync(TestHub.Brand, BrandMode.Shadow, "test", Cancel);
        await Task.Delay(1000, Cancel);
        await hub.CountAsync("A", "AMS", 5);
        await hub.PlaceAsync("1", ("A", 1));
        await hub.UntilAsync(Log, "shadow");
        await hub.SendAsync(TestHub.Order("1"), Cancelled);
        await hub.UntilAsync(Told, 1L);
        (await hub.ScalarAsync("SELECT reserved FROM position WHERE location = 'AMS'")).ShouldBe(0);
        hub.Wms.Calls.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_refused_hand_off_has_ended_and_cannot_be_replayed_beside_the_one_that_took_its_place()
    {
        await using var hub = await TestHub.NewAsync(Cancel);
        hub.Wms.Answer = work => work.Key == "order/1/submit/1" ? new Outcome.Refused("unknown_sku", "not in our catalogue") : new Outcome.Done();
        await hub.StartAsync();
        await hub.CountAsync("A", "AMS", 5);
        await hub.CountAsync("A", "BER", 5);
        await hub.PlaceAsync("1", ("A", 1));
        await hub.UntilAsync("SELECT outcome FROM effect_log WHERE key = 'order/1/submit/2'", "done");
        (await hub.ScalarAsync(Log)).ShouldBe("refused");
        hub.Wms.Answer = _ => new Outcome.Done();
        await hub.Hub.Desk.ReplayAsync(new(What: "effects"), "ann", Cancel);
        await hub.QuietAsync();
        hub.Wms.Calls.Count(IsSubmit).ShouldBe(2, "one at each warehouse, and the first said no");
    }
}
