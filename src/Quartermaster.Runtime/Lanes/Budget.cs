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

/// <summary>Stops a lane whose remote system is down, and tries one call now and then.</summary>
public sealed class Breaker(TimeProvider clock)
{
    private const int TripAfter = 8;
    private static readonly TimeSpan FirstRest = TimeSpan.FromSeconds(2), LongestRest = TimeSpan.FromMinutes(2);

    private readonly Lock _gate = new();
    private int _failures;
    private int _trips;
    private bool _probing;
    private DateTimeOffset _openUntil;

    /// <summary><c>closed</c>, <c>open</c>, <c>half-open</c> or <c>disconnected</c> (credentials are refused; probed once a minute).</summary>
    public string State { get; private set; } = "closed";

    public DateTimeOffset? OpenUntil => State == "closed" ? null : _openUntil;

    /// <summary>May a call go out? While open, one probe is let through when the rest is over.</summary>
    public bool Lets(out TimeSpan wait)
    {
        lock (_gate)
        {
            wait = default;
            if (State == "closed") return true;
            var now = clock.GetUtcNow();
            if (now < _openUntil) { wait = _openUntil - now; return false; }
            if (_probing) { wait = TimeSpan.FromMilliseconds(200); return false; }
            _probing = true;
            State = "half-open";
            return true;
        }
    }

    /// <summary>A call was let through and none was made after all.</summary>
    public void NotUsed()
    {
        lock (_gate) _probing = false;
    }

    public void Succeeded()
    {
        lock (_gate) (State, _failures, _trips, _probing) = ("closed", 0, 0, false);
    }

    public void Failed(bool disconnected)
    {
        lock (_gate)
        {
            if (!disconnected && !_probing && ++_failures < TripAfter) return;
            (_probing, _failures) = (false, 0);
            State = disconnected ? "disconnected" : "open";
            var rest = disconnected ? TimeSpan.FromMinutes(1) : FirstRest * Math.Pow(2, Math.Min(_trips++, 10));
            _openUntil = clock.GetUtcNow() + (rest < LongestRest ? rest : LongestRest);
        }
    }
}
