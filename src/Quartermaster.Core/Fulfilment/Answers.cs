using Quartermaster.Core.Connecting;
using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Fulfilment;

/// <summary>What a warehouse says by itself: it took a hand-off on, will not do it, gives it back or keeps it.</summary>
internal static class Answers
{
    public static Decision Accepted(Handoff state, FulfilmentSignal.Accepted a, Situation s)
    {
        // An acceptance that was acted on must not count for the next hand-off.
        Try? waiting = null;
        foreach (var t in Meant(state, a.Meant, s).Tries)
        {
            if (t.SaidYesAt >= a.At) return Decision.Ignore("This acceptance is known.");
            if (waiting is null && t.IsOpen && t.Phase is TryPhase.Planned or TryPhase.Submitted) waiting = t;
        }
        return waiting is null
            ? Decision.Ignore("No hand-off waits for an answer.")
            : Decision.Of(new FulfilmentEvent.TakenOn(waiting.Attempt, waiting.Location, a.WarehouseRef, a.At)).Because($"{waiting.Location} took it on.");
    }

    public static Decision Rejected(Handoff state, FulfilmentSignal.Rejected r, Situation s)
    {
        var (tries, sure) = Meant(state, r.Meant, s);
        Try? open = null;
        foreach (var t in tries)
        {
            if (t.RejectedAt >= r.At) return Decision.Ignore("This rejection was acted on.");
            if (t.IsOpen) open = t;
        }
        if (open is null) return Decision.Ignore("No hand-off is left that could be rejected.");
        if (!sure) return Doubted(open, r, s);
        var down = TurnDown(open, r.Code, r.Why, r.At);
        if (open.Pending) return down.Ask(Withdrawal.CallOff(open, s));
        return open.Phase == TryPhase.Withdrawing ? down.Ask(Withdrawal.NotAskAgain(open, s)) : down;
    }

    // It may be about an earlier hand-off and have come late. Acting on it could send the goods twice, so the warehouse is asked for
    // this one by its key: what it says to that is certain.
    private static Decision Doubted(Try t, FulfilmentSignal.Rejected r, Situation s) => t.Phase == TryPhase.Withdrawing
        ? Decision.Ignore("It is being asked back; that answer decides.")
        : Withdrawal.AskBack(t, $"the warehouse rejected it: {r.Why}", s, r.At).Because("The rejection does not say which hand-off it means; it is asked back to be sure.");

    public static Decision Withdrawn(Handoff state, FulfilmentSignal.WithdrawalAnswered a, Situation s)
    {
        var (tries, sure) = Meant(state, a.Meant, s);
        if (tries.Find(t => t is { Phase: TryPhase.Withdrawing, Pending: false }) is not { } asked) return Decision.Ignore("Nothing is asked back from this warehouse.");
        // An answer about an earlier hand-off that comes late must not free this one; the question is asked again anyway.
        if (!sure) return Decision.Ignore("The answer does not say which hand-off it means; the warehouse is asked again.");
        return (a.Withdrawn ? Withdrawal.Granted(asked) : Withdrawal.Denied(asked, a.Why ?? "The warehouse has packed it.")).Ask(Withdrawal.NotAskAgain(asked, s));
    }

    public static Decision TurnDown(Try t, string code, string why, DateTimeOffset at, bool inAnswer = false) =>
        Decision.Of(new FulfilmentEvent.TurnedDown(t.Attempt, t.Location, code, why, t.Lines, at, inAnswer))
            .Tell(new CaseChange.Opened($"warehouse/{t.Attempt}", "fulfilment.turned_down", $"{t.Location} will not send it ({code})",
                $"The warehouse says: {why} The order is tried at another location; when none has it, it waits for stock."))
            .Because($"{t.Location} turned it down: {why}");

    /// <summary>The hand-offs that a warehouse can mean: its own, at the building it names, and of these the one whose key it echoes.</summary>
    /// <returns>Sure: it can be no other.</returns>
    public static (List<Try> Tries, bool Sure) Meant(Handoff state, Meant? meant, Situation s)
    {
        List<Try> tries = [.. state.Tries ?? []];
        // No warehouse can mean what it has not been told yet.
        tries.RemoveAll(t => t.AwaitsLabel);
        if (meant is not null)
        {
            tries.RemoveAll(t => t.Connection != meant.Connection);
            if (tries.Find(t => FulfilmentDecider.SubmitKey(s, t) == meant.HandoffKey) is { } named) return ([named], true);
            if (meant.Location is not null) tries.RemoveAll(t => t.Location != meant.Location);
        }
        return (tries, tries.Count == 1 && meant?.HandoffKey is null);
    }
}
