using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Quartermaster.Runtime.PrivatePostgres;

/// <summary>Creates, starts and stops the server of one folder. Callers hold the folder's start lock.</summary>
internal sealed class Postmaster(
    ClusterFolder folder, PostgresBinaries binaries, PostgresOwner owner, ClusterSettings settings, ILogger log)
{
    private const long LongLog = 10 * 1024 * 1024;
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan OrphansEnd = TimeSpan.FromSeconds(30);

    public ClusterFolder Folder => folder;

    /// <summary>Where the running server listens, which an earlier start may have chosen.</summary>
    public (string Folder, int Port) Socket { get; private set; }

    public async Task EnsureRunningAsync(CancellationToken cancellation)
    {
        if (await SettledAsync(cancellation) is { } running)
        {
            ClusterLog.Found(log, folder.Data, running.ProcessId);
            Socket = (running.SocketFolder, running.Port);
            return;
        }
        if (folder.ClusterVersion is null)
            await CreateAsync(cancellation);
        await StartAsync(cancellation);
    }

    public async Task StopAsync(CancellationToken cancellation)
    {
        if (PostmasterFile.Read(folder) is null)
            return;
        // "fast" rolls open transactions back and writes a checkpoint; it does not wait for clients to leave.
        (await owner.RunAsync([binaries.Control, "stop", "-D", folder.Data, "-m", "fast", "-w", "-t", "120"], cancellation))
            .OrFail($"The private PostgreSQL in {folder.Data} did not stop.");
        ClusterLog.Stopped(log, folder.Data);
    }

    /// <summary>The running server once it has finished starting; null once it has finished stopping.</summary>
    private async Task<PostmasterFile?> SettledAsync(CancellationToken cancellation)
    {
        while (true)
        {
            switch (PostmasterFile.Read(folder))
            {
                case null: return null;
                case { IsReady: true } ready: return ready;
            }
            await Task.Delay(Poll, cancellation);
        }
    }

    // Made aside and moved into place, so that a kill in the middle leaves no half of a cluster behind.
    private async Task CreateAsync(CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        var aside = Path.Combine(folder.Home, "data.new");
        (await owner.RunAsync(["rm", "-rf", aside], cancellation)).OrFail($"{aside} could not be removed.");
        // Byte order for text: as quick as can be, and no index breaks when the system's collations change.
        (await owner.RunAsync(
            [binaries.Initdb, "-D", aside, "-k", "-A", "trust", "-U", ClusterFolder.Superuser, "-E", "UTF8",
                "--lc-collate=C", "--lc-ctype=C.UTF-8", "--lc-messages=C", "--lc-monetary=C", "--lc-numeric=C", "--lc-time=C",
                .. settings.Durable ? Array.Empty<string>() : ["--no-sync"]],
            cancellation)).OrFail($"The private PostgreSQL cluster could not be created in {folder.Home}.");
        await File.AppendAllTextAsync(Path.Combine(aside, "postgresql.conf"), """

            include_if_exists = '../quartermaster.conf'
            include_if_exists = '../local.conf'

            """, cancellation);
        // Only who may enter the socket's folder gets as far as this file, and there is no other way in.
        await File.WriteAllTextAsync(Path.Combine(aside, "pg_hba.conf"), "local all all trust\n", cancellation);
        Directory.Move(aside, folder.Data);
        ClusterLog.Created(log, folder.Data, binaries.Version, clock.ElapsedMilliseconds);
    }

    private async Task StartAsync(CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        if (File.Exists(folder.Log) && new FileInfo(folder.Log).Length > LongLog)
            File.Move(folder.Log, folder.Log + ".1", overwrite: true);
        await File.WriteAllTextAsync(folder.Configuration, settings.ToConfiguration(folder.SocketFolder), cancellation);
        while (true)
        {
            RemoveStaleFiles();
            var logLength = File.Exists(folder.Log) ? new FileInfo(folder.Log).Length : 0;
            var started = await StartWithReportsAsync(cancellation);
            if (started.Succeeded)
                break;
            var said = await ReadLogAsync(logLength, cancellation);
            // The workers of a killed postmaster end at their next look around; until then they hold the shared memory.
            if (said.Contains("is still in use", StringComparison.Ordinal) && clock.Elapsed < OrphansEnd)
            {
                await Task.Delay(Poll * 10, cancellation);
                continue;
            }
            throw new PostgresUnavailableException($"The private PostgreSQL in {folder.Data} did not start; its log {folder.Log} ends with:\n{said.Trim()}");
        }
        var running = await SettledAsync(cancellation)
            ?? throw new PostgresUnavailableException($"The private PostgreSQL in {folder.Data} ended right after its start; see {folder.Log}.");
        Socket = (running.SocketFolder, running.Port);
        ClusterLog.Started(log, folder.Data, running.ProcessId, clock.ElapsedMilliseconds);
    }

    // Recovery after a crash may take a while, and a silent program looks like a dead one.
    private async Task<CommandResult> StartWithReportsAsync(CancellationToken cancellation)
    {
        // pg_ctl puts the server into a session of its own: Ctrl-C in our terminal reaches us, not the database.
        var starting = owner.RunAsync(
            [binaries.Control, "start", "-D", folder.Data, "-l", folder.Log, "-s", "-w", "-t", "3600", "-o", "-p 5432"], cancellation);
        while (await Task.WhenAny(starting, Task.Delay(TimeSpan.FromSeconds(5), cancellation)) != starting)
        {
            cancellation.ThrowIfCancellationRequested();
            ClusterLog.StillStarting(log, LastLine());
        }
        return await starting;
    }

    private void RemoveStaleFiles()
    {
        if (PostmasterFile.Read(folder) is not null)
            return;
        File.Delete(PostmasterFile.PathOf(folder));
        File.Delete(Path.Combine(folder.SocketFolder, ".s.PGSQL.5432.lock"));
    }

    private string LastLine() => File.Exists(folder.Log) ? File.ReadLines(folder.Log).LastOrDefault() ?? "" : "";

    private async Task<string> ReadLogAsync(long from, CancellationToken cancellation)
    {
        if (!File.Exists(folder.Log))
            return "";
        await using var file = new FileStream(folder.Log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        file.Seek(from, SeekOrigin.Begin);
        using var reader = new StreamReader(file);
        return await reader.ReadToEndAsync(cancellation);
    }
}
