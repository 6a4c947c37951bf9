namespace Quartermaster.Core.Connecting;

/// <summary>What a connector is, can do and needs; shown on the connections page and checked by <c>config check</c>.</summary>
public sealed record Manifest
{
    /// <summary>Key used in configuration: <c>shopify</c>.</summary>
    public required string Key { get; init; }
    public required string Title { get; init; }
    public required IReadOnlyList<Capability> Capabilities { get; init; }
    public required IReadOnlyList<Setting> Settings { get; init; }

    /// <summary>Vendor limits as they are published; configuration may lower or raise them.</summary>
    public required Limits Limits { get; init; }

    /// <summary>Wire kinds of the effects it can do; an effect of another kind on its lane is refused at planning.</summary>
    public required IReadOnlyList<string> Does { get; init; }

    /// <summary>Webhooks of this vendor that may be larger than any other: letters with photos. Null = none are.</summary>
    public LargeBodies? LargeBodies { get; init; }

    /// <summary>How a repeat of the same effect is made harmless at this vendor.</summary>
    public required RepeatSafety RepeatSafety { get; init; }

    /// <summary>How long one call of <see cref="IConnector.ActAsync"/> may take as a whole; what has no answer by then is of unknown fate.</summary>
    public TimeSpan CallLimit { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>It can be asked what changed since an instant (<see cref="IConnector.PollAsync"/>): what webhooks lost is found that way.</summary>
    public bool Polls { get; init; }

    /// <summary>Its vendor sends webhooks to whom it was told to by a call (<see cref="IConnector.MendSubscriptionsAsync"/>): that is looked after.</summary>
    public bool Subscribes { get; init; }

    /// <summary>It can be asked for every count that it has (<see cref="IConnector.ReadShelvesAsync"/>), and is compared with the ledger as a whole.</summary>
    public bool TellsShelves { get; init; }

    /// <summary>Most listings one call of <see cref="IConnector.SetStockAsync"/> takes; 0 = it takes no stock.</summary>
    public int StockBatch { get; init; }

    /// <summary>How a product that sold out is taken out of shoppers' sight; null = it cannot be.</summary>
    public Hiding? Hiding { get; init; }

    /// <summary>Most parcels one call of <see cref="IConnector.TrackAsync"/> takes; 0 = it is not asked.</summary>
    public int TrackBatch { get; init; }

    /// <summary>Its scans come by webhook, and it is asked only about parcels that it has been silent about for so long: a webhook may be lost. Null = it tells nothing by itself.</summary>
    public TimeSpan? AskAfterSilence { get; init; }

    /// <summary>Most labels on one list with which a day is closed: a manifest, a SCAN form, a courier's visit; 0 = this carrier wants none.</summary>
    public int DispatchBatch { get; init; }

    /// <summary>A list is no paper but a courier who comes: however many labels there are, one for a location and day, and a second only when a person asks for it by name.</summary>
    public bool ListIsAVisit { get; init; }

    /// <summary>Its scans name a parcel's number and not the order: from the hand-over on the number has to lead to its order, whoever bought the label.</summary>
    public bool ScansByNumber { get; init; }

    /// <summary>It holds the texts of its messages itself, and can be asked for them (<see cref="IConnector.ReadTextsAsync"/>).</summary>
    public bool HoldsTexts { get; init; }

    /// <summary>It rates the number that messages come from and limits to how many people it may write (<see cref="IConnector.ReadSenderAsync"/>).</summary>
    public bool RatesSenders { get; init; }

    /// <summary>How warehouses call the carrier that it can be asked for parcels of.</summary>
    public IReadOnlyList<string> Carriers { get; init; } = [];

    /// <summary>Where the vendor documents what this connector speaks.</summary>
    public required string Documentation { get; init; }

    /// <summary>False when no published contract could be checked against; shown next to the name.</summary>
    public bool Verified { get; init; } = true;
}

public enum Capability
{
    Storefront, Warehouse, Carrier, Accounting, Messages, Alerts,

    /// <summary>A marketing tool that is told of the brand's customers, and tells who wants to be written to no more.</summary>
    Profiles,

    /// <summary>Decides from outside whether an order is fraud.</summary>
    Reviewer,

    /// <summary>Keeps what customers think of what they bought, and tells of it.</summary>
    Reviews,
}

/// <summary>One setting of a connection.</summary>
/// <param name="Key">What ends in <c>_url</c> is a web address; its connector need not say so.</param>
/// <param name="Secret">Never printed, logged or shown; usually given as <c>${ENV}</c>.</param>
/// <param name="Fits">What else a written value has to be; null = any text can be one.</param>
public sealed record Setting(string Key, string Explanation, bool Required = true, bool Secret = false, string? Default = null, Func<string, bool>? Fits = null)
{
    /// <summary>Whether it is called by its value, so that nothing but a whole address can work.</summary>
    public bool IsAddress => Key.EndsWith("_url", StringComparison.Ordinal);
}

/// <summary>How fast and how wide a connection may be driven.</summary>
/// <param name="Batch">Most effects handed to one call of <see cref="IConnector.ActAsync"/>.</param>
/// <param name="Concurrency">Most calls under way at once.</param>
/// <param name="PerSecond">Calls a second on average; 0 = no limit. A lane starts without a burst.</param>
/// <param name="Burst">Calls that may follow each other at once after idling.</param>
/// <param name="PerDay">Calls a day (UTC); 0 = no limit. The last tenth is kept for repeats of what has begun.</param>
public sealed record Limits(int Batch = 1, int Concurrency = 8, double PerSecond = 0, int Burst = 1, int PerDay = 0);

/// <summary>Which of a vendor's webhooks may be larger than the hub's limit for all of them. What of them is not needed the connector leaves out before they are stored (<see cref="Knock.Take.Keep"/>).</summary>
/// <param name="Path">What follows the connection in their address, with anything below it: <c>inbound</c>.</param>
/// <param name="Bytes">Most that the vendor sends at once. A hub whose own limit is higher keeps to that.</param>
/// <param name="MayBeTheirs">Whether address and headers allow that it is the vendor's: asked before the body is read, which is empty here. Whoever has no key takes no room from who has one.</param>
public sealed record LargeBodies(string Path, long Bytes, Func<Settings, Delivery, bool> MayBeTheirs)
{
    /// <param name="about">What follows the connection in an address.</param>
    public bool Are(string about) => about == Path || about.StartsWith(Path + "/", StringComparison.Ordinal);
}

/// <summary>What makes a repeated call harmless; decides what happens to effects whose fate is unknown.</summary>
public enum RepeatSafety
{
    /// <summary>The vendor recognises our key or natural id: an effect of unknown fate is simply sent again under the same key.</summary>
    ByKey,

    /// <summary>The vendor can be asked whether it has it: look up first, repeat only when it has not.</summary>
    ByLookUp,

    /// <summary>Neither, but a second copy does little harm: sent again as often as <see cref="RepeatUnsure"/> says, then a person decides.</summary>
    Once,

    /// <summary>Neither: a person decides about an effect of unknown fate.</summary>
    None,
}
