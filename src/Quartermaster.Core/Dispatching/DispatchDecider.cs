using Quartermaster.Core.Connecting;
using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Dispatching;

/// <summary>Decides what becomes of the list with which a day ends.</summary>
/// <remarks>
/// The law: a label is on at most one list that the carrier has, or may have. Lists claim their labels before they are sent, and only one that was
/// turned down, or left a label out, gives it free.
/// </remarks>
public static class DispatchDecider
{
    private const string TurnedDownCase = "turned_down", LeftOutCase = "left_out";

    public static Decision Decide(Dispatch state, DispatchSignal signal, Situation s) => (signal, state.State) switch
    {
        (DispatchSignal.Asked a, DispatchState.Unknown) => Decision.Of(new DispatchEvent.Begun(a.List, a.By, s.At)).Do(new PlannedEffect(KeyOf(s), a.List.Connection, new DispatchEffect.Close(a.List)))
            .Because($"{a.By} closes the day at {a.List.Location}: {a.List.Labels.Count} labels of {a.List.Connection}."),
        (DispatchSignal.Asked, _) => Decision.Ignore("This list is known."),
        (_, DispatchState.Unknown) => Decision.Ignore("There is no such list."),
        // A person who cancelled it said that the carrier does not have it; the carrier's own word counts more.
        (DispatchSignal.Closed c, _) when !state.Told => Close(state, c.RemoteId, c.Document, c.LeftOut, told: true, s),
        _ => Decision.Ignore("That the carrier has it is known."),
    };

    /// <summary>What the carrier's answer means. A list that it took is told by <see cref="DispatchSignal.Closed"/> too, which has the paper.</summary>
    public static Decision Settle(Dispatch state, EffectSettled settled, Situation s) => (settled.Outcome, state.State) switch
    {
        (Outcome.Done d, DispatchState.Asked) => Close(state, d.RemoteId, null, [], told: false, s),
        (Outcome.AlreadyDone d, DispatchState.Asked) => Close(state, d.RemoteId, null, [], told: false, s),
        (Outcome.Refused no, DispatchState.Asked) => Decision.Of(new DispatchEvent.TurnedDown(no.Code, no.Why)).Because($"The carrier does not take the list: {no.Why}").Tell(new CaseChange.Opened(
            TurnedDownCase, "dispatch.turned_down", $"{state.List!.Connection} did not take the labels of {state.List.Location}",
            $"It says: {no.Why} ({no.Code}) The {state.List.Labels.Count} labels are free again: mend what it says and close the day anew.")),
        // The effect itself shows as a case, with its request, its answer and a button to try it again.
        _ => Decision.Ignore(Outcome.Words(settled.Outcome)),
    };

    public static Dispatch Evolve(Dispatch state, DispatchEvent e) => e switch
    {
        DispatchEvent.Begun b => new Dispatch { State = DispatchState.Asked, List = b.List, By = b.By, At = b.At },
        DispatchEvent.Done d => state with { State = DispatchState.Done, RemoteId = d.RemoteId ?? state.RemoteId, Document = d.Document, LeftOut = d.LeftOut, DoneAt = d.At, Told = d.Told, Why = null },
        DispatchEvent.TurnedDown t => state with { State = DispatchState.TurnedDown, Why = t.Why },
        _ => throw new System.Diagnostics.UnreachableException(e.GetType().Name),
    };

    private static string KeyOf(Situation s) => EffectKey.Of(s.Stream, "close");

    private static Decision Close(Dispatch state, string? remoteId, string? document, IReadOnlyList<LeftOut> leftOut, bool told, Situation s)
    {
        var done = Decision.Of(new DispatchEvent.Done(remoteId, document, leftOut, told, s.At)).Tell(new CaseChange.Closed(TurnedDownCase)).Because($"{state.List!.Connection} has the list{(remoteId is null ? "" : $" as {remoteId}")}.");
        if (leftOut.Count == 0) return done;
        return done.Tell(new CaseChange.Opened(LeftOutCase, "dispatch.left_out", $"{leftOut.Count} of {state.List.Labels.Count} labels are not on the carrier's list",
            $"{state.List.Connection} at {state.List.Location}: {string.Join("; ", Named(state, leftOut))}. The next list takes them again; a parcel that goes without may be refused at the dock, or charged anew."));
    }

    private static IEnumerable<string> Named(Dispatch state, IReadOnlyList<LeftOut> leftOut)
    {
        const int Most = 10;
        for (var i = 0; i < leftOut.Count && i < Most; i++)
        {
            var tracking = leftOut[i].LabelId;
            foreach (var label in state.List!.Labels)
                if (label.LabelId == leftOut[i].LabelId) tracking = label.Tracking;
            yield return $"{tracking} ({leftOut[i].Why})";
        }
        if (leftOut.Count > Most) yield return $"and {leftOut.Count - Most} more";
    }
}
