using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Risk;

/// <summary>What counts how much for a brand. Zero turns a term off.</summary>
public sealed record RiskPoints
{
    /// <summary>The total is several times what the buyer's own orders usually come to, or the brand's where the buyer has had too few.</summary>
    public int Amount { get; init; } = 20;

    /// <summary>So many times the usual; from there on it counts.</summary>
    public decimal AmountTimes { get; init; } = 3m;

    /// <summary>Billed to another country than it goes to.</summary>
    public int BilledAbroad { get; init; } = 20;

    /// <summary>Billed to another postal code in the same country.</summary>
    public int BilledElsewhere { get; init; } = 5;

    /// <summary>One buyer orders often within a day.</summary>
    public int Velocity { get; init; } = 25;

    /// <summary>So many orders within 24 hours, this one too; from there on it counts.</summary>
    public int VelocityOrders { get; init; } = 4;

    /// <summary>Several orders with one e-mail address within a window; then <see cref="Velocity"/> is not counted as well.</summary>
    public int SameEmail { get; init; } = 25;

    /// <summary>Several buyers on one device.</summary>
    public int SameDevice { get; init; } = 30;

    /// <summary>Several buyers with one card.</summary>
    public int SameCard { get; init; } = 50;

    /// <summary>Very many buyers on one network.</summary>
    public int SameNetwork { get; init; } = 10;

    /// <summary>From how many orders on that counts, the shortest window first.</summary>
    public IReadOnlyList<VelocityLine> Shared { get; init; } = [];

    /// <summary>An e-mail address that anybody can have for ten minutes.</summary>
    public int DisposableEmail { get; init; } = 30;

    /// <summary>It goes to a postal code on the brand's list.</summary>
    public int Postcode { get; init; } = 20;

    /// <summary>For a place from which every parcel comes back while usually none does; less in proportion to the difference.</summary>
    public int AreaReturns { get; init; } = 60;

    /// <summary>First order of a buyer, and cash on delivery.</summary>
    public int FirstCashOrder { get; init; } = 15;

    /// <summary>Cash on delivery, and no phone that a courier could call.</summary>
    public int NoPhone { get; init; } = 10;

    /// <summary>An earlier order of the buyer went back to the sender.</summary>
    public int ReturnedBefore { get; init; } = 30;

    /// <summary>The storefront itself calls the risk medium, or high.</summary>
    public int StorefrontMedium { get; init; } = 20;

    public int StorefrontHigh { get; init; } = 60;

    /// <summary>Taken off for a buyer whose earlier orders arrived and stayed, none having gone back.</summary>
    public int KnownBuyer { get; init; } = 20;

    /// <summary>Domains of throw-away mailboxes, lower case.</summary>
    public IReadOnlySet<string> DisposableDomains { get; init; } = WellKnown;

    /// <summary>Beginnings of postal codes, upper case without blanks; with a country in front they count there only: <c>IN:8482</c>.</summary>
    public IReadOnlyList<string> Postcodes { get; init; } = [];

    /// <summary>Used where a brand lists none.</summary>
    public static readonly IReadOnlySet<string> WellKnown = new HashSet<string>(StringComparer.Ordinal)
    {
        "10minutemail.com", "discard.email", "dispostable.com", "fakeinbox.com", "getnada.com", "guerrillamail.com", "mailinator.com", "maildrop.cc", "mintemail.com", "mohmal.com", "sharklasers.com",
        "temp-mail.org", "tempmail.com", "throwawaymail.com", "trashmail.com", "yopmail.com",
    };
}
