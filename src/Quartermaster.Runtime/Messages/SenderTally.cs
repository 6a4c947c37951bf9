using Quartermaster.Core.Connecting;

namespace Quartermaster.Runtime.Messages;

/// <summary>To whom one number, or all that share its limit, have written within the last 24 hours, and whether it may write to one more.</summary>
/// <remarks>
/// Whoever heard from it in that time costs nothing, and what an order makes necessary may use all that is left. Marketing leaves a fifth of it to orders,
/// half of it once readers begin to complain (YELLOW), and all of it when the number is about to lose what it may do (RED). How much is allowed, and how readers
/// take it, is the asking number's own.
/// </remarks>
internal sealed class SenderTally
{
    /// <summary>The refusal code of news of an order that another channel can tell.</summary>
    public const string Refusal = "number_limit";

    public static readonly TimeSpan Window = TimeSpan.FromHours(24);

    private static readonly TimeSpan UntilBetter = TimeSpan.FromHours(1), Shortest = TimeSpan.FromMinutes(1);

    private readonly Dictionary<long, DateTimeOffset> _told = [];
    private readonly Queue<(long Who, DateTimeOffset At)> _order = new();

    /// <summary>They were written to, by whatever number and process.</summary>
    public void Told(long who, DateTimeOffset at)
    {
        if (_told.GetValueOrDefault(who) >= at) return;
        _told[who] = at;
        _order.Enqueue((who, at));
    }

    /// <summary>Counts whom it lets through.</summary>
    /// <returns>Why not, or not yet; null = it may be sent.</returns>
    public Outcome? Ask(long who, bool isMarketing, bool hasAnotherWay, SenderStanding standing, DateTimeOffset now)
    {
        Forget(now);
        if (isMarketing && standing.Quality == SenderStanding.Worst) return new Outcome.TryLater("Readers complain so much of the number (RED) that it sends only what orders make necessary.", UntilBetter);
        if (standing.MostADay is { } most && !_told.ContainsKey(who) && _told.Count >= Room(most, isMarketing, standing.Quality))
        {
            var why = isMarketing ? $"The number may write to {most:N0} people in 24 hours, has written to {_told.Count:N0}, and keeps the rest for orders." : $"The number may write to {most:N0} people in 24 hours, and has.";
            if (!isMarketing && hasAnotherWay) return new Outcome.Refused(Refusal, why);
            var free = _order.TryPeek(out var oldest) ? oldest.At + Window - now : Shortest;
            return new Outcome.TryLater(why, free > Shortest ? free : Shortest);
        }
        Told(who, now);
        return null;
    }

    private static int Room(int most, bool isMarketing, string? quality) => !isMarketing ? most : quality == "YELLOW" ? most / 2 : most - most / 5;

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
