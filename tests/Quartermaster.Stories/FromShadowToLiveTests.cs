using Quartermaster.Core.Orders;
using Quartermaster.Runtime;
using Shouldly;

namespace Quartermaster.Stories;

/// <summary>The day on which a brand that ran in shadow goes live, with orders that the old flow has in hand.</summary>
public sealed class FromShadowToLiveTests
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_the_old_flow_began_it_finishes_and_the_hub_takes_new_orders_and_those_it_is_given()
    {
        await using var day = await BusinessDay.BeginAsync(Cancel);
        await day.SetModeAsync(BrandMode.Shadow);
        var (sent, cancelled, left, given) = (day.Order(), day.Order(), day.Order(), day.Order());
        foreach (var order in new[] { sent, cancelled, left, given }) await day.UntilAsync(order, "allocated");
        var held = await ReservedAsync(day);

        await day.SetModeAsync(BrandMode.Live);
        day.Shop.Fulfil(sent.Id, "Old Post", "OLD-1");
        day.Shop.Cancel(cancelled.Id, "customer");
        await day.UntilAsync(sent, "closed");
        await day.UntilAsync(cancelled, "cancelled");
        await day.Hub.Desk.SendAsync(new(day.Brand.Terms.Brand, "order", BusinessDay.IdOf(given)), new OrderSignal.TakeOverAsked("mara"), "mara", Cancel);
        var fresh = day.Order();
        await day.UntilAsync(given, "closed");
        await day.UntilAsync(fresh, "closed");

        foreach (var (order, handoffs) in new[] { (sent, 0), (cancelled, 0), (left, 0), (given, 1), (fresh, 1) }) day.Warehouse.HandoffsOf(BusinessDay.IdOf(order)).ShouldBe(handoffs);
        foreach (var order in new[] { sent, cancelled, left }) (await day.ScalarAsync($"SELECT count(*) FROM effect_log WHERE stream = 'order/{BusinessDay.IdOf(order)}' AND outcome <> 'shadow'")).ShouldBe(0L);
        (await day.ScalarAsync($"SELECT count(*) FROM effect WHERE stream IN ('order/{BusinessDay.IdOf(sent)}', 'order/{BusinessDay.IdOf(left)}')")).ShouldBe(0L);
        // Stock is held for what the old flow has still to send, and for nothing else.
        held.ShouldBeGreaterThan(await ReservedAsync(day));
        (await ReservedAsync(day)).ShouldBe(left.Lines.Sum(l => l.Current));
        (await day.ScalarAsync("SELECT count(*) FROM stream WHERE shadow AND NOT ended")).ShouldBe(1L);
        (await day.ScalarAsync("SELECT count(*) FROM audit WHERE action = 'order.take_over_asked.v1' AND who = 'mara'")).ShouldBe(1L);
    }

    private static async Task<long> ReservedAsync(BusinessDay day) => (long)(await day.ScalarAsync("SELECT sum(reserved) FROM position"))!;
}
