using System.Text.Json.Serialization;
using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Fulfilment;

/// <summary>Signals to the warehouse side of an order.</summary>
public abstract record FulfilmentSignal : Signal
{
    private FulfilmentSignal() { }

    /// <summary>Stock is reserved; tell the warehouse.</summary>
    /// <param name="Attempt">Counts the hand-offs of one order, from 1.</param>
    /// <param name="Revision">Of the order: a refusal counts until the order is another one.</param>
    /// <param name="AwaitsLabel">The warehouse is told when the label is there, by <see cref="Proceed"/>.</param>
    [Wire("fulfilment.hand_off.v1")]
    public sealed record HandOff(int Attempt, HandoffOrder Order, int Revision = 0, bool AwaitsLabel = false) : FulfilmentSignal;

    /// <summary>What a hand-off waited for is there: tell the warehouse now.</summary>
    [Wire("fulfilment.proceed.v1")]
    public sealed record Proceed(int Attempt, HandoffOrder Order) : FulfilmentSignal;

    /// <summary>The warehouse took the order on.</summary>
    [Wire("fulfilment.accepted.v1")]
    public sealed record Accepted(string OrderRef, string? WarehouseRef, DateTimeOffset At, Meant? Meant = null) : FulfilmentSignal;

    /// <summary>The warehouse will not do it.</summary>
    [Wire("fulfilment.rejected.v1")]
    public sealed record Rejected(string OrderRef, string Code, string Why, DateTimeOffset At, Meant? Meant = null) : FulfilmentSignal;

    /// <summary>The warehouse cannot find some units; the rest goes on.</summary>
    [Wire("fulfilment.short_picked.v1")]
    public sealed record ShortPicked(string OrderRef, string Location, IReadOnlyList<SkuQuantity> Missing, DateTimeOffset At, Meant? Meant = null) : FulfilmentSignal;

    /// <summary>A parcel left the warehouse with some or all of the lines.</summary>
    /// <param name="Undated">The warehouse named no time: <paramref name="At"/> is when it was heard, which is another time whenever it says the same again.</param>
    [Wire("fulfilment.shipped.v1")]
    public sealed record Shipped(string OrderRef, string Location, string Carrier, string Tracking, IReadOnlyList<SkuQuantity> Lines, DateTimeOffset At, string? TrackingUrl,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Undated = false) : FulfilmentSignal;

    /// <summary>A parcel left: tell its channel.</summary>
    /// <param name="Parcel">With the lines as the channel sold them; none when it holds only parts of kits that are not whole yet.</param>
    [Wire("fulfilment.write_back.v1")]
    public sealed record WriteBack(Parcel Parcel) : FulfilmentSignal;

    /// <summary>The warehouse confirms that it will not ship a cancelled order, or says that it is too late.</summary>
    [Wire("fulfilment.withdrawal_answered.v1")]
    public sealed record WithdrawalAnswered(string OrderRef, bool Withdrawn, string? Why, Meant? Meant = null) : FulfilmentSignal;

    /// <summary>The channel's order has to be fetched.</summary>
    /// <param name="Number">Counts the fetches of one order.</param>
    [Wire("fulfilment.fetch.v1")]
    public sealed record Fetch(string Channel, string ExternalId, string Why, int Number) : FulfilmentSignal;

    /// <summary>A hand-off that was under way when it was called off: look again whether it can be stopped now. A timer's word.</summary>
    [Wire("fulfilment.call_off_due.v1")]
    public sealed record CallOffDue(int Attempt) : FulfilmentSignal;

    /// <summary>The order is cancelled or changed; get it back from the warehouse if it is there.</summary>
    [Wire("fulfilment.withdraw.v1")]
    public sealed record Withdraw(string Why) : FulfilmentSignal;

    /// <summary>The order leaves shadow: hand-offs that were only recorded count for nothing and are planned anew.</summary>
    [Wire("fulfilment.take_over.v1")]
    public sealed record TakeOver : FulfilmentSignal;
}

/// <summary>Which hand-off a warehouse speaks of, as far as it says so.</summary>
/// <param name="Connection">The connection that it spoke through; the hand-offs of others are never meant.</param>
/// <param name="Location">Our code of the building, when it named one.</param>
/// <param name="HandoffKey">The idempotency key of the hand-off, when it echoes it.</param>
public sealed record Meant(string Connection, string? Location = null, string? HandoffKey = null);

public sealed record SkuQuantity(string Sku, int Quantity);
