using Microsoft.Extensions.Logging;
using Npgsql;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Flows;
using Quartermaster.Core.Kernel;
using Quartermaster.Runtime.Hosting;
using Quartermaster.Runtime.Intake;
using Quartermaster.Runtime.Lanes;
using Quartermaster.Runtime.Partitions;
using static Quartermaster.Runtime.Columns;

namespace Quartermaster.Runtime.Watching;

/// <summary>Orders that a warehouse was handed and says nothing of: the warehouse is asked for them, and what it does not answer becomes a case.</summary>
/// <remarks>
/// Looks at the open orders that are old enough, so an order that goes its way costs nothing. Runs in the process that owns the lane, each lane
/// for itself: a warehouse that answers slowly holds up no other. The case closes when the order goes on, by whatever it does. A warehouse that
/// was down for a weekend is one case and not one for each of its orders.
/// </remarks>
internal sealed partial class HandoffRounds(HubRuntime hub, TimeProvider clock, ILogger log)
{
    private const string CaseKind = "fulfilment.not_answered";
    private const int Page = 500;
    private static readonly TimeSpan Soonest = TimeSpan.FromMinutes(1), Latest = TimeSpan.FromMinutes(15), InTheBox = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan AskEvery = TimeSpan.FromHours(1);

    // What happened while nobody listened comes in first: warehouses send their events again for a day.
    private static readonly TimeSpan ListenFirst = TimeSpan.FromMinutes(15);

    private static readonly byte[] OfTheWarehouse = "\"fulfilment."u8.ToArray();

    /// <summary>Questions at one look; and more silent orders than these are told of together.</summary>
    public int Most { get; init; } = 50;

    public async Task RunAsync(CancellationToken stop) =>
        await Task.WhenAll(hub.Lanes!.Lanes.Where(l => l.Plan.Connector.Manifest.Capabilities.Contains(Capability.Warehouse) && l.Plan.Patience.Shortest is not null).Select(l => LoopAsync(l, stop)));

    private async Task LoopAsync(Lane lane, CancellationToken stop)
    {
        var asked = new Dictionary<string, DateTimeOffset>(StringComparer.Ordinal);
        try
        {
            await Task.Delay(lane.Plan.Sandboxed ? InTheBox : ListenFirst, stop);
            while (true)
            {
                try
                {
                    if (lane.Token != 0 && hub.Switches.ModeOf(lane.Plan.Brand) != BrandMode.Off) await LookAsync(lane, asked, stop);
                }
                catch (Exception e) when (!stop.IsCancellationRequested) { LogTrouble(log, lane.Connection, e.Message); }
                await Task.Delay(lane.Plan.Sandboxed ? InTheBox : Every(lane.Plan.Patience), stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Stopped.
        }
    }

    // Patience is in days, and nobody needs to hear of its end to the minute.
    private static TimeSpan Every(HandoffPatience patience) => TimeSpan.FromTicks(Math.Clamp(patience.Shortest!.Value.Ticks / 200, Soonest.Ticks, Latest.Ticks));

    /// <param name="asked">When the warehouse was asked for which order; kept from one look to the next.</param>
    internal async Task LookAsync(Lane lane, Dictionary<string, DateTimeOffset> asked, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var silent = await SilentAsync(lane, now, cancel);
        var areMany = silent.Count > Most;
        // Whoever waits longest is asked for first; the others at the next looks.
        foreach (var order in silent.Where(s => !asked.TryGetValue(s.Stream, out var before) || now - before >= AskEvery).OrderBy(s => s.HeardAt).Take(Most))
        {
            asked[order.Stream] = now;
            var (answer, isNews) = await AskAsync(lane, order, cancel);
            // What it told counts before anybody is called; the next look sees what became of it.
            if (!isNews && !areMany) await OpenAsync(lane, order, answer, now, cancel);
        }
        HashSet<string> still = [.. silent.Select(s => s.Stream)];
        if (areMany)
        {
            still.Add("connection/" + lane.Connection);
            await OpenForAllAsync(lane, silent, now, cancel);
        }
        foreach (var stream in asked.Keys.Where(s => !still.Contains(s)).ToArray()) asked.Remove(stream);
        // Index: open_case_open.
        await using var close = hub.Database.General.CreateCommand("UPDATE open_case SET closed_at = $5 WHERE brand = $1 AND kind = $2 AND key = $3 AND closed_at IS NULL AND stream <> ALL ($4)")
            .With(Text(lane.Plan.Brand), Text(CaseKind), Text(KeyOf(lane)), Texts(still), Instant(now));
        await close.ExecuteNonQueryAsync(cancel);
    }

    /// <summary>The orders of which this warehouse should have said something by now.</summary>
    private async Task<List<SilentOrder>> SilentAsync(Lane lane, DateTimeOffset now, CancellationToken cancel)
    {
        List<SilentOrder> silent = [];
        var (kind, patience) = (StreamKinds.Find("order")!, lane.Plan.Patience);
        var (placed, stream) = (now - patience.Shortest!.Value, "");
        for (var more = true; more;)
        {
            // Indexes: stream_open, from the oldest that can be late on; then decision_pkey and open_case_pkey for each. An order that is handed over
            // is decided on: what its warehouse last did, or was last told, is among the newest events. The state is read of none that was heard of lately.
            await using var find = hub.Database.General.CreateCommand("""
                SELECT s.stream, s.placed_at, CASE WHEN h.at <= $7 THEN s.state END, h.at, c.opened_at FROM stream s
                CROSS JOIN LATERAL (SELECT coalesce((SELECT d.at FROM decision d WHERE d.brand = s.brand AND d.stream = s.stream AND position($5 IN d.events) > 0 ORDER BY d.seq DESC LIMIT 1), s.placed_at) AS at) h
                LEFT JOIN open_case c ON c.brand = s.brand AND c.stream = s.stream AND c.key = $6
                WHERE s.brand = $1 AND s.placed_at IS NOT NULL AND NOT s.ended AND s.placed_at <= $2 AND (s.placed_at < $2 OR s.stream > $3) AND s.status IN ('submitted', 'accepted', 'partly_shipped') AND NOT s.shadow
                ORDER BY s.placed_at DESC, s.stream LIMIT $4
                """).With(Text(lane.Plan.Brand), Instant(placed), Text(stream), Int(Page), new NpgsqlParameter<byte[]> { TypedValue = OfTheWarehouse }, Text(KeyOf(lane)), Instant(now - patience.Shortest!.Value));
            var rows = 0;
            await using var reader = await find.ExecuteReaderAsync(cancel);
            for (; await reader.ReadAsync(cancel); rows++)
            {
                (stream, placed) = (reader.GetString(0), reader.Instant(1));
                if (reader.IsDBNull(2)) continue;
                var heard = reader.Instant(3);
                if (AwaitedHandoff.Of(kind.Load(reader.GetFieldValue<byte[]>(2)), lane.Connection) is { } awaited && patience.Of(awaited.IsTakenOn) is { } allowed && heard + allowed <= now)
                    silent.Add(new(stream, awaited, heard, reader.InstantOrNull(4) > heard));
            }
            more = rows == Page;
        }
        return silent;
    }

    /// <returns>What the warehouse says, for a person; and whether it told something that had not reached us.</returns>
    private async Task<(string Answer, bool IsNews)> AskAsync(Lane lane, SilentOrder order, CancellationToken cancel)
    {
        if (lane.Breaker.Rests || hub.Switches.LaneStopped(lane.Connection)) return ("", false);
        try
        {
            if (await lane.Plan.Connector.AskHandoffAsync(lane.Session, StreamId.Parse(lane.Plan.Brand, order.Stream).Id, cancel) is not { } seen) return ("", false);
            var now = clock.GetUtcNow();
            List<Arrival> told = [.. seen.Told.Select(f => new Arrival(f.Stream.Brand, f.Stream.Key, true, f.Topic, lane.Connection, f.DeliveryId, f.BusinessKey, f.Body, now))];
            var isNews = told.Count > 0 && (await hub.Intake.WriteAsync(told, cancel)).Any(r => !r.Duplicate);
            return (seen.Word is { } word ? $" Asked for it, the warehouse says “{word}”." : " Asked for it, the warehouse knows no such order.", isNews);
        }
        catch (Exception e) when (e is HttpRequestException or NotNowException or SettingMissingException or TaskCanceledException && !cancel.IsCancellationRequested)
        {
            return ($" It could not be asked: {e.Message}", false);
        }
    }

    private async Task OpenAsync(Lane lane, SilentOrder order, string answer, DateTimeOffset now, CancellationToken cancel)
    {
        // Open, or closed by a person, who knows more than the warehouse said.
        if (order.IsCase) return;
        var (title, what) = order.Awaited.IsTakenOn ? ($"{order.Awaited.Location} took it on and has not sent it", "has left") : ($"{order.Awaited.Location} has not said whether it sends it", "was taken on");
        await hub.Cases.OpenAsync(lane.Plan.Brand, order.Stream, KeyOf(lane), CaseKind, title,
            $"Nothing {what} since {order.HeardAt.UtcDateTime:yyyy-MM-dd HH:mm} UTC.{answer} Call the warehouse; the case closes when the order goes on.", now, cancel);
    }

    private Task OpenForAllAsync(Lane lane, List<SilentOrder> silent, DateTimeOffset now, CancellationToken cancel) =>
        hub.Cases.OpenAsync(lane.Plan.Brand, "connection/" + lane.Connection, KeyOf(lane), CaseKind, $"{lane.Connection} answers for none of {silent.Count} orders",
            $"They were handed over, and nothing was heard of them for longer than the connection's patience; of the longest waiting one since {silent.Min(s => s.HeardAt).UtcDateTime:yyyy-MM-dd HH:mm} UTC. {Most} are asked for at each look. Call the warehouse; what it then tells closes this case.", now, cancel);

    private static string KeyOf(Lane lane) => "unanswered/" + lane.Connection;

    /// <param name="HeardAt">When it was handed over, or the warehouse was last heard of it.</param>
    /// <param name="IsCase">A person was called about this silence.</param>
    private sealed record SilentOrder(string Stream, AwaitedHandoff Awaited, DateTimeOffset HeardAt, bool IsCase);

    [LoggerMessage(642, LogLevel.Warning, "What {Connection} was handed could not be looked over: {Why}")]
    private static partial void LogTrouble(ILogger log, string connection, string why);
}
