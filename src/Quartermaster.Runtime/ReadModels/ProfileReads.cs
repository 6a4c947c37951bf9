using System.Collections.Concurrent;
using Npgsql;

namespace Quartermaster.Runtime.ReadModels;

/// <summary>How far a marketing tool knows the brand's customers.</summary>
/// <param name="Known">Addresses that it took.</param>
/// <param name="Due">Addresses that it is to be told of now.</param>
/// <param name="Refused">Addresses that it will not take as they are.</param>
/// <param name="ToDelete">Erased customers whom it has not deleted yet.</param>
/// <param name="LastAt">When it last took something.</param>
public sealed record ProfileToolRow(long Known, long Due, long Refused, long Held, long ToDelete, DateTimeOffset? LastAt);

/// <summary>A customer of whom a marketing tool could not be told.</summary>
/// <param name="Customer">Whose the address is; null once they were erased.</param>
public sealed record UntoldProfileRow(string Realm, long? Customer, string? Name, string Word, DateTimeOffset At, int Attempts, DateTimeOffset? DueAt);

/// <summary>What marketing tools were told of customers.</summary>
public sealed class ProfileReads(NpgsqlDataSource database)
{
    /// <summary>From so many on they are counted once in <see cref="Kept"/>: a page asks whenever something changes in the hub.</summary>
    private const int Many = 10_000;

    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, (DateTimeOffset At, KnownProfiles Known)> _known = new();

    public async Task<ProfileToolRow> ToolAsync(string connection, DateTimeOffset now, CancellationToken cancel)
    {
        var known = await KnownAsync(connection, now, cancel);
        // Indexes: profile_due, profile_trouble, profile_held, profile_erasure.
        return (await database.ListAsync("""
            SELECT (SELECT count(*) FROM profile WHERE connection = $1 AND due_at <= $2 AND erasure IS NULL), (SELECT count(*) FROM profile WHERE connection = $1 AND attempts > 0 AND erasure IS NULL AND due_at IS NULL),
              (SELECT count(*) FROM profile WHERE connection = $1 AND held), (SELECT count(*) FROM profile WHERE connection = $1 AND erasure IS NOT NULL)
            """, r => new ProfileToolRow(known.Count, r.GetInt64(0), r.GetInt64(1), r.GetInt64(2), r.GetInt64(3), known.LastAt), cancel, connection, now))[0];
    }

    private async Task<KnownProfiles> KnownAsync(string connection, DateTimeOffset now, CancellationToken cancel)
    {
        if (_known.TryGetValue(connection, out var kept) && kept.Known.Count >= Many && now - kept.At < Kept) return kept.Known;
        var known = (await database.ListAsync("SELECT count(*) FILTER (WHERE print IS NOT NULL), max(sent_at) FROM profile WHERE connection = $1", r => new KnownProfiles(r.GetInt64(0), r.MaybeAt(1)), cancel, connection))[0];
        _known[connection] = (now, known);
        return known;
    }

    /// <summary>Those whom it did not take, the newest first.</summary>
    // Index: profile_trouble.
    public Task<List<UntoldProfileRow>> UntoldAsync(string connection, int most, CancellationToken cancel) => database.ListAsync("""
        SELECT p.realm, m.root, r.name, coalesce(p.word, ''), coalesce(p.word_at, p.due_at), p.attempts, p.due_at FROM profile p
        LEFT JOIN person_key k ON k.realm = p.realm AND k.kind = 'email' AND k.value = p.email LEFT JOIN person m ON m.realm = k.realm AND m.id = k.person LEFT JOIN person r ON r.realm = m.realm AND r.id = m.root
        WHERE p.connection = $1 AND p.attempts > 0 ORDER BY p.word_at DESC LIMIT $2
        """, r => new UntoldProfileRow(r.GetString(0), r.IsDBNull(1) ? null : r.GetInt64(1), r.Text(2), r.GetString(3), r.At(4), r.GetInt32(5), r.MaybeAt(6)), cancel, connection, most);

    private sealed record KnownProfiles(long Count, DateTimeOffset? LastAt);
}
