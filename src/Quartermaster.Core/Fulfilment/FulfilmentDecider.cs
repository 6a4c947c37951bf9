using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Fulfilment;

/// <summary>Decides what warehouses are told and what their answers mean. What a warehouse reports is never lost, expected or not.</summary>
public static class FulfilmentDecider
{
    public static Decision Decide(Handoff state, FulfilmentSignal signal, Situation s) => signal switch
    {
        FulfilmentSignal.HandOff h => HandOff(state, h.Attempt, h.Order, s),
        FulfilmentSignal.Accepted a => Accepted(state, a),
        FulfilmentSignal.Rejected r => Rejected(state, r),
        FulfilmentSignal.ShortPicked p => Departure.ShortPicked(state, p),
        FulfilmentSignal.Shipped p => Departure.Shipped(state, p, s),
        FulfilmentSignal.Withdraw w => Withdraw(state, w.Why, s),
        FulfilmentSignal.TakeOver => TakeOver(state),
        FulfilmentSignal.WithdrawalAnswered a => Answered(state, a),
        FulfilmentSignal.Fetch f => new Decision { Effects = [new(EffectKey.Of(s.Stream, "fetch", Number(f.Number)), f.Channel, new FulfilmentEffect.FetchOrder(f.ExternalId, f.Why))] },
        _ => throw new System.Diagnostics.UnreachableException(signal.GetType().Name),
    };

    public static Handoff Evolve(Handoff state, FulfilmentEvent e) => e switch
    {
        FulfilmentEvent.HandoffPlanned h => state with { Channel = h.Channel, ExternalId = h.ExternalId, Tries = [.. state.Tries ?? [], new(h.Attempt, h.Location, h.Connection, TryPhase.Planned, h.Lines, Collect: h.Collect, Shadow: h.Shadow)] },
        FulfilmentEvent.Submitted x => Change(state, x.Attempt, t => t with { Phase = t.Phase == TryPhase.Planned ? TryPhase.Submitted : t.Phase }),
        FulfilmentEvent.TakenOn x => Change(state, x.Attempt, t => t with { Phase = TryPhase.Accepted, SaidYesAt = x.At, Shadow = false }),
        FulfilmentEvent.TurnedDown x => Change(state, x.Attempt, t => t with { Phase = TryPhase.TurnedDown, Lines = [], SaidNoAt = x.At }),
        FulfilmentEvent.CameUpShort x => Change(state, x.Attempt, t => t with { Lines = Departure.Less(t.Lines, x.Missing), SaidNoAt = x.At }),
        FulfilmentEvent.WithdrawalAsked x => Change(state, x.Attempt, t => t with { Phase = TryPhase.Withdrawing }),
        FulfilmentEvent.Withdrawn x => Change(state, x.Attempt, t => t with { Phase = TryPhase.Withdrawn, Lines = [] }),
        FulfilmentEvent.WithdrawalRefused x => Change(state, x.Attempt, t => t with { Phase = TryPhase.Kept }),
        FulfilmentEvent.ParcelLeft x => Departure.Take(state, x.Parcel),
        FulfilmentEvent.UnitsNotExpected x => state.Find(x.ParcelId) is null ? state with { Parcels = [.. state.Parcels ?? [], new(x.ParcelId, x.Location, WriteBack.NotNeeded, [])] } : state,
        FulfilmentEvent.WrittenBack x => ChangeParcel(state, x.ParcelId, p => p with { WriteBack = WriteBack.Done, FulfilmentId = x.FulfilmentId ?? p.FulfilmentId }),
        FulfilmentEvent.NotWrittenBack x => ChangeParcel(state, x.ParcelId, p => p with { WriteBack = WriteBack.Failed }),
        _ => throw new System.Diagnostics.UnreachableException(e.GetType().Name),
    };

    internal static string Number(int number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);

    internal static Decision TurnDown(Try t, string code, string why, DateTimeOffset at) =>
        Decision.Of(new FulfilmentEvent.TurnedDown(t.Attempt, t.Location, code, why, t.Lines, at))
            .Tell(new CaseChange.Opened($"warehouse/{t.Attempt}", "fulfilment.turned_down", $"{t.Location} will not send it ({code})",
                $"The warehouse says: {why} The order is tried at another location; when none has it, it waits for stock."))
            .Because($"{t.Location} turned it down: {why}");

    private static Decision HandOff(Handoff state, int attempt, HandoffOrder order, Situation s)
    {
        foreach (var t in state.Tries ?? [])
            if (t.Attempt >= attempt) return Decision.Ignore("This hand-off is known.");
        return new Decision
        {
            Events = [new FulfilmentEvent.HandoffPlanned(attempt, order.Location, order.Connection, order.Channel, order.ExternalId, order.Lines, order.CollectOnDelivery, s.Shadow)],
            Effects = [new(EffectKey.Of(s.Stream, "submit", Number(attempt)), order.Connection, new FulfilmentEffect.SubmitToWarehouse(order))],
        };
    }

    private static Decision Accepted(Handoff state, FulfilmentSignal.Accepted a)
    {
        // An acceptance names no location; one that was acted on must not count for the next hand-off.
        Try? waiting = null;
        foreach (var t in state.Tries ?? [])
        {
            if (t.SaidYesAt >= a.At) return Decision.Ignore("This acceptance is known.");
            if (waiting is null && t.IsOpen && t.Phase is TryPhase.Planned or TryPhase.Submitted) waiting = t;
        }
        return waiting is null
            ? Decision.Ignore("No hand-off waits for an answer.")
            : Decision.Of(new FulfilmentEvent.TakenOn(waiting.Attempt, waiting.Location, a.WarehouseRef, a.At)).Because($"{waiting.Location} took it on.");
    }

    private static Decision Rejected(Handoff state, FulfilmentSignal.Rejected r)
    {
        // A rejection names no location. One that is not newer than the last we acted on is that one again,
        // and must not turn down the next warehouse.
        Try? open = null;
        foreach (var t in state.Tries ?? [])
        {
            if (t.SaidNoAt >= r.At && t.Phase == TryPhase.TurnedDown) return Decision.Ignore("This rejection was acted on.");
            if (t.IsOpen && t.Phase is TryPhase.Planned or TryPhase.Submitted or TryPhase.Accepted) open = t;
        }
        return open is null ? Decision.Ignore("No hand-off is left that could be rejected.") : TurnDown(open, r.Code, r.Why, r.At);
    }

    private static Decision Withdraw(Handoff state, string why, Situation s)
    {
        List<Event> events = [];
        List<PlannedEffect> effects = [];
        foreach (var t in state.Tries ?? [])
        {
            if (!t.IsOpen || t.Phase is TryPhase.Withdrawing or TryPhase.Kept) continue;
            if (t.Shadow)
            {
                events.Add(NeverSent(t));
                continue;
            }
            events.Add(new FulfilmentEvent.WithdrawalAsked(t.Attempt, t.Location, why));
            effects.Add(new(EffectKey.Of(s.Stream, "withdraw", Number(t.Attempt)), t.Connection, new FulfilmentEffect.WithdrawFromWarehouse(s.Stream.Id, t.Location, why)));
        }
        return events.Count == 0
            ? Decision.Ignore("No warehouse has anything to give back.")
            : new Decision { Events = events, Effects = effects, Note = effects.Count == 0 ? $"The hand-off was only recorded, so nobody has to give it back: {why}." : $"Asked the warehouse to give it back: {why}." };
    }

    private static Decision TakeOver(Handoff state)
    {
        List<Event> events = [];
        foreach (var t in state.Tries ?? [])
            if (t is { Shadow: true, IsOpen: true }) events.Add(NeverSent(t));
        return new Decision { Events = events };
    }

    private static FulfilmentEvent.Withdrawn NeverSent(Try t) => new(t.Attempt, t.Location, t.Lines);

    private static Decision Answered(Handoff state, FulfilmentSignal.WithdrawalAnswered a)
    {
        List<Event> events = [];
        foreach (var t in state.Tries ?? [])
            if (t.Phase == TryPhase.Withdrawing)
                events.Add(a.Withdrawn ? new FulfilmentEvent.Withdrawn(t.Attempt, t.Location, t.Lines) : new FulfilmentEvent.WithdrawalRefused(t.Attempt, t.Location, a.Why ?? "The warehouse has packed it."));
        return events.Count == 0
            ? Decision.Ignore("Nothing is asked back from a warehouse.")
            : new Decision { Events = events, Note = a.Withdrawn ? "The warehouse gave it back." : $"The warehouse will not give it back: {a.Why}" };
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
