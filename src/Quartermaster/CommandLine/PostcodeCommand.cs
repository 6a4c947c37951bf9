using System.CommandLine;
using System.Globalization;
using Quartermaster.Import;
using Quartermaster.Runtime.Routing;

namespace Quartermaster.CommandLine;

/// <summary>Imports where postal codes lie, so that tariffs can go by distance.</summary>
internal static class PostcodeCommand
{
    private static readonly Argument<string[]> Sources = new("files") { Description = "Files or http addresses of GeoNames postal codes: IN.txt, or IN.zip as downloaded", Arity = ArgumentArity.OneOrMore };

    public static Command Create()
    {
        var command = new Command("postcodes", "Takes where postal codes lie from GeoNames' files (download.geonames.org/export/zip); a country that is known is replaced") { Sources, ImportCommand.DryRun, ImportCommand.Report };
        command.Does(async (parsed, cancel) =>
        {
            if (parsed.GetValue(ImportCommand.DryRun)) return await RunAsync(parsed, null, cancel);
            await using var access = await Access.OpenAsync(parsed, cancel);
            return await RunAsync(parsed, new(access.Database.General), cancel);
        });
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, PostcodeTable? table, CancellationToken cancel)
    {
        await using var report = new ImportReport(ImportCommand.ReportPath(parsed));
        using var http = new HttpClient { Timeout = TimeSpan.FromMinutes(5) };
        var import = new PostcodeImport(table, report, TimeProvider.System);
        foreach (var source in parsed.GetValue(Sources)!)
        {
            await using var stream = await ImportCommand.OpenAsync(source, http, cancel);
            await import.ReadAsync(source, stream, cancel);
        }
        var countries = await import.StoreAsync(cancel);
        foreach (var (country, codes) in countries) Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{country}: {codes:N0} postal codes"));
        Console.WriteLine(table is null ? "Dry run: nothing was stored." : "Running hubs measure by them within five minutes.");
        ImportScreen.Notes(report);
        return report.Wrong == 0 ? ExitCode.Ok : ExitCode.Trouble;
    }
}
