using Quartermaster.Core.Purchasing;
using Quartermaster.Core.Stock;

namespace Quartermaster.Core.Flows;

/// <summary>What a position expects is the sum over its purchase orders, because each of them tells only by how much its own share changed.</summary>
internal static class WhenPurchaseChangesExpectItsUnits
{
    public static StockRequest.Expect? React(PurchaseOrder before, PurchaseOrder after)
    {
        List<ExpectedUnits> changes = [];
        foreach (var line in after.Lines ?? [])
        {
            var by = after.Expected(line) - (before.Line(line.Sku) is { } then ? before.Expected(then) : 0);
            if (by != 0) changes.Add(new(line.Sku, after.Location!, by));
        }
        return changes.Count == 0 ? null : new(changes);
    }
}
