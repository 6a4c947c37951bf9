using System.Globalization;

namespace Quartermaster.Connectors.Shared;

/// <summary>Reads the times of scans as carriers write them: digits without separators, with or without a distance from UTC.</summary>
internal static class ScanTimes
{
    /// <summary><c>20240423</c> and <c>091519</c>, <c>91519</c> or nothing.</summary>
    /// <param name="offset"><c>-04:00</c>, <c>-04.00</c> or <c>+0530</c>; null = the clock of the place is not known, and UTC is the best guess.</param>
    public static DateTimeOffset? OfDigits(string? date, string? time, string? offset)
    {
        if (!DateTime.TryParseExact(date, "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)) return null;
        var clock = TimeSpan.Zero;
        if (!string.IsNullOrEmpty(time) && !TimeSpan.TryParseExact(time.PadLeft(6, '0'), "hhmmss", CultureInfo.InvariantCulture, out clock)) return null;
        return new DateTimeOffset(day + clock, OffsetOf(offset)).ToUniversalTime();
    }

    /// <summary>ISO 8601; one without a distance from UTC is taken with <paramref name="offset"/>.</summary>
    public static DateTimeOffset? OfIso(string? text, string? offset = null)
    {
        if (!DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)) return null;
        var isLocal = offset is not null && DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var local) && local.Kind == DateTimeKind.Unspecified;
        return (isLocal ? new DateTimeOffset(at.UtcDateTime.Ticks, OffsetOf(offset)) : at).ToUniversalTime();
    }

    private static TimeSpan OffsetOf(string? text)
    {
        if (text is not { Length: >= 5 } || text[0] is not ('+' or '-')) return TimeSpan.Zero;
        var digits = text[1..].Replace(":", "", StringComparison.Ordinal).Replace(".", "", StringComparison.Ordinal);
        return TimeSpan.TryParseExact(digits, "hhmm", CultureInfo.InvariantCulture, out var distance) && distance.TotalHours <= 14 ? text[0] == '-' ? -distance : distance : TimeSpan.Zero;
    }
}
