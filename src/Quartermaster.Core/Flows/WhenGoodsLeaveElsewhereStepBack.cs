using Quartermaster.Core.Books;
using Quartermaster.Core.Fulfilment;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Orders;

namespace Quartermaster.Core.Flows;

/// <summary>Somebody else sent the goods: we do not, but we invoice them.</summary>
internal static class WhenGoodsLeaveElsewhereStepBack
{
    /// <summary>The channel reports every fulfilment, those included that we wrote there ourselves.</summary>
    public static bool IsEcho(OrderFile file, OrderSignal.FulfilmentReported f)
    {
        var parcel = f.Tracking is null ? null : file.Fulfilment.Find(Shipping.Followed.IdOf(f.Tracking));
        if (parcel is not null) return true;
        foreach (var ours in file.Fulfilment.Parcels ?? [])
            if (ours.FulfilmentId is { } id && id == f.FulfilmentId) return true;
        return false;
    }

    public static void React(OrderFile file, OrderEvent.FulfilledElsewhere e, Situation s, Reactions next)
    {
        // Before the order is released nothing is planned; what left before us was invoiced by whoever sent it.
        if (e.CountedAt is not null || file.Order.Phase != OrderPhase.Released || file.Order.Facts is not { } facts) return;
        List<BilledLine> lines = [];
        foreach (var line in e.Lines) WhenParcelLeavesBillAndFollowIt.Add(lines, line.LineId, line.Quantity);
        next.Send(WhenParcelLeavesBillAndFollowIt.Bill(file, e.FulfilmentId, lines, s.At, s));
        foreach (var line in facts.Lines)
            if (line.RequiresShipping && file.Fulfilment.SentOf(line.LineId) + file.Order.SentElsewhere(line.LineId) > line.Quantity)
            {
                next.Tell(new CaseChange.Opened($"elsewhere/{e.FulfilmentId}", "order.fulfilled_twice", $"'{line.Title}' was sent by us and elsewhere",
                    $"Fulfilment {e.FulfilmentId} at the channel covers units that had left in our parcel. Stop one of the parcels or arrange the return."));
                break;
            }
        PlanAgain.AfterChange(file, false, next);
    }

    /// <summary>They did not leave after all: what is still wanted is sent by us, and a person sees to what was concluded from it.</summary>
    public static void React(OrderFile file, OrderEvent.FulfilmentUndone e, Reactions next)
    {
        if (file.Order.Phase == OrderPhase.Closed || file.Books.Find(e.FulfilmentId) is not null)
            next.Tell(new CaseChange.Opened($"undone/{e.FulfilmentId}", "order.fulfilment_undone", "A fulfilment at the channel was undone after it had counted",
                $"Fulfilment {e.FulfilmentId} is '{e.Status}' now, so its goods did not leave. Take its invoice back if one was drafted, and see that the shopper gets the goods or the money."));
        PlanAgain.AfterChange(file, false, next);
    }
}
