using System.CommandLine;
using Quartermaster.Configuration;
using Quartermaster.Core.Connecting;
using Quartermaster.Hosting;
using Quartermaster.Runtime.Stock;
using Quartermaster.Sandbox.Load;

namespace Quartermaster.CommandLine;

/// <summary>Drives a hub of its own with simulated orders and judges by what reached the simulated outside world.</summary>
internal static class LoadTestCommand
{
    private static readonly Option<double> Rate = new("--rate") { Description = "Orders a second; 0 = as many as it takes with --window unfinished" };
    private static readonly Option<int> Window = new("--window") { Description = "Unfinished orders allowed when no rate is given", DefaultValueFactory = _ => 1000 };
    private static readonly Option<int> Seconds = new("--seconds") { Description = "Measured time, after the warm-up", DefaultValueFactory = _ => 30 };
    private static readonly Option<int> Warmup = new("--warmup") { Description = "Seconds before measuring begins", DefaultValueFactory = _ => 10 };
    private static readonly Option<bool> Json = new("--json") { Description = "Print the report as JSON, in the last line" };

    // Unpaced, because the hub is what is measured; each vendor's batch size stays.
    private static readonly Limits Unpaced = new(Concurrency: 32, PerSecond: 0, Burst: 1, PerDay: 0);

    public static Command Create()
    {
        var command = new Command("loadtest", "Drives a hub of its own with simulated orders; exit code 0 only when nothing was lost, doubled or oversold") { Rate, Window, Seconds, Warmup, Json };
        command.Does(async (parsed, cancel) =>
        {
            var folder = Directory.CreateTempSubdirectory("qm-load-");
            // The private PostgreSQL's own user passes through when this runs as root.
            folder.UnixFileMode |= UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
            try
            {
                var report = await RunAsync(parsed, folder.FullName, cancel);
                Console.WriteLine(parsed.GetValue(Json) ? report.ToJson() : report.ToString());
                return report.Pass ? ExitCode.Ok : ExitCode.Trouble;
            }
            finally
            {
                folder.Delete(recursive: true);
            }
        });
        return command;
    }

    private static async Task<LoadReport> RunAsync(ParseResult parsed, string folder, CancellationToken cancel)
    {
        var listen = new Uri(Environment.GetEnvironmentVariable("QM_LISTEN") is { Length: > 0 } given ? given : "http://127.0.0.1:5083");
        var options = new LoadOptions
        {
            Rate = parsed.GetValue(Rate),
            Window = parsed.GetValue(Window),
            Duration = TimeSpan.FromSeconds(parsed.GetValue(Seconds)),
            Warmup = TimeSpan.FromSeconds(parsed.GetValue(Warmup)),
        };
        await using var run = await LoadRun.PrepareAsync(options, new Uri(listen, "webhooks"), TimeProvider.System, cancel);
        // The run plays the outside world itself, so to the hub these connections are real ones.
        var plan = DemoPlan.Of([run.Brand], Unpaced);
        plan = plan with { Connections = plan.Connections.ToDictionary(c => c.Key, c => c.Value with { Sandboxed = false }) };
        var configuration = new HubConfiguration { File = "load test", DataFolder = folder, Listen = listen, Plan = plan, Roles = ["intake", "decide", "act"] };
        await using (var database = await OpenDatabase.OpenAsync(configuration, Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance, cancel))
        {
            await database.MigrateAsync(Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance, cancel);
            await FirstCount.TakeAsync(database.Database, run.Brand.Terms.Brand, [.. run.Shelves.Select(s => new CountedShelf(s.Key.Sku, s.Key.Location, s.Value))], TimeProvider.System, cancel);
        }
        await using var hub = await HubHost.StartAsync(configuration, cancel);
        return await run.DriveAsync(cancel);
    }
}
