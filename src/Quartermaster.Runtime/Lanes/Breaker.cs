namespace Quartermaster.Runtime.Lanes;

/// <summary>Stops a lane whose remote system is down, and tries one call now and then.</summary>
/// <remarks>
/// Whoever was let through as the probe gives it back: every call ends with <see cref="Answered"/>, <see cref="Failed"/> or
/// <see cref="NotUsed"/>. A probe that nobody gave back would be the lane's last.
/// </remarks>
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

    /// <summary>Is there no use in fetching work: it rests, or its probe is under way?</summary>
    public bool Rests
    {
        get { lock (_gate) return State != "closed" && (_probing || clock.GetUtcNow() < _openUntil); }
    }

    /// <summary>May a call go out? While open, one probe is let through when the rest is over.</summary>
    public bool Lets(out TimeSpan wait, out bool probe)
    {
        lock (_gate)
        {
            (wait, probe) = (default, false);
            if (State == "closed") return true;
            var now = clock.GetUtcNow();
            if (now < _openUntil) { wait = _openUntil - now; return false; }
            if (_probing) { wait = TimeSpan.FromMilliseconds(200); return false; }
            _probing = probe = true;
            State = "half-open";
            return true;
        }
    }

    /// <summary>The probe made no call, or none that says anything: the next one may try.</summary>
    public void NotUsed()
    {
        lock (_gate) _probing = false;
    }

    /// <summary>The remote system is there, whatever it said.</summary>
    public void Answered()
    {
        lock (_gate) (State, _failures, _trips, _probing) = ("closed", 0, 0, false);
    }

    /// <param name="effects">How many effects got no answer.</param>
    public void Failed(int effects)
    {
        lock (_gate)
        {
            // While it rests, only the probe says anything new: the others began before.
            if (State != "closed" && !_probing) return;
            _failures += effects;
            if (!_probing && _failures < TripAfter) return;
            Rest("open", FirstRest * Math.Pow(2, Math.Min(_trips++, 10)));
        }
    }

    /// <summary>Our credentials are refused.</summary>
    public void Disconnected()
    {
        lock (_gate) Rest("disconnected", TimeSpan.FromMinutes(1));
    }

    private void Rest(string state, TimeSpan rest)
    {
        (State, _probing, _failures) = (state, false, 0);
        _openUntil = clock.GetUtcNow() + (rest < LongestRest ? rest : LongestRest);
    }
}
