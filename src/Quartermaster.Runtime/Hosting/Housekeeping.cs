using Microsoft.Extensions.Logging;
using Npgsql;
using Quartermaster.Runtime.Campaigns;
using Quartermaster.Runtime.Codes;
using Quartermaster.Runtime.Customers;
using Quartermaster.Runtime.Dispatching;
using Quartermaster.Runtime.Intake;
using Quartermaster.Runtime.Migrations;
using Quartermaster.Runtime.Operations;
using Quartermaster.Runtime.Partitions;
using Quartermaster.Runtime.Replenishment;
using Quartermaster.Runtime.Stock;
using Quartermaster.Runtime.Switches;
using Quartermaster.Runtime.Tracking;
using static Quartermaster.Runtime.Columns;

namespace Quartermaster.Runtime.Hosting;

/// <summary>What has to be done now and then so that the machine runs for years: partitions ahead, old history dropped, keys rotated, vacuum helped.</summary>
internal sealed partial class Housekeeping(HubRuntime hub, HubOptions options, TimeProvider clock, ILogger log)
{
    /// <summary>Class of the advisory locks of what one process at a time does; the second number is the <see cref="Chore"/>.</summary>
    internal const int LockClass = 82;
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan SeenGeneration = TimeSpan.FromDays(30);
    private const int MostWoken = 1000, MostTakenUp = 2000;
    private const int ComplianceDays = 7;
    private static readonly (bool Instead, DateTimeOffset Since, string Stream) Outset = (false, DateTimeOffset.UnixEpoch, "");

    /// <summary>A position is written by its batch's clock, and seen once that has committed: what is a little older than a sweep may be news to the next.</summary>
    private static readonly TimeSpan Unseen = TimeSpan.FromMinutes(1);

    private readonly Replenisher _replenisher = new(hub.Plan, hub.Switches, hub.Wakeup, clock);
    private readonly DelayRounds _delays = new(hub, clock);
    private readonly CampaignRounds _campaigns = new(hub, clock);
    private readonly DispatchRounds _dispatches = new(hub, clock);
    private readonly CountRounds _counts = new(hub, clock);
    private readonly OrderLinker _linker = new(hub.Plan, clock);
    private readonly TroubleRounds _troubles = new(hub, clock);
    private readonly Eraser _eraser = new(hub.Plan, new Pseudonyms(hub.Database), clock);
    private readonly WeekRounds _weeks = new(hub, clock);
    private readonly Answerer _answerer = new(hub, clock);
    private readonly Erasures _erasures = new(hub.Database, hub.Plan, clock);
    private readonly DateTimeOffset _started = clock.GetUtcNow();
    private (bool Instead, DateTimeOffset Since, string Stream) _wokenTo = Outset;
    private readonly SemaphoreSlim _reopened = RousedBy(hub.Switches);

    // When the round of the sweep under way began, and the one before it.
    private DateTimeOffset _roundAt, _roundBefore;
    private long _decidedBefore, _storedBefore;
    private long _beatAt = clock.GetTimestamp();

    /// <summary>Every chore has its own loop: one that takes minutes keeps none of the others from their turn, least of all the process's sign of life.</summary>
    public Task RunAsync(CancellationToken stop) => Task.WhenAll(
        KeepAtAsync(TimeSpan.Zero, Beat, BeatAsync, stop),
        KeepAtAsync(Beat, Beat, hub.TurnedAway.WriteAsync, stop),
        KeepAtAsync(Beat, Beat, hub.Told.WriteAsync, stop),
        KeepAtAsync(Beat, Beat, TakeUpAsync, stop),
        // Whoever rotated the remembered keys, every process follows within half a minute.
        KeepAtAsync(TimeSpan.Zero, TimeSpan.FromSeconds(30), hub.Intake.ReadGenerationAsync, stop),
        KeepAtAsync(TimeSpan.Zero, TimeSpan.FromSeconds(30), PartitionsAsync, stop),
        KeepAtAsync(TimeSpan.Zero, Beat, c => AloneAsync(Chore.Codes, connection => CodeSweep.RunAsync(hub, connection, clock.GetUtcNow(), c), c), stop),
        KeepAtAsync(TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(5), c => AloneAsync(Chore.Replenishment, connection => _replenisher.RunAsync(connection, c), c), stop),
        KeepAtAsync(TimeSpan.FromMinutes(2.5), TimeSpan.FromMinutes(15), CompareLedgerAsync, stop),
        KeepAtAsync(TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(10), WakeWaitingAsync, stop),
        KeepAtAsync(TimeSpan.Zero, TimeSpan.Zero, WakeReopenedAsync, stop),
        KeepAtAsync(TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1), LookForDelaysAsync, stop),
        KeepAtAsync(TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1), LookForTroublesAsync, stop),
        KeepAtAsync(TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(30), CloseWhatWorksAgainAsync, stop),
        KeepAtAsync(TimeSpan.FromMinutes(2), CampaignRounds.Every, LookForSilentCustomersAsync, stop),
        KeepAtAsync(TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1), CloseDaysAsync, stop),
        KeepAtAsync(Beat, Beat, c => AloneAsync(Chore.Counts, connection => _counts.RunAsync(connection, c), c), stop),
        KeepAtAsync(Beat, Beat, CustomersAsync, stop),
        KeepAtAsync(Beat, Beat, AnswerAsync, stop),
        KeepAtAsync(TimeSpan.FromMinutes(3), TimeSpan.FromMinutes(15), c => AloneAsync(Chore.Weeks, _ => _weeks.RunAsync(c), c), stop),
        KeepAtAsync(TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(15), c => AloneAsync(Chore.Erased, connection => _eraser.EraseNewsAsync(connection, c), c), stop),
        KeepAtAsync(TimeSpan.FromMinutes(5), TimeSpan.FromHours(1), RareAsync, stop));

    /// <summary>Does a chore now and then until the process stops; one that stumbles has its next turn.</summary>
    private async Task KeepAtAsync(TimeSpan first, TimeSpan every, Func<CancellationToken, Task> chore, CancellationToken stop)
    {
        try
        {
            await Task.Delay(first, stop);
            while (true)
            {
                try { await chore(stop); }
                catch (Exception e) when (!stop.IsCancellationRequested) { LogTrouble(log, e.Message); }
                await Task.Delay(every, stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Stopped.
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

    private Task PartitionsAsync(CancellationToken cancel) => AloneAsync(Chore.Partitions, async connection =>
    {
        await History.EnsureAheadAsync(connection, cancel);
        // Processes that died are forgotten after ten minutes.
        await using var gone = new NpgsqlCommand("DELETE FROM process WHERE seen_at < $1", connection);
        await gone.With(Instant(clock.GetUtcNow().AddMinutes(-10))).ExecuteNonQueryAsync(cancel);
    }, cancel);

    /// <summary>Every ten minutes: orders that wait although one location has something of each of their SKUs, or several have where the brand splits, or of one that could be sent instead, get another look.</summary>
    /// <remarks>
    /// Arriving stock wakes them at once; this finds those that were passed over because something else of theirs was missing then.
    /// Each turn begins where the last one ended, so that a thousand whose quantity no location has do not hide the others. Who would only take something
    /// instead comes after all who ordered it, and once for each time it changed: most of those wait for a yes, or for another line, and would be asked in vain for ever.
    /// </remarks>
    internal Task WakeWaitingAsync(CancellationToken cancel) => AloneAsync(Chore.Waiting, connection => WakeTurnAsync(connection, cancel), cancel);

    /// <summary>A location takes orders again: all that could go from there get their look now, and not with the sweep's next turn.</summary>
    /// <remarks>
    /// Written down by who switched it on, so that one process does it, and another if that one dies. At once, and until the switch is old enough for all: other processes hear of
    /// it up to 0.6 seconds later than this one, a batch under way may have been begun with older switches, and either would say once more that it is closed.
    /// </remarks>
    private async Task WakeReopenedAsync(CancellationToken cancel)
    {
        await _reopened.WaitAsync(Beat, cancel);
        await AloneAsync(Chore.Waiting, async connection =>
        {
            // Index: hub_value_pkey.
            await using var find = new NpgsqlCommand("SELECT key, at, at < now() - interval '4 seconds' FROM hub_value WHERE key LIKE $1 || '%'", connection).With(Text(Switchboard.JustReopened));
            List<(string Key, DateTimeOffset At, bool Heard)> reopened = [];
            await using (var reader = await find.ExecuteReaderAsync(cancel))
                while (await reader.ReadAsync(cancel)) reopened.Add((reader.GetString(0), reader.Instant(1), reader.GetBoolean(2)));
            if (reopened.Count == 0) return;
            _wokenTo = Outset;
            do await WakeTurnAsync(connection, cancel);
            while (_wokenTo != Outset);
            // One that was switched off and on again meanwhile has another time.
            var heard = reopened.FindAll(r => r.Heard);
            await using var forget = new NpgsqlCommand("DELETE FROM hub_value h USING unnest($1::text[], $2::timestamptz[]) AS u(key, at) WHERE h.key = u.key AND h.at = u.at", connection).With(Texts(heard.Select(h => h.Key)), Instants(heard.Select(h => h.At)));
            await forget.ExecuteNonQueryAsync(cancel);
        }, cancel);
    }

    private static SemaphoreSlim RousedBy(Switchboard switches)
    {
        var sleeper = new SemaphoreSlim(0, 1);
        switches.Reopened += () => Wakeup.Rouse(sleeper);
        return sleeper;
    }

    private async Task WakeTurnAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var (round, before) = _wokenTo == Outset ? (now, _roundAt) : (_roundAt, _roundBefore);
        await using var find = new NpgsqlCommand("""
            WITH o AS (SELECT brand, stream, count(*) FILTER (WHERE units > 0) AS skus, min(since) AS since FROM waiting GROUP BY brand, stream),
            f AS (SELECT o.brand, o.stream, o.since, min(w.sku) AS sku, count(DISTINCT w.sku) FILTER (WHERE w.units > 0) < o.skus AS instead FROM o JOIN waiting w USING (brand, stream)
                  JOIN position p ON p.brand = w.brand AND p.sku = w.sku AND p.on_hand - p.reserved - p.safety > 0
                  GROUP BY o.brand, o.stream, o.since, o.skus, CASE WHEN o.brand = ANY ($4) THEN '' ELSE p.location END HAVING count(DISTINCT w.sku) FILTER (WHERE w.units > 0) = o.skus OR bool_or(w.units = 0 AND p.updated_at >= $5)),
            g AS (SELECT brand, stream, min(sku) AS sku, since, bool_and(instead) AS instead FROM f GROUP BY brand, stream, since)
            SELECT brand, stream, sku, since, instead FROM g WHERE (instead, since, stream) > ($6, $1, $2 COLLATE "C") ORDER BY instead, since, stream LIMIT $3
            """, connection).With(Instant(_wokenTo.Since), Text(_wokenTo.Stream), Int(MostWoken), Texts(hub.Plan.Brands.Values.Where(b => b.Terms.Routing.MaxParcels > 1).Select(b => b.Terms.Brand)),
            Instant(before > DateTimeOffset.UnixEpoch ? before - Unseen : DateTimeOffset.UnixEpoch), Bool(_wokenTo.Instead));
        List<NewSignal> woken = [];
        var last = Outset;
        await using (var reader = await find.ExecuteReaderAsync(cancel))
        {
            while (await reader.ReadAsync(cancel))
            {
                woken.Add(StockRoom.Woken(reader.GetString(0), reader.GetString(1), reader.GetString(2)));
                last = (reader.GetBoolean(4), reader.Instant(3), reader.GetString(1));
            }
        }
        if (woken.Count > 0)
        {
            await using var batch = new NpgsqlBatch(connection);
            batch.AddSignals(woken, now);
            await batch.ExecuteNonQueryAsync(cancel);
            hub.Wakeup.Wake(woken);
        }
        // Only now: a turn that stumbled is done again.
        (_wokenTo, _roundAt, _roundBefore) = (woken.Count == MostWoken ? last : Outset, round, before);
    }

    /// <summary>Every quarter of an hour: is every position that changed the sum of its movements? Once a day, every position.</summary>
    internal Task CompareLedgerAsync(CancellationToken cancel) => AloneAsync(Chore.Ledger, connection => new LedgerCheck(connection, hub.Cases, clock).RunAsync(cancel), cancel);

    // One after the other, never at once: nobody is found to be somebody's who is being erased.
    private Task CustomersAsync(CancellationToken cancel) => AloneAsync(Chore.Customers, async connection =>
    {
        await _erasures.RunAsync(connection, cancel);
        await _linker.RunAsync(connection, cancel);
    }, cancel);

    private Task AnswerAsync(CancellationToken cancel) => _answerer.IsNeeded ? AloneAsync(Chore.Answers, connection => _answerer.RunAsync(connection, cancel), cancel) : Task.CompletedTask;

    /// <summary>Every minute: is a parcel late against what is usual on its lane, or a lane as a whole?</summary>
    internal Task LookForDelaysAsync(CancellationToken cancel) => hub.Plan.WatchesParcels ? AloneAsync(Chore.Delays, connection => _delays.RunAsync(connection, cancel), cancel) : Task.CompletedTask;

    /// <summary>What came while a brand was off is decided, in its order, once the brand is on.</summary>
    /// <remarks>A process that hears of the switch a moment later puts more aside; the next turn takes that up too. So it does with what stands behind nothing any more.</remarks>
    internal async Task TakeUpAsync(CancellationToken cancel)
    {
        string[] on = [.. hub.Plan.Brands.Keys.Where(b => hub.Switches.ModeOf(b) != BrandMode.Off)];
        await using var connection = await hub.Database.General.OpenConnectionAsync(cancel);
        // Indexes: parked_off finds streams whose oldest waits longest, parked_behind those whose head was taken up while a batch put them behind it; parked_stream has their rows.
        await using var take = new NpgsqlCommand($"""
            WITH o AS (SELECT brand, stream FROM (SELECT brand, stream, seq FROM parked WHERE case_kind = '{Parking.BrandOff}' AND brand = ANY ($1) ORDER BY seq LIMIT $2) x GROUP BY brand, stream
              UNION SELECT b.brand, b.stream FROM parked b WHERE b.behind AND NOT EXISTS (SELECT 1 FROM parked h WHERE h.brand = b.brand AND h.stream = b.stream AND NOT h.behind AND NOT h.alone)),
            d AS (DELETE FROM parked p USING o WHERE p.brand = o.brand AND p.stream = o.stream AND (p.behind OR p.case_kind = '{Parking.BrandOff}') RETURNING p.part, p.seq)
            INSERT INTO ready(part, seq) SELECT part, seq FROM d ON CONFLICT DO NOTHING
            """, connection).With(Texts(on), Int(MostTakenUp));
        if (await take.ExecuteNonQueryAsync(cancel) == 0) return;
        hub.Wakeup.Anew();
        await Desk.NotifyAnew(connection, null, cancel);
    }

    /// <summary>Every minute: does something new wait for a person?</summary>
    internal Task LookForTroublesAsync(CancellationToken cancel) => hub.Plan.Brands.Values.Any(b => b.Terms.Alerts is not null) ? AloneAsync(Chore.Troubles, connection => _troubles.RunAsync(connection, cancel), cancel) : Task.CompletedTask;

    /// <summary>Connections of this process whose last call was answered: nobody has to press a button to say so.</summary>
    internal async Task CloseWhatWorksAgainAsync(CancellationToken cancel)
    {
        var works = hub.Lanes?.Lanes.Where(l => l is { Token: not 0, LastOkAt: not null, Breaker.State: "closed" } && !(l.LastErrorAt > l.LastOkAt)).ToList() ?? [];
        if (works.Count == 0) return;
        // Index: open_case_pkey. Opened before it worked: what is refused from now on stays open.
        await using var close = hub.Database.General.CreateCommand("""
            UPDATE open_case c SET closed_at = $4 FROM unnest($1::text[], $2::text[], $3::timestamptz[]) AS u(brand, stream, ok) WHERE c.brand = u.brand AND c.stream = u.stream AND c.key = 'not_connected' AND c.closed_at IS NULL AND c.opened_at < u.ok
            """).With(Texts(works.Select(l => l.Plan.Brand)), Texts(works.Select(l => "connection/" + l.Connection)), Instants(works.Select(l => l.LastOkAt!.Value)), Instant(clock.GetUtcNow()));
        await close.ExecuteNonQueryAsync(cancel);
    }

    /// <summary>Every ten minutes: who bought before the brand had campaigns, and whose step was missed?</summary>
    internal Task LookForSilentCustomersAsync(CancellationToken cancel) => hub.Switches.Editions.AllAt(clock.GetUtcNow()).Any(t => t.Campaigns is not null) ? AloneAsync(Chore.Campaigns, connection => _campaigns.RunAsync(connection, cancel), cancel) : Task.CompletedTask;

    /// <summary>Every minute: is it time to tell a carrier which parcels it gets, and has one left of which it was not told?</summary>
    internal Task CloseDaysAsync(CancellationToken cancel) => _dispatches.IsNeeded ? AloneAsync(Chore.Dispatches, _ => _dispatches.RunAsync(cancel), cancel) : Task.CompletedTask;

    /// <summary>Hourly: rotate the remembered keys, begin a new partition where the one in use grows old, drop history past its time, add up old counters.</summary>
    internal Task RareAsync(CancellationToken cancel) => AloneAsync(Chore.Rare, async connection =>
    {
        var now = clock.GetUtcNow();
        await RotateSeenAsync(connection, cancel);
        await History.TurnOverAsync(connection, now.AddDays(-Math.Max(1, options.HistoryDays / 12)), cancel);
        // A brand that nobody turns on again keeps nobody's history.
        await using (var given = new NpgsqlCommand($"DELETE FROM parked WHERE case_kind = '{Parking.BrandOff}' AND at < $1", connection)) await given.With(Instant(now.AddDays(-options.HistoryDays))).ExecuteNonQueryAsync(cancel);
        foreach (var name in await History.DropOlderAsync(connection, now.AddDays(-options.HistoryDays), cancel)) LogDropped(log, name);
        await AddUpTalliesAsync(connection, now, cancel);
        await using var old = new NpgsqlBatch(connection);
        foreach (var (table, at) in ((string, string)[])[("drift", "at"), ("paper", "at"), ("label", "bought_at"), ("dispatch", "asked_at")]) old.Add($"DELETE FROM {table} WHERE {at} < $1", Instant(now.AddDays(-options.HistoryDays)));
        // Nobody counts further back than the brand's cap and the page of the last seven days do.
        old.Add("DELETE FROM marketing_sent m USING unnest($1::text[], $2::timestamptz[]) AS u(brand, until) WHERE m.brand = u.brand AND m.at < u.until",
            Texts(hub.Plan.Brands.Keys), Instants(hub.Plan.Brands.Values.Select(b => now.AddDays(-1 - Math.Max(ComplianceDays, b.Terms.Contact.Days)))));
        old.Add("DELETE FROM marketing_rest WHERE since < $1", Instant(now.AddDays(-1 - ComplianceDays)));
        // A brand that counts nothing any more keeps nothing either.
        old.Add("DELETE FROM trait t WHERE NOT EXISTS (SELECT 1 FROM unnest($1::text[], $2::timestamptz[]) AS u(brand, until) WHERE u.brand = t.brand AND t.at >= u.until)",
            Texts(hub.Plan.Brands.Keys), Instants(hub.Plan.Brands.Values.Select(b => now - (b.Terms.Risk?.KeepTraits ?? TimeSpan.Zero))));
        // Index: run_left, one run of it for each flow that there is or was; which those are is found by a probe each.
        old.Add("""
            WITH RECURSIVE f AS ((SELECT brand, campaign FROM run ORDER BY brand, campaign LIMIT 1)
              UNION ALL SELECT n.brand, n.campaign FROM f, LATERAL (SELECT r.brand, r.campaign FROM run r WHERE (r.brand, r.campaign) > (f.brand, f.campaign) ORDER BY r.brand, r.campaign LIMIT 1) n)
            DELETE FROM run r USING f WHERE r.brand = f.brand AND r.campaign = f.campaign AND r.left_at < $1 AND f.brand = ANY ($2)
            """, Instant(now.AddDays(-options.HistoryDays)), Texts(hub.Plan.Brands.Keys));
        old.Add("DELETE FROM api_request WHERE at < $1", Instant(now.AddDays(-1)));
        old.Add("DELETE FROM odd_count WHERE NOT (waits OR denied) AND seen_at < $1", Instant(now.AddDays(-1)));
        // Their keys begin with the brand.
        foreach (var table in (string[])["journey", "location_day", "sold"])
            old.Add($"DELETE FROM {table} WHERE brand = ANY ($1) AND day < $2", Texts(hub.Plan.Brands.Keys), Day(DateOnly.FromDateTime(now.UtcDateTime).AddDays(-options.HistoryDays)));
        // Its carrier is asked no more; nor is one looked at whose brand does not want to hear of delays any more.
        old.Add("DELETE FROM under_way WHERE brand = ANY ($1) AND (left_at < $2 OR brand <> ALL ($3))", Texts(hub.Plan.Brands.Keys), Instant(now - TrackingPace.Longest),
            Texts(hub.Plan.Brands.Values.Where(b => b.Terms.Delays is not null).Select(b => b.Terms.Brand)));
        // Their day may have just ended, wherever the brand is: channels are told.
        old.Add("INSERT INTO stock_mark(brand, sku, at) SELECT brand, sku, $1 FROM sold_out_terms WHERE preorder AND preorder_by BETWEEN $2 - 2 AND $2 + 1", Instant(now), Day(DateOnly.FromDateTime(now.UtcDateTime)));
        await old.ExecuteNonQueryAsync(cancel);
    }, cancel);

    // No worker writes these days any more. What remains is one row per brand, day and counter, for as long as there is history.
    private async Task AddUpTalliesAsync(NpgsqlConnection connection, DateTimeOffset now, CancellationToken cancel)
    {
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        await using var add = new NpgsqlCommand("""
            WITH old AS (DELETE FROM tally WHERE day > $1 AND day < $2 AND (shard <> 0 OR day < $3) RETURNING brand, day, name, value)
            INSERT INTO tally AS t(brand, day, name, shard, value) SELECT brand, day, name, 0, sum(value) FROM old WHERE day >= $3 GROUP BY brand, day, name
            ON CONFLICT (brand, day, name, shard) DO UPDATE SET value = t.value + excluded.value
            """, connection);
        await add.With(Day(DateOnly.MinValue), Day(today.AddDays(-3)), Day(today.AddDays(-options.HistoryDays))).ExecuteNonQueryAsync(cancel);
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

    /// <summary>Does something that one process at a time does; leaves it when another is at it.</summary>
    private async Task AloneAsync(Chore chore, Func<NpgsqlConnection, Task> what, CancellationToken cancel)
    {
        await using var connection = await hub.Database.General.OpenConnectionAsync(cancel);
        await using var take = new NpgsqlCommand("SELECT pg_try_advisory_lock($1, $2)", connection).With(Int(LockClass), Int((int)chore));
        if (!(bool)(await take.ExecuteScalarAsync(cancel))!) return;
        try { await what(connection); }
        finally
        {
            // Also after a cancellation: the connection goes back to its pool, and a lock that stayed with it would shut everybody out.
            await using var free = new NpgsqlCommand("SELECT pg_advisory_unlock($1, $2)", connection).With(Int(LockClass), Int((int)chore));
            await free.ExecuteNonQueryAsync(CancellationToken.None);
        }
    }

    [LoggerMessage(620, LogLevel.Warning, "Housekeeping stumbled and goes on: {Why}")]
    private static partial void LogTrouble(ILogger log, string why);

    [LoggerMessage(621, LogLevel.Information, "Dropped history partition {Name}")]
    private static partial void LogDropped(ILogger log, string name);
}

/// <summary>What one process at a time does.</summary>
internal enum Chore { Partitions, Codes, Waiting, Replenishment, Ledger, Rare, Customers, Erased, Delays, Answers, Weeks, Troubles, Campaigns, Dispatches, Counts }
