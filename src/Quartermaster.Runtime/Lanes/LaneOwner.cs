using Microsoft.Extensions.Logging;
using Npgsql;
using Quartermaster.Core;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Kernel;
using Quartermaster.Runtime.Switches;
using static Quartermaster.Runtime.Columns;

namespace Quartermaster.Runtime.Lanes;

/// <summary>Takes ownership of lanes, keeps it, and feeds them from the table.</summary>
/// <remarks>
/// Ownership is a session lock on one connection: a process that dies loses it at once, without a clock. Every change of owner
/// takes a new fencing token from a sequence; outcomes written under an older one do not count.
/// </remarks>
public sealed partial class LaneOwner(Database database, HubPlan plan, Switchboard switches, OutcomeWriter outcomes, string processId, TimeProvider clock, ILogger<LaneOwner> log) : IAsyncDisposable
{
    private const int LockClass = 78;
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(500);

    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _nudge = new(0, 1);
    private readonly Dictionary<string, Lane> _lanes = [];
    private readonly List<Task> _loops = [];
    private readonly System.Collections.Concurrent.ConcurrentQueue<(long Id, long Token)> _abandoned = [];
    private NpgsqlConnection? _session;

    public IReadOnlyCollection<Lane> Lanes => _lanes.Values;

    public Lane? Find(string connection) => _lanes.GetValueOrDefault(connection);

    public async Task StartAsync(CancellationToken cancel)
    {
        foreach (var connection in plan.Connections.Values) _lanes[connection.Key] = await OpenAsync(connection, cancel);
        switches.Changed += Nudge;
        await AcquireAsync(cancel);
        foreach (var lane in _lanes.Values) _loops.Add(Task.Run(() => lane.RunAsync(_stop.Token), CancellationToken.None));
        _loops.Add(Task.Run(FeedAsync, CancellationToken.None));
    }

    /// <summary>Effects that may have been born claimed although nobody holds them: put back, never having been sent.</summary>
    public void Abandon(IEnumerable<LaneItem> items)
    {
        foreach (var item in items) _abandoned.Enqueue((item.Id, item.Token));
        Nudge();
    }

    /// <summary>Look into the table now.</summary>
    public void Nudge()
    {
        try { _nudge.Release(); }
        catch (SemaphoreFullException) { /* it will look anyway */ }
    }

    private async Task<Lane> OpenAsync(ConnectionPlan connection, CancellationToken cancel)
    {
        await using var command = database.General.CreateCommand("INSERT INTO lane(connection) VALUES ($1) ON CONFLICT (connection) DO UPDATE SET connection = excluded.connection RETURNING used_today, day");
        command.With(Text(connection.Key));
        var today = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);
        int used = 0;
        await using (var reader = await command.ExecuteReaderAsync(cancel))
        {
            if (await reader.ReadAsync(cancel) && !reader.IsDBNull(1) && reader.GetFieldValue<DateOnly>(1) == today) used = reader.GetInt32(0);
        }
        var budget = new Budget(connection.EffectiveLimits, clock, used, today);
        var transport = new Transport(connection.Key, budget, switches, clock);
        var session = new Session(connection.Brand, connection.Key, connection.Settings, connection.OrderPrefix, connection.Locations, new HttpClient(transport) { Timeout = TimeSpan.FromSeconds(20) }, clock);
        return new(connection, session, transport, new Breaker(clock), budget, switches, outcomes, clock, log);
    }

    private async Task FeedAsync()
    {
        var beats = 0;
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await _nudge.WaitAsync(Look, _stop.Token);
                if (_session is not { State: System.Data.ConnectionState.Open } || beats % 4 == 0) await AcquireAsync(_stop.Token);
                await PutBackAbandonedAsync(_stop.Token);
                await ClaimAsync(_stop.Token);
                if (beats++ % 5 == 0) await BeatAsync(_stop.Token);
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested) { return; }
            catch (Exception e)
            {
                LogTrouble(log, e.Message);
                await LoseAllAsync();
                await Task.Delay(300, CancellationToken.None);
            }
        }
    }

    /// <summary>Tries for every lane that is not ours. A broken session has lost all locks: start from nothing.</summary>
    private async Task AcquireAsync(CancellationToken cancel)
    {
        if (_session is not { State: System.Data.ConnectionState.Open })
        {
            await LoseAllAsync();
            // Not from a pool: a pooled connection would live on with the locks after it was given back.
            _session = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(database.ConnectionString) { Pooling = false, ApplicationName = "quartermaster lanes", KeepAlive = 5 }.ConnectionString);
            await _session.OpenAsync(cancel);
        }
        foreach (var lane in _lanes.Values)
        {
            if (lane.Token != 0) continue;
            await using var command = new NpgsqlCommand("""
                WITH mine AS MATERIALIZED (SELECT pg_try_advisory_lock($1, hashtext($2)) AS got)
                UPDATE lane SET token = nextval('lane_token'), owner = $3, owned_since = $4 FROM mine WHERE connection = $2 AND mine.got RETURNING token
                """, _session).With(Int(LockClass), Text(lane.Connection), Text(processId), Instant(clock.GetUtcNow()));
            if (await command.ExecuteScalarAsync(cancel) is long token)
            {
                // The lock is ours, so whoever claimed under another token does so no more: its effects are due at once, not when
                // their lease ends. The claim marks them as of unknown fate.
                await using var take = new NpgsqlCommand("UPDATE effect SET next_at = $2 WHERE lane = $1 AND state = 1 AND token <> $3", _session);
                await take.With(Text(lane.Connection), Instant(clock.GetUtcNow()), Long(token)).ExecuteNonQueryAsync(cancel);
                lane.Own(token);
                LogOwned(log, lane.Connection, token);
            }
        }
    }

    private async Task PutBackAbandonedAsync(CancellationToken cancel)
    {
        if (_abandoned.IsEmpty) return;
        (long Id, long Token)[] rows = [.. _abandoned];
        // Only while they are still claimed as we claimed them: a new owner may have taken them up by now.
        await using var command = database.Engine.CreateCommand("UPDATE effect e SET state = 0, token = 0, next_at = $3 FROM unnest($1::bigint[], $2::bigint[]) AS u(id, token) WHERE e.id = u.id AND e.token = u.token AND e.state = 1");
        await command.With(Longs(rows.Select(r => r.Id)), Longs(rows.Select(r => r.Token)), Instant(clock.GetUtcNow())).ExecuteNonQueryAsync(cancel);
        for (var i = 0; i < rows.Length; i++) _abandoned.TryDequeue(out _);
    }

    private async Task LoseAllAsync()
    {
        foreach (var lane in _lanes.Values) Abandon(lane.Lose());
        if (_session is { } old)
        {
            _session = null;
            await old.DisposeAsync();
        }
    }

    private async Task ClaimAsync(CancellationToken cancel)
    {
        var open = _lanes.Values.Where(l => l.Token != 0 && l.RoomForClaims > 0).ToList();
        if (open.Count == 0) return;
        var now = clock.GetUtcNow();
        List<string> due = [];
        // Index effect_due, one probe per lane.
        await using (var command = database.Engine.CreateCommand("SELECT l FROM unnest($1::text[]) l WHERE EXISTS (SELECT 1 FROM effect e WHERE e.lane = l AND e.state < 3 AND e.next_at <= $2)"))
        {
            command.With(Texts(open.Select(l => l.Connection)), Instant(now));
            await using var reader = await command.ExecuteReaderAsync(cancel);
            while (await reader.ReadAsync(cancel)) due.Add(reader.GetString(0));
        }
        foreach (var connection in due) await ClaimAsync(_lanes[connection], now, cancel);
    }

    // The rows to claim are found first, by index effect_due, as an array; a join here can be planned as a loop that pins
    // the oldest snapshot for minutes. A row that was claimed under another token is of unknown fate.
    private async Task ClaimAsync(Lane lane, DateTimeOffset now, CancellationToken cancel)
    {
        var room = lane.RoomForClaims;
        var (brands, kinds) = switches.Stopped;
        List<LaneItem> items = [];
        List<long> broken = [];
        var found = 0;
        var lease = now + Lane.Lease;
        await using (var command = database.Engine.CreateCommand("""
            UPDATE effect SET state = 1, next_at = $4, unsure = unsure OR state = 1, token = $5
            WHERE ctid = ANY (ARRAY(SELECT ctid FROM effect WHERE lane = $1 AND state < 3 AND next_at <= $2 AND NOT brand = ANY($6) AND NOT kind = ANY($7) ORDER BY next_at, id LIMIT $3 FOR UPDATE SKIP LOCKED))
            RETURNING id, brand, stream, kind, key, attempts, unsure, not_after, body
            """))
        {
            command.With(Text(lane.Connection), Instant(now), Int(room), Instant(lease), Long(lane.Token), Texts(brands), Texts(kinds));
            await using var reader = await command.ExecuteReaderAsync(cancel);
            while (await reader.ReadAsync(cancel))
            {
                found++;
                var id = reader.GetInt64(0);
                if (lane.Holds(id)) continue;
                var kind = reader.GetString(3);
                Effect effect;
                try { effect = (Effect)CoreJson.Read(kind, reader.GetFieldValue<byte[]>(8)); }
                catch (Exception e) { broken.Add(id); LogUnreadable(log, id, kind, e.Message); continue; }
                items.Add(new(id, reader.GetString(1), reader.GetString(2), lane.Connection, kind, reader.GetString(4), lane.Token, reader.GetInt16(5),
                    reader.GetBoolean(6) && lane.Plan.Connector.Manifest.RepeatSafety != RepeatSafety.ByKey, reader.InstantOrNull(7), lease, effect));
            }
        }
        lane.TakeClaimed([.. items.OrderBy(i => i.Id)], more: found == room);
        if (broken.Count == 0) return;
        await using var refuse = database.Engine.CreateCommand("UPDATE effect SET state = 3, why = 'this release cannot read it' WHERE id = ANY($1)");
        await refuse.With(Longs(broken)).ExecuteNonQueryAsync(cancel);
    }

    /// <summary>Proof of life on the session that holds the locks, and what the connections page shows.</summary>
    private async Task BeatAsync(CancellationToken cancel)
    {
        await using var batch = new NpgsqlBatch(_session);
        foreach (var lane in _lanes.Values.Where(l => l.Token != 0))
        {
            batch.Add("""
                UPDATE lane SET breaker = $2, breaker_until = $3, day = $4, used_today = $5, calls = calls + $6, failures = failures + $7, last_ok_at = coalesce($8, last_ok_at),
                  last_error_at = coalesce($9, last_error_at), last_error = coalesce($10, last_error), per_second = $11, millis = $12, in_flight = $13, updated_at = $14
                WHERE connection = $1 AND token = $15
                """, lane.Snapshot(clock.GetUtcNow()));
        }
        if (batch.BatchCommands.Count == 0) batch.Add("SELECT 1");
        await batch.ExecuteNonQueryAsync(cancel);
    }

    /// <summary>Stops taking work and waits for calls under way; then lets the lanes go.</summary>
    public async Task DrainAsync(CancellationToken cancel)
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_loops).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (var lane in _lanes.Values) await lane.DrainAsync(cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Hands claimed and not begun effects back, after their outcomes are written, so that the next owner need not ask about them.</summary>
    public async Task ReleaseAsync()
    {
        var tokens = _lanes.Values.Select(l => l.Token).Where(t => t != 0).ToArray();
        if (tokens.Length > 0)
        {
            await using var command = database.Engine.CreateCommand("UPDATE effect SET state = 0, token = 0, next_at = $2 WHERE token = ANY($1) AND state = 1");
            await command.With(Longs(tokens), Instant(clock.GetUtcNow())).ExecuteNonQueryAsync();
        }
        await LoseAllAsync();
    }

    public async ValueTask DisposeAsync()
    {
        switches.Changed -= Nudge;
        if (!_stop.IsCancellationRequested) await _stop.CancelAsync();
        await Task.WhenAll(_loops).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await LoseAllAsync();
        foreach (var lane in _lanes.Values) lane.Session.Http.Dispose();
        _stop.Dispose();
    }

    [LoggerMessage(420, LogLevel.Information, "Owns lane {Connection} under token {Token}")]
    private static partial void LogOwned(ILogger log, string connection, long token);

    [LoggerMessage(421, LogLevel.Warning, "Lanes are let go and taken again: {Why}")]
    private static partial void LogTrouble(ILogger log, string why);

    [LoggerMessage(422, LogLevel.Error, "Effect {Id} of kind {Kind} cannot be read: {Why}")]
    private static partial void LogUnreadable(ILogger log, long id, string kind, string why);
}
