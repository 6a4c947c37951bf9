using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Orders;

/// <summary>The channel tells about an order that we know: what of it is new?</summary>
internal static class LaterReport
{
    public static Decision Compare(Order order, OrderSignal.Reported r, Situation s)
    {
        if (r.TakeOver && order.Has(HoldKind.PlacedBeforeUs)) return OrderHolds.Lift(order, HoldKind.PlacedBeforeUs, "an import", s);
        var held = order.Facts!;
        var now = r.Facts;
        if (now.UpdatedAt < held.UpdatedAt) return Decision.Ignore($"This view of the order ({r.Topic}) is older than the one we hold.");

        var paid = HoldRules.IsSettled(now.Payment) && !HoldRules.IsSettled(held.Payment);
        var cancelled = now.CancelledAt is not null && !order.CancelRefused;
        // Two views of one instant: nobody can say which is newer. Only what is never taken back counts.
        if (now.UpdatedAt == held.UpdatedAt)
        {
            if (!paid && !cancelled) return Decision.Ignore($"Nothing new in {r.Topic}.");
            now = held with { Payment = paid ? now.Payment : held.Payment, CancelledAt = now.CancelledAt, CancelReason = now.CancelReason };
        }

        var differs = OrderComparison.Between(held, now);
        Decision decision = differs.Matters
            ? Decision.Of(new OrderEvent.Edited(now, differs.Lines, differs.Address, differs.What)).Because($"Changed at the channel: {string.Join(", ", differs.What)}.")
            : Decision.Of(new OrderEvent.Refreshed(now.UpdatedAt, now.Payment));
        if (paid)
            decision = (decision with { Events = [.. decision.Events, new OrderEvent.Paid(now.Payment.Paid, now.Currency)] }).Because("Paid.");
        if (order.Has(HoldKind.PlacedBeforeUs)) return BeforeUs.Follow(order, BeforeUs.TakeOff(order, now, decision), cancelled);
        if (!cancelled) return OrderHolds.Reconsider(order, decision, s);

        var cancel = OrderDecider.Cancel(order, now.CancelReason ?? "no reason given", "the channel");
        return cancel with { Events = [.. decision.Events, .. cancel.Events], Note = decision.Note is null ? cancel.Note : $"{decision.Note} {cancel.Note}" };
    }
}
