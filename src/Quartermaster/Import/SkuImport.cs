using Quartermaster.Core.Kernel;
using Quartermaster.Dashboard.Actions;
using Quartermaster.Runtime.Goods;

namespace Quartermaster.Import;

/// <summary>Takes what SKUs weigh and measure, and what customs asks of them, from a CSV file. A cell that is empty changes nothing.</summary>
/// <param name="table">Null for a dry run: everything is read and nothing stored.</param>
internal sealed class SkuImport(SkuFactsTable? table, BrandTerms brand, ImportReport report, string who, TimeProvider clock)
{
    private const int Batch = 1000;

    /// <returns>Rows that could be read, and how many SKUs are known otherwise than before.</returns>
    public async Task<(int Read, int Changed)> RunAsync(string file, Stream stream, CancellationToken cancel)
    {
        Dictionary<string, SkuFacts> told = [];
        await foreach (var row in TableFile.ReadAsync(file, stream, ["sku", .. SkuFields.All], ["sku"], cancel))
        {
            if (row.Find("sku") is not { Length: <= 100 } sku) Wrong(file, row, "no SKU", "the SKU is empty or too long", "Every row needs one, of at most 100 characters.");
            else if (Read(file, row) is not { } facts) continue;
            else if (!told.TryAdd(sku, facts)) Wrong(file, row, "told twice", $"{sku} stands further up already; that row was taken", "Give each SKU once.");
        }
        var changed = 0;
        foreach (var batch in table is null ? [] : told.Chunk(Batch))
            changed += await table!.SaveAsync(brand.Brand, [.. batch.Select(t => (t.Key, t.Value))], who, FactsFrom.File, clock.GetUtcNow(), cancel);
        return (told.Count, changed);
    }

    private SkuFacts? Read(string file, TableRow row)
    {
        try { return SkuFields.Read(row.Find); }
        catch (ArgumentException e)
        {
            Wrong(file, row, "bad value", e.Message, "Columns: sku, grams, cm, tariff, origin, value.");
            return null;
        }
    }

    private void Wrong(string file, TableRow row, string category, string text, string right) => report.Add(new(file, row.Line, NoteKind.Wrong, category, text, right));
}
