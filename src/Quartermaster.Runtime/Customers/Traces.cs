using System.Text;
using System.Text.Encodings.Web;
using Npgsql;
using static Quartermaster.Runtime.Columns;

namespace Quartermaster.Runtime.Customers;

/// <summary>Searches the whole database for texts: every table and every column that can hold one, as the catalogue names them, so that a table of tomorrow is covered too.</summary>
public static class Traces
{
    /// <param name="Type">Of the column: <c>text</c>, <c>bytea</c>, <c>json</c>, <c>jsonb</c>, <c>_text</c>.</param>
    public sealed record Column(string Table, string Name, string Type, bool HasStream);

    /// <summary>Every column of every table here in which a text can stand. Partitions are reached through their table.</summary>
    public static async Task<IReadOnlyList<Column>> ColumnsAsync(NpgsqlConnection connection, NpgsqlTransaction? transaction, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand("""
            SELECT c.relname, a.attname, t.typname, EXISTS (SELECT 1 FROM pg_attribute s WHERE s.attrelid = c.oid AND s.attname = 'stream' AND NOT s.attisdropped) AND EXISTS (SELECT 1 FROM pg_attribute s WHERE s.attrelid = c.oid AND s.attname = 'brand' AND NOT s.attisdropped)
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid JOIN pg_type t ON t.oid = a.atttypid
            WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
              AND t.typname IN ('text', 'varchar', 'bpchar', 'name', 'citext', 'bytea', 'json', 'jsonb', '_text', '_varchar', 'xml') ORDER BY 1, 2
            """, connection, transaction);
        List<Column> columns = [];
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel)) columns.Add(new(reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.GetBoolean(3)));
        return columns;
    }

    /// <summary>How a text may stand in a column: as it is, in capitals as carriers write names, and as JSON writes what is not ASCII. Lower case, in the notation of <see cref="Shown"/>.</summary>
    public static IReadOnlyList<string> Forms(string text)
    {
        var (lower, upper) = (text.ToLowerInvariant(), text.ToUpperInvariant());
        return [.. new[] { lower, text, upper, JavaScriptEncoder.Default.Encode(text), JavaScriptEncoder.Default.Encode(lower), JavaScriptEncoder.Default.Encode(upper), JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(text) }
            .SelectMany(form => new[] { form.ToLowerInvariant(), Escaped(form).ToLowerInvariant() }).Distinct()];
    }

    /// <summary>SQL that shows a column's value as lower-case text.</summary>
    public static string Shown(Column column) => column.Type == "bytea" ? $"lower(encode({Quoted(column.Name)}, 'escape'))" : $"lower({Quoted(column.Name)}::text)";

    public static string Quoted(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    /// <summary>Where any of the texts stands: <c>table.column</c> and how many rows.</summary>
    public static async Task<IReadOnlyList<(string Where, long Rows)>> FindAsync(NpgsqlConnection connection, NpgsqlTransaction? transaction, IReadOnlyList<string> texts, CancellationToken cancel)
    {
        var forms = texts.SelectMany(Forms).Distinct().ToArray();
        List<(string, long)> found = [];
        foreach (var column in await ColumnsAsync(connection, transaction, cancel))
        {
            await using var command = new NpgsqlCommand($"SELECT count(*) FROM (SELECT {Shown(column)} AS x FROM {Quoted(column.Table)} OFFSET 0) t WHERE EXISTS (SELECT 1 FROM unnest($1::text[]) f WHERE strpos(t.x, f) > 0)", connection, transaction);
            command.CommandTimeout = 0;
            if ((long)(await command.With(Texts(forms)).ExecuteScalarAsync(cancel))! is > 0 and var rows) found.Add(($"{column.Table}.{column.Name}", rows));
        }
        return found;
    }

    // As encode(…, 'escape') writes bytes: what is not ASCII in octal, a backslash twice.
    private static string Escaped(string text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (var b in Encoding.UTF8.GetBytes(text)) escaped.Append(b switch { (byte)'\\' => "\\\\", < 0x80 and not 0 => ((char)b).ToString(), _ => "\\" + Convert.ToString(b, 8).PadLeft(3, '0') });
        return escaped.ToString();
    }
}
