using System.CommandLine;
using Quartermaster.Core.Kernel;
using Quartermaster.Dashboard.Actions;
using Quartermaster.Dashboard.Shown;
using Quartermaster.Import;
using Quartermaster.Runtime.Goods;

namespace Quartermaster.CommandLine;

/// <summary>What SKUs weigh and measure, and what customs asks of them: shown, changed, and taken from files.</summary>
internal static class SkuCommand
{
    private static readonly Argument<string> Sku = new("sku") { Description = "A SKU of ours" };
    private static readonly Option<string?> Brand = new("--brand") { Description = "The brand; not needed when there is one" };

    private static readonly Option<string?>
        Grams = new("--grams") { Description = "What one unit weighs, in whole grams" },
        Cm = new("--cm") { Description = "How large one unit is as it is packed: 30x20x10" },
        Tariff = new("--tariff") { Description = "Its number in the Harmonised System, 6 to 10 digits: 0902.30" },
        Origin = new("--origin") { Description = "The country it was made in: IN" },
        Value = new("--value") { Description = "What one unit is worth to customs where it is sold without a price, in the brand's currency: 12.50" };

    /// <summary>Below <c>stock</c>.</summary>
    public static Command Facts()
    {
        var command = new Command("facts", "Shows what a SKU weighs and measures and what customs asks of it, or changes it: what is not named stays") { Sku, Brand, Grams, Cm, Tariff, Origin, Value };
        command.Does(FactsAsync);
        return command;
    }

    /// <summary>Below <c>import</c>.</summary>
    public static Command Import()
    {
        var source = new Argument<string>("source") { Description = "A CSV file or http address whose first line names the columns" };
        var command = new Command("skus", "Takes what SKUs weigh and measure, and what customs asks of them: sku,grams,cm,tariff,origin,value; an empty cell changes nothing") { source, ImportCommand.Brand, ImportCommand.DryRun, ImportCommand.Report };
        command.Does(async (parsed, cancel) =>
        {
            if (parsed.GetValue(ImportCommand.DryRun)) return await ImportAsync(parsed, parsed.GetValue(source)!, ImportCommand.BrandOf(parsed, Access.Read(parsed)), null, cancel);
            await using var access = await Access.OpenAsync(parsed, cancel);
            return await ImportAsync(parsed, parsed.GetValue(source)!, ImportCommand.BrandOf(parsed, access.Configuration), new(access.Database.General), cancel);
        });
        return command;
    }

    private static async Task<int> ImportAsync(ParseResult parsed, string source, BrandTerms brand, SkuFactsTable? table, CancellationToken cancel)
    {
        await using var report = new ImportReport(ImportCommand.ReportPath(parsed));
        using var http = new HttpClient { Timeout = TimeSpan.FromMinutes(2) };
        await using var stream = await ImportCommand.OpenAsync(source, http, cancel);
        var (read, changed) = await new SkuImport(table, brand, report, Access.Who, TimeProvider.System).RunAsync(source, stream, cancel);
        Console.WriteLine(table is null ? $"Dry run: nothing was stored. {Words.Count(read, "SKU")} would be taken." : $"{Words.Count(read, "SKU")} read, {changed} of them are known otherwise now; running hubs reckon with it within seconds.");
        ImportScreen.Notes(report);
        return report.Wrong == 0 ? ExitCode.Ok : ExitCode.Trouble;
    }

    private static async Task<int> FactsAsync(ParseResult parsed, CancellationToken cancel)
    {
        await using var access = await Access.OpenAsync(parsed, cancel);
        var (brand, sku, table) = (access.Brand(parsed.GetValue(Brand)), parsed.GetValue(Sku)!, new SkuFactsTable(access.Database.General));
        if (sku.Length > 100 || string.IsNullOrWhiteSpace(sku)) throw new CommandRefusedException("A SKU of at most 100 characters is needed.");
        try
        {
            var told = SkuFields.Read(field => parsed.GetValue(field switch { "grams" => Grams, "cm" => Cm, "tariff" => Tariff, "value" => Value, _ => Origin }));
            if (told != SkuFacts.Unknown) await table.SaveAsync(brand, [(sku, told)], Access.Who, FactsFrom.File, TimeProvider.System.GetUtcNow(), cancel);
        }
        catch (ArgumentException e) { throw new CommandRefusedException(e.Message); }
        var known = await table.FindAsync(brand, sku, cancel);
        Console.WriteLine(known is null ? $"Nothing is known of {sku}." : $"{sku}: {SkuFactsTable.Words(known.Facts)} (says {known.Source})");
        return ExitCode.Ok;
    }
}
