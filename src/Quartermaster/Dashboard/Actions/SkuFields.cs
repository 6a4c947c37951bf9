using System.Globalization;
using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Kernel;

namespace Quartermaster.Dashboard.Actions;

/// <summary>Reads what a SKU weighs and measures and what customs asks of it, from a form, a row, a command or a program: one reader, so that all are checked alike.</summary>
internal static class SkuFields
{
    public static readonly string[] All = ["grams", "cm", "tariff", "origin", "value"];

    /// <param name="find">The text of a field; null or empty = nothing is said.</param>
    /// <exception cref="ArgumentException">A value cannot be, with the reason.</exception>
    public static SkuFacts Read(Func<string, string?> find) => new(Grams(find("grams")), Size(find("cm")), Tariff(find("tariff")), Origin(find("origin")), Value(find("value")));

    public static string? Cm(ParcelSize? size) => size is null ? null : string.Create(CultureInfo.InvariantCulture, $"{size.Length}x{size.Width}x{size.Height}");

    private static int Grams(string? text) => string.IsNullOrEmpty(text) ? 0
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var grams) && grams is >= 1 and <= SkuFacts.MostGrams ? grams
        : throw new ArgumentException($"'{text}' is not a weight: write whole grams from 1 to {SkuFacts.MostGrams}.");

    private static ParcelSize? Size(string? text)
    {
        if (string.IsNullOrEmpty(text)) return null;
        int[] sides = [.. text.Split('x', StringSplitOptions.TrimEntries).Select(side => int.TryParse(side, NumberStyles.None, CultureInfo.InvariantCulture, out var cm) && cm is >= 1 and <= SkuFacts.MostCentimetres ? cm : 0)];
        return sides is [> 0, > 0, > 0] ? SkuFacts.SizeOf(sides[0], sides[1], sides[2]) : throw new ArgumentException($"'{text}' is not the size of a unit: write three sides in whole centimetres, 30x20x10.");
    }

    private static string? Tariff(string? text) => string.IsNullOrEmpty(text) ? null : SkuFacts.Tariff(text) ?? throw new ArgumentException($"'{text}' is not a tariff number: write its 6 to 10 digits, such as 0902.30.");

    private static decimal Value(string? text) => string.IsNullOrEmpty(text) ? 0m
        : decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) && value is > 0m and <= SkuFacts.MostValue ? value
        : throw new ArgumentException($"'{text}' is not what a unit is worth: write an amount above 0 in the brand's currency, such as 12.50.");

    private static string? Origin(string? text) => string.IsNullOrEmpty(text) ? null
        : Countries.OrEmpty(text) is { Length: > 0 } country ? country : throw new ArgumentException($"'{text}' is not a country: write the ISO 3166 code of where it was made, such as IN.");
}
