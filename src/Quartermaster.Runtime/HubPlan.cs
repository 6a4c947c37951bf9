using Quartermaster.Core.Channels;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Labels;
using Quartermaster.Core.Messages;
using Quartermaster.Core.Risk;
using Quartermaster.Core.Rules;

namespace Quartermaster.Runtime;

/// <summary>What this hub runs: its brands and connections, read from configuration at start and checked.</summary>
public sealed record HubPlan(IReadOnlyDictionary<string, BrandPlan> Brands, IReadOnlyDictionary<string, ConnectionPlan> Connections)
{
    private readonly HashSet<string> _publishing = [.. Connections.Values.Where(c => c.Stock is not null).Select(c => c.Brand)];

    /// <summary>One of the brand's storefronts at least is told what may be sold.</summary>
    public bool Publishes(string brand) => _publishing.Contains(brand);

    /// <summary>The connection is the brand's, and labels can be bought there.</summary>
    public bool SellsLabels(string brand, string connection) =>
        Connections.TryGetValue(connection, out var found) && found.Brand == brand && found.Connector.Manifest.Does.Contains(Wire.KindOf(typeof(LabelEffect.Buy)));

    /// <summary>Marketing tools that are told of customers.</summary>
    public IReadOnlyList<ConnectionPlan> ProfileTools { get; } = [.. Connections.Values.Where(c => c.TakesProfiles).OrderBy(c => c.Key, StringComparer.Ordinal)];

    /// <summary>One of the brands at least wants to hear of delays.</summary>
    public bool WatchesParcels => Brands.Values.Any(b => b.Terms.Delays is not null);

    /// <summary>Reads rules that were typed in the dashboard, as strictly as those of the file; throws with everything that is wrong. Null = nothing here can.</summary>
    public Func<HubPlan, string, string, IReadOnlyList<Rule>>? ReadRules { get; init; }

    /// <summary>Reads a flow that was written in the dashboard, by brand, name and text, as strictly as those of the file. Null = nothing here can.</summary>
    public Func<HubPlan, string, string, string, Campaign>? ReadFlow { get; init; }

    /// <summary>A link out of advertising leads somewhere: without one nothing is advertised by mail.</summary>
    public bool HasWayOut { get; init; } = true;

    /// <summary>Brands whose customers are the same people; none = every brand knows its own.</summary>
    public IReadOnlyList<string> SharedCustomers { get; } = [.. Brands.Values.Where(b => b.Terms.Contact.AcrossBrands).Select(b => b.Terms.Brand)];

    /// <summary>Within what a brand's customers are one: the brand, or <see cref="SharedRealm"/>.</summary>
    public string RealmOf(string brand) => SharedCustomers.Contains(brand) ? SharedRealm : brand;

    /// <summary>No brand's key can be this.</summary>
    public const string SharedRealm = "*";

    /// <summary>Nothing was configured: invented brands with shoppers of their own, and a door that needs no password.</summary>
    /// <remarks>Never true of a hub that somebody configured, whatever its brands are called and however many connections are sandboxed.</remarks>
    public bool IsDemo { get; init; }
}

/// <param name="Terms">How the brand wants its orders handled.</param>
/// <param name="Mode">Mode at the very first start; afterwards the database holds it.</param>
public sealed record BrandPlan(BrandTerms Terms, BrandMode Mode)
{
    /// <summary>The rules that were configured; the dashboard's come after them.</summary>
    public RuleBook Rules { get; init; } = RuleBook.Empty;

    /// <summary>What may be promised, also by flows of the dashboard. Codes come from the configuration and from nowhere else.</summary>
    public IReadOnlyDictionary<string, OfferTerms> Offers { get; init; } = new Dictionary<string, OfferTerms>();

    /// <summary>The flows that were configured; the dashboard's stand in their place.</summary>
    public CampaignTerms Flows => Terms.Campaigns ?? CampaignTerms.None with { Offers = Offers };

    /// <summary>The words that were configured; the dashboard's editions come over them.</summary>
    public TemplateBook Templates { get; init; } = TemplateBook.Shipped;

    /// <summary>What counts how much when the brand's orders are scored; null = they are not.</summary>
    public RiskScorer? Scorer { get; init; }
}

/// <summary>How much of the hub a brand uses.</summary>
public enum BrandMode
{
    /// <summary>Signals are stored and nothing is decided.</summary>
    Off,

    /// <summary>Everything is decided, effects are recorded and not sent.</summary>
    Shadow,

    Live,
}

/// <summary>One configured connection.</summary>
/// <param name="Key">Unique in the hub; part of the webhook address.</param>
/// <param name="Connector">Key of its connector.</param>
/// <param name="Locations">Our location code → the remote system's id.</param>
/// <param name="Limits">Overrides of the vendor's published limits; null = as published.</param>
public sealed record ConnectionPlan(string Key, string Brand, IConnector Connector, Settings Settings, string OrderPrefix, IReadOnlyDictionary<string, string> Locations, Limits? Limits, bool Sandboxed = false)
{
    public Limits EffectiveLimits => Limits ?? Connector.Manifest.Limits;

    /// <summary>How this storefront is told what may be sold; null = it is not told.</summary>
    public StockTerms? Stock { get; init; }

    /// <summary>How often every shelf of this warehouse is read and compared with the ledger; null = never, or it cannot be asked.</summary>
    public TimeSpan? ReadShelvesEvery { get; init; } = Connector.Manifest.TellsShelves ? ShelvesUsually : null;

    public static readonly TimeSpan ShelvesUsually = TimeSpan.FromHours(1);

    /// <summary>How long this warehouse may say nothing of what it was handed; means nothing of other connections.</summary>
    public HandoffPatience Patience { get; init; } = HandoffPatience.Usual;

    /// <summary>Where its vendor reaches this hub; null when nobody said.</summary>
    public Uri? Callback { get; init; }

    /// <summary>Under which name it is counted to how many people it wrote: its own, or one that it shares.</summary>
    public string LimitKey => Connector.SharesLimit(Settings) is { } account ? $"{Connector.Manifest.Key}/{account}" : Key;

    /// <summary>It is a marketing tool, and is told of its brand's customers.</summary>
    public bool TakesProfiles => Connector.Manifest.Capabilities.Contains(Capability.Profiles);

    /// <summary>The connection as its connector sees it, with this way out.</summary>
    public Session Open(HttpClient http, TimeProvider clock) => new(Brand, Key, Settings, OrderPrefix, Locations, http, clock) { Callback = Callback };

    /// <summary>The remote system's places of stock; one without a name where it knows one number for all.</summary>
    public IEnumerable<string> Places() => Locations.Count == 0 ? [""] : Locations.Values;

    /// <summary>Which of our locations' stock is offered at which place.</summary>
    public IEnumerable<(string Place, string Location)> Shelves(BrandTerms terms) =>
        (Locations.Count == 0 ? terms.Locations.Select(l => ("", l.Code)) : Locations.Select(l => (l.Value, l.Key))).Where(s => Stock?.From is not { Count: > 0 } from || from.Contains(s.Item2));
}

/// <summary>How long a warehouse may say nothing of an order that it was handed, before a person looks.</summary>
/// <param name="AcceptedWithin">Until it says that it takes the order on; zero = that is not waited for.</param>
/// <param name="ShippedWithin">Until a parcel leaves, or the next one; zero = that is not waited for.</param>
public sealed record HandoffPatience(TimeSpan AcceptedWithin, TimeSpan ShippedWithin)
{
    /// <summary>A weekend and a holiday long: nobody is called about an order of Friday evening on Monday morning.</summary>
    public static readonly HandoffPatience Usual = new(TimeSpan.FromDays(2), TimeSpan.FromDays(4));

    /// <summary>Whatever was handed over later than this is in time.</summary>
    public TimeSpan? Shortest => (AcceptedWithin, ShippedWithin) switch
    {
        ({ Ticks: > 0 }, { Ticks: > 0 }) => AcceptedWithin < ShippedWithin ? AcceptedWithin : ShippedWithin,
        ({ Ticks: > 0 }, _) => AcceptedWithin,
        (_, { Ticks: > 0 }) => ShippedWithin,
        _ => null,
    };

    /// <summary>How long it may be silent now; null = for ever.</summary>
    public TimeSpan? Of(bool isTakenOn) => isTakenOn ? ShippedWithin > TimeSpan.Zero ? ShippedWithin : null : Shortest;
}
