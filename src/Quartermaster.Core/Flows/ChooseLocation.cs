using Quartermaster.Core.Kernel;
using Quartermaster.Core.Routing;
using Quartermaster.Core.Stock;

namespace Quartermaster.Core.Flows;

/// <summary>Binds the routing rule to the stock desk: neither knows the other.</summary>
public static class ChooseLocation
{
    /// <summary>A desk for one brand that sends every order from where it is cheapest.</summary>
    public static StockDesk Desk(BrandTerms terms) => new((ask, available) => Choose(ask, terms, available));

    public static LocationChoice Choose(StockRequest.Reserve ask, BrandTerms terms, Func<string, string, int> available)
    {
        var demand = new List<SkuDemand>(ask.Lines.Count);
        foreach (var line in ask.Lines)
        {
            var at = demand.FindIndex(d => d.Sku == line.Sku);
            if (at < 0) demand.Add(new(line.Sku, line.Quantity));
            else demand[at] = new(line.Sku, demand[at].Quantity + line.Quantity);
        }
        var route = RoutingRule.Choose(demand, ask.Country, ask.PostalCode, ask.NotFrom, terms, available);
        var candidates = new List<Candidate>(route.Options.Count);
        foreach (var option in route.Options) candidates.Add(new(option.Location, option.Cost, option.Terms, option.Missing));
        return new(route.Location, candidates, route.Location is null ? Missed(route) : []);
    }

    /// <summary>The SKUs in whose queues a denied order stands: all that some location lacks, since any of them may be the one that arrives.</summary>
    private static List<string> Missed(Route route)
    {
        List<string> skus = [];
        foreach (var option in route.Options)
            foreach (var sku in option.Short)
                if (!skus.Contains(sku)) skus.Add(sku);
        skus.Sort(StringComparer.Ordinal);
        return skus;
    }
}
