using System.Globalization;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Purchasing;
using Quartermaster.Dashboard.Actions;
using Quartermaster.Runtime.Purchasing;
using Quartermaster.Runtime.ReadModels;
using Quartermaster.Runtime.Replenishment;

namespace Quartermaster.Import;

/// <summary>Takes suppliers, how SKUs are bought, receipts, and sales of before the hub from CSV files. A second run changes nothing twice.</summary>
/// <param name="desk">Null for a dry run: everything is read and nothing stored.</param>
internal sealed class BuyingImport(PurchaseDesk? desk, BrandTerms brand, ImportReport report, string who, TimeProvider clock)
{
    private const int Batch = 1000;

    public async Task<int> SuppliersAsync(string file, Stream stream, CancellationToken cancel)
    {
        List<SupplierTerms> all = [];
        await foreach (var row in TableFile.ReadAsync(file, stream, PurchaseFields.OfSupplier, ["code", "title", "lead_days"], cancel))
            if (Try(file, row, () => PurchaseFields.Supplier(row.Find, brand.Currency)) is { } supplier && Once(file, row, all.Exists(s => s.Code == supplier.Code), supplier.Code)) all.Add(supplier);
        if (desk is not null) await desk.SaveAsync(brand.Brand, all, who, cancel);
        return all.Count;
    }

    /// <param name="reads">Null for a dry run without a database: whether a supplier exists is not looked up.</param>
    public async Task<int> TermsAsync(string file, Stream stream, PurchaseReads? reads, CancellationToken cancel)
    {
        var known = reads is null ? null : (await reads.SuppliersAsync([brand.Brand], cancel)).Select(s => s.Supplier.Code).ToHashSet();
        List<(string Sku, SkuTerms Terms)> all = [];
        HashSet<string> seen = [];
        await foreach (var row in TableFile.ReadAsync(file, stream, ["sku", .. PurchaseFields.OfTerms], ["sku"], cancel))
        {
            if (row.Find("sku") is not { Length: <= 100 } sku) Wrong(file, row, "no SKU", "the SKU is empty or too long", "Every row needs one, of at most 100 characters.");
            else if (Try(file, row, () => PurchaseFields.Terms(row.Find)) is not { } terms) continue;
            else if (terms.Supplier is { } code && known?.Contains(code) == false) Wrong(file, row, "unknown supplier", $"there is no supplier '{code}'", "Import the suppliers first.");
            else if (Once(file, row, !seen.Add(sku), sku)) all.Add((sku, terms));
        }
        if (desk is not null)
            foreach (var batch in all.Chunk(Batch)) await desk.SaveAsync(brand.Brand, batch, who, cancel);
        return all.Count;
    }

    /// <summary>Rows of one purchase order and one receipt are booked together.</summary>
    public async Task<int> ReceiptsAsync(string file, Stream stream, CancellationToken cancel)
    {
        var receipts = new Dictionary<(string Purchase, string Receipt), (TableRow First, DateTimeOffset At, List<ReceivedLine> Lines)>();
        await foreach (var row in TableFile.ReadAsync(file, stream, ["purchase", "receipt", "sku", "units", "damaged", "at"], ["purchase", "receipt", "sku", "units"], cancel))
        {
            if (row.Find("purchase") is not { } purchase || row.Find("receipt") is not { Length: <= 60 } receipt || row.Find("sku") is not { } sku) Wrong(file, row, "not whole", "purchase, receipt or SKU is missing", "Write the number of the purchase order, your name of the receipt (at most 60 characters), and the SKU.");
            else if (Units(row.Find("units")) is not { } units || Units(row.Find("damaged") ?? "0") is not { } damaged) Wrong(file, row, "bad quantity", $"'{row.Find("units")}' or '{row.Find("damaged")}' is not a number of units", "Write whole numbers of 0 or more.");
            else if (At(row.Find("at")) is not { } at) Wrong(file, row, "bad time", $"'{row.Find("at")}' is not a time that is over", "Write an instant with its offset, such as 2026-11-20T14:30:00+05:30; left out, it is now.");
            else
            {
                if (!receipts.TryGetValue((purchase, receipt), out var open)) receipts[(purchase, receipt)] = open = (row, at, []);
                open.Lines.Add(new(sku, units, damaged));
            }
        }
        var booked = 0;
        foreach (var ((purchase, receipt), (first, at, lines)) in receipts)
        {
            try
            {
                if (desk is not null) await desk.SendAsync(brand.Brand, purchase, new PurchaseSignal.GoodsReceived(receipt, lines, at, who), who, cancel);
                booked++;
            }
            catch (InvalidOperationException e) { Wrong(file, first, "unknown purchase order", e.Message, "Look its number up under Purchasing."); }
        }
        return booked;
    }

    /// <summary>Sales by SKU and day from before the hub, so that demand is known from the first day on.</summary>
    /// <param name="history">Null for a dry run.</param>
    public async Task<int> SalesAsync(string file, Stream stream, SalesHistory? history, CancellationToken cancel)
    {
        var today = brand.DayOf(clock.GetUtcNow());
        Dictionary<(DateOnly Day, string Sku, string Location), int> sold = [];
        await foreach (var row in TableFile.ReadAsync(file, stream, ["day", "sku", "location", "units"], ["day", "sku", "location", "units"], cancel))
        {
            if (row.Find("sku") is not { Length: <= 100 } sku) Wrong(file, row, "no SKU", "the SKU is empty or too long", "Every row needs one, of at most 100 characters.");
            else if (row.Find("location") is not { } location || !brand.Locations.Any(l => l.Code == location)) Wrong(file, row, "unknown location", $"{brand.Title} has no location '{row.Find("location")}'", $"Known: {string.Join(", ", brand.Locations.Select(l => l.Code))}.");
            else if (!DateOnly.TryParseExact(row.Find("day"), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) || day >= today) Wrong(file, row, "bad day", $"'{row.Find("day")}' is not a day before today", "Write it as 2026-11-20.");
            else if (Units(row.Find("units")) is not { } units) Wrong(file, row, "bad quantity", $"'{row.Find("units")}' is not a number of units", "Write a whole number of 0 or more.");
            else sold[(day, sku, location)] = sold.GetValueOrDefault((day, sku, location)) + units;
        }
        return history is null ? sold.Count : await history.AddAsync(brand.Brand, [.. sold.Select(s => new DayOfSales(s.Key.Day, s.Key.Sku, s.Key.Location, s.Value))], cancel);
    }

    private T? Try<T>(string file, TableRow row, Func<T> read) where T : class
    {
        try { return read(); }
        catch (ArgumentException e)
        {
            Wrong(file, row, "bad value", e.Message, "See docs/configuration.md, Importing.");
            return null;
        }
    }

    private bool Once(string file, TableRow row, bool again, string what)
    {
        if (again) Wrong(file, row, "given twice", $"{what} stands further up already; that row was taken", "Give each once.");
        return !again;
    }

    private void Wrong(string file, TableRow row, string category, string text, string right) => report.Add(new(file, row.Line, NoteKind.Wrong, category, text, right));

    private static int? Units(string? text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var units) && units <= Reorder.Most ? units : null;

    private DateTimeOffset? At(string? text)
    {
        var now = clock.GetUtcNow();
        if (text is null) return now;
        return DateTimeOffset.TryParseExact(text, ["yyyy-MM-ddTHH:mm:ssK", "yyyy-MM-ddTHH:mmK"], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var at) && at <= now ? at : null;
    }
}
