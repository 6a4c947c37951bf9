using Quartermaster.Core.Purchasing;
using Quartermaster.Sandbox.Twins;

namespace Quartermaster.Sandbox;

/// <summary>Where the clothes of the first demo brand come from, and how they sold before the hub. All made up.</summary>
public static class DemoBuying
{
    private const int DaysOfSales = 60;

    public static readonly IReadOnlyList<SupplierTerms> Suppliers =
    [
        new("jaipur-block", "Jaipur Block Print Company", "orders@jaipur-block.example", 21, 40_000m, "INR"),
        new("tiruppur-knits", "Tiruppur Knits", "sales@tiruppur-knits.example", 14, 15_000m, "INR"),
        new("kochi-crafts", "Kochi Crafts Collective", null, 10, 0m, "INR"),
    ];

    public static IEnumerable<(string Sku, SkuTerms Terms)> Terms(DemoBrand brand) =>
        from product in brand.Products
        let supplier = Suppliers[product.Title.Contains("kurta", StringComparison.OrdinalIgnoreCase) || product.Title.Contains("sari", StringComparison.OrdinalIgnoreCase) ? 0 : product.Grams > 300 ? 2 : 1]
        select (product.Sku, new SkuTerms(supplier.Code, product.Sku.Replace("AT-", supplier.Code[..1].ToUpperInvariant() + "-", StringComparison.Ordinal), Pack: 6, UnitCost: decimal.Round(product.Price * 0.4m)));

    /// <summary>About one unit a day from each location.</summary>
    public static IEnumerable<(DateOnly Day, string Sku, string Location, int Units)> Sales(DemoBrand brand, DateOnly today) =>
        from product in brand.Products
        from location in brand.Terms.Locations
        from back in Enumerable.Range(1, DaysOfSales)
        let units = (int)(Knobs.Hash($"{product.Sku}/{location.Code}/{back}") % 3)
        where units > 0
        select (today.AddDays(-back), product.Sku, location.Code, units);
}
