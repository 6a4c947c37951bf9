using System.Collections.Frozen;

namespace Quartermaster.Core.Customers;

/// <summary>The time zones in which the people of a country live: the first and the last of the day where there are several, so that nobody between them is disturbed.</summary>
/// <remarks>From the IANA database's <c>zone.tab</c>; islands with few people are left out. An unknown country has none, and the brand's own zone counts.</remarks>
public static class CountryZones
{
    private static readonly FrozenDictionary<string, string[]> Ids = new Dictionary<string, string[]>
    {
        ["AE"] = ["Asia/Dubai"], ["AR"] = ["America/Argentina/Buenos_Aires"], ["AT"] = ["Europe/Vienna"], ["AU"] = ["Australia/Sydney", "Australia/Perth"], ["BD"] = ["Asia/Dhaka"], ["BE"] = ["Europe/Brussels"],
        ["BG"] = ["Europe/Sofia"], ["BH"] = ["Asia/Bahrain"], ["BR"] = ["America/Sao_Paulo", "America/Rio_Branco"], ["CA"] = ["America/St_Johns", "America/Vancouver"], ["CH"] = ["Europe/Zurich"], ["CL"] = ["America/Santiago"],
        ["CN"] = ["Asia/Shanghai"], ["CO"] = ["America/Bogota"], ["CY"] = ["Asia/Nicosia"], ["CZ"] = ["Europe/Prague"], ["DE"] = ["Europe/Berlin"], ["DK"] = ["Europe/Copenhagen"], ["EE"] = ["Europe/Tallinn"], ["EG"] = ["Africa/Cairo"],
        ["ES"] = ["Europe/Madrid", "Atlantic/Canary"], ["FI"] = ["Europe/Helsinki"], ["FR"] = ["Europe/Paris"], ["GB"] = ["Europe/London"], ["GR"] = ["Europe/Athens"], ["HK"] = ["Asia/Hong_Kong"], ["HR"] = ["Europe/Zagreb"],
        ["HU"] = ["Europe/Budapest"], ["ID"] = ["Asia/Jayapura", "Asia/Jakarta"], ["IE"] = ["Europe/Dublin"], ["IL"] = ["Asia/Jerusalem"], ["IN"] = ["Asia/Kolkata"], ["IS"] = ["Atlantic/Reykjavik"], ["IT"] = ["Europe/Rome"],
        ["JP"] = ["Asia/Tokyo"], ["KE"] = ["Africa/Nairobi"], ["KR"] = ["Asia/Seoul"], ["KW"] = ["Asia/Kuwait"], ["LK"] = ["Asia/Colombo"], ["LT"] = ["Europe/Vilnius"], ["LU"] = ["Europe/Luxembourg"], ["LV"] = ["Europe/Riga"],
        ["MA"] = ["Africa/Casablanca"], ["MT"] = ["Europe/Malta"], ["MX"] = ["America/Cancun", "America/Tijuana"], ["MY"] = ["Asia/Kuala_Lumpur"], ["NG"] = ["Africa/Lagos"], ["NL"] = ["Europe/Amsterdam"], ["NO"] = ["Europe/Oslo"],
        ["NP"] = ["Asia/Kathmandu"], ["NZ"] = ["Pacific/Auckland"], ["OM"] = ["Asia/Muscat"], ["PE"] = ["America/Lima"], ["PH"] = ["Asia/Manila"], ["PK"] = ["Asia/Karachi"], ["PL"] = ["Europe/Warsaw"],
        ["PT"] = ["Europe/Lisbon", "Atlantic/Azores"], ["QA"] = ["Asia/Qatar"], ["RO"] = ["Europe/Bucharest"], ["RS"] = ["Europe/Belgrade"], ["RU"] = ["Asia/Kamchatka", "Europe/Kaliningrad"], ["SA"] = ["Asia/Riyadh"],
        ["SE"] = ["Europe/Stockholm"], ["SG"] = ["Asia/Singapore"], ["SI"] = ["Europe/Ljubljana"], ["SK"] = ["Europe/Bratislava"], ["TH"] = ["Asia/Bangkok"], ["TR"] = ["Europe/Istanbul"], ["TW"] = ["Asia/Taipei"], ["UA"] = ["Europe/Kyiv"],
        ["US"] = ["America/New_York", "America/Los_Angeles"], ["VN"] = ["Asia/Ho_Chi_Minh"], ["ZA"] = ["Africa/Johannesburg"],
    }.ToFrozenDictionary();

    /// <summary>When the day of a moment is over everywhere in these zones.</summary>
    public static DateTimeOffset DayEnds(DateTimeOffset at, IReadOnlyList<TimeZoneInfo> zones)
    {
        var last = at;
        foreach (var zone in zones)
        {
            var midnight = TimeZoneInfo.ConvertTime(at, zone).Date.AddDays(1);
            // Where clocks are changed at midnight, the day begins when there is an hour.
            while (zone.IsInvalidTime(midnight)) midnight = midnight.AddMinutes(15);
            var ends = new DateTimeOffset(TimeZoneInfo.ConvertTimeToUtc(midnight, zone), TimeSpan.Zero);
            if (ends > last) last = ends;
        }
        return last;
    }

    /// <param name="country">ISO 3166-1 alpha-2; null = not known.</param>
    /// <param name="otherwise">The brand's own zone.</param>
    public static IReadOnlyList<TimeZoneInfo> Of(string? country, string otherwise)
    {
        List<TimeZoneInfo> zones = [];
        foreach (var id in country is null ? [] : Ids.GetValueOrDefault(country) ?? [])
            if (TimeZoneInfo.TryFindSystemTimeZoneById(id, out var zone)) zones.Add(zone);
        return zones.Count > 0 ? zones : [TimeZoneInfo.FindSystemTimeZoneById(otherwise)];
    }
}
