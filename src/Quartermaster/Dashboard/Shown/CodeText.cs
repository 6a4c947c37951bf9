using Quartermaster.Core.Kernel;

namespace Quartermaster.Dashboard.Shown;

/// <summary>How people write what a code means, and addresses of its page.</summary>
public static class CodeText
{
    public const string Shape = "Write SKUs with their units, apart by commas: MUG, TEA*2.";

    /// <returns>Null when it cannot be read.</returns>
    public static IReadOnlyList<Part>? Read(string? text)
    {
        List<Part> parts = [];
        foreach (var one in (text ?? "").Split([',', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (Part.Read(one) is not { } part) return null;
            parts.Add(part);
        }
        return parts.Count == 0 ? null : parts;
    }

    public static string Write(IReadOnlyList<Part> parts) => string.Join(", ", parts.Select(p => p.Units == 1 ? p.Sku : $"{p.Sku}*{p.Units}"));

    /// <summary>Page of one code; with a proposal it shows what that would change.</summary>
    public static string To(string brand, string code, string? channel = null, IReadOnlyList<Part>? means = null, string? why = null)
    {
        var address = $"/stock/code?brand={Uri.EscapeDataString(brand)}&code={Uri.EscapeDataString(code)}";
        if (channel is { Length: > 0 }) address += $"&channel={Uri.EscapeDataString(channel)}";
        if (means is not null) address += $"&means={Uri.EscapeDataString(Write(means))}";
        return why is null ? address : address + $"&why={Uri.EscapeDataString(why)}";
    }
}
