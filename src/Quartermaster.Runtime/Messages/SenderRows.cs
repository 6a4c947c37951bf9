using Npgsql;
using Quartermaster.Core.Connecting;
using static Quartermaster.Runtime.Columns;

namespace Quartermaster.Runtime.Messages;

/// <summary>What channels said last of the numbers that messages come from, and how much of it is used.</summary>
internal static class SenderRows
{
    /// <returns>Null when it was never read.</returns>
    public static async Task<SenderStanding?> FindAsync(Database database, string connection, CancellationToken cancel)
    {
        await using var command = database.General.CreateCommand("SELECT quality, allowed, most_a_day FROM sender WHERE connection = $1 AND read_at IS NOT NULL").With(Text(connection));
        await using var reader = await command.ExecuteReaderAsync(cancel);
        return await reader.ReadAsync(cancel) ? new(reader.TextOrNull(0), reader.TextOrNull(1), reader.IsDBNull(2) ? null : reader.GetInt32(2)) : null;
    }

    /// <summary>Whether it has to be read: never, not for long, or the connection told something since.</summary>
    /// <returns>How much the connection has told by now; null = it need not be read.</returns>
    public static async Task<int?> DueAsync(Database database, string brand, string connection, DateTimeOffset longAgo, CancellationToken cancel)
    {
        // Index: stream_pkey. A notice of the vendor makes the connection's stream one version newer.
        await using var command = database.General.CreateCommand("""
            SELECT h.heard FROM (SELECT coalesce((SELECT version FROM stream WHERE brand = $1 AND stream = 'connection/' || $2), 0) AS heard) h
            LEFT JOIN sender r ON r.connection = $2 WHERE r.read_at IS NULL OR r.read_at < $3 OR r.heard <> h.heard
            """).With(Text(brand), Text(connection), Instant(longAgo));
        return await command.ExecuteScalarAsync(cancel) as int?;
    }

    public static async Task KeepAsync(Database database, string connection, SenderStanding standing, int heard, DateTimeOffset now, CancellationToken cancel)
    {
        await using var command = database.General.CreateCommand("""
            INSERT INTO sender(connection, quality, allowed, most_a_day, read_at, heard) VALUES ($1, $2, $3, $4, $5, $6)
            ON CONFLICT (connection) DO UPDATE SET quality = excluded.quality, allowed = excluded.allowed, most_a_day = excluded.most_a_day, read_at = excluded.read_at, heard = excluded.heard, error = NULL
            """).With(Text(connection), Text(standing.Quality), Text(standing.Limit), NullableInt(standing.MostADay), Instant(now), Int(heard));
        await command.ExecuteNonQueryAsync(cancel);
    }

    public static async Task FailedAsync(Database database, string connection, string why, CancellationToken cancel)
    {
        await using var command = database.General.CreateCommand("INSERT INTO sender(connection, error) VALUES ($1, $2) ON CONFLICT (connection) DO UPDATE SET error = $2").With(Text(connection), Text(why));
        await command.ExecuteNonQueryAsync(cancel);
    }

    /// <summary>Keeps how much is used, by all that share it, and nobody for longer than they count.</summary>
    /// <returns>How much is used.</returns>
    public static async Task<int> CountAsync(Database database, string connection, SharedLimit limit, DateTimeOffset until, CancellationToken cancel)
    {
        await using var session = await database.General.OpenConnectionAsync(cancel);
        await using var batch = session.CreateBatch();
        // Whoever sends at the same time has the same rows: one after the other.
        batch.Add("SELECT pg_advisory_xact_lock($1)", Long(limit.Lock));
        batch.Add("DELETE FROM sender_told WHERE connection = ANY($1) AND at <= $2", Texts(limit.Names), Instant(until));
        await batch.ExecuteNonQueryAsync(cancel);
        await using var count = new NpgsqlCommand("UPDATE sender SET used = (SELECT count(DISTINCT who) FROM sender_told WHERE connection = ANY($2) AND at > $3) WHERE connection = $1 RETURNING used", session);
        return await count.With(Text(connection), Texts(limit.Names), Instant(until)).ExecuteScalarAsync(cancel) as int? ?? 0;
    }
}
