using Quartermaster.Core.Books;
using Quartermaster.Core.Fulfilment;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Orders;
using Quartermaster.Core.Stock;

namespace Quartermaster.Core.Flows;

/// <summary>Somebody else sent the goods: we do not, but we invoice them.</summary>
internal static class WhenGoodsLeaveElsewhereStepBack
{
    /// <summary>The channel reports every fulfilment, those included that we wrote there ourselves.</summary>
    public static bool IsEcho(OrderFile file, OrderSignal.FulfilmentReported f)
    {
        if (f.Tracking is not null && file.Fulfilment.Find(Shipping.Followed.IdOf(f.Tracking)) is not null) return true;
        foreach (var ours in file.Fulfilment.Parcels ?? [])
        {
            if (ours.FulfilmentId is { } id && id == f.FulfilmentId) return true;
            // Its number may have been corrected there before we heard that it was written. Were it another's, ours would be refused, and that is a case.
            if (ours.WriteBack == WriteBack.Planned && ours.Told.Count > 0 && ours.Told.Count == f.Lines.Count && ours.Told.All(o => f.Lines.Any(l => l.LineId == o.LineId && l.Quantity == o.Quantity))) return true;
        }
        return false;
    }

    public static void React(OrderFile file, OrderEvent.FulfilledElsewhere e, Situation s, Reactions next)
    {
        if (e.From is { } from) TakeOffShelf(file, e, from, s, next);
        // What left before us was invoiced by whoever sent it. What leaves while we hold the order is ours to invoice: that is when people ship by hand.
        if (e.CountedAt is not null || file.Order.Phase is not (OrderPhase.Released or OrderPhase.Open) || file.Order.Has(HoldKind.PlacedBeforeUs) || file.Order.Facts is not { } facts) return;
        List<BilledLine> lines = [];
        foreach (var line in e.Lines) WhenParcelLeavesBillAndFollowIt.Add(lines, line.LineId, line.Quantity);
        next.Send(WhenParcelLeavesBillAndFollowIt.Bill(file, e.FulfilmentId, lines, s.At, s));
        if (file.Order.Phase == OrderPhase.Open) return;
        foreach (var line in facts.Lines)
            if (line.RequiresShipping && LineUnits.Of(file.Order, line.LineId, line.Quantity - file.Order.SentElsewhere(line.LineId)).Any(p => file.Fulfilment.SentOf(p.Id) > p.Units))
            {
                next.Tell(new CaseChange.Opened($"elsewhere/{e.FulfilmentId}", "order.fulfilled_twice", $"'{line.Title}' was sent by us and elsewhere",
                    $"Fulfilment {e.FulfilmentId} at the channel covers units that had left in our parcel. Stop one of the parcels or arrange the return."));
                break;
            }
        PlanAgain.AfterChange(file, false, s, next);
    }

    /// <summary>They did not leave after all: what is still wanted is sent by us, and a person sees to what was concluded from it.</summary>
    public static void React(OrderFile file, OrderEvent.FulfilmentUndone e, Situation s, Reactions next)
    {
        var id = e.Parcel.FulfilmentId;
        if (e.Parcel.From is { } from) PutBackOnShelf(file, e, from, s, next);
        if (file.Order.Phase == OrderPhase.Closed || file.Books.Find(id) is not null)
            next.Tell(new CaseChange.Opened($"undone/{id}", "order.fulfilment_undone", "A fulfilment at the channel was undone after it had counted",
                $"Fulfilment {id} is '{e.Status}' now, so its goods did not leave. Take its invoice back if one was drafted, and see that the shopper gets the goods or the money."));
        PlanAgain.AfterChange(file, false, s, next);
    }

    /// <summary>What was reserved for the order has left from there, or else from the place that the channel names.</summary>
    private static void TakeOffShelf(OrderFile file, OrderEvent.FulfilledElsewhere e, Shelf from, Situation s, Reactions next)
    {
        List<Units> reserved = [];
        foreach (var (id, sku, units) in e.Lines.SelectMany(l => LineUnits.Of(file.Order, l.LineId, l.Quantity, l.Sku)))
        {
            var left = units;
            foreach (var held in file.Stock.Held ?? [])
                if (held.LineId == id && (from.Location ?? held.Location) == held.Location && int.Min(left, held.Quantity - Away.DueOf(file.Stock.Away, held)) is > 0 and var now)
                {
                    reserved.Add(held with { Quantity = now });
                    left -= now;
                }
            if (left > 0 && from.Location is { } at) Adjust(e.FulfilmentId, id, sku, -left, at, from.At, $"left by fulfilment {e.FulfilmentId} at the channel", s, next);
        }
        if (reserved.Count > 0) next.Send(new StockSignal.GoneElsewhere(Cause(e.FulfilmentId), reserved, from.At));
    }

    private static void PutBackOnShelf(OrderFile file, OrderEvent.FulfilmentUndone e, Shelf from, Situation s, Reactions next)
    {
        var (id, why) = (e.Parcel.FulfilmentId, $"did not leave after all: fulfilment {e.Parcel.FulfilmentId} is '{e.Status}'");
        foreach (var (lineId, sku, units) in e.Parcel.Lines.SelectMany(l => LineUnits.Of(file.Order, l.LineId, l.Quantity, l.Sku)))
        {
            var rest = units;
            foreach (var away in file.Stock.Away ?? [])
            {
                if (away.CauseId != Cause(id) || away.Units.LineId != lineId) continue;
                rest -= away.Units.Quantity;
                if (away.Taken) Adjust($"{id}/undone", lineId, sku, away.Units.Quantity, away.Units.Location, from.At, why, s, next);
            }
            if (rest > 0 && from.Location is { } at) Adjust($"{id}/undone", lineId, sku, rest, at, from.At, why, s, next);
        }
        next.Send(new StockSignal.NotGone(Cause(id)));
    }

    private static string Cause(string fulfilmentId) => $"elsewhere/{fulfilmentId}";

    private static void Adjust(string id, string lineId, string sku, int by, string location, DateTimeOffset at, string why, Situation s, Reactions next) =>
        next.Forward(new(s.Stream.Brand, "stock", sku), new StockSignal.Adjusted(sku, location, by, why, s.Stream.Key, $"{s.Stream.Id}/{id}/{lineId}/{location}", at));
}
