using Microsoft.Extensions.Logging;
using Npgsql;
using Quartermaster.Core;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Stock;
using Quartermaster.Runtime.Migrations;
using static Quartermaster.Runtime.Columns;

namespace Quartermaster.Runtime.Hosting;

/// <summary>What has to be done now and then so that the machine runs for years: partitions ahead, old history dropped, keys rotated, vacuum helped.</summary>
internal sealed partial class Housekeeping(HubRuntime hub, HubOptions options, TimeProvider clock, ILogger log)
{
    private const long Lock = 0x514D_484F_5553; // "QMHOUS": one process at a time does the rare things
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan SeenGeneration = TimeSpan.FromDays(30);

    private readonly DateTimeOffset _started = clock.GetUtcNow();
    private long _decidedBefore, _storedBefore;
    private long _beatAt = clock.GetTimestamp();

    public async Task RunAsync(CancellationToken stop)
    {
        for (var beats = 0; !stop.IsCancellationRequested; beats++)
        {
            try
            {
                await BeatAsync(stop);
                if (beats % 6 == 0)
                {
                    await PartitionsAsync(stop);
                    // Whoever rotated the remembered keys, every process follows within half a minute.
                    await hub.Intake.ReadGenerationAsync(stop);
                }
                if (beats % 120 == 60) await WakeWaitingAsync(stop);
                if (beats % 720 == 60) await RareAsync(stop);
                await hub.TurnedAway.WriteAsync(stop);
                await Task.Delay(Beat, stop);
            }
            catch (OperationCanceledException) { return; }
            catch (Exception e)
            {
                LogTrouble(log, e.Message);
                await Task.Delay(1000, CancellationToken.None);
            }
        }
    }

    public async Task ForgetProcessAsync()
    {
        try
        {
            await using var command = hub.Database.General.CreateCommand("DELETE FROM process WHERE id = $1");
            await command.With(Text(hub.ProcessId)).ExecuteNonQueryAsync();
        }
        catch (NpgsqlException e) { LogTrouble(log, e.Message); }
    }

    private async Task BeatAsync(CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var stamp = clock.GetTimestamp();
        var seconds = Math.Max(0.1, clock.GetElapsedTime(_beatAt, stamp).TotalSeconds);
        var (decided, stored) = (hub.Throughput.Total, hub.Intake.Stored);
        await using var command = hub.Database.General.CreateCommand("""
            INSERT INTO process(id, host, pid, roles, version, started_at, seen_at, memory_mb, decided_per_second, signals_per_second) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
            ON CONFLICT (id) DO UPDATE SET seen_at = excluded.seen_at, memory_mb = excluded.memory_mb, decided_per_second = excluded.decided_per_second, signals_per_second = excluded.signals_per_second
            """);
        command.With(Text(hub.ProcessId), Text(Environment.MachineName), Int(Environment.ProcessId), Text(options.Roles.ToString()), Text(options.Version), Instant(_started), Instant(now),
            Int((int)(Environment.WorkingSet >> 20)), Double((decided - _decidedBefore) / seconds), Double((stored - _storedBefore) / seconds));
        await command.ExecuteNonQueryAsync(cancel);
        (_decidedBefore, _storedBefore, _beatAt) = (decided, stored, stamp);
    }

    private async Task PartitionsAsync(CancellationToken cancel)
    {
        await using var connection = await hub.Database.General.OpenConnectionAsync(cancel);
        if (!await TryLock(connection, cancel)) return;
        try
        {
            await History.EnsureAheadAsync(connection, cancel);
            // Processes that died are forgotten after ten minutes.
            await using var gone = new NpgsqlCommand("DELETE FROM process WHERE seen_at < $1", connection);
            await gone.With(Instant(clock.GetUtcNow().AddMinutes(-10))).ExecuteNonQueryAsync(cancel);
        }
        finally { await Unlock(connection); }
    }

    /// <summary>Every ten minutes: orders that wait although each of their SKUs is to be had somewhere get another look.</summary>
    /// <remarks>Arriving stock wakes them at once; this finds those that were passed over because something else of theirs was missing then.</remarks>
    internal async Task WakeWaitingAsync(CancellationToken cancel)
    {
        await using var connection = await hub.Database.General.OpenConnectionAsync(cancel);
        if (!await TryLock(connection, cancel)) return;
        try
        {
            await using var find = new NpgsqlCommand("""
                SELECT brand, stream, min(sku) FROM (
                  SELECT w.brand, w.stream, w.sku, w.since, EXISTS (SELECT 1 FROM position p WHERE p.brand = w.brand AND p.sku = w.sku AND p.on_hand - p.reserved - p.safety > 0) AS there FROM waiting w) x
                GROUP BY brand, stream HAVING bool_and(there) ORDER BY min(since), stream LIMIT 1000
                """, connection);
            List<Intake.NewSignal> woken = [];
            await using (var reader = await find.ExecuteReaderAsync(cancel))
            {
                while (await reader.ReadAsync(cancel))
                {
                    var signal = new StockSignal.Arrived(reader.GetString(2));
                    woken.Add(new(StreamId.Parse(reader.GetString(0), reader.GetString(1)), Wire.KindOf(typeof(StockSignal.Arrived)), CoreJson.Write(signal), "stock"));
                }
            }
            if (woken.Count == 0) return;
            await using var batch = new NpgsqlBatch(connection);
            Intake.SignalRows.AddSignals(batch, woken, clock.GetUtcNow());
            await batch.ExecuteNonQueryAsync(cancel);
            Intake.SignalRows.Wake(hub.Wakeup, woken);
        }
        finally { await Unlock(connection); }
    }

    /// <summary>Hourly: drop history past its time, rotate the remembered keys.</summary>
    private async Task RareAsync(CancellationToken cancel)
    {
        await using var connection = await hub.Database.General.OpenConnectionAsync(cancel);
        if (!await TryLock(connection, cancel)) return;
        try
        {
            foreach (var name in await History.DropOlderAsync(connection, clock.GetUtcNow().AddDays(-options.HistoryDays), cancel)) LogDropped(log, name);
            await RotateSeenAsync(connection, cancel);
        }
        finally { await Unlock(connection); }
    }

    /// <summary>The older generation of remembered keys is emptied and becomes the current one; the other stays readable for another 30 days.</summary>
    internal async Task RotateSeenAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        await using var read = new NpgsqlCommand("SELECT (SELECT value FROM hub_value WHERE key = 'seen.generation'), (SELECT value::timestamptz FROM hub_value WHERE key = 'seen.rotated_at')", connection);
        string current; DateTimeOffset rotated;
        await using (var reader = await read.ExecuteReaderAsync(cancel))
        {
            await reader.ReadAsync(cancel);
            (current, rotated) = (reader.GetString(0), reader.Instant(1));
        }
        if (clock.GetUtcNow() - rotated < SeenGeneration) return;
        var next = current == "a" ? "b" : "a";
        await using var rotate = new NpgsqlCommand($"""
            TRUNCATE seen_{next};
            UPDATE hub_value SET value = '{next}', at = now() WHERE key = 'seen.generation';
            UPDATE hub_value SET value = '{clock.GetUtcNow():O}', at = now() WHERE key = 'seen.rotated_at';
            """, connection);
        await rotate.ExecuteNonQueryAsync(cancel);
    }

    private static async Task<bool> TryLock(NpgsqlConnection connection, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand($"SELECT pg_try_advisory_lock({Lock})", connection);
        return (bool)(await command.ExecuteScalarAsync(cancel))!;
    }

    // Also after a cancellation: the connection goes back to its pool, and a lock that stayed with it would shut everybody out.
    private static async Task Unlock(NpgsqlConnection connection)
    {
        await using var command = new NpgsqlCommand($"SELECT pg_advisory_unlock({Lock})", connection);
        await command.ExecuteNonQueryAsync(CancellationToken.None);
    }

    [LoggerMessage(620, LogLevel.Warning, "Housekeeping stumbled and goes on: {Why}")]
    private static partial void LogTrouble(ILogger log, string why);

    [LoggerMessage(621, LogLevel.Information, "Dropped history partition {Name}")]
    private static partial void LogDropped(ILogger log, string name);
}
