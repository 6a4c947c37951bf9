using System.Globalization;
using System.Text.RegularExpressions;

namespace Quartermaster.Configuration;

/// <summary>Turns written text into values; each says what would be right when it cannot.</summary>
internal static partial class WrittenValues
{
    public static int Whole(this Section section, string key, int otherwise, int least = 0, int most = int.MaxValue)
    {
        if (section.Find(key) is not { } written)
            return otherwise;
        if (int.TryParse(written.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most)
            return value;
        written.IsWrong($"'{written.Text}' is not a whole number {Range(least, most, int.MaxValue)}", Example(key, otherwise));
        return otherwise;
    }

    public static decimal Number(this Section section, string key, decimal otherwise)
    {
        if (section.Find(key) is not { } written)
            return otherwise;
        if (decimal.TryParse(written.Text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value))
            return value;
        written.IsWrong($"'{written.Text}' is not a number of 0 or more", Example(key, otherwise));
        return otherwise;
    }

    public static bool Flag(this Section section, string key)
    {
        if (section.Find(key) is not { } written)
            return false;
        if (written.Text is "true" or "false")
            return written.Text == "true";
        written.IsWrong($"'{written.Text}' is neither true nor false", $"Write {key}: true or {key}: false");
        return false;
    }

    /// <summary>A length of time: <c>3d</c>, <c>12h</c>, <c>1h30m</c>, <c>45s</c>.</summary>
    public static TimeSpan Period(this Section section, string key, TimeSpan otherwise)
    {
        if (section.Find(key) is not { } written)
            return otherwise;
        if (PeriodOf(written.Text) is { } period)
            return period;
        written.IsWrong($"'{written.Text}' is not a length of time", $"Write a number with its unit: {key}: 3d, 12h, 30m or 1h30m.");
        return otherwise;
    }

    /// <returns>Null when it is not a length of time.</returns>
    public static TimeSpan? PeriodOf(string text)
    {
        if (text.Length == 0 || PeriodShape().Match(text) is not { Success: true } match)
            return null;
        double Of(string unit) => match.Groups[unit] is { Success: true, Value: var digits } ? double.Parse(digits, CultureInfo.InvariantCulture) : 0;
        return TimeSpan.FromDays(Of("d")) + TimeSpan.FromHours(Of("h")) + TimeSpan.FromMinutes(Of("m")) + TimeSpan.FromSeconds(Of("s"));
    }

    /// <summary>An instant with its offset from UTC, or a day: its beginning in UTC.</summary>
    public static DateTimeOffset? Instant(this Section section, string key)
    {
        if (section.Find(key) is not { } written)
            return null;
        if (DateTimeOffset.TryParseExact(written.Text, ["yyyy-MM-ddTHH:mm:ssK", "yyyy-MM-ddTHH:mmK", "yyyy-MM-dd"], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var value))
            return value;
        written.IsWrong($"'{written.Text}' is not an instant", $"Write a day or an instant with its offset: {key}: 2026-11-01 or 2026-11-01T09:00:00+05:30");
        return null;
    }

    public static T OneOf<T>(this Section section, string key, T otherwise) where T : struct, Enum
    {
        if (section.Find(key) is not { } written)
            return otherwise;
        foreach (var value in Enum.GetValues<T>())
            if (value.ToString().Equals(written.Text, StringComparison.OrdinalIgnoreCase))
                return value;
        var known = Enum.GetNames<T>().Select(n => n.ToLowerInvariant()).ToArray();
        written.IsWrong($"'{written.Text}' is not one of {string.Join(", ", known)}", NearestWord.Hint(written.Text, known, ""));
        return otherwise;
    }

    /// <summary>A text that a test accepts, otherwise the default and a problem.</summary>
    public static string Checked(this Section section, string key, string otherwise, Func<string, bool> accept, string expected, string right)
    {
        if (section.Find(key) is not { } written)
            return otherwise;
        if (accept(written.Text))
            return written.Text;
        written.IsWrong($"'{written.Text}' is not {expected}", right);
        return otherwise;
    }

    /// <summary>A name that ends up in addresses and keys: lower case, digits, hyphens.</summary>
    public static bool IsKey(string name) => KeyShape().IsMatch(name);

    private static string Range(int least, int most, int endless) =>
        most == endless ? string.Create(CultureInfo.InvariantCulture, $"of {least} or more") : string.Create(CultureInfo.InvariantCulture, $"between {least} and {most}");

    private static string Example(string key, decimal value) => string.Create(CultureInfo.InvariantCulture, $"Write for example {key}: {value}");

    [GeneratedRegex(@"^(?:(?<d>\d{1,5})d)?\s*(?:(?<h>\d{1,5})h)?\s*(?:(?<m>\d{1,6})m)?\s*(?:(?<s>\d{1,7})s)?$", RegexOptions.ExplicitCapture)]
    private static partial Regex PeriodShape();

    [GeneratedRegex("^[a-z0-9][a-z0-9-]{0,39}$")]
    private static partial Regex KeyShape();
}
