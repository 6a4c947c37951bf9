using Quartermaster.Runtime.Switches;
using Quartermaster.Runtime.Tests.Machine;
using Shouldly;

namespace Quartermaster.Runtime.Tests.Stock;

/// <summary>A warehouse that is flooded is switched off: orders go elsewhere within a second, or wait until it is on again.</summary>
public sealed class PausedLocationTests
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_location_that_is_off_takes_no_new_orders_and_those_that_waited_go_when_it_is_on()
    {
        await using var test = await TestHub.NewAsync(Cancel);
        await test.StartAsync();
        await test.CountAsync("A", "AMS", 10);
        await test.CountAsync("A", "BER", 1);
        await test.UntilAsync("SELECT sum(on_hand) FROM position", 11L);
        await test.PlaceAsync("1", ("A", 1));
        await test.UntilAsync("SELECT location FROM stream WHERE stream = 'order/1'", "AMS");

        var scope = Switchboard.ScopeOfLocation(TestHub.Brand, "AMS");
        await test.Hub.Desk.SwitchAsync(scope, false, "the cellar is under water", "ann", Cancel);
        await UntilAsync(() => test.Hub.Switches.RoutingOf(TestHub.Brand).Locations[0].Paused);
        await test.PlaceAsync("2", ("A", 1));
        await test.UntilAsync("SELECT location FROM stream WHERE stream = 'order/2'", "BER");
        await test.PlaceAsync("3", ("A", 1));
        await test.UntilAsync("SELECT count(*) FROM waiting", 1L);
        (await test.ScalarAsync("SELECT reserved FROM position WHERE location = 'AMS'")).ShouldBe(1, "what was handed to it goes on");

        await test.Hub.Desk.SwitchAsync(scope, true, "", "ann", Cancel);
        await test.UntilAsync("SELECT location FROM stream WHERE stream = 'order/3'", "AMS");
        test.Hub.Switches.RoutingOf(TestHub.Brand).ShouldBeSameAs(test.Hub.Plan.Brands[TestHub.Brand].Terms, "a brand of which nothing is off pays nothing");
    }

    [Fact]
    public async Task What_waited_for_a_location_goes_although_the_hub_was_down_when_it_was_switched_on()
    {
        await using var test = await TestHub.NewAsync(Cancel);
        var before = await test.StartAsync();
        await test.CountAsync("A", "AMS", 10);
        await test.UntilAsync("SELECT on_hand FROM position", 10);
        var scope = Switchboard.ScopeOfLocation(TestHub.Brand, "AMS");
        await before.Desk.SwitchAsync(scope, false, "the cellar is under water", "ann", Cancel);
        await UntilAsync(() => before.Switches.RoutingOf(TestHub.Brand).Locations[0].Paused);
        await test.PlaceAsync("1", ("A", 1));
        await test.UntilAsync("SELECT count(*) FROM waiting", 1L);
        await before.StopAsync(TimeSpan.FromSeconds(10));

        await before.Desk.SwitchAsync(scope, true, "", "ann", Cancel);
        await test.StartAsync();
        await test.UntilAsync("SELECT location FROM stream WHERE stream = 'order/1'", "AMS");
        await test.UntilAsync("SELECT count(*) FROM hub_value WHERE key LIKE 'reopened/%'", 0L, 30);
    }

    private static async Task UntilAsync(Func<bool> so)
    {
        for (var i = 0; i < 200 && !so(); i++) await Task.Delay(20, Cancel);
        so().ShouldBeTrue();
    }
}
