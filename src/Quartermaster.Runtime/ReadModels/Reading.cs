using Npgsql;

namespace Quartermaster.Runtime.ReadModels;

/// <summary>The few lines that every read model needs: a statement, its values, a row.</summary>
/// <remarks>
/// A reader never waits for a writer (plain snapshots), and never holds one up for long: a page that cannot be answered in
/// five seconds is given up with a clear error rather than left to burn a core.
/// </remarks>
internal static class Reading
{
    private const int PatienceSeconds = 5;

    public static async Task<List<T>> ListAsync<T>(
        this NpgsqlDataSource database, string sql, Func<NpgsqlDataReader, T> row, CancellationToken cancel, params Value[] values)
    {
        await using var command = database.CreateCommand(sql);
        command.CommandTimeout = PatienceSeconds;
        foreach (var value in values) command.Parameters.Add(new NpgsqlParameter { Value = value.Given ?? DBNull.Value });
        await using var reader = await command.ExecuteReaderAsync(cancel);
        var rows = new List<T>();
        while (await reader.ReadAsync(cancel)) rows.Add(row(reader));
        return rows;
    }

    public static async Task<T?> OneAsync<T>(
        this NpgsqlDataSource database, string sql, Func<NpgsqlDataReader, T> row, CancellationToken cancel, params Value[] values)
        where T : class
    {
        await using var command = database.CreateCommand(sql);
        command.CommandTimeout = PatienceSeconds;
        foreach (var value in values) command.Parameters.Add(new NpgsqlParameter { Value = value.Given ?? DBNull.Value });
        await using var reader = await command.ExecuteReaderAsync(cancel);
        return await reader.ReadAsync(cancel) ? row(reader) : null;
    }

    public static string? Text(this NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    public static DateTimeOffset At(this NpgsqlDataReader row, int column) => row.GetFieldValue<DateTimeOffset>(column);

    public static DateTimeOffset? MaybeAt(this NpgsqlDataReader row, int column) =>
        row.IsDBNull(column) ? null : row.GetFieldValue<DateTimeOffset>(column);

    public static byte[]? Bytes(this NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetFieldValue<byte[]>(column);

    public static double? MaybeDouble(this NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetDouble(column);

    public static int? MaybeInt(this NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetInt32(column);
}

/// <summary>A value of a statement. Its own type, because an array of texts is one value, and C# would take it for a list of them.</summary>
internal readonly record struct Value(object? Given)
{
    public static implicit operator Value(string? text) => new(text);

    public static implicit operator Value(string[]? texts) => new(texts);

    public static implicit operator Value(long[] numbers) => new(numbers);

    public static implicit operator Value(byte[] bytes) => new(bytes);

    public static implicit operator Value(int[] numbers) => new(numbers);

    public static implicit operator Value(int number) => new(number);

    public static implicit operator Value(long number) => new(number);

    public static implicit operator Value(DateTimeOffset at) => new(at.ToUniversalTime());

    public static implicit operator Value(DateOnly day) => new(day);
}
