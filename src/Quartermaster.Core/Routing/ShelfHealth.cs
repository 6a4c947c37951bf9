using System.Globalization;
using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Routing;

/// <summary>What it costs to take units from shelves that sell: the fewer days of sales are left, the more.</summary>
/// <remarks>
/// Cost of one SKU = cover cost × (wanted days − days left) / wanted days, never below nothing; days left = units left / units a day. It never falls with the
/// units taken, so it may be added up along a search. A shelf whose sales are not known, or that sells nothing, costs nothing.
/// </remarks>
internal sealed class ShelfHealth
{
    private readonly string location;
    private readonly RoutingTerms terms;
    private readonly Func<string, string, decimal?> sales;

    private ShelfHealth(string location, RoutingTerms terms, Func<string, string, decimal?> sales) => (this.location, this.terms, this.sales) = (location, terms, sales);

    /// <summary>Null where nobody minds or nothing is known.</summary>
    public static ShelfHealth? For(string location, RoutingAsk ask, RoutingTerms terms) =>
        terms.WeighsCover && ask.SalesPerDay is { } sales ? new(location, terms, sales) : null;

    /// <param name="stock">Units that may be promised before they are taken.</param>
    public decimal Of(string sku, int stock, int units) => DaysLeft(sku, stock, units) is { } days && days < terms.CoverDays!.Value ? Cost(days) : 0m;

    public string? Term(string sku, int stock, int units) => DaysLeft(sku, stock, units) is { } days && days < terms.CoverDays!.Value
        ? string.Create(CultureInfo.InvariantCulture, $"{sku} left for {days:0.#} of {terms.CoverDays} days {Cost(days):0.##}") : null;

    private decimal? DaysLeft(string sku, int stock, int units) => sales(sku, location) is > 0m and var perDay ? (stock - units) / perDay : null;

    private decimal Cost(decimal days) => terms.CoverCost * (terms.CoverDays!.Value - days) / terms.CoverDays.Value;
}
