using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Npgsql;
using static Quartermaster.Runtime.Columns;

namespace Quartermaster.Runtime.Customers;

/// <summary>Searches the whole database for an erased person's names, streets and ids, as words: <c>Ann Lee</c> does not stand in <c>Joann Leeds</c>.</summary>
/// <remarks>Orders, contacts and ways through campaigns of somebody who is not erased are passed over: a namesake's and a household's are theirs, and say nothing of who was erased.</remarks>
internal static partial class WordSearch
{
    private const string Erased = "(EXISTS (SELECT 1 FROM erased_stream e WHERE e.brand = t.brand AND e.stream = t.stream) OR t.stream LIKE '%:erased:%')";
    private const string Others = $"((t.stream LIKE 'order/%' OR t.stream LIKE 'contact/%' OR t.stream LIKE 'run/%') AND NOT {Erased})";

    /// <returns>Where what kind of word stands: <c>table.column (name)</c>.</returns>
    public static async Task<IReadOnlyList<string>> FindAsync(NpgsqlConnection connection, Sought sought, CancellationToken cancel)
    {
        List<string> found = [];
        var everywhere = new[] { ("name", sought.Names), ("street", sought.Streets), ("id", sought.Ids) }.Where(k => k.Item2.Count > 0).Select(k => (k.Item1, Words(k.Item2))).ToList();
        var forms = sought.Everywhere.SelectMany(Traces.Forms).Distinct().ToArray();
        foreach (var column in await Traces.ColumnsAsync(connection, null, cancel))
        {
            // What is looked for stands there until it was.
            if (column is { Table: "erasure", Name: "marks" or "words" }) continue;
            if (forms.Length > 0)
                found.AddRange(await InAsync(connection, column, everywhere, $"EXISTS (SELECT 1 FROM unnest($1::text[]) f WHERE strpos(t.x, f) > 0){(column.HasStream ? $" AND NOT {Others}" : "")}", [Texts(forms)], cancel));
            if (sought.Alone.Count > 0 && column.HasStream) found.AddRange(await InAsync(connection, column, [("name", Values(sought.Alone))], Erased, [], cancel));
        }
        return [.. found.Distinct()];
    }

    private static async Task<List<string>> InAsync(NpgsqlConnection connection, Traces.Column column, IReadOnlyList<(string Kind, Regex Words)> sought, string where, NpgsqlParameter[] parameters, CancellationToken cancel)
    {
        List<string> found = [];
        var value = column.Type == "bytea" ? "t.v" : "t.v::text";
        await using var command = new NpgsqlCommand($"SELECT {value} FROM (SELECT {Traces.Quoted(column.Name)} AS v, {Traces.Shown(column)} AS x{(column.HasStream ? ", brand, stream" : "")} FROM {Traces.Quoted(column.Table)} OFFSET 0) t WHERE t.v IS NOT NULL AND {where}", connection);
        command.CommandTimeout = 0;
        await using var reader = await command.With(parameters).ExecuteReaderAsync(cancel);
        while (found.Count < sought.Count && await reader.ReadAsync(cancel))
        {
            var text = Readable(reader.GetValue(0) is byte[] bytes ? Encoding.UTF8.GetString(bytes) : reader.GetString(0));
            found.AddRange(sought.Where(s => s.Words.IsMatch(text)).Select(s => $"{column.Table}.{column.Name} ({s.Kind})").Except(found));
        }
        return found;
    }

    private static Regex Words(IEnumerable<string> words) => new($@"(?<![\p{{L}}\p{{N}}])(?:{Any(words)})(?![\p{{L}}\p{{N}}])", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);

    // A whole text, or a whole string of JSON or of an array.
    private static Regex Values(IEnumerable<string> words) => new($@"(?:^|""|[{{,])\s*(?:{Any(words)})\s*(?:""|[}},]|$)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);

    private static string Any(IEnumerable<string> words) => string.Join('|', words.OrderByDescending(w => w.Length).Select(Regex.Escape));

    /// <summary>A text without the escapes of JSON, whose letters would hide where a word begins.</summary>
    private static string Readable(string text) => Escape().Replace(text, e => e.Value[1] == 'u' ? ((char)int.Parse(e.ValueSpan[2..], NumberStyles.HexNumber, CultureInfo.InvariantCulture)).ToString() : " ");

    [GeneratedRegex(@"\\(?:u[0-9a-fA-F]{4}|[nrtbf\\/""])")]
    private static partial Regex Escape();
}
