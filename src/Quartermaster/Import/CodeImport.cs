using System.Globalization;
using CsvHelper;
using Quartermaster.Core.Codes;
using Quartermaster.Core.Kernel;
using Quartermaster.Runtime.Operations;

namespace Quartermaster.Import;

/// <summary>What a file says of one code at one channel.</summary>
public sealed record ImportedMeaning(int Line, string Code, string Channel, IReadOnlyList<Part> Parts);

/// <summary>Reads what codes mean from a CSV file of channel, code, sku and units; rows of one code and channel are the parts of a kit.</summary>
public sealed class CodeImport(CodeDesk desk, string brand, ImportReport report)
{
    private static readonly string[] Columns = ["channel", "code", "sku", "units"];

    /// <summary>Those that may be said; the others are in the report with their reason.</summary>
    public async Task<List<ImportedMeaning>> ReadAsync(string file, Stream stream, CancellationToken cancel)
    {
        var read = await RowsAsync(file, stream, cancel);
        List<ImportedMeaning> good = [];
        foreach (var group in read.GroupBy(r => (r.Channel, r.Code)))
        {
            var meaning = new ImportedMeaning(group.First().Line, group.Key.Code, group.Key.Channel, [.. group.Select(r => r.Part)]);
            if (await desk.ComplaintAsync(brand, meaning.Code, meaning.Channel, meaning.Parts, cancel) is { } complaint) Wrong(file, meaning.Line, "cannot be said", $"{meaning.Code}: {complaint}", "Nothing of this code was taken.");
            else good.Add(meaning);
        }
        return good;
    }

    private async Task<List<(int Line, string Channel, string Code, Part Part)>> RowsAsync(string file, Stream stream, CancellationToken cancel)
    {
        List<(int, string, string, Part)> rows = [];
        await using var csv = CsvReader.Create(stream, new() { HasHeader = false, TrackLineNumbers = true, MaxRecordSize = 64 * 1024 }, leaveOpen: true);
        for (var first = true; await csv.ReadAsync(cancel); first = false)
        {
            string[] values = [.. csv.Current.ToArray().Select(v => v.Trim())];
            if (first && values.Length >= 3 && values.Take(Columns.Length).SequenceEqual(Columns.Take(values.Length), StringComparer.OrdinalIgnoreCase)) continue;
            var line = (int)csv.LineNumber;
            if (values.Length is < 3 or > 4) Wrong(file, line, "wrong number of fields", $"{values.Length} fields", "Write channel,code,sku,units; the channel may be empty for all.");
            else if (values[1].Length == 0 || values[2].Length == 0) Wrong(file, line, "code or SKU missing", "the code or the SKU is empty", "Every row needs both.");
            else if (!int.TryParse(values.ElementAtOrDefault(3) is { Length: > 0 } given ? given : "1", NumberStyles.None, CultureInfo.InvariantCulture, out var units)) Wrong(file, line, "bad units", $"'{values[3]}' is not a number of units", $"Write a whole number from 1 to {Part.MostUnits}.");
            else rows.Add((line, values[0] is "*" or "all" ? Meaning.AllChannels : values[0], values[1], new(values[2], units)));
        }
        return rows;
    }

    private void Wrong(string file, int line, string category, string text, string right) => report.Add(new(file, line, NoteKind.Wrong, category, text, right));
}
