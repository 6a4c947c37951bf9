using System.CommandLine;
using Npgsql;
using Quartermaster.Runtime.PrivatePostgres;

namespace Quartermaster.CommandLine;

/// <summary>Looks after the private PostgreSQL of a data folder without a hub.</summary>
internal static class PostgresCommand
{
    private static readonly Option<bool> ForTests = new("--for-tests")
    {
        Description = "Quick rather than safe against a power cut; never for data that matters",
    };

    private static readonly Option<bool> ForPsql = new("--for-psql")
    {
        Description = "Print the address as psql takes it",
    };

    public static Command Create()
    {
        var start = new Command("start", "Starts it, a new one in a folder that has none, leaves it running and prints its address") { ForTests, ForPsql };
        start.SetAction((parsed, cancellation) => Explained(async log =>
        {
            var settings = parsed.GetValue(ForTests) ? ClusterSettings.ForTests : ClusterSettings.Default;
            await using var cluster = await PostgresCluster.StartAsync(Folder(parsed), settings, log, cancellation);
            await cluster.LeaveRunningAsync();
            Console.WriteLine(parsed.GetValue(ForPsql) ? AsPsqlTakesIt(cluster.ConnectionString) : cluster.ConnectionString);
            return 0;
        }));

        var stop = new Command("stop", "Stops it, unless a hub uses it");
        stop.SetAction((parsed, cancellation) => Explained(async log =>
        {
            if (await PostgresCluster.StopAsync(Folder(parsed), log, cancellation))
                return 0;
            Console.Error.WriteLine("A running hub uses this PostgreSQL; stop the hub, and it stops with it.");
            return 1;
        }));

        return new Command("postgres", "Starts or stops the private PostgreSQL of a data folder") { start, stop };
    }

    private static string Folder(ParseResult parsed) =>
        parsed.GetValue(Access.Data) ?? Environment.GetEnvironmentVariable("QM_DATA") ?? ".data";

    private static async Task<int> Explained(Func<ILogger, Task<int>> action)
    {
        // Standard output carries the address and nothing else.
        using var logging = LoggerFactory.Create(logging => logging
            .AddSimpleConsole(console => console.SingleLine = true)
            .Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(
                console => console.LogToStandardErrorThreshold = LogLevel.Trace));
        try
        {
            return await action(logging.CreateLogger("Quartermaster.Postgres"));
        }
        catch (PostgresUnavailableException failure)
        {
            Console.Error.WriteLine(failure.Message);
            return 1;
        }
    }

    private static string AsPsqlTakesIt(string connectionString)
    {
        var address = new NpgsqlConnectionStringBuilder(connectionString);
        return $"host='{address.Host}' port={address.Port} user={address.Username} dbname={address.Database}";
    }
}
