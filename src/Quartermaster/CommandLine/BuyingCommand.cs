using System.CommandLine;
using Quartermaster.Configuration;
using Quartermaster.Dashboard.Shown;
using Quartermaster.Import;
using Quartermaster.Runtime.Purchasing;
using Quartermaster.Runtime.ReadModels;
using Quartermaster.Runtime.Replenishment;

namespace Quartermaster.CommandLine;

/// <summary>Imports what buying needs: suppliers, terms of SKUs, receipts, sales of before the hub.</summary>
internal static class BuyingCommand
{
    public static Command Suppliers() => Of("suppliers", "code,title,email,lead_days,min_order,currency", "Takes suppliers; one that is known is changed", "supplier", (import, _, file, stream, cancel) => import.SuppliersAsync(file, stream, cancel));

    public static Command Terms() => Of("sku-terms", "sku,supplier,their_sku,pack,min_units,unit_cost,lead_days,low_units,low_days,quiet", "Takes how SKUs are bought and when they are low; what is known is replaced", "SKU",
        (import, access, file, stream, cancel) => import.TermsAsync(file, stream, access is null ? null : new PurchaseReads(access.Database.General, access.Configuration.Plan, TimeProvider.System), cancel));

    public static Command Receipts() => Of("receipts", "purchase,receipt,sku,units,damaged,at", "Books goods that came for purchase orders; a receipt is booked once", "receipt", (import, _, file, stream, cancel) => import.ReceiptsAsync(file, stream, cancel));

    public static Command Sales() => Of("sales", "day,sku,location,units", "Takes sales of before the hub, so that demand is known; days that are known stay as they are", "day of sales",
        (import, access, file, stream, cancel) => import.SalesAsync(file, stream, access is null ? null : new SalesHistory(access.Database), cancel));

    private static Command Of(string name, string columns, string description, string what, Func<BuyingImport, Access?, string, Stream, CancellationToken, Task<int>> run)
    {
        var source = new Argument<string>("source") { Description = $"A CSV file or http address with a header; its columns: {columns}" };
        var command = new Command(name, description) { source, ImportCommand.Brand, ImportCommand.DryRun, ImportCommand.Report };
        command.Does(async (parsed, cancel) =>
        {
            if (parsed.GetValue(ImportCommand.DryRun)) return await RunAsync(parsed, parsed.GetValue(source)!, Access.Read(parsed), null, what, run, cancel);
            await using var access = await Access.OpenAsync(parsed, cancel);
            return await RunAsync(parsed, parsed.GetValue(source)!, access.Configuration, access, what, run, cancel);
        });
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, string source, HubConfiguration configuration, Access? access, string what, Func<BuyingImport, Access?, string, Stream, CancellationToken, Task<int>> run, CancellationToken cancel)
    {
        await using var report = new ImportReport(ImportCommand.ReportPath(parsed));
        using var http = new HttpClient { Timeout = TimeSpan.FromMinutes(2) };
        await using var stream = await ImportCommand.OpenAsync(source, http, cancel);
        var desk = access is null ? null : new PurchaseDesk(access.Database, configuration.Plan, access.Desk, TimeProvider.System);
        var count = await run(new BuyingImport(desk, ImportCommand.BrandOf(parsed, configuration), report, Access.Who, TimeProvider.System), access, source, stream, cancel);
        var words = what == "day of sales" ? $"{count} {(count == 1 ? what : "days of sales")}" : Words.Count(count, what);
        Console.WriteLine(access is null ? $"Dry run: nothing was stored. {words} would be taken." : $"{words} taken.");
        ImportScreen.Notes(report);
        return report.Wrong == 0 ? ExitCode.Ok : ExitCode.Trouble;
    }
}
