namespace Quartermaster.Core.Flows;

/// <summary>What the router of one brand knows besides the shelves: how many orders each location was handed today, and how fast its shelves sell.</summary>
/// <remarks>Counts on while a batch is decided, so that the orders of one batch fill a location as orders of several would.</remarks>
/// <param name="handed">Orders by location, as of the beginning.</param>
public sealed class RoutingLoad(IReadOnlyDictionary<string, int> handed)
{
    private readonly Dictionary<string, int> _handed = new(handed);
    private readonly Dictionary<(string Sku, string Location), decimal> _sales = [];

    public IReadOnlyDictionary<string, int> HandedToday => _handed;

    /// <summary>Units of a SKU that orders take from a location on a day; null = not known.</summary>
    public decimal? SalesPerDay(string sku, string location) => _sales.TryGetValue((sku, location), out var perDay) ? perDay : null;

    public void Sells(string sku, string location, decimal perDay) => _sales[(sku, location)] = perDay;

    public void Hand(IEnumerable<string> locations)
    {
        foreach (var location in locations) _handed[location] = _handed.GetValueOrDefault(location) + 1;
    }
}
