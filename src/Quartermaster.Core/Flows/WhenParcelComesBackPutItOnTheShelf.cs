using Quartermaster.Core.Kernel;
using Quartermaster.Core.Shipping;
using Quartermaster.Core.Stock;

namespace Quartermaster.Core.Flows;

/// <summary>A person has the units of a returned parcel again: on the shelf, where they may be sold anew, those that a refund has not put there before, or damaged.</summary>
internal static class WhenParcelComesBackPutItOnTheShelf
{
    public static void React(OrderFile file, ShippingEvent.EndedByHand e, Situation s, Reactions next)
    {
        if (!(e.Restock || e.Damaged) || file.Fulfilment.Find(e.ParcelId) is not { } parcel || file.Order.Facts is not { } facts) return;
        List<Units> units = [];
        foreach (var sent in parcel.Lines)
            foreach (var line in facts.Lines)
                foreach (var (id, sku, _) in LineUnits.Of(file.Order, line.LineId, 1))
                    if (id == sent.LineId && int.Min(sent.Quantity, file.Fulfilment.SentOf(id) - file.Stock.BackOf(id)) is > 0 and var back) units.Add(new(id, sku, back, parcel.Location));
        if (e.Damaged)
            foreach (var back in units)
                next.Forward(new(s.Stream.Brand, "stock", back.Sku), new StockSignal.DamageTold(back.Sku, back.Location, back.Quantity, Damage.Came, $"came back damaged: {e.Reason}", e.By, $"{s.Stream.Id}/back/{e.ParcelId}/{back.LineId}"));
        else if (units.Count > 0) next.Send(new StockSignal.CameBack($"back/{e.ParcelId}", units));
    }
}
