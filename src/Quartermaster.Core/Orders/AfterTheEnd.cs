using Quartermaster.Core.Connecting;
using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Orders;

/// <summary>What is heard of an order that has ended. Money and newly wanted units are never passed over.</summary>
internal static class AfterTheEnd
{
    private const string NotCancelled = "cancel/channel";
    private const string PaidCase = "cancel/paid";
    private const string RefundCase = "cancel/refund";

    /// <summary>How long a channel may take until it says that the money of a declined order went back.</summary>
    private static readonly TimeSpan RefundPatience = TimeSpan.FromHours(2);

    public static Decision Ignore(string what) => Decision.Ignore($"The order has ended; {what} is noted and changes nothing.");

    public static Decision Hear(Order order, OrderSignal.Reported r, Situation s)
    {
        var (held, now) = (order.Facts!, r.Facts);
        if (now.UpdatedAt < held.UpdatedAt) return Ignore($"an older view ({r.Topic})");
        return order.Phase == OrderPhase.Closed ? Closed(order, r, s) : Cancelled(order, r, s);
    }

    /// <summary>What the channel made of our cancellation.</summary>
    public static Decision Settle(Order order, EffectSettled settled, Situation s) => settled.Outcome switch
    {
        // The channel has taken the refund on with the cancellation, and a gateway may still say no.
        Outcome.Done or Outcome.AlreadyDone when ToGiveBack(order) is { Amount: > 0 } sum => new Decision
        {
            Cases = [new CaseChange.Closed(NotCancelled), new CaseChange.Closed(RefundCase)], Timers = [new Timer(RefundCase, s.At + RefundPatience, new OrderSignal.RefundDue())],
            Note = $"The channel cancelled it and gives {sum} back.",
        },
        Outcome.Done or Outcome.AlreadyDone => new Decision { Cases = [new CaseChange.Closed(NotCancelled)], Note = "The channel cancelled it." },
        _ when order.Phase != OrderPhase.Cancelled => Decision.Ignore("The order goes on; it need not be cancelled at the channel."),
        var no when ToGiveBack(order) is { Amount: > 0 } sum => new Decision
        {
            Cases = [ByHand(sum, $"{Outcome.Words(no)} Cancel the order at the channel and give {sum} back there, the way it was paid.")],
            Note = $"The channel did not cancel it: {Outcome.Words(no)}",
        },
        var no => new Decision
        {
            Cases = [new CaseChange.Opened(NotCancelled, "order.not_cancelled_at_channel", "Cancelled here and still open at the channel",
                $"{Outcome.Words(no)} {(HasMoney(order.Facts!.Payment) ? "Cancel it at the channel and give the money back there." : "The shopper can still pay it there. Cancel it at the channel, or mend the cause and replay the effect.")}")],
            Note = $"The channel did not cancel it: {Outcome.Words(no)}",
        },
    };

    /// <summary>An order that stays open at its channel can still be paid there, and shipped by whoever works from the channel's list.</summary>
    /// <remarks>Not before the cancellation stands: an order that ships after all must not be cancelled there.</remarks>
    public static Decision TellChannel(Order order, Situation s) => order.CancelledHere is not { } why ? Decision.Nothing : Decision.Nothing
        .Do(new PlannedEffect(EffectKey.Of(s.Stream, "cancel", (order.Reopened + 1).ToString(System.Globalization.CultureInfo.InvariantCulture)), order.Facts!.Channel,
            new OrderEffect.CancelAtChannel(order.Facts.ExternalId, why, ToGiveBack(order))))
        .Because(ToGiveBack(order) is { Amount: > 0 } sum ? $"The channel is asked to cancel it too and to give {sum} back." : "The channel is asked to cancel it too.");

    /// <summary>A while after a declined order was cancelled at its channel: money that has not gone back is somebody's to give back.</summary>
    public static Decision RefundDue(Order order) => ToGiveBack(order) is { Amount: > 0 } sum
        ? Decision.Nothing.Tell(ByHand(sum, $"The channel cancelled the order and has not said that the money went back. See there whether {sum} was refunded, and give it back by hand if it was not."))
            .Because($"The channel has not said that {sum} went back.")
        : Decision.Ignore("The money went back.");

    private static CaseChange.Opened ByHand(Money sum, string detail) => new(RefundCase, "order.refund_by_hand", $"Declined: {sum} to be given back by hand", detail);

    /// <summary>What of a declined order's money is still at the channel; zero where it was only authorised, null where there is none.</summary>
    private static Money? ToGiveBack(Order order) => order is { Declined: true, Facts: { } facts } && HasMoney(facts.Payment)
        ? new Money(facts.Payment.State == PaymentState.Authorized ? 0m : decimal.Max(0m, facts.Payment.Paid - Refunded(order, facts)), facts.Currency)
        : null;

    // The channel's own sum counts refunds that it never told one by one, and not those that came after its last word.
    private static decimal Refunded(Order order, OrderFacts facts) => order.Refunds is not { } refunds ? facts.Payment.Refunded
        : decimal.Max(refunds.Sum(r => r.Amount), facts.Payment.Refunded + refunds.Where(r => r.At > facts.UpdatedAt).Sum(r => r.Amount));

    private static Decision Cancelled(Order order, OrderSignal.Reported r, Situation s)
    {
        var (held, now) = (order.Facts!, r.Facts);
        var paid = HasMoney(now.Payment) && (!HasMoney(held.Payment) || now.Payment.Paid > held.Payment.Paid);
        if (paid && order.TimedOut && now.CancelledAt is null && HoldRules.IsSettled(now.Payment))
            return OrderHolds.Reconsider(order, Reopen(order, r, "It was paid after all.").Tell(new CaseChange.Closed(NotCancelled), new CaseChange.Closed(PaidCase)), s);

        var decision = now.Payment == held.Payment ? Ignore(r.Topic) : Decision.Of(new OrderEvent.Refreshed(now.UpdatedAt, now.Payment));
        if (now.CancelledAt is not null) decision = decision.Tell(new CaseChange.Closed(NotCancelled));
        if (now.Payment.State is PaymentState.Refunded or PaymentState.Voided) return decision.Tell(new CaseChange.Closed(PaidCase), new CaseChange.Closed(RefundCase));
        return !paid ? decision : decision
            .Tell(new CaseChange.Opened(PaidCase, "order.paid_after_cancel", "Paid after it was cancelled",
                $"{new Money(now.Payment.Paid, now.Currency)} arrived for an order that is cancelled. Give the money back at the channel, or have the shopper order again."))
            .Because("It was paid after it had been cancelled.");
    }

    /// <summary>An edit that wants more units begins the order anew; one that is somebody else's still waits for a person.</summary>
    private static Decision Closed(Order order, OrderSignal.Reported r, Situation s)
    {
        if (order.CancelRefused || r.Facts.CancelledAt is not null || !WantsMore(order.Facts!, r.Facts)) return Ignore(r.Topic);
        var decision = Reopen(order, r, "Units were added after it was closed.");
        return order.WasReleased ? OrderHolds.Reconsider(order, decision, s) : OrderHolds.PutOn(decision, BeforeUs.Hold());
    }

    private static Decision Reopen(Order order, OrderSignal.Reported r, string why)
    {
        var differs = OrderComparison.Between(order.Facts!, r.Facts);
        List<Event> events = [new OrderEvent.Reopened(why), new OrderEvent.Edited(r.Facts, differs.Lines, differs.Address, differs.What)];
        if (HoldRules.IsSettled(r.Facts.Payment) && !HoldRules.IsSettled(order.Facts!.Payment)) events.Add(new OrderEvent.Paid(r.Facts.Payment.Paid, r.Facts.Currency));
        return Decision.Of([.. events]).Because(why);
    }

    private static bool WantsMore(OrderFacts held, OrderFacts now)
    {
        foreach (var line in now.Lines)
        {
            var before = 0;
            foreach (var old in held.Lines)
                if (old.LineId == line.LineId) before = old.Quantity;
            if (line.RequiresShipping && line.Quantity > before) return true;
        }
        return false;
    }

    /// <summary>Money is at the channel, captured or promised.</summary>
    private static bool HasMoney(Payment payment) =>
        payment.State is PaymentState.Paid or PaymentState.Authorized or PaymentState.PartiallyPaid or PaymentState.PartiallyRefunded;
}
