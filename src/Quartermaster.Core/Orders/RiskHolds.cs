using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Orders;

/// <summary>What an order's score means for the promise: a person looks, it is declined, or its shopper is asked to confirm it.</summary>
public static class RiskHolds
{
    /// <summary>What the database has to be asked before the order may go on; null when it is scored, or not to be.</summary>
    /// <remarks>
    /// Asked when nothing else holds the order, so that nobody looks at what waits for its payment anyway. One that was released before its brand
    /// scored orders is left alone: a new section of the configuration calls nothing back.
    /// </remarks>
    internal static OrderRequest.ReadHistory? ToAsk(Order order, Situation s)
    {
        if (s.Terms.Risk is not { } terms || (order.WasReleased && order.Risk is null)) return null;
        foreach (var hold in order.Holds ?? [])
            if (hold.Kind is not (HoldKind.Risk or HoldKind.Confirmation or HoldKind.SecondOpinion)) return null;
        return order.Risk?.Of == RiskView.Of(order).Print ? null : RiskView.Ask(order, terms);
    }

    internal static Decision Read(Order order, OrderSignal.HistoryRead h, Situation s)
    {
        if (s.Terms.Risk is not { } terms) return Decision.Ignore("The brand scores no orders.");
        var facts = RiskView.Of(order);
        if (order.Risk?.Of == facts.Print) return Decision.Ignore("The order is scored already.");
        var risk = terms.Assess(facts, h.History);
        var asks = terms.Confirm is { } confirm && risk.Cash && risk.Score >= confirm.From;
        var decision = Decision.Of(new OrderEvent.RiskAssessed(risk, asks && order.Question is null && terms.Confirm!.HoldsOut(order.Facts!.ExternalId))).Because($"Risk {risk.Score}: {risk.Words}.");
        return terms.Decline is { } line && risk.Score >= line && !(order.RiskApproved >= risk.Score) && !SecondOpinion.Approves(order)
            ? decision.And(OrderDecider.Cancel(order, $"declined as too risky ({risk.Score}): {risk.Words}", "the brand's line", declined: true))
            : OrderHolds.Settle(order, decision, s);
    }

    internal static Order With(Order order, OrderEvent.RiskAssessed e) =>
        order with { Risk = e.Assessment, Question = e.HeldOut ? new(e.Assessment.Score, Confirmation.HeldOut) : order.Question };

    /// <summary>The hold that the score asks for; null when it asks for none, or a person or the shopper has agreed.</summary>
    /// <remarks>Who may be a thief is not written to: a person looks first, and only then the shopper is asked.</remarks>
    internal static Hold? Of(Order order, Situation s)
    {
        if (s.Terms.Risk is not { } terms || order.Risk is not { } risk) return null;
        var approved = order.RiskApproved >= risk.Score;
        var second = approved ? default : SecondOpinion.Of(order, risk, s);
        if (second.Hold is { } waits) return waits;
        if (risk.Score >= terms.Review && !approved && !second.Approves) return new(HoldKind.Risk, $"Risk {risk.Score} of {Assessment.Most}: {risk.Words}.", terms.Owner, s.At + terms.Lapses);
        // Nothing that is only recorded is ever answered.
        var asks = terms.Confirm is { } confirm && risk.Cash && risk.Score >= confirm.From && !s.Shadow && order.Shadow != Shadowing.InShadow;
        if (!asks || order.Question is { State: Confirmation.HeldOut or Confirmation.Confirmed or Confirmation.Corrected } || order.Waived?.Contains(HoldKind.Confirmation) == true) return null;
        // What changed is scored first: it may be a person's to look at, and nobody is asked before that.
        if (risk.Of != RiskView.Of(order).Print && order.Holds?.FirstOrDefault(h => h.Kind == HoldKind.Confirmation) is { } asked) return asked;
        return new(HoldKind.Confirmation, $"The shopper is asked to confirm: cash on delivery, risk {risk.Score} ({risk.Words}).", "agent", s.At + terms.Confirm!.Lapses, Of: AskedAbout.Of(order).Print);
    }

    internal static Decision Hear(Order order, OrderSignal.StorefrontRiskTold told, Situation s)
    {
        if (s.Terms.Risk is null || order.StorefrontRisk == told.Risk) return Decision.Ignore("Nothing follows from the storefront's own opinion.");
        var known = Decision.Of(new OrderEvent.StorefrontRiskKnown(told.Risk)).Because($"The storefront calls the risk {told.Risk.ToString().ToLowerInvariant()}.");
        return order.Facts is null || order.Ended ? known : OrderHolds.Reconsider(order, known, s);
    }

    /// <summary>Told before the order or with it in nearly every case; told late, it is scored anew.</summary>
    internal static Decision Hear(Order order, OrderSignal.TraitsTold told, Situation s)
    {
        if (s.Terms.Risk is not { Velocity.Count: > 0 } || order.Ended) return Decision.Ignore("Nobody counts what the order shares with others.");
        List<Trait> news = [.. told.Traits.Except(order.Traits ?? [])];
        // A shopper who tries one card after the other is known by the first ones.
        news = news[..int.Min(news.Count, MostTraits - (order.Traits?.Count ?? 0))];
        if (news.Count == 0) return Decision.Ignore("It is known where the order came from.");
        var known = Decision.Of(new OrderEvent.TraitsKnown(news));
        return order.Facts is null ? known : OrderHolds.Reconsider(order, known, s);
    }

    private const int MostTraits = 10;

    internal static Decision Decline(Order order, OrderSignal.DeclineAsked d) => order.Has(HoldKind.Risk)
        ? OrderDecider.Cancel(order, $"declined as risky: {d.Reason}", d.By, declined: true)
        : Decision.Ignore("The order is not held for its risk.");
}
