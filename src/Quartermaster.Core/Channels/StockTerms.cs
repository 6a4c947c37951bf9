namespace Quartermaster.Core.Channels;

/// <summary>Whether and how a storefront is told what may be sold; from configuration.</summary>
/// <param name="Buffer">Units of every SKU that are kept back from this channel, at each of its places.</param>
/// <param name="From">Codes of the locations whose stock is offered there; empty = all that it knows, or all of the brand.</param>
public sealed record StockTerms(int Buffer, IReadOnlyList<string> From)
{
    /// <summary>How long a number at the channel that we did not expect is given to be explained by an order on its way, before it is raised.</summary>
    public TimeSpan Calm { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Units that may be sold through one listing.</summary>
    /// <param name="available">On hand less reserved and safety, over the locations behind the listing; below zero counts as nothing.</param>
    public int Sellable(int available) => int.Max(0, available - Buffer);
}
