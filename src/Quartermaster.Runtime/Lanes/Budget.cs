using Quartermaster.Core.Connecting;

namespace Quartermaster.Runtime.Lanes;

/// <summary>How fast one lane may call: a token bucket that starts with a single token, and a count per day.</summary>
/// <remarks>
/// Starting full would let a restart after an outage burst into the vendor's limit. Waiting for a token costs an effect no
/// attempt. The last tenth of a daily budget is kept for repeats of what has begun.
/// </remarks>
public sealed class Budget(Limits limits, TimeProvider clock, int usedToday, DateOnly day)
{
    private readonly Lock _gate = new();
    private double _tokens = Math.Min(1, limits.Burst);
    private long _at = clock.GetTimestamp();
    private DateTimeOffset _pausedUntil;

    public int UsedToday { get; private set; } = usedToday;

    public DateOnly Day { get; private set; } = day;

    /// <summary>Takes one call out of the budget, or says how long to wait before asking again.</summary>
    public bool TryTake(bool repeat, out TimeSpan wait)
    {
        lock (_gate)
        {
            var now = clock.GetUtcNow();
            var today = DateOnly.FromDateTime(now.UtcDateTime);
            if (today != Day) (Day, UsedToday) = (today, 0);
            if (now < _pausedUntil) { wait = _pausedUntil - now; return false; }
            if (limits.PerDay > 0 && UsedToday >= (repeat ? limits.PerDay : limits.PerDay - limits.PerDay / 10))
            {
                wait = Min(now.UtcDateTime.Date.AddDays(1) - now.UtcDateTime, TimeSpan.FromMinutes(5));
                return false;
            }
            if (limits.PerSecond > 0)
            {
                var stamp = clock.GetTimestamp();
                _tokens = Math.Min(Math.Max(1, limits.Burst), _tokens + clock.GetElapsedTime(_at, stamp).TotalSeconds * limits.PerSecond);
                _at = stamp;
                if (_tokens < 1) { wait = TimeSpan.FromSeconds((1 - _tokens) / limits.PerSecond); return false; }
                _tokens -= 1;
            }
            UsedToday++;
            wait = default;
            return true;
        }
    }

    /// <summary>The vendor asked for silence.</summary>
    public void PauseUntil(DateTimeOffset until)
    {
        lock (_gate)
        {
            if (until > _pausedUntil) _pausedUntil = until;
        }
    }

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
