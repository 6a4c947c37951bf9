namespace Quartermaster.Core.Kernel;

/// <summary>What a brand keeps to when it sends what no order makes necessary. Messages about orders are not held by any of this.</summary>
/// <param name="NeedsOptIn">Nobody gets it who did not say yes; otherwise everybody who did not say no.</param>
/// <param name="Quiet">Hours of the customer's day in which nothing is sent; null = none.</param>
/// <param name="Most">Most of them to one customer, all channels together, in <see cref="Days"/> days.</param>
public sealed record ContactTerms(bool NeedsOptIn = true, QuietHours? Quiet = null, int Most = 4, int Days = 7)
{
    /// <summary>Its customers are the same people as those of the other brands that say so.</summary>
    public bool AcrossBrands { get; init; }

    public static readonly ContactTerms Usual = new(Quiet: new(new(21, 0), new(8, 0)));
}

/// <summary>Hours of the day in which nobody is to be disturbed, such as from 21:00 to 08:00.</summary>
public sealed record QuietHours(TimeOnly From, TimeOnly To)
{
    // A day has one quiet stretch; with several zones the last of them to wake may come a little after another falls quiet again.
    private const int MostTurns = 8;

    /// <summary>When they are over everywhere the customer may be; null = it is no quiet hour anywhere there.</summary>
    /// <param name="zones">Every zone the customer may live in.</param>
    public DateTimeOffset? EndsAt(DateTimeOffset now, IReadOnlyList<TimeZoneInfo> zones)
    {
        var at = now;
        for (var turn = 0; turn < MostTurns; turn++)
        {
            var before = at;
            foreach (var zone in zones) at = EndIn(zone, at) ?? at;
            if (at == before) break;
        }
        return at == now ? null : at;
    }

    private DateTimeOffset? EndIn(TimeZoneInfo zone, DateTimeOffset at)
    {
        var local = TimeZoneInfo.ConvertTime(at, zone).DateTime;
        if (!TimeOnly.FromDateTime(local).IsBetween(From, To)) return null;
        var end = local.Date + To.ToTimeSpan();
        if (end <= local) end = end.AddDays(1);
        // An hour that a change of clocks leaves out does not come; the one after it does.
        while (zone.IsInvalidTime(end)) end = end.AddMinutes(15);
        return new DateTimeOffset(TimeZoneInfo.ConvertTimeToUtc(end, zone), TimeSpan.Zero);
    }
}
