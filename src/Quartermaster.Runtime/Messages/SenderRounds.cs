using Microsoft.Extensions.Logging;
using Quartermaster.Core.Connecting;
using Quartermaster.Runtime.Hosting;
using Quartermaster.Runtime.Lanes;

namespace Quartermaster.Runtime.Messages;

/// <summary>Reads what channels say of the numbers that messages come from, each hour and whenever the channel tells of a change, and says when one is in trouble.</summary>
/// <remarks>Runs where the connection's lane is owned, so once per hub. A notice only makes us look: what counts is what the channel then answers.</remarks>
internal sealed partial class SenderRounds(HubRuntime hub, TimeProvider clock, ILogger log)
{
    private const string Case = "sender", Kind = "message.sender_in_trouble";

    // Nearly used up: who leads has time to write to fewer.
    private const double Near = 0.9;

    private static readonly TimeSpan Every = TimeSpan.FromHours(1), Look = TimeSpan.FromSeconds(5), AfterTrouble = TimeSpan.FromMinutes(5), CountEvery = TimeSpan.FromMinutes(1);

    private readonly Dictionary<string, DateTimeOffset> _notBefore = [], _countedAt = [];
    private readonly Dictionary<string, string> _said = [];

    public async Task RunAsync(CancellationToken stop)
    {
        if (!hub.Plan.Connections.Values.Any(c => c.Connector.Manifest.RatesSenders)) return;
        while (!stop.IsCancellationRequested)
        {
            foreach (var lane in hub.Lanes!.Lanes)
            {
                if (lane.Token == 0 || !lane.Plan.Connector.Manifest.RatesSenders || hub.Switches.LaneStopped(lane.Connection)) continue;
                try { await LookAfterAsync(lane, stop); }
                catch (OperationCanceledException) when (stop.IsCancellationRequested) { return; }
                catch (Exception e) { await FailedAsync(lane, e.Message); }
            }
            try { await Task.Delay(Look, stop); }
            catch (OperationCanceledException) { return; }
        }
    }

    internal async Task LookAfterAsync(Lane lane, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        // What was read last holds until the channel answers again.
        var known = await SenderRows.FindAsync(hub.Database, lane.Connection, cancel);
        if (!(_notBefore.TryGetValue(lane.Connection, out var wait) && now < wait) && await SenderRows.DueAsync(hub.Database, lane.Plan.Brand, lane.Connection, now - Every, cancel) is { } heard)
        {
            if (await lane.Plan.Connector.ReadSenderAsync(lane.Session, cancel) is { } standing)
            {
                await SenderRows.KeepAsync(hub.Database, lane.Connection, standing, heard, now, cancel);
                known = standing;
                _countedAt.Remove(lane.Connection);
            }
            else _notBefore[lane.Connection] = DateTimeOffset.MaxValue;
        }
        hub.Senders.Set(lane.Connection, known);
        if (known is not null && now - _countedAt.GetValueOrDefault(lane.Connection) >= CountEvery) await TellAsync(lane, known, now, cancel);
    }

    private async Task TellAsync(Lane lane, SenderStanding standing, DateTimeOffset now, CancellationToken cancel)
    {
        _countedAt[lane.Connection] = now;
        var limit = hub.Senders.LimitOf(lane.Connection);
        var used = await SenderRows.CountAsync(hub.Database, lane.Connection, limit, now - SenderTally.Window, cancel);
        List<string> trouble = [];
        if (standing.Quality == SenderStanding.Worst) trouble.Add("Readers block or report its messages so often that the channel rates it RED. Marketing waits until it is better.");
        if (standing.MostADay is { } most && used >= most * Near) trouble.Add($"It{(limit.Names.Count > 2 ? ", together with the numbers that share its limit," : "")} may write to {most:N0} people in 24 hours ({standing.Limit}) and is close to that. Marketing waits; what orders make necessary goes by the next channel once it is used up.");
        var said = string.Join('\n', trouble);
        if (_said.GetValueOrDefault(lane.Connection) == said) return;
        var stream = "connection/" + lane.Connection;
        if (trouble.Count == 0) await hub.Cases.CloseAsync(lane.Plan.Brand, stream, Case, now, cancel);
        else await hub.Cases.OpenAsync(lane.Plan.Brand, stream, Case, Kind, $"The number of {lane.Connection} is in trouble", said, now, cancel);
        _said[lane.Connection] = said;
    }

    private async Task FailedAsync(Lane lane, string why)
    {
        LogTrouble(log, lane.Connection, why);
        _notBefore[lane.Connection] = clock.GetUtcNow() + AfterTrouble;
        try { await SenderRows.FailedAsync(hub.Database, lane.Connection, why, CancellationToken.None); }
        catch (Npgsql.NpgsqlException e) { LogTrouble(log, lane.Connection, e.Message); }
    }

    [LoggerMessage(671, LogLevel.Warning, "What the channel says of the number of {Connection} could not be read, tried again later: {Why}")]
    private static partial void LogTrouble(ILogger log, string connection, string why);
}
