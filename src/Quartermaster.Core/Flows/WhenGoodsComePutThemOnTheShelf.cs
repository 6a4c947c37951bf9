using Quartermaster.Core.Kernel;
using Quartermaster.Core.Purchasing;
using Quartermaster.Core.Stock;

namespace Quartermaster.Core.Flows;

/// <summary>Units of a purchase order came: each SKU's own stream adds them, because only it knows whether a count has seen them already.</summary>
internal static class WhenGoodsComePutThemOnTheShelf
{
    public static IEnumerable<Forwarded> React(PurchaseOrder order, PurchaseEvent.Received came, Situation s)
    {
        foreach (var line in came.Lines)
        {
            if (line.Units > 0)
                yield return new(new(s.Stream.Brand, "stock", line.Sku), new StockSignal.Received(line.Sku, order.Location!, line.Units, $"{s.Stream.Id}/{came.ReceiptId}", came.At));
            if (line.Damaged > 0)
                yield return new(new(s.Stream.Brand, "stock", line.Sku), new StockSignal.DamageTold(line.Sku, order.Location!, line.Damaged, Damage.Came, $"came damaged: {came.ReceiptId}", s.Stream.Id, $"{s.Stream.Id}/{came.ReceiptId}/damaged"));
        }
    }
}
