using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Orders;

/// <summary>The channel tells about an order that we know: what of it is new?</summary>
internal static class LaterReport
{
    public static Decision Compare(Order order, OrderSignal.Reported r, Situation s)
    {
        if (r.TakeOver && order.Has(HoldKind.PlacedBeforeUs)) return OrderHolds.Lift(order, new(HoldKind.PlacedBeforeUs, "an import"), s);
        var held = order.Facts!;
        var now = r.Facts;
        if (now.UpdatedAt < held.UpdatedAt) return Decision.Ignore($"This view of the order ({r.Topic}) is older than the one we hold.");

        var paid = HoldRules.IsSettled(now.Payment) && !HoldRules.IsSettled(held.Payment);
        var cancelled = now.CancelledAt is not null && !order.CancelRefused;
        var again = Decision.Nothing;
        // Two views of one instant, because channels tell whole seconds: nobody can say which is newer. What is never taken back counts at once,
        // the rest is fetched, and what was fetched is the newer one.
        if (now.UpdatedAt == held.UpdatedAt)
        {
            var other = OrderComparison.Between(held, now).Matters;
            if (r.Fetched && (other || now.Payment != held.Payment)) return Take(order, now, paid, cancelled, Decision.Nothing, s);
            if (other) again = OrderDecider.Announced(order, new(now.Channel, now.ExternalId, r.Topic), s);
            if (!paid && !cancelled) return again == Decision.Nothing ? Decision.Ignore($"Nothing new in {r.Topic}.") : again;
            now = held with { Payment = paid ? now.Payment : held.Payment, CancelledAt = now.CancelledAt, CancelReason = now.CancelReason };
        }
        return Take(order, now, paid, cancelled, again, s);
    }

    /// <param name="again">That it is fetched, when this view may not be the newest.</param>
    private static Decision Take(Order order, OrderFacts now, bool paid, bool cancelled, Decision again, Situation s)
    {
        var differs = OrderComparison.Between(order.Facts!, now);
        Decision decision = differs.Matters
            ? Decision.Of(new OrderEvent.Edited(now, differs.Lines, differs.Address, differs.What, differs.Method, differs.Method ? order.Facts!.ShippingMethod : null)).Because($"Changed at the channel: {string.Join(", ", differs.What)}.")
            : Decision.Of(new OrderEvent.Refreshed(now.UpdatedAt, now.Payment));
        decision = decision with { Events = [.. decision.Events, .. again.Events], Timers = again.Timers };
        if (paid)
            decision = (decision with { Events = [.. decision.Events, new OrderEvent.Paid(now.Payment.Paid, now.Currency)] }).Because("Paid.");
        if (order.Has(HoldKind.PlacedBeforeUs)) return BeforeUs.Follow(order, BeforeUs.TakeOff(order, now, decision), cancelled);
        if (!cancelled) return OrderHolds.Reconsider(order, decision, s);

        var cancel = OrderDecider.Cancel(order, now.CancelReason ?? "no reason given", OrderDecider.TheChannel);
        return cancel with { Events = [.. decision.Events, .. cancel.Events], Timers = [.. decision.Timers, .. cancel.Timers], Note = decision.Note is null ? cancel.Note : $"{decision.Note} {cancel.Note}" };
    }
}
