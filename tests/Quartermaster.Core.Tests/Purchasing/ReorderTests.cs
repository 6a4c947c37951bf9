using Quartermaster.Core.Kernel;
using Quartermaster.Core.Purchasing;

namespace Quartermaster.Core.Tests.Purchasing;

public sealed class ReorderTests
{
    private static readonly ReplenishmentTerms Weekly = new() { ReviewDays = 7, ServiceLevel = 0.95m };

    // Values of the standard normal table.
    [Theory]
    [InlineData(0.5, 0)]
    [InlineData(0.9, 1.281552)]
    [InlineData(0.95, 1.644854)]
    [InlineData(0.975, 1.959964)]
    [InlineData(0.99, 2.326348)]
    [InlineData(0.999, 3.090232)]
    public void The_quantile_is_that_of_the_table(double share, double z) => Math.Round(Reorder.Quantile((decimal)share), 6).ShouldBe((decimal)z);

    // Ten a day, deviation 4, two weeks of lead time, a week of review: 21 days to protect; 1.645 · 4 · √21 = 30.2.
    [Fact]
    public void The_reorder_point_is_the_demand_of_lead_time_and_review_and_the_safety_on_top()
    {
        var levels = Reorder.Levels(new SalesRate(10, 10, 10, 10, 4), leadDays: 14, Weekly);
        levels.ShouldBe(new ReorderLevels(Point: 241, UpTo: 311, Safety: 31));
    }

    [Theory]
    [InlineData(242, 1, 0, 0)] // above the point
    [InlineData(241, 1, 0, 70)]
    [InlineData(241, 24, 0, 72)] // whole packs
    [InlineData(241, 24, 100, 120)] // the supplier's least, in whole packs
    [InlineData(-9, 1, 0, 320)] // promised more than there is
    public void What_is_missing_is_ordered_in_whole_packs(int position, int pack, int least, int expected) =>
        Reorder.Quantity(new ReorderLevels(241, 311, 31), position, pack, least).ShouldBe(expected);

    [Fact]
    public void What_does_not_sell_is_not_ordered() =>
        Reorder.Quantity(Reorder.Levels(new SalesRate(0, 0, 0, 0, 0), 30, Weekly), 0, 12, 60).ShouldBe(0);

    [Fact]
    public void What_orders_wait_for_is_ordered_on_top_and_once()
    {
        var shelves = SkuFigures.Awaited([new("DEL", 0, 5, new(0, 0, 0, 1, 0)), new("BLR", 10, 100, new(0, 0, 0, 10, 0)), new("BOM", 0, 0, new(0, 0, 0, 10, 0))], 60);
        shelves.Select(s => s.Waiting).ShouldBe([0, 60, 0]);
        var figures = new SkuFigures("A", shelves, SkuTerms.Plain, new SupplierTerms("looms", "Looms", null, 7, 0m, "INR"));
        var line = figures.Needed(shelves[1], Weekly).ShouldNotBeNull();
        (line.Quantity, line.Why).ShouldBe((160, "Sells 10 a day; 10 available, 100 on the way, orders wait for 60. Orders at 140 up to 210, 0 of them for safety."));
        figures.Needed(shelves[1] with { Waiting = 0 }, Weekly)!.Quantity.ShouldBe(100);
        SkuFigures.Awaited(shelves, 0).ShouldBeSameAs(shelves);
    }

    [Fact]
    public void A_mistyped_pack_size_does_not_overflow() =>
        Reorder.Quantity(new ReorderLevels(int.MaxValue, int.MaxValue, 0), int.MinValue, int.MaxValue, int.MaxValue).ShouldBe(int.MaxValue);

    // Sales of 28 days: 14 days of 2 and 14 of none. Mean 1; sample variance (56 − 28) / 27.
    [Fact]
    public void A_rate_is_the_mean_of_complete_days_with_the_deviation_of_a_day()
    {
        var rate = SalesRate.Of((Week: 7, Month: 28, Quarter: 90, Demand: 28), squares: 56, demandDays: 28, known: 400);
        (rate.Week, rate.Month, rate.Quarter, rate.PerDay).ShouldBe((1, 1, 1, 1));
        Math.Round(rate.Deviation, 4).ShouldBe(1.0184m);
        rate.Cover(10).ShouldBe(10);
    }

    [Fact]
    public void A_young_brand_is_judged_by_the_days_it_has_and_by_a_week_at_least()
    {
        SalesRate.Of((20, 20, 20, 20), 60, 28, known: 10).ShouldSatisfyAllConditions(r => r.PerDay.ShouldBe(2), r => r.Quarter.ShouldBe(2));
        SalesRate.Of((7, 7, 7, 7), 49, 28, known: 1).PerDay.ShouldBe(1);
    }

    [Fact]
    public void Days_on_which_more_came_back_than_was_sold_are_no_demand()
    {
        var rate = SalesRate.Of((-3, -3, -3, -3), 9, 28, known: 90);
        rate.PerDay.ShouldBe(0);
        rate.Cover(5).ShouldBeNull();
    }

    [Theory]
    [InlineData(5, 50, false, "5 available, line at 5")]
    [InlineData(6, 50, false, null)]
    [InlineData(6, 50, true, "6 available, line at 5")] // has not recovered
    [InlineData(7, 50, true, null)]
    [InlineData(0, 0, false, "none available")]
    [InlineData(20, 6.9, false, "lasts 6.9 days, line at 7")]
    [InlineData(20, 7, false, null)]
    [InlineData(20, 8, true, "lasts 8 days, line at 7")]
    [InlineData(20, 8.4, true, null)]
    public void A_sku_is_low_below_its_line_and_recovers_above_it(int available, double cover, bool was, string? why) =>
        LowStock.Why(available, (decimal)cover, lowUnits: 5, lowDays: 7, was).ShouldBe(why);

    [Fact]
    public void What_nobody_buys_or_sells_any_more_is_not_told()
    {
        var gone = new SkuFigures("A", [new("BLR", 0, 0, default)], SkuTerms.Plain, null);
        var terms = new ReplenishmentTerms { LowUnits = 3 };
        gone.Low(terms, false).ShouldBeNull();
        (gone with { Terms = new(Supplier: "s") }).Low(terms, false).ShouldBe("none available");
        (gone with { Terms = new(Supplier: "s", Quiet: true) }).Low(terms, false).ShouldBeNull();
        (gone with { Shelves = [new("BLR", 9, 0, new(1, 1, 1, 1, 0))], Terms = new(LowUnits: 10) }).Low(terms, false).ShouldBe("9 available, line at 10");
    }

    // 28 days of which 14 had nothing to sell: 28 units are two a day; 14 days of 2 deviate by nothing.
    [Fact]
    public void Days_with_nothing_to_sell_are_left_out_down_to_a_week()
    {
        var rate = SalesRate.Of((Week: 0, Month: 28, Quarter: 28, Demand: 28), squares: 56, demandDays: 28, known: 400, empty: (14, 62, 14));
        (rate.Week, rate.Month, rate.Quarter, rate.PerDay, rate.Deviation).ShouldBe((0, 2, 1, 2, 0));
        SalesRate.Of((7, 7, 7, 7), 7, 28, 400, empty: (27, 89, 27)).PerDay.ShouldBe(1, "a single day says nothing");
    }
}
