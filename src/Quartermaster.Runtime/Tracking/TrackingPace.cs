using Quartermaster.Core.Connecting;

namespace Quartermaster.Runtime.Tracking;

/// <summary>When a carrier is asked again for a parcel: as often as there may be news, and never faster than the vendor's day lasts.</summary>
internal static class TrackingPace
{
    /// <summary>Longer than this no carrier keeps a parcel moving; its number is asked for no more, and the order shows it as under way.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(60);

    // Of a day's calls, the rest is for labels.
    private const double Share = 0.8;

    // What a day may begin with, so that the minutes after midnight are not silent.
    private const int Least = 10;

    /// <summary>After the hand-over: the carrier's first scan is hours away.</summary>
    /// <param name="silence">How long a vendor may be silent that tells by itself; null = it does not.</param>
    public static TimeSpan First(bool played, TimeSpan? silence = null) => Of(silence ?? TimeSpan.FromHours(2), played);

    /// <summary>How long a vendor that tells by itself may be silent before it is asked.</summary>
    public static TimeSpan Silence(TimeSpan silence, bool played) => Of(silence, played);

    /// <param name="age">Since the parcel left.</param>
    /// <param name="played">The carrier is a twin, at which an hour lasts a second.</param>
    /// <param name="silence">How long a vendor may be silent that tells by itself; null = it does not.</param>
    /// <returns>Null: it is asked for no more.</returns>
    public static TimeSpan? Next(Nearness nearness, TimeSpan age, bool played, TimeSpan? silence = null)
    {
        if (nearness == Nearness.Over || age > Longest) return null;
        if (silence is { } quiet) return Of(quiet, played);
        var pause = nearness switch
        {
            Nearness.AtTheDoor => TimeSpan.FromMinutes(30),
            Nearness.Troubled => TimeSpan.FromHours(3),
            Nearness.Underway => TimeSpan.FromHours(3),
            // A label that nobody scans for days is on a parcel that waits, or was never sent.
            _ => age < TimeSpan.FromDays(3) ? TimeSpan.FromHours(4) : TimeSpan.FromHours(12),
        };
        if (age > TimeSpan.FromDays(14) && pause < TimeSpan.FromHours(12)) pause = TimeSpan.FromHours(12);
        return Of(pause, played);
    }

    /// <summary>When one is asked again that could not be answered.</summary>
    /// <param name="age">Since the parcel left.</param>
    /// <param name="played">The carrier is a twin, at which an hour lasts a second.</param>
    /// <returns>Null: it is asked for no more.</returns>
    public static TimeSpan? AfterTrouble(Outcome trouble, TimeSpan age, bool played, TimeSpan? silence = null)
    {
        // It would be refused again; some carriers refuse a number until its first scan.
        if (trouble is Outcome.Refused) return Next(Nearness.Unseen, age, played, silence);
        if (age > Longest) return null;
        var least = Of(TimeSpan.FromMinutes(5), played);
        return trouble is Outcome.TryLater { After: { } wish } && wish > least ? wish : least;
    }

    /// <summary>When a connection is tried again that does not accept our credentials.</summary>
    public static TimeSpan WhileCutOff(bool played) => Of(TimeSpan.FromMinutes(15), played);

    /// <summary>A day's calls are spread over the day: asking never gets ahead of the clock, and leaves a fifth to what is bought and cancelled.</summary>
    /// <param name="used">Calls made today (UTC), labels included.</param>
    public static bool HasRoom(Limits limits, int used, DateTimeOffset now) =>
        limits.PerDay == 0 || used < limits.PerDay * Share * now.UtcDateTime.TimeOfDay.TotalDays + Math.Min(Least, limits.PerDay * Share);

    private static TimeSpan Of(TimeSpan pause, bool played) => played ? pause / 3600 : pause;
}
