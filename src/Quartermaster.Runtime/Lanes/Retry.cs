using Quartermaster.Core.Connecting;

namespace Quartermaster.Runtime.Lanes;

/// <summary>When a failed effect is tried again.</summary>
public static class Retry
{
    /// <summary>Attempts before a person is asked; with the pauses below that is about a day.</summary>
    public const int GiveUpAfter = 30;

    /// <summary>How often the fate of an effect may stay unknown, look-ups included, before a person is asked.</summary>
    public const int LookUps = 10;

    /// <summary>How long after its planning a vendor may set the pace of an effect for nothing; then each wait counts as an attempt.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromDays(3);

    private static readonly TimeSpan Longest = TimeSpan.FromHours(2);

    /// <summary>A look-up is none, and neither is a call that the vendor asked to have later.</summary>
    public static bool CostsAnAttempt(Settled s, DateTimeOffset now) =>
        s.Asked == Asked.ToDoIt && !(s.Result.Outcome is Outcome.TryLater { After: not null } && now - s.Item.PlannedAt < Patience);

    /// <summary>Exponential from a quarter of a second, with jitter from the effect's id so that a herd spreads out; never sooner than the vendor wishes.</summary>
    public static TimeSpan After(int attempts, TimeSpan? wish, long id)
    {
        var exponential = TimeSpan.FromSeconds(0.25) * Math.Pow(2, Math.Clamp(attempts - 1, 0, 15));
        var jittered = (exponential < Longest ? exponential : Longest) * (0.5 + id % 1000 / 2000.0);
        return wish is { } w && w > jittered ? w : jittered;
    }
}
