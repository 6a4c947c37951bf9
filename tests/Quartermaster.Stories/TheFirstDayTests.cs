using Quartermaster.Core.Orders;
using Quartermaster.Runtime;
using Shouldly;

namespace Quartermaster.Stories;

/// <summary>The day on which a brand goes live: what came before is somebody else's until a person says otherwise.</summary>
public sealed class TheFirstDayTests
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_order_from_before_the_brand_was_live_waits_for_a_person_and_the_next_one_does_not()
    {
        await using var day = await BusinessDay.BeginAsync(Cancel);
        await SetAsync(day, BrandMode.Off);
        var old = day.Order(o => o with { Paid = false });
        for (var i = 0; i < 200 && (long)(await day.ScalarAsync($"SELECT count(*) FROM decision WHERE stream = 'order/{BusinessDay.IdOf(old)}'"))! == 0; i++) await Task.Delay(25, Cancel);
        await Task.Delay(1000, Cancel); // The shop tells whole seconds in reality; this keeps the two instants apart.
        await SetAsync(day, BrandMode.Live);

        day.Shop.Pay(old.Id);
        await day.UntilAsync(old, "held");
        (await day.ScalarAsync("SELECT kind FROM open_case")).ShouldBe("order.placed_before_us");
        await day.UntilAsync(day.Order(), "closed");
        day.Warehouse.HandoffsOf(BusinessDay.IdOf(old)).ShouldBe(0);

        await day.TellAsync(old, new OrderSignal.HoldLiftAsked(HoldKind.PlacedBeforeUs, "ann"));
        await day.UntilAsync(old, "closed");
        day.Warehouse.HandoffsOf(BusinessDay.IdOf(old)).ShouldBe(1);
    }

    private static async Task SetAsync(BusinessDay day, BrandMode mode)
    {
        await day.Hub.Desk.SetModeAsync(day.Brand.Terms.Brand, mode, "lea", Cancel);
        for (var i = 0; i < 200 && day.Hub.Switches.ModeOf(day.Brand.Terms.Brand) != mode; i++) await Task.Delay(25, Cancel);
    }
}
