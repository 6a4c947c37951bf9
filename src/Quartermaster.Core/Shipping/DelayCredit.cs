using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Shipping;

/// <summary>Store credit for a late parcel: asked about once, within what the brand gives for an order of whoever works on orders, above it of a lead first.</summary>
/// <remarks>
/// A person gives it at the storefront and says so here; the hub moves no money. What is offered takes room of the month's limit until it is said that it was
/// not given, so that what is open can never come to more than the limit.
/// </remarks>
internal static class DelayCredit
{
    /// <returns>Null when nobody is asked.</returns>
    public static (decimal Amount, bool ToApprove)? Of(Parcels state, Followed parcel, ShippingSignal.DelayFound x, Situation s)
    {
        if (x.Credit is not { } amount || s.Terms.Delays?.Credit is not { } terms || parcel.Credited is not null) return null;
        var before = (state.All ?? []).Sum(p => (p.Setbacks ?? []).Sum(b => b.CreditIs is CreditState.NotGiven ? 0m : b.Credit ?? 0m));
        return (amount, before + amount > terms.MostPerOrder);
    }

    public static CaseChange.Opened Ask(string parcel, decimal amount, bool toApprove, Situation s)
    {
        var money = new Money(amount, s.Terms.Currency);
        return toApprove
            ? new(Followed.ApprovalCase(parcel), "shipping.credit_to_approve", "A late parcel: store credit above the order's limit", $"Parcel {parcel} is late. {money} of store credit would be above what the brand gives for an order. A lead approves it, or says that it is not given.")
            : new(Followed.CreditCase(parcel), "shipping.credit_offered", "A late parcel: store credit may be given", $"Parcel {parcel} is late. If the shopper should have it, give {money} at the storefront (customer, store credit, credit {money}) and say here that it was given: the shopper is told. Otherwise say that it was not.");
    }

    public static Decision Decide(Followed? parcel, ShippingSignal.CreditDecided c, Situation s) => (parcel?.Credited, c.Answer) switch
    {
        (null, _) => Decision.Ignore($"Nobody was asked about store credit for parcel {c.ParcelId}."),
        ({ CreditIs: CreditState.Given }, _) => Decision.Ignore("It was given already."),
        ({ CreditIs: CreditState.NotGiven }, _) => Decision.Ignore("It was said already that it is not given."),
        ({ CreditIs: CreditState.ToApprove, Credit: { } amount }, CreditAnswer.Approved) => Decision.Of(new ShippingEvent.CreditApproved(c.ParcelId, amount, s.At, c.By))
            .Tell(new CaseChange.Closed(Followed.ApprovalCase(c.ParcelId)), Ask(c.ParcelId, amount, false, s)).Because($"{c.By} approved store credit above the order's limit."),
        ({ CreditIs: CreditState.ToApprove }, CreditAnswer.Given) => Decision.Ignore("It is above what the brand gives for an order: a lead has to approve it first."),
        (_, CreditAnswer.Approved) => Decision.Ignore("It needs no approval."),
        ({ Credit: { } amount }, CreditAnswer.Given) => Decision.Of(new ShippingEvent.CreditGiven(c.ParcelId, amount, c.By)).Tell(new CaseChange.Closed(Followed.CreditCase(c.ParcelId))).Because($"{c.By} gave store credit."),
        ({ } setback, _) => Decision.Of(new ShippingEvent.CreditNotGiven(c.ParcelId, setback.Credit ?? 0m, setback.CreditAt, c.By))
            .Tell(new CaseChange.Closed(Followed.CreditCase(c.ParcelId)), new CaseChange.Closed(Followed.ApprovalCase(c.ParcelId))).Because($"{c.By}: no store credit is given."),
    };

    public static Followed Is(Followed parcel, CreditState state, DateTimeOffset? at) =>
        parcel with { Setbacks = [.. (parcel.Setbacks ?? []).Select(b => b.Credit is null ? b : b with { CreditIs = state, CreditAt = at })] };
}
