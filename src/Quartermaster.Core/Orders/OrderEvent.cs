using System.Text.Json.Serialization;
using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Orders;

/// <summary>What became true of an order as a promise to a shopper.</summary>
public abstract record OrderEvent : Event
{
    private OrderEvent() { }

    [Wire("order.placed.v1")]
    public sealed record Placed(OrderFacts Facts) : OrderEvent;

    /// <summary>Taken in as history; nothing follows from it.</summary>
    [Wire("order.imported_as_history.v1")]
    public sealed record ImportedAsHistory(OrderFacts Facts, string Source) : OrderEvent;

    /// <summary>The channel's facts changed in something that matters: lines, address, amounts, contact.</summary>
    /// <param name="LinesChanged">Wanted units per line differ, so stock and hand-off must follow.</param>
    [Wire("order.edited.v1")]
    public sealed record Edited(OrderFacts Facts, bool LinesChanged, bool AddressChanged, IReadOnlyList<string> What) : OrderEvent;

    [Wire("order.paid.v1")]
    public sealed record Paid(decimal Amount, string Currency) : OrderEvent;

    [Wire("order.held.v1")]
    public sealed record Held(Hold Hold) : OrderEvent;

    [Wire("order.hold_lifted.v1")]
    public sealed record HoldLifted(HoldKind Kind, string By) : OrderEvent;

    /// <summary>No hold is left: the order may take stock and go to a warehouse. Carries what its neighbours need.</summary>
    [Wire("order.released.v1")]
    public sealed record Released(OrderFacts Facts) : OrderEvent;

    [Wire("order.cancelled.v1")]
    public sealed record Cancelled(string Reason, string By) : OrderEvent;

    /// <summary>A cancellation came after the goods had left; the order goes on and a person talks to the shopper.</summary>
    [Wire("order.cancellation_too_late.v1")]
    public sealed record CancellationTooLate(string Why) : OrderEvent;

    [Wire("order.refunded.v1")]
    public sealed record Refunded(string RefundId, decimal Amount, string Currency, IReadOnlyList<RefundedLine> Lines) : OrderEvent;

    /// <summary>Goods left without us: a person or another app fulfilled them at the channel.</summary>
    [Wire("order.fulfilled_elsewhere.v1")]
    public sealed record FulfilledElsewhere(string FulfilmentId, string? Carrier, string? Tracking, IReadOnlyList<FulfilledLine> Lines) : OrderEvent;

    [Wire("order.closed.v1")]
    public sealed record Closed(string Why) : OrderEvent;
}

/// <summary>A named reason why an order does not move, with who may lift it and when it lapses.</summary>
public sealed record Hold(HoldKind Kind, string Reason, string MayLift, DateTimeOffset? LapsesAt = null);

[JsonConverter(typeof(JsonStringEnumConverter<HoldKind>))]
public enum HoldKind { AwaitingPayment, NoAddress, UnmappedSku, NothingToShip, TotalDoesNotAddUp, OddQuantity, TestOrder, ByPerson, StoreDisconnected }
