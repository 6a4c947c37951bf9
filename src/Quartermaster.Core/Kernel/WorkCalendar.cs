namespace Quartermaster.Core.Kernel;

/// <summary>When a location packs: until what time of which days.</summary>
/// <param name="CutOff">Orders heard until then, in <paramref name="TimeZone"/>, leave the same day.</param>
/// <param name="Closed">Days of the week nobody packs.</param>
/// <param name="Holidays">Single days nobody packs.</param>
/// <param name="TimeZone">IANA name.</param>
/// <param name="HandlingDays">Working days the location needs before a parcel leaves; 0 = the same day before the cut-off.</param>
public sealed record WorkCalendar(TimeOnly CutOff, IReadOnlyList<DayOfWeek> Closed, IReadOnlyList<DateOnly> Holidays, string TimeZone = "Etc/UTC", int HandlingDays = 0)
{
    /// <summary>Packs every day, around the clock.</summary>
    public static readonly WorkCalendar Always = new(TimeOnly.MaxValue, [], []);

    // A calendar in which nobody ever packs is refused by configuration; this ends the search all the same.
    private const int LongestClosure = 60;

    /// <summary>The day a parcel leaves when the location hears of it at <paramref name="now"/>.</summary>
    public DateOnly Leaves(DateTimeOffset now)
    {
        var there = There(now);
        var day = DateOnly.FromDateTime(there);
        return Later(TimeOnly.FromDateTime(there) > CutOff ? day.AddDays(1) : day, HandlingDays);
    }

    /// <summary>The date at the location.</summary>
    public DateOnly Today(DateTimeOffset now) => DateOnly.FromDateTime(There(now));

    /// <summary>The day that lies <paramref name="days"/> working days after <paramref name="from"/>, or after the next working day when that is none.</summary>
    public DateOnly Later(DateOnly from, int days)
    {
        var day = Open(from);
        for (var i = 0; i < days; i++) day = Open(day.AddDays(1));
        return day;
    }

    private DateTime There(DateTimeOffset now) => TimeZoneInfo.ConvertTime(now, TimeZoneInfo.FindSystemTimeZoneById(TimeZone)).DateTime;

    private DateOnly Open(DateOnly day)
    {
        for (var i = 0; i < LongestClosure && (Closed.Contains(day.DayOfWeek) || Holidays.Contains(day)); i++) day = day.AddDays(1);
        return day;
    }
}
