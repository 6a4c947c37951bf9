using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Codes;

/// <summary>What became true of a sold code.</summary>
public abstract record CodeEvent : Event
{
    private CodeEvent() { }

    /// <summary>Orders of this channel wait to know what it means.</summary>
    [Wire("code.found_unknown.v1")]
    public sealed record FoundUnknown(string Channel, string Title) : CodeEvent;

    [Wire("code.meaning_set.v1")]
    public sealed record MeaningSet(Meaning Meaning) : CodeEvent;

    /// <param name="Back">What holds again; null = nothing was said before.</param>
    [Wire("code.meaning_undone.v1")]
    public sealed record MeaningUndone(int Number, string Channel, Meaning? Back, string By) : CodeEvent;

    [Wire("code.waited_for_no_more.v1")]
    public sealed record WaitedForNoMore : CodeEvent;
}
