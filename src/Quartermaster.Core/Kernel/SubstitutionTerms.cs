namespace Quartermaster.Core.Kernel;

/// <summary>What may be sent instead of a SKU that is not there.</summary>
/// <param name="By">In order of preference.</param>
/// <param name="MostDifference">How far the price of what is sent may be from what the shopper pays for a unit, up or down, in the brand's currency; null = however far.</param>
/// <param name="NeedsConsent">The shopper has to be asked: a person gets an offer, and nothing is sent by itself.</param>
public sealed record SubstitutionTerms(string Sku, IReadOnlyList<Substitute> By, decimal? MostDifference, bool NeedsConsent)
{
    /// <summary>SKUs that may be sent for a line of which the shopper paid this for a unit.</summary>
    /// <param name="paid">In the brand's currency; null = paid in another one, and only a rule without a difference says anything of it.</param>
    public IReadOnlyList<string> For(decimal? paid) => [.. By.Where(s => MostDifference is not { } most || Math.Abs(s.Price - paid ?? decimal.MaxValue) <= most).Select(s => s.Sku)];
}

/// <param name="Price">What one costs in the shop; null = not said, which only a rule without a difference may leave open.</param>
public sealed record Substitute(string Sku, decimal? Price = null);
