using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Stock;

/// <summary>Signals to the stock side of an order, and to a stock item.</summary>
public abstract record StockSignal : Signal
{
    private StockSignal() { }

    /// <summary>An order needs these units; the place it goes to decides which location is best.</summary>
    [Wire("stock.allocate.v1")]
    public sealed record Allocate(IReadOnlyList<Wanted> Lines, string Country, string? PostalCode, IReadOnlyList<string> NotFrom) : StockSignal;

    /// <summary>An order no longer needs what it holds or waits for.</summary>
    [Wire("stock.let_go.v1")]
    public sealed record LetGo(string Why) : StockSignal;

    /// <summary>The database's answer: reserved.</summary>
    [Wire("stock.reserve_granted.v1")]
    public sealed record ReserveGranted(IReadOnlyList<Units> Units, IReadOnlyList<Candidate> Candidates) : StockSignal;

    /// <summary>The database's answer: no location can serve it now; the order stands in the queue of the named SKUs.</summary>
    [Wire("stock.reserve_denied.v1")]
    public sealed record ReserveDenied(IReadOnlyList<Candidate> Candidates, IReadOnlyList<string> Short) : StockSignal;

    /// <summary>Units of a SKU this order waits for have arrived.</summary>
    [Wire("stock.arrived.v1")]
    public sealed record Arrived(string Sku) : StockSignal;

    /// <summary>These units left the location in a parcel.</summary>
    [Wire("stock.left.v1")]
    public sealed record Left(IReadOnlyList<Units> Units) : StockSignal;

    /// <summary>The warehouse could not find these units; what it promised is void there.</summary>
    [Wire("stock.not_found.v1")]
    public sealed record NotFound(IReadOnlyList<Units> Units) : StockSignal;

    /// <summary>Units of a shipped order came back in sellable condition.</summary>
    [Wire("stock.came_back.v1")]
    public sealed record CameBack(string CauseId, IReadOnlyList<Units> Units) : StockSignal;

    /// <summary>A count: this many sellable units are there. Sent to the stream of the stock item.</summary>
    /// <param name="Source">Who counted: a connection, <c>import</c>, a person.</param>
    [Wire("stock.counted.v1")]
    public sealed record Counted(string Sku, string Location, int OnHand, string Source, DateTimeOffset At) : StockSignal;

    /// <summary>A person changed a position by hand.</summary>
    [Wire("stock.adjusted.v1")]
    public sealed record Adjusted(string Sku, string Location, int By, string Reason, string Who) : StockSignal;

    /// <summary>The database's answer to a count or adjustment.</summary>
    [Wire("stock.position_set.v1")]
    public sealed record PositionSet(string Sku, string Location, int Before, int After, int Reserved, int Short) : StockSignal;

    /// <summary>A channel told its own number for an inventory item; kept for reference, the warehouse's count is the truth.</summary>
    [Wire("stock.channel_level_reported.v1")]
    public sealed record ChannelLevelReported(string Channel, string InventoryItemId, string ChannelLocationId, int? Available, DateTimeOffset At) : StockSignal;
}

/// <summary>What became true of an order's stock, or of a stock item.</summary>
public abstract record StockEvent : Event
{
    private StockEvent() { }

    [Wire("stock.allocated.v1")]
    public sealed record Allocated(IReadOnlyList<Units> Units, IReadOnlyList<Candidate> Candidates) : StockEvent;

    [Wire("stock.backordered.v1")]
    public sealed record Backordered(IReadOnlyList<Wanted> Lines, IReadOnlyList<string> Short, IReadOnlyList<Candidate> Candidates) : StockEvent;

    /// <summary>Asked for and not yet answered; lives for a moment inside one transaction.</summary>
    [Wire("stock.asked.v1")]
    public sealed record Asked(IReadOnlyList<Wanted> Lines, string Country, string? PostalCode, IReadOnlyList<string> NotFrom) : StockEvent;

    [Wire("stock.released.v1")]
    public sealed record Released(IReadOnlyList<Units> Units, string Why) : StockEvent;

    [Wire("stock.shipped.v1")]
    public sealed record Shipped(IReadOnlyList<Units> Units) : StockEvent;

    [Wire("stock.written_off.v1")]
    public sealed record WrittenOff(IReadOnlyList<Units> Units, string Why) : StockEvent;

    [Wire("stock.returned.v1")]
    public sealed record Returned(string CauseId, IReadOnlyList<Units> Units) : StockEvent;

    [Wire("stock.position_changed.v1")]
    public sealed record PositionChanged(string Sku, string Location, int Before, int After, string Why) : StockEvent;

    [Wire("stock.channel_level_seen.v1")]
    public sealed record ChannelLevelSeen(string Channel, string InventoryItemId, string ChannelLocationId, int? Available, DateTimeOffset At) : StockEvent;
}

/// <summary>What the database does to stock inside the deciding transaction. Rows are locked in (sku, location) order.</summary>
public abstract record StockRequest : Request
{
    private StockRequest() { }

    /// <summary>Reserve all lines at the best location that can serve them, or none. Answered by granted or denied.</summary>
    [Wire("stock.reserve.v1")]
    public sealed record Reserve(IReadOnlyList<Wanted> Lines, string Country, string? PostalCode, IReadOnlyList<string> NotFrom) : StockRequest;

    /// <summary>Give reserved units back. Not answered.</summary>
    [Wire("stock.release.v1")]
    public sealed record Release(IReadOnlyList<Units> Units, string Why) : StockRequest;

    /// <summary>Reserved units left: on hand and reserved both fall. Not answered.</summary>
    [Wire("stock.ship.v1")]
    public sealed record Ship(IReadOnlyList<Units> Units) : StockRequest;

    /// <summary>Reserved units do not exist: on hand and reserved both fall, as an adjustment. Not answered.</summary>
    [Wire("stock.write_off.v1")]
    public sealed record WriteOff(IReadOnlyList<Units> Units, string Why) : StockRequest;

    /// <summary>Units came back: on hand rises. Not answered; waiting orders are woken.</summary>
    [Wire("stock.take_back.v1")]
    public sealed record TakeBack(IReadOnlyList<Units> Units, string Why) : StockRequest;

    /// <summary>Set on hand to a counted number. Answered by position set; waiting orders are woken when it rose.</summary>
    /// <remarks>A count below what is reserved leaves on hand at reserved and reports the difference as short: an incident, never a clamp in silence.</remarks>
    [Wire("stock.set_count.v1")]
    public sealed record SetCount(string Sku, string Location, int OnHand, string Why) : StockRequest;

    /// <summary>Change on hand by a number. Answered by position set.</summary>
    [Wire("stock.adjust.v1")]
    public sealed record Adjust(string Sku, string Location, int By, string Why) : StockRequest;

    /// <summary>Stand in, or leave, the queue of orders that wait for these SKUs. Oldest first when stock arrives. Not answered.</summary>
    [Wire("stock.wait.v1")]
    public sealed record Wait(IReadOnlyList<string> Skus, bool Waiting) : StockRequest;
}
