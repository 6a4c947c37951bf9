using System.Text.Json.Serialization;

namespace Quartermaster.Core.Kernel;

/// <summary>What a brand writes to its customers of its own accord; null in its terms = nothing is, and nothing is kept for it.</summary>
/// <remarks>Users and the configuration call a campaign a flow; the code does not, because there a flow leads from one capability to another.</remarks>
public sealed record CampaignTerms(IReadOnlyList<Campaign> All)
{
    public static readonly CampaignTerms None = new([]);

    /// <summary>What may be promised, by name.</summary>
    public IReadOnlyDictionary<string, OfferTerms> Offers { get; init; } = new Dictionary<string, OfferTerms>();

    public Campaign? Find(string id)
    {
        foreach (var campaign in All)
            if (campaign.Id == id) return campaign;
        return null;
    }

    /// <summary>These with one of them changed, added, or taken out.</summary>
    /// <param name="campaign">Null = there is none of that name.</param>
    public CampaignTerms With(string id, Campaign? campaign) => this with
    {
        All = campaign is null ? [.. All.Where(c => c.Id != id)] : Find(id) is null ? [.. All, campaign] : [.. All.Select(c => c.Id == id ? campaign : c)],
    };

    public bool Has(CampaignTrigger trigger)
    {
        foreach (var campaign in All)
            if (campaign.Trigger == trigger) return true;
        return false;
    }
}

/// <summary>Some messages in a row that begin with something a customer did, and end when they are said or are no longer wanted.</summary>
/// <param name="Id">As configuration, addresses and figures name it: <c>review</c>.</param>
/// <param name="Steps">One at least.</param>
public sealed record Campaign(string Id, string Title, CampaignTrigger Trigger, IReadOnlyList<CampaignStep> Steps)
{
    /// <summary>Share of the people who get nothing, so that the others can be compared with them: 0.1 = one in ten.</summary>
    public decimal HoldOut { get; init; } = 0.1m;

    /// <summary>A purchase counts when it comes so soon after the first message, or after the moment at which the left-out would have got it.</summary>
    public TimeSpan ConvertsWithin { get; init; } = TimeSpan.FromDays(7);

    /// <summary>Whom it is meant for.</summary>
    public Audience Only { get; init; } = Audience.Everybody;

    /// <summary>What ends it before its last step. That somebody unsubscribes or complains always does.</summary>
    public IReadOnlyList<CampaignEnd> Ends { get; init; } = [];

    /// <summary>Nobody enters again within this time.</summary>
    public TimeSpan Rest { get; init; }

    /// <summary>Where the customer is led; null = the message leads nowhere, or to the checkout that was left.</summary>
    public string? Link { get; init; }

    /// <summary>Reorder only: after how long a customer buys again of whom, and of whose goods and brand, nothing is known.</summary>
    public TimeSpan Usual { get; init; } = TimeSpan.FromDays(45);

    /// <summary>Reorder only: how long one of a SKU lasts, where the brand knows.</summary>
    public IReadOnlyDictionary<string, TimeSpan> Lasts { get; init; } = new Dictionary<string, TimeSpan>();

    /// <summary>Is somebody left out? Always the same answer for the same person, and no other in another brand's or campaign's name.</summary>
    public bool HoldsOut(string brand, string person) => HoldOut > 0m && Fnv.Of($"{brand}/{Id}/{person}") is var hash && (hash ^ (hash >> 32)) % 10_000 < HoldOut * 10_000m;

    public bool EndsOn(CampaignEnd end)
    {
        foreach (var one in Ends)
            if (one == end) return true;
        return false;
    }
}

/// <param name="Wait">Since what began the campaign, or since the step before.</param>
/// <param name="Occasion">What is said, as templates name it: <c>review_request</c>.</param>
/// <param name="Only">Who else is not meant is passed over by this step alone; null = everybody is meant.</param>
/// <param name="Offer">What is promised in it, by its name in <see cref="CampaignTerms.Offers"/>; null = nothing.</param>
/// <param name="By">Channels by which it is said, by their kinds, the first that may be used first; null = the brand's, in its order.</param>
public sealed record CampaignStep(TimeSpan Wait, string Occasion, Audience? Only = null, string? Offer = null, IReadOnlyList<string>? By = null);

/// <summary>What begins a campaign.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<CampaignTrigger>))]
public enum CampaignTrigger
{
    /// <summary>All parcels of an order are with its shopper.</summary>
    Delivered,

    /// <summary>An order was placed.</summary>
    Purchased,

    /// <summary>Somebody began to pay, said who they are, and went.</summary>
    CheckoutLeft,

    /// <summary>By now this customer usually buys again.</summary>
    ReorderDue,

    /// <summary>Nothing was bought for as long as the first step waits.</summary>
    Silent,
}

/// <summary>What can end a campaign early.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<CampaignEnd>))]
public enum CampaignEnd { Purchase, Return, Review, Case }

/// <summary>Whom something is meant for; what is null or empty does not matter.</summary>
/// <param name="OrdersFrom">The customer's orders that were not cancelled, the newest included.</param>
/// <param name="TotalFrom">What the order or checkout comes to, in its own currency.</param>
public sealed record Audience(int? OrdersFrom = null, int? OrdersTo = null, decimal? TotalFrom = null, IReadOnlyList<string>? Countries = null, IReadOnlyList<string>? Languages = null)
{
    public static readonly Audience Everybody = new();

    /// <param name="total">Null = it is about no order; then it fits no brand's line.</param>
    public bool Fits(int orders, decimal? total, string? country, string language) =>
        !(orders < OrdersFrom) && !(orders > OrdersTo) && (TotalFrom is null || total >= TotalFrom)
        && (Countries is null || (country is not null && Countries.Contains(country))) && (Languages is null || Languages.Contains(language));
}

/// <summary>A code that the shop takes, which a brand lets the hub hand out. Codes come from the configuration and from nowhere else.</summary>
/// <param name="Codes">One for everybody, or several of which each is handed out once.</param>
/// <param name="Says">What it is worth, by language; the entry without a language is for all others.</param>
/// <param name="MostPerMonth">Handed out in a month of the brand's calendar, all customers together.</param>
/// <param name="MostPerCustomer">Handed out to one customer, ever.</param>
/// <param name="Until">The last day on which it is handed out, and on which the shop takes it.</param>
public sealed record OfferTerms(IReadOnlyList<string> Codes, IReadOnlyDictionary<string, string> Says, int MostPerMonth, int MostPerCustomer = 1, DateOnly? Until = null)
{
    /// <summary>Each code is one customer's.</summary>
    public bool IsEachOnce => Codes.Count > 1;

    public string? In(string language) => Says.GetValueOrDefault(language) ?? Says.GetValueOrDefault("");
}
