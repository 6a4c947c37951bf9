using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Fulfilment;

/// <summary>Signals to the warehouse side of an order.</summary>
public abstract record FulfilmentSignal : Signal
{
    private FulfilmentSignal() { }

    /// <summary>Stock is reserved; tell the warehouse.</summary>
    [Wire("fulfilment.hand_off.v1")]
    public sealed record HandOff(HandoffOrder Order) : FulfilmentSignal;

    /// <summary>The warehouse took the order on.</summary>
    [Wire("fulfilment.accepted.v1")]
    public sealed record Accepted(string OrderRef, string? WarehouseRef, DateTimeOffset At) : FulfilmentSignal;

    /// <summary>The warehouse will not do it.</summary>
    [Wire("fulfilment.rejected.v1")]
    public sealed record Rejected(string OrderRef, string Code, string Why, DateTimeOffset At) : FulfilmentSignal;

    /// <summary>The warehouse cannot find some units; the rest goes on.</summary>
    [Wire("fulfilment.short_picked.v1")]
    public sealed record ShortPicked(string OrderRef, string Location, IReadOnlyList<SkuQuantity> Missing, DateTimeOffset At) : FulfilmentSignal;

    /// <summary>A parcel left the warehouse with some or all of the lines.</summary>
    [Wire("fulfilment.shipped.v1")]
    public sealed record Shipped(string OrderRef, string Location, string Carrier, string Tracking, IReadOnlyList<SkuQuantity> Lines, DateTimeOffset At, string? TrackingUrl) : FulfilmentSignal;

    /// <summary>The warehouse confirms that it will not ship a cancelled order, or says that it is too late.</summary>
    [Wire("fulfilment.withdrawal_answered.v1")]
    public sealed record WithdrawalAnswered(string OrderRef, bool Withdrawn, string? Why) : FulfilmentSignal;

    /// <summary>The order is cancelled or changed; get it back from the warehouse if it is there.</summary>
    [Wire("fulfilment.withdraw.v1")]
    public sealed record Withdraw(string Why) : FulfilmentSignal;
}

public sealed record SkuQuantity(string Sku, int Quantity);

/// <summary>All that a warehouse needs to pick, pack and send.</summary>
/// <param name="OrderRef">Our reference, the order's stream id.</param>
/// <param name="Location">Our location code; the warehouse behind it is the lane.</param>
public sealed record HandoffOrder(string OrderRef, string Number, string Channel, string ExternalId, string Location, string Connection, IReadOnlyList<HandoffLine> Lines, Recipient ShipTo, string? Note, decimal? CollectOnDelivery, string Currency);

public sealed record HandoffLine(string LineId, string Sku, int Quantity, string Title);

/// <summary>Where a parcel goes. Country is ISO 3166-1 alpha-2.</summary>
public sealed record Recipient(string? Name, string? Company, string? Line1, string? Line2, string? City, string? Province, string? PostalCode, string Country, string? Phone, string? Email);

/// <summary>What became true at the warehouse.</summary>
public abstract record FulfilmentEvent : Event
{
    private FulfilmentEvent() { }

    [Wire("fulfilment.handoff_planned.v1")]
    public sealed record HandoffPlanned(HandoffOrder Order, int Attempt) : FulfilmentEvent;

    /// <summary>The warehouse system has received it.</summary>
    [Wire("fulfilment.submitted.v1")]
    public sealed record Submitted(string Location, string? WarehouseRef) : FulfilmentEvent;

    [Wire("fulfilment.taken_on.v1")]
    public sealed record TakenOn(string Location, string? WarehouseRef) : FulfilmentEvent;

    [Wire("fulfilment.turned_down.v1")]
    public sealed record TurnedDown(string Location, string Code, string Why, IReadOnlyList<HandoffLine> Lines) : FulfilmentEvent;

    [Wire("fulfilment.came_up_short.v1")]
    public sealed record CameUpShort(string Location, IReadOnlyList<HandoffLine> Missing) : FulfilmentEvent;

    [Wire("fulfilment.parcel_left.v1")]
    public sealed record ParcelLeft(Parcel Parcel, bool IsLast) : FulfilmentEvent;

    [Wire("fulfilment.withdrawal_asked.v1")]
    public sealed record WithdrawalAsked(string Location, string Why) : FulfilmentEvent;

    /// <summary>Nothing will ship any more. When it was never handed off, this comes at once.</summary>
    [Wire("fulfilment.withdrawn.v1")]
    public sealed record Withdrawn(string Location, string Why) : FulfilmentEvent;

    [Wire("fulfilment.withdrawal_refused.v1")]
    public sealed record WithdrawalRefused(string Location, string Why) : FulfilmentEvent;

    /// <summary>The channel knows of the parcel.</summary>
    [Wire("fulfilment.written_back.v1")]
    public sealed record WrittenBack(string ParcelId, string? FulfilmentId) : FulfilmentEvent;
}

/// <summary>One parcel on its way to the shopper.</summary>
/// <param name="ParcelId">Its key within the order: carrier and tracking number.</param>
public sealed record Parcel(string ParcelId, string Location, string Carrier, string Tracking, string? TrackingUrl, IReadOnlyList<HandoffLine> Lines, DateTimeOffset ShippedAt);

/// <summary>Work that fulfilment asks of warehouses and storefronts.</summary>
public abstract record FulfilmentEffect : Effect
{
    private FulfilmentEffect() { }

    [Wire("fulfilment.submit_to_warehouse.v1")]
    public sealed record SubmitToWarehouse(HandoffOrder Order) : FulfilmentEffect;

    [Wire("fulfilment.withdraw_from_warehouse.v1")]
    public sealed record WithdrawFromWarehouse(string OrderRef, string Location, string Why) : FulfilmentEffect;

    /// <summary>Tell the channel that a parcel left, so that the shopper sees it there.</summary>
    [Wire("fulfilment.write_fulfilment.v1")]
    public sealed record WriteFulfilment(string ExternalId, Parcel Parcel) : FulfilmentEffect;

    /// <summary>Ask the channel for the order as it is now; the answer comes back as signals.</summary>
    [Wire("fulfilment.fetch_order.v1")]
    [Connecting.ReportsOnlyTrouble]
    public sealed record FetchOrder(string ExternalId, string Why) : FulfilmentEffect;
}
