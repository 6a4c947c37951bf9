using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Fulfilment;

/// <summary>Decides what warehouses are told and what their answers mean. What a warehouse reports is never lost, expected or not.</summary>
public static class FulfilmentDecider
{
    public static Decision Decide(Handoff state, FulfilmentSignal signal, Situation s) => signal switch
    {
        FulfilmentSignal.HandOff h => HandOff(state, h, s),
        FulfilmentSignal.Proceed p => Proceed(state, p, s),
        FulfilmentSignal.Accepted a => Answers.Accepted(state, a, s),
        FulfilmentSignal.Rejected r => Answers.Rejected(state, r, s),
        FulfilmentSignal.ShortPicked p => Departure.ShortPicked(state, p, s),
        FulfilmentSignal.Shipped p => Departure.Shipped(state, p, s),
        FulfilmentSignal.WriteBack w => Departure.TellChannel(state, w.Parcel, s),
        FulfilmentSignal.Withdraw w => Withdrawal.Ask(state, w.Why, s),
        FulfilmentSignal.TakeOver => TakeOver(state),
        FulfilmentSignal.CallOffDue d => Withdrawal.LookAgain(state, d, s),
        FulfilmentSignal.WithdrawalAnswered a => Answers.Withdrawn(state, a, s),
        FulfilmentSignal.Fetch f => new Decision { Effects = [new(EffectKey.Of(s.Stream, "fetch", Number(f.Number)), f.Channel, new FulfilmentEffect.FetchOrder(f.ExternalId, f.Why))] },
        _ => throw new System.Diagnostics.UnreachableException(signal.GetType().Name),
    };

    public static Handoff Evolve(Handoff state, FulfilmentEvent e) => e switch
    {
        FulfilmentEvent.HandoffPlanned h => state with { Channel = h.Channel, ExternalId = h.ExternalId, Tries = [.. state.Tries ?? [], new(h.Attempt, h.Location, h.Connection, TryPhase.Planned, h.Lines, Collect: h.Collect, Pending: !h.Shadow && !h.AwaitsLabel, Shadow: h.Shadow, Revision: h.Revision, AwaitsLabel: h.AwaitsLabel, By: h.By)] },
        FulfilmentEvent.Proceeded x => Change(state, x.Attempt, t => t with { AwaitsLabel = false, Pending = true }),
        FulfilmentEvent.Submitted x => Change(state, x.Attempt, t => t with { Phase = t.Phase == TryPhase.Planned ? TryPhase.Submitted : t.Phase, Pending = false }),
        FulfilmentEvent.HandoffStopped x => Change(state, x.Attempt, t => t with { Pending = false }),
        FulfilmentEvent.TakenOn x => Change(state, x.Attempt, t => t with { Phase = TryPhase.Accepted, SaidYesAt = x.At, Shadow = false }),
        FulfilmentEvent.TurnedDown x => Change(state, x.Attempt, t => t with { Phase = TryPhase.TurnedDown, Lines = [], RejectedAt = x.InAnswer ? t.RejectedAt : x.At }),
        FulfilmentEvent.CameUpShort x => Change(state, x.Attempt, t => t with { Lines = Departure.Less(t.Lines, x.Missing), ShortAt = x.At, ShortOf = Departure.With(t.ShortOf, x.Missing) }),
        FulfilmentEvent.WithdrawalAsked x => Change(state, x.Attempt, t => t with { Phase = TryPhase.Withdrawing, AskedBack = x.Why, Asked = t.Asked + 1, RejectedAt = x.RejectedAt ?? t.RejectedAt }),
        FulfilmentEvent.Withdrawn x => Change(state, x.Attempt, t => t with { Phase = TryPhase.Withdrawn, Lines = [] }),
        FulfilmentEvent.WithdrawalRefused x => Change(state, x.Attempt, t => t with { Phase = TryPhase.Kept }),
        FulfilmentEvent.ParcelLeft x => Departure.Take(state, x.Parcel),
        FulfilmentEvent.ToldAsSold x => ChangeParcel(state, x.ParcelId, p => p with { AsSold = x.Lines, WriteBack = x.Lines.Count == 0 ? WriteBack.WithTheRest : p.WriteBack }),
        FulfilmentEvent.UnitsNotExpected x => state.Find(x.ParcelId) is null ? state with { Parcels = [.. state.Parcels ?? [], new(x.ParcelId, x.Location, WriteBack.NotNeeded, [], Confirmed: [x.At])] } : state,
        FulfilmentEvent.ConfirmedAgain x => ChangeParcel(state, x.ParcelId, p => p with { Confirmed = [.. p.Confirmed ?? [], x.At], More = [.. p.More ?? [], .. x.Units] }),
        FulfilmentEvent.WrittenBack x => ChangeParcel(state, x.ParcelId, p => p with { WriteBack = WriteBack.Done, FulfilmentId = x.FulfilmentId ?? p.FulfilmentId }),
        FulfilmentEvent.NotWrittenBack x => ChangeParcel(state, x.ParcelId, p => p with { WriteBack = WriteBack.Failed }),
        _ => throw new System.Diagnostics.UnreachableException(e.GetType().Name),
    };

    internal static string Number(int number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);

    internal static string SubmitKey(Situation s, Try t) => EffectKey.Of(s.Stream, "submit", Number(t.Attempt));

    // Asked once more of a warehouse that had kept it, the question is another one.
    internal static string WithdrawKey(Situation s, Try t) => EffectKey.Of(s.Stream, "withdraw", Number(t.Attempt), t.Asked > 1 ? Number(t.Asked) : "");

    private static Decision HandOff(Handoff state, FulfilmentSignal.HandOff h, Situation s)
    {
        var (attempt, order) = (h.Attempt, h.Order);
        foreach (var t in state.Tries ?? [])
            if (t.Attempt >= attempt) return Decision.Ignore("This hand-off is known.");
        var planned = Decision.Of(new FulfilmentEvent.HandoffPlanned(attempt, order.Location, order.Connection, order.Channel, order.ExternalId, order.Lines, order.CollectOnDelivery, s.Shadow, h.Revision, h.AwaitsLabel, order.By));
        return h.AwaitsLabel ? planned : planned.Do(Submit(attempt, order, s));
    }

    private static Decision Proceed(Handoff state, FulfilmentSignal.Proceed p, Situation s) => state.TryOf(p.Attempt) is { AwaitsLabel: true, IsOpen: true } t
        ? Decision.Of(new FulfilmentEvent.Proceeded(t.Attempt, t.Location)).Do(Submit(t.Attempt, p.Order, s))
        : Decision.Ignore("This hand-off waits for no label.");

    private static PlannedEffect Submit(int attempt, HandoffOrder order, Situation s) =>
        new(EffectKey.Of(s.Stream, "submit", Number(attempt)), order.Connection, new FulfilmentEffect.SubmitToWarehouse(order));

    private static Decision TakeOver(Handoff state)
    {
        var decision = Decision.Nothing;
        foreach (var t in state.Tries ?? [])
            if (t is { Shadow: true, IsOpen: true }) decision = decision with { Events = [.. decision.Events, .. Withdrawal.Granted(t).Events] };
        return decision;
    }

    private static Handoff Change(Handoff state, int attempt, Func<Try, Try> how)
    {
        var tries = new List<Try>(state.Tries!.Count);
        foreach (var t in state.Tries) tries.Add(t.Attempt == attempt ? how(t) : t);
        return state with { Tries = tries };
    }

    private static Handoff ChangeParcel(Handoff state, string id, Func<SentParcel, SentParcel> how)
    {
        var parcels = new List<SentParcel>(state.Parcels!.Count);
        foreach (var p in state.Parcels) parcels.Add(p.Id == id ? how(p) : p);
        return state with { Parcels = parcels };
    }
}
