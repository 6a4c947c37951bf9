using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Troubles;

/// <summary>What the team of a brand was told of what waits for a person.</summary>
/// <param name="Told">By cause; what nobody has asked about for a day is forgotten.</param>
public sealed record TroubleNotice(IReadOnlyList<ToldCause>? Told = null)
{
    public const string Stream = "trouble";

    public static readonly TroubleNotice None = new();

    public static StreamId Of(string brand) => new(brand, Stream, "all");
}

/// <param name="At">When it was told last.</param>
/// <param name="Newest">The newest that had been found then.</param>
/// <param name="Count">How many there were then.</param>
public sealed record ToldCause(string Cause, DateTimeOffset At, DateTimeOffset Newest, int Count);

/// <summary>Troubles of one cause. Words only, and none of a shopper: it is told outside the hub.</summary>
/// <param name="Cause">The same for the same cause; starts with the connection where one is to blame.</param>
public sealed record TroubleGroup(string Cause, string Words, int Count, DateTimeOffset Newest);

/// <summary>Signals to what a team is told.</summary>
public abstract record TroubleSignal : Signal
{
    private TroubleSignal() { }

    /// <summary>A look found these open.</summary>
    [Wire("trouble.seen.v1")]
    public sealed record Seen(IReadOnlyList<TroubleGroup> Groups) : TroubleSignal;
}

/// <summary>What a team was told.</summary>
public abstract record TroubleEvent : Event
{
    private TroubleEvent() { }

    /// <param name="News">What is told.</param>
    /// <param name="Others">Open causes that were told before.</param>
    [Wire("trouble.told.v1")]
    public sealed record Told(IReadOnlyList<TroubleGroup> News, int Others, DateTimeOffset At) : TroubleEvent;
}

/// <summary>Decides what of all that waits for a person is news: a new cause at once, one that goes on once an hour and only when more came.</summary>
public static class TroubleDecider
{
    private static readonly TimeSpan Again = TimeSpan.FromHours(1), Remembered = TimeSpan.FromDays(1);

    public static Decision Decide(TroubleNotice state, TroubleSignal signal, DateTimeOffset now) => signal switch
    {
        TroubleSignal.Seen seen => seen.Groups.Where(g => IsNews(state, g, now)).ToList() is { Count: > 0 } news
            ? Decision.Of(new TroubleEvent.Told(news, seen.Groups.Count - news.Count, now)).Because($"{news.Count} of {seen.Groups.Count} open causes are news.")
            : Decision.Ignore("All of it was told."),
        _ => throw new System.Diagnostics.UnreachableException(signal.GetType().Name),
    };

    public static TroubleNotice Evolve(TroubleNotice state, TroubleEvent e) => e switch
    {
        TroubleEvent.Told told => new([.. (state.Told ?? []).Where(t => told.At - t.At < Remembered && told.News.All(n => n.Cause != t.Cause)), .. told.News.Select(n => new ToldCause(n.Cause, told.At, n.Newest, n.Count))]),
        _ => throw new System.Diagnostics.UnreachableException(e.GetType().Name),
    };

    private static bool IsNews(TroubleNotice state, TroubleGroup group, DateTimeOffset now) =>
        (state.Told ?? []).FirstOrDefault(t => t.Cause == group.Cause) is not { } told || (now - told.At >= Again && (group.Newest > told.Newest || group.Count > told.Count));
}
