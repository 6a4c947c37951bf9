namespace Quartermaster.Core.Purchasing;

/// <summary>How one SKU is bought, and when it is low where the brand's own lines do not fit.</summary>
/// <param name="Supplier">Code of its supplier; null = it is not bought through the hub.</param>
/// <param name="Pack">Units that come together.</param>
/// <param name="Least">The supplier's minimum; 0 = none.</param>
/// <param name="UnitCost">In the supplier's currency.</param>
/// <param name="LeadDays">Null = the supplier's.</param>
/// <param name="LowUnits">Null = the brand's line; likewise <paramref name="LowDays"/>.</param>
/// <param name="Quiet">Nobody is told that it is low, and nothing is drafted: it is being sold out.</param>
public sealed record SkuTerms(string? Supplier = null, string? TheirSku = null, int Pack = 1, int Least = 0, decimal UnitCost = 0, int? LeadDays = null, int? LowUnits = null, decimal? LowDays = null, bool Quiet = false)
{
    public static readonly SkuTerms Plain = new();
}
