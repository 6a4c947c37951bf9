namespace Quartermaster.Core.Kernel;

/// <summary>What a brand does about parcels that take longer than usual; null in its terms = none is watched and nobody is told.</summary>
public sealed record DelayTerms
{
    /// <summary>A parcel that was scanned within this time is not silent, however short the usual gap of its lane is.</summary>
    public TimeSpan SilentAfter { get; init; } = TimeSpan.FromHours(72);

    /// <summary>Share of a lane's parcels under way that are late from which on the lane as a whole is: 0.3 = three in ten.</summary>
    public decimal LaneShare { get; init; } = 0.3m;

    /// <summary>A lane with fewer late parcels is never late as a whole.</summary>
    public int LaneParcels { get; init; } = 10;

    /// <summary>What a person may offer a shopper whose parcel is late; null = nothing is offered.</summary>
    public CreditTerms? Credit { get; init; }
}

/// <summary>Store credit for a late parcel, in the brand's currency. A person gives it; this only says when somebody is asked to.</summary>
/// <param name="Amount">For each late parcel.</param>
/// <param name="MostPerOrder">For all parcels of one order together.</param>
/// <param name="MostPerMonth">For all orders of a calendar month together.</param>
public sealed record CreditTerms(decimal Amount, decimal MostPerOrder, decimal MostPerMonth)
{
    /// <summary>How long somebody may decide on it, from when they are asked; then it lapses, and what it took of the month is free again.</summary>
    public TimeSpan Keeps { get; init; } = TimeSpan.FromDays(7);
}
