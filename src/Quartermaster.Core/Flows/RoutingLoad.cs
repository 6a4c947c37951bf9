namespace Quartermaster.Core.Flows;

/// <summary>What the router of one brand knows besides the shelves: how many orders each location was handed today, and how fast its shelves sell.</summary>
/// <remarks>Counts on while a batch is decided, so that the orders of one batch fill a location as orders of several would.</remarks>
/// <param name="handed">Orders by location, as of the beginning.</param>
/// <param name="sales">Units a day by SKU and location; not named: not known.</param>
public sealed class RoutingLoad(IReadOnlyDictionary<string, int> handed, IReadOnlyDictionary<(string Sku, string Location), decimal> sales)
{
    private readonly Dictionary<string, int> _handed = new(handed);

    public IReadOnlyDictionary<string, int> HandedToday => _handed;

    public decimal? SalesPerDay(string sku, string location) => sales.TryGetValue((sku, location), out var perDay) ? perDay : null;

    internal void Hand(IEnumerable<string> locations)
    {
        foreach (var location in locations) _handed[location] = _handed.GetValueOrDefault(location) + 1;
    }
}
