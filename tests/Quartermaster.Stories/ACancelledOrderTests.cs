using Quartermaster.Core.Orders;
using Quartermaster.Sandbox.Twins;
using Shouldly;

namespace Quartermaster.Stories;

/// <summary>A shopper changes her mind at every point of the way to the warehouse and out of it.</summary>
public sealed class ACancelledOrderTests
{
    private const string Told = "SELECT count(*) FROM effect_log WHERE key LIKE '%/msg/cancelled%'";
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Cancelled_after_the_parcel_left_is_too_late_and_the_goods_stay_sold()
    {
        await using var day = await BusinessDay.BeginAsync(Cancel, units: 100, ("sandbox_short", "0"), ("sandbox_split", "0"));
        // Every webhook of the warehouse is late by a third of a second at least, so the hub asks before it knows.
        day.FaultsOf("warehouse-rest").Reorder = 1;
        var order = day.Order();
        await UntilShippedAsync(day, order);
        await day.TellAsync(order, new OrderSignal.CancelAsked("changed her mind", "ann"));
        await UntilAsync(day, "SELECT count(*) FROM effect_log WHERE kind = 'fulfilment.withdraw_from_warehouse.v1' AND outcome = 'refused'", 1L);
        await UntilAsync(day, $"SELECT count(*) FROM open_case WHERE kind = 'order.too_late_to_cancel' AND stream = 'order/{BusinessDay.IdOf(order)}'", 1L);
        await day.UntilAsync(order, "closed");
        (await day.ScalarAsync(Told)).ShouldBe(0L, "she was not told that it is cancelled");
        (await day.ScalarAsync("SELECT count(*) FROM movement WHERE kind = 'released'")).ShouldBe(0L, "nothing that left may be sold again");
    }

    [Fact]
    public async Task Cancelled_while_the_warehouse_thinks_about_it_waits_for_its_word()
    {
        await using var day = await BusinessDay.BeginAsync(Cancel, units: 100, ("sandbox_ship_ms", "60000"), ("sandbox_pending", "1"), ("sandbox_decide_ms", "1500"));
        var order = day.Order();
        await day.UntilAsync(order, "accepted");
        await day.TellAsync(order, new OrderSignal.CancelAsked("changed her mind", "ann"));
        await UntilAsync(day, "SELECT count(*) FROM effect WHERE kind = 'fulfilment.withdraw_from_warehouse.v1' AND state = 2", 1L);
        (await day.ScalarAsync("SELECT sum(reserved) > 0 FROM position")).ShouldBe(true, "nobody knows yet whether it can be stopped");
        (await day.ScalarAsync(Told)).ShouldBe(0L);
        await UntilAsync(day, Told, 1L);
        (await day.ScalarAsync("SELECT sum(reserved) FROM position")).ShouldBe(0L);
        (await day.ScalarAsync("SELECT count(*) FROM effect WHERE kind = 'fulfilment.withdraw_from_warehouse.v1'")).ShouldBe(0L, "it is not asked once more");
    }

    [Fact]
    public async Task Cancelled_while_the_hand_off_waits_for_its_retry_never_reaches_the_warehouse()
    {
        await using var day = await BusinessDay.BeginAsync(Cancel);
        var faults = day.FaultsOf("warehouse-rest");
        faults.FailBefore = 1;
        var order = day.Order();
        await UntilAsync(day, "SELECT count(*) FROM effect WHERE kind = 'fulfilment.submit_to_warehouse.v1' AND attempts > 0 AND state = 2", 1L);
        await day.TellAsync(order, new OrderSignal.CancelAsked("changed her mind", "ann"));
        await UntilAsync(day, "SELECT count(*) FROM effect_log WHERE kind = 'fulfilment.submit_to_warehouse.v1' AND outcome = 'cancelled'", 1L);
        faults.FailBefore = 0;
        await UntilAsync(day, Told, 1L, 60);
        day.Warehouse.HandoffsOf(BusinessDay.IdOf(order)).ShouldBe(0);
        (await day.ScalarAsync("SELECT sum(reserved) FROM position")).ShouldBe(0L);
    }

    private static async Task UntilShippedAsync(BusinessDay day, ShopOrder order)
    {
        for (var i = 0; i < 400 && !day.Warehouse.HasShipped(BusinessDay.IdOf(order)); i++) await Task.Delay(10, Cancel);
        day.Warehouse.HasShipped(BusinessDay.IdOf(order)).ShouldBeTrue();
    }

    private static async Task UntilAsync(BusinessDay day, string sql, object expected, int seconds = 30)
    {
        object? last = null;
        for (var i = 0; i < seconds * 40; i++)
        {
            last = await day.ScalarAsync(sql);
            if (Equals(last, expected)) return;
            await Task.Delay(25, Cancel);
        }
        throw new ShouldAssertException($"{sql}\n is {last ?? "null"}, expected {expected}.");
    }
}
