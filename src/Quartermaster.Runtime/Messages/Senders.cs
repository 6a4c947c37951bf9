using System.Collections.Concurrent;
using System.Collections.Frozen;
using Npgsql;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Messages;
using static Quartermaster.Runtime.Columns;

namespace Quartermaster.Runtime.Messages;

/// <summary>Keeps the numbers that messages come from to what their channel lets them do.</summary>
/// <remarks>
/// What the channel said of a number, and to whom it wrote, stand in tables: numbers that share a limit are counted together, whichever processes own their lanes, and a
/// process that has just begun knows both before it sends. In memory stands what was read of them, so that a batch reads what others have sent since and nothing else. A
/// number that its channel does not limit costs nothing.
/// </remarks>
public sealed class Senders
{
    // Another process may own the lane meanwhile, and have been told something else.
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(15);

    private readonly Database _database;
    private readonly TimeProvider _clock;
    private readonly FrozenDictionary<string, SharedLimit> _limits;
    private readonly ConcurrentDictionary<string, (SenderStanding? Standing, long ReadAt)> _known = new();
    private readonly ConcurrentDictionary<string, (SenderTally Tally, long Seq)> _tallies = new();

    public Senders(Database database, HubPlan plan, TimeProvider clock)
    {
        (_database, _clock) = (database, clock);
        var rated = plan.Connections.Values.Where(c => c.Connector.Manifest.RatesSenders).ToLookup(c => c.LimitKey);
        _limits = rated.SelectMany(r => r.Select(c => (c.Key, Limit: new SharedLimit(r.Key, [r.Key, .. r.Select(o => o.Key).Where(o => o != r.Key)])))).ToFrozenDictionary(c => c.Key, c => c.Limit);
    }

    /// <summary>Must it be asked before this connection sends? Yes until it is known that nothing limits it.</summary>
    internal bool Watch(string connection) => _limits.ContainsKey(connection) && (Known(connection) is not { } known || known.Standing is { Limits: true });

    /// <summary>What the tables hold under the name of this connection, and of what it shares its limit with.</summary>
    internal SharedLimit LimitOf(string connection) => _limits[connection];

    /// <summary>What the channel says of the number now; null = it was never asked.</summary>
    internal void Set(string connection, SenderStanding? standing) => _known[connection] = (standing, _clock.GetTimestamp());

    /// <param name="asked">With what stands for the reader: no address is kept. A customer of two brands counts as two.</param>
    /// <returns>Why each may not be sent, or not yet; null = it may.</returns>
    internal async Task<Outcome?[]> AskAsync(string connection, IReadOnlyList<(string Reader, MessageEffect.Send Message)> asked, DateTimeOffset now, CancellationToken cancel)
    {
        var answers = new Outcome?[asked.Count];
        if (await StandingAsync(connection, cancel) is not { Limits: true } standing) return answers;
        var limit = _limits[connection];
        try
        {
            await using var session = await _database.Engine.OpenConnectionAsync(cancel);
            await using var transaction = await session.BeginTransactionAsync(cancel);
            var (tally, seq) = await CatchUpAsync(session, limit, now, cancel);
            HashSet<long> told = [];
            for (var i = 0; i < asked.Count; i++)
            {
                var who = unchecked((long)Fnv.Of(asked[i].Reader));
                answers[i] = tally.Ask(who, asked[i].Message.Class == LegalClass.Marketing, asked[i].Message.HasAnotherWay, standing, now);
                if (answers[i] is null) told.Add(who);
            }
            // Kept before they are sent, as they are counted.
            if (told.Count > 0) seq = await KeepAsync(session, limit, told, now, cancel);
            _tallies[limit.Key] = (tally, seq);
            await transaction.CommitAsync(cancel);
        }
        catch
        {
            // It counted some that were not kept.
            _tallies.TryRemove(limit.Key, out _);
            throw;
        }
        return answers;
    }

    private (SenderStanding? Standing, long ReadAt)? Known(string connection) => _known.TryGetValue(connection, out var known) && _clock.GetElapsedTime(known.ReadAt) < Fresh ? known : null;

    private async Task<SenderStanding?> StandingAsync(string connection, CancellationToken cancel)
    {
        if (Known(connection) is { } known) return known.Standing;
        var read = await SenderRows.FindAsync(_database, connection, cancel);
        Set(connection, read);
        return read;
    }

    /// <summary>Reads what others have sent since this process looked, and keeps everybody else waiting until the transaction ends.</summary>
    private async Task<(SenderTally Tally, long Seq)> CatchUpAsync(NpgsqlConnection session, SharedLimit limit, DateTimeOffset now, CancellationToken cancel)
    {
        // The lock is of one limit. Under it every number that was given out is committed, so none comes late. Index: sender_told_seq.
        await using (var wait = new NpgsqlCommand("SELECT pg_advisory_xact_lock($1)", session).With(Long(limit.Lock))) await wait.ExecuteNonQueryAsync(cancel);
        var (tally, seq) = _tallies.GetOrAdd(limit.Key, _ => (new SenderTally(), 0));
        await using var command = new NpgsqlCommand("SELECT who, at, seq FROM sender_told WHERE connection = ANY($1) AND seq > $2 AND at > $3 ORDER BY at", session).With(Texts(limit.Names), Long(seq), Instant(now - SenderTally.Window));
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
        {
            tally.Told(reader.GetInt64(0), reader.Instant(1));
            seq = Math.Max(seq, reader.GetInt64(2));
        }
        return (tally, seq);
    }

    private static async Task<long> KeepAsync(NpgsqlConnection session, SharedLimit limit, HashSet<long> told, DateTimeOffset now, CancellationToken cancel)
    {
        await using var keep = new NpgsqlCommand("""
            WITH kept AS (INSERT INTO sender_told(connection, who, at) SELECT $1, u, $3 FROM unnest($2::bigint[]) u
              ON CONFLICT (connection, who) DO UPDATE SET at = excluded.at, seq = excluded.seq RETURNING seq)
            SELECT max(seq) FROM kept
            """, session);
        return (long)(await keep.With(Text(limit.Key), Longs(told.Order()), Instant(now)).ExecuteScalarAsync(cancel))!;
    }
}

/// <summary>What one number may do, or all those that share it.</summary>
/// <param name="Names">The key, and the connections' own: whom a number had told before it shared anything counts as well.</param>
internal sealed record SharedLimit(string Key, IReadOnlyList<string> Names)
{
    public long Lock { get; } = unchecked((long)Fnv.Of("sender/" + Key));
}
