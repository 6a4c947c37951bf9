using Quartermaster.Core.Connecting;
using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Fulfilment;

/// <summary>What the answers of warehouses and storefronts to our effects mean for the order.</summary>
public static class FulfilmentOutcomes
{
    public static Decision Settle(Handoff state, EffectSettled settled, Situation s)
    {
        foreach (var t in state.Tries ?? [])
        {
            if (settled.EffectKey == FulfilmentDecider.SubmitKey(s, t)) return Submitted(t, settled.Outcome, s);
            if (settled.EffectKey == FulfilmentDecider.WithdrawKey(s, t)) return Withdrawn(t, settled.Outcome);
        }
        foreach (var parcel in state.Parcels ?? [])
            if (settled.EffectKey == EffectKey.Of(s.Stream, "fulfil", parcel.Id)) return WrittenBack(parcel, settled.Outcome);
        return settled.Outcome is Outcome.Done or Outcome.AlreadyDone
            ? Decision.Nothing
            : Trouble("fetch", "fulfilment.not_fetched", "The order could not be fetched from the channel", settled.Outcome, "The next poll fetches it; open the connection if it keeps failing.");
    }

    private static Decision Submitted(Try t, Outcome outcome, Situation s) => outcome switch
    {
        Outcome.Done or Outcome.AlreadyDone or Outcome.Refused when !t.Pending => Decision.Ignore("The hand-off was settled before."),
        Outcome.Done d => Arrived(t, d.RemoteId, s),
        Outcome.AlreadyDone d => Arrived(t, d.RemoteId, s),
        Outcome.Refused { Code: Outcome.Refused.ByPersonInDoubt } r => Abandoned(t, r, s).Tell(new CaseChange.Closed($"submit/{t.Attempt}")),
        Outcome.Refused r => NotTaken(t, r, s).Tell(new CaseChange.Closed($"submit/{t.Attempt}")),
        _ => Trouble($"submit/{t.Attempt}", "fulfilment.not_submitted", $"{t.Location} may not have received the order", outcome, "Look in the warehouse's system, then replay the effect or withdraw the order."),
    };

    private static Decision Arrived(Try t, string? warehouseRef, Situation s)
    {
        var decision = Decision.Of(new FulfilmentEvent.Submitted(t.Attempt, t.Location, warehouseRef)).Tell(new CaseChange.Closed($"submit/{t.Attempt}"));
        return t.Phase == TryPhase.Withdrawing ? decision.And(Withdrawal.AskNow(t, s)) : decision;
    }

    private static Decision NotTaken(Try t, Outcome.Refused no, Situation s) => t switch
    {
        { Phase: TryPhase.Planned, IsOpen: true } => Withdrawal.Stopped(t, false).And(Answers.TurnDown(t, no.Code, no.Why, s.At, inAnswer: true)),
        { Phase: TryPhase.Withdrawing } => Withdrawal.Stopped(t, false).And(Withdrawal.Granted(t)),
        _ => Withdrawal.Stopped(t, true).Because("The hand-off was settled otherwise."),
    };

    /// <summary>A person gave up a hand-off that may have arrived: elsewhere it is only planned once the warehouse has said that it sends nothing.</summary>
    private static Decision Abandoned(Try t, Outcome.Refused no, Situation s) => t switch
    {
        { Phase: TryPhase.Withdrawing } => Withdrawal.Stopped(t, true).And(Withdrawal.AskNow(t, s)),
        { IsOpen: true } => Withdrawal.Stopped(t, true).And(Withdrawal.AskBack(t with { Pending = false }, no.Why, s)).Because($"{t.Location} may have it and is asked to give it back: {no.Why}"),
        _ => Withdrawal.Stopped(t, true).Because("The hand-off was settled otherwise."),
    };

    private static Decision Withdrawn(Try t, Outcome outcome) => outcome switch
    {
        Outcome.Done or Outcome.AlreadyDone or Outcome.Refused when t.Phase != TryPhase.Withdrawing => Decision.Nothing,
        Outcome.Done or Outcome.AlreadyDone => Withdrawal.Granted(t),
        Outcome.Refused r => Withdrawal.Denied(t, r.Why),
        _ => Trouble($"withdraw/{t.Attempt}", "fulfilment.not_withdrawn", $"{t.Location} may still send the order", outcome, "Call the warehouse, then replay the effect."),
    };

    private static Decision WrittenBack(SentParcel parcel, Outcome outcome) => outcome switch
    {
        Outcome.Done or Outcome.AlreadyDone when parcel.WriteBack == WriteBack.Done => Decision.Nothing,
        Outcome.Done d => Written(parcel, d.RemoteId),
        Outcome.AlreadyDone d => Written(parcel, d.RemoteId),
        _ when parcel.WriteBack != WriteBack.Planned => Decision.Ignore("The parcel's write-back was settled before."),
        _ => Trouble(SentParcel.WriteBackCase(parcel.Id), "fulfilment.not_written_back", "The channel does not know of a parcel", outcome, "Enter the tracking number at the channel, or mend the connection and replay the effect.")
            with
        { Events = [new FulfilmentEvent.NotWrittenBack(parcel.Id, Outcome.Words(outcome))] },
    };

    private static Decision Written(SentParcel parcel, string? id)
    {
        var decision = Decision.Of(new FulfilmentEvent.WrittenBack(parcel.Id, id));
        return parcel.WriteBack == WriteBack.Failed ? decision.Tell(new CaseChange.Closed(SentParcel.WriteBackCase(parcel.Id))) : decision;
    }

    private static Decision Trouble(string key, string kind, string title, Outcome outcome, string whatToDo) =>
        new Decision { Cases = [new CaseChange.Opened(key, kind, title, $"{Outcome.Words(outcome)} {whatToDo}")], Note = $"{title}: {Outcome.Words(outcome)}" };
}
