using System.Text.Json.Serialization;
using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Orders;

/// <summary>An order as a promise to a shopper: what the channel says, what people corrected, why it waits.</summary>
/// <remarks>Changes only through <see cref="OrderDecider.Evolve"/>. Where its goods and its money are is other capabilities' business.</remarks>
public sealed record Order
{
    /// <summary>An order nobody has heard of. Signals about it may still come before the order itself.</summary>
    public static readonly Order Unknown = new();

    public OrderPhase Phase { get; init; }

    /// <summary>The channel's newest view; null while only later signals have come.</summary>
    public OrderFacts? Facts { get; init; }

    /// <summary>A person's better address; gone when the channel names another.</summary>
    public Address? CorrectedShipTo { get; init; }

    /// <summary>Lines whose code is not simply one of our SKUs: mapped, a kit, or unknown.</summary>
    public IReadOnlyList<MeantLine>? Meant { get; init; }

    /// <summary>Lines that an edit brought, or sells under another code, and that have not been read: they are wanted once they are.</summary>
    public IReadOnlyList<string>? Unread { get; init; }

    public IReadOnlyList<Hold>? Holds { get; init; }

    /// <summary>Holds that a person lifted; they are not put on again.</summary>
    public IReadOnlyList<HoldKind>? Waived { get; init; }

    /// <summary>What the brand's rules say of it; null = they were never asked.</summary>
    public Ruling? Ruled { get; init; }

    /// <summary>Rules' holds that were lifted, with the values they stood on: on those they are not put on again.</summary>
    public IReadOnlyList<string>? WaivedRules { get; init; }

    /// <summary>Keys of the cases that a person has dealt with and that have not come back.</summary>
    public IReadOnlyList<string>? DealtWith { get; init; }

    /// <summary>What the storefront itself thinks of its risk; null = it has not said.</summary>
    public StorefrontRisk? StorefrontRisk { get; init; }

    /// <summary>The device, card and network that it came from; null = nobody counts them, or nobody told, or it has ended.</summary>
    public IReadOnlyList<Trait>? Traits { get; init; }

    /// <summary>How risky it is and why; null = it was never scored.</summary>
    public Assessment? Risk { get; init; }

    /// <summary>The score that a person approved: only a higher one is looked at again.</summary>
    public int? RiskApproved { get; init; }

    /// <summary>What an outside reviewer says of it; null = none was asked.</summary>
    public Opinion? Opinion { get; init; }

    /// <summary>What the shopper was asked before a cash order is handed off; null = nothing.</summary>
    public Question? Question { get; init; }

    public IReadOnlyList<TakenRefund>? Refunds { get; init; }
    public IReadOnlyList<LeftElsewhere>? Elsewhere { get; init; }

    /// <summary>It has been released before; a later hold stops what is under way.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool WasReleased { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool CancelRefused { get; init; }

    /// <summary>Cancelled by us because nobody paid: a payment makes it go on.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool TimedOut { get; init; }

    /// <summary>Why it was cancelled here, by a person or for want of money: the channel has to hear of it. Null when the channel cancelled it.</summary>
    public string? CancelledHere { get; init; }

    /// <summary>Cancelled for its risk: what was paid for it goes back.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Declined { get; init; }

    /// <summary>Which times the shopper asked to send something back.</summary>
    public IReadOnlyList<string>? ReturnsAsked { get; init; }

    /// <summary>Which reviews were written of it.</summary>
    public IReadOnlyList<string>? Reviews { get; init; }

    /// <summary>How often it went on after its end.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Reopened { get; init; }

    /// <summary>Whether what is planned for it is sent.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Shadowing Shadow { get; init; }

    /// <summary>Counts what may make a location take an order that it had refused: other lines, another address or SKU, a new release by a person.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Revision { get; init; }

    public DateTimeOffset? ChangeHeardAt { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Fetches { get; init; }

    /// <summary>Where it goes: a person's correction before the channel's address.</summary>
    [JsonIgnore]
    public Address? ShipTo => CorrectedShipTo ?? Facts?.ShipTo;

    [JsonIgnore]
    public bool Ended => Phase is OrderPhase.Cancelled or OrderPhase.Closed or OrderPhase.History;

    [JsonIgnore]
    public bool IsHeld => Holds is { Count: > 0 };

    public bool Has(HoldKind kind)
    {
        if (Holds is not null)
            foreach (var hold in Holds)
                if (hold.Kind == kind) return true;
        return false;
    }

    /// <summary>What a line's code was read as; null when it is the SKU of that name.</summary>
    public MeantLine? MeantOf(string lineId)
    {
        if (Meant is not null)
            foreach (var meant in Meant)
                if (meant.LineId == lineId) return meant;
        return null;
    }

    /// <summary>What a line is called by: the one SKU that it means, or the code that it was sold under.</summary>
    public string SkuOf(OrderLine line) => MeantOf(line.LineId) is { IsKit: false, Parts: [var only] } ? only.Sku : line.Sku;

    /// <summary>The SKU that a line was sold as, whatever is sent for it.</summary>
    public string SoldAs(OrderLine line) => MeantOf(line.LineId)?.Instead ?? SkuOf(line);

    /// <summary>Units of ours in one sold unit of a line.</summary>
    public int UnitsEach(string lineId) => MeantOf(lineId)?.UnitsEach ?? 1;

    public bool IsUnread(string lineId) => Unread?.Contains(lineId) == true;

    /// <summary>The line behind an id that stock and warehouses know: its own, or that of one of its parts.</summary>
    public OrderLine? LineOf(string id)
    {
        foreach (var line in Facts?.Lines ?? [])
        {
            if (line.LineId == id) return line;
            if (MeantOf(line.LineId) is not { IsKit: true } kit || !id.StartsWith(line.LineId, StringComparison.Ordinal)) continue;
            foreach (var part in kit.Parts)
                if (kit.IdOf(part) == id) return line;
        }
        return null;
    }

    /// <summary>Units of a line the shopper is still promised, shipped ones included: what the channel says, less refunds it had not counted yet.</summary>
    public int Promised(OrderLine line)
    {
        var left = line.Quantity;
        if (Refunds is not null)
            foreach (var refund in Refunds)
                if (refund.At > Facts!.UpdatedAt)
                    foreach (var taken in refund.Lines)
                        if (taken.LineId == line.LineId) left -= taken.Quantity;
        return int.Max(0, left);
    }

    /// <summary>Units of a line that the channel counted as fulfilled when we first heard of them.</summary>
    public int CountedBefore(string lineId)
    {
        var sent = 0;
        foreach (var parcel in Elsewhere ?? [])
            foreach (var line in parcel.Lines)
                if (parcel.CountedAt is not null && line.LineId == lineId) sent += line.Quantity;
        return sent;
    }

    /// <summary>Units of a line that left without us.</summary>
    public int SentElsewhere(string lineId)
    {
        var sent = 0;
        if (Elsewhere is not null)
            foreach (var parcel in Elsewhere)
                foreach (var line in parcel.Lines)
                    if (line.LineId == lineId) sent += line.Quantity;
        return sent;
    }
}

/// <summary>How far an order is as a promise.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<OrderPhase>))]
public enum OrderPhase
{
    Unknown,

    /// <summary>Placed and not released, or stopped again by a hold.</summary>
    Open,
    Released,
    Cancelled,
    Closed,

    /// <summary>Taken in from before the hub.</summary>
    History,
}

/// <summary>Whether an order is the hub's to carry out.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Shadowing>))]
public enum Shadowing
{
    Never,

    /// <summary>It was placed in shadow, or something of it was recorded instead of sent: whoever did it then finishes it.</summary>
    InShadow,

    /// <summary>It was in shadow until a person said that the hub finishes it.</summary>
    TakenOver,
}

/// <summary>Whether the shopper of a cash order wants it at that address, asked before it is handed off.</summary>
/// <param name="Score">The order's when it was asked, or left out.</param>
/// <param name="Counted">What became of its parcel is counted.</param>
/// <param name="Of">What was asked last, as <see cref="AskedAbout.Print"/> tells it apart; null = nothing was.</param>
/// <param name="Again">It was asked once more, because an answer to something older came.</param>
public sealed record Question(int Score, Confirmation State, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Counted = false,
    string? Of = null, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Again = false);

/// <summary>How far the question is.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Confirmation>))]
public enum Confirmation
{
    /// <summary>Left out on purpose, to be compared with the others.</summary>
    HeldOut,
    Asked,

    /// <summary>No answer came in time; a person decides.</summary>
    Unanswered,
    Confirmed,

    /// <summary>Confirmed with another address.</summary>
    Corrected,

    /// <summary>The shopper means to pay now; it goes on when the money is there.</summary>
    Prepay,
    Declined,
}

/// <summary>A refund that was counted, so that it is counted once.</summary>
public sealed record TakenRefund(string Id, DateTimeOffset At, IReadOnlyList<RefundedLine> Lines, decimal Amount);

/// <summary>Goods that left without us.</summary>
/// <param name="CountedAt">Set for units that the channel only counted: a fulfilment from before this time is among them.</param>
/// <param name="From">Where they left a shelf of ours; null when that is not known or not our concern.</param>
public sealed record LeftElsewhere(string FulfilmentId, string? Tracking, IReadOnlyList<FulfilledLine> Lines, DateTimeOffset? CountedAt = null, Shelf? From = null);

/// <summary>Where and when goods left without us.</summary>
/// <param name="Location">Our code; null when the channel names no place that we know.</param>
public sealed record Shelf(string? Location, DateTimeOffset At);
