using Quartermaster.Core.Connecting;
using Quartermaster.Runtime.Tracking;
using Shouldly;

namespace Quartermaster.Runtime.Tests.Tracking;

/// <summary>A carrier is asked as often as there may be news, within what its day allows.</summary>
public sealed class TrackingPaceTests
{
    private static readonly DateTimeOffset Midnight = new(2026, 11, 21, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void The_nearer_the_door_the_sooner_it_is_asked_again()
    {
        var day = TimeSpan.FromDays(1);
        var door = TrackingPace.Next(Nearness.AtTheDoor, day, played: false)!.Value;
        door.ShouldBeLessThan(TrackingPace.Next(Nearness.Underway, day, played: false)!.Value);
        TrackingPace.Next(Nearness.Underway, day, played: false)!.Value.ShouldBeLessThan(TrackingPace.Next(Nearness.Unseen, day, played: false)!.Value);
        TrackingPace.Next(Nearness.Over, day, played: false).ShouldBeNull();
        TrackingPace.Next(Nearness.AtTheDoor, TimeSpan.FromDays(30), played: false)!.Value.ShouldBe(TimeSpan.FromHours(12), "what is under way for weeks has no news by the hour");
        TrackingPace.Next(Nearness.Underway, TimeSpan.FromDays(61), played: false).ShouldBeNull();
    }

    [Fact]
    public void A_days_calls_are_spread_over_the_day_and_leave_a_fifth_for_labels()
    {
        var limits = new Limits(PerDay: 1000);
        TrackingPace.HasRoom(limits, 0, Midnight).ShouldBeTrue("the minutes after midnight are not silent");
        TrackingPace.HasRoom(limits, 10, Midnight).ShouldBeFalse();
        TrackingPace.HasRoom(limits, 409, Midnight.AddHours(12)).ShouldBeTrue();
        TrackingPace.HasRoom(limits, 410, Midnight.AddHours(12)).ShouldBeFalse("half of the day has passed");
        TrackingPace.HasRoom(limits, 811, Midnight.AddHours(24).AddSeconds(-1)).ShouldBeFalse();
        TrackingPace.HasRoom(new(), 1_000_000, Midnight).ShouldBeTrue("no limit is none");
    }
}
