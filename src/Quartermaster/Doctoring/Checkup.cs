using System.Globalization;
using System.Runtime.CompilerServices;
using Npgsql;
using Quartermaster.Configuration;
using Quartermaster.Dashboard.Shown;
using Quartermaster.Runtime;
using Quartermaster.Runtime.Migrations;

namespace Quartermaster.Doctoring;

/// <summary>Looks at a hub from the outside: its database, its queues, its connections, its address. Changes nothing.</summary>
public sealed class Checkup(HubConfiguration configuration, Database database, TimeProvider clock)
{
    public async IAsyncEnumerable<Finding> RunAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        yield return new(Verdict.Well, "configuration", $"{configuration.File ?? "none: the sandbox"}, {Words.Count(configuration.Plan.Brands.Count, "brand")}, {Words.Count(configuration.Plan.Connections.Count, "connection")}, all settings present");
        var server = new ServerChecks(database, clock);
        yield return await server.VersionAsync(cancel);
        foreach (var setting in await server.SettingsAsync(cancel))
            yield return setting;
        yield return await server.ClockAsync(cancel);

        var pending = await Migrator.PendingAsync(database.General, cancel);
        if (pending.Count > 0)
        {
            yield return new(Verdict.Bad, "migrations", $"not applied: {string.Join(", ", pending)}", "Run quartermaster migrate, or start the hub.");
            yield break;
        }
        yield return new(Verdict.Well, "migrations", "all applied");
        yield return await server.FlushAsync(cancel);
        yield return await server.OldestTransactionAsync(cancel);
        yield return await server.SizeAsync(cancel);
        yield return Disk();

        var machine = new MachineChecks(configuration.Plan, database, clock);
        yield return await machine.ProcessesAsync(cancel);
        yield return await machine.ReadyAsync(cancel);
        yield return await machine.TroubleAsync(cancel);
        await foreach (var lane in machine.LanesAsync(cancel))
            yield return lane;
        yield return await machine.LedgerAsync(cancel);
        yield return await machine.SwitchesAsync(cancel);
        yield return await machine.StorefrontsAsync(cancel);
        yield return await AddressAsync(cancel);
    }

    private Finding Disk()
    {
        if (configuration.Database is not null)
            return new(Verdict.Well, "disk", "the database is on a server of its own; watch its disk there");
        var folder = Path.GetFullPath(configuration.DataFolder);
        var drive = new DriveInfo(Directory.Exists(folder) ? folder : Directory.GetCurrentDirectory());
        var free = string.Create(CultureInfo.InvariantCulture, $"{drive.AvailableFreeSpace / 1e9:0.0} GB free of {drive.TotalSize / 1e9:0.0} under {folder}");
        return drive.AvailableFreeSpace switch
        {
            < 1_000_000_000 => new(Verdict.Bad, "disk", free, "PostgreSQL stops when the disk is full: make room, or shorten retention.history_days."),
            < 5_000_000_000 => new(Verdict.Look, "disk", free, "Make room, or shorten retention.history_days."),
            _ => new(Verdict.Well, "disk", free),
        };
    }

    private async Task<Finding> AddressAsync(CancellationToken cancel)
    {
        if (configuration.PublicAddress is not { } address)
            return configuration.IsSandbox
                ? new(Verdict.Well, "public address", "none; the sandbox needs none")
                : new(Verdict.Look, "public address", "not set: vendors cannot be told where to send webhooks", "Set public_address to the https address that reaches this hub.");
        if (address.Scheme != "https")
            return new(Verdict.Look, "public address", $"{address} is not https; Shopify and Meta send webhooks to https only", "Put a proxy with a certificate in front and set public_address to its address.");
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        try
        {
            using var answer = await http.GetAsync(new Uri(address, "/healthz"), cancel);
            return answer.IsSuccessStatusCode
                ? new(Verdict.Well, "public address", $"{address} reaches a hub")
                : new(Verdict.Bad, "public address", $"{address} answers {(int)answer.StatusCode}", "Check the proxy: /healthz must reach the hub.");
        }
        catch (Exception failure) when (failure is HttpRequestException or TaskCanceledException && !cancel.IsCancellationRequested)
        {
            return new(Verdict.Bad, "public address", $"{address} does not answer from here: {failure.Message}", "Check name, certificate and proxy; is the hub running?");
        }
    }
}
