using Npgsql;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Messages;
using static Quartermaster.Runtime.Columns;

namespace Quartermaster.Runtime.Messages;

/// <summary>The texts that message channels hold themselves, as they said last.</summary>
internal static class HeldTextRows
{
    public static async Task<HeldTexts> ReadAsync(Database database, string[] connections, CancellationToken cancel)
    {
        if (connections.Length == 0) return HeldTexts.Unread;
        var all = new Dictionary<string, List<HeldText>>();
        await using var command = database.General.CreateCommand("""
            SELECT r.connection, t.name, t.language, t.status, t.category, t.quality, t.body, t.parameters, t.others, t.buttons FROM held_text_read r LEFT JOIN held_text t USING (connection)
            WHERE r.connection = ANY($1) AND r.read_at IS NOT NULL
            """).With(Texts(connections));
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
        {
            if (!all.TryGetValue(reader.GetString(0), out var texts)) all[reader.GetString(0)] = texts = [];
            if (!reader.IsDBNull(1)) texts.Add(new(reader.GetString(1), reader.GetString(2), reader.GetString(3), reader.GetString(4), reader.TextOrNull(5), reader.GetString(6), reader.GetInt32(7), reader.GetInt32(8), reader.GetInt32(9)));
        }
        return new(all.ToDictionary(a => a.Key, a => (IReadOnlyList<HeldText>)a.Value));
    }

    /// <summary>Whether they have to be read: never, not for long, or the connection told something since.</summary>
    /// <returns>How much the connection has told by now; null = they need not be read.</returns>
    public static async Task<int?> DueAsync(Database database, string brand, string connection, DateTimeOffset longAgo, CancellationToken cancel)
    {
        // Index: stream_pkey. A notice of the vendor makes the connection's stream one version newer.
        await using var command = database.General.CreateCommand("""
            SELECT h.heard FROM (SELECT coalesce((SELECT version FROM stream WHERE brand = $1 AND stream = 'connection/' || $2), 0) AS heard) h
            LEFT JOIN held_text_read r ON r.connection = $2 WHERE r.read_at IS NULL OR r.read_at < $3 OR r.heard <> h.heard
            """).With(Text(brand), Text(connection), Instant(longAgo));
        return await command.ExecuteScalarAsync(cancel) as int?;
    }

    public static async Task FailedAsync(Database database, string connection, string why, CancellationToken cancel)
    {
        await using var command = database.General.CreateCommand("INSERT INTO held_text_read(connection, changes, error) VALUES ($1, 0, $2) ON CONFLICT (connection) DO UPDATE SET error = $2").With(Text(connection), Text(why));
        await command.ExecuteNonQueryAsync(cancel);
    }

    /// <summary>Keeps all texts of one connection in place of those that were kept.</summary>
    /// <param name="heard">How much the connection had told when they were asked for.</param>
    public static async Task KeepAsync(Database database, string connection, IReadOnlyList<HeldText> texts, int heard, DateTimeOffset now, CancellationToken cancel)
    {
        await using var batch = database.General.CreateBatch();
        // Lock: the connection's row, so that one reading is kept after the other. The mark moves only when something differs, and every process then reads anew.
        batch.Add("INSERT INTO held_text_read(connection, read_at, changes, heard) VALUES ($1, $2, 1, $3) ON CONFLICT (connection) DO UPDATE SET read_at = $2, heard = $3, error = NULL", Text(connection), Instant(now), Int(heard));
        batch.Add("""
            WITH now AS (SELECT * FROM unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::int[], $9::int[], $10::int[]) AS n(name, language, status, category, quality, body, parameters, others, buttons)),
            gone AS (DELETE FROM held_text t WHERE t.connection = $1 AND NOT EXISTS (SELECT 1 FROM now n WHERE n.name = t.name AND n.language = t.language) RETURNING 1),
            kept AS (INSERT INTO held_text(connection, name, language, status, category, quality, body, parameters, others, buttons) SELECT $1, n.* FROM now n
              ON CONFLICT (connection, name, language) DO UPDATE SET status = excluded.status, category = excluded.category, quality = excluded.quality, body = excluded.body, parameters = excluded.parameters, others = excluded.others, buttons = excluded.buttons
              WHERE (held_text.status, held_text.category, held_text.quality, held_text.body, held_text.parameters, held_text.others, held_text.buttons) IS DISTINCT FROM (excluded.status, excluded.category, excluded.quality, excluded.body, excluded.parameters, excluded.others, excluded.buttons) RETURNING 1)
            UPDATE held_text_read SET changes = changes + 1 WHERE connection = $1 AND (EXISTS (SELECT 1 FROM gone) OR EXISTS (SELECT 1 FROM kept))
            """,
            Text(connection), Texts(texts.Select(t => t.Name)), Texts(texts.Select(t => t.Language)), Texts(texts.Select(t => t.Status)), Texts(texts.Select(t => t.Category)), Texts(texts.Select(t => t.Quality)), Texts(texts.Select(t => t.Body)), Ints(texts.Select(t => t.Parameters)), Ints(texts.Select(t => t.Others)), Ints(texts.Select(t => t.Buttons)));
        await batch.ExecuteNonQueryAsync(cancel);
    }
}
