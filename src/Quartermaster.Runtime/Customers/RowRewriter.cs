using Npgsql;
using NpgsqlTypes;
using static Quartermaster.Runtime.Columns;

namespace Quartermaster.Runtime.Customers;

/// <summary>Rewrites rows of any table column by column, and counts them.</summary>
internal sealed class RowRewriter(NpgsqlConnection connection, NpgsqlTransaction transaction, Redaction redaction)
{
    /// <summary>Columns that are keys or words of the machine: they name no person, and a row has to be found by them.</summary>
    private static readonly HashSet<string> Kept = ["brand", "stream", "kind", "lane", "key", "source", "delivery", "outcome", "realm", "connection", "status", "channel", "currency", "country", "location", "number", "sku", "origin", "carrier", "service", "action", "who", "case_kind"];

    private IReadOnlyList<Traces.Column>? _columns;

    /// <summary>Rows that were rewritten or deleted, by table.</summary>
    public Dictionary<string, int> Rows { get; init; } = [];

    /// <param name="own">The rows are the person's own: raw bodies, requests and answers go altogether.</param>
    /// <param name="only">The one column; null = all that hold texts.</param>
    public async Task RewriteAsync(string table, string where, bool own, NpgsqlParameter[] parameters, CancellationToken cancel, string? only = null)
    {
        _columns ??= await Traces.ColumnsAsync(connection, transaction, cancel);
        var columns = _columns.Where(c => c.Table == table && !Kept.Contains(c.Name) && (only is null || c.Name == only)).ToList();
        if (columns.Count == 0) return;
        var isSignal = table == "signal";
        List<(uint Table, string Row, object?[] Values, bool Raw)> rows = [];
        await using (var read = new NpgsqlCommand($"SELECT tableoid, ctid::text, {(isSignal ? "raw" : "false")}, {string.Join(", ", columns.Select(Value))} FROM {Traces.Quoted(table)} WHERE {where} FOR UPDATE", connection, transaction))
        {
            read.CommandTimeout = 0;
            read.With(parameters);
            await using var reader = await read.ExecuteReaderAsync(cancel);
            while (await reader.ReadAsync(cancel))
                rows.Add((reader.GetFieldValue<uint>(0), reader.GetString(1), [.. columns.Select((_, i) => reader.IsDBNull(i + 3) ? null : reader.GetValue(i + 3))], reader.GetBoolean(2)));
        }
        foreach (var row in rows) await RewriteAsync(table, columns, row.Table, row.Row, row.Values, own, row.Raw, cancel);
    }

    public async Task RunAsync(string table, string sql, NpgsqlParameter[] parameters, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(sql, connection, transaction);
        command.CommandTimeout = 0;
        Count(table, await command.With(parameters).ExecuteNonQueryAsync(cancel));
    }

    private async Task RewriteAsync(string table, List<Traces.Column> columns, uint part, string row, object?[] values, bool own, bool raw, CancellationToken cancel)
    {
        await using var write = new NpgsqlCommand { Connection = connection, Transaction = transaction };
        List<string> sets = [];
        for (var i = 0; i < columns.Count; i++)
        {
            var now = New(table, columns[i], values[i], own, raw);
            if (now is null || Same(now, values[i])) continue;
            sets.Add($"{Traces.Quoted(columns[i].Name)} = ${sets.Count + 1}{Cast(columns[i])}");
            write.Parameters.Add(now is byte[] bytes ? new NpgsqlParameter<byte[]> { TypedValue = bytes } : new NpgsqlParameter { NpgsqlDbType = now is string[]? NpgsqlDbType.Array | NpgsqlDbType.Text : NpgsqlDbType.Text, Value = now == DBNull.Value ? DBNull.Value : now });
        }
        if (sets.Count == 0) return;
        write.CommandText = $"UPDATE {Traces.Quoted(table)} SET {string.Join(", ", sets)} WHERE tableoid = {part} AND ctid = '{row}'::tid";
        Count(table, await write.ExecuteNonQueryAsync(cancel));
    }

    /// <returns>Null = it stays.</returns>
    private object? New(string table, Traces.Column column, object? value, bool own, bool raw) => (value, column.Name) switch
    {
        (null, _) => null,
        // What a vendor sent cannot be told apart; on a connection it is about others as well.
        (byte[], "body") when raw && own => "{}"u8.ToArray(),
        (byte[] body, "body") when raw => redaction.Raw(body),
        (string, "detail") when own && table == "open_case" => Redaction.Word,
        (string, "request" or "answer") when own => Redaction.Word,
        // Some vendors write the number into the id of a message.
        (string, "remote_id") when own && table == "effect_log" => DBNull.Value,
        (byte[] body, _) => redaction.Body(body, own),
        (string json, _) when column.Type is "json" or "jsonb" => System.Text.Encoding.UTF8.GetString(redaction.Body(System.Text.Encoding.UTF8.GetBytes(json), own)),
        (string text, _) => redaction.Text(text),
        (string[] texts, _) => texts.Select(t => t is null ? null : redaction.Text(t)).ToArray(),
        _ => null,
    };

    private static bool Same(object now, object? before) => (now, before) switch
    {
        (byte[] a, byte[] b) => a.AsSpan().SequenceEqual(b),
        (string[] a, string[] b) => a.SequenceEqual(b),
        _ => Equals(now, before),
    };

    // As text, so that one way of reading fits them all.
    private static string Value(Traces.Column column) => column.Type is "json" or "jsonb" or "xml" or "citext" or "name" ? $"{Traces.Quoted(column.Name)}::text" : Traces.Quoted(column.Name);

    private static string Cast(Traces.Column column) => column.Type is "json" or "jsonb" or "xml" or "citext" ? $"::{column.Type}" : "";

    private void Count(string table, int rows)
    {
        if (rows > 0) Rows[table] = Rows.GetValueOrDefault(table) + rows;
    }
}
