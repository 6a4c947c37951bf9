using Quartermaster.Core.Campaigns;
using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Tests.Campaigns;

public sealed class FiguresTests
{
    [Fact]
    public void A_lift_has_the_range_that_the_literature_gives_for_it()
    {
        // Newcombe 1998, table II, example a, method 10: 56/70 against 48/80.
        var lift = Uplift.Between(new(70, 56, 0m), new(80, 48, 0m))!;
        (lift.Points, lift.Low, lift.High).ShouldBe((20.00m, 5.24m, 33.39m));
        lift.IsClear.ShouldBeTrue();
    }

    [Fact]
    public void Nothing_is_said_of_too_few_people_and_chance_is_called_chance()
    {
        Uplift.Between(new(5000, 500, 0m), new(49, 2, 0m)).ShouldBeNull();
        Uplift.Between(new(100, 12, 0m), new(100, 10, 0m))!.IsClear.ShouldBeFalse();
        Uplift.Between(new(100, 0, 0m), new(100, 0, 0m))!.ShouldSatisfyAllConditions(l => l.Points.ShouldBe(0m), l => l.Low.ShouldBeLessThan(0m), l => l.High.ShouldBeGreaterThan(0m));
        new Group(0, 0, 0m).Rate.ShouldBeNull();
    }

    private static readonly DateTimeOffset Now = Sample.Monday;

    private static double Days(double[] ordered, decimal? usual = null, Campaign? flow = null) => ReorderInterval.Of(
        new([.. ordered.Select(d => Now.AddDays(-d))], ordered.Length, false, 0, [], usual), Customer.Order("1", Now), flow ?? ShippedCampaigns.Reorder).TotalDays;

    [Fact]
    public void Of_whom_nothing_is_known_the_goods_the_brand_or_the_flow_says_when()
    {
        Days([]).ShouldBe(45);
        Days([], usual: 30m).ShouldBe(30);
        Days([], usual: 30m, ShippedCampaigns.Reorder with { Lasts = new Dictionary<string, TimeSpan> { ["TEA"] = TimeSpan.FromDays(21) } }).ShouldBe(21);
    }

    [Fact]
    public void Their_own_habit_counts_the_more_the_oftener_they_showed_it()
    {
        Days([10], usual: 40m).ShouldBe(30);
        Days([10, 20], usual: 40m).ShouldBe(25);
        Days([10, 20, 30, 40, 50, 60, 70, 80], usual: 40m).ShouldBe(16);
        Days([10, 20, 120], usual: 40m).ShouldBe(22, "one long pause is no habit");
        Days([0, 0.2, 10], usual: 40m).ShouldBe(30, "two baskets of one day are one purchase");
    }
}
