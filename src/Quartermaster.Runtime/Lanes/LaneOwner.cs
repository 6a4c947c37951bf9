using Microsoft.Extensions.Logging;
using Npgsql;
using Quartermaster.Core;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Kernel;
using Quartermaster.Runtime.Customers;
using Quartermaster.Runtime.Risk;
using Quartermaster.Runtime.Switches;
using static Quartermaster.Runtime.Columns;

namespace Quartermaster.Runtime.Lanes;

/// <summary>Takes ownership of lanes, keeps it, and feeds them from the table.</summary>
/// <remarks>
/// Ownership is a session lock on one connection: a process that dies loses it at once, without a clock. Every change of owner
/// takes a new fencing token from a sequence; outcomes written under an older one do not count. A process that loses its session
/// and gets the lock back before anybody else keeps its token, and with it all that it has in memory and under way.
/// </remarks>
public sealed partial class LaneOwner(Database database, HubPlan plan, Switchboard switches, SendGate gate, OutcomeWriter outcomes, ShopperLinks links, string processId, TimeProvider clock, ILogger<LaneOwner> log) : IAsyncDisposable
{
    private const int LockClass = 78;
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(500), TryEvery = TimeSpan.FromSeconds(2), BeatEvery = TimeSpan.FromSeconds(2.5);

    // A process that is not known to be dead may be about to write what came of its calls.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _nudge = new(0, 1);
    private readonly Dictionary<string, Lane> _lanes = [];
    private readonly List<Task> _loops = [];
    private NpgsqlConnection? _session;
    private long _triedAt, _beatAt;

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
        foreach (var item in items) Find(item.Lane)?.Abandon(item);
        Nudge();
    }

    /// <summary>Look into the table now.</summary>
    public void Nudge() => Wakeup.Rouse(_nudge);

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
        var session = connection.Open(new HttpClient(transport) { Timeout = TimeSpan.FromSeconds(20) }, clock) with { TurnAsync = transport.TurnAsync, ProofOf = what => links.ProofOf(connection.Brand, what) };
        return new(connection, session, transport, new Breaker(clock), budget, switches, gate, outcomes, clock, log);
    }

    private async Task FeedAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await _nudge.WaitAsync(Look, _stop.Token);
                await AcquireAsync(_stop.Token);
                await BeatAsync(_stop.Token);
                foreach (var lane in _lanes.Values) await lane.PutBackAsync(clock.GetUtcNow());
                await ClaimAsync(_stop.Token);
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested) { return; }
            catch (Exception e)
            {
                // Only the end of the session costs a lane; whatever else went wrong is tried again.
                LogTrouble(log, e.Message);
                if (_session is not { State: System.Data.ConnectionState.Open }) foreach (var lane in _lanes.Values) lane.Doubt();
                await Task.Delay(300, CancellationToken.None);
            }
        }
    }

    /// <summary>Tries for every lane that is not ours.</summary>
    private async Task AcquireAsync(CancellationToken cancel)
    {
        if (_session is not { State: System.Data.ConnectionState.Open })
        {
            foreach (var lane in _lanes.Values) lane.Doubt();
            if (_session is { } old) await old.DisposeAsync();
            // Not from a pool: a pooled connection would live on with the locks after it was given back. A call that takes longer
            // than a few seconds means that the session is lost, and the lanes must not go on for half a minute without knowing.
            _session = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(database.ConnectionString) { Pooling = false, ApplicationName = "quartermaster lanes", KeepAlive = 5, Timeout = 5, CommandTimeout = 5 }.ConnectionString);
            await _session.OpenAsync(cancel);
            _triedAt = 0;
        }
        var wanted = _lanes.Values.Where(l => l.Token == 0).ToList();
        if (wanted.Count == 0 || _triedAt != 0 && clock.GetElapsedTime(_triedAt) < TryEvery && !wanted.Exists(l => l.IsInDoubt)) return;
        _triedAt = clock.GetTimestamp();
        HashSet<string> got = [];
        // The locks in a statement of their own: what the next one reads was committed before we held them.
        await using (var locks = new NpgsqlCommand("SELECT c FROM unnest($2::text[]) c WHERE pg_try_advisory_lock($1, hashtext(c))", _session).With(Int(LockClass), Texts(wanted.Select(l => l.Connection))))
        {
            await using var reader = await locks.ExecuteReaderAsync(cancel);
            while (await reader.ReadAsync(cancel)) got.Add(reader.GetString(0));
        }
        if (got.Count == 0 && !wanted.Exists(l => l.IsInDoubt)) return;
        List<(Lane Lane, long Token, string? Owner, DateTimeOffset? BeatAt)> rows = [];
        await using (var read = new NpgsqlCommand("SELECT connection, token, owner, updated_at FROM lane WHERE connection = ANY($1)", _session).With(Texts(wanted.Select(l => l.Connection))))
        {
            await using var reader = await read.ExecuteReaderAsync(cancel);
            while (await reader.ReadAsync(cancel)) rows.Add((_lanes[reader.GetString(0)], reader.GetInt64(1), reader.TextOrNull(2), reader.InstantOrNull(3)));
        }
        foreach (var (lane, token, owner, beatAt) in rows)
        {
            var unchanged = token == lane.LastToken && token != 0;
            if (got.Contains(lane.Connection) && unchanged && owner == processId) lane.Own(token);
            else if (got.Contains(lane.Connection)) await TakeOverAsync(lane, token, owner, beatAt, cancel);
            else if (lane.IsInDoubt && !unchanged) lane.Lose();
        }
    }

    /// <summary>The lane was somebody else's. What he claimed is of unknown fate, and perhaps still under way.</summary>
    private async Task TakeOverAsync(Lane lane, long before, string? owner, DateTimeOffset? beatAt, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var due = owner is null || OwnerProcess.IsKnownDead(owner) ? now : Later(now + Grace, (beatAt ?? now) + lane.LongestEcho);
        await using var batch = new NpgsqlBatch(_session);
        batch.Add("UPDATE lane SET token = nextval('lane_token'), owner = $2, owned_since = $3, updated_at = $3 WHERE connection = $1 RETURNING token", Text(lane.Connection), Text(processId), Instant(now));
        // Those of owners before him have got their time already.
        batch.Add("UPDATE effect SET next_at = least(next_at, $3) WHERE lane = $1 AND state = 1 AND token = $2", Text(lane.Connection), Long(before), Instant(due));
        var token = (long)(await batch.ExecuteScalarAsync(cancel))!;
        lane.Own(token);
        LogOwned(log, lane.Connection, token);
    }

    private static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;

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
    // the oldest snapshot for minutes. A row that is still claimed was lost by whoever claimed it: its fate is unknown.
    private async Task ClaimAsync(Lane lane, DateTimeOffset now, CancellationToken cancel)
    {
        var room = lane.RoomForClaims;
        var (brands, kinds, inShadow) = switches.Stopped;
        List<LaneItem> items = [];
        List<long> broken = [];
        var found = 0;
        var lease = now + lane.Lease;
        await using (var command = database.Engine.CreateCommand("""
            UPDATE effect SET state = 1, next_at = $4, doubts = doubts + CASE WHEN state = 1 THEN 1 ELSE 0 END, token = $5
            WHERE ctid = ANY (ARRAY(SELECT ctid FROM effect WHERE lane = $1 AND state < 3 AND next_at <= $2 AND NOT brand = ANY($6) AND NOT kind = ANY($7) AND NOT (brand = ANY($8) AND NOT kind = ANY($9)) ORDER BY next_at, id LIMIT $3 FOR UPDATE SKIP LOCKED))
            RETURNING id, brand, stream, kind, key, attempts, doubts, not_after, planned_at, body
            """))
        {
            command.With(Text(lane.Connection), Instant(now), Int(room), Instant(lease), Long(lane.Token), Texts(brands), Texts(kinds), Texts(inShadow), Texts(EffectKinds.SentInShadow));
            await using var reader = await command.ExecuteReaderAsync(cancel);
            while (await reader.ReadAsync(cancel))
            {
                found++;
                var id = reader.GetInt64(0);
                if (lane.Holds(id)) continue;
                var kind = reader.GetString(3);
                Effect effect;
                try { effect = (Effect)CoreJson.Read(kind, reader.GetFieldValue<byte[]>(9)); }
                catch (Exception e) { broken.Add(id); LogUnreadable(log, id, kind, e.Message); continue; }
                items.Add(new(id, reader.GetString(1), reader.GetString(2), lane.Connection, kind, reader.GetString(4), lane.Token, reader.GetInt16(5),
                    reader.GetInt16(6), reader.InstantOrNull(7), reader.Instant(8), lease, effect));
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
        if (_beatAt != 0 && clock.GetElapsedTime(_beatAt) < BeatEvery) return;
        await using var batch = new NpgsqlBatch(_session);
        foreach (var lane in _lanes.Values.Where(l => l.Token != 0))
        {
            batch.Add("""
                UPDATE lane SET breaker = $2, breaker_until = $3, day = $4, used_today = $5, calls = calls + $6, failures = failures + $7, last_ok_at = coalesce($8, last_ok_at),
                  last_error_at = coalesce($9, last_error_at), last_error = coalesce($10, last_error), per_second = $11, millis = $12, in_flight = $13, updated_at = $14,
                  failing_since = CASE WHEN $16 THEN $17 ELSE coalesce(failing_since, $17) END
                WHERE connection = $1 AND token = $15
                """, lane.Snapshot(clock.GetUtcNow()));
        }
        if (batch.BatchCommands.Count == 0) batch.Add("SELECT 1");
        try { await batch.ExecuteNonQueryAsync(cancel); }
        // The session answered, so the locks are held; what it did not like is shown too late and no more.
        catch (PostgresException e) when (_session is { State: System.Data.ConnectionState.Open }) { LogBeat(log, e.Message); }
        _beatAt = clock.GetTimestamp();
        foreach (var lane in _lanes.Values) lane.Proven();
    }

    /// <summary>Stops taking work and waits for calls under way; when the patience is over it ends them, and their fate is unknown.</summary>
    public async Task DrainAsync(CancellationToken patience)
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_loops).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Task.WhenAll(_lanes.Values.Select(l => l.DrainAsync(patience)));
    }

    /// <summary>After outcomes are written: hands back what was never begun, so that the next owner need not ask about it, and lets the lanes go.</summary>
    /// <remarks>What was begun and has no outcome stays claimed: its next owner knows that it may have arrived.</remarks>
    public async Task ReleaseAsync()
    {
        foreach (var lane in _lanes.Values) await lane.PutBackQueuedAsync();
        var ended = _lanes.Values.Where(l => l is { Token: not 0, InFlight: 0 }).Select(l => l.Token).ToArray();
        if (ended.Length > 0)
        {
            await using var command = database.Engine.CreateCommand("UPDATE lane SET owner = NULL WHERE token = ANY($1)");
            await command.With(Longs(ended)).ExecuteNonQueryAsync();
        }
        await EndSessionAsync();
    }

    private async Task EndSessionAsync()
    {
        foreach (var lane in _lanes.Values) lane.Lose();
        if (_session is not { } old) return;
        _session = null;
        await old.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        switches.Changed -= Nudge;
        if (!_stop.IsCancellationRequested) await _stop.CancelAsync();
        await Task.WhenAll(_loops).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await EndSessionAsync();
        foreach (var lane in _lanes.Values) lane.Dispose();
        _stop.Dispose();
    }

    [LoggerMessage(420, LogLevel.Information, "Owns lane {Connection} under token {Token}")]
    private static partial void LogOwned(ILogger log, string connection, long token);

    [LoggerMessage(423, LogLevel.Warning, "The lanes' figures could not be written: {Why}")]
    private static partial void LogBeat(ILogger log, string why);

    [LoggerMessage(421, LogLevel.Warning, "Lanes stumbled and go on: {Why}")]
    private static partial void LogTrouble(ILogger log, string why);

    [LoggerMessage(422, LogLevel.Error, "Effect {Id} of kind {Kind} cannot be read: {Why}")]
    private static partial void LogUnreadable(ILogger log, long id, string kind, string why);
}
