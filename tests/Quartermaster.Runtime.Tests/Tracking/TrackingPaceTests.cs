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
    public void Trouble_is_asked_past_soon_but_neither_at_once_nor_for_ever()
    {
        var day = TimeSpan.FromDays(1);
        var least = TimeSpan.FromMinutes(5);
        TrackingPace.AfterTrouble(new Outcome.Unsure("reset"), day, played: false).ShouldBe(least);
        TrackingPace.AfterTrouble(new Outcome.TryLater("busy", TimeSpan.Zero), day, played: false).ShouldBe(least, "a wish for at once is not taken at its word");
        TrackingPace.AfterTrouble(new Outcome.TryLater("busy", TimeSpan.FromHours(1)), day, played: false).ShouldBe(TimeSpan.FromHours(1));
        TrackingPace.AfterTrouble(new Outcome.Refused("400", "no such number"), day, played: false).ShouldBe(TrackingPace.Next(Nearness.Unseen, day, played: false), "repeating it would be refused again");
        foreach (var trouble in new Outcome[] { new Outcome.Unsure("reset"), new Outcome.TryLater("busy", TimeSpan.FromHours(1)), new Outcome.Refused("400", "no such number") })
            TrackingPace.AfterTrouble(trouble, TimeSpan.FromDays(61), played: false).ShouldBeNull();
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
