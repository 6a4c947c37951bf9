using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Purchasing;

/// <summary>Signals to a purchase order. Its stream is <c>purchase/PO-17</c>.</summary>
public abstract record PurchaseSignal : Signal
{
    private PurchaseSignal() { }

    /// <summary>These units should be ordered: makes the draft, or adds to it what is not on it yet.</summary>
    [Wire("purchase.proposed.v1")]
    public sealed record Proposed(SupplierTerms Supplier, string Location, IReadOnlyList<PurchaseLine> Lines, string By) : PurchaseSignal;

    /// <summary>A person changed how many are to be ordered; 0 leaves a SKU out.</summary>
    [Wire("purchase.quantities_set.v1")]
    public sealed record QuantitiesSet(IReadOnlyList<LineQuantity> Lines, string By) : PurchaseSignal;

    /// <param name="ExpectedAt">When the goods should be there; null = after the lead time.</param>
    [Wire("purchase.approve_asked.v1")]
    public sealed record ApproveAsked(DateTimeOffset? ExpectedAt, string By) : PurchaseSignal;

    [Wire("purchase.reject_asked.v1")]
    public sealed record RejectAsked(string Reason, string By) : PurchaseSignal;

    /// <summary>The supplier named another day.</summary>
    [Wire("purchase.date_set.v1")]
    public sealed record DateSet(DateTimeOffset ExpectedAt, string By) : PurchaseSignal;

    /// <summary>Goods came.</summary>
    /// <param name="ReceiptId">Unique per receipt within the order: a second delivery of the same receipt adds nothing.</param>
    /// <param name="At">When they came: a count that was taken later has seen them.</param>
    [Wire("purchase.goods_received.v1")]
    public sealed record GoodsReceived(string ReceiptId, IReadOnlyList<ReceivedLine> Lines, DateTimeOffset At, string By) : PurchaseSignal;

    /// <summary>What has not come is not waited for any more.</summary>
    [Wire("purchase.close_asked.v1")]
    public sealed record CloseAsked(string Reason, string By) : PurchaseSignal;

    /// <summary>The day has passed on which the goods should have been there.</summary>
    [Wire("purchase.fell_due.v1")]
    public sealed record FellDue : PurchaseSignal;
}

public sealed record LineQuantity(string Sku, int Quantity);

/// <param name="Units">That can be sold.</param>
/// <param name="Damaged">That came and cannot be sold; they are no longer expected, and are kept as damaged.</param>
public sealed record ReceivedLine(string Sku, int Units, int Damaged = 0);
