using System.Numerics;
using Npgsql;
using static Quartermaster.Runtime.Columns;

namespace Quartermaster.Runtime.Partitions;

/// <summary>A signal that is ready, with what is known of the stream it belongs to.</summary>
/// <param name="Version">0: nobody has heard of the stream yet.</param>
/// <param name="Row">Address of its row in <c>ready</c>; only the holder of the partition's lock touches it.</param>
/// <param name="Behind">Its stream has a parked signal before this one.</param>
internal readonly record struct ReadySignal(
    short Part, long Seq, string Row, DateTimeOffset At, string Brand, string Stream, bool Raw, string Kind, string Source, byte[] Body,
    int Version, string? Status, bool Behind);

internal static class ReadyBatch
{
    /// <summary>Class of the advisory locks that serialise a partition; the second number is the partition.</summary>
    public const int LockClass = 77;

    // Two statements in one round trip: the second takes its snapshot after the locks, so it cannot see rows that the
    // previous owner has just deleted.
    private const string Locks = "SELECT p FROM unnest($1::smallint[]) p WHERE pg_try_advisory_xact_lock(77, p)";

    // One ordered walk per partition by the primary key of `ready`, then one index probe per row; no plan here can depend on
    // statistics. The low-water mark skips the dead index entries of what was done a moment ago.
    private const string Fetch = """
        SELECT r.part, r.seq, r.row, s.at, s.brand, s.stream, s.raw, s.kind, s.source, s.body, o.version, o.status, k.behind
        FROM (SELECT x.* FROM unnest($1::smallint[], $2::bigint[]) u(p, low)
              CROSS JOIN LATERAL (SELECT part, seq, ctid::text AS row FROM ready WHERE part = u.p AND seq >= u.low ORDER BY seq LIMIT $3) x LIMIT $3) r
        CROSS JOIN LATERAL (SELECT at, brand, stream, raw, kind, source, body FROM signal WHERE signal.seq = r.seq OFFSET 0) s
        LEFT JOIN LATERAL (SELECT version, status FROM stream t WHERE t.brand = s.brand AND t.stream = s.stream OFFSET 0) o ON true
        CROSS JOIN LATERAL (SELECT EXISTS (SELECT 1 FROM parked WHERE parked.brand = s.brand AND parked.stream = s.stream AND NOT parked.alone) AS behind OFFSET 0) k
        ORDER BY r.seq
        """;

    /// <summary>Locks what it can of the partitions and reads up to <paramref name="limit"/> ready signals, oldest first.</summary>
    /// <param name="first">The partition to begin at; the others follow in their order.</param>
    /// <returns>The rows, the partitions whose lock somebody else holds, whether there may be more, and the partition to begin at next.</returns>
    public static async Task<(List<ReadySignal> Signals, long Missed, bool More, short Next)> ReadAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, long partitions, long[] low, int limit, int first, CancellationToken cancel)
    {
        var parts = new short[BitOperations.PopCount((ulong)partitions)];
        var marks = new long[parts.Length];
        var place = new int[Core.Kernel.StreamId.Partitions];
        for (int i = 0, at = first; i < parts.Length; at++)
        {
            var part = at & 63;
            if ((partitions & 1L << part) == 0) continue;
            (parts[i], place[part]) = ((short)part, i);
            marks[i++] = low[part];
        }
        await using var batch = new NpgsqlBatch(connection, transaction);
        batch.Add(Locks, Shorts(parts));
        batch.Add(Fetch, Shorts(parts), Longs(marks), Int(limit));
        await using var reader = await batch.ExecuteReaderAsync(cancel);
        var locked = 0L;
        while (await reader.ReadAsync(cancel)) locked |= 1L << reader.GetInt16(0);
        await reader.NextResultAsync(cancel);
        List<ReadySignal> signals = [];
        int read = 0, last = 0;
        while (await reader.ReadAsync(cancel))
        {
            read++;
            var part = reader.GetInt16(0);
            last = Math.Max(last, place[part]);
            if ((locked & 1L << part) == 0) continue;
            var known = !reader.IsDBNull(10);
            signals.Add(new(part, reader.GetInt64(1), reader.GetString(2), reader.Instant(3), reader.GetString(4), reader.GetString(5), reader.GetBoolean(6), reader.GetString(7), reader.GetString(8),
                reader.GetFieldValue<byte[]>(9), known ? reader.GetInt32(10) : 0, known ? reader.TextOrNull(11) : null, reader.GetBoolean(12)));
        }
        // With a backlog the limit cuts the last partitions off: the next batch goes on where this one was cut, so that each has its turn once in a round. One
        // that fills a batch by itself has had its turn.
        return (signals, partitions & ~locked, read == limit, parts[last == 0 ? Math.Min(1, parts.Length - 1) : last]);
    }

    /// <summary>States of streams that this worker does not hold. Their partitions are locked, so the versions read before still stand.</summary>
    public static async Task<Dictionary<(string Brand, string Stream), byte[]>> StatesAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, List<(string Brand, string Stream)> streams, CancellationToken cancel)
    {
        Dictionary<(string, string), byte[]> states = new(streams.Count);
        if (streams.Count == 0) return states;
        // One probe of the primary key per stream.
        await using var command = new NpgsqlCommand("SELECT u.brand, u.stream, t.state FROM unnest($1::text[], $2::text[]) AS u(brand, stream) CROSS JOIN LATERAL (SELECT state FROM stream WHERE stream.brand = u.brand AND stream.stream = u.stream OFFSET 0) t", connection, transaction);
        command.With(Texts(streams.Select(s => s.Brand)), Texts(streams.Select(s => s.Stream)));
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel)) states[(reader.GetString(0), reader.GetString(1))] = reader.GetFieldValue<byte[]>(2);
        return states;
    }
}
