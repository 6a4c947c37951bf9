using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Purchasing;

/// <summary>What became true of a purchase order.</summary>
public abstract record PurchaseEvent : Event
{
    private PurchaseEvent() { }

    [Wire("purchase.drafted.v1")]
    public sealed record Drafted(SupplierTerms Supplier, string Location, IReadOnlyList<PurchaseLine> Lines, string By, DateTimeOffset At) : PurchaseEvent;

    [Wire("purchase.extended.v1")]
    public sealed record Extended(IReadOnlyList<PurchaseLine> Lines, string By) : PurchaseEvent;

    [Wire("purchase.changed.v1")]
    public sealed record Changed(IReadOnlyList<LineQuantity> Lines, string By) : PurchaseEvent;

    [Wire("purchase.ordered.v1")]
    public sealed record Ordered(string By, DateTimeOffset At, DateTimeOffset ExpectedAt) : PurchaseEvent;

    [Wire("purchase.rejected.v1")]
    public sealed record Rejected(string Reason, string By, DateTimeOffset At) : PurchaseEvent;

    [Wire("purchase.sent.v1")]
    public sealed record Sent(string To) : PurchaseEvent;

    /// <summary>The accounting system has it.</summary>
    /// <param name="RemoteId">Its id there; empty when it named none.</param>
    [Wire("purchase.booked.v1")]
    public sealed record Booked(string RemoteId) : PurchaseEvent;

    [Wire("purchase.rescheduled.v1")]
    public sealed record Rescheduled(DateTimeOffset ExpectedAt, string By) : PurchaseEvent;

    [Wire("purchase.was_late.v1")]
    public sealed record WasLate(DateTimeOffset ExpectedAt) : PurchaseEvent;

    [Wire("purchase.received.v1")]
    public sealed record Received(string ReceiptId, IReadOnlyList<ReceivedLine> Lines, DateTimeOffset At, string By) : PurchaseEvent;

    /// <summary>Nothing is missing any more.</summary>
    [Wire("purchase.completed.v1")]
    public sealed record Completed : PurchaseEvent;

    /// <param name="Missing">What was not waited for any more.</param>
    [Wire("purchase.closed_short.v1")]
    public sealed record ClosedShort(IReadOnlyList<LineQuantity> Missing, string Reason, string By) : PurchaseEvent;
}
