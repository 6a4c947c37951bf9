using System.Text.Json.Serialization;

namespace Quartermaster.Core.Kernel;

/// <summary>Asks a brand's rules what they say of an order.</summary>
public delegate Ruling Judge(RuleFacts order);

/// <summary>What a brand's rules said of one order, and why. Kept with the order: it never has to be worked out again.</summary>
/// <param name="Version">Which rules were asked: the same for everything that was decided with them.</param>
/// <param name="Matches">Every rule whose condition was met, in the order of the rules.</param>
public sealed record Ruling(string Version, IReadOnlyList<RuleMatch> Matches)
{
    /// <summary>The brand has no rules any more.</summary>
    public static readonly Ruling None = new("none", []);

    public IReadOnlyList<string>? Tags { get; init; }

    /// <summary>The locations it may leave from.</summary>
    public string? Pool { get; init; }

    /// <summary>The only service it may travel by.</summary>
    public string? Service { get; init; }

    public RuleHold? Hold { get; init; }

    /// <summary>A hold that only a person ends, by approving.</summary>
    public RuleHold? Approval { get; init; }

    public IReadOnlyList<RuleNotice>? Notices { get; init; }

    /// <summary>Says the same for the same reasons, by the same rules.</summary>
    public bool IsSame(Ruling? other) =>
        other is not null && Version == other.Version && Pool == other.Pool && Service == other.Service && Hold == other.Hold && Approval == other.Approval
        && Matches.Count == other.Matches.Count && Matches.Zip(other.Matches).All(pair => pair.First.IsSame(pair.Second));

    public bool Names(string rule)
    {
        foreach (var match in Matches)
            if (match.Rule == rule) return true;
        return false;
    }
}

/// <summary>A rule whose condition an order met.</summary>
/// <param name="Because">The parts of the condition that were met, each with the order's value.</param>
/// <param name="Does">What followed from it.</param>
/// <param name="Lost">What an earlier rule had decided already, and which.</param>
public sealed record RuleMatch(string Rule, IReadOnlyList<string> Because, IReadOnlyList<string> Does, IReadOnlyList<string>? Lost = null)
{
    public bool IsSame(RuleMatch other) =>
        Rule == other.Rule && Because.SequenceEqual(other.Because) && Does.SequenceEqual(other.Does) && (Lost ?? []).SequenceEqual(other.Lost ?? []);
}

/// <summary>A hold that a rule asks for.</summary>
/// <param name="MayLift">The least role that may lift it.</param>
/// <param name="Lapses">How long after it is put on it ends by itself; null = never.</param>
/// <param name="Evidence">Which of the order's values met the condition: a person's lifting stands as long as these do.</param>
public sealed record RuleHold(string Rule, string Reason, string MayLift, string Evidence, TimeSpan? Lapses = null)
{
    /// <summary>What a person agreed to by lifting it.</summary>
    [JsonIgnore]
    public string Waiver => $"{Rule}: {Evidence}";
}

/// <summary>Something the operators are to be told of an order.</summary>
public sealed record RuleNotice(string Rule, string Text);
