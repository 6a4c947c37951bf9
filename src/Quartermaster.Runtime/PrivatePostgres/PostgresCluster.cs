using Microsoft.Extensions.Logging;
using Npgsql;

namespace Quartermaster.Runtime.PrivatePostgres;

/// <summary>The PostgreSQL that Quartermaster brings up for itself when it is given none.</summary>
/// <remarks>
/// It lives in the data folder, listens on a unix socket only, and is as durable as any other. Several hubs may share
/// one folder: the first starts the server, the others find it, the last to leave stops it. A hub that is killed leaves
/// it running; the next start finds it, or lets it recover if it was killed as well.
/// </remarks>
public sealed class PostgresCluster : IAsyncDisposable
{
    private static readonly TimeSpan WatchEvery = TimeSpan.FromSeconds(1);

    private readonly Postmaster _postmaster;
    private readonly ClusterFolder _folder;
    private readonly ILogger _log;
    private readonly FileStream _use;
    private readonly CancellationTokenSource _leaving = new();
    private readonly Task _watch;
    private bool _left;

    private PostgresCluster(Postmaster postmaster, ClusterFolder folder, FileStream use, string connectionString, ILogger log)
    {
        (_postmaster, _folder, _use, _log, ConnectionString) = (postmaster, folder, use, log, connectionString);
        _watch = WatchAsync(_leaving.Token);
    }

    /// <summary>Opens the hub's own database as its owner.</summary>
    public string ConnectionString { get; }

    /// <summary>Whether a data folder holds a cluster that was set up; looks without changing anything.</summary>
    public static bool IsIn(string dataFolder) => ClusterFolder.IsSetUp(Path.GetFullPath(dataFolder));

    public static Task<PostgresCluster> StartAsync(string dataFolder, ILogger log, CancellationToken cancellation) =>
        StartAsync(dataFolder, ClusterSettings.Default, log, cancellation);

    /// <exception cref="PostgresUnavailableException">Says in its message what a person can do about it.</exception>
    public static async Task<PostgresCluster> StartAsync(
        string dataFolder, ClusterSettings settings, ILogger log, CancellationToken cancellation)
    {
        dataFolder = Path.GetFullPath(dataFolder);
        Directory.CreateDirectory(dataFolder);

        await using var starting = await FolderLock.TakeAsync(ClusterFolder.StartLock(dataFolder), cancellation);
        var owner = await PostgresOwner.ChooseAsync(cancellation);
        var folder = await ClusterFolder.PrepareAsync(dataFolder, owner, log, cancellation);
        var binaries = await PostgresBinaries.FindOrInstallAsync(folder.ClusterVersion, owner, log, cancellation);
        var postmaster = new Postmaster(folder, binaries, owner, settings, log);
        await postmaster.EnsureRunningAsync(cancellation);

        var use = FolderLock.Share(ClusterFolder.UseLock(dataFolder));
        try
        {
            var connection = await EnsureDatabaseAsync(postmaster, settings.Database, cancellation);
            return new PostgresCluster(postmaster, folder, use, connection, log);
        }
        catch
        {
            await use.DisposeAsync();
            throw;
        }
    }

    /// <summary>Ends this process's use and leaves the server running for whoever comes next.</summary>
    public Task LeaveRunningAsync() => LeaveAsync(stopIfLast: false);

    public async ValueTask DisposeAsync()
    {
        await LeaveAsync(stopIfLast: true);
        _leaving.Dispose();
    }

    /// <summary>Stops the server of a data folder, whoever started it, unless a hub still uses it.</summary>
    /// <returns>False when a running hub uses the server.</returns>
    public static async Task<bool> StopAsync(string dataFolder, ILogger log, CancellationToken cancellation)
    {
        dataFolder = Path.GetFullPath(dataFolder);
        if (!Directory.Exists(dataFolder))
            return true;
        await using var stopping = await FolderLock.TakeAsync(ClusterFolder.StartLock(dataFolder), cancellation);
        var owner = await PostgresOwner.ChooseAsync(cancellation);
        var folder = await ClusterFolder.PrepareAsync(dataFolder, owner, log, cancellation);
        if (PostmasterFile.Read(folder) is null)
            return true;
        var binaries = await PostgresBinaries.FindOrInstallAsync(folder.ClusterVersion, owner, log, cancellation);
        return await StopIfUnusedAsync(new Postmaster(folder, binaries, owner, ClusterSettings.Default, log), cancellation);
    }

    private async Task LeaveAsync(bool stopIfLast)
    {
        if (_left)
            return;
        _left = true;
        await _leaving.CancelAsync();
        await _watch;
        await using var stopping = await FolderLock.TakeAsync(ClusterFolder.StartLock(_folder.DataFolder), CancellationToken.None);
        await _use.DisposeAsync();
        if (stopIfLast)
            await StopIfUnusedAsync(_postmaster, CancellationToken.None);
    }

    private static async Task<bool> StopIfUnusedAsync(Postmaster postmaster, CancellationToken cancellation)
    {
        await using var alone = FolderLock.TryTake(ClusterFolder.UseLock(postmaster.Folder.DataFolder));
        if (alone is null)
            return false;
        await postmaster.StopAsync(cancellation);
        return true;
    }

    // PostgreSQL restarts its own workers; only the death of the postmaster itself (kill -9, out of memory) is left to us.
    // Three looks in a row, because a person may be restarting it on purpose.
    private async Task WatchAsync(CancellationToken cancellation)
    {
        var missing = 0;
        while (!cancellation.IsCancellationRequested)
        {
            await Task.Delay(WatchEvery, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (cancellation.IsCancellationRequested || !Directory.Exists(_folder.Data))
                continue;
            missing = PostmasterFile.Read(_folder) is null ? missing + 1 : 0;
            if (missing < 3)
                continue;
            try
            {
                await using var starting = await FolderLock.TakeAsync(ClusterFolder.StartLock(_folder.DataFolder), cancellation);
                ClusterLog.PostmasterGone(_log, _folder.Data);
                await _postmaster.EnsureRunningAsync(cancellation);
                missing = 0;
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure)
            {
                ClusterLog.RestartFailed(_log, failure);
            }
        }
    }

    private static async Task<string> EnsureDatabaseAsync(Postmaster postmaster, string database, CancellationToken cancellation)
    {
        var address = new NpgsqlConnectionStringBuilder
        {
            Host = postmaster.Socket.Folder,
            Port = postmaster.Socket.Port,
            Username = ClusterFolder.Superuser,
            Database = "postgres",
            Pooling = false,
        };
        await using (var connection = new NpgsqlConnection(address.ConnectionString))
        {
            await connection.OpenAsync(cancellation);
            await using var exists = new NpgsqlCommand("SELECT 1 FROM pg_database WHERE datname = $1", connection)
            {
                Parameters = { new() { Value = database } },
            };
            if (await exists.ExecuteScalarAsync(cancellation) is null)
            {
                await using var create = new NpgsqlCommand($"CREATE DATABASE \"{database.Replace("\"", "\"\"", StringComparison.Ordinal)}\"", connection);
                await create.ExecuteNonQueryAsync(cancellation);
            }
        }
        return new NpgsqlConnectionStringBuilder(address.ConnectionString) { Database = database, Pooling = true }.ConnectionString;
    }
}
