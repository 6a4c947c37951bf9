using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Shipping;

/// <summary>Decides what a carrier's scan means. Scans come twice, late, out of order, and before the parcel is known.</summary>
public static class ShippingDecider
{
    public static Decision Decide(Parcels state, ShippingSignal signal, Situation s) => signal switch
    {
        ShippingSignal.Follow f => Follow(state, f),
        ShippingSignal.Scanned { Status: ScanStatus.Unmapped } x => NotUnderstood(state, x),
        ShippingSignal.Scanned x => Scanned(state, x),
        ShippingSignal.EndTold x => EndTold(state, x, s),
        ShippingSignal.Reckon r => Reckon(state, r),
        ShippingSignal.DelayFound d => Delayed(state, d, s),
        ShippingSignal.CreditDecided c => DelayCredit.Decide(state, c, s),
        ShippingSignal.CreditTermOver o => DelayCredit.Lapse(state.Find(o.ParcelId), o.ParcelId),
        _ => throw new System.Diagnostics.UnreachableException(signal.GetType().Name),
    };

    public static Parcels Evolve(Parcels state, ShippingEvent e) => e switch
    {
        ShippingEvent.Followed f => Change(state, f.ParcelId, f.Tracking, p => p with { Carrier = f.Carrier, Tracking = f.Tracking, TrackingUrl = f.TrackingUrl, LeftAt = f.ShippedAt }),
        ShippingEvent.Moved m => Change(state, m.ParcelId, m.ParcelId, p => p with { Last = m.Status, LastAt = m.At, Gap = int.Max(p.Gap, p.HoursTo(m.At)), Missed = p.Missed + (IsMissed(p, m) ? 1 : 0), MissedAt = IsMissed(p, m) ? m.At : p.MissedAt, Damaged = p.Damaged || m.Damaged }),
        ShippingEvent.JourneyEnded j => Change(state, j.ParcelId, j.ParcelId, p => p with { Reckoned = true }),
        ShippingEvent.Delivered d => Change(state, d.ParcelId, d.ParcelId, p => p with { Delivered = true }),
        ShippingEvent.CreditApproved c => Change(state, c.ParcelId, c.ParcelId, p => DelayCredit.Is(p, CreditState.Offered, c.At)),
        ShippingEvent.CreditGiven c => Change(state, c.ParcelId, c.ParcelId, p => DelayCredit.Is(p, CreditState.Given, p.Credited?.CreditAt, c.RemoteId)),
        ShippingEvent.CreditNotGiven c => Change(state, c.ParcelId, c.ParcelId, p => DelayCredit.Is(p, CreditState.NotGiven, null)),
        ShippingEvent.CreditOrdered c => Change(state, c.ParcelId, c.ParcelId, p => DelayCredit.Tried(DelayCredit.Is(p, CreditState.Ordered, p.Credited?.CreditAt), c.At)),
        ShippingEvent.CreditRefused c => Change(state, c.ParcelId, c.ParcelId, p => DelayCredit.Is(p, CreditState.Offered, p.Credited?.CreditAt)),
        ShippingEvent.CreditLapsed c => Change(state, c.ParcelId, c.ParcelId, p => DelayCredit.Is(p, CreditState.Lapsed, null)),
        ShippingEvent.FellBehind b => Change(state, b.ParcelId, b.ParcelId, p => p with { Setbacks = With(p.Setbacks, b) }),
        ShippingEvent.EndedByHand x => Change(state, x.ParcelId, x.ParcelId, p => p with { End = x.End }),
        ShippingEvent.ScanNotUnderstood x => Change(state, x.ParcelId, x.ParcelId, p => p with { Strange = [.. p.Strange ?? [], x.Raw] }),
        _ => throw new System.Diagnostics.UnreachableException(e.GetType().Name),
    };

    private static bool IsMissed(Followed parcel, ShippingEvent.Moved m) => m.Status == ScanStatus.FailedAttempt && !parcel.IsSameAttempt(m.At);

    private static Decision Follow(Parcels state, ShippingSignal.Follow f)
    {
        var known = state.Find(f.ParcelId);
        if (known is { IsKnown: true }) return Decision.Ignore($"Parcel {f.ParcelId} is followed already.");
        var followed = Decision.Of(new ShippingEvent.Followed(f.ParcelId, f.Carrier, f.Tracking, f.TrackingUrl, f.ShippedAt));
        return known is { Last: ScanStatus.Delivered, LastAt: { } at }
            ? (followed with { Events = [.. followed.Events, new ShippingEvent.Delivered(f.ParcelId, at, AllOthersDelivered(state, f.ParcelId))] })
                .Because("The carrier had delivered it before the warehouse told us of the parcel.")
            : f.AskAt is { } connection ? followed.Ask(new ShippingRequest.AskAfter(connection, f.ParcelId, f.Tracking, f.ShippedAt)) : followed;
    }

    private static Decision Scanned(Parcels state, ShippingSignal.Scanned x)
    {
        var id = Followed.IdOf(x.Tracking);
        var parcel = state.Find(id);
        if (parcel is not null && !MovesOn(parcel, x)) return Decision.Ignore($"This scan ({x.Raw}) adds nothing to what we know of parcel {id}.");

        var moved = new ShippingEvent.Moved(id, x.Status, x.Raw, x.At, x.Place, x.Damaged, x.Overtaken);
        var decision = Decision.Of(moved).Because(Words(id, x));
        if (parcel is { IsSilent: true }) decision = decision.Tell(new CaseChange.Closed(Followed.SilentCase(id)));
        if (x.Status == ScanStatus.Delivered && parcel is { IsKnown: true })
            return Over(parcel, decision with { Events = [moved, new ShippingEvent.Delivered(id, x.At, AllOthersDelivered(state, id))] });
        return x.Status switch
        {
            ScanStatus.ReturnedToOrigin => decision.Tell(Case(id, "shipping.returned_to_origin", "A parcel is going back to the sender", x, "Ask the shopper for an address and send it again, or refund.")),
            ScanStatus.Exception => decision.Tell(Case(id, "shipping.exception", "A carrier reports trouble with a parcel", x, "Ask the carrier, and tell the shopper when it takes longer.")),
            ScanStatus.HeldAtCustoms => decision.Tell(Case(id, "shipping.held_at_customs", "Customs holds a parcel", x, "Ask the carrier which papers or payment are missing, and tell the shopper what to do.")),
            ScanStatus.FailedAttempt => decision.Tell(Case(id, "shipping.failed_attempt", "A delivery attempt failed", x, "Carriers try again by themselves; check the address and phone number with the shopper.")),
            _ => Over(parcel, decision),
        };
    }

    /// <summary>A parcel counts once, as it ended first: one that is sent back after it was delivered is a return, and not the carrier's doing.</summary>
    private static Decision Reckon(Parcels state, ShippingSignal.Reckon r) => state.Find(r.ParcelId) is { LeftAt: { } left, Reckoned: false } parcel
        ? Decision.Of(new ShippingEvent.JourneyEnded(r.ParcelId, r.Journey, r.End, int.Max(0, (int)Math.Round((r.At - left).TotalHours)), r.Due is { } due ? r.End == JourneyEnd.Delivered && r.On <= due : null,
            r.End == JourneyEnd.Delivered && parcel.Missed == 0, parcel.Damaged, r.To, parcel.Gap))
        : Decision.Nothing;

    private static Decision EndTold(Parcels state, ShippingSignal.EndTold x, Situation s) => state.Find(x.ParcelId) switch
    {
        null or { IsKnown: false } => Decision.Ignore($"The order has no parcel {x.ParcelId}."),
        { Delivered: true, Last: not ScanStatus.ReturnedToOrigin } => Decision.Ignore($"Parcel {x.ParcelId} was delivered."),
        { End: not null } => Decision.Ignore($"What became of parcel {x.ParcelId} was said before."),
        { Strange: var strange } => Decision.Of(new ShippingEvent.EndedByHand(x.ParcelId, x.End, x is { Restock: true, Damaged: false, End: ParcelEnd.CameBack }, x.Reason, x.By, x is { Damaged: true, End: ParcelEnd.CameBack }))
            .Ask(s.Terms.Trackers.Count > 0 ? [new ShippingRequest.AskNoMore(x.ParcelId)] : [])
            .Tell([new CaseChange.Closed(Followed.TroubleCase(x.ParcelId)), new CaseChange.Closed(Followed.SilentCase(x.ParcelId)), .. (strange ?? []).Select(raw => new CaseChange.Closed(Followed.StrangeCase(x.ParcelId, raw)))])
            .Because($"Parcel {x.ParcelId} {(x.End switch { ParcelEnd.Arrived => "arrived", ParcelEnd.Lost => "is lost", _ => "came back" })}, says {x.By}: {x.Reason}"),
    };

    /// <summary>The parcel moves again: what was the trouble with it is over.</summary>
    private static Decision Over(Followed? parcel, Decision decision) =>
        parcel?.Last is ScanStatus.Exception or ScanStatus.HeldAtCustoms or ScanStatus.FailedAttempt ? decision.Tell(new CaseChange.Closed(Followed.TroubleCase(parcel.Id))) : decision;

    private static Decision Delayed(Parcels state, ShippingSignal.DelayFound x, Situation s) => state.Find(x.ParcelId) switch
    {
        null or { IsKnown: false } => Decision.Ignore($"The order has no parcel {x.ParcelId}."),
        { IsOver: true } or { Last: ScanStatus.ReturnedToOrigin } => Decision.Ignore($"Parcel {x.ParcelId} has come to its end, or goes back."),
        // After a scan it can go silent again, and the team hears of that too; the shopper is told once (MessageDecider).
        { } known when (x.Kind == Delay.Silence ? known.IsSilent : known.SetbackOf(x.Kind) is not null) => Decision.Ignore($"That parcel {x.ParcelId} is late is known already."),
        { } seen when x.Kind == Delay.Silence && (seen.LastAt ?? seen.LeftAt) > x.SeenAt + Rounding => Decision.Ignore($"Parcel {x.ParcelId} was scanned meanwhile."),
        var parcel => Behind(state, parcel, x, s),
    };

    // The database keeps instants by the microsecond.
    private static readonly TimeSpan Rounding = TimeSpan.FromMilliseconds(1);

    private static Decision Behind(Parcels state, Followed parcel, ShippingSignal.DelayFound x, Situation s)
    {
        var credit = DelayCredit.Of(state, parcel, x, s);
        // Behind a parked signal, or with the brand off, days may have passed since it was reckoned.
        var expected = x.Expected > s.Terms.DayOf(s.At) ? x.Expected : null;
        var decision = Decision.Of(new ShippingEvent.FellBehind(parcel.Id, x.Kind, parcel.LastAt ?? parcel.LeftAt ?? x.SeenAt, expected, credit?.Amount, credit is { ToApprove: true }, credit is { ToApprove: false } ? s.At : null))
            .Because(x.Kind == Delay.Silence ? $"Parcel {parcel.Id} has not been scanned since {x.SeenAt:yyyy-MM-dd HH:mm} UTC, which is longer than usual there." : $"Parcel {parcel.Id} comes after the day that was promised, as it goes now.");
        if (x.Kind == Delay.Silence)
            decision = decision.Tell(new CaseChange.Opened(Followed.SilentCase(parcel.Id), "shipping.silent", "A parcel has not been scanned for longer than usual",
                $"Parcel {parcel.Id}, {parcel.Carrier}: last heard of {x.SeenAt:yyyy-MM-dd HH:mm} UTC. Ask the carrier to look for it; the next scan closes this case."));
        return credit is { } asked ? DelayCredit.Ask(decision, parcel.Id, asked.Amount, asked.ToApprove, s) : decision;
    }

    private static Decision NotUnderstood(Parcels state, ShippingSignal.Scanned x)
    {
        var id = Followed.IdOf(x.Tracking);
        if (state.Find(id)?.Strange?.Contains(x.Raw) == true) return Decision.Ignore($"The code '{x.Raw}' is with a person already.");
        return Decision.Of(new ShippingEvent.ScanNotUnderstood(id, x.Raw, x.At))
            .Tell(new CaseChange.Opened(Followed.StrangeCase(id, x.Raw), "shipping.scan_not_understood", $"{x.Carrier} sent '{x.Raw}', which nobody has mapped",
                $"Parcel {id}. Find out what the code means and map it; until then it counts as nothing."))
            .Because($"A scan with the unknown code '{x.Raw}'.");
    }

    /// <summary>Newer by time, or further on at the same time. Once delivered, only a return to the sender still counts.</summary>
    private static bool MovesOn(Followed parcel, ShippingSignal.Scanned x)
    {
        if (parcel.Last == ScanStatus.Delivered) return x.Status == ScanStatus.ReturnedToOrigin && x.At > parcel.LastAt;
        if (x.Status == ScanStatus.Delivered) return !parcel.Delivered && (parcel.Last != ScanStatus.ReturnedToOrigin || x.At > parcel.LastAt);
        if (parcel.LastAt is not { } last) return true;
        return x.At > last || (x.At == last && x.Status > parcel.Last);
    }

    private static bool AllOthersDelivered(Parcels state, string id)
    {
        foreach (var other in state.All ?? [])
            if (other.Id != id && other is { IsKnown: true, IsOver: false }) return false;
        return true;
    }

    private static CaseChange.Opened Case(string id, string kind, string title, ShippingSignal.Scanned x, string whatToDo) =>
        new(Followed.TroubleCase(id), kind, title, $"Parcel {id}, {x.Carrier}: '{x.Raw}'{(x.Place is null ? "" : $" in {x.Place}")}. {whatToDo}");

    private static string Words(string id, ShippingSignal.Scanned x) => x.Status switch
    {
        ScanStatus.PickedUp => $"{x.Carrier} picked up parcel {id}.",
        ScanStatus.InTransit => $"Parcel {id} is on its way.",
        ScanStatus.OutForDelivery => $"Parcel {id} is out for delivery.",
        ScanStatus.Delivered => $"Parcel {id} was delivered.",
        ScanStatus.FailedAttempt => $"Parcel {id} could not be handed over.",
        ScanStatus.HeldAtCustoms => $"Customs holds parcel {id}.",
        ScanStatus.ReturnedToOrigin => $"Parcel {id} is going back to the sender.",
        _ => $"Trouble with parcel {id}: {x.Raw}.",
    };

    /// <summary>A kind that is found again takes its own place, and the credit that was offered for it stays.</summary>
    private static IReadOnlyList<Setback> With(IReadOnlyList<Setback>? before, ShippingEvent.FellBehind b)
    {
        Setback found = new(b.Kind, b.Since, b.Expected, b.Credit, b.Credit is null ? null : b.ToApprove ? CreditState.ToApprove : CreditState.Offered, b.CreditAt);
        return before?.Any(s => s.Kind == b.Kind) == true
            ? [.. before.Select(s => s.Kind != b.Kind ? s : s.Credit is null ? found : found with { Credit = s.Credit, CreditIs = s.CreditIs, CreditAt = s.CreditAt, CreditTries = s.CreditTries, CreditSince = s.CreditSince, CreditId = s.CreditId })]
            : [.. before ?? [], found];
    }

    private static Parcels Change(Parcels state, string id, string tracking, Func<Followed, Followed> how)
    {
        List<Followed> all = [];
        var found = false;
        foreach (var parcel in state.All ?? [])
        {
            found |= parcel.Id == id;
            all.Add(parcel.Id == id ? how(parcel) : parcel);
        }
        if (!found) all.Add(how(new(id, null, tracking)));
        return new Parcels { All = all };
    }
}
