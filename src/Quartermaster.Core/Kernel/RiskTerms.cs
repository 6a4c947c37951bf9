namespace Quartermaster.Core.Kernel;

/// <summary>Scores an order by the points of its brand.</summary>
public delegate Assessment Assessor(RiskFacts order, BuyerHistory history);

/// <summary>What a brand does with risky orders; null in its terms = nothing is scored and nothing is asked.</summary>
public sealed record RiskTerms
{
    public required Assessor Assess { get; init; }

    /// <summary>From this score on a person looks before anything leaves; null = nobody is asked to.</summary>
    public int? Review { get; init; }

    /// <summary>From this score on the order is declined without anybody looking; null = never.</summary>
    public int? Decline { get; init; }

    /// <summary>The least role that may approve.</summary>
    public string Owner { get; init; } = "lead";

    /// <summary>How long a person has; null = it waits until somebody decides.</summary>
    public TimeSpan? Lapses { get; init; }

    /// <summary>What becomes of an order that nobody decided about in time: approved, otherwise declined.</summary>
    public bool LapseApproves { get; init; }

    /// <summary>How far back a buyer's earlier orders are looked at.</summary>
    public int HistoryDays { get; init; } = 365;

    /// <summary>What comes back from an area counts, so how often it does has to be known.</summary>
    public bool WeighsReturns { get; init; }

    /// <summary>From how many orders on sharing a device, a card, a network or an e-mail address counts, the shortest window first; none = no trait of an order is kept.</summary>
    public IReadOnlyList<VelocityLine> Velocity { get; init; } = [];

    /// <summary>No trait is kept longer than it is counted.</summary>
    public TimeSpan KeepTraits => Velocity.Count == 0 ? TimeSpan.Zero : Velocity.Max(v => v.Within);

    /// <summary>Who outside is asked before an order is released; null = nobody.</summary>
    public OpinionTerms? Opinion { get; init; }

    /// <summary>When the shopper of a cash order is asked to confirm it; null = never.</summary>
    public ConfirmTerms? Confirm { get; init; }
}

/// <summary>Who has to confirm a cash order before it is handed off, and how long that may take.</summary>
public sealed record ConfirmTerms
{
    /// <summary>From this score on.</summary>
    public required int From { get; init; }

    /// <summary>An order whose shopper has not answered by then becomes a case.</summary>
    public TimeSpan Lapses { get; init; } = TimeSpan.FromHours(24);

    /// <summary>Share of these orders that nobody is asked about, so that what asking achieves can be measured: 0.1 = one in ten.</summary>
    public decimal HoldOut { get; init; }

    /// <summary>Where the shopper can pay instead, with <c>{number}</c>, <c>{id}</c>, <c>{amount}</c> and <c>{currency}</c>; null = cash it stays.</summary>
    public string? PayLink { get; init; }

    /// <summary>The same orders in every process and after every restart.</summary>
    public bool HoldsOut(string orderId) => HoldOut > 0m && Fnv.Of("hold out " + orderId) % 10_000 < HoldOut * 10_000m;

    public string? PayAddress(string number, string id, decimal amount, string currency) => PayLink?
        .Replace("{number}", Uri.EscapeDataString(number), StringComparison.Ordinal).Replace("{id}", Uri.EscapeDataString(id), StringComparison.Ordinal)
        .Replace("{amount}", amount.ToString("0.##", System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal).Replace("{currency}", currency, StringComparison.Ordinal);
}

/// <summary>An outside reviewer of fraud, and which orders it is asked about. Cash orders are none of its business.</summary>
public sealed record OpinionTerms
{
    public required string Connection { get; init; }

    /// <summary>Its name, for people.</summary>
    public required string Title { get; init; }

    /// <summary>From this score on; null = no score alone.</summary>
    public int? From { get; init; }

    /// <summary>From this total on, in the brand's currency; null = no total alone.</summary>
    public decimal? Total { get; init; }

    /// <summary>How long it may take; after that its word is asked for once more, and then it is a person's.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromHours(4);

    /// <summary>An order it said nothing about goes by the brand's own lines; otherwise a person looks.</summary>
    public bool SilentGoesOn { get; init; }

    /// <param name="currency">The brand's; a total in another is not compared.</param>
    public bool Wants(int score, decimal total, string totalIn, string currency) => score >= From || (total >= Total && totalIn == currency);
}
