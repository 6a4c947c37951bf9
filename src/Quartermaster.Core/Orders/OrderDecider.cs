using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Orders;

/// <summary>Decides what a signal means for the promise: place, hold, release, edit, cancel, close.</summary>
public static class OrderDecider
{
    /// <summary>Announcements that follow each other faster than this are answered by two fetches: at the first, and after the last.</summary>
    private static readonly TimeSpan FetchWindow = TimeSpan.FromSeconds(2);

    /// <summary>Who cancels when nobody pays.</summary>
    public const string TheHub = "the hub";

    /// <summary>Who cancels when the channel's report says so.</summary>
    internal const string TheChannel = "the channel";

    /// <summary>Key of the case that it was cancelled after its goods had left.</summary>
    internal const string TooLateCase = "cancel/too_late";

    public static Decision Decide(Order order, OrderSignal signal, Situation s) => (order.Phase, signal) switch
    {
        (OrderPhase.Unknown, OrderSignal.Imported i) => Decision.Of(new OrderEvent.ImportedAsHistory(i.Facts, i.Source)).Because($"Taken in as history from {i.Source}."),
        (_, OrderSignal.Imported) => Decision.Ignore("The order is known; the import adds nothing."),
        (OrderPhase.History, _) => Decision.Ignore("The order was taken in as history; nothing follows from it."),

        (OrderPhase.Unknown, OrderSignal.Reported r) => FirstReport.Place(order, r, s),
        (OrderPhase.Cancelled or OrderPhase.Closed, OrderSignal.Reported r) => AfterTheEnd.Hear(order, r, s),
        (_, OrderSignal.Reported r) => LaterReport.Compare(order, r, s),
        (_, OrderSignal.ChangeAnnounced c) => Announced(order, c, s),
        (_, OrderSignal.StorefrontRiskTold r) => RiskHolds.Hear(order, r, s),
        (_, OrderSignal.TraitsTold t) => RiskHolds.Hear(order, t, s),
        (_, OrderSignal.OpinionTold t) => SecondOpinion.Hear(order, t, s),

        (_, OrderSignal.RefundReported r) => Refund(order, r),
        (OrderPhase.Closed, OrderSignal.FulfilmentReported f) when IsUndone(f.Status) => Elsewhere(order, f),
        (OrderPhase.Cancelled or OrderPhase.Closed, OrderSignal.FulfilmentReported) => AfterTheEnd.Ignore("a fulfilment at the channel"),
        (_, OrderSignal.FulfilmentReported f) => Elsewhere(order, f),

        (OrderPhase.Unknown, _) => Decision.Ignore("The order is not known yet."),
        (_, OrderSignal.ShopperAsked a) => ShopperAnswers.Asks(order, a),
        (_, OrderSignal.ReviewTold r) => order.Reviews?.Contains(r.Review.Key) == true ? Decision.Ignore("That review is known.")
            : Decision.Of(new OrderEvent.Reviewed(r.Review)).Because($"Reviewed with {r.Review.Stars}, says {r.Review.Source}."),
        (OrderPhase.Cancelled, OrderSignal.TooLateToCancel t) => TooLate(t),
        (_, OrderSignal.TooLateToCancel) => Decision.Ignore("The order is not cancelled."),
        (OrderPhase.Cancelled, OrderSignal.CancellationStands) => AfterTheEnd.TellChannel(order, s),
        (_, OrderSignal.CancellationStands) => Decision.Ignore("The order is not cancelled."),
        (OrderPhase.Cancelled, OrderSignal.RefundDue) => AfterTheEnd.RefundDue(order),
        (_, OrderSignal.RefundDue) => Decision.Ignore("The order goes on."),
        (OrderPhase.Released, OrderSignal.Finished f) => Decision.Of(new OrderEvent.Closed(f.Why)).Because($"Closed: {f.Why}"),
        (OrderPhase.Cancelled or OrderPhase.Closed, _) => AfterTheEnd.Ignore("this"),
        (_, OrderSignal.Finished) => Decision.Ignore("The order is not released; it cannot be finished."),

        (_, OrderSignal.CancelAsked) when order.CancelRefused => Decision.Ignore("It was found too late to cancel; the goods have left."),
        (_, OrderSignal.CancelAsked c) => Cancel(order, c.Reason, c.By),
        (_, OrderSignal.TakeOverAsked) when order.Shadow != Shadowing.InShadow => Decision.Ignore("The order is not in shadow."),
        (_, OrderSignal.TakeOverAsked) when s.Shadow => Decision.Ignore("The brand is in shadow; its orders can be taken over once it is live."),
        (_, OrderSignal.TakeOverAsked t) => Decision.Of(new OrderEvent.TakenOver(t.By)).Because($"Taken over by {t.By}: what is planned from here on is sent."),
        (_, OrderSignal.DeclineAsked d) => RiskHolds.Decline(order, d),
        (_, OrderSignal.HistoryRead h) => RiskHolds.Read(order, h, s),
        (_, OrderSignal.OpinionSought o) => SecondOpinion.Seek(order, o, s),
        (_, OrderSignal.OpinionOverdue o) => SecondOpinion.Overdue(order, o, s),
        (_, OrderSignal.ShopperAnswered a) => ShopperAnswers.Hear(order, a, s),
        (_, OrderSignal.ParcelEnded e) => ShopperAnswers.Count(order, e),
        (_, OrderSignal.HoldAsked h) => OrderHolds.PutOn(order, h),
        (_, OrderSignal.PaymentMissed) => HoldRules.IsMissing(order) && !order.Has(HoldKind.PaymentMissing)
            ? OrderHolds.PutOn(Decision.Nothing, HoldRules.PaymentMissing(order.Facts!))
            : Decision.Ignore("The payment is not missed."),
        (_, OrderSignal.HoldLiftAsked l) => OrderHolds.Lift(order, l, s),
        (_, OrderSignal.HoldLapsed l) => OrderHolds.Lapse(order, l.Kind, s),
        (_, OrderSignal.AddressCorrected a) => CorrectAddress(order, a, s),
        (_, OrderSignal.LineMapped m) => MapLine(order, m, s),
        (_, OrderSignal.CodeExplained e) => LineCodes.Again(order, e),
        (_, OrderSignal.CodesRead r) => LineCodes.Read(order, r, s),
        _ => throw new System.Diagnostics.UnreachableException($"No rule for {signal.GetType().Name} in phase {order.Phase}."),
    };

    public static Order Evolve(Order order, OrderEvent e) => e switch
    {
        OrderEvent.Placed p => order with { Facts = p.Facts, Phase = p.Facts.CancelledAt is null ? OrderPhase.Open : OrderPhase.Cancelled },
        OrderEvent.ImportedAsHistory i => order with { Facts = i.Facts, Phase = OrderPhase.History },
        OrderEvent.Edited d => order with { Facts = d.Facts, CorrectedShipTo = d.AddressChanged ? null : order.CorrectedShipTo, Revision = order.Revision + (d.LinesChanged || d.AddressChanged ? 1 : 0), Unread = LineCodes.Unread(order, d.Facts) },
        OrderEvent.Refreshed r => order with { Facts = order.Facts! with { UpdatedAt = r.UpdatedAt, Payment = r.Payment } },
        OrderEvent.Paid => order,
        OrderEvent.ChangeHeard c => order with { ChangeHeardAt = c.At, Fetches = order.Fetches + 1 },
        OrderEvent.AddressSet a => order with { CorrectedShipTo = a.ShipTo, Revision = order.Revision + 1 },
        OrderEvent.DealtWith d => order with { DealtWith = [.. (order.DealtWith ?? []).Where(key => key != d.Case), d.Case] },
        OrderEvent.CameBack c => order with { DealtWith = [.. (order.DealtWith ?? []).Where(key => key != c.Case)] },
        OrderEvent.SkuSet m => order with { Meant = [.. (order.Meant ?? []).Where(l => l.LineId != m.LineId), new(m.LineId, [new(m.Sku, 1)], ByPerson: true, m.Instead)], Revision = order.Revision + (m.By == TheHub ? 0 : 1), Unread = LineCodes.Without(order.Unread, id => id == m.LineId) },
        OrderEvent.CodesMeant c => LineCodes.With(order, c),
        OrderEvent.Ruled r => order with { Ruled = r.Ruling },
        OrderEvent.RiskAssessed r => RiskHolds.With(order, r),
        OrderEvent.StorefrontRiskKnown k => order with { StorefrontRisk = k.Risk },
        OrderEvent.OpinionKnown o => SecondOpinion.With(order, o),
        OrderEvent.TraitsKnown t => order with { Traits = [.. order.Traits ?? [], .. t.Traits] },
        OrderEvent.ShopperReplied r => order with { Question = order.Question! with { State = r.Answer } },
        OrderEvent.AskedAgain => order with { Question = order.Question! with { Again = true } },
        OrderEvent.ReturnAsked r => order with { ReturnsAsked = [.. order.ReturnsAsked ?? [], r.Id] },
        OrderEvent.Reviewed r => order with { Reviews = [.. order.Reviews ?? [], r.Review.Key] },
        OrderEvent.QuestionLapsed => order with { Question = order.Question! with { State = Confirmation.Unanswered } },
        OrderEvent.QuestionCounted => order with { Question = order.Question! with { Counted = true } },
        OrderEvent.Held h => ShopperAnswers.Asked(order with { Holds = [.. order.Holds ?? [], h.Hold], Phase = OrderPhase.Open }, h.Hold),
        OrderEvent.HoldLifted l => OrderHolds.Without(order, l),
        OrderEvent.Released => order with { Phase = OrderPhase.Released, WasReleased = true, Revision = order.Revision + 1 },
        OrderEvent.Cancelled c => order with { Phase = OrderPhase.Cancelled, Holds = null, Traits = null, TimedOut = c.By == TheHub, CancelledHere = c.By == TheChannel ? null : c.Reason, Declined = c.Declined },
        OrderEvent.Reopened => order with { Phase = OrderPhase.Open, TimedOut = false, CancelledHere = null, Declined = false, Reopened = order.Reopened + 1 },
        OrderEvent.CancellationTooLate => order with { Phase = OrderPhase.Released, CancelRefused = true, CancelledHere = null, Unread = null },
        OrderEvent.Refunded r => order with { Refunds = [.. order.Refunds ?? [], new(r.RefundId, r.At, r.Lines, r.Amount)] },
        OrderEvent.FulfilledElsewhere f => order with { Elsewhere = [.. order.Elsewhere ?? [], new(f.FulfilmentId, f.Tracking, f.Lines, f.CountedAt, f.From)] },
        OrderEvent.WentIntoShadow => order with { Shadow = Shadowing.InShadow },
        OrderEvent.TakenOver => order with { Shadow = Shadowing.TakenOver },
        OrderEvent.FulfilmentUndone u => order with { Elsewhere = Without(order.Elsewhere, u.Parcel.FulfilmentId) },
        OrderEvent.Closed => order with { Phase = OrderPhase.Closed, Holds = null, Traits = null },
        _ => throw new System.Diagnostics.UnreachableException(e.GetType().Name),
    };

    internal static Order EvolveAll(Order order, IReadOnlyList<Event> events)
    {
        foreach (var e in events) order = Evolve(order, (OrderEvent)e);
        return order;
    }

    internal static Decision Cancel(Order order, string reason, string by, bool declined = false) =>
        OrderHolds.ForgetAll(order, Decision.Of(new OrderEvent.Cancelled(reason, by, declined))).Because($"Cancelled by {by}: {reason}.");

    // The fetch under way may have read the order before this change: it is fetched once more when the window is over.
    internal static Decision Announced(Order order, OrderSignal.ChangeAnnounced c, Situation s) =>
        order.ChangeHeardAt is { } heard && s.At - heard < FetchWindow
            ? Decision.Ignore("The order is being fetched; it is fetched again after that.").At(new Timer("fetch", heard + FetchWindow, c))
            : Decision.Of(new OrderEvent.ChangeHeard(c.Channel, c.ExternalId, c.Topic, s.At)).Because($"The channel announced a change ({c.Topic}); the order is fetched.");

    /// <summary>Between a refund's id and which part of its money it is, where it was not known all at once.</summary>
    private const string MoreOf = "+";

    private static Decision Refund(Order order, OrderSignal.RefundReported r)
    {
        if (order.Refunds?.Where(taken => taken.Id == r.RefundId || taken.Id.StartsWith(r.RefundId + MoreOf, StringComparison.Ordinal)).ToList() is { Count: > 0 } known)
        {
            // Money that was still on its way, or that the first word of it gave in the shopper's currency only: what is more than was credited is credited too.
            var more = r.Amount - known.Sum(taken => decimal.Max(taken.Amount, taken.Lines.Sum(l => l.Subtotal + (order.Facts?.TaxesIncluded == false ? l.Tax : 0m))));
            return more <= 0 ? Decision.Ignore($"Refund {r.RefundId} is known.")
                : Decision.Of(new OrderEvent.Refunded($"{r.RefundId}{MoreOf}{known.Count + 1}", more, r.Currency, r.At, [])).Because($"Refund {r.RefundId} is {new Money(more, r.Currency)} more than was known.");
        }
        return Decision.Of(new OrderEvent.Refunded(r.RefundId, r.Amount, r.Currency, r.At, r.Lines))
            .Because($"Refund of {new Money(r.Amount, r.Currency)} at the channel.");
    }

    private static Decision Elsewhere(Order order, OrderSignal.FulfilmentReported f)
    {
        if (order.Elsewhere is not null)
            foreach (var known in order.Elsewhere)
            {
                if (known.FulfilmentId == f.FulfilmentId)
                    return IsUndone(f.Status)
                        ? Decision.Of(new OrderEvent.FulfilmentUndone(known, f.Status)).Because($"Fulfilment {f.FulfilmentId} at the channel is '{f.Status}' now: it sends nothing.")
                        : Decision.Ignore($"Fulfilment {f.FulfilmentId} is known.");
                if (known.CountedAt >= f.At) return Decision.Ignore($"Fulfilment {f.FulfilmentId} is among those that were counted before us.");
            }
        if (IsUndone(f.Status) || f.Status is "pending" or "open") return Decision.Ignore($"Fulfilment {f.FulfilmentId} at the channel is '{f.Status}'; nothing left.");
        // An order that we have not heard of yet may be years old; its goods were never on a shelf that we count.
        var from = order.Phase == OrderPhase.Unknown ? null : new Shelf(f.Location, f.At);
        return BeforeUs.Follow(order, Decision.Of(new OrderEvent.FulfilledElsewhere(f.FulfilmentId, f.Carrier, f.Tracking, f.Lines, From: from)).Because("Goods left without us: fulfilled at the channel."));
    }

    private static bool IsUndone(string status) => status is "cancelled" or "error" or "failure";

    private static Decision TooLate(OrderSignal.TooLateToCancel t) =>
        Decision.Of(new OrderEvent.CancellationTooLate(t.Why))
            .Tell(new CaseChange.Opened(TooLateCase, "order.too_late_to_cancel", "Cancelled after the goods had left",
                $"{t.Why} Tell the shopper, and stop the parcel at the carrier or arrange the return."))
            .Because($"Too late to cancel: {t.Why}");

    private static Decision CorrectAddress(Order order, OrderSignal.AddressCorrected a, Situation s) => order.ShipTo == a.ShipTo
        ? Decision.Ignore("That is the address already.")
        : OrderHolds.Reconsider(order, Decision.Of(new OrderEvent.AddressSet(a.ShipTo, a.By)).Because($"Address corrected by {a.By}."), s);

    private static Decision MapLine(Order order, OrderSignal.LineMapped m, Situation s)
    {
        foreach (var line in order.Facts!.Lines)
            if (line.LineId == m.LineId)
                return order.SkuOf(line) == m.Sku && order.MeantOf(m.LineId) is not ({ IsKit: true } or { IsUnknown: true })
                    ? Decision.Ignore($"The line means {m.Sku} already.")
                    : OrderHolds.Reconsider(order, Decision.Of(new OrderEvent.SkuSet(m.LineId, m.Sku, m.By, m.Instead)).Because(m.Instead is null ? $"'{line.Title}' is {m.Sku}, says {m.By}." : $"{m.Sku} is sent instead of {m.Instead} ({m.By})."), s);
        return Decision.Ignore($"The order has no line {m.LineId}.");
    }

    private static List<LeftElsewhere>? Without(IReadOnlyList<LeftElsewhere>? elsewhere, string fulfilmentId)
    {
        List<LeftElsewhere> rest = [];
        foreach (var left in elsewhere ?? [])
            if (left.FulfilmentId != fulfilmentId) rest.Add(left);
        return rest.Count == 0 ? null : rest;
    }
}
