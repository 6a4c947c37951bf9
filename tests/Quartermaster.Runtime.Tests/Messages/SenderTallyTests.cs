using Quartermaster.Core.Connecting;
using Quartermaster.Runtime.Messages;
using Shouldly;

namespace Quartermaster.Runtime.Tests.Messages;

/// <summary>A number writes to as many people as it may, and orders come first.</summary>
public sealed class SenderTallyTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 9, 0, 0, TimeSpan.Zero);

    private static readonly SenderStanding One = Of(1);

    private static SenderStanding Of(int? most, string? quality = "GREEN") => new(quality, "TIER", most);

    private static int Room(SenderStanding standing, bool isMarketing)
    {
        var (tally, let) = (new SenderTally(), 0);
        for (var who = 1; who <= 30; who++)
            if (tally.Ask(who, isMarketing, hasAnotherWay: false, standing, Now) is null) let++;
        return let;
    }

    [Theory]
    [InlineData("GREEN", true, 8)]
    [InlineData(null, true, 8)]
    [InlineData("YELLOW", true, 5)]
    [InlineData("RED", true, 0)]
    [InlineData("RED", false, 10)]
    [InlineData("YELLOW", false, 10)]
    public void Marketing_leaves_some_to_orders_and_more_the_worse_it_is_rated(string? quality, bool isMarketing, int room) => Room(Of(10, quality), isMarketing).ShouldBe(room);

    [Fact]
    public void Who_heard_from_it_within_a_day_costs_nothing_and_after_a_day_there_is_room_again()
    {
        var tally = new SenderTally();
        tally.Ask(1, false, true, One, Now).ShouldBeNull();
        tally.Ask(1, false, true, One, Now.AddHours(10)).ShouldBeNull();
        tally.Ask(2, false, true, One, Now.AddHours(11)).ShouldBeOfType<Outcome.Refused>().Code.ShouldBe("number_limit");
        tally.Ask(2, false, false, One, Now.AddHours(11)).ShouldBeOfType<Outcome.TryLater>();
        tally.Ask(2, false, true, One, Now.AddHours(25)).ShouldBeOfType<Outcome.Refused>("they heard from it 15 hours ago");
        tally.Ask(2, false, true, One, Now.AddHours(34)).ShouldBeNull();
    }

    [Fact]
    public void What_waits_is_told_when_there_is_room()
    {
        var tally = new SenderTally();
        tally.Ask(1, false, false, One, Now).ShouldBeNull();
        tally.Ask(2, false, false, One, Now.AddHours(1)).ShouldBeOfType<Outcome.TryLater>().After.ShouldBe(TimeSpan.FromHours(23));
    }

    [Fact]
    public void Whom_another_number_told_counts_and_news_of_it_may_come_late()
    {
        var tally = new SenderTally();
        tally.Told(1, Now);
        tally.Told(1, Now.AddHours(-2));
        tally.Ask(2, false, true, One, Now.AddHours(23)).ShouldBeOfType<Outcome.Refused>();
        tally.Ask(2, false, true, One, Now.AddHours(24)).ShouldBeNull();
    }

    [Fact]
    public void Without_a_limit_nothing_is_asked_unless_readers_complain()
    {
        Of(null).Limits.ShouldBeFalse();
        Of(null, "RED").Limits.ShouldBeTrue();
        Of(250).Limits.ShouldBeTrue();
    }
}
