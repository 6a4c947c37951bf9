using Quartermaster.Core.Connecting;

namespace Quartermaster.Core.Channels;

/// <summary>A listing whose number may have to be set, with what may be sold of it now.</summary>
/// <param name="Sent">Our number that it took last; null = none yet.</param>
/// <param name="Known">What the channel has, as far as we know; null = unknown.</param>
/// <param name="Told">It told <paramref name="Known"/> by itself; otherwise we found out.</param>
/// <param name="Marked">As it was when <paramref name="Available"/> was read.</param>
/// <param name="Attempts">How often it was tried in a row without success.</param>
/// <param name="CalmUntil">The number at the channel is not ours, and an order may still explain it until then.</param>
/// <param name="Available">Over the locations behind it; null = none of them ever had a count.</param>
/// <param name="Asks">A person is asked about the channel's number.</param>
/// <param name="Overwrites">The channel's number of which a person said that it is to be overwritten.</param>
public sealed record DueListing(ListingId Id, string Sku, int? Sent, int? Known, bool Told, long Marked, int Attempts, DateTimeOffset? CalmUntil, int? Available, bool Asks = false, int? Overwrites = null);

/// <summary>What a channel's answer means for a listing.</summary>
/// <param name="Known">What the channel has, as far as we know now; null = unknown.</param>
/// <param name="Sent">True when the channel has our number.</param>
/// <param name="Due">When to try again; null = not before something changes.</param>
/// <param name="Word">For the operator.</param>
/// <param name="Asks">The channel's number stays until a person says what is to be done.</param>
public sealed record Published(int? Known, bool Sent, DateTimeOffset? Due, string Word, bool Asks = false);

/// <summary>Rules by which channels are told what may be sold. Pure.</summary>
/// <remarks>
/// Numbers are absolute and read when they are sent, so the newest wins and a repeat is harmless. A channel sells while we write: what it
/// sold and has not told yet is missing from our number. So a number is <em>lowered</em> at once, and <em>raised</em> over one that we did
/// not expect only after a calm in which the channel's orders have come in.
/// </remarks>
public static class Publishing
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10), Disconnected = TimeSpan.FromMinutes(1);

    /// <summary>What is settled without a call; null = the channel has to be told.</summary>
    /// <param name="units">What may be sold.</param>
    /// <param name="terms">How far a number of the channel's may be off before a person is asked.</param>
    /// <param name="shadow">The brand is in shadow: nothing is told.</param>
    public static Published? Before(DueListing listing, int units, StockTerms terms, bool shadow, DateTimeOffset now) => listing switch
    {
        { Sku.Length: 0 } => new(listing.Known, false, null, "the channel names no SKU"),
        { Available: null } => new(listing.Known, false, null, "never counted: the channel's number is left as it is"),
        { Known: { } known } when known == units => new(units, true, null, "has it"),
        _ when shadow => new(listing.Known, false, null, $"in shadow: would be set to {units}"),
        { CalmUntil: { } until } when until > now && units > listing.Known => new(listing.Known, false, until, "raised when the channel's orders have come in"),
        { Sent: { } sent, Known: { } there } when there != listing.Overwrites && terms.AsksOf(sent, there, units) => new(there, false, null, $"has {there} instead of {sent}: a person is asked", Asks: true),
        _ => null,
    };

    /// <param name="attempts">How often it was tried in a row without success, this time included.</param>
    public static Published After(LevelToSet asked, LevelAnswer answer, int attempts, StockTerms terms, DateTimeOffset now) => answer switch
    {
        { Outcome: Outcome.Done or Outcome.AlreadyDone } => new(asked.Units, true, null, "accepted"),
        // Somebody else set it, or an earlier call of ours arrived although its answer did not.
        { Found: { } found } when found == asked.Units => new(found, true, null, "had it already"),
        { Found: { } found } when asked.Was is null => new(found, false, now + Wait(attempts - 1), $"has {found}"),
        { Found: { } found } when found > asked.Units => new(found, false, now + Wait(attempts - 1), $"had {found} instead of {asked.Was}; lowered next"),
        { Found: { } found } => new(found, false, now + terms.Calm, $"had {found} instead of {asked.Was}; raised when its orders have come in"),
        _ => new(asked.Was, false, Again(answer.Outcome, attempts, now), Words(answer.Outcome)),
    };

    /// <summary>When to ask a channel again that did not do it; null = it never will.</summary>
    /// <param name="attempts">How often it was tried in a row without success, this time included.</param>
    public static DateTimeOffset? Again(Outcome outcome, int attempts, DateTimeOffset now) => outcome switch
    {
        Outcome.TryLater t => now + Max(Wait(attempts), t.After),
        Outcome.Unsure => now + Wait(attempts),
        Outcome.NotConnected => now + Disconnected,
        Outcome.Refused => null,
        _ => throw new System.Diagnostics.UnreachableException(outcome.GetType().Name),
    };

    /// <summary>Why it did not do it.</summary>
    public static string Words(Outcome outcome) => outcome switch
    {
        Outcome.TryLater t => t.Why,
        Outcome.Unsure u => u.Why,
        Outcome.NotConnected n => n.Why,
        Outcome.Refused r => $"{r.Why} ({r.Code})",
        _ => throw new System.Diagnostics.UnreachableException(outcome.GetType().Name),
    };

    private static TimeSpan Wait(int attempts)
    {
        var wait = TimeSpan.FromSeconds(0.25) * Math.Pow(2, int.Clamp(attempts - 1, 0, 15));
        return attempts <= 0 ? TimeSpan.Zero : wait < Longest ? wait : Longest;
    }

    private static TimeSpan Max(TimeSpan wait, TimeSpan? wish) => wish is { } w && w > wait ? w : wait;
}
