using Quartermaster.Core.Fulfilment;
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
        {
            foreach (var back in units) Tell(back, Damage.Came);
            // A refund has put them on the shelf before anybody looked at them: there they are not for sale any more.
            foreach (var shelved in Shelved(file, parcel)) Tell(shelved, Damage.Found);
        }
        if (units.Count > 0) next.Send(new StockSignal.CameBack($"back/{e.ParcelId}", units, e.Damaged));

        void Tell(Units of, Damage what) => next.Forward(new(s.Stream.Brand, "stock", of.Sku),
            new StockSignal.DamageTold(of.Sku, of.Location, of.Quantity, what, $"came back damaged: {e.Reason}", e.By, $"{s.Stream.Id}/back/{e.ParcelId}/{of.LineId}/{what}"));
    }

    /// <summary>Of what is in the parcel: units that are back already, and on which shelf.</summary>
    private static IEnumerable<Units> Shelved(OrderFile file, SentParcel parcel)
    {
        foreach (var sent in parcel.Lines)
        {
            var left = sent.Quantity - int.Max(0, file.Fulfilment.SentOf(sent.LineId) - file.Stock.BackOf(sent.LineId));
            foreach (var back in file.Stock.Back ?? [])
                if (back.LineId == sent.LineId && int.Min(left, back.Quantity) is > 0 and var units)
                {
                    left -= units;
                    yield return back with { Quantity = units };
                }
        }
    }
}
