using Npgsql;
using Quartermaster.Core.Kernel;
using static Quartermaster.Runtime.Columns;

namespace Quartermaster.Runtime.Operations;

/// <summary>Which signals of a brand's past, from <paramref name="From"/> to before <paramref name="Until"/>: what connections told, unless a source is named.</summary>
/// <remarks>What a person said was said of how things stood then. A hold that is lifted again would be another one.</remarks>
/// <param name="Source">The connection, <c>operator/NAME</c>, <c>timer</c> …: where it came from.</param>
/// <param name="Kind">A vendor's topic or a wire kind.</param>
public sealed record PastFilter(string Brand, DateTimeOffset From, DateTimeOffset Until, string? Source = null, string? Kind = null, string? Stream = null);

/// <summary>Decides stored signals once more, in the order in which they came: after a connector has learned to read something, or a rule was mended.</summary>
/// <remarks>The log is append-only, so each is copied under a new number and the first decision on it stays on the timeline. What it already caused is recognised by its key.</remarks>
internal sealed class PastSignals(Database database, Wakeup? wakeup, TimeProvider clock)
{
    /// <summary>More than that at once is a mistake more often than a wish; a longer time is replayed in pieces.</summary>
    public const int Most = 5000;

    private const int Samples = 20;

    // The log has no index by time. Numbers rise with it, so its ends are found in some twenty steps of the primary key.
    private const string Where = """
        FROM signal s WHERE s.seq >= $1 AND s.seq < $2 AND s.brand = $3 AND s.at >= $4 AND s.at < $5 AND (s.source = $6 OR ($6::text IS NULL AND s.raw)) AND ($7::text IS NULL OR s.kind = $7) AND ($8::text IS NULL OR s.stream = $8)
          AND coalesce(s.delivery, '') NOT LIKE 'replay of %' AND NOT EXISTS (SELECT 1 FROM parked p WHERE p.seq = s.seq)
        """;

    public async Task<ReplayPreview> PreviewAsync(PastFilter f, CancellationToken cancel)
    {
        await using var connection = await database.General.OpenConnectionAsync(cancel);
        var ends = await EndsAsync(connection, f, cancel);
        var count = (int)(long)(await With(new($"SELECT count(*) {Where}", connection), f, ends).ExecuteScalarAsync(cancel))!;
        List<ReplaySample> samples = [], skipped = [];
        await ReadAsync(With(new($"SELECT s.brand, s.stream, s.kind, 'decided again; what it already caused is recognised and not repeated' {Where} ORDER BY s.seq LIMIT {Samples}", connection), f, ends), samples, cancel);
        await ReadAsync(With(new($"""
            WITH x AS MATERIALIZED (SELECT s.seq, s.brand, s.stream {Where} ORDER BY s.seq LIMIT {Most}),
            e AS (SELECT unnest(d.effects) AS id FROM x JOIN decision d ON (d.brand, d.stream, d.seq) = (x.brand, x.stream, x.seq))
            SELECT l.brand, count(*) || ' effects', l.kind, 'already ' || l.outcome FROM e JOIN effect_log l ON l.id = e.id GROUP BY l.brand, l.kind, l.outcome ORDER BY count(*) DESC LIMIT {Samples}
            """, connection), f, ends), skipped, cancel);
        return new(count, 0, samples, skipped);
    }

    /// <returns>How many are decided again.</returns>
    /// <exception cref="InvalidOperationException">More than <see cref="Most"/>.</exception>
    public async Task<int> ReplayAsync(PastFilter f, string who, CancellationToken cancel)
    {
        await using var connection = await database.General.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        var ends = await EndsAsync(connection, f, cancel);
        List<(long Seq, short Part)> copies = [];
        await using (var copy = With(new($"""
            WITH o AS MATERIALIZED (SELECT s.* {Where} ORDER BY s.seq LIMIT {Most + 1}),
            n AS MATERIALIZED (SELECT nextval('signal_seq') AS fresh, o.* FROM (SELECT * FROM o ORDER BY seq) o),
            i AS (INSERT INTO signal(seq, at, brand, stream, raw, kind, source, delivery, body) SELECT fresh, $9, brand, stream, raw, kind, source, 'replay of ' || seq, body FROM n)
            SELECT fresh, brand, stream FROM n
            """, connection, transaction), f, ends).With(Instant(clock.GetUtcNow())))
        {
            await using var reader = await copy.ExecuteReaderAsync(cancel);
            while (await reader.ReadAsync(cancel)) copies.Add((reader.GetInt64(0), StreamId.PartitionOf(reader.GetString(1), reader.GetString(2))));
        }
        if (copies.Count > Most) throw new InvalidOperationException($"These are more than {Most:N0} signals. Name a shorter time, a source or a kind, and replay it in pieces.");
        await using (var ready = new NpgsqlCommand("INSERT INTO ready(part, seq) SELECT * FROM unnest($1::smallint[], $2::bigint[])", connection, transaction).With(Shorts(copies.Select(c => c.Part)), Longs(copies.Select(c => c.Seq))))
            await ready.ExecuteNonQueryAsync(cancel);
        await Desk.AuditAsync(connection, transaction, who, "replay", f.Brand, f.Stream ?? f.Source ?? f.Kind, $"{copies.Count} signals of {f.From.UtcDateTime:yyyy-MM-dd HH:mm} to {f.Until.UtcDateTime:yyyy-MM-dd HH:mm} UTC", cancel);
        await Desk.Notify(connection, transaction, cancel);
        await transaction.CommitAsync(cancel);
        wakeup?.Everything();
        return copies.Count;
    }

    // Numbers and times differ by the length of a commit, or of a transaction that waited: some minutes more are looked through on both sides.
    private static async Task<(long First, long End)> EndsAsync(NpgsqlConnection connection, PastFilter f, CancellationToken cancel)
    {
        await using var range = new NpgsqlCommand("SELECT coalesce(min(seq), 0), coalesce(max(seq), 0) + 1 FROM signal", connection);
        await using var reader = await range.ExecuteReaderAsync(cancel);
        await reader.ReadAsync(cancel);
        var (first, end) = (reader.GetInt64(0), reader.GetInt64(1));
        await reader.CloseAsync();
        return (await FirstSinceAsync(connection, first, end, f.From.AddMinutes(-5), cancel), await FirstSinceAsync(connection, first, end, f.Until.AddMinutes(5), cancel));
    }

    private static async Task<long> FirstSinceAsync(NpgsqlConnection connection, long low, long high, DateTimeOffset at, CancellationToken cancel)
    {
        while (low < high)
        {
            var middle = low + (high - low) / 2;
            // Gaps between numbers are jumped over: the next row after the middle speaks for all of them.
            await using var look = new NpgsqlCommand("SELECT seq, at FROM signal WHERE seq >= $1 AND seq < $2 ORDER BY seq LIMIT 1", connection).With(Long(middle), Long(high));
            await using var reader = await look.ExecuteReaderAsync(cancel);
            if (!await reader.ReadAsync(cancel)) high = middle;
            else if (reader.Instant(1) < at) low = reader.GetInt64(0) + 1;
            else high = middle;
        }
        return low;
    }

    private static NpgsqlCommand With(NpgsqlCommand command, PastFilter f, (long First, long End) ends) =>
        command.With(Long(ends.First), Long(ends.End), Text(f.Brand), Instant(f.From), Instant(f.Until), Text(f.Source), Text(f.Kind), Text(f.Stream));

    private static async Task ReadAsync(NpgsqlCommand command, List<ReplaySample> into, CancellationToken cancel)
    {
        await using (command)
        {
            await using var reader = await command.ExecuteReaderAsync(cancel);
            while (await reader.ReadAsync(cancel)) into.Add(new(reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.GetString(3)));
        }
    }
}
