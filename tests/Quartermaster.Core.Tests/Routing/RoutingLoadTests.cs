using FsCheck;
using FsCheck.Fluent;
using Quartermaster.Core.Flows;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Routing;
using Quartermaster.Core.Stock;

namespace Quartermaster.Core.Tests.Routing;

/// <summary>What speaks against a location besides postage: its day is full, its shelf is nearly empty, or it is in another pool.</summary>
public sealed class RoutingLoadTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 20, 6, 30, 0, TimeSpan.Zero);

    private static readonly BrandTerms Terms = Sample.Terms with { Locations = [new("BLR", "", "w", "IN", "5", 40m) { Capacity = 10 }, new("DEL", "", "w", "IN", "5", 45m)] };

    private static Route Choose(BrandTerms terms, int handed = 0, Func<string, string, decimal?>? sales = null, RouteWish? wish = null, int stock = 20, params SkuDemand[] wanted) =>
        Router.Choose(new(wanted.Length == 0 ? [new("A", 2)] : wanted, "IN", "560001", [], Now, wish) { Handed = (location, _) => location == "BLR" ? handed : 0, SalesPerDay = sales }, terms, (_, _) => stock);

    private static string Chosen(Route route) => string.Join(",", route.Options.Where(o => o.Chosen).Select(o => o.Location));

    [Theory]
    [InlineData(8, "BLR", null)]
    [InlineData(9, "BLR", "9 of 10 orders on 2026-11-20 4")]
    [InlineData(10, "DEL", null)]
    public void A_location_costs_more_as_its_day_fills_and_is_out_when_it_is_full(int handed, string expected, string? term)
    {
        var route = Choose(Terms with { Routing = new() { BusyCost = 8m } }, handed);
        Chosen(route).ShouldBe(expected);
        if (term is not null) route.Options[0].Terms.ShouldContain(term);
        if (handed == 10) route.Options[0].Missing.ShouldBe(["full: 10 of 10 orders on 2026-11-20"]);
    }

    [Fact]
    public void A_busy_day_sends_it_elsewhere_when_that_is_cheaper() => Chosen(Choose(Terms with { Routing = new() { BusyCost = 12m } }, handed: 9)).ShouldBe("DEL");

    [Fact]
    public void A_full_location_gives_no_part_of_a_split() =>
        Router.Choose(new([new("A", 1), new("B", 1)], "IN", "560001", [], Now) { Handed = (_, _) => 10 }, Terms with { Routing = new() { MaxParcels = 2 } }, (sku, l) => (sku, l) is ("A", "BLR") or ("B", "DEL") ? 1 : 0).Found.ShouldBeFalse();

    [Fact]
    public void A_shelf_that_is_nearly_empty_is_spared()
    {
        var careful = Terms with { Routing = new() { CoverDays = 10, CoverCost = 10m } };
        // BLR sells 4 a day and keeps 18: 4.5 days of 10, so 5.5 tenths of 10. DEL sells half a day's unit and keeps enough.
        var route = Choose(careful, sales: (_, location) => location == "BLR" ? 4m : 0.5m);
        route.Options[0].Cost.ShouldBe(45.5m);
        route.Options[0].Terms.ShouldBe(["base 40", "A left for 4.5 of 10 days 5.5"]);
        route.Options[1].Terms.ShouldBe(["base 45"]);
        Chosen(route).ShouldBe("DEL");
        Chosen(Choose(careful, sales: (_, _) => null)).ShouldBe("BLR", "what is not known counts for nothing");
        Chosen(Choose(careful, sales: (_, _) => 0m)).ShouldBe("BLR", "what does not sell needs no cover");
    }

    [Theory]
    [InlineData("north", null, "DEL", "not in pool north")]
    [InlineData(null, "web", "DEL", "not in a pool of web")]
    [InlineData(null, "shop", "BLR", null)]
    [InlineData("south", "web", "BLR", null)]
    [InlineData("gone", null, "", "the pool gone is not configured")]
    public void A_pool_narrows_the_choice_and_a_rule_stands_before_the_channel(string? pool, string? channel, string expected, string? why)
    {
        var terms = Terms with { Routing = new() { Pools = [new("north", ["DEL"], ["web"]), new("south", ["BLR"], [])] } };
        var route = Choose(terms, wish: new(pool, null, channel));
        Chosen(route).ShouldBe(expected);
        if (why is not null) route.Options[0].Missing.ShouldBe([why]);
    }

    [Fact]
    public void Orders_of_one_batch_fill_a_location_as_orders_of_several_do()
    {
        var today = new DayPlace("BLR", new(2026, 11, 20));
        var load = new RoutingLoad();
        load.Begin(today, 8);
        var desk = ChooseLocation.Desk(Terms, () => load);
        desk.Load(new("A", "BLR", 50, 0));
        desk.Load(new("A", "DEL", 50, 0));
        var from = Enumerable.Range(1, 4).Select(i => ((StockSignal.ReserveGranted)desk.Answer(new StockRequest.Reserve([new("1", "A", 1)], "IN", "560001", [], Now), $"order/{i}")!).Units[0].Location);
        from.ShouldBe(["BLR", "BLR", "DEL", "DEL"]);
        load.Changed.ShouldBe(new Dictionary<DayPlace, int> { [today] = 2 }, "Delhi can pack what comes, so nobody counts there");
        load.Handed("BLR", today.Day).ShouldBe(10);
    }

    /// <summary>Whatever is weighed, the search for splits finds what trying every assignment finds.</summary>
    [Fact]
    public void The_search_is_exact_with_every_term_weighed() => Prop.ForAll(Puzzles, puzzle =>
    {
        var (stock, quantities, handed, perDay) = puzzle;
        var terms = Sample.Terms with
        {
            Locations = [.. handed.Select((_, i) => new LocationTerms($"L{i}", "", "w", "IN", "", 3m * i) { Capacity = 10 })],
            Routing = new() { MaxParcels = 3, SplitCost = 4m, BusyCost = 9m, CoverDays = 5, CoverCost = 6m, Rates = [new("R", [], "*", 10m, 300, 7m, 300)] },
        };
        var ask = new RoutingAsk([.. quantities.Select((q, i) => new SkuDemand($"S{i}", q, 100 + 50 * i))], "IN", null, [], Now)
        {
            Handed = (location, _) => handed[location[1] - '0'],
            SalesPerDay = (sku, l) => perDay[(sku[1] - '0' + l[1] - '0') % perDay.Length],
        };
        Func<string, string, int> available = (sku, l) => stock[l[1] - '0'][sku[1] - '0'];
        var route = Router.Choose(ask, terms, available);
        decimal? Cost(Route r) => r.Found ? r.Options.Where(o => o.Chosen).Sum(o => o.Cost) + 4m * (r.Options.Count(o => o.Chosen) - 1) : null;
        // Trying every assignment: each SKU from one location that has all of it, priced by the router itself with only that shelf in reach.
        decimal? least = null;
        var (places, skus) = (stock.Length, quantities.Length);
        for (var code = 0; code < (int)Math.Pow(places, skus); code++)
        {
            var at = Enumerable.Range(0, skus).Select(i => code / (int)Math.Pow(places, i) % places).ToArray();
            if (at.Where((l, i) => stock[l][i] < quantities[i]).Any() || at.Distinct().Count() > 3) continue;
            var only = Router.Choose(ask, terms, (sku, l) => at[sku[1] - '0'] == l[1] - '0' ? available(sku, l) : 0);
            if (Cost(only) is { } cost && (least is null || cost < least)) least = cost;
        }
        return route.Exact && (least is null || Cost(route) == least);
    }).QuickCheckThrowOnFailure();

    private static readonly Arbitrary<(int[][] Stock, int[] Wanted, int[] Handed, decimal[] PerDay)> Puzzles = (
        from places in Gen.Choose(1, 4)
        from skus in Gen.Choose(1, 3)
        from stock in Gen.Choose(0, 6).ArrayOf(skus).ArrayOf(places)
        from wanted in Gen.Choose(1, 3).ArrayOf(skus)
        from handed in Gen.Choose(5, 10).ArrayOf(places)
        from perDay in Gen.Choose(0, 3).Select(n => (decimal)n).ArrayOf(3)
        select (stock, wanted, handed, perDay)).ToArbitrary();
}
