namespace Quartermaster.Core.Kernel;

/// <summary>How one brand wants its orders handled; from configuration, the same for every process.</summary>
public sealed record BrandTerms
{
    public required string Brand { get; init; }
    public required string Title { get; init; }

    /// <summary>ISO 4217 of the brand's books.</summary>
    public string Currency { get; init; } = "EUR";

    /// <summary>IANA name; the dashboard shows the brand's times in it.</summary>
    public string TimeZone { get; init; } = "Etc/UTC";

    /// <summary>Two-letter language used when the shopper's is unknown.</summary>
    public string Language { get; init; } = "en";

    public IReadOnlyList<LocationTerms> Locations { get; init; } = [];

    /// <summary>Storefront, accounting, and alert connections by what they do for the brand; null = the step is left out.</summary>
    public string? Accounting { get; init; }

    public string? Alerts { get; init; }

    /// <summary>Message channels in order of preference.</summary>
    public IReadOnlyList<MessageChannel> MessageChannels { get; init; } = [];

    /// <summary>What is kept to when something is sent that no order makes necessary.</summary>
    public ContactTerms Contact { get; init; } = ContactTerms.Usual;

    /// <summary>Who asks where an order is gets the answer at once, where it is certain which one is meant; otherwise it is a draft for a person.</summary>
    public bool AnswersAtOnce { get; init; }

    /// <summary>Locations and carriers that can be asked to deliver on another day, by their names; empty = shoppers are not asked.</summary>
    public IReadOnlyList<string> TakesDays { get; init; } = [];

    /// <summary>How the brand speaks to its shoppers.</summary>
    public VoiceTerms Voice { get; init; } = new();

    /// <summary>An order line of more units than this is held for a look.</summary>
    public int OddQuantity { get; init; } = 1000;

    /// <summary>An unpaid order is held this long for its payment, then cancelled.</summary>
    public TimeSpan PaymentPatience { get; init; } = TimeSpan.FromDays(3);

    /// <summary>How long units are kept for an order that waits for its payment; zero = none are.</summary>
    public TimeSpan ReserveUnpaidFor { get; init; }

    /// <summary>Orders placed before this are not the hub's to work on; null = those placed before the storefront was connected and the brand was live.</summary>
    public DateTimeOffset? OrdersFrom { get; init; }

    public string InvoicePrefix { get; init; } = "INV-";

    /// <summary>Largest difference between computed and charged total that may go to a rounding line.</summary>
    public decimal RoundingLimit { get; init; } = 0.05m;

    /// <summary>What the brand's rules say of an order; null = it has none, and nothing is asked.</summary>
    public Judge? Rules { get; init; }

    /// <summary>What is done about risky orders; null = nothing is scored, and nothing is read for it.</summary>
    public RiskTerms? Risk { get; init; }

    /// <summary>What is weighed when a location is chosen.</summary>
    public RoutingTerms Routing { get; init; } = RoutingTerms.Plain;

    /// <summary>The connection that approved purchase orders are drafted at; null = they are not.</summary>
    public string? PurchaseOrdersTo { get; init; }

    /// <summary>Stands before a purchase order's number there: brands number alike, and books know an order by its number.</summary>
    public string PurchasePrefix { get; init; } = "";

    /// <summary>What may be sent instead of what is not there; one entry per SKU, none = nothing ever is.</summary>
    public IReadOnlyDictionary<string, SubstitutionTerms> Substitutions { get; init; } = new Dictionary<string, SubstitutionTerms>();

    /// <summary>When more has to be bought; null = nobody is told and nothing is drafted.</summary>
    public ReplenishmentTerms? Replenishment { get; init; }

    /// <summary>Connections that are asked where parcels are.</summary>
    public IReadOnlyList<TrackerTerms> Trackers { get; init; } = [];

    /// <summary>Storefronts that give store credit when the hub asks them to.</summary>
    public IReadOnlyList<string> CreditGivers { get; init; } = [];

    /// <summary>Some connection tells scans by the parcel's number alone, so numbers have to lead to their orders.</summary>
    public bool ScansByNumber { get; init; }

    /// <summary>What is done about parcels that take longer; null = nothing, and none is watched.</summary>
    public DelayTerms? Delays { get; init; }

    /// <summary>What is written to customers of the brand's own accord; null = nothing, and nobody is followed for it.</summary>
    public CampaignTerms? Campaigns { get; init; }

    /// <summary>How the pages look that shoppers see.</summary>
    public BrandLook Look { get; init; } = BrandLook.Plain;

    /// <summary>Some location has a capacity, so the orders of its days are counted.</summary>
    public bool CountsOrders => Locations.Any(l => l.Capacity is not null);

    /// <summary>How often parcels come back has to be known, to choose where one leaves from or whether it does.</summary>
    public bool WeighsReturns => Routing.WeighsReturns || Risk?.WeighsReturns == true;

    /// <summary>Cost of crossing a border, and of each step between postal zones, where no rate says what the way costs.</summary>
    public decimal BorderCost { get; init; } = 100m;

    public decimal ZoneStepCost { get; init; } = 5m;

    /// <summary>The date on the brand's calendar.</summary>
    public DateOnly DayOf(DateTimeOffset at) => DateOnly.FromDateTime(ThereAt(at).DateTime);

    /// <summary>The instant on the brand's clock.</summary>
    public DateTimeOffset ThereAt(DateTimeOffset at) => TimeZoneInfo.ConvertTime(at, TimeZoneInfo.FindSystemTimeZoneById(TimeZone));

    /// <summary>Is a carrier's connection told at the end of the day which of its labels leave a location?</summary>
    /// <remarks>
    /// One label may be bought at another connection than all others of its location. What the brand says of that one at locations that always buy there holds for it too; where it
    /// says nothing the carrier is told, if it takes lists at all: it bills or refuses what it was not told of.
    /// </remarks>
    public bool ClosesWith(LabelTerms at, string connection)
    {
        if (at.Connection == connection) return at.Closes;
        var usual = Locations.Where(l => l.Labels?.Connection == connection).Select(l => l.Labels!.Closes).ToList();
        return usual.Count == 0 || usual.Contains(true);
    }
}

/// <summary>A place that holds stock.</summary>
/// <param name="Code">Our code, as in stock positions: <c>BLR</c>.</param>
/// <param name="Connection">The warehouse connection that serves it.</param>
/// <param name="Cost">Base cost of sending one order from here, in the brand's currency.</param>
/// <param name="PostalZone">First digit or letter of the postal codes around it; empty = not used.</param>
/// <param name="Paused">Takes no new orders.</param>
public sealed record LocationTerms(string Code, string Title, string Connection, string Country, string PostalZone = "", decimal Cost = 0m, bool Paused = false)
{
    /// <summary>Its own postal code, from which ways are measured; null = they are not.</summary>
    public string? PostalCode { get; init; }

    /// <summary>Orders it can pack in a day: of a day that is full no more are handed to it. Null = no limit is known.</summary>
    public int? Capacity { get; init; }

    /// <summary>From when on a count that its warehouse sends is asked about; null = all of them are believed.</summary>
    public CountTerms? Counts { get; init; } = CountTerms.Usual;

    /// <summary>When it packs.</summary>
    public WorkCalendar Calendar { get; init; } = WorkCalendar.Always;

    /// <summary>Set when the hub buys the labels of its parcels; null = whoever packs does.</summary>
    public LabelTerms? Labels { get; init; }
}

/// <param name="Kind"><c>whatsapp</c> and <c>sms</c> need a phone, <c>email</c> an address.</param>
/// <param name="Unsubscribe">Each of its messages tells how to unsubscribe from marketing; what an order makes necessary comes all the same.</param>
public sealed record MessageChannel(string Kind, string Connection, bool Unsubscribe = false);
