using Quartermaster.Core.Books;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Orders;
using Quartermaster.Core.Stock;

namespace Quartermaster.Core.Flows;

/// <summary>Money went back: the books follow, shipped units come back to stock, unshipped ones are no longer wanted.</summary>
internal static class WhenOrderIsRefundedCreditIt
{
    public static void React(OrderFile file, OrderEvent.Refunded e, Situation s, Reactions next)
    {
        if (file.Order.Facts is not null) Credit(file, e.RefundId, e.Amount, e.At, e.Lines, s, next);
        if (CameBack(file, e) is { Count: > 0 } back) next.Send(new StockSignal.CameBack($"refund/{e.RefundId}", back));
        if (file.Order.Facts is not null) PlanAgain.AfterChange(file, false, s, next);
    }

    /// <summary>Refunds that were heard of before their order: only now is it known whether its prices contain the tax.</summary>
    public static void CatchUp(OrderFile file, Situation s, Reactions next)
    {
        foreach (var refund in file.Order.Refunds ?? []) Credit(file, refund.Id, refund.Amount, refund.At, refund.Lines, s, next);
    }

    private static void Credit(OrderFile file, string refundId, decimal amount, DateTimeOffset at, IReadOnlyList<RefundedLine> lines, Situation s, Reactions next)
    {
        var credited = new List<CreditedLine>(lines.Count);
        foreach (var line in lines) credited.Add(new(line.LineId, line.Quantity, line.Subtotal, line.Tax));
        next.Send(new BooksSignal.Credit(refundId, amount, at, credited, PriceOfOrder.Of(file, s.Stream.Id)));
    }

    /// <summary>Refunded units that had left and come back sellable. Units that we still hold were never away, and what a person has put back is back.</summary>
    private static List<Units> CameBack(OrderFile file, OrderEvent.Refunded e)
    {
        List<Units> back = [];
        foreach (var line in e.Lines)
        {
            if (!line.Restock) continue;
            foreach (var (id, sku, units) in LineUnits.Of(file.Order, line.LineId, line.Quantity))
                if (int.Min(file.Fulfilment.SentOf(id) - file.Stock.BackOf(id), units - int.Min(units, file.Stock.HeldOf(id))) is > 0 and var gone)
                    back.Add(new(id, sku, gone, line.Location ?? SentFrom(file, id)));
        }
        return back;
    }

    private static string SentFrom(OrderFile file, string lineId)
    {
        foreach (var parcel in file.Fulfilment.Parcels!)
            foreach (var line in parcel.Lines)
                if (line.LineId == lineId) return parcel.Location;
        throw new InvalidOperationException($"Line {lineId} left in no parcel.");
    }
}
