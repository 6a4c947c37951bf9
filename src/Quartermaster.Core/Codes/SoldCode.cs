using System.Text.Json.Serialization;
using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Codes;

/// <summary>What one code that channels sell under stands for, at each channel of a brand, and what it stood for before.</summary>
public sealed record SoldCode
{
    public static readonly SoldCode Unheard = new();

    /// <summary>Channels that sold it while nobody knew what it means.</summary>
    public IReadOnlyList<Stranger>? Unknown { get; init; }

    /// <summary>What was said, oldest first. The newest of a channel holds; those before it come back when it is undone.</summary>
    public IReadOnlyList<Meaning>? Said { get; init; }

    /// <summary>Number of the newest thing that was said; undone ones keep theirs.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Last { get; init; }

    /// <summary>What was said last of exactly this channel; <see cref="Meaning.AllChannels"/> for what holds at every channel without its own.</summary>
    public Meaning? SaidFor(string channel)
    {
        Meaning? last = null;
        foreach (var meaning in Said ?? [])
            if (meaning.Channel == channel) last = meaning;
        return last;
    }

    /// <summary>What would hold again if this were undone; null = nothing was said before.</summary>
    public Meaning? Before(Meaning undone)
    {
        Meaning? last = null;
        foreach (var meaning in Said ?? [])
            if (meaning.Channel == undone.Channel && meaning.Number != undone.Number) last = meaning;
        return last;
    }

    /// <summary>What it means at a channel; null = itself, if we have such a SKU.</summary>
    public Meaning? At(string channel) => SaidFor(channel) ?? SaidFor(Meaning.AllChannels);
}

/// <summary>One thing that a person said of a code.</summary>
/// <param name="Number">Counts what was said of the code, from 1.</param>
/// <param name="Channel">The connection that sells it; empty = all channels of the brand.</param>
/// <param name="Why">What it was based on, such as a suggestion.</param>
public sealed record Meaning(int Number, string Channel, IReadOnlyList<Part> Parts, string By, DateTimeOffset At, string? Why = null)
{
    public const string AllChannels = "";
}

/// <summary>A channel that sells a code nobody knows.</summary>
/// <param name="Title">What the channel calls it.</param>
public sealed record Stranger(string Channel, string Title);
