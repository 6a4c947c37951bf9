using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Purchasing;

/// <summary>Work for the system that keeps the brand's purchases.</summary>
public abstract record PurchaseEffect : Effect
{
    private PurchaseEffect() { }

    /// <summary>An approved order goes there as a draft; what it costs and when it is paid is the accountant's.</summary>
    [Wire("purchase.draft.v1")]
    public sealed record Draft(PurchaseDraft Order) : PurchaseEffect;
}

/// <summary>A purchase order as the accounting system gets it.</summary>
/// <param name="Number">Ours, after the prefix of the brand: <c>AT-PO-17</c>.</param>
/// <param name="Reference">By which one of ours is known again, as brand and number: <c>aurora/PO-17</c>.</param>
/// <param name="SupplierKey">Stable per supplier, so that a contact is made once.</param>
/// <param name="DeliverTo">The location that receives it, in words.</param>
public sealed record PurchaseDraft(string Number, string Reference, string SupplierKey, string Supplier, string? Email, string Currency, DateTimeOffset Date, DateTimeOffset ExpectedAt, string DeliverTo, IReadOnlyList<PurchaseDraftLine> Lines)
{
    /// <summary>Before tax: lines are rounded as books round them, each by itself.</summary>
    public decimal Total()
    {
        var total = 0m;
        foreach (var line in Lines) total += line.Amount();
        return total;
    }
}

/// <param name="TheirSku">What the supplier calls it, where that is known.</param>
public sealed record PurchaseDraftLine(string Sku, string? TheirSku, int Quantity, decimal UnitCost)
{
    public decimal Amount() => decimal.Round(Quantity * UnitCost, 2, MidpointRounding.AwayFromZero);
}
