using System.Text.Json.Serialization;
using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Stock;

/// <summary>What became true of an order's stock, or of a stock item.</summary>
public abstract record StockEvent : Event
{
    private StockEvent() { }

    /// <summary>Units are reserved, at one location or split over a few.</summary>
    /// <param name="Places">The days that the order took a place in, where these are counted.</param>
    [Wire("stock.allocated.v1")]
    public sealed record Allocated(IReadOnlyList<Units> Units, IReadOnlyList<Candidate> Candidates, IReadOnlyList<DayPlace>? Places = null) : StockEvent
    {
        /// <summary>The units by location, in the order they were chosen: one hand-off each.</summary>
        public List<List<Units>> Parcels()
        {
            List<List<Units>> parcels = [];
            foreach (var units in Units)
            {
                var parcel = parcels.Find(p => p[0].Location == units.Location);
                if (parcel is null) parcels.Add(parcel = []);
                parcel.Add(units);
            }
            return parcels;
        }

        /// <summary>By which service the parcel of a location was reckoned; null where no rate says it.</summary>
        public Carriage? By(string location)
        {
            foreach (var candidate in Candidates)
                if (candidate.Chosen && candidate.Location == location) return candidate.By;
            return null;
        }
    }

    /// <param name="Expected">A pre-order: when goods on their way that are free for it are expected. Null = nothing on its way is for it.</param>
    /// <param name="Offers">What is there instead, if the shopper agrees.</param>
    /// <param name="Again">It was told before and waits as it did; only <paramref name="Offers"/> has changed.</param>
    [Wire("stock.backordered.v1")]
    public sealed record Backordered(IReadOnlyList<Wanted> Lines, IReadOnlyList<string> Short, IReadOnlyList<Candidate> Candidates, DateTimeOffset? Expected = null, IReadOnlyList<Offer>? Offers = null, bool? Again = null) : StockEvent;

    /// <summary>Asked for and not yet answered; lives for a moment inside one transaction.</summary>
    [Wire("stock.asked.v1")]
    public sealed record Asked(IReadOnlyList<Wanted> Lines, string Country, string? PostalCode, IReadOnlyList<string> NotFrom, DateTimeOffset? KeepUntil = null, RouteWish? Wish = null, IReadOnlyList<Alternative>? Instead = null, IReadOnlyList<NotFoundAt>? Missed = null) : StockEvent;

    [Wire("stock.released.v1")]
    public sealed record Released(IReadOnlyList<Units> Units, string Why, string? CauseId = null) : StockEvent;

    /// <summary>It no longer stands in the queue for stock.</summary>
    [Wire("stock.stopped_waiting.v1")]
    public sealed record StoppedWaiting(string Why) : StockEvent;

    [Wire("stock.shipped.v1")]
    public sealed record Shipped(string CauseId, IReadOnlyList<Units> Units) : StockEvent;

    /// <summary>Somebody else sent these units; they stay reserved until the warehouse that has them gives them back.</summary>
    [Wire("stock.went_elsewhere.v1")]
    public sealed record WentElsewhere(string CauseId, IReadOnlyList<Units> Units, DateTimeOffset At) : StockEvent;

    /// <summary>The warehouse gave back units that somebody else had sent: they leave the stock.</summary>
    [Wire("stock.taken_elsewhere.v1")]
    public sealed record TakenElsewhere(string CauseId, IReadOnlyList<Units> Units) : StockEvent;

    [Wire("stock.came_to_nothing.v1")]
    public sealed record CameToNothing(string CauseId) : StockEvent;

    [Wire("stock.written_off.v1")]
    public sealed record WrittenOff(string CauseId, IReadOnlyList<Units> Units) : StockEvent;

    [Wire("stock.returned.v1")]
    public sealed record Returned(string CauseId, IReadOnlyList<Units> Units, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Damaged = false) : StockEvent;

    [Wire("stock.position_changed.v1")]
    public sealed record PositionChanged(string Sku, string Location, int Before, int After, int Short) : StockEvent;

    /// <summary>A count was taken in; what it changed is told by <see cref="PositionChanged"/>.</summary>
    [Wire("stock.count_taken.v1")]
    public sealed record CountTaken(string Location, int OnHand, string Source, DateTimeOffset At) : StockEvent;

    /// <summary>A count was not believed: it jumps. A person says whether it is true, or a second one that says the same does.</summary>
    /// <param name="Before">On hand, as it stays.</param>
    /// <param name="Many">It is one of many of its location.</param>
    /// <param name="Denied">A person said that it is not true.</param>
    /// <param name="DeniedAt">When they said so.</param>
    [Wire("stock.count_asked.v1")]
    public sealed record CountAsked(string Location, HeardCount Count, int Before, bool Many = false, bool Denied = false, DateTimeOffset? DeniedAt = null) : StockEvent;

    [Wire("stock.adjustment_taken.v1")]
    public sealed record AdjustmentTaken(string AdjustmentId, string Location, int By, string Reason, string Who) : StockEvent;

    /// <param name="Counted">A count has seen these units already; nothing was added for them.</param>
    [Wire("stock.receipt_taken.v1")]
    public sealed record ReceiptTaken(string CauseId, string Location, int Units, bool Counted, DateTimeOffset At) : StockEvent;

    [Wire("stock.damage_noted.v1")]
    public sealed record DamageNoted(string DamageId, string Location, int Units, Damage What, string Reason, string Who) : StockEvent;

    [Wire("stock.safety_set.v1")]
    public sealed record SafetySet(string Location, int Units, string Who) : StockEvent;

    [Wire("stock.channel_level_seen.v1")]
    public sealed record ChannelLevelSeen(string Channel, string InventoryItemId, string ChannelLocationId, int? Available, DateTimeOffset At) : StockEvent;
}
