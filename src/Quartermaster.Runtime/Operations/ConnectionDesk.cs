using Quartermaster.Core.Connecting;
using Quartermaster.Core.Connections;
using static Quartermaster.Runtime.Columns;

namespace Quartermaster.Runtime.Operations;

/// <summary>The test button of a connection: one harmless call that proves address and credentials.</summary>
/// <remarks>Needs only the plan and the database, so that it can be asked whether or not a hub is running.</remarks>
public sealed class ConnectionDesk(HubPlan plan, Database database, Desk desk, TimeProvider clock)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(15);

    /// <summary>Lets this process's lane try at once; a lane of another finds out with its next probe.</summary>
    public Action<string>? TryAgain { get; init; }

    /// <returns>What came of it, with the exact request and answer.</returns>
    /// <exception cref="KeyNotFoundException">No such connection.</exception>
    public async Task<Result> TestAsync(string connection, string who, CancellationToken cancel)
    {
        var tested = plan.Connections.TryGetValue(connection, out var found) ? found : throw new KeyNotFoundException($"There is no connection '{connection}'.");
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(Limit);
        using var http = new HttpClient { Timeout = Limit };
        var session = tested.Open(http, clock);
        Result result;
        try { result = await tested.Connector.TestAsync(session, limit.Token); }
        catch (SettingMissingException e) { result = new(new Outcome.NotConnected(e.Message), Exchange.None); }
        catch (Exception e) when (e is not OperationCanceledException || !cancel.IsCancellationRequested) { result = new(new Outcome.TryLater(e.Message), Exchange.None); }
        await desk.AuditAsync(who, "connection.tested", tested.Brand, "connection/" + connection, result.Outcome.GetType().Name, cancel);
        if (result.Outcome is Outcome.Done or Outcome.AlreadyDone)
        {
            // It works again: let the lane try at once, and close what said that it does not.
            await using var mend = database.General.CreateCommand("UPDATE open_case SET closed_at = $3 WHERE brand = $1 AND stream = $2 AND key = 'not_connected' AND closed_at IS NULL");
            await mend.With(Text(tested.Brand), Text("connection/" + connection), Instant(clock.GetUtcNow())).ExecuteNonQueryAsync(cancel);
            await desk.SendAsync(new(tested.Brand, "connection", connection), new ConnectionSignal.Mended(connection, who, clock.GetUtcNow()), who, cancel);
            TryAgain?.Invoke(connection);
        }
        return result;
    }
}
