using Quartermaster.Core.Connecting;
using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Labels;

/// <summary>What a vendor's answers to purchases and cancellations mean. A purchase that succeeded is told by <see cref="LabelSignal.Issued"/> and not here.</summary>
public static class LabelOutcomes
{
    public static Decision Settle(LabelBook state, EffectSettled settled, Situation s)
    {
        foreach (var label in state.All)
        {
            if (settled.EffectKey == LabelDecider.BuyKey(s, label)) return Bought(label, settled.Outcome, s);
            if (settled.EffectKey == LabelDecider.VoidKey(s, label)) return Voided(label, settled.Outcome);
        }
        return Decision.Ignore("It was about an earlier purchase.");
    }

    private static Decision Bought(Label l, Outcome outcome, Situation s) => (outcome, l.Phase) switch
    {
        (Outcome.Refused no, LabelPhase.Asked) => Refused(l, no),
        (Outcome.Refused { Code: Outcome.Refused.ByPerson or Outcome.Refused.ByPersonInDoubt }, LabelPhase.CallingOff) => LabelDecider.TakeBack(l, l.Why!, s),
        (Outcome.Refused, LabelPhase.CallingOff) => LabelDecider.Drop(l, l.Why!),
        (Outcome.Refused, _) => Decision.Ignore("The purchase was settled before."),
        // The effect itself shows as a case, with its request, its answer and a button to try it again.
        _ => Decision.Ignore(Outcome.Words(outcome)),
    };

    private static Decision Refused(Label l, Outcome.Refused no) => Decision.Of(new LabelEvent.Refused(l.Attempt, no.Code, no.Why))
        .Tell(new CaseChange.Opened(LabelDecider.CaseKey(l), "shipping.label_refused", $"{l.Connection} sells no label for this parcel",
            $"It says: {no.Why} ({no.Code}) Correct the address, and the label is bought anew by itself. When something else stood in the way, mend it and have it bought again, pick another price under Compare prices, or hand the order over without our label."))
        .Because($"No label: {no.Why}");

    private static Decision Voided(Label l, Outcome outcome) => (outcome, l.Phase) switch
    {
        (Outcome.Done or Outcome.AlreadyDone, LabelPhase.Voiding or LabelPhase.Kept) => Decision.Of(new LabelEvent.Voided(l.Attempt)).Tell(new CaseChange.Closed(LabelDecider.CaseKey(l))),
        (Outcome.Refused no, LabelPhase.Voiding) => Decision.Of(new LabelEvent.Kept(l.Attempt, no.Why)).Tell(new CaseChange.Opened(
            LabelDecider.CaseKey(l), "shipping.label_not_voided", "A label that nobody uses could not be taken back",
            $"{l.Connection} says: {no.Why} ({no.Code}) Label {l.Issued?.LabelId ?? l.Reference}, {l.Issued?.Tracking ?? "tracking number unknown"}. Ask there for the refund, then close this.")),
        _ => Decision.Ignore("The label was settled otherwise."),
    };
}
