using System.Collections.Concurrent;
using System.Collections.Frozen;
using Quartermaster.Core.Customers;
using Quartermaster.Core.Kernel;
using static Quartermaster.Runtime.Columns;

namespace Quartermaster.Runtime.Customers;

/// <summary>By which channel people asked to be written to, in memory: every message asks for it, and it changes seldom.</summary>
/// <remarks>
/// Held by hashes, a few bytes for an address and none of its letters. Two addresses of one hash are a matter of chance, and what would come of it is another
/// order of the brand's channels. A brand with one channel is not read for.
/// </remarks>
public sealed class PreferenceShelf(Database database, HubPlan plan)
{
    // A decision may have begun, and written its time, before the last look and be seen only after it.
    private static readonly TimeSpan Overlap = TimeSpan.FromMinutes(1);

    private readonly FrozenDictionary<string, OfBrand> _brands =
        plan.Brands.Where(b => b.Value.Terms.MessageChannels.Count > 1).ToFrozenDictionary(b => b.Key, _ => new OfBrand());

    private DateTimeOffset _seen = DateTimeOffset.UnixEpoch;
    private long _erased = -1;

    /// <summary>Answers with the channel that whoever has an e-mail address and a phone number asked for last; null = nobody of the brand has asked for any.</summary>
    public Func<string?, string?, string?>? Of(string brand) => _brands.TryGetValue(brand, out var of) && of.HasAny ? of.Ask : null;

    /// <summary>Reads what was said since the last look; all of it, once somebody was erased: their row is gone, and nothing tells whose it was.</summary>
    internal async Task SeeAsync(CancellationToken cancel)
    {
        if (_brands.Count == 0) return;
        long erased;
        await using (var count = database.General.CreateCommand("SELECT count(*) FROM erasure WHERE erased_at IS NOT NULL")) erased = (long)(await count.ExecuteScalarAsync(cancel))!;
        var afresh = erased != _erased;
        var since = afresh ? DateTimeOffset.UnixEpoch : _seen;
        // Index: preference_changed.
        await using var read = database.General.CreateCommand("SELECT brand, address, channel, said_at, changed_at FROM preference WHERE changed_at > $1").With(Instant(since - Overlap));
        var said = _brands.Values.ToDictionary(of => of, _ => new Dictionary<ulong, (string Channel, DateTimeOffset At)>());
        await using (var reader = await read.ExecuteReaderAsync(cancel))
        {
            while (await reader.ReadAsync(cancel))
            {
                if (_brands.TryGetValue(reader.GetString(0), out var of)) said[of][Fnv.Of(reader.GetString(1))] = (reader.GetString(2), reader.Instant(3));
                if (reader.Instant(4) is var changed && changed > since) since = changed;
            }
        }
        foreach (var (of, words) in said) of.Hear(words, afresh);
        (_seen, _erased) = (since, erased);
    }

    private sealed class OfBrand
    {
        private ConcurrentDictionary<ulong, (string Channel, DateTimeOffset At)> _said = [];

        public OfBrand() => Ask = Find;

        /// <summary>Made once: it is handed to every decision.</summary>
        public Func<string?, string?, string?> Ask { get; }

        public bool HasAny => !_said.IsEmpty;

        /// <param name="afresh">That is all there is.</param>
        public void Hear(Dictionary<ulong, (string Channel, DateTimeOffset At)> words, bool afresh)
        {
            // Who decides meanwhile goes by one or the other.
            if (afresh) _said = new(words);
            else foreach (var (who, word) in words) _said[who] = word;
        }

        private string? Find(string? email, string? phone)
        {
            var (byMail, byPhone) = (At(email, ContactPoint.Email), At(phone, ContactPoint.Sms));
            // Of two words of one person the newer one holds.
            var said = byMail?.At > byPhone?.At || byPhone is null ? byMail : byPhone;
            return said?.Channel is { Length: > 0 } channel ? channel : null;
        }

        private (string Channel, DateTimeOffset At)? At(string? address, string by) =>
            !string.IsNullOrWhiteSpace(address) && _said.TryGetValue(Fnv.Of(ContactPoint.Of(by, address).Address), out var said) ? said : null;
    }
}
