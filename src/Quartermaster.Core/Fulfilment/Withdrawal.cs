using Quartermaster.Core.Connecting;
using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Fulfilment;

/// <summary>Gets an order back from warehouses, wherever each hand-off is: still with us, on the wire, or there.</summary>
/// <remarks>
/// The law: a hand-off is over only when nobody here can send it any more and the warehouse, if it may know of it, has said that it sends nothing.
/// So a hand-off whose effect has not ended is called off first; the warehouse is asked after that, never beside it.
/// </remarks>
internal static class Withdrawal
{
    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromSeconds(10);

    private static readonly string SubmitKind = Wire.KindOf(typeof(FulfilmentEffect.SubmitToWarehouse));
    private static readonly string WithdrawKind = Wire.KindOf(typeof(FulfilmentEffect.WithdrawFromWarehouse));

    public static Decision Ask(Handoff state, string why, Situation s)
    {
        var decision = Decision.Nothing;
        foreach (var t in state.Tries ?? [])
            if (t.IsOpen && t.Phase is not (TryPhase.Withdrawing or TryPhase.Kept)) decision = decision.And(AskBack(t, why, s));
        return decision.Events.Count == 0
            ? Decision.Ignore("No warehouse has anything to give back.")
            : decision.Because($"{(decision.Effects.Count > 0 ? "Asked the warehouse to give it back" : decision.Requests.Count > 0 ? "The hand-off is called off" : "Nobody has to give it back")}: {why}.");
    }

    /// <param name="rejectedAt">Set when a rejection made us ask.</param>
    public static Decision AskBack(Try t, string why, Situation s, DateTimeOffset? rejectedAt = null)
    {
        if (t.AwaitsLabel) return Granted(t).Because("It waited for its label; the warehouse had not heard of it.");
        if (t.Shadow) return Granted(t).Because("The hand-off was only recorded.");
        var asked = Decision.Of(new FulfilmentEvent.WithdrawalAsked(t.Attempt, t.Location, why, rejectedAt));
        return t.Pending ? asked.Ask(CallOff(t with { AskedBack = why }, s)) : asked.Do(AskWarehouse(t with { Asked = t.Asked + 1 }, why, s));
    }

    /// <summary>Its effect is out of the way, or under way this moment.</summary>
    public static Decision CalledOff(Handoff state, CalledOff answer, Situation s)
    {
        foreach (var t in state.Tries ?? [])
        {
            if (!t.Pending || FulfilmentDecider.SubmitKey(s, t) != answer.EffectKey) continue;
            if (answer.Answer == CallOffAnswer.UnderWay)
                return Decision.Ignore($"The hand-off to {t.Location} is on its way this moment; its outcome decides.")
                    .At(new Timer($"call_off/{t.Attempt}", s.At + LookAgainAfter, new FulfilmentSignal.CallOffDue(t.Attempt)));
            // A warehouse that took it on has it, whatever our book of calls says.
            var arrived = answer.Answer == CallOffAnswer.MayHaveArrived || t.SaidYesAt is not null;
            var stopped = Stopped(t, arrived).Tell(new CaseChange.Closed($"submit/{t.Attempt}"));
            if (t.Phase != TryPhase.Withdrawing) return stopped.Because($"The hand-off to {t.Location} is not sent again.");
            return arrived ? stopped.And(AskNow(t, s)) : stopped.And(Granted(t)).Because("It had not been sent yet.");
        }
        return Decision.Ignore("Nothing waits for this.");
    }

    public static Decision LookAgain(Handoff state, FulfilmentSignal.CallOffDue due, Situation s)
    {
        foreach (var t in state.Tries ?? [])
            if (t.Attempt == due.Attempt && t.Pending && !CanGoOut(t)) return Decision.Nothing.Ask(CallOff(t, s));
        return Decision.Ignore("The hand-off has ended.");
    }

    /// <summary>Nobody here sends it any more, and it may be there: now the warehouse can be asked.</summary>
    public static Decision AskNow(Try t, Situation s) => Decision.Nothing.Do(AskWarehouse(t, t.AskedBack!, s)).Because($"{t.Location} may have it and is asked to give it back.");

    public static Decision Stopped(Try t, bool mayHaveArrived) => Decision.Of(new FulfilmentEvent.HandoffStopped(t.Attempt, t.Location, mayHaveArrived));

    public static Decision Granted(Try t) =>
        Decision.Of(new FulfilmentEvent.Withdrawn(t.Attempt, t.Location, t.Lines)).Tell(new CaseChange.Closed($"withdraw/{t.Attempt}")).Because($"{t.Location} sends nothing of it.");

    public static Decision Denied(Try t, string why) =>
        Decision.Of(new FulfilmentEvent.WithdrawalRefused(t.Attempt, t.Location, why)).Tell(new CaseChange.Closed($"withdraw/{t.Attempt}")).Because($"{t.Location} will not give it back: {why}");

    /// <summary>The warehouse answered by itself: a question that still waits to be asked again could hit the next hand-off.</summary>
    public static CallOff NotAskAgain(Try t, Situation s) => new(FulfilmentDecider.WithdrawKey(s, t), WithdrawKind, "the question was answered");

    public static CallOff CallOff(Try t, Situation s) => new(FulfilmentDecider.SubmitKey(s, t), SubmitKind, t.AskedBack ?? "the hand-off is not wanted any more");

    private static bool CanGoOut(Try t) => t.Phase is TryPhase.Planned or TryPhase.Submitted or TryPhase.Accepted;

    private static PlannedEffect AskWarehouse(Try t, string why, Situation s) =>
        new(FulfilmentDecider.WithdrawKey(s, t), t.Connection, new FulfilmentEffect.WithdrawFromWarehouse(s.Stream.Id, t.Location, why, FulfilmentDecider.SubmitKey(s, t)));
}
