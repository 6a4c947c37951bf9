namespace Quartermaster.Core.Messages;

/// <summary>Languages as templates are kept under: <c>en</c>, <c>pt-br</c>.</summary>
public static class LanguageNames
{
    /// <returns>Null when it is none.</returns>
    public static string? Normal(string? text)
    {
        var language = text?.Trim().Replace('_', '-').ToLowerInvariant();
        return language is [>= 'a' and <= 'z', >= 'a' and <= 'z'] or [>= 'a' and <= 'z', >= 'a' and <= 'z', '-', >= 'a' and <= 'z', >= 'a' and <= 'z'] ? language : null;
    }
}
