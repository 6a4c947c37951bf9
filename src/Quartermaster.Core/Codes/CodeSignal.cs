using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Codes;

/// <summary>What is said of a sold code. Sent to the stream <c>code/{code}</c>.</summary>
public abstract record CodeSignal : Signal
{
    private CodeSignal() { }

    /// <summary>An order has it, and it is neither a SKU of ours nor explained.</summary>
    [Wire("code.met.v1")]
    public sealed record Met(string Code, string Channel, string Title) : CodeSignal;

    /// <summary>A person says what it means.</summary>
    /// <param name="Channel">Empty = at all channels that have no meaning of their own for it.</param>
    /// <param name="Why">What it is based on; null = the person's own knowledge.</param>
    [Wire("code.explained.v1")]
    public sealed record Explained(string Code, string Channel, IReadOnlyList<Part> Parts, string By, string? Why = null) : CodeSignal;

    /// <summary>A person takes back what was said last; what was said before holds again.</summary>
    /// <param name="Number">What is taken back: a repeat, or an old page, must not undo the one before it too.</param>
    [Wire("code.undo_asked.v1")]
    public sealed record UndoAsked(string Code, string Channel, int Number, string By) : CodeSignal;

    /// <summary>No order waits to know it any more: cancelled, mapped one by one, or counted as a SKU.</summary>
    [Wire("code.nobody_waits.v1")]
    public sealed record NobodyWaits(string Code) : CodeSignal;
}
