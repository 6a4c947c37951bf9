using Quartermaster.Core.Connecting;
using Quartermaster.Core.Kernel;
using static System.FormattableString;

namespace Quartermaster.Core.Customers;

/// <summary>A profile that a marketing tool may have to be told.</summary>
/// <param name="Print">Of what the tool took last; null = it was never told.</param>
/// <param name="RemoteId">Its own id of them.</param>
/// <param name="Attempts">How often it was tried in a row without success.</param>
public sealed record DueProfile(string? Print, string? RemoteId, int Attempts);

/// <summary>What came of a look at a profile.</summary>
/// <param name="Print">Of what the tool has now.</param>
/// <param name="Sent">True when the tool took it this time.</param>
/// <param name="Due">When to look again; null = not before something changes.</param>
/// <param name="Word">For the operator.</param>
/// <param name="Failed">It counts as an attempt without success.</param>
public sealed record Told(string? Print, string? RemoteId, bool Sent, DateTimeOffset? Due, string Word, bool Failed = false);

/// <summary>Rules by which marketing tools are told of customers. Pure.</summary>
/// <remarks>
/// A profile is a state, as stock is (ADR 17): it is read when it is sent, so the newest wins and a burst of changes is one call. It is known by its
/// print, so what the tool has already is not said again. When and how somebody said yes or no is no part of the print: an echo of what we told them
/// ourselves, which comes back with a time of its own, ends there.
/// </remarks>
public static class Telling
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10), Disconnected = TimeSpan.FromMinutes(1), Slowest = TimeSpan.FromSeconds(2), Daily = TimeSpan.FromDays(1);

    /// <summary>What a tool would know after being told this.</summary>
    public static string Print(CustomerEffect.Push profile)
    {
        string?[] facts = [profile.Email, profile.Phone, profile.Name, profile.Language, profile.Country, $"{profile.Orders}", .. profile.Lifetime.Select(l => Invariant($"{l.Currency} {l.Amount:0.####}")),
            Invariant($"{profile.FirstOrderAt?.UtcTicks}/{profile.LastOrderAt?.UtcTicks}"), .. profile.Segments];
        return $"{Fnv.Of(string.Join('\u001f', facts)):x16}{string.Concat(profile.Consents.OrderBy(c => c.Channel, StringComparer.Ordinal).Select(c => $" {c.Channel}={c.Wish}"))}";
    }

    /// <summary>The same, with each word marked that the tool has not been told, by the print of what it took last.</summary>
    public static CustomerEffect.Push WithNews(CustomerEffect.Push profile, string? print) => profile with
    {
        Consents = [.. profile.Consents.Select(c => c with { IsNews = WishIn(print, c.Channel) is var before && before != c.Wish && (before is not null || c.Wish != Wish.Unsaid) })],
    };

    /// <summary>What is settled without a call; null = the tool has to be told.</summary>
    /// <param name="toldByIt">Channels of which the newest word came from this very tool.</param>
    /// <param name="shadow">The brand is in shadow: nothing is told.</param>
    /// <param name="next">When the profile changes although nothing happens.</param>
    public static Told? Before(DueProfile due, CustomerEffect.Push profile, IReadOnlyCollection<string> toldByIt, bool shadow, DateTimeOffset? next)
    {
        var print = Print(profile);
        if (due.Print == print) return new(print, due.RemoteId, false, next, "has it");
        if (due.Print is { } before && toldByIt.Count > 0 && Without(before, toldByIt) == Without(print, toldByIt)) return new(print, due.RemoteId, false, next, "told us itself");
        return shadow ? new(due.Print, due.RemoteId, false, next, "in shadow: would be told") : null;
    }

    /// <summary>Somebody does not want to be written to, and the tool has not heard it.</summary>
    public static bool TellsNo(CustomerEffect.Push profile) => profile.Consents.Any(c => c is { IsNews: true, Wish: Wish.NoMarketing or Wish.Nothing });

    /// <param name="told">The print of what was said.</param>
    /// <param name="no">It said that they do not want to be written to.</param>
    public static Told After(DueProfile due, string told, Outcome outcome, DateTimeOffset? next, DateTimeOffset now, bool no = false) => outcome switch
    {
        Outcome.Done d => new(told, d.RemoteId ?? due.RemoteId, true, next, "taken"),
        Outcome.AlreadyDone d => new(told, d.RemoteId ?? due.RemoteId, true, next, "had it already"),
        // It will not take this; the next change is another question. Only a no is said until it is heard: the tool goes on writing to them.
        Outcome.Refused r => new(due.Print, due.RemoteId, false, no ? now + Daily : null, $"{r.Why} ({r.Code})", Failed: true),
        _ => new(due.Print, due.RemoteId, false, now + Again(outcome, due.Attempts + 1), WhyNot(outcome), Failed: true),
    };

    /// <summary>How long to leave a tool alone that neither took nor refused it.</summary>
    /// <param name="attempts">How often it was tried in a row without success, this time included.</param>
    public static TimeSpan Again(Outcome outcome, int attempts) => outcome switch
    {
        Outcome.TryLater { After: { } wish } when wish > Wait(attempts) => wish,
        Outcome.NotConnected => Disconnected,
        _ => Wait(attempts),
    };

    /// <summary>Why it did not do it.</summary>
    public static string WhyNot(Outcome outcome) => outcome switch
    {
        Outcome.TryLater t => t.Why,
        Outcome.Unsure u => u.Why,
        Outcome.NotConnected n => n.Why,
        Outcome.Refused r => $"{r.Why} ({r.Code})",
        _ => throw new System.Diagnostics.UnreachableException(outcome.GetType().Name),
    };

    private static Wish? WishIn(string? print, string channel)
    {
        foreach (var word in print?.Split(' ') ?? [])
            if (word.StartsWith(channel + "=", StringComparison.Ordinal) && Enum.TryParse<Wish>(word[(channel.Length + 1)..], out var wish)) return wish;
        return null;
    }

    private static string Without(string print, IReadOnlyCollection<string> channels) =>
        string.Join(' ', print.Split(' ').Where(word => !channels.Any(c => word.StartsWith(c + "=", StringComparison.Ordinal))));

    private static TimeSpan Wait(int attempts)
    {
        var wait = Slowest * Math.Pow(2, int.Clamp(attempts - 1, 0, 12));
        return wait < Longest ? wait : Longest;
    }
}
