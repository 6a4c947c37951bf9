using System.Data;
using System.Data.Common;
using Npgsql;
using NpgsqlTypes;

namespace Quartermaster.Runtime;

/// <summary>The engine's own connections: statements prepared once, and plans that cannot depend on statistics.</summary>
/// <remarks>
/// Queue tables are empty one second and full the next; a plan made while one was empty costs a factor later. The hot statements
/// are written so that the indexed nested loop is the only sensible plan, and these settings take the other choices away.
/// </remarks>
public sealed class Database : IAsyncDisposable
{
    private const string PinnedPlans =
        "-c enable_seqscan=off -c enable_bitmapscan=off -c enable_hashjoin=off -c enable_mergejoin=off -c enable_material=off " +
        "-c enable_memoize=off -c plan_cache_mode=force_generic_plan -c jit=off -c idle_in_transaction_session_timeout=30s -c lock_timeout=10s -c statement_timeout=60s";

    public Database(string connectionString)
    {
        ConnectionString = connectionString;
        General = NpgsqlDataSource.Create(Tuned(connectionString, "quartermaster"));
        // Ends of effects join the group's rows with the deleted ones: as nested loops that would be quadratic in the group.
        Outcomes = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(Tuned(connectionString, "quartermaster outcomes")) { Options = PinnedPlans.Replace("-c enable_hashjoin=off ", "", StringComparison.Ordinal), MaxPoolSize = 4 });
        Engine = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(Tuned(connectionString, "quartermaster engine")) { Options = PinnedPlans, MaxPoolSize = 24 });
    }

    public string ConnectionString { get; }

    /// <summary>For pages, commands and everything that is not the hot path.</summary>
    public NpgsqlDataSource General { get; }

    /// <summary>For intake and deciding.</summary>
    public NpgsqlDataSource Engine { get; }

    /// <summary>For the ends of effects.</summary>
    public NpgsqlDataSource Outcomes { get; }

    public async ValueTask DisposeAsync()
    {
        await Outcomes.DisposeAsync();
        await Engine.DisposeAsync();
        await General.DisposeAsync();
    }

    private static string Tuned(string connectionString, string name) => new NpgsqlConnectionStringBuilder(connectionString)
    {
        ApplicationName = name,
        MaxAutoPrepare = 200,
        AutoPrepareMinUsages = 2,
        NoResetOnClose = true,
        ReadBufferSize = 65536,
        WriteBufferSize = 65536,
    }.ConnectionString;
}

/// <summary>Short names for typed array parameters: the hot statements take columns, not rows.</summary>
internal static class Columns
{
    public static NpgsqlBatchCommand Add(this NpgsqlBatch batch, string sql, params ReadOnlySpan<NpgsqlParameter> parameters)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var parameter in parameters) command.Parameters.Add(parameter);
        batch.BatchCommands.Add(command);
        return command;
    }

    public static NpgsqlCommand With(this NpgsqlCommand command, params ReadOnlySpan<NpgsqlParameter> parameters)
    {
        foreach (var parameter in parameters) command.Parameters.Add(parameter);
        return command;
    }

    public static NpgsqlParameter Text(string? value) => new() { NpgsqlDbType = NpgsqlDbType.Text, Value = (object?)value ?? DBNull.Value };

    public static NpgsqlParameter Texts(IEnumerable<string?> values) => new() { NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text, Value = values as string?[] ?? [.. values] };

    public static NpgsqlParameter Long(long value) => new NpgsqlParameter<long> { TypedValue = value };

    public static NpgsqlParameter NullableLong(long? value) => new() { NpgsqlDbType = NpgsqlDbType.Bigint, Value = value is { } v ? v : DBNull.Value };

    public static NpgsqlParameter Longs(IEnumerable<long> values) => new NpgsqlParameter<long[]> { TypedValue = values as long[] ?? [.. values] };

    public static NpgsqlParameter Int(int value) => new NpgsqlParameter<int> { TypedValue = value };

    public static NpgsqlParameter Ints(IEnumerable<int> values) => new NpgsqlParameter<int[]> { TypedValue = values as int[] ?? [.. values] };

    public static NpgsqlParameter NullableInts(IEnumerable<int?> values) => new() { NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Integer, Value = values as int?[] ?? [.. values] };

    public static NpgsqlParameter Shorts(IEnumerable<short> values) => new NpgsqlParameter<short[]> { TypedValue = values as short[] ?? [.. values] };

    public static NpgsqlParameter Bool(bool value) => new NpgsqlParameter<bool> { TypedValue = value };

    public static NpgsqlParameter Bools(IEnumerable<bool> values) => new NpgsqlParameter<bool[]> { TypedValue = values as bool[] ?? [.. values] };

    public static NpgsqlParameter NullableBools(IEnumerable<bool?> values) => new() { NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Boolean, Value = values as bool?[] ?? [.. values] };

    public static NpgsqlParameter Uuids(IEnumerable<Guid> values) => new NpgsqlParameter<Guid[]> { TypedValue = values as Guid[] ?? [.. values] };

    public static NpgsqlParameter Decimals(IEnumerable<decimal> values) => new NpgsqlParameter<decimal[]> { TypedValue = values as decimal[] ?? [.. values] };

    public static NpgsqlParameter NullableDecimals(IEnumerable<decimal?> values) => new() { NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Numeric, Value = values as decimal?[] ?? [.. values] };

    public static NpgsqlParameter Instant(DateTimeOffset value) => new NpgsqlParameter<DateTime> { TypedValue = value.UtcDateTime, NpgsqlDbType = NpgsqlDbType.TimestampTz };

    public static NpgsqlParameter NullableInstant(DateTimeOffset? value) => new() { NpgsqlDbType = NpgsqlDbType.TimestampTz, Value = value is { } v ? v.UtcDateTime : DBNull.Value };

    public static NpgsqlParameter Day(DateOnly value) => new NpgsqlParameter<DateOnly> { TypedValue = value };

    public static NpgsqlParameter NullableDay(DateOnly? value) => new() { NpgsqlDbType = NpgsqlDbType.Date, Value = value is { } v ? v : DBNull.Value };

    public static NpgsqlParameter NullableInt(int? value) => new() { NpgsqlDbType = NpgsqlDbType.Integer, Value = value is { } v ? v : DBNull.Value };

    public static NpgsqlParameter Double(double value) => new NpgsqlParameter<double> { TypedValue = value };

    public static NpgsqlParameter Instants(IEnumerable<DateTimeOffset> values) => new() { NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.TimestampTz, Value = values.Select(v => v.UtcDateTime).ToArray() };

    public static NpgsqlParameter NullableInstants(IEnumerable<DateTimeOffset?> values) => new() { NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.TimestampTz, Value = values.Select(v => v?.UtcDateTime).ToArray() };

    public static NpgsqlParameter Days(IEnumerable<DateOnly> values) => new() { NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Date, Value = values as DateOnly[] ?? [.. values] };

    public static NpgsqlParameter NullableDays(IEnumerable<DateOnly?> values) => new() { NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Date, Value = values as DateOnly?[] ?? [.. values] };

    public static NpgsqlParameter Blobs(IEnumerable<byte[]?> values) => new() { NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea, Value = values as byte[]?[] ?? [.. values] };

    public static NpgsqlParameter Blobs(IEnumerable<ReadOnlyMemory<byte>> values) => new() { NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea, Value = values as ReadOnlyMemory<byte>[] ?? [.. values] };

    public static DateTimeOffset Instant(this DbDataReader reader, int column) => new(reader.GetDateTime(column), TimeSpan.Zero);

    public static string? TextOrNull(this DbDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);

    public static DateTimeOffset? InstantOrNull(this DbDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.Instant(column);
}
