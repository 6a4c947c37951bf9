using System.Text.Json.Serialization;
using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Shipping;

/// <summary>The parcels of one order on their way.</summary>
public sealed record Parcels
{
    public static readonly Parcels None = new();

    public IReadOnlyList<Followed>? All { get; init; }

    public Followed? Find(string parcelId)
    {
        if (All is not null)
            foreach (var parcel in All)
                if (parcel.Id == parcelId) return parcel;
        return null;
    }

    /// <summary>The parcel that some news is about; see <see cref="Followed.AttemptOf"/>.</summary>
    public Followed? About(string subject) => Find(subject) ?? (subject.LastIndexOf('#') is > 0 and var cut ? Find(subject[..cut]) : null);
}

/// <summary>One parcel as carriers saw it.</summary>
/// <param name="Carrier">Null while only scans have come and the warehouse has not told of the parcel.</param>
/// <param name="Last">Newest scan that moved it on.</param>
/// <param name="Strange">Carrier codes that nobody could read.</param>
/// <param name="End">What became of it, where a person had to say so.</param>
/// <param name="LeftAt">When it left the warehouse.</param>
/// <param name="Missed">Attempts to hand it over that failed.</param>
/// <param name="MissedAt">When the last one of them was told of first.</param>
/// <param name="Reckoned">How its carrier did is kept.</param>
/// <param name="Gap">Longest time that nobody scanned it, in whole hours.</param>
/// <param name="Setbacks">Delays that were found, each kind once, as it was found last.</param>
public sealed record Followed(string Id, string? Carrier, string Tracking, ScanStatus? Last = null, DateTimeOffset? LastAt = null, IReadOnlyList<string>? Strange = null, bool Delivered = false, string? TrackingUrl = null, ParcelEnd? End = null,
    DateTimeOffset? LeftAt = null, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int Missed = 0,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Damaged = false, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Reckoned = false,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int Gap = 0, IReadOnlyList<Setback>? Setbacks = null, DateTimeOffset? MissedAt = null)
{
    /// <summary>Nothing more is waited for.</summary>
    [JsonIgnore]
    public bool IsOver => Delivered || End is not null;

    [JsonIgnore]
    public bool IsKnown => Carrier is not null;

    public Setback? SetbackOf(Delay kind)
    {
        foreach (var setback in Setbacks ?? [])
            if (setback.Kind == kind) return setback;
        return null;
    }

    /// <summary>Nobody has scanned it since it was found silent.</summary>
    [JsonIgnore]
    public bool IsSilent => !IsOver && SetbackOf(Delay.Silence) is { } silence && silence.Since == (LastAt ?? LeftAt);

    /// <summary>The first delay that is still so: silence ends with a scan, and a broken promise stays broken.</summary>
    [JsonIgnore]
    public Setback? Behind => Setbacks?.FirstOrDefault(b => b.Kind != Delay.Silence || IsSilent);

    /// <summary>Hours from the scan before to this one.</summary>
    public int HoursTo(DateTimeOffset at) => (LastAt ?? LeftAt) is { } before && at > before ? (int)(at - before).TotalHours : 0;

    /// <summary>Carriers say of one attempt more than once that it failed: the next one is hours later.</summary>
    public bool IsSameAttempt(DateTimeOffset failedAt) => failedAt - MissedAt < TimeSpan.FromHours(6);

    /// <summary>What news of its nth attempt is about, so that the shopper hears of each once: <c>T1</c>, <c>T1#2</c>.</summary>
    public static string AttemptOf(string id, int nth) => nth <= 1 ? id : $"{id}#{nth}";

    /// <summary>Key of the case that nobody scans it any more.</summary>
    public static string SilentCase(string id) => $"silent/{id}";

    /// <summary>The store credit that somebody was asked about for it: once for a parcel.</summary>
    [JsonIgnore]
    public Setback? Credited => Setbacks?.FirstOrDefault(b => b.Credit is not null);

    /// <summary>Key of the case that a person may give something for its delay.</summary>
    public static string CreditCase(string id) => $"credit/{id}";

    /// <summary>Key of the case that what it would be given is above the limits.</summary>
    public static string ApprovalCase(string id) => $"credit-approval/{id}";

    /// <summary>Key of the case that its way is in trouble.</summary>
    public static string TroubleCase(string id) => $"scan/{id}";

    /// <summary>Key of the case that nobody can read a code that its carrier sent.</summary>
    public static string StrangeCase(string id, string raw) => $"scan/{id}/{raw}";

    /// <summary>Carriers and warehouses name the carrier differently, so the number alone is the key within an order.</summary>
    public static string IdOf(string tracking) => tracking.Replace(" ", "", StringComparison.Ordinal).ToUpperInvariant();
}

/// <summary>A delay of a parcel, found by what is usual on its lane.</summary>
/// <param name="Since">The last scan before it was found; when it left, where there was none.</param>
/// <param name="Expected">The day that the shopper was told; null when too little is known to name one.</param>
/// <param name="Credit">Store credit that a person was asked about, in the brand's currency.</param>
/// <param name="CreditIs">What became of that.</param>
/// <param name="CreditAt">Since when it takes room of the month's limit; null = it takes none.</param>
/// <param name="CreditTries">How often the hub was to give it at the storefront.</param>
/// <param name="CreditSince">When it was to for the first time.</param>
/// <param name="CreditId">The storefront's id of it, once it is given there and the hub knows which it is.</param>
public sealed record Setback(Delay Kind, DateTimeOffset Since, DateOnly? Expected, decimal? Credit = null, CreditState? CreditIs = null, DateTimeOffset? CreditAt = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int CreditTries = 0, DateTimeOffset? CreditSince = null, string? CreditId = null);

/// <summary>What became of store credit for a late parcel.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<CreditState>))]
public enum CreditState
{
    /// <summary>Within the limits, or approved above them: a person gives it at the storefront.</summary>
    Offered,

    /// <summary>Above the limits: a lead decides first.</summary>
    ToApprove,
    Given,
    NotGiven,

    /// <summary>Nobody decided in time.</summary>
    Lapsed,

    /// <summary>A person has the hub give it at the storefront.</summary>
    Ordered,
}

/// <summary>What a person says of store credit.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<CreditAnswer>))]
public enum CreditAnswer
{
    Approved,

    /// <summary>A person gave it at the storefront.</summary>
    Given,
    NotGiven,

    /// <summary>The hub is to give it there.</summary>
    Issue,
}

/// <summary>How a parcel is late.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Delay>))]
public enum Delay
{
    /// <summary>It was not scanned for longer than is usual on its lane.</summary>
    Silence,

    /// <summary>As it goes now it comes after the day that was promised.</summary>
    PastPromise,
}
