using System.Runtime.InteropServices;
using Quartermaster.Core.Routing;
using Quartermaster.Core.Stock;

namespace Quartermaster.Core.Flows;

/// <summary>What the router of one brand knows besides the shelves: how full the days of its locations are, and how fast its shelves sell.</summary>
/// <remarks>Counts on while a batch is decided, so that the orders of one batch fill a location as orders of several would.</remarks>
/// <param name="known">What the past and the map say; null = nothing.</param>
public sealed class RoutingLoad(RoutingKnowledge? known = null)
{
    private readonly Dictionary<DayPlace, int> _before = [];
    private readonly Dictionary<DayPlace, int> _changed = [];
    private readonly Dictionary<(string Sku, string Location), decimal> _sales = [];

    public RoutingKnowledge Known => known ?? RoutingKnowledge.Nothing;

    /// <summary>By how many orders the days changed since the beginning.</summary>
    public IReadOnlyDictionary<DayPlace, int> Changed => _changed;

    /// <summary>Orders that a location is to hand off on a day.</summary>
    public int Handed(string location, DateOnly day) => _before.GetValueOrDefault(new(location, day)) + _changed.GetValueOrDefault(new(location, day));

    /// <summary>Units of a SKU that orders take from a location on a day; null = not known.</summary>
    public decimal? SalesPerDay(string sku, string location) => _sales.TryGetValue((sku, location), out var perDay) ? perDay : null;

    public void Sells(string sku, string location, decimal perDay) => _sales[(sku, location)] = perDay;

    /// <summary>So many orders stood in a day at the beginning.</summary>
    public void Begin(DayPlace place, int orders) => _before[place] = orders;

    public void Take(IReadOnlyList<DayPlace> places) => Change(places, 1);

    public void Leave(IReadOnlyList<DayPlace> places) => Change(places, -1);

    private void Change(IReadOnlyList<DayPlace> places, int by)
    {
        foreach (var place in places) CollectionsMarshal.GetValueRefOrAddDefault(_changed, place, out _) += by;
    }
}
