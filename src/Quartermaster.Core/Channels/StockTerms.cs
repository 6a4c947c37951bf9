namespace Quartermaster.Core.Channels;

/// <summary>Whether and how a storefront is told what may be sold; from configuration.</summary>
/// <param name="Buffer">Units of every SKU that are kept back from this channel, at each of its places.</param>
/// <param name="From">Codes of the locations whose stock is offered there; empty = all that it knows, or all of the brand.</param>
public sealed record StockTerms(int Buffer, IReadOnlyList<string> From)
{
    /// <summary>How long a number at the channel that we did not expect is given to be explained by an order on its way, before it is raised.</summary>
    public TimeSpan Calm { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Percent of what is there that this channel may sell: where the shares of a brand's channels come to 100, none sells another's last unit.</summary>
    public int Share { get; init; } = 100;

    /// <summary>The most that is ever offered of one SKU, so that a channel cannot count the shelf; 0 = all of it.</summary>
    public int Most { get; init; }

    /// <summary>What may be pre-ordered is offered there too.</summary>
    public bool Preorders { get; init; }

    /// <summary>A product of which nothing is left is hidden there, and shown again when goods come.</summary>
    public bool HideAtZero { get; init; }

    /// <summary>How long a product is sold out before it is hidden: one that comes and goes stays in sight.</summary>
    public TimeSpan HideAfter { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>A number that somebody changed at the channel by so many units or more is asked about; null = it is overwritten, however far it is off.</summary>
    public int? AskFrom { get; init; }

    /// <summary>SKUs whose products stay in sight at this channel, sold out or not.</summary>
    public IReadOnlyList<string> KeepShown { get; init; } = [];

    /// <summary>Whether a person is asked before the channel's number is overwritten: it is far from what it took from us, and from what is true now.</summary>
    public bool AsksOf(int sent, int there, int units) => AskFrom is { } from && Math.Abs((long)there - sent) >= from && Math.Abs((long)there - units) >= from;

    /// <summary>Units that may be sold through one listing: what is left after the buffer, of that the share, rounded down, and no more than the most.</summary>
    /// <param name="available">On hand less reserved and safety, over the locations behind the listing; below zero counts as nothing.</param>
    public int Sellable(int available)
    {
        var units = (int)((long)int.Max(0, available - Buffer) * Share / 100);
        return Most > 0 ? int.Min(units, Most) : units;
    }
}
