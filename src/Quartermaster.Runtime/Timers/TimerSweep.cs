using Npgsql;
using Quartermaster.Core.Kernel;
using static Quartermaster.Runtime.Columns;

namespace Quartermaster.Runtime.Timers;

/// <summary>Turns timers that fell due into signals; any process may, each timer goes to one.</summary>
internal sealed class TimerSweep(Database database, Wakeup wakeup, TimeProvider clock)
{
    private const int Most = 500;

    /// <summary>One sweep. Returns how many fell due; a full sweep means there may be more.</summary>
    public async Task<int> SweepAsync(CancellationToken cancel)
    {
        await using var connection = await database.Engine.OpenConnectionAsync(cancel);
        var now = clock.GetUtcNow();
        List<(string Brand, string Stream)> woken = [];
        // Index timer_due; rows that another process is taking are skipped. The timer goes and its signal comes in one statement.
        await using (var command = new NpgsqlCommand("""
            WITH d AS (DELETE FROM timer WHERE ctid = ANY (ARRAY(SELECT ctid FROM timer WHERE due_at <= $1 ORDER BY due_at LIMIT $2 FOR UPDATE SKIP LOCKED)) RETURNING brand, stream, kind, body),
            n AS MATERIALIZED (SELECT nextval('signal_seq') AS seq, d.* FROM d),
            s AS (INSERT INTO signal(seq, at, brand, stream, raw, kind, source, body) SELECT seq, $1, brand, stream, false, kind, 'timer', body FROM n)
            SELECT seq, brand, stream FROM n
            """, connection).With(Instant(now), Int(Most)))
        {
            // The partition is computed here, not in SQL, so that there is one definition of it; both statements share a transaction.
            await using var transaction = await connection.BeginTransactionAsync(cancel);
            List<long> seqs = [];
            await using (var reader = await command.ExecuteReaderAsync(cancel))
            {
                while (await reader.ReadAsync(cancel))
                {
                    seqs.Add(reader.GetInt64(0));
                    woken.Add((reader.GetString(1), reader.GetString(2)));
                }
            }
            if (seqs.Count == 0) return 0;
            await using var ready = new NpgsqlCommand("INSERT INTO ready(part, seq) SELECT * FROM unnest($1::smallint[], $2::bigint[])", connection, transaction);
            await ready.With(Shorts(woken.Select(w => StreamId.PartitionOf(w.Brand, w.Stream))), Longs(seqs)).ExecuteNonQueryAsync(cancel);
            await transaction.CommitAsync(cancel);
        }
        foreach (var (brand, stream) in woken) wakeup.Partition(StreamId.PartitionOf(brand, stream));
        return woken.Count;
    }
}
