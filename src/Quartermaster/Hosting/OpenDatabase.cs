using Npgsql;
using Quartermaster.Configuration;
using Quartermaster.Runtime;
using Quartermaster.Runtime.Migrations;
using Quartermaster.Runtime.PrivatePostgres;

namespace Quartermaster.Hosting;

/// <summary>The database of this hub, open: the one that was configured, or a private one that is brought up and let go again.</summary>
internal sealed partial class OpenDatabase : IAsyncDisposable
{
    // A server that is started beside the hub, as in a compose file, may need a moment.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly PostgresCluster? _cluster;

    private OpenDatabase(Database database, PostgresCluster? cluster, string where) => (Database, _cluster, Where) = (database, cluster, where);

    public Database Database { get; }

    /// <summary>What a person is told about where the data lies.</summary>
    public string Where { get; }

    public bool IsPrivate => _cluster is not null;

    /// <summary>For everything that looks into a hub's database: a private one is used where a hub has made it, and never made.</summary>
    /// <remarks>A command that is run in the wrong folder would otherwise answer from a new and empty database.</remarks>
    /// <exception cref="DatabaseUnreachableException">The configured database does not answer.</exception>
    /// <exception cref="PostgresUnavailableException">There is no private one, or it does not start.</exception>
    public static Task<OpenDatabase> FindAsync(HubConfiguration configuration, ILogger log, CancellationToken cancel) =>
        configuration.Database is not null || PostgresCluster.IsIn(configuration.DataFolder)
            ? OpenAsync(configuration, log, cancel)
            : throw new PostgresUnavailableException(
                $"There is no database in {Path.GetFullPath(configuration.DataFolder)} that {Environment.UserName} can read. " +
                "Run this in the hub's folder, name its data folder with --data (or QM_DATA) or its database with QM_DATABASE. Only a start makes a new one: quartermaster up.");

    /// <summary>For a hub that starts: a private database is made where there is none.</summary>
    /// <exception cref="DatabaseUnreachableException">The configured database does not answer.</exception>
    /// <exception cref="PostgresUnavailableException">No private one can be had.</exception>
    public static async Task<OpenDatabase> OpenAsync(HubConfiguration configuration, ILogger log, CancellationToken cancel)
    {
        if (configuration.Database is { } given)
        {
            var named = new NpgsqlConnectionStringBuilder(given);
            var where = $"{named.Database} on {named.Host}:{named.Port}";
            await ReachAsync(given, where, log, cancel);
            return new(new Database(given), null, where);
        }
        var cluster = await PostgresCluster.StartAsync(configuration.DataFolder, log, cancel);
        return new(new Database(cluster.ConnectionString), cluster, $"private PostgreSQL in {Path.GetFullPath(configuration.DataFolder)}");
    }

    public Task MigrateAsync(ILogger log, CancellationToken cancel) => Migrator.RunAsync(Database.General, log, cancel);

    public async ValueTask DisposeAsync()
    {
        await Database.DisposeAsync();
        if (_cluster is not null)
            await _cluster.DisposeAsync();
    }

    private static async Task ReachAsync(string address, string where, ILogger log, CancellationToken cancel)
    {
        var began = TimeProvider.System.GetTimestamp();
        for (var told = false; ;)
        {
            try
            {
                await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(address) { Pooling = false }.ConnectionString);
                await connection.OpenAsync(cancel);
                return;
            }
            catch (NpgsqlException failure)
            {
                // A wrong password or name does not get better by waiting; a refused connection or a starting server may.
                var hopeless = failure is PostgresException { SqlState: not (PostgresErrorCodes.CannotConnectNow or PostgresErrorCodes.TooManyConnections) };
                if (hopeless || TimeProvider.System.GetElapsedTime(began) > Patience)
                    throw new DatabaseUnreachableException(where, failure);
                if (!told)
                    LogWaiting(log, where, failure.Message);
                told = true;
                await Task.Delay(TimeSpan.FromMilliseconds(500), cancel);
            }
        }
    }

    [LoggerMessage(900, LogLevel.Warning, "Waiting for the database {Where}: {Why}")]
    private static partial void LogWaiting(ILogger log, string where, string why);
}

/// <summary>The configured database cannot be used; the message is written for the person who starts the hub.</summary>
public sealed class DatabaseUnreachableException(string where, Exception why)
    : Exception($"The database {where} cannot be used: {why.Message.TrimEnd('.')}. Check database: in the configuration, or QM_DATABASE; leave both empty for a private one.", why);
