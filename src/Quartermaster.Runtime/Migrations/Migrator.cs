using System.Reflection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Quartermaster.Runtime.Migrations;

/// <summary>Brings the schema up to this release: forward only, restartable, one process at a time.</summary>
public static partial class Migrator
{
    private const long Lock = 0x514D_4D49_4752; // "QMMIGR"

    /// <summary>Applies every migration that the database has not seen, each in its own transaction.</summary>
    /// <exception cref="PostgresException">A migration failed; the ones before it stay applied and a restart goes on from there.</exception>
    public static async Task RunAsync(NpgsqlDataSource database, ILogger log, CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        await Execute(connection, $"SELECT pg_advisory_lock({Lock})", cancel);
        try
        {
            await Execute(connection, "CREATE TABLE IF NOT EXISTS migration (name text PRIMARY KEY, at timestamptz NOT NULL DEFAULT now())", cancel);
            var applied = await Names(connection, cancel);
            foreach (var (name, sql) in All())
            {
                if (applied.Contains(name)) continue;
                await using var transaction = await connection.BeginTransactionAsync(cancel);
                await Execute(connection, sql, cancel);
                await Execute(connection, $"INSERT INTO migration(name) VALUES ('{name}')", cancel);
                await transaction.CommitAsync(cancel);
                LogApplied(log, name);
            }
            await History.EnsureAheadAsync(connection, cancel);
        }
        finally
        {
            await Execute(connection, $"SELECT pg_advisory_unlock({Lock})", CancellationToken.None);
        }
    }

    /// <summary>Names of migrations this release brings that the database has not seen; readiness waits for none.</summary>
    public static async Task<IReadOnlyList<string>> PendingAsync(NpgsqlDataSource database, CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        await using var exists = new NpgsqlCommand("SELECT to_regclass('migration') IS NOT NULL", connection);
        var applied = (bool)(await exists.ExecuteScalarAsync(cancel))! ? await Names(connection, cancel) : [];
        return [.. All().Select(m => m.Name).Where(n => !applied.Contains(n))];
    }

    private static IEnumerable<(string Name, string Sql)> All()
    {
        var assembly = Assembly.GetExecutingAssembly();
        foreach (var resource in assembly.GetManifestResourceNames().Where(n => n.EndsWith(".sql", StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
            yield return (string.Join('.', resource.Split('.')[^2..]), reader.ReadToEnd());
        }
    }

    private static async Task<HashSet<string>> Names(NpgsqlConnection connection, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand("SELECT name FROM migration", connection);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        HashSet<string> names = [];
        while (await reader.ReadAsync(cancel)) names.Add(reader.GetString(0));
        return names;
    }

    private static async Task Execute(NpgsqlConnection connection, string sql, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancel);
    }

    [LoggerMessage(100, LogLevel.Information, "Applied migration {Name}")]
    private static partial void LogApplied(ILogger log, string name);
}
