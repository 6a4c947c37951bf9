using System.CommandLine;

namespace Quartermaster.CommandLine;

/// <summary>What many commands are given alike, so that it is called and means the same everywhere.</summary>
internal static class Given
{
    /// <summary>As long as the pages and the API take a reason.</summary>
    private const int Longest = 300;

    public static readonly Option<string?> Brand = new("--brand") { Description = "The brand; not needed when there is one" };

    public static readonly Option<string?> OnlyBrand = new("--brand") { Description = "Only this brand" };

    public static readonly Option<bool> Json = new("--json") { Description = "One JSON object per line" };

    /// <summary>Why somebody does it: never empty, and short enough to be read in a list.</summary>
    public static Option<string> Reason(string description = "Why; it stands on the timeline and in the audit log")
    {
        var reason = new Option<string>("--reason") { Description = description, Required = true };
        reason.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string>() is not { } text || string.IsNullOrWhiteSpace(text) || text.Length > Longest)
                result.AddError($"--reason is a text of at most {Longest} characters.");
        });
        return reason;
    }

    public static Option<int> Limit(int usual, int most)
    {
        var limit = new Option<int>("--limit") { Description = $"At most this many, up to {most}", DefaultValueFactory = _ => usual };
        limit.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && result.GetValueOrDefault<int>() is var many && (many < 1 || many > most))
                result.AddError($"--limit is a number from 1 to {most}.");
        });
        return limit;
    }
}
