using Npgsql;
using Quartermaster.Runtime.Hosting;
using Quartermaster.Runtime.Migrations;

namespace Quartermaster.Hosting;

/// <summary>Whether this process should be sent work: its database answers, is migrated, and it is not going away.</summary>
internal sealed class Health(HubRuntime hub, NpgsqlDataSource database, IHostApplicationLifetime life)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private bool _migrated;

    /// <returns>What keeps it from being ready; null when nothing does.</returns>
    public async Task<string?> ComplaintAsync(CancellationToken cancel)
    {
        if (life.ApplicationStopping.IsCancellationRequested)
            return "draining";
        if (!hub.Ready)
            return "starting";
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(Patience);
        try
        {
            if (!_migrated && await Migrator.PendingAsync(database, limit.Token) is { Count: > 0 } pending)
                return $"migrations pending: {string.Join(", ", pending)}";
            _migrated = true;
            await using var command = database.CreateCommand("SELECT 1");
            await command.ExecuteScalarAsync(limit.Token);
            return null;
        }
        catch (Exception failure) when (failure is NpgsqlException or OperationCanceledException && !cancel.IsCancellationRequested)
        {
            return "the database does not answer";
        }
    }
}

/// <summary><c>/healthz</c>: the process lives. <c>/readyz</c>: it may be sent work.</summary>
internal static class HealthEndpoints
{
    public static void MapHealth(this WebApplication app)
    {
        app.MapGet("/healthz", () => Results.Text("ok")).AllowAnonymous().ExcludeFromDescription();
        app.MapGet("/readyz", async (Health health, CancellationToken cancel) =>
            await health.ComplaintAsync(cancel) is { } complaint ? Results.Text(complaint, statusCode: StatusCodes.Status503ServiceUnavailable) : Results.Text("ready"))
            .AllowAnonymous().ExcludeFromDescription();
    }
}
