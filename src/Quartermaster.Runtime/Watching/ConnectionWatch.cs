using Microsoft.Extensions.Logging;
using Npgsql;
using Quartermaster.Core.Connecting;
using Quartermaster.Runtime.Goods;
using Quartermaster.Runtime.Hosting;
using Quartermaster.Runtime.Intake;
using Quartermaster.Runtime.Lanes;
using static Quartermaster.Runtime.Columns;

namespace Quartermaster.Runtime.Watching;

/// <summary>Finds what webhooks lost: polls every connection that can be asked, with overlapping windows; has storefronts' orders of the last days counted, and watches the subscriptions of whoever has some.</summary>
/// <remarks>
/// Runs in the process that owns the connection's lane, so once per hub. What a poll finds takes the road of a webhook. What an earlier poll found is dropped by its business key; a
/// webhook's has another, so an order may be told twice and its decider finds nothing new. Windows overlap because "updated since" at a vendor lags behind.
/// </remarks>
internal sealed partial class ConnectionWatch(HubRuntime hub, HubOptions options, TimeProvider clock, ILogger log)
{
    private static readonly TimeSpan Overlap = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan FirstWindow = TimeSpan.FromHours(2);
    private static readonly TimeSpan SubscriptionsEvery = TimeSpan.FromHours(1);
    private const int Group = 200;

    /// <summary>A poll that fails now and then is made good by the next, whose window covers it.</summary>
    private static readonly TimeSpan SilentTooLong = TimeSpan.FromMinutes(30);

    private const string CaseKey = "poll/failed";

    private readonly DailyCounts _counts = new(hub, log);
    private readonly SubscriptionCheck _subscriptions = new(hub);
    private readonly ShopCatalogue _catalogue = new(hub, log);
    private readonly DateTimeOffset _started = clock.GetUtcNow();

    /// <summary>Every connection has its own loop: the catch-up of one, which may take half an hour, keeps none of the others waiting.</summary>
    public Task RunAsync(CancellationToken stop) => Task.WhenAll(hub.Lanes!.Lanes.Where(l => l.Plan.Connector.Manifest is { Polls: true } or { Subscribes: true }).Select(l => WatchAsync(l, stop)));

    private async Task WatchAsync(Lane lane, CancellationToken stop)
    {
        var due = DateTimeOffset.MinValue;
        while (!stop.IsCancellationRequested)
        {
            try { await Task.Delay(TimeSpan.FromSeconds(5), stop); }
            catch (OperationCanceledException) { return; }
            if (lane.Token == 0 || clock.GetUtcNow() < due) continue;
            try
            {
                due = await LookAfterAsync(lane, stop);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested) { return; }
            catch (Exception e)
            {
                LogTrouble(log, lane.Connection, e.Message);
                await FailedAsync(lane.Plan, e.Message);
                due = clock.GetUtcNow() + options.PollEvery;
            }
        }
    }

    /// <returns>When it is to be looked at again.</returns>
    private async Task<DateTimeOffset> LookAfterAsync(Lane lane, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var (since, lastRun, subscriptionsAt) = await MarkAsync(lane.Connection, now, cancel);
        if (lastRun is { } last && now - last < options.PollEvery) return last + options.PollEvery;
        if (hub.Switches.LaneStopped(lane.Connection)) return now;
        var manifest = lane.Plan.Connector.Manifest;
        var found = manifest.Polls ? await PollAsync(lane, since - Overlap, cancel) : 0;
        string? problems = null;
        if (manifest.Subscribes && options.PublicAddress is { } address && (subscriptionsAt is null || now - subscriptionsAt > SubscriptionsEvery))
        {
            problems = await _subscriptions.MendAsync(lane.Plan, lane.Session, new Uri(address, "webhooks/" + lane.Connection), now, cancel);
        }
        await using var done = hub.Database.General.CreateCommand("""
            UPDATE poll SET since = $2, last_run_at = $2, found = $3, error = NULL,
              subscriptions_checked_at = CASE WHEN $4::text IS NULL THEN subscriptions_checked_at ELSE $2 END, subscription_problems = coalesce($4, subscription_problems) WHERE connection = $1
            """);
        await done.With(Text(lane.Connection), Instant(now), Int(found), Text(problems)).ExecuteNonQueryAsync(cancel);
        await hub.Cases.CloseAsync(lane.Plan.Brand, "connection/" + lane.Connection, CaseKey, now, cancel);
        if (!manifest.Capabilities.Contains(Capability.Storefront)) return now + options.PollEvery;
        await _counts.CompareAsync(lane.Plan, lane.Session, now, cancel);
        await _catalogue.ReadAsync(lane.Plan, lane.Session, now, cancel);
        return now + options.PollEvery;
    }

    private async Task<int> PollAsync(Lane lane, DateTimeOffset since, CancellationToken cancel)
    {
        var found = 0;
        List<Arrival> group = [];
        DateTimeOffset? upTo = null;
        try
        {
            await foreach (var f in lane.Plan.Connector.PollAsync(lane.Session, since, cancel))
            {
                group.Add(new(f.Stream.Brand, f.Stream.Key, true, f.Topic, lane.Connection, f.DeliveryId, f.BusinessKey, f.Body, clock.GetUtcNow()));
                upTo = f.UpTo;
                if (group.Count < Group) continue;
                found += await StoreAsync(group, cancel);
                await MoveOnAsync(lane.Connection, upTo, cancel);
            }
            return found + await StoreAsync(group, cancel);
        }
        catch (Exception) when (!cancel.IsCancellationRequested)
        {
            // What was told before the trouble is told: a shop that fails somewhere in each long poll is caught up with all the same.
            await StoreAsync(group, cancel);
            await MoveOnAsync(lane.Connection, upTo, cancel);
            throw;
        }
    }

    private async Task MoveOnAsync(string connection, DateTimeOffset? upTo, CancellationToken cancel)
    {
        if (upTo is not { } at) return;
        await using var command = hub.Database.General.CreateCommand("UPDATE poll SET since = greatest(since, $2) WHERE connection = $1");
        await command.With(Text(connection), Instant(at)).ExecuteNonQueryAsync(cancel);
    }

    private async Task<int> StoreAsync(List<Arrival> group, CancellationToken cancel)
    {
        if (group.Count == 0) return 0;
        var results = await hub.Intake.WriteAsync(group, cancel);
        group.Clear();
        return results.Count(r => !r.Duplicate);
    }

    private async Task<(DateTimeOffset Since, DateTimeOffset? LastRun, DateTimeOffset? SubscriptionsAt)> MarkAsync(string connection, DateTimeOffset now, CancellationToken cancel)
    {
        await using var command = hub.Database.General.CreateCommand("INSERT INTO poll(connection, since) VALUES ($1, $2) ON CONFLICT (connection) DO UPDATE SET connection = excluded.connection RETURNING since, last_run_at, subscriptions_checked_at");
        command.With(Text(connection), Instant(now - FirstWindow));
        await using var reader = await command.ExecuteReaderAsync(cancel);
        await reader.ReadAsync(cancel);
        return (reader.Instant(0), reader.InstantOrNull(1), reader.InstantOrNull(2));
    }

    // The mark stays where it was, so the next window covers this one too; only the time of the try moves on.
    private async Task FailedAsync(ConnectionPlan plan, string why)
    {
        try
        {
            var now = clock.GetUtcNow();
            await using var command = hub.Database.General.CreateCommand("UPDATE poll SET last_run_at = $2, error = $3 WHERE connection = $1 RETURNING since");
            if (await command.With(Text(plan.Key), Instant(now), Text(why)).ExecuteScalarAsync() is not DateTime mark) return;
            var asked = new DateTimeOffset(mark, TimeSpan.Zero);
            var since = asked > _started ? asked : _started;
            if (now - since > SilentTooLong)
                await hub.Cases.OpenAsync(plan.Brand, "connection/" + plan.Key, CaseKey, "connection.not_polled", $"{plan.Key} could not be asked what changed since {since:yyyy-MM-dd HH:mm} UTC",
                    $"What its webhooks lose is not found. The last try ended with: {why}", now, CancellationToken.None);
        }
        catch (NpgsqlException e) { LogTrouble(log, plan.Key, e.Message); }
    }

    [LoggerMessage(640, LogLevel.Warning, "{Connection} could not be looked after: {Why}")]
    private static partial void LogTrouble(ILogger log, string connection, string why);
}
