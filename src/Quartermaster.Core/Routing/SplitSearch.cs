using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Routing;

/// <summary>Branch and bound over which location sends which SKU. A parcel's cost never falls with its load, so what is spent so far, with what the rest adds at least, bounds what follows.</summary>
internal sealed class SplitSearch
{
    private readonly IReadOnlyList<SkuDemand> wanted;
    private readonly List<Router.Place> places;
    private readonly RoutingTerms terms;
    private readonly int[] order;
    private readonly bool[] divide;
    private readonly Load[] loads;
    private readonly int[] uses;
    private readonly decimal[] cost;

    /// <summary>What the demands from here on add at least.</summary>
    private readonly decimal[] yet;

    private readonly Dictionary<(int Place, Load Load), decimal?> prices = [];
    private readonly List<Share> shares = [];

    /// <summary>Places that have a parcel, in their order.</summary>
    private readonly List<int> opened = [];
    private decimal? bound;
    private int steps;

    /// <param name="bound">Cost of the best that is known without a split; only cheaper splits are kept.</param>
    public SplitSearch(IReadOnlyList<SkuDemand> wanted, List<Router.Place> places, RoutingTerms terms, decimal? bound)
    {
        (this.wanted, this.places, this.terms, this.bound) = (wanted, places, terms, bound);
        loads = new Load[places.Count];
        uses = new int[places.Count];
        cost = new decimal[places.Count];
        int[] holders = [.. Enumerable.Range(0, wanted.Count).Select(Holders)];
        divide = [.. holders.Select(h => h == 0)];
        // What few locations have whole decides most, so it is placed first.
        order = [.. Enumerable.Range(0, wanted.Count).OrderBy(demand => holders[demand])];
        yet = new decimal[order.Length + 1];
        for (var at = order.Length - 1; at >= 0; at--) yet[at] = yet[at + 1] + Least(order[at]);
    }

    /// <summary>Null when no split is cheaper than the bound, or none is possible.</summary>
    public List<Share>? Best { get; private set; }

    public bool Exact => steps < Router.MostSteps;

    public void Run() => Place(0, 0m);

    /// <summary>What a demand that is not divided adds at least, wherever it comes from and whatever else is in its parcel.</summary>
    private decimal Least(int demand)
    {
        if (divide[demand]) return 0m;
        var units = wanted[demand].Quantity;
        decimal? least = null;
        foreach (var place in places)
            if (place.Stock[demand] >= units && place.Worn(demand, units) + place.Cost.LeastMore(wanted[demand].Of(units)) is var cost && !(cost >= least)) least = cost;
        return least ?? 0m;
    }

    private int Holders(int demand) => places.Count(p => p.Stock[demand] >= wanted[demand].Quantity);

    private void Place(int at, decimal spent)
    {
        if (at == order.Length)
        {
            (bound, Best) = (spent, [.. shares]);
            return;
        }
        Give(at, order[at], wanted[order[at]].Quantity, spent);
    }

    private void Give(int at, int demand, int left, decimal spent)
    {
        var sku = wanted[demand].Sku;
        // With the last parcel that is allowed, nobody else is looked at.
        var last = opened.Count == terms.MaxParcels;
        for (var n = 0; n < (last ? opened.Count : places.Count); n++)
        {
            if (++steps >= Router.MostSteps) return;
            var i = last ? opened[n] : n;
            var units = int.Min(left, places[i].Stock[demand]);
            if (units == 0 || (units < left && !divide[demand]) || (divide[demand] && Gives(places[i].Code, sku))) continue;
            var opens = uses[i] == 0;
            var (loadBefore, costBefore) = (loads[i], cost[i]);
            var load = loadBefore + wanted[demand].Of(units);
            if (Price(i, load) is not { } price) continue;
            var now = spent + price - costBefore + places[i].Worn(demand, units) + (opens && opened.Count > 0 ? terms.SplitCost : 0m);
            // What has still to be sent weighs and wears its shelves too.
            if (bound is { } limit && now + yet[units == left ? at + 1 : at] >= limit) continue;

            (loads[i], cost[i]) = (load, price);
            uses[i]++;
            if (opens) opened.Insert(~opened.BinarySearch(i), i);
            shares.Add(new(places[i].Code, sku, units));
            if (units == left) Place(at + 1, now);
            else Give(at, demand, left - units, now);
            shares.RemoveAt(shares.Count - 1);
            if (opens) opened.Remove(i);
            uses[i]--;
            (loads[i], cost[i]) = (loadBefore, costBefore);
        }
    }

    private bool Gives(string location, string sku)
    {
        foreach (var share in shares)
            if (share.Location == location && share.Sku == sku) return true;
        return false;
    }

    // The same few loads come again and again, and a price is looked up in tariffs.
    private decimal? Price(int place, Load load)
    {
        if (!prices.TryGetValue((place, load), out var price)) prices[(place, load)] = price = places[place].Cost.Of(load);
        return price;
    }
}
