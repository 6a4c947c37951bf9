using Quartermaster.Core.Kernel;
using Quartermaster.Core.Risk;

namespace Quartermaster.Core.Tests.Risk;

public sealed class SharedTraitsTests
{
    private static readonly RiskFacts Plain = new(1500m, "INR", false, "asha@example.com", "+919800000001", "IN", "560001", "12 MG Road", "IN", "560001", null);
    private static readonly RiskScorer Counting = new(new RiskPoints { Shared = VelocityLine.Usual });
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1), Day = TimeSpan.FromHours(24);

    [Fact]
    public void A_card_under_several_names_says_how_often_and_how_many()
    {
        var scored = Score(new SharedTrait(TraitKind.Card, Hour, 2, 1, 2, 2));
        scored.Reasons.ShouldHaveSingleItem().ShouldBe(new RiskReason("same_card", 50, "3rd order with this card within an hour, 2 different names"));
    }

    [Fact]
    public void A_device_names_its_buyers_and_its_network_is_not_counted_beside_it() =>
        Score(new(TraitKind.Device, Hour, 3, 2, 3, 3), new(TraitKind.Network, Hour, 30, 20, 25, 28)).Words.ShouldBe("4th order from this device within an hour, 3 different names");

    [Fact]
    public void Who_orders_again_from_the_own_device_with_the_own_card_is_no_reason() =>
        Score(new(TraitKind.Device, Hour, 9, 0, 0, 4), new(TraitKind.Card, Hour, 9, 0, 0, 4), new(TraitKind.Network, Hour, 50, 0, 0, 4)).Reasons.ShouldBeEmpty();

    [Fact]
    public void A_household_counts_half()
    {
        var scored = Score(new SharedTrait(TraitKind.Card, Hour, 2, 2, 2, 0));
        scored.Score.ShouldBe(25);
        scored.Words.ShouldEndWith("3 different names, all to one address, as in a household");
        Score(new SharedTrait(TraitKind.Network, Hour, 50, 40, 40, 0)).Score.ShouldBe(0, "one house has one network");
    }

    [Theory]
    [InlineData(8, 0)]
    [InlineData(9, 10)]
    public void An_office_counts_little_and_from_many_orders_on(int others, int points) => Score(new SharedTrait(TraitKind.Network, Hour, others, others, others, others)).Score.ShouldBe(points);

    [Fact]
    public void The_shortest_window_that_is_reached_gives_the_words()
    {
        Score(new(TraitKind.Device, Hour, 1, 1, 1, 1), new(TraitKind.Device, Day, 4, 4, 4, 4)).Words.ShouldBe("5th order from this device within 24 hours, 5 different names");
        Score(new(TraitKind.Device, Hour, 2, 2, 2, 2), new(TraitKind.Device, Day, 4, 4, 4, 4)).Words.ShouldStartWith("3rd order from this device within an hour");
        Score(new SharedTrait(TraitKind.Device, Hour, 10, 0, 3, 2)).Words.ShouldBe("11th order from this device within an hour, 4 different e-mail addresses");
    }

    [Fact]
    public void One_hasty_buyer_is_counted_once()
    {
        var history = new BuyerHistory(5, 5, 0, 0, Shared: [new(TraitKind.Email, Hour, 5, 0, 0, 0)]);
        Counting.Score(Plain, history).Reasons.Select(r => r.Term).ShouldBe(["same_email"]);
        new RiskScorer(new RiskPoints { Shared = VelocityLine.Usual, SameEmail = 0 }).Score(Plain, history).Reasons.Select(r => r.Term).ShouldBe(["velocity"]);
    }

    [Fact]
    public void A_line_of_zero_counts_nothing_and_a_brand_without_lines_neither()
    {
        var shared = new SharedTrait(TraitKind.Card, Hour, 50, 50, 50, 50);
        new RiskScorer(new RiskPoints { Shared = [new(Hour, 0, 0, 0, 0)] }).Score(Plain, BuyerHistory.None with { Shared = [shared] }).Score.ShouldBe(0);
        new RiskScorer(new RiskPoints()).Score(Plain, BuyerHistory.None with { Shared = [shared] }).Score.ShouldBe(0);
    }

    private static Assessment Score(params SharedTrait[] shared) => Counting.Score(Plain, BuyerHistory.None with { Shared = shared });
}
