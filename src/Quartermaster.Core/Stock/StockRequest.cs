using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Stock;

/// <summary>What the database does to stock inside the deciding transaction. Rows are locked in (sku, location) order.</summary>
public abstract record StockRequest : Request
{
    private StockRequest() { }

    /// <summary>Reserve all lines at the best location, or the best few, that can serve them; or none. Answered by granted or denied.</summary>
    /// <param name="Now">Cut-offs and promises count from here.</param>
    /// <param name="Kept">Nothing is handed off yet, so the units take no place in anybody's day.</param>
    /// <param name="Instead">What may be taken for lines that are not there: what needs nobody's consent is reserved, what does is told of.</param>
    /// <param name="Missed">Nothing leaves from there, except where a count, a delivery or a return has shown units since.</param>
    [Wire("stock.reserve.v1")]
    public sealed record Reserve(IReadOnlyList<Wanted> Lines, string Country, string? PostalCode, IReadOnlyList<string> NotFrom, DateTimeOffset Now, RouteWish? Wish = null, bool Kept = false, IReadOnlyList<Alternative>? Instead = null, IReadOnlyList<NotFoundAt>? Missed = null) : StockRequest;

    /// <summary>The order needs its places in these days no more: others may have them. Not answered.</summary>
    [Wire("stock.leave_days.v1")]
    public sealed record LeaveDays(IReadOnlyList<DayPlace> Places) : StockRequest;

    /// <summary>Give reserved units back. Not answered.</summary>
    [Wire("stock.release.v1")]
    public sealed record Release(IReadOnlyList<Units> Units, string Why) : StockRequest;

    /// <summary>Reserved units left: on hand and reserved both fall. Not answered.</summary>
    /// <param name="At">When they left the shelf, which may be long before we hear of it.</param>
    [Wire("stock.ship.v1")]
    public sealed record Ship(IReadOnlyList<Units> Units, DateTimeOffset At) : StockRequest;

    /// <summary>Reserved units do not exist: on hand and reserved both fall, as an adjustment. Not answered.</summary>
    [Wire("stock.write_off.v1")]
    public sealed record WriteOff(IReadOnlyList<Units> Units, string Why) : StockRequest;

    /// <summary>Units came back: on hand rises. Not answered; waiting orders are woken.</summary>
    [Wire("stock.take_back.v1")]
    public sealed record TakeBack(IReadOnlyList<Units> Units, string Why) : StockRequest;

    /// <summary>Set on hand to a counted number. Answered by position set; waiting orders are woken when it rose.</summary>
    /// <remarks>A count below what is reserved leaves on hand at reserved and reports the difference as short: an incident, never a clamp in silence.</remarks>
    /// <param name="At">When it was counted: what moved after that is still to be added.</param>
    /// <param name="Source">Who counted.</param>
    /// <param name="Doubt">What speaks against believing it: one that jumps is answered by count doubted, and changes nothing. Null = nothing does.</param>
    [Wire("stock.set_count.v1")]
    public sealed record SetCount(string Sku, string Location, int OnHand, string Why, DateTimeOffset At, string Source = "", CountDoubt? Doubt = null) : StockRequest;

    /// <summary>So many units are never promised. Not answered; waiting orders are woken when it fell.</summary>
    [Wire("stock.set_safety.v1")]
    public sealed record SetSafety(string Sku, string Location, int Units) : StockRequest;

    /// <summary>Change on hand by a number. Answered by position set.</summary>
    /// <param name="At">When it happened; null = now.</param>
    [Wire("stock.adjust.v1")]
    public sealed record Adjust(string Sku, string Location, int By, string Why, DateTimeOffset? At = null) : StockRequest;

    /// <summary>Units became damaged, or are so no more. Answered by position set where what is on hand changes.</summary>
    [Wire("stock.move_damaged.v1")]
    public sealed record MoveDamaged(string Sku, string Location, int Units, Damage What, string Why) : StockRequest;

    /// <summary>Units came from a supplier: on hand rises. Answered by position set; waiting orders are woken.</summary>
    /// <param name="At">When they came; a count of an earlier time that is told later has them added.</param>
    [Wire("stock.receive.v1")]
    public sealed record Receive(string Sku, string Location, int Units, string Why, DateTimeOffset At) : StockRequest;

    /// <summary>More or fewer units are on their way from suppliers. Changes what is incoming, and nothing that can be promised. Not answered.</summary>
    [Wire("stock.expect.v1")]
    public sealed record Expect(IReadOnlyList<ExpectedUnits> Units) : StockRequest;

    /// <summary>Stand in, or leave, the queue of orders that wait for these SKUs. Oldest first when stock arrives. Not answered.</summary>
    /// <param name="Units">How many of each SKU it waits for, in their order; 0 = it would take them for another that it lacks. Null when it leaves.</param>
    [Wire("stock.wait.v1")]
    public sealed record Wait(IReadOnlyList<string> Skus, bool Waiting, IReadOnlyList<int>? Units = null) : StockRequest;
}
