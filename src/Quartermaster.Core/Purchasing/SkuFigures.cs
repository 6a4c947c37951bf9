using System.Globalization;
using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Purchasing;

/// <summary>Where a SKU stands at one location, and how fast it sells from there.</summary>
/// <param name="Available">On hand less reserved and safety.</param>
/// <param name="Incoming">Approved and not yet here.</param>
/// <param name="Waiting">Units that orders wait for: what comes is theirs first.</param>
public sealed record ShelfFigures(string Location, int Available, int Incoming, SalesRate Sales, int Waiting = 0)
{
    public decimal? Cover => Sales.Cover(Available);
}

/// <summary>Everything that decides whether a SKU is low and whether to order it.</summary>
public sealed record SkuFigures(string Sku, IReadOnlyList<ShelfFigures> Shelves, SkuTerms Terms, SupplierTerms? Supplier)
{
    /// <summary>Orders wait for a SKU and not for a shelf: what they wait for is counted where it sells best.</summary>
    public static IReadOnlyList<ShelfFigures> Awaited(IReadOnlyList<ShelfFigures> shelves, int waiting)
    {
        if (waiting <= 0 || shelves.Count == 0) return shelves;
        var best = shelves[0];
        foreach (var shelf in shelves)
            if (shelf.Sales.PerDay > best.Sales.PerDay) best = shelf;
        return [.. shelves.Select(s => s == best ? s with { Waiting = waiting } : s)];
    }

    public int Available => Shelves.Sum(s => s.Available);

    public int Incoming => Shelves.Sum(s => s.Incoming);

    public decimal PerDay => Shelves.Sum(s => s.Sales.PerDay);

    public decimal? Cover => PerDay <= 0 ? null : decimal.Max(0, Available) / PerDay;

    /// <summary>Why it is low; null when it is not, or when nobody wants to hear of it.</summary>
    /// <param name="was">It was told as low and has not recovered.</param>
    public string? Low(ReplenishmentTerms brand, bool was)
    {
        // What neither sold for a quarter nor is bought is no longer sold: its empty shelf is no news.
        if (Terms.Quiet || (Terms.Supplier is null && Shelves.All(s => s.Sales.Quarter <= 0))) return null;
        return LowStock.Why(Available, Cover, Terms.LowUnits ?? brand.LowUnits, Terms.LowDays ?? brand.LowDays, was);
    }

    /// <summary>What has to be ordered of it for one location now; null = nothing.</summary>
    public PurchaseLine? Needed(ShelfFigures shelf, ReplenishmentTerms brand)
    {
        if (Terms.Quiet || Supplier is null) return null;
        var levels = Levels(shelf, brand);
        var units = Reorder.Quantity(levels, shelf.Available + shelf.Incoming - shelf.Waiting, Terms.Pack, Terms.Least);
        return units == 0 ? null : Line(units, string.Create(CultureInfo.InvariantCulture,
            $"Sells {shelf.Sales.PerDay:0.##} a day; {shelf.Available} available, {shelf.Incoming} on the way{(shelf.Waiting > 0 ? $", orders wait for {shelf.Waiting}" : "")}. Orders at {levels.Point} up to {levels.UpTo}, {levels.Safety} of them for safety."));
    }

    public ReorderLevels Levels(ShelfFigures shelf, ReplenishmentTerms brand) => Reorder.Levels(shelf.Sales, Terms.LeadDays ?? Supplier?.LeadDays ?? 0, brand);

    public PurchaseLine Line(int units, string? why) => new(Sku, units, Terms.Pack, Terms.UnitCost, Terms.TheirSku, Terms.LeadDays, why);
}
