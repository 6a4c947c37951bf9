using System.Text.Json.Serialization;
using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Stock;

/// <summary>Signals to the stock side of an order, and to a stock item.</summary>
public abstract record StockSignal : Signal
{
    private StockSignal() { }

    /// <summary>These units are still to be sent, those already reserved included; the place they go to decides which location is best.</summary>
    /// <param name="Keep">What is reserved stays where it is and only the rest is looked for; otherwise all goes to one location afresh.</param>
    /// <param name="KeepUntil">The order is not released yet: the units are kept for it until then, if they are there. Null = for good.</param>
    /// <param name="Wish">What narrows the choice, here and below; null = nothing does.</param>
    /// <param name="Instead">What may be taken for lines that are not there; null = nothing may.</param>
    /// <param name="Missed">Where its units were looked for in vain; null = nowhere.</param>
    [Wire("stock.allocate.v1")]
    public sealed record Allocate(IReadOnlyList<Wanted> Lines, string Country, string? PostalCode, IReadOnlyList<string> NotFrom, bool Keep = false, DateTimeOffset? KeepUntil = null, RouteWish? Wish = null, IReadOnlyList<Alternative>? Instead = null, IReadOnlyList<NotFoundAt>? Missed = null) : StockSignal;

    /// <summary>Units were kept long enough for an order that is still not released.</summary>
    /// <param name="At">Until when they were kept: a later promise stands.</param>
    [Wire("stock.keeping_lapsed.v1")]
    public sealed record KeepingLapsed(DateTimeOffset At) : StockSignal;

    /// <summary>An order no longer needs what it holds or waits for.</summary>
    [Wire("stock.let_go.v1")]
    public sealed record LetGo(string Why) : StockSignal;

    /// <summary>The database's answer: reserved.</summary>
    /// <param name="Places">Where the order took a place in a location's day; null = nowhere is that counted.</param>
    [Wire("stock.reserve_granted.v1")]
    public sealed record ReserveGranted(IReadOnlyList<Units> Units, IReadOnlyList<Candidate> Candidates, IReadOnlyList<DayPlace>? Places = null) : StockSignal;

    /// <summary>The database's answer: no location can serve it now; the order stands in the queue of the named SKUs.</summary>
    /// <param name="Expected">When goods on their way will be its own, where all that it lacks may be pre-ordered; null = it is not known.</param>
    /// <param name="Offers">With these it could be served, if the shopper agrees; null = it could not, or nobody has to be asked.</param>
    [Wire("stock.reserve_denied.v1")]
    public sealed record ReserveDenied(IReadOnlyList<Candidate> Candidates, IReadOnlyList<string> Short, DateTimeOffset? Expected = null, IReadOnlyList<Offer>? Offers = null) : StockSignal;

    /// <summary>Units of a SKU this order waits for have arrived.</summary>
    [Wire("stock.arrived.v1")]
    public sealed record Arrived(string Sku) : StockSignal;

    /// <summary>These units left the location in a parcel.</summary>
    /// <param name="CauseId">What made them leave, here and below: counted once per cause.</param>
    [Wire("stock.left.v1")]
    public sealed record Left(string CauseId, IReadOnlyList<Units> Units, DateTimeOffset At) : StockSignal;

    /// <summary>Somebody else sent these units, and a warehouse may still do so too.</summary>
    [Wire("stock.gone_elsewhere.v1")]
    public sealed record GoneElsewhere(string CauseId, IReadOnlyList<Units> Units, DateTimeOffset At) : StockSignal;

    /// <summary>They were not sent after all.</summary>
    [Wire("stock.not_gone.v1")]
    public sealed record NotGone(string CauseId) : StockSignal;

    /// <summary>The warehouse will not send these units; they are free for others, and the order looks elsewhere.</summary>
    [Wire("stock.not_sent.v1")]
    public sealed record NotSent(string CauseId, IReadOnlyList<Units> Units, string Why) : StockSignal;

    /// <summary>The warehouse could not find these units; what it promised is void there.</summary>
    [Wire("stock.not_found.v1")]
    public sealed record NotFound(string CauseId, IReadOnlyList<Units> Units) : StockSignal;

    /// <summary>Units of a shipped order came back, in sellable condition unless they are damaged: what becomes of those is told to their SKU.</summary>
    [Wire("stock.came_back.v1")]
    public sealed record CameBack(string CauseId, IReadOnlyList<Units> Units, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Damaged = false) : StockSignal;

    /// <summary>A count: this many sellable units are there. Sent to the stream of the stock item.</summary>
    /// <param name="Source">Who counted: a connection, <c>import</c>, a person.</param>
    [Wire("stock.counted.v1")]
    public sealed record Counted(string Sku, string Location, int OnHand, string Source, DateTimeOffset At) : StockSignal;

    /// <summary>Units came from a supplier. Sent to the stream of the stock item.</summary>
    /// <param name="CauseId">The receipt: counted once.</param>
    /// <param name="At">When they came: a count that was taken at that time or later has seen them.</param>
    [Wire("stock.received.v1")]
    public sealed record Received(string Sku, string Location, int Units, string CauseId, DateTimeOffset At) : StockSignal;

    /// <summary>A person changed a position by hand, or units left or came back without having been reserved.</summary>
    /// <param name="AdjustmentId">Unique per intention, so that a second delivery does not change it twice.</param>
    /// <param name="At">When it happened, where that is known: a later count has seen it. Null = now.</param>
    [Wire("stock.adjusted.v1")]
    public sealed record Adjusted(string Sku, string Location, int By, string Reason, string Who, string AdjustmentId, DateTimeOffset? At = null) : StockSignal;

    /// <summary>A person says that a count which is asked about is not true, and has it counted again. Sent to the stream of the stock item.</summary>
    [Wire("stock.count_denied.v1")]
    public sealed record CountDenied(string Sku, string Location, int Before, string Who) : StockSignal;

    /// <summary>Units cannot be sold, or can be after all, or are gone for good. Sent to the stream of the stock item.</summary>
    /// <param name="DamageId">Unique per intention, so that a second delivery does not move them twice.</param>
    [Wire("stock.damage_told.v1")]
    public sealed record DamageTold(string Sku, string Location, int Units, Damage What, string Reason, string Who, string DamageId) : StockSignal;

    /// <summary>A person says how many units of a position are never promised.</summary>
    [Wire("stock.safety_asked.v1")]
    public sealed record SafetyAsked(string Sku, string Location, int Units, string Who) : StockSignal;

    /// <summary>The database's answer to a count or adjustment.</summary>
    /// <param name="Count">The count that was taken in; null = it was none.</param>
    [Wire("stock.position_set.v1")]
    public sealed record PositionSet(string Sku, string Location, int Before, int After, int Reserved, int Short, HeardCount? Count = null) : StockSignal;

    /// <summary>The database's answer to a count that jumps: nothing was changed.</summary>
    /// <param name="Before">On hand, as it stays.</param>
    /// <param name="Many">So many of the location jump at once that none of them is believed; it is asked about all of them together.</param>
    /// <param name="Again">It says what is asked about already.</param>
    [Wire("stock.count_doubted.v1")]
    public sealed record CountDoubted(string Sku, string Location, HeardCount Count, int Before, bool Many = false, bool Again = false) : StockSignal;

    /// <summary>A channel told its own number for an inventory item; kept for reference, the warehouse's count is the truth.</summary>
    [Wire("stock.channel_level_reported.v1")]
    public sealed record ChannelLevelReported(string Channel, string InventoryItemId, string ChannelLocationId, int? Available, DateTimeOffset At) : StockSignal;
}
