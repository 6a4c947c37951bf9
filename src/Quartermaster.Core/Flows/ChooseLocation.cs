using Quartermaster.Core.Kernel;
using Quartermaster.Core.Routing;
using Quartermaster.Core.Stock;

namespace Quartermaster.Core.Flows;

/// <summary>Binds the router to the stock desk: neither knows the other.</summary>
public static class ChooseLocation
{
    /// <summary>A desk for one brand that sends every order from where it is cheapest.</summary>
    /// <param name="load">Tells what is known besides the shelves; null = nothing.</param>
    public static StockDesk Desk(BrandTerms terms, Func<RoutingLoad?>? load = null) => new((ask, available) => Choose(ask, terms, available, load?.Invoke()));

    public static LocationChoice Choose(StockRequest.Reserve ask, BrandTerms terms, Func<string, string, int> available, RoutingLoad? load = null)
    {
        var (route, demand) = RouteOf(ask, terms, available, load);
        var candidates = new List<Candidate>(route.Options.Count);
        foreach (var option in route.Options) candidates.Add(new(option.Location, option.Cost, option.Terms, option.Missing, option.Chosen, option.Parcel?.By));
        var choice = new LocationChoice(Units(ask.Lines, route.Shares), candidates, route.Found ? [] : Missed(route, demand), Take(route, ask, terms, load));
        return route.Found ? choice : choice with { Shut = Those(route, Standing.Shut), Barred = Those(route, Standing.Barred) };
    }

    private static List<string> Those(Route route, Standing standing) => [.. route.Options.Where(o => o.Standing == standing).Select(o => o.Location)];

    /// <summary>Counts the order into the days of the locations that can pack only so many.</summary>
    internal static IReadOnlyList<DayPlace>? Take(Route route, StockRequest.Reserve ask, BrandTerms terms, RoutingLoad? load)
    {
        if (load is null || ask.Kept || !terms.CountsOrders) return null;
        List<DayPlace> places = [];
        foreach (var location in terms.Locations)
            if (location.Capacity is not null && route.Sends(location.Code)) places.Add(new(location.Code, location.Calendar.Leaves(ask.Now)));
        load.Take(places);
        return places.Count == 0 ? null : places;
    }

    /// <summary>The route of an order, and what it wants of each SKU.</summary>
    internal static (Route Route, List<SkuDemand> Demand) RouteOf(StockRequest.Reserve ask, BrandTerms terms, Func<string, string, int> available, RoutingLoad? load)
    {
        var demand = new List<SkuDemand>(ask.Lines.Count);
        foreach (var line in ask.Lines)
        {
            var at = demand.FindIndex(d => d.Sku == line.Sku);
            if (at < 0) demand.Add(DemandOf(line, load?.Known.Skus, terms.Routing));
            else demand[at] = demand[at] with { Quantity = demand[at].Quantity + line.Quantity };
        }
        var known = new RoutingAsk(demand, ask.Country, ask.PostalCode, ask.NotFrom, ask.Now, ask.Wish)
        {
            Known = load?.Known ?? RoutingKnowledge.Nothing, Handed = load is null || ask.Kept ? null : load.Handed, SalesPerDay = load is null ? null : load.SalesPerDay,
        };
        return (Router.Choose(known, terms, available), demand);
    }

    /// <summary>What the channel says of its weight stands before what is known of the SKU; its size only the SKU tells.</summary>
    private static SkuDemand DemandOf(Wanted line, AboutSku? about, RoutingTerms terms)
    {
        if (about is null || (line.Grams > 0 && !terms.WeighsVolume)) return new(line.Sku, line.Quantity, line.Grams);
        var facts = about(line.Sku);
        return new(line.Sku, line.Quantity, line.Grams > 0 ? line.Grams : facts.Grams, terms.WeighsVolume ? facts.Volume : 0);
    }

    /// <summary>Shares are per SKU; lines of one SKU take from them one after another.</summary>
    private static List<Units> Units(IReadOnlyList<Wanted> lines, IReadOnlyList<Share> shares)
    {
        List<Units> units = [];
        var left = new int[shares.Count];
        for (var i = 0; i < left.Length; i++) left[i] = shares[i].Quantity;
        foreach (var line in lines)
        {
            var needed = line.Quantity;
            for (var i = 0; i < left.Length && needed > 0; i++)
            {
                var taken = shares[i].Sku == line.Sku ? int.Min(needed, left[i]) : 0;
                if (taken == 0) continue;
                units.Add(new(line.LineId, line.Sku, taken, shares[i].Location));
                left[i] -= taken;
                needed -= taken;
            }
        }
        return units;
    }

    /// <summary>The SKUs in whose queues a denied order stands: all that some location lacks, since any of them may be the one that arrives.
    /// When none lacks any, because every location is paused or has said no, it stands in the queue of all it wants, so that the sweep finds it.</summary>
    private static List<string> Missed(Route route, List<SkuDemand> wanted)
    {
        List<string> skus = [];
        foreach (var option in route.Options)
            foreach (var sku in option.Short)
                if (!skus.Contains(sku)) skus.Add(sku);
        if (skus.Count == 0) foreach (var demand in wanted) skus.Add(demand.Sku);
        skus.Sort(StringComparer.Ordinal);
        return skus;
    }
}
