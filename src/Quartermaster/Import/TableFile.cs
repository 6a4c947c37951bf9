using System.Runtime.CompilerServices;
using CsvHelper;

namespace Quartermaster.Import;

/// <summary>One row of a CSV file with a header: its texts by the names of their columns.</summary>
internal sealed class TableRow(int line, IReadOnlyDictionary<string, int> columns, string[] values)
{
    public int Line => line;

    /// <summary>Null when the file has no such column, or the cell is empty.</summary>
    public string? Find(string column) => columns.TryGetValue(column, out var at) && at < values.Length && values[at].Trim() is { Length: > 0 } text && !text.Contains('\0') ? text : null;
}

/// <summary>Reads CSV files whose header names their columns, in any order.</summary>
internal static class TableFile
{
    /// <param name="known">Every column it may have.</param>
    /// <param name="needed">Those without which it says nothing.</param>
    /// <exception cref="ImportRefusedException">The header is not that of such a file.</exception>
    public static async IAsyncEnumerable<TableRow> ReadAsync(string file, Stream stream, IReadOnlyCollection<string> known, IReadOnlyCollection<string> needed, [EnumeratorCancellation] CancellationToken cancel)
    {
        await using var csv = CsvReader.Create(stream, new() { HasHeader = false, TrackLineNumbers = true, MaxRecordSize = 64 * 1024 }, leaveOpen: true);
        Dictionary<string, int>? columns = null;
        while (await csv.ReadAsync(cancel))
        {
            var values = csv.Current.ToArray();
            if (columns is not null)
            {
                yield return new((int)csv.LineNumber, columns, values);
                continue;
            }
            columns = new(StringComparer.OrdinalIgnoreCase);
            for (var i = 0; i < values.Length; i++) columns.TryAdd(values[i].Trim(), i);
            if (columns.Keys.FirstOrDefault(c => !known.Contains(c, StringComparer.OrdinalIgnoreCase)) is { } strange)
                throw new ImportRefusedException($"{file}:1: there is no column '{strange}' here. {Configuration.NearestWord.Hint(strange, known, "")} Known: {string.Join(", ", known)}.");
            if (needed.FirstOrDefault(c => !columns.ContainsKey(c)) is { } missing)
                throw new ImportRefusedException($"{file}:1: the column '{missing}' is missing. A first line names the columns: {string.Join(",", known)}.");
        }
        if (columns is null) throw new ImportRefusedException($"{file} is empty. A first line names the columns: {string.Join(",", known)}.");
    }
}
