namespace Quartermaster.Runtime.Editions;

/// <summary>What a person wrote in the dashboard over what the file says: a brand's rules, or one of its flows. Never changed; in force from its time on, until a newer one is.</summary>
/// <param name="Subject"><see cref="Rules"/>, or that of a flow: <c>flow/review</c>.</param>
/// <param name="Number">From 1, by subject.</param>
/// <param name="Text">As it was typed; empty = back to what the file says.</param>
public sealed record Edition(string Subject, int Number, string Text, string Note, string ByWhom, DateTimeOffset SavedAt, DateTimeOffset From)
{
    /// <summary>The rules, which come after those of the file.</summary>
    public const string Rules = "rules";

    private const string Flows = "flow/";

    /// <summary>A flow, which stands in place of the file's of that name.</summary>
    public static string OfFlow(string id) => Flows + id;

    /// <summary>The flow that it is about; null = it is about the rules.</summary>
    public string? Flow => Subject.StartsWith(Flows, StringComparison.Ordinal) ? Subject[Flows.Length..] : null;
}
