using System.Globalization;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Orders;

/// <summary>Asks an outside reviewer before an order is released, and does what its word means. A person's decision stands above it.</summary>
public static class SecondOpinion
{
    /// <summary>How long a look-up may take before the order is a person's.</summary>
    private static readonly TimeSpan LookUpPatience = TimeSpan.FromMinutes(10);

    private const string TooLateCase = "opinion/too_late";

    /// <summary>What the order waits for, or whom it is up to.</summary>
    /// <param name="Approves">The reviewer stands in for the order: nobody else has to look at its score.</param>
    internal readonly record struct Standing(Hold? Hold, bool Approves);

    /// <summary>Eight characters that are others when the amount or the address is another. Unlike what a shopper is asked, a payment that arrives changes nothing.</summary>
    public static string PrintOf(Order order) => new AskedAbout(new(order.Facts!.Total, order.Facts.Currency), order.ShipTo).Print;

    internal static Standing Of(Order order, Assessment risk, Situation s)
    {
        // Nothing that is only recorded is ever answered; and a card cannot be stolen that nobody pays with.
        if (s.Terms.Risk is not { Opinion: { } terms } all || risk.Cash || s.Shadow || order.Shadow == Shadowing.InShadow || order.Waived?.Contains(HoldKind.SecondOpinion) == true) return default;
        if (!terms.Wants(risk.Score, order.Facts!.Total, order.Facts.Currency, s.Terms.Currency)) return default;
        var now = PrintOf(order);
        var opinion = order.Opinion is { } told && told.Of == now ? told : null;
        // A new section of the configuration calls nothing back.
        if (order.Opinion is null && order.WasReleased && !(risk.Score >= all.Review)) return default;
        return opinion?.Verdict switch
        {
            _ when opinion?.TooLate == true => default,
            null or Verdict.Waiting => new(new(HoldKind.SecondOpinion, $"{terms.Title} is asked: risk {risk.Score} of {Assessment.Most} ({risk.Words}).", all.Owner, s.At + terms.Patience, Of: now), false),
            Verdict.Approved => new(null, true),
            Verdict.Silent when terms.SilentGoesOn => default,
            _ => new(new(HoldKind.Risk, $"{Words(opinion, terms)} Risk {risk.Score} of {Assessment.Most}: {risk.Words}.", all.Owner, s.At + all.Lapses), false),
        };
    }

    /// <summary>The reviewer stands in for the order as it is now.</summary>
    internal static bool Approves(Order order) => order.Opinion is { Verdict: Verdict.Approved } opinion && opinion.Of == PrintOf(order);

    internal static Decision Seek(Order order, OrderSignal.OpinionSought sought, Situation s)
    {
        // What was said until now answers the older question when it is said again, however far ahead the reviewer's clock is.
        var askedAt = order.Opinion?.At is { } heard && heard >= s.At ? heard.AddTicks(1) : s.At;
        return Decision.Of(new OrderEvent.OpinionKnown(order.Opinion is { } known && known.Of == sought.Of ? known with { Nth = known.Nth + 1, IsLookedUp = false } : new(sought.Of, askedAt, (order.Opinion?.Nth ?? 0) + 1)));
    }

    /// <param name="hasLeft">Nothing of the order is left to send.</param>
    internal static Decision Hear(Order order, OrderSignal.OpinionTold told, Situation s, bool hasLeft = false)
    {
        if (order.Opinion is not { } opinion) return Decision.Ignore("Nobody was asked about this order.");
        if (told.Of is { } of ? of != opinion.Of : told.At < opinion.AskedAt) return Decision.Ignore("That answers an older question; the newer one is asked.");
        if (told.At < opinion.At) return Decision.Ignore("A newer word is known.");
        var now = opinion with { Verdict = told.Verdict, Raw = told.Raw, Why = told.Why, Score = told.Score, RemoteId = told.RemoteId ?? opinion.RemoteId, Covered = told.Covered, At = told.At, TooLate = hasLeft || opinion.TooLate };
        if (now with { At = opinion.At } == opinion) return Decision.Ignore("The reviewer has said so already.");
        var known = Decision.Of(new OrderEvent.OpinionKnown(now)).Because(Words(now, s.Terms.Risk?.Opinion));
        if (order.Facts is null || order.Ended || hasLeft)
            return hasLeft && told.Verdict == Verdict.Declined && opinion.Verdict != Verdict.Declined
                ? known.Tell(new CaseChange.Opened(TooLateCase, "order.declined_too_late", "A reviewer declines an order that has left", $"{Words(now, s.Terms.Risk?.Opinion)} Stop the parcel at the carrier if that is possible, and keep the proof of delivery for a dispute."))
                : known;
        return OrderHolds.Reconsider(order, known, s);
    }

    /// <summary>The wait is over: the reviewer is asked what it thinks by now, and only then it is a person's.</summary>
    internal static Decision Lapse(Order order, Situation s)
    {
        if (order.Opinion is not { Verdict: Verdict.Waiting, IsLookedUp: false } opinion || s.Terms.Risk?.Opinion is not { } terms) return Decision.Ignore("It is looked up already.");
        return Decision.Of(new OrderEvent.OpinionKnown(opinion with { IsLookedUp = true }))
            .Do(new PlannedEffect(KeyOf(s.Stream, opinion.Nth, "look_up"), terms.Connection, new OrderEffect.LookUpOpinion(s.Stream.Id), s.At + LookUpPatience))
            .At(new Timer("opinion/overdue", s.At + LookUpPatience, new OrderSignal.OpinionOverdue(opinion.Of)))
            .Because($"{terms.Title} has not answered; it is asked once more.");
    }

    internal static Decision Overdue(Order order, OrderSignal.OpinionOverdue overdue, Situation s) => order.Opinion is { Verdict: Verdict.Waiting } opinion && opinion.Of == overdue.Of
        ? Silent(order, opinion, "it did not answer in time", s)
        : Decision.Ignore("There is an opinion, or another question.");

    /// <summary>What became of asking. Good news brings its answer by itself.</summary>
    internal static Decision Settle(Order order, EffectSettled settled, Situation s)
    {
        if (settled.Outcome is Outcome.Done or Outcome.AlreadyDone) return Decision.Nothing;
        return order.Opinion is { Verdict: Verdict.Waiting } opinion && settled.EffectKey == KeyOf(s.Stream, opinion.Nth)
            ? Silent(order, opinion, Outcome.Words(settled.Outcome), s)
            : Decision.Ignore($"The reviewer was not reached: {Outcome.Words(settled.Outcome)}");
    }

    /// <summary>The key under which an order's reviewer is asked for the nth time.</summary>
    public static string KeyOf(StreamId stream, int nth, string what = "") => EffectKey.Of(stream, "opinion", nth.ToString(CultureInfo.InvariantCulture), what);

    internal static Order With(Order order, OrderEvent.OpinionKnown known)
    {
        var worse = known.Opinion.Verdict == Verdict.Declined && order.Opinion?.Verdict != Verdict.Declined;
        // Who approved it before did not know this.
        return order with { Opinion = known.Opinion, RiskApproved = worse ? null : order.RiskApproved };
    }

    /// <summary>The reviewer's word in a sentence.</summary>
    /// <param name="terms">Null when the brand asks nobody any more.</param>
    public static string Words(Opinion opinion, OpinionTerms? terms)
    {
        var who = terms?.Title ?? "The reviewer";
        var why = string.IsNullOrWhiteSpace(opinion.Why) ? "" : $" ({opinion.Why.TrimEnd('.')})";
        return opinion.Verdict switch
        {
            Verdict.Waiting => opinion.Raw is { } raw ? $"{who} says '{raw}' and has not decided{why}." : $"{who} is asked.",
            Verdict.Approved => $"{who} approves it{why}{(opinion.Covered is { } covered ? string.Create(CultureInfo.InvariantCulture, $" and covers {covered:0.00##}") : "")}.",
            Verdict.Declined => $"{who} declines it{why}.",
            Verdict.Silent => $"{who} gave no opinion{why}.",
            _ => $"{who} says '{opinion.Raw}', which leaves it to a person{why}.",
        };
    }

    private static Decision Silent(Order order, Opinion opinion, string why, Situation s)
    {
        var known = Decision.Of(new OrderEvent.OpinionKnown(opinion with { Verdict = Verdict.Silent, Why = why })).Because($"No opinion: {why}.");
        return order.Ended ? known : OrderHolds.Reconsider(order, known, s);
    }
}
