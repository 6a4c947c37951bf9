using Quartermaster.Core.Connecting;
using Quartermaster.Core.Connections;
using Quartermaster.Runtime.Hosting;
using static Quartermaster.Runtime.Columns;

namespace Quartermaster.Runtime.Operations;

/// <summary>The test button of a connection: one harmless call that proves address and credentials.</summary>
public sealed class ConnectionDesk(HubRuntime hub, TimeProvider clock)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(15);

    /// <returns>What came of it, with the exact request and answer.</returns>
    /// <exception cref="KeyNotFoundException">No such connection.</exception>
    public async Task<Result> TestAsync(string connection, string who, CancellationToken cancel)
    {
        var plan = hub.Plan.Connections.TryGetValue(connection, out var found) ? found : throw new KeyNotFoundException($"There is no connection '{connection}'.");
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(Limit);
        using var http = new HttpClient { Timeout = Limit };
        var session = plan.Open(http, clock);
        Result result;
        try { result = await plan.Connector.TestAsync(session, limit.Token); }
        catch (SettingMissingException e) { result = new(new Outcome.NotConnected(e.Message), Exchange.None); }
        catch (Exception e) when (e is not OperationCanceledException || !cancel.IsCancellationRequested) { result = new(new Outcome.TryLater(e.Message), Exchange.None); }
        await hub.Desk.AuditAsync(who, "connection.tested", plan.Brand, "connection/" + connection, result.Outcome.GetType().Name, cancel);
        if (result.Outcome is Outcome.Done or Outcome.AlreadyDone)
        {
            // It works again: let the lane try at once, and close what said that it does not.
            await using var mend = hub.Database.General.CreateCommand("UPDATE open_case SET closed_at = $3 WHERE brand = $1 AND stream = $2 AND key = 'not_connected' AND closed_at IS NULL");
            await mend.With(Text(plan.Brand), Text("connection/" + connection), Instant(clock.GetUtcNow())).ExecuteNonQueryAsync(cancel);
            await hub.Desk.SendAsync(new(plan.Brand, "connection", connection), new ConnectionSignal.Mended(connection, who, clock.GetUtcNow()), who, cancel);
            hub.Lanes?.Find(connection)?.Breaker.Answered();
            hub.Lanes?.Nudge();
        }
        return result;
    }
}
