using Quartermaster.Core.Kernel;
using Quartermaster.Core.Routing;

namespace Quartermaster.Core.Tests.Routing;

/// <summary>What carriers did counts, as much as the number of their parcels allows.</summary>
public sealed class HistoryTests
{
    private static readonly BrandTerms Terms = Sample.Terms with
    {
        Locations = [new("BLR", "", "w", "IN"), new("DEL", "", "w", "IN")],
        Routing = new()
        {
            PromiseDays = 3, LateCost = 10m, DamageCost = 500m, ReturnCost = 200m,
            Rates = [new("Surface", ["BLR"], "IN", 50m, Days: 2) { Carrier = "Swift" }, new("Surface", ["DEL"], "IN", 55m, Days: 2) { Carrier = "Steady" }],
        },
    };

    private static readonly CarrierWay Swift = new("Swift", "", "BLR", "IN", "6"), Steady = new("Steady", "", "DEL", "IN", "6");

    private static Route Choose(CarrierHistory? carriers = null, ReturnHistory? returns = null, bool onDelivery = false) =>
        Router.Choose(new([new("A", 1)], "IN", "600001", [], Sample.Monday, onDelivery ? new(null, OnDelivery: true) : null) { Known = new() { Carriers = carriers ?? CarrierHistory.Empty, Returns = returns ?? ReturnHistory.Empty } }, Terms, (_, _) => 1);

    private static string Chosen(Route route) => route.Options.Single(o => o.Chosen).Location;

    /// <summary>Parcels of which so many took so many days.</summary>
    private static Fates Took(params (int Days, int Parcels)[] took)
    {
        var days = new int[took.Max(t => t.Days) + 1];
        foreach (var (d, parcels) in took) days[d] = parcels;
        return new(days.Sum(), 0, days);
    }

    [Theory]
    [InlineData(0, 0, 0.1)]
    [InlineData(0, 20, 0.05)]
    [InlineData(20, 20, 0.55)]
    [InlineData(1000, 10_000, 0.1)]
    public void A_small_sample_is_drawn_towards_what_is_usual(int shown, int of, double expected) => new Shrunk(0.1, 100).Towards(shown, of).ShouldBe(new(expected, of));

    [Fact]
    public void A_carrier_that_is_late_loses_when_its_parcels_are_many_and_not_for_one()
    {
        Chosen(Choose()).ShouldBe("BLR");
        Chosen(Choose(new([(Swift, Took((7, 1)))]))).ShouldBe("BLR", "one parcel may be bad luck");
        var route = Choose(new([(Swift, Took((2, 50), (7, 50))), (Steady, Took((2, 100)))]));
        Chosen(route).ShouldBe("DEL");
        // Carrier: (50 of 7 days) / (100 + 20 by the tariff); lane: 50 and 20 of these, of 120. Four days after the promise each, at 10 a day.
        var late = (50 + (20 * 50 / 120.0)) / 120;
        route.Options[0].Cost.ShouldBe(50m + decimal.Round((decimal)late * 4 * 10m, 2));
        route.Options[0].Terms.ShouldContain("arrives 2026-03-06 (4.4 days by 100 parcels, 100 of them this way)");
        route.Options[0].Terms.ShouldContain("1.9 days late 19.44");
        route.Options[1].Terms.ShouldContain("arrives 2026-03-04 (2 days by 100 parcels, 100 of them this way)");
    }

    [Fact]
    public void A_lane_without_parcels_is_expected_to_do_as_its_carrier_does_elsewhere()
    {
        var history = new CarrierHistory([(Swift with { Zone = "1" }, Took((4, 980)))]);
        var (days, late) = history.Of("Swift", "Surface", "BLR", "IN", "6").Days(tariff: 2, promise: 3);
        days.ShouldBe((980 * 4 + 20 * 2) / 1000.0, 1e-9);
        late.ShouldBe(0.98, 1e-9);
        history.Of("Other", "Surface", "BLR", "IN", "6").Days(2, 3).ShouldBe((2.0, 0.0), "nothing is known of it, so its tariff is believed");
        history.Of(null, "Surface", "BLR", "IN", "6").Sample.ShouldBe(0, "without a carrier the service has to be named by the parcels");
    }

    [Fact]
    public void What_is_damaged_or_lost_costs()
    {
        var route = Choose(new([(Swift, new(80, 20, [])), (Steady, new(120, 0, []))]));
        // The brand: 20 of 200; the carrier 20 of 80 drawn to that, the lane drawn to the carrier.
        var carrier = (20 + (20 * 0.1)) / 100;
        var lane = (20 + (20 * carrier)) / 100;
        route.Options[0].Cost.ShouldBe(50m + decimal.Round((decimal)lane * 500m, 2));
        route.Options[0].Terms.ShouldContain("damaged or lost 24.4 % of 80 parcels 122");
        Chosen(route).ShouldBe("DEL");
    }

    [Fact]
    public void What_nobody_takes_at_the_first_try_costs()
    {
        var terms = Terms with { Routing = Terms.Routing with { RedeliveryCost = 60m } };
        CarrierHistory history = new([(Swift, Took((2, 100)) with { Missed = 40 }), (Steady, Took((2, 100)))]);
        var route = Router.Choose(new([new("A", 1)], "IN", "600001", [], Sample.Monday, null) { Known = new() { Carriers = history } }, terms, (_, _) => 1);
        // The brand: 40 of 200; the carrier 40 of 100 drawn to that, the lane drawn to the carrier.
        var carrier = (40 + (20 * 0.2)) / 120;
        var lane = (40 + (20 * carrier)) / 120;
        route.Options[0].Cost.ShouldBe(50m + decimal.Round((decimal)lane * 60m, 2));
        route.Options[0].Terms.ShouldContain("not at the first try 39.4 % of 100 parcels 23.67");
        Chosen(route).ShouldBe("DEL");
        Chosen(Choose(history)).ShouldBe("BLR", "it costs nothing where nobody says what it costs");
    }

    [Fact]
    public void What_comes_back_costs_by_how_it_is_paid_where_it_goes_and_who_carries_it()
    {
        ReturnHistory history = new(
        [
            (new(true, "IN", "600", "Swift", ""), 100, 60), (new(true, "IN", "600", "Steady", ""), 100, 20), (new(true, "IN", "110", "Swift", ""), 800, 20),
            (new(false, "IN", "600", "Swift", ""), 1000, 10),
        ]);
        var prepaid = Choose(returns: history);
        prepaid.Options[0].Terms.ShouldContain("comes back 1.0 % when paid before, 1000 parcels there 2");
        Chosen(prepaid).ShouldBe("BLR");
        var cash = Choose(returns: history, onDelivery: true);
        // Cash: 100 of 1000; the area 80 of 200 drawn to it; the carriers there drawn to the area.
        var area = (80 + (20 * 0.1)) / 220;
        cash.Options[0].Cost.ShouldBe(50m + decimal.Round((decimal)((60 + (20 * area)) / 120) * 200m, 2));
        cash.Options[1].Cost.ShouldBe(55m + decimal.Round((decimal)((20 + (20 * area)) / 120) * 200m, 2));
        Chosen(cash).ShouldBe("DEL");
        ReturnHistory.Empty.Risk(true, "IN", "600", null, null).ShouldBeNull();
        history.Risk(true, "IN", "999", null, null)!.Value.ShouldBe(new(0.1, 0));
    }
}
