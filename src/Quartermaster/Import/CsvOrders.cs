using System.Runtime.CompilerServices;
using CsvHelper;
using Quartermaster.Core.Kernel;

namespace Quartermaster.Import;

/// <summary>Streams orders out of a CSV file whose rows are order lines.</summary>
/// <remarks>
/// An order is finished when <see cref="OpenOrders"/> other orders have begun after it, so rows of one order may be slightly
/// mixed with others'. A row that comes later still is reported, not lost. Memory holds the open orders and 8 bytes per order.
/// </remarks>
internal sealed class CsvOrders(OrderMapping? mapping, Func<OrderMapping, OrderAssembly> assemble, Action<ImportNote> note)
{
    private const int OpenOrders = 100;

    public async IAsyncEnumerable<ReadOrder> ReadAsync(string file, Stream stream, [EnumeratorCancellation] CancellationToken cancel)
    {
        await using var csv = CsvReader.Create(stream, Format(file, mapping?.Delimiter), leaveOpen: true);
        await csv.ReadHeaderAsync(cancel);
        var header = csv.Headers.Select(h => h.Trim()).ToArray();
        if (header.Length == 0)
            yield break;
        var columns = new RowColumns(file, header, Choose(file, header));
        var assembly = assemble(columns.Mapping);
        var open = new Dictionary<string, List<Row>>(StringComparer.Ordinal);
        var order = new Queue<string>();
        // Their fingerprints: among a million orders two share one with a chance of one in thirty million.
        var finished = new HashSet<ulong>();

        while (await NextAsync(csv, file, cancel))
        {
            if (Keep(csv.Current.ToArray(), (int)csv.LineNumber, file, header.Length, columns) is not { } row)
                continue;
            if (finished.Contains(Fnv.Of(row.Key)))
            {
                note(new(file, row.Line, NoteKind.Wrong, "rows apart", $"the order '{row.Key}' was already read further up; this row is not part of it", "Sort the file so that the rows of an order stand together."));
                continue;
            }
            if (!open.TryGetValue(row.Key, out var rows))
            {
                open[row.Key] = rows = [];
                order.Enqueue(row.Key);
            }
            rows.Add(row);
            if (order.Count > OpenOrders && Finish(order.Dequeue()) is { } done)
                yield return done;
        }
        while (order.TryDequeue(out var key))
            if (Finish(key) is { } done)
                yield return done;

        ReadOrder? Finish(string key)
        {
            finished.Add(Fnv.Of(key));
            open.Remove(key, out var rows);
            return assembly.Build(key, rows!, columns);
        }
    }

    private OrderMapping Choose(string file, string[] header) =>
        mapping ?? (ShopifyExport.Fits(header) ? ShopifyExport.Mapping : throw new ImportRefusedException(
            $"{file}:1: these columns are not those of Shopify's order export ({string.Join(", ", header.Take(8))} …). Describe them in a mapping file and name it with --mapping; samples/online-retail.mapping.yaml is one."));

    private Row? Keep(string[] values, int line, string file, int expected, RowColumns columns)
    {
        if (values.Length != expected)
        {
            if (values.Length > 1 || values[0].Length > 0)
                note(new(file, line, NoteKind.Wrong, "wrong number of fields", $"{values.Length} fields, but the header has {expected}", "A field that contains the delimiter or a line break needs double quotes around it."));
            return null;
        }
        var row = new Row(columns.GroupOf(values), values, line);
        foreach (var (rule, index) in columns.Skip)
            if (rule.Applies(columns.Value(values, index)))
            {
                note(new(file, line, NoteKind.Skipped, rule.Reason, $"{row.Key}: {rule.Column} is '{columns.Value(values, index)}'", ""));
                return null;
            }
        if (row.Key.Length == 0)
        {
            note(new(file, line, NoteKind.Wrong, "no order number", $"'{columns.Mapping.GroupBy}' is empty, so the row belongs to no order", "Fill it in, or skip such rows in the mapping."));
            return null;
        }
        foreach (var (rule, index) in columns.Note)
            if (rule.Applies(columns.Value(values, index)))
                note(new(file, line, NoteKind.Noted, rule.Reason, $"{row.Key}: {rule.Column} is '{columns.Value(values, index)}'", ""));
        return row;
    }

    private static async ValueTask<bool> NextAsync(CsvReader csv, string file, CancellationToken cancel)
    {
        try
        {
            return await csv.ReadAsync(cancel);
        }
        catch (CsvFormatException broken)
        {
            throw new ImportRefusedException($"{file}:{broken.LineNumber}: the file cannot be read on from here ({broken.Message.TrimEnd('.')}). What came before is imported; correct this line and run it again.");
        }
    }

    private CsvReaderOptions Format(string file, string? delimiter) => new()
    {
        Separator = delimiter is null ? null : delimiter[0],
        TrackLineNumbers = true,
        // One quote that is never closed would otherwise take the rest of the file for one field.
        MaxRecordSize = 1024 * 1024,
        OnMalformedRecord = bad => note(new(file, (int)bad.LineNumber, NoteKind.Noted, "stray quote", "the quotes of this row do not match; it was read as well as it could be", "Double a quote that belongs to the text, or put the field into quotes.")),
    };
}
