using Quartermaster.Core.Connecting;
using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Labels;

/// <summary>Decides which labels are bought, and what becomes of those that are not wanted any more.</summary>
/// <remarks>
/// The laws: of one hand-off at most one label is neither void nor used at any time, and a label that was bought is in the end on a parcel or
/// void. So a purchase of unknown fate is never followed by another one, and one that is not wanted any more is called off first and taken
/// back after that, by its reference, whether or not anybody here heard that it had been made.
/// </remarks>
public static class LabelDecider
{
    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromSeconds(10);

    private static readonly string BuyKind = Wire.KindOf(typeof(LabelEffect.Buy));
    private static readonly string VoidKind = Wire.KindOf(typeof(LabelEffect.Void));

    public static Decision Decide(LabelBook state, LabelSignal signal, Situation s) => signal switch
    {
        LabelSignal.Wanted w => Buy(state, w, s),
        LabelSignal.Issued i => Issued(state, i, s),
        LabelSignal.NotNeeded n => state.Of(n.Attempt) is { } label ? NotNeeded(label, n.Why, s) : Decision.Nothing,
        LabelSignal.ParcelLeft p => state.On(p.ParcelId) is { } label ? Used(label, p.ParcelId, s) : Decision.Nothing,
        LabelSignal.AgainAsked a => (a.Attempt is { } attempt ? state.Of(attempt) : First(state, LabelPhase.Refused)) is { Phase: LabelPhase.Refused } label
            ? Decision.Of(new LabelEvent.WantedAgain(label.Attempt, a.By, a.Connection, a.Service))
            : Decision.Ignore("No label was refused."),
        LabelSignal.SkipAsked k => Skip(state, k, s),
        LabelSignal.CallOffDue d => state.Of(d.Attempt) is { Phase: LabelPhase.CallingOff } label ? Decision.Nothing.Ask(CallOffBuy(label, s)) : Decision.Ignore("The purchase has ended."),
        _ => throw new System.Diagnostics.UnreachableException(signal.GetType().Name),
    };

    public static LabelBook Evolve(LabelBook state, LabelEvent e) => e switch
    {
        LabelEvent.Asked a => state.With(new(a.Attempt, a.Purchase, a.Connection, a.Reference, LabelPhase.Asked, Shadow: a.Shadow)),
        LabelEvent.Bought b => Change(state, b.Attempt, l => l with { Issued = b.Label, Phase = l.IsLive ? LabelPhase.Bought : l.Phase, Why = l.IsLive ? null : l.Why }),
        LabelEvent.Refused r => Change(state, r.Attempt, l => l with { Phase = LabelPhase.Refused, Why = r.Why, MayExist = r.Code is Outcome.Refused.ByPerson or Outcome.Refused.ByPersonInDoubt }),
        LabelEvent.CalledOff c => Change(state, c.Attempt, l => l with { Phase = LabelPhase.CallingOff, Why = c.Why }),
        LabelEvent.Dropped d => Change(state, d.Attempt, l => l with { Phase = LabelPhase.Dropped, Why = d.Why }),
        LabelEvent.VoidAsked v => Change(state, v.Attempt, l => l with { Phase = LabelPhase.Voiding, Why = v.Why }),
        LabelEvent.Voided v => Change(state, v.Attempt, l => l with { Phase = LabelPhase.Voided }),
        LabelEvent.Kept k => Change(state, k.Attempt, l => l with { Phase = LabelPhase.Kept, Why = k.Why }),
        LabelEvent.Used u => Change(state, u.Attempt, l => l with { Phase = LabelPhase.Used }),
        LabelEvent.WantedAgain or LabelEvent.Skipped => state,
        _ => throw new System.Diagnostics.UnreachableException(e.GetType().Name),
    };

    /// <summary>Names one purchase for good: <c>aurora.5600000001.1</c>, and <c>….1-2</c> when the first was refused.</summary>
    /// <remarks>One account may serve several brands. A brand's key has no dot, and the part behind the last dot is the purchase, so no two orders meet.</remarks>
    public static string ReferenceOf(StreamId order, int attempt, int purchase)
    {
        var whole = $"{order.Brand}.{order.Id}.{Number(attempt)}{(purchase > 1 ? "-" + Number(purchase) : "")}";
        return whole.Length <= Consignment.LongestReference ? whole : EffectKey.Shortened(whole, Consignment.LongestReference);
    }

    internal static string BuyKey(Situation s, Label l) => EffectKey.Of(s.Stream, "label", Number(l.Attempt), l.Purchase > 1 ? Number(l.Purchase) : "");

    internal static string VoidKey(Situation s, Label l) => EffectKey.Of(s.Stream, "label_void", Number(l.Attempt), l.Purchase > 1 ? Number(l.Purchase) : "");

    internal static string CaseKey(Label l) => $"label/{Number(l.Attempt)}";

    internal static PlannedEffect AskVoid(Label l, Situation s) => new(VoidKey(s, l), l.Connection, new LabelEffect.Void(l.Reference, l.Issued?.LabelId));

    /// <summary>Whether the purchase arrived is found out by its reference.</summary>
    internal static Decision TakeBack(Label l, string why, Situation s) =>
        Decision.Of(new LabelEvent.VoidAsked(l.Attempt, why)).Do(AskVoid(l, s)).Tell(new CaseChange.Closed(CaseKey(l))).Because($"The label is taken back: {why}.");

    internal static Decision Drop(Label l, string why) =>
        Decision.Of(new LabelEvent.Dropped(l.Attempt, why)).Tell(new CaseChange.Closed(CaseKey(l))).Because("The label was never bought.");

    /// <summary>The database's answer to calling off a purchase, or a cancellation.</summary>
    public static Decision CalledOff(LabelBook state, CalledOff answer, Situation s)
    {
        foreach (var l in state.All)
        {
            if (l.Phase != LabelPhase.CallingOff || BuyKey(s, l) != answer.EffectKey) continue;
            return answer.Answer switch
            {
                CallOffAnswer.NeverSent => Drop(l, l.Why!),
                CallOffAnswer.MayHaveArrived => TakeBack(l, l.Why!, s),
                _ => Decision.Ignore("The label is being bought this moment; its outcome decides.").At(new Timer($"label/{l.Attempt}", s.At + LookAgainAfter, new LabelSignal.CallOffDue(l.Attempt))),
            };
        }
        return Decision.Nothing;
    }

    private static Decision Buy(LabelBook state, LabelSignal.Wanted w, Situation s)
    {
        var known = state.Of(w.Attempt);
        if (known is null ? IsPast(state, w.Attempt) : known.Purchase >= w.Purchase || known.Phase != LabelPhase.Refused) return Decision.Ignore("This label is known.");
        PlannedEffect[] before = known is { MayExist: true } ? [AskVoid(known, s)] : [];
        var label = new Label(w.Attempt, w.Purchase, w.Connection, ReferenceOf(s.Stream, w.Attempt, w.Purchase), LabelPhase.Asked);
        return new Decision
        {
            Events = [new LabelEvent.Asked(w.Attempt, w.Purchase, w.Connection, label.Reference, w.Parcel.Service, s.Shadow)],
            Effects = [.. before, new(BuyKey(s, label), w.Connection, new LabelEffect.Buy(w.Parcel with { Reference = label.Reference }))],
            Cases = w.Purchase > 1 ? [new CaseChange.Closed(CaseKey(label))] : [],
        };
    }

    // A hand-off that has no label of its own by the time a later one has is asked for by an old signal.
    private static bool IsPast(LabelBook state, int attempt)
    {
        foreach (var label in state.All)
            if (label.Attempt > attempt) return true;
        return false;
    }

    private static Decision Issued(LabelBook state, LabelSignal.Issued i, Situation s)
    {
        foreach (var l in state.All)
        {
            if (l.Reference != i.Reference) continue;
            if (l.Issued is not null) return Decision.Ignore("This label is known.");
            var bought = Decision.Of(new LabelEvent.Bought(l.Attempt, i.Label));
            return l.Phase switch
            {
                LabelPhase.Asked or LabelPhase.Refused => bought.Tell(new CaseChange.Closed(CaseKey(l))).Because($"The label is bought: {i.Label.Carrier} {i.Label.Tracking}."),
                LabelPhase.CallingOff => bought.And(TakeBack(l with { Issued = i.Label }, l.Why!, s)),
                // Nobody here could know: the purchase was called off as one that never arrived.
                LabelPhase.Dropped => bought.And(TakeBack(l with { Issued = i.Label }, l.Why ?? "nobody waits for it", s)),
                _ => bought.Because("It is being taken back already."),
            };
        }
        return Decision.Ignore("No label of this order has that reference.");
    }

    private static Decision NotNeeded(Label l, string why, Situation s) => l.Phase switch
    {
        LabelPhase.Asked when l.Shadow => Drop(l, why),
        LabelPhase.Asked => Decision.Of(new LabelEvent.CalledOff(l.Attempt, why)).Ask(CallOffBuy(l with { Why = why }, s)),
        LabelPhase.Refused => l.MayExist ? TakeBack(l, why, s) : Drop(l, why),
        LabelPhase.Bought => TakeBack(l, why, s),
        _ => Decision.Nothing,
    };

    private static Decision Used(Label l, string parcelId, Situation s)
    {
        switch (l.Phase)
        {
            case LabelPhase.Used:
                return Decision.Nothing;
            case LabelPhase.Voiding or LabelPhase.Voided or LabelPhase.Kept:
                var used = Decision.Of(new LabelEvent.Used(l.Attempt, parcelId, AfterVoid: true));
                if (l.Phase == LabelPhase.Kept) return used.Tell(new CaseChange.Closed(CaseKey(l)));
                return used.Ask(new CallOff(VoidKey(s, l), VoidKind, "a parcel left with it"))
                    .Tell(new CaseChange.Opened(CaseKey(l), "shipping.label_used_after_void", "A parcel left with a label that was taken back",
                        $"Parcel {parcelId}, label {l.Issued!.LabelId} of {l.Connection}. The carrier may stop the parcel or charge it anew: ask {l.Issued.Carrier} to carry it, or get it back from the warehouse's dock."));
            default:
                return Decision.Of(new LabelEvent.Used(l.Attempt, parcelId));
        }
    }

    private static Decision Skip(LabelBook state, LabelSignal.SkipAsked k, Situation s)
    {
        // Of a split order one label may be on its way: the person means the one that stands in the way.
        var label = First(state, LabelPhase.Refused) ?? First(state, LabelPhase.Asked);
        return label is null ? Decision.Ignore("Nothing waits for a label.") : Decision.Of(new LabelEvent.Skipped(label.Attempt, k.By)).And(NotNeeded(label, $"{k.By} sends it without", s));
    }

    private static Label? First(LabelBook state, LabelPhase phase)
    {
        foreach (var label in state.All)
            if (label.Phase == phase) return label;
        return null;
    }

    private static CallOff CallOffBuy(Label l, Situation s) => new(BuyKey(s, l), BuyKind, l.Why ?? "the label is not wanted any more");

    private static LabelBook Change(LabelBook state, int attempt, Func<Label, Label> how) => state.Of(attempt) is { } label ? state.With(how(label)) : state;

    private static string Number(int number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
