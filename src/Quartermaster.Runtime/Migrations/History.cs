using System.Globalization;
using Npgsql;

namespace Quartermaster.Runtime.Migrations;

/// <summary>The append-only logs, cut into partitions along a rising number; history goes by dropping the oldest.</summary>
public static class History
{
    /// <summary>Signals per partition: about 800,000 orders.</summary>
    public const long SignalsPerPartition = 5_000_000;

    private const int Ahead = 2;

    private static readonly (string Table, string Sequence, long Step)[] Logs =
    [
        ("signal", "signal_seq", SignalsPerPartition),
        ("decision", "signal_seq", SignalsPerPartition),
        ("movement", "signal_seq", SignalsPerPartition),
        ("effect_log", "effect_block", SignalsPerPartition),
    ];

    /// <summary>Makes the partition in use and the next two. Cheap when they exist; called at start and every half minute.</summary>
    /// <remarks>
    /// A partition is built apart and attached: ATTACH takes SHARE UPDATE EXCLUSIVE, so writers go on, where
    /// CREATE … PARTITION OF would stop them.
    /// </remarks>
    public static async Task EnsureAheadAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        foreach (var (table, sequence, step) in Logs)
        {
            var last = await Last(connection, sequence, cancel) * (sequence == "effect_block" ? Lanes.EffectIds.BlockSize : 1);
            for (var n = last / step; n <= last / step + Ahead; n++) await Ensure(connection, table, n, step, cancel);
        }
    }

    /// <summary>Drops partitions whose newest row is older than the limit. Returns what was dropped.</summary>
    public static async Task<IReadOnlyList<string>> DropOlderAsync(NpgsqlConnection connection, DateTimeOffset limit, CancellationToken cancel)
    {
        List<string> dropped = [];
        foreach (var (table, _, _) in Logs)
        {
            var at = table == "effect_log" ? "done_at" : "at";
            var partitions = await Partitions(connection, table, cancel);
            foreach (var name in partitions.SkipLast(Ahead + 1))
            {
                await using var newest = new NpgsqlCommand($"SELECT max({at}) < $1 FROM {name}", connection) { Parameters = { new() { Value = limit.UtcDateTime } } };
                if (await newest.ExecuteScalarAsync(cancel) is not true) break;
                await Execute(connection, $"DROP TABLE {name}", cancel);
                dropped.Add(name);
            }
        }
        return dropped;
    }

    private static async Task Ensure(NpgsqlConnection connection, string table, long n, long step, CancellationToken cancel)
    {
        var name = Name(table, n);
        if (await Exists(connection, name, cancel)) return;
        var column = table == "effect_log" ? "id" : "seq";
        long from = n * step, to = from + step;
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await Execute(connection, string.Create(CultureInfo.InvariantCulture, $"""
            CREATE TABLE {name} (LIKE {table} INCLUDING ALL, CONSTRAINT {name}_range CHECK ({column} >= {from} AND {column} < {to}));
            ALTER TABLE {name} SET (autovacuum_vacuum_insert_scale_factor = 0.4);
            ALTER TABLE {table} ATTACH PARTITION {name} FOR VALUES FROM ({from}) TO ({to});
            ALTER TABLE {name} DROP CONSTRAINT {name}_range;
            """), cancel);
        // A 5 KB order compresses to under half a page: kept in line it needs no second table and no second index.
        if (table == "signal") await Execute(connection, $"ALTER TABLE {name} SET (toast_tuple_target = 4080)", cancel);
        await transaction.CommitAsync(cancel);
    }

    private static string Name(string table, long n) => string.Create(CultureInfo.InvariantCulture, $"{table}_{n:D5}");

    private static async Task<long> Last(NpgsqlConnection connection, string sequence, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand($"SELECT last_value FROM {sequence}", connection);
        return (long)(await command.ExecuteScalarAsync(cancel))!;
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
