using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Codes;

/// <summary>Decides what is believed of a code: the last word of a person, until it is undone.</summary>
public static class CodeDecider
{
    private const string Case = "unknown";

    /// <summary>What was said longer ago cannot be undone any more; the timeline still tells it.</summary>
    private const int Remembered = 50;

    public static Decision Decide(SoldCode state, CodeSignal signal, Situation s) => signal switch
    {
        CodeSignal.Met m => Met(state, m),
        CodeSignal.Explained e => Explained(state, e, s),
        CodeSignal.UndoAsked u => Undo(state, u, s),
        CodeSignal.NobodyWaits when state.Unknown is null => Decision.Ignore("Nobody waited for it."),
        CodeSignal.NobodyWaits => Decision.Of(new CodeEvent.WaitedForNoMore()).Tell(new CaseChange.Closed(Case)).Because("No order waits for it any more."),
        _ => throw new System.Diagnostics.UnreachableException(signal.GetType().Name),
    };

    public static SoldCode Evolve(SoldCode state, CodeEvent e) => e switch
    {
        CodeEvent.FoundUnknown f => state with { Unknown = [.. state.Unknown ?? [], new(f.Channel, f.Title)] },
        CodeEvent.MeaningSet m => Known(state with { Last = m.Meaning.Number, Said = [.. (state.Said ?? []).TakeLast(Remembered - 1), m.Meaning] }),
        CodeEvent.MeaningUndone u => state with { Said = OrNull([.. (state.Said ?? []).Where(m => m.Number != u.Number)]) },
        CodeEvent.WaitedForNoMore => state with { Unknown = null },
        _ => throw new System.Diagnostics.UnreachableException(e.GetType().Name),
    };

    private static Decision Met(SoldCode state, CodeSignal.Met m)
    {
        if (state.At(m.Channel) is not null) return Decision.Ignore("It was explained meanwhile.");
        if (state.Unknown?.Any(u => u.Channel == m.Channel) == true) return Decision.Ignore("A person is asked already.");
        return Decision.Of(new CodeEvent.FoundUnknown(m.Channel, m.Title))
            .Tell(new CaseChange.Opened(Case, "code.unknown", $"{m.Channel} sells {m.Code}, and nobody has said what that is",
                $"The channel calls it '{m.Title}'. Orders with it wait, and go on by themselves when you say which SKUs it means."))
            .Because($"{m.Channel} sells it as '{m.Title}'; a person is asked what it means.");
    }

    private static Decision Explained(SoldCode state, CodeSignal.Explained e, Situation s)
    {
        if (Part.Fault(e.Parts) is { } fault) return Decision.Ignore($"Not taken: {fault}");
        if (state.SaidFor(e.Channel) is { } now && Part.Same(now.Parts, e.Parts)) return Decision.Ignore("It means that already.");
        var meaning = new Meaning(state.Last + 1, e.Channel, e.Parts, e.By, s.At, e.Why);
        var decision = Decision.Of(new CodeEvent.MeaningSet(meaning)).Ask(new CodeRequest.Keep(e.Code, e.Channel, e.Parts, e.By, s.At))
            .Because($"{e.By}: {e.Code} means {Part.Words(e.Parts)}{(e.Channel.Length == 0 ? "" : $" at {e.Channel}")}.");
        return state.Unknown is not null && Known(Evolve(state, new CodeEvent.MeaningSet(meaning))).Unknown is null ? decision.Tell(new CaseChange.Closed(Case)) : decision;
    }

    private static Decision Undo(SoldCode state, CodeSignal.UndoAsked u, Situation s)
    {
        if (state.SaidFor(u.Channel) is not { } now || now.Number != u.Number) return Decision.Ignore("That is not what it means now; nothing is undone.");
        var back = state.Before(now);
        return Decision.Of(new CodeEvent.MeaningUndone(u.Number, u.Channel, back, u.By))
            .Ask(new CodeRequest.Keep(u.Code, u.Channel, back?.Parts ?? [], back?.By ?? u.By, back?.At ?? s.At))
            .Because(back is null ? $"{u.By} took it back; nothing is said of it any more." : $"{u.By} took it back; it means {Part.Words(back.Parts)} again.");
    }

    /// <summary>Without the channels at which it is known by now.</summary>
    private static SoldCode Known(SoldCode state) => state with { Unknown = OrNull([.. (state.Unknown ?? []).Where(u => state.At(u.Channel) is null)]) };

    private static List<T>? OrNull<T>(List<T> list) => list.Count == 0 ? null : list;
}
