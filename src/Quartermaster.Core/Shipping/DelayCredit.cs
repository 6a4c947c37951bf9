using Quartermaster.Core.Connecting;
using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Shipping;

/// <summary>Store credit for a late parcel: asked about once, within what the brand gives for an order of whoever works on orders, above it of a lead first.</summary>
/// <remarks>
/// A person decides. Where the storefront takes it from the hub they may have it given there; else they give it there themselves and say so here. What is offered takes room of the month's limit until it is said that it was
/// not given, or nobody has decided within the brand's term, so that what is open can never come to more than the limit.
/// </remarks>
public static class DelayCredit
{
    // A brand that offers none any more had asked with some term.
    private static readonly TimeSpan Usual = TimeSpan.FromDays(7);

    /// <summary>Why the hub cannot give it.</summary>
    public const string ByHand = "This order's storefront takes no store credit from the hub: give it there, and say here that it was given.";

    private const string TheHub = "the hub";

    /// <returns>Null when nobody is asked.</returns>
    internal static (decimal Amount, bool ToApprove)? Of(Parcels state, Followed parcel, ShippingSignal.DelayFound x, Situation s)
    {
        if (x.Credit is not { } amount || s.Terms.Delays?.Credit is not { } terms || parcel.Credited is not null) return null;
        var before = (state.All ?? []).Sum(p => (p.Setbacks ?? []).Sum(b => b.CreditIs is CreditState.NotGiven or CreditState.Lapsed ? 0m : b.Credit ?? 0m));
        return (amount, before + amount > terms.MostPerOrder);
    }

    /// <summary>Asks a person, for as long as the brand lets them decide.</summary>
    internal static Decision Ask(Decision decision, string parcel, decimal amount, bool toApprove, Situation s, string? refused = null)
    {
        var (money, until) = (new Money(amount, s.Terms.Currency), s.At + (s.Terms.Delays?.Credit?.Keeps ?? Usual));
        var lapses = $" Without a decision it lapses on {s.Terms.DayOf(until):yyyy-MM-dd}.";
        return decision.At(new Timer(Term(parcel), until, new ShippingSignal.CreditTermOver(parcel))).Tell(toApprove
            ? new CaseChange.Opened(Followed.ApprovalCase(parcel), "shipping.credit_to_approve", "A late parcel: store credit above the order's limit", $"Parcel {parcel} is late. {money} of store credit would be above what the brand gives for an order. A lead approves it, or says that it is not given.{lapses}")
            : new CaseChange.Opened(Followed.CreditCase(parcel), "shipping.credit_offered", "A late parcel: store credit may be given", $"Parcel {parcel} is late. {refused}If the shopper should have it, {(s.Terms.CreditGivers.Count > 0 ? "have the hub give it, or " : "")}give {money} at the storefront (customer, store credit, credit {money}) and say here that it was given: the shopper is told. Otherwise say that it was not.{lapses}"));
    }

    /// <summary>Why that cannot be said of it now; null = it can.</summary>
    public static string? WhyNot(Parcels state, string parcelId, CreditAnswer answer) => (state.Find(parcelId)?.Credited?.CreditIs, answer) switch
    {
        (null, _) => $"Nobody was asked about store credit for parcel {parcelId}.",
        (CreditState.Given, _) => "It was given already.",
        (CreditState.NotGiven, _) => "It was said already that it is not given.",
        (CreditState.Lapsed, _) => "It lapsed: nobody decided within its term, and what it took of the month is free again.",
        (CreditState.Ordered, _) => "It is being given at the storefront.",
        (CreditState.ToApprove, CreditAnswer.Given or CreditAnswer.Issue) => "It is above what the brand gives for an order: a lead has to approve it first.",
        (CreditState.Offered, CreditAnswer.Approved) => "It needs no approval.",
        // All credits of an order are of one amount: where the answer to one is lost, only this keeps another from being taken for it.
        (_, CreditAnswer.Given or CreditAnswer.Issue) when state.All?.FirstOrDefault(p => p.Credited?.CreditIs == CreditState.Ordered) is { } other =>
            $"Store credit for parcel {other.Id} of this order is being given at the storefront. Say it when that is known, so that neither is taken for the other.",
        _ => null,
    };

    internal static Decision Decide(Parcels state, ShippingSignal.CreditDecided c, Situation s)
    {
        if (WhyNot(state, c.ParcelId, c.Answer) is { } why) return Decision.Ignore(why);
        var credited = state.Find(c.ParcelId)!.Credited!;
        var (amount, offeredAt) = (credited.Credit ?? 0m, credited.CreditAt);
        return c.Answer switch
        {
            CreditAnswer.Approved => Ask(Decision.Of(new ShippingEvent.CreditApproved(c.ParcelId, amount, s.At, c.By)).Tell(new CaseChange.Closed(Followed.ApprovalCase(c.ParcelId))), c.ParcelId, amount, false, s).Because($"{c.By} approved store credit above the order's limit."),
            // Who gives it is known where the order is: see Order.
            CreditAnswer.Issue => Decision.Ignore(ByHand),
            CreditAnswer.Given => Over(Decision.Of(new ShippingEvent.CreditGiven(c.ParcelId, amount, c.By)), c.ParcelId).Because($"{c.By} gave store credit."),
            _ => Over(Decision.Of(new ShippingEvent.CreditNotGiven(c.ParcelId, amount, offeredAt, c.By)), c.ParcelId).Because($"{c.By}: no store credit is given."),
        };
    }

    /// <summary>Has the storefront give it. Once taken there it cannot be taken back, so a person says it, once.</summary>
    /// <param name="channel">The order's connection, and the order's id there; null = it takes no credit from the hub.</param>
    public static Decision Order(Parcels state, ShippingSignal.CreditDecided c, (string Connection, string ExternalId)? channel, Situation s)
    {
        if (WhyNot(state, c.ParcelId, c.Answer) is { } why) return Decision.Ignore(why);
        if (channel is not { } at) return Decision.Ignore(ByHand);
        if (s.Shadow) return Decision.Ignore("The order is in shadow: nothing is given.");
        var parcel = state.Find(c.ParcelId)!;
        var credit = parcel.Credited!;
        var amount = credit.Credit ?? 0m;
        List<string?> others = [.. (state.All ?? []).Where(p => p.Id != parcel.Id && p.Credited is not null).Select(p => p.Credited!.CreditId)];
        // An earlier try may have arrived although somebody gave it up: it is looked for from then on.
        return Over(Decision.Of(new ShippingEvent.CreditOrdered(c.ParcelId, amount, s.At, c.By)), c.ParcelId)
            .Do(new PlannedEffect(KeyOf(s.Stream, c.ParcelId, credit.CreditTries + 1), at.Connection, new ShippingEffect.GiveCredit(at.ExternalId, amount, s.Terms.Currency, credit.CreditSince ?? s.At, credit.CreditTries == 0, others.Contains(null) ? null : [.. others.OfType<string>()])))
            .Because($"{c.By} has store credit given at the storefront.");
    }

    /// <summary>What the storefront made of it. While nobody knows, it is being given.</summary>
    public static Decision Settle(Parcels state, EffectSettled settled, Situation s)
    {
        if (state.All?.FirstOrDefault(p => p.Credited is { CreditIs: CreditState.Ordered } c && KeyOf(s.Stream, p.Id, c.CreditTries) == settled.EffectKey) is not { } parcel) return Decision.Ignore("No store credit waits for this.");
        var amount = parcel.Credited!.Credit ?? 0m;
        return settled.Outcome switch
        {
            Outcome.Done d => Given(d.RemoteId),
            Outcome.AlreadyDone d => Given(d.RemoteId),
            Outcome.Refused no => Ask(Decision.Of(new ShippingEvent.CreditRefused(parcel.Id, amount, no.Why)), parcel.Id, amount, false, s, $"The storefront did not give it: {no.Why} ").Because($"The storefront did not give store credit: {no.Why}"),
            var unknown => Decision.Ignore($"Whether it was given is not known yet: {Outcome.Words(unknown)}"),
        };

        Decision Given(string? id) => Decision.Of(new ShippingEvent.CreditGiven(parcel.Id, amount, TheHub, id)).Because("The storefront gave store credit.");
    }

    private static string KeyOf(StreamId stream, string parcel, int nth) => EffectKey.Of(stream, "credit", parcel, nth > 1 ? nth.ToString(System.Globalization.CultureInfo.InvariantCulture) : "");

    internal static Followed Tried(Followed parcel, DateTimeOffset at) => parcel with { Setbacks = [.. (parcel.Setbacks ?? []).Select(b => b.Credit is null ? b : b with { CreditTries = b.CreditTries + 1, CreditSince = b.CreditSince ?? at })] };

    internal static Decision Lapse(Followed? parcel, string parcelId) => parcel?.Credited is { CreditIs: CreditState.Offered or CreditState.ToApprove } open
        ? Over(Decision.Of(new ShippingEvent.CreditLapsed(parcelId, open.Credit ?? 0m, open.CreditAt)), parcelId).Because($"Nobody decided on the store credit for parcel {parcelId} in time: it lapsed.")
        : Decision.Ignore("It was decided on in time.");

    private static Decision Over(Decision decision, string parcel) =>
        decision.Tell(new CaseChange.Closed(Followed.CreditCase(parcel)), new CaseChange.Closed(Followed.ApprovalCase(parcel))).At(new Timer(Term(parcel), DateTimeOffset.MaxValue, null));

    private static string Term(string parcel) => $"credit/{parcel}";

    internal static Followed Is(Followed parcel, CreditState state, DateTimeOffset? at, string? id = null) =>
        parcel with { Setbacks = [.. (parcel.Setbacks ?? []).Select(b => b.Credit is null ? b : b with { CreditIs = state, CreditAt = at, CreditId = id })] };
}
