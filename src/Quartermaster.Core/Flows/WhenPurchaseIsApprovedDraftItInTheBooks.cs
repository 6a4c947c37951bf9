using Quartermaster.Core.Kernel;
using Quartermaster.Core.Purchasing;

namespace Quartermaster.Core.Flows;

/// <summary>A purchase order was approved: the accounting system gets it as a draft, where the brand wants that.</summary>
internal static class WhenPurchaseIsApprovedDraftItInTheBooks
{
    public static PlannedEffect? React(PurchaseOrder order, Situation s)
    {
        if (s.Terms.PurchaseOrdersTo is not { } books || order.Supplier is not { } supplier) return null;
        List<PurchaseDraftLine> lines = [];
        foreach (var line in order.Lines ?? [])
            if (line.Quantity > 0) lines.Add(new(line.Sku, line.TheirSku, line.Quantity, line.UnitCost));
        var to = s.Terms.Locations.FirstOrDefault(l => l.Code == order.Location)?.Title ?? order.Location ?? "";
        return new(EffectKey.Of(s.Stream, "books"), books,
            new PurchaseEffect.Draft(new(s.Terms.PurchasePrefix + s.Stream.Id, $"{s.Stream.Brand}/{s.Stream.Id}", $"supplier-{supplier.Code}", supplier.Title, supplier.Email, supplier.Currency, s.At, order.ExpectedAt ?? s.At, to, lines)));
    }
}
