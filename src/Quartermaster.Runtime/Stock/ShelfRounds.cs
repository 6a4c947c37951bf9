using Microsoft.Extensions.Logging;
using Quartermaster.Core.Connecting;
using Quartermaster.Runtime.Channels;
using Quartermaster.Runtime.Hosting;
using Quartermaster.Runtime.Intake;
using Quartermaster.Runtime.Lanes;

namespace Quartermaster.Runtime.Stock;

/// <summary>Reads every shelf of every warehouse that tells them, as a whole, and takes in what differs from the ledger: what webhooks and polls lost is found however old it is.</summary>
/// <remarks>Runs in the process that owns the connection's lane, under its pace. A shelf that agrees costs its place in a page and nothing else.</remarks>
internal sealed partial class ShelfRounds(HubRuntime hub, TimeProvider clock, ILogger log)
{
    private const int Group = 500;
    private const string CaseKey = "stock/not_read";

    /// <summary>A read that fails is made good by the next; one that has not come through for so many turns is not.</summary>
    private const int MissedReads = 3;

    private static readonly TimeSpan Look = TimeSpan.FromSeconds(15);

    private readonly ListingRows _reads = new(hub.Database);
    private readonly DateTimeOffset _started = clock.GetUtcNow();

    public Task RunAsync(CancellationToken stop) => Task.WhenAll(hub.Lanes!.Lanes.Where(l => l.Plan is { ReadShelvesEvery: not null, Connector.Manifest.TellsShelves: true }).Select(l => WatchAsync(l, stop)));

    private async Task WatchAsync(Lane lane, CancellationToken stop)
    {
        var every = lane.Plan.ReadShelvesEvery!.Value;
        var compare = new ShelfCompare(hub.Database, lane.Plan);
        while (!stop.IsCancellationRequested)
        {
            try
            {
                if (MayCall(lane) && await _reads.BeginReadAsync(lane.Connection, every, clock.GetUtcNow(), stop)) await ReadAsync(lane, compare, every, stop);
                await Task.Delay(Look < every ? Look : every, stop);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested) { return; }
            catch (Exception e)
            {
                LogTrouble(log, lane.Connection, e.Message);
                await Task.Delay(1000, CancellationToken.None);
            }
        }
    }

    private bool MayCall(Lane lane) => lane.Token != 0 && !lane.Breaker.Rests && !hub.Switches.LaneStopped(lane.Connection) && hub.Switches.ModeOf(lane.Plan.Brand) != BrandMode.Off;

    private async Task ReadAsync(Lane lane, ShelfCompare compare, TimeSpan every, CancellationToken cancel)
    {
        var (plan, begun) = (lane.Plan, clock.GetUtcNow());
        var (shelves, differed) = (0, 0);
        string? error = null;
        compare.Begin();
        try
        {
            List<ShelfSeen> group = new(Group);
            await foreach (var seen in plan.Connector.ReadShelvesAsync(lane.Session, cancel))
            {
                group.Add(seen);
                if (group.Count < Group) continue;
                (shelves, differed) = (shelves + group.Count, differed + await CompareAsync(compare, group, begun, cancel));
                group.Clear();
            }
            if (group.Count > 0) (shelves, differed) = (shelves + group.Count, differed + await CompareAsync(compare, group, begun, cancel));
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancel.IsCancellationRequested) { error = e.Message; }
        var now = clock.GetUtcNow();
        await _reads.EndReadAsync(plan.Key, shelves, differed, begun, now, error, cancel);
        await TellAsync(plan, every, error, now, cancel);
    }

    private async Task<int> CompareAsync(ShelfCompare compare, List<ShelfSeen> shelves, DateTimeOffset begun, CancellationToken cancel)
    {
        var told = await compare.CompareAsync(shelves, begun, clock.GetUtcNow(), cancel);
        hub.Wakeup.Wake(told);
        return told.Count;
    }

    private async Task TellAsync(ConnectionPlan plan, TimeSpan every, string? error, DateTimeOffset now, CancellationToken cancel)
    {
        var stream = "connection/" + plan.Key;
        if (error is null)
        {
            await hub.Cases.CloseAsync(plan.Brand, stream, CaseKey, now, cancel);
            return;
        }
        var (read, _) = await _reads.LastReadAsync(plan.Key, cancel);
        var since = read > _started ? read.Value : _started;
        if (now - since > MissedReads * every)
            await hub.Cases.OpenAsync(plan.Brand, stream, CaseKey, "stock.not_reconciled", $"The shelves of {plan.Key} have not been compared since {(read is { } at ? $"{at:yyyy-MM-dd HH:mm} UTC" : "the hub was started")}",
                $"A count that was lost is not found. The last read ended with: {error}", now, cancel);
    }

    [LoggerMessage(655, LogLevel.Warning, "The shelves of {Connection} could not be compared, trying again: {Why}")]
    private static partial void LogTrouble(ILogger log, string connection, string why);
}
