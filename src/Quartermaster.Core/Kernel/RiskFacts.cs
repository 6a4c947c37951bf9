using System.Globalization;
using System.Text.Json.Serialization;

namespace Quartermaster.Core.Kernel;

/// <summary>What an order says about its own risk.</summary>
/// <remarks>Texts are empty where nothing is known.</remarks>
/// <param name="Cash">Money is still to be collected at the door.</param>
/// <param name="Street">First line of where it goes.</param>
/// <param name="Storefront">What the storefront itself thinks of it; null = it has not said.</param>
/// <param name="Traits">Hashes of the device, card and network that it came from.</param>
public sealed record RiskFacts(decimal Total, string Currency, bool Cash, string Email, string Phone, string Country, string PostalCode, string Street, string BillCountry, string BillPostalCode, StorefrontRisk? Storefront, string Traits = "")
{
    /// <summary>What follows the last @, lower case.</summary>
    public string EmailDomain => Email.LastIndexOf('@') is >= 0 and var at ? Email[(at + 1)..].ToLowerInvariant() : "";

    /// <summary>The same for the same facts: an order is scored anew only when this changes.</summary>
    public string Print => Fnv.Of(string.Create(CultureInfo.InvariantCulture,
        $"{Total}|{Currency}|{Cash}|{Email}|{Phone}|{Country}|{PostalCode}|{Street}|{BillCountry}|{BillPostalCode}|{Storefront}|{Traits}")).ToString("x16", CultureInfo.InvariantCulture);
}

/// <summary>A storefront's own opinion of an order.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<StorefrontRisk>))]
public enum StorefrontRisk { Low, Medium, High }

/// <summary>What is known of a buyer's earlier orders, by e-mail address or phone, and of the brand's usual ones.</summary>
/// <param name="Orders">Earlier orders that were not cancelled.</param>
/// <param name="Lately">Orders of the last 24 hours, cancelled ones too.</param>
/// <param name="Arrived">Earlier orders that arrived and stayed.</param>
/// <param name="Returned">Earlier orders of which a parcel went back to the sender.</param>
/// <param name="Usual">What an order of the brand in the same currency usually comes to; null = too few to tell.</param>
/// <param name="Own">What the buyer's own orders that stayed with him came to; null = too few to tell.</param>
/// <param name="There">How often parcels come back from where this one goes; null = nothing is known of it, or the brand does not look.</param>
/// <param name="Shared">Other orders from the same device, card, network or e-mail address, by kind and window, the shortest window first; null = none, or the brand does not count them.</param>
public sealed record BuyerHistory(int Orders, int Lately, int Arrived, int Returned, decimal? Usual = null, IReadOnlyList<SharedTrait>? Shared = null, OwnOrders? Own = null, AreaReturns? There = null)
{
    public static readonly BuyerHistory None = new(0, 0, 0, 0);
}

/// <summary>What a buyer usually spends, in the currency of the order that is scored.</summary>
/// <param name="Mean">Of the orders that arrived and stayed: what somebody else ordered in his name did not.</param>
/// <param name="Orders">How many those are.</param>
public sealed record OwnOrders(decimal Mean, int Orders)
{
    /// <summary>From fewer orders nothing usual can be told.</summary>
    public const int Fewest = 3;
}

/// <summary>How often parcels come back from one postal area, all carriers together, by how they are to be paid.</summary>
/// <param name="Area">Beginning of the postal code.</param>
/// <param name="Share">Between 0 and 1; drawn towards what is usual where few were seen.</param>
/// <param name="Usual">The same of all the brand's parcels that are paid so.</param>
/// <param name="Parcels">How many were seen there.</param>
public sealed record AreaReturns(string Area, decimal Share, decimal Usual, int Parcels);

/// <summary>An order's score, and why. Kept with the order: it never has to be worked out again.</summary>
/// <param name="Of">The facts it was scored on, as <see cref="RiskFacts.Print"/> tells them apart.</param>
/// <param name="Cash">It was to be paid at the door.</param>
public sealed record Assessment(int Score, IReadOnlyList<RiskReason> Reasons, string Of, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Cash = false)
{
    /// <summary>Highest score there is.</summary>
    public const int Most = 100;

    /// <summary>Orders of one band are compared with each other: 0 to 19 is band 0, and so on.</summary>
    public static int BandOf(int score) => int.Min(score, Most - 1) / BandWidth;

    private const int BandWidth = 20;

    /// <summary><c>20 to 39</c>.</summary>
    public static string BandWords(int band) => string.Create(CultureInfo.InvariantCulture, $"{band * BandWidth} to {((band + 1) * BandWidth >= Most ? Most : (band + 1) * BandWidth - 1)}");

    /// <summary>The reasons in one sentence.</summary>
    [JsonIgnore]
    public string Words => Reasons.Count == 0 ? "nothing speaks against it" : string.Join("; ", Reasons.Where(r => r.Points > 0).Select(r => r.Words));
}

/// <summary>One thing that speaks for or against an order.</summary>
/// <param name="Term">Its name in the brand's configuration.</param>
/// <param name="Points">Less than zero speaks for it.</param>
/// <param name="Words">Why, with the figures.</param>
public sealed record RiskReason(string Term, int Points, string Words);
