using Quartermaster.Core.Connecting;

namespace Quartermaster.Runtime.Messages;

/// <summary>To whom one number has written within the last 24 hours, and whether it may write to one more.</summary>
/// <remarks>
/// Whoever heard from it in that time costs nothing, and what an order makes necessary may use all that is left. Marketing leaves a fifth of it to orders,
/// half of it once readers begin to complain (YELLOW), and all of it when the number is about to lose what it may do (RED).
/// </remarks>
internal sealed class SenderTally
{
    /// <summary>The refusal code of news of an order that another channel can tell.</summary>
    public const string Refusal = "number_limit";

    public static readonly TimeSpan Window = TimeSpan.FromHours(24);

    private static readonly TimeSpan UntilBetter = TimeSpan.FromHours(1), Shortest = TimeSpan.FromMinutes(1);

    private readonly Lock _alone = new();
    private readonly Dictionary<long, DateTimeOffset> _told = [];
    private readonly Queue<(long Who, DateTimeOffset At)> _order = new();

    /// <param name="told">What was kept of them, oldest first.</param>
    public SenderTally(SenderStanding standing, IEnumerable<(long Who, DateTimeOffset At)> told)
    {
        Standing = standing;
        foreach (var (who, at) in told) Keep(who, at);
    }

    public SenderStanding Standing { get; set; }

    /// <summary>Is there anything that it would not let through?</summary>
    public bool Limits => Standing is { MostADay: not null } or { Quality: "RED" };

    public int Used(DateTimeOffset now)
    {
        lock (_alone)
        {
            Forget(now);
            return _told.Count;
        }
    }

    /// <summary>Counts whom it lets through.</summary>
    /// <returns>Why not, or not yet; null = it may be sent.</returns>
    public Outcome? Ask(long who, bool isMarketing, bool hasAnotherWay, DateTimeOffset now)
    {
        lock (_alone)
        {
            Forget(now);
            if (isMarketing && Standing.Quality == "RED") return new Outcome.TryLater("Readers complain so much of the number (RED) that it sends only what orders make necessary.", UntilBetter);
            if (Standing.MostADay is { } most && !_told.ContainsKey(who) && _told.Count >= Room(most, isMarketing))
            {
                var why = isMarketing ? $"The number may write to {most:N0} people in 24 hours, has written to {_told.Count:N0}, and keeps the rest for orders." : $"The number may write to {most:N0} people in 24 hours, and has.";
                if (!isMarketing && hasAnotherWay) return new Outcome.Refused(Refusal, why);
                var free = _order.TryPeek(out var oldest) ? oldest.At + Window - now : Shortest;
                return new Outcome.TryLater(why, free > Shortest ? free : Shortest);
            }
            Keep(who, now);
            return null;
        }
    }

    private int Room(int most, bool isMarketing) => !isMarketing ? most : Standing.Quality == "YELLOW" ? most / 2 : most - most / 5;

    private void Keep(long who, DateTimeOffset at)
    {
        _told[who] = at;
        _order.Enqueue((who, at));
    }

    private void Forget(DateTimeOffset now)
    {
        while (_order.TryPeek(out var oldest) && oldest.At <= now - Window)
        {
            _order.Dequeue();
            // Written to again since, it counts from then.
            if (_told.GetValueOrDefault(oldest.Who) == oldest.At) _told.Remove(oldest.Who);
        }
    }
}
