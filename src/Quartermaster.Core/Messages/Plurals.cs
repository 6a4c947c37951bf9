using System.Collections.Frozen;

namespace Quartermaster.Core.Messages;

/// <summary>Which form of a noun stands with a number of things, by language: the cardinal rules of Unicode's CLDR, for whole numbers.</summary>
/// <remarks>
/// Forms stand in CLDR's order: zero, one, two, few, many, other, without those that a language has not. The form that French, Italian, Portuguese and
/// Spanish keep for millions is left out: nobody buys a million of a thing. A language that is not listed has two, one and many.
/// </remarks>
internal sealed record Plurals(int Forms, Func<int, int> Of)
{
    public static readonly Plurals None = new(1, _ => 0), Usual = new(2, n => n == 1 ? 0 : 1);

    private static readonly Plurals NothingIsOne = new(2, n => n is 0 or 1 ? 0 : 1);
    private static readonly Plurals EndsInOne = new(2, n => IsOne(n) ? 0 : 1);
    private static readonly Plurals OneFewMany = new(3, n => IsOne(n) ? 0 : IsFew(n) ? 1 : 2);
    private static readonly Plurals Polish = new(3, n => n == 1 ? 0 : IsFew(n) ? 1 : 2);
    private static readonly Plurals Czech = new(3, n => n == 1 ? 0 : n is >= 2 and <= 4 ? 1 : 2);
    private static readonly Plurals Slovenian = new(4, n => (n % 100) switch { 1 => 0, 2 => 1, 3 or 4 => 2, _ => 3 });
    private static readonly Plurals Lithuanian = new(3, n => n % 100 is >= 11 and <= 19 ? 2 : (n % 10) switch { 1 => 0, >= 2 => 1, _ => 2 });
    private static readonly Plurals Latvian = new(3, n => n % 10 == 0 || n % 100 is >= 11 and <= 19 ? 0 : IsOne(n) ? 1 : 2);
    private static readonly Plurals Romanian = new(3, n => n == 1 ? 0 : n == 0 || n % 100 is >= 1 and <= 19 ? 1 : 2);
    private static readonly Plurals Hebrew = new(3, n => n switch { 1 => 0, 2 => 1, _ => 2 });
    private static readonly Plurals Arabic = new(6, n => n <= 2 ? n : (n % 100) switch { >= 3 and <= 10 => 3, >= 11 => 4, _ => 5 });
    private static readonly Plurals Irish = new(5, n => n switch { 1 => 0, 2 => 1, >= 3 and <= 6 => 2, >= 7 and <= 10 => 3, _ => 4 });
    private static readonly Plurals Welsh = new(6, n => n switch { >= 0 and <= 3 => n, 6 => 4, _ => 5 });
    private static readonly Plurals Filipino = new(2, n => n is >= 1 and <= 3 || n % 10 is not (4 or 6 or 9) ? 0 : 1);

    private static readonly (Plurals Rule, string[] Languages)[] Table =
    [
        (None, ["id", "ja", "km", "ko", "lo", "ms", "my", "th", "vi", "yue", "zh"]),
        (NothingIsOne, ["am", "as", "bn", "fa", "fr", "gu", "hi", "hy", "kn", "pa", "pt", "zu"]),
        (Usual, ["pt-pt"]),
        (EndsInOne, ["is", "mk"]),
        (OneFewMany, ["be", "bs", "hr", "ru", "sr", "uk"]),
        (Polish, ["pl"]), (Czech, ["cs", "sk"]), (Slovenian, ["sl"]), (Lithuanian, ["lt"]), (Latvian, ["lv"]), (Romanian, ["ro"]),
        (Hebrew, ["he"]), (Arabic, ["ar"]), (Irish, ["ga"]), (Welsh, ["cy"]), (Filipino, ["fil", "tl"]),
    ];

    /// <summary>Those that do not count as most do.</summary>
    public static readonly FrozenDictionary<string, Plurals> ByLanguage = Table.SelectMany(row => row.Languages, (row, language) => (language, row.Rule)).ToFrozenDictionary(pair => pair.language, pair => pair.Rule);

    private static bool IsOne(int n) => n % 10 == 1 && n % 100 != 11;

    private static bool IsFew(int n) => n % 10 is >= 2 and <= 4 && n % 100 is not (>= 12 and <= 14);
}
