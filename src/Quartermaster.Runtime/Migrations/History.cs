using System.Globalization;
using Npgsql;

namespace Quartermaster.Runtime.Migrations;

/// <summary>The append-only logs, cut into partitions along a rising number; history goes by dropping the oldest.</summary>
public static class History
{
    /// <summary>Signals per partition: about 800,000 orders.</summary>
    public const long SignalsPerPartition = 5_000_000;

    private const int Ahead = 2;

    /// <summary>A log, the number it is cut along, and the column that tells when a row was written.</summary>
    /// <param name="Open">Where rows stand that still have to be read from, or written to, this log under their old number.</param>
    /// <param name="Follows">The log whose partitions of the same numbers hold what these rows belong to; they go together.</param>
    private sealed record Log(string Table, string Sequence, long PerNumber, string Key, string At, string Open, string? Follows = null)
    {
        /// <summary>Keeps what the rows of a partition came to, before it goes.</summary>
        public string? Carry { get; init; }
    }

    // Decisions and movements carry the number of their signal and have no index that leads with it.
    private static readonly Log[] Logs =
    [
        new("signal", "signal_seq", 1, "seq", "at", "parked"),
        new("decision", "signal_seq", 1, "seq", "at", "parked", Follows: "signal"),
        new("movement", "signal_seq", 1, "seq", "at", "parked", Follows: "signal")
        {
            Carry = """
                INSERT INTO movement_before AS b(brand, sku, location, on_hand, reserved, damaged) SELECT brand, sku, location, sum(on_hand), sum(reserved), coalesce(sum(damaged), 0) FROM {0} GROUP BY brand, sku, location
                ON CONFLICT (brand, sku, location) DO UPDATE SET on_hand = b.on_hand + excluded.on_hand, reserved = b.reserved + excluded.reserved, damaged = b.damaged + excluded.damaged;
                """,
        },
        new("effect_log", "effect_block", Lanes.EffectIds.BlockSize, "id", "done_at", "effect"),
    ];

    /// <summary>Makes the partition in use and the next two. Cheap when they exist; called at start and every half minute.</summary>
    /// <remarks>
    /// A partition is built apart and attached: ATTACH takes SHARE UPDATE EXCLUSIVE, so writers go on, where
    /// CREATE … PARTITION OF would stop them.
    /// </remarks>
    public static async Task EnsureAheadAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        foreach (var log in Logs)
        {
            var inUse = await Last(connection, log, cancel) / SignalsPerPartition;
            for (var n = inUse; n <= inUse + Ahead; n++) await Ensure(connection, log, n, cancel);
        }
    }

    /// <summary>Begins a new partition where the one in use has rows older than the limit, however few: a quiet hub's history ages too.</summary>
    /// <remarks>The number jumps to the next partition. Numbers only ever rise, and nothing counts on there being no gaps.</remarks>
    public static async Task TurnOverAsync(NpgsqlConnection connection, DateTimeOffset limit, CancellationToken cancel)
    {
        foreach (var log in Logs.Where(l => l.Follows is null))
        {
            var last = await Last(connection, log, cancel);
            var next = (last / SignalsPerPartition + 1) * SignalsPerPartition;
            // Close to its end it turns over by itself; a jump must never meet numbers that are being handed out.
            if (next - last < SignalsPerPartition / 100 || await EdgeAsync(connection, log, Name(log.Table, last / SignalsPerPartition), "ASC", cancel) is not { } oldest || oldest >= limit) continue;
            await using var jump = new NpgsqlCommand($"SELECT setval('{log.Sequence}', $1)", connection) { Parameters = { new() { Value = next / log.PerNumber } } };
            await jump.ExecuteScalarAsync(cancel);
        }
        await EnsureAheadAsync(connection, cancel);
    }

    /// <summary>Drops partitions whose newest row is older than the limit. Returns what was dropped.</summary>
    /// <remarks>One stays while a signal of it is set apart, or an effect of it waits for a person: neither could be ended without it.</remarks>
    public static async Task<IReadOnlyList<string>> DropOlderAsync(NpgsqlConnection connection, DateTimeOffset limit, CancellationToken cancel)
    {
        List<string> dropped = [];
        foreach (var log in Logs.Where(l => l.Follows is null))
        {
            var inUse = await Last(connection, log, cancel) / SignalsPerPartition;
            foreach (var name in await Partitions(connection, log.Table, cancel))
            {
                if (string.CompareOrdinal(name, Name(log.Table, inUse)) >= 0) break;
                if (await EdgeAsync(connection, log, name, "DESC", cancel) is { } newest && newest >= limit) break;
                if (await IsNeededAsync(connection, log, name, cancel)) continue;
                foreach (var together in Logs.Where(l => l == log || l.Follows == log.Table))
                {
                    var table = name.Replace(log.Table, together.Table, StringComparison.Ordinal);
                    // One batch, so one transaction.
                    if (await Exists(connection, table, cancel)) await Execute(connection, $"{string.Format(CultureInfo.InvariantCulture, together.Carry ?? "", table)} DROP TABLE {table}", cancel);
                    dropped.Add(table);
                }
            }
        }
        return dropped;
    }

    // Index: the primary key of parked or effect.
    private static async Task<bool> IsNeededAsync(NpgsqlConnection connection, Log log, string partition, CancellationToken cancel)
    {
        var first = long.Parse(partition.AsSpan(log.Table.Length + 1), CultureInfo.InvariantCulture) * SignalsPerPartition;
        await using var command = new NpgsqlCommand($"SELECT EXISTS (SELECT 1 FROM {log.Open} WHERE {log.Key} >= $1 AND {log.Key} < $2)", connection) { Parameters = { new() { Value = first }, new() { Value = first + SignalsPerPartition } } };
        return (bool)(await command.ExecuteScalarAsync(cancel))!;
    }

    /// <summary>When the first or last row of a partition was written; one step of its primary key. Null: it has none.</summary>
    private static async Task<DateTimeOffset?> EdgeAsync(NpgsqlConnection connection, Log log, string partition, string direction, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand($"SELECT {log.At} FROM {partition} ORDER BY {log.Key} {direction} LIMIT 1", connection);
        return await command.ExecuteScalarAsync(cancel) is DateTime at ? new DateTimeOffset(at, TimeSpan.Zero) : null;
    }

    // Every statement finds its rows by key, so statistics choose nothing here. A young and busy table is otherwise sampled again at each tenth that it grows:
    // that was a fifth of the database's CPU in the first minutes.
    private const string SeldomAnalyzed = "autovacuum_analyze_scale_factor = 0.2, autovacuum_analyze_threshold = 250000";

    private static async Task Ensure(NpgsqlConnection connection, Log log, long n, CancellationToken cancel)
    {
        var (table, column) = (log.Table, log.Key);
        var name = Name(table, n);
        if (await Exists(connection, name, cancel)) return;
        long from = n * SignalsPerPartition, to = from + SignalsPerPartition;
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await Execute(connection, string.Create(CultureInfo.InvariantCulture, $"""
            CREATE TABLE {name} (LIKE {table} INCLUDING ALL, CONSTRAINT {name}_range CHECK ({column} >= {from} AND {column} < {to}));
            ALTER TABLE {name} SET (autovacuum_vacuum_insert_scale_factor = 0.4, {SeldomAnalyzed});
            ALTER TABLE {table} ATTACH PARTITION {name} FOR VALUES FROM ({from}) TO ({to});
            ALTER TABLE {name} DROP CONSTRAINT {name}_range;
            """), cancel);
        // A 5 KB order compresses to under half a page: kept in line it needs no second table and no second index.
        if (table == "signal") await Execute(connection, $"ALTER TABLE {name} SET (toast_tuple_target = 4080)", cancel);
        await transaction.CommitAsync(cancel);
    }

    private static string Name(string table, long n) => string.Create(CultureInfo.InvariantCulture, $"{table}_{n:D5}");

    private static async Task<long> Last(NpgsqlConnection connection, Log log, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand($"SELECT last_value FROM {log.Sequence}", connection);
        return (long)(await command.ExecuteScalarAsync(cancel))! * log.PerNumber;
    }

    private static async Task<List<string>> Partitions(NpgsqlConnection connection, string table, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand("SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = $1::regclass ORDER BY 1", connection) { Parameters = { new() { Value = table } } };
        await using var reader = await command.ExecuteReaderAsync(cancel);
        List<string> names = [];
        while (await reader.ReadAsync(cancel)) names.Add(reader.GetString(0));
        return names;
    }

    private static async Task<bool> Exists(NpgsqlConnection connection, string table, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand("SELECT to_regclass($1) IS NOT NULL", connection) { Parameters = { new() { Value = table } } };
        return (bool)(await command.ExecuteScalarAsync(cancel))!;
    }

    private static async Task Execute(NpgsqlConnection connection, string sql, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancel);
    }
}
