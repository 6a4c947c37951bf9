using System.Globalization;
using Quartermaster.Runtime;

namespace Quartermaster.Dashboard.Shown;

/// <summary>Instants as people read them, near ones by their distance.</summary>
/// <remarks>A page of one brand tells times in that brand's zone; a list over several tells all of them in the hub's. Either way the page names the zone once.</remarks>
public sealed class TimeText(HubPlan plan, TimeProvider clock)
{
    public DateTimeOffset Now => clock.GetUtcNow();

    /// <param name="brand">Null asks for the hub's own zone.</param>
    public TimeZoneInfo ZoneOf(string? brand)
    {
        var name = brand is not null && plan.Brands.TryGetValue(brand, out var found) ? found.Terms.TimeZone : HubZone();
        return TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) ? zone : TimeZoneInfo.Utc;
    }

    public string Absolute(DateTimeOffset at, string? brand)
    {
        var zone = ZoneOf(brand);
        var local = TimeZoneInfo.ConvertTime(at, zone);
        return local.ToString("d MMM yyyy, HH:mm:ss", CultureInfo.InvariantCulture) + " " + Offset(local);
    }

    /// <summary><c>Asia/Kolkata</c>; the name and not the distance to UTC, which changes over the year and so over a list.</summary>
    public string ZoneName(string? brand) => ZoneOf(brand).Id is var id && id is "Etc/UTC" ? "UTC" : id;

    /// <summary>The brand whose zone a page over these brands is told in; null, the hub's zone, when they are several.</summary>
    public static string? One(IReadOnlyList<string> brands) => brands is [var one] ? one : null;

    /// <summary>Short: the clock for today, the date for this year, the year otherwise.</summary>
    public string Short(DateTimeOffset at, string? brand)
    {
        var zone = ZoneOf(brand);
        var local = TimeZoneInfo.ConvertTime(at, zone);
        var today = TimeZoneInfo.ConvertTime(Now, zone);
        return local.Date == today.Date ? local.ToString("HH:mm", CultureInfo.InvariantCulture)
            : local.Year == today.Year ? local.ToString("d MMM HH:mm", CultureInfo.InvariantCulture)
            : local.ToString("d MMM yyyy", CultureInfo.InvariantCulture);
    }

    /// <summary>The day alone: for what is expected on a day and not at a time.</summary>
    public string Day(DateTimeOffset? at, string? brand, string never = "–")
    {
        if (at is not { } known) return never;
        var local = TimeZoneInfo.ConvertTime(known, ZoneOf(brand));
        return local.ToString(local.Year == TimeZoneInfo.ConvertTime(Now, ZoneOf(brand)).Year ? "d MMM" : "d MMM yyyy", CultureInfo.InvariantCulture);
    }

    public string Ago(DateTimeOffset at)
    {
        var distance = Now - at;
        return distance < TimeSpan.Zero ? "in " + Span(-distance) : distance < TimeSpan.FromSeconds(2) ? "just now" : Span(distance) + " ago";
    }

    public static string Span(TimeSpan span) => span switch
    {
        { TotalSeconds: < 1 } => $"{span.TotalMilliseconds:0} ms",
        { TotalSeconds: < 90 } => $"{span.TotalSeconds:0} s",
        { TotalMinutes: < 90 } => $"{span.TotalMinutes:0} min",
        { TotalHours: < 36 } => $"{span.TotalHours:0} h",
        { TotalDays: < 60 } => $"{span.TotalDays:0} days",
        { TotalDays: < 700 } => $"{span.TotalDays / 30.4:0} months",
        _ => $"{span.TotalDays / 365.25:0} years",
    };

    public DateOnly Today(string? brand) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(Now, ZoneOf(brand)).Date);

    /// <summary>Midnight of a day in the brand's zone; a day that begins with a skipped hour begins after it.</summary>
    public DateTimeOffset StartOf(DateOnly day, string? brand)
    {
        var zone = ZoneOf(brand);
        var midnight = day.ToDateTime(TimeOnly.MinValue);
        while (zone.IsInvalidTime(midnight)) midnight = midnight.AddMinutes(15);
        return new DateTimeOffset(midnight, zone.GetUtcOffset(midnight)).ToUniversalTime();
    }

    /// <summary>A time as a form has it, by the brand's clock; or what is wrong with it.</summary>
    public (DateTimeOffset At, string? Complaint) Typed(string text, string? brand)
    {
        if (!DateTime.TryParseExact(text, ["yyyy-MM-ddTHH:mm", "yyyy-MM-ddTHH:mm:ss"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var local) || local.Year is < 1990 or >= 2200) return (default, $"“{text}” is not a time.");
        var zone = ZoneOf(brand);
        return zone.IsInvalidTime(local) ? (default, $"{text} does not exist in {zone.Id}: the clock skips it.") : (new DateTimeOffset(local, zone.GetUtcOffset(local)).ToUniversalTime(), null);
    }

    private static string Offset(DateTimeOffset local) =>
        local.Offset == TimeSpan.Zero ? "UTC" : $"UTC{(local.Offset < TimeSpan.Zero ? "−" : "+")}{local.Offset:hh\\:mm}";

    // The zone that all brands share, and UTC when they differ.
    private string HubZone()
    {
        var zones = plan.Brands.Values.Select(b => b.Terms.TimeZone).Distinct().Take(2).ToArray();
        return zones.Length == 1 ? zones[0] : "Etc/UTC";
    }
}
