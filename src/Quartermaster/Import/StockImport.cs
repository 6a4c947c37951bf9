using System.Globalization;
using System.Runtime.CompilerServices;
using CsvHelper;
using Quartermaster.Core;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Stock;
using Quartermaster.Runtime;
using Quartermaster.Runtime.Intake;
using Quartermaster.Runtime.Stock;

namespace Quartermaster.Import;

/// <summary>What became of a file of stock counts.</summary>
/// <param name="First">The brand had no stock before, so the rows became its positions at once.</param>
public sealed record StockImportResult(int Counted, bool First);

/// <summary>Where stock counts go.</summary>
public sealed record StockStore(Database Database, IntakeWriter Intake);

/// <summary>Takes stock counts from a CSV file of sku, location and quantity; a header may name the columns.</summary>
/// <param name="store">Null for a dry run: everything is read and nothing stored.</param>
public sealed class StockImport(StockStore? store, BrandTerms brand, ImportReport report, TimeProvider clock)
{
    private static readonly string[] SkuNames = ["sku"], LocationNames = ["location", "warehouse", "location_code"], QuantityNames = ["qty", "quantity", "on_hand", "available"];

    public async Task<StockImportResult> RunAsync(string file, Stream stream, CancellationToken cancel)
    {
        var shelves = new List<CountedShelf>();
        var seen = new HashSet<(string, string)>();
        await foreach (var (line, shelf) in ReadAsync(file, stream, cancel))
        {
            if (seen.Add((shelf.Sku, shelf.Location)))
                shelves.Add(shelf);
            else
                report.Add(new(file, line, NoteKind.Wrong, "counted twice", $"{shelf.Sku} at {shelf.Location} stands further up already; that count was taken", "Give each SKU and location once."));
        }
        if (store is null)
            return new(shelves.Count, First: false);
        if (await FirstCount.TakeAsync(store.Database, brand.Brand, shelves, clock, cancel))
            return new(shelves.Count, First: true);
        var now = clock.GetUtcNow();
        foreach (var batch in shelves.Chunk(1000))
            await store.Intake.WriteAsync([.. batch.Select(s => ArrivalOf(s, now))], cancel);
        return new(shelves.Count, First: false);
    }

    private Arrival ArrivalOf(CountedShelf shelf, DateTimeOffset now)
    {
        Signal signal = new StockSignal.Counted(shelf.Sku, shelf.Location, shelf.OnHand, "import", now);
        return new(brand.Brand, new StreamId(brand.Brand, "stock", shelf.Sku).Key, Raw: false, Wire.KindOf(signal.GetType()), "import", null, null, CoreJson.Write(signal), now);
    }

    private async IAsyncEnumerable<(int Line, CountedShelf Shelf)> ReadAsync(string file, Stream stream, [EnumeratorCancellation] CancellationToken cancel)
    {
        await using var csv = CsvReader.Create(stream, new() { HasHeader = false, TrackLineNumbers = true, MaxRecordSize = 64 * 1024 }, leaveOpen: true);
        var columns = (Sku: 0, Location: 1, Quantity: 2);
        for (var first = true; await csv.ReadAsync(cancel); first = false)
        {
            var values = csv.Current.ToArray();
            if (first && Header(file, values) is { } named)
            {
                columns = named;
                continue;
            }
            if (Shelf(file, (int)csv.LineNumber, values, columns) is { } shelf)
                yield return ((int)csv.LineNumber, shelf);
        }
    }

    // A first row whose quantity is no number is a header.
    private static (int Sku, int Location, int Quantity)? Header(string file, string[] values)
    {
        if (values.Length >= 3 && int.TryParse(values[2], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _))
            return null;
        int Find(string[] names) => Array.FindIndex(values, v => names.Contains(v.Trim(), StringComparer.OrdinalIgnoreCase));
        var named = (Find(SkuNames), Find(LocationNames), Find(QuantityNames));
        return named is ( >= 0, >= 0, >= 0) ? named
            : throw new ImportRefusedException($"{file}:1: these are not the columns of a stock count ({string.Join(", ", values)}). They are sku, location, qty.");
    }

    private CountedShelf? Shelf(string file, int line, string[] values, (int Sku, int Location, int Quantity) at)
    {
        void Wrong(string category, string text, string right) => report.Add(new(file, line, NoteKind.Wrong, category, text, right));
        if (values.Length <= Math.Max(at.Sku, Math.Max(at.Location, at.Quantity)))
        {
            Wrong("wrong number of fields", $"{values.Length} fields", "Write sku,location,qty.");
            return null;
        }
        var (sku, location, quantity) = (values[at.Sku].Trim(), values[at.Location].Trim(), values[at.Quantity].Trim());
        if (sku.Length == 0)
            Wrong("no SKU", "the SKU is empty", "Every row needs one.");
        else if (!brand.Locations.Any(l => l.Code == location))
            Wrong("unknown location", $"{brand.Title} has no location '{location}'", $"Known: {string.Join(", ", brand.Locations.Select(l => l.Code))}.");
        else if (!int.TryParse(quantity, NumberStyles.None, CultureInfo.InvariantCulture, out var units) || units > 100_000_000)
            Wrong("bad quantity", $"'{quantity}' is not a number of units", "Write a whole number of 0 or more.");
        else
            return new(sku, location, units);
        return null;
    }
}
