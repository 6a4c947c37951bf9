using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Npgsql;
using Quartermaster.Core.Connecting;
using Quartermaster.Runtime.Switches;

namespace Quartermaster.Runtime.Lanes;

/// <summary>The effects of one connection, in the process that owns it: a bounded queue in memory in front of the table.</summary>
/// <remarks>
/// Effects come in two ways: born claimed, handed over by the deciding worker after its commit, or claimed from the table
/// (retries, what another process decided, what did not fit). Batches form by themselves: a free slot takes what is there.
/// </remarks>
public sealed partial class Lane(ConnectionPlan plan, Session session, Transport transport, Breaker breaker, Budget budget, Switchboard switches, OutcomeWriter outcomes, TimeProvider clock, ILogger log)
{
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan LeaseMargin = TimeSpan.FromSeconds(40);
    private static readonly TimeSpan CallLimit = TimeSpan.FromSeconds(30);

    private readonly ConcurrentQueue<LaneItem> _queue = new();
    private readonly SemaphoreSlim _work = new(0);
    private readonly SemaphoreSlim _slots = new(plan.EffectiveLimits.Concurrency);
    private readonly ConcurrentDictionary<long, byte> _held = new();
    private readonly ConcurrentDictionary<string, byte> _busyStreams = new();
    private readonly List<LaneItem> _carried = [];
    private int _count;
    private volatile bool _backlog;
    private long _token;
    private long _snapshotAt = clock.GetTimestamp();

    public string Connection => plan.Key;
    public Session Session => session;
    public ConnectionPlan Plan => plan;
    public Breaker Breaker => breaker;
    public Budget Budget => budget;
    public Transport Transport => transport;

    /// <summary>Fencing token while this process owns the lane; 0 otherwise.</summary>
    public long Token => Volatile.Read(ref _token);

    /// <summary>Effects in memory: queued or under way.</summary>
    public int InMemory => Volatile.Read(ref _count);

    public int InFlight => plan.EffectiveLimits.Concurrency - _slots.CurrentCount;

    public DateTimeOffset? LastOkAt { get; private set; }
    public DateTimeOffset? LastErrorAt { get; private set; }
    public string? LastError { get; private set; }

    // A slow lane must not fill memory, nor hold effects past their lease: about twenty seconds of work at most.
    private int Capacity => plan.EffectiveLimits is { PerSecond: > 0 } l ? Math.Clamp((int)(l.PerSecond * 20 * l.Batch), l.Batch, 4000) : 4000;

    /// <summary>Room for one more that is born claimed? While the table holds a backlog of this lane the answer is no, to keep the order.</summary>
    public bool TryReserve(out long token)
    {
        token = Token;
        if (token == 0 || _backlog || breaker.State != "closed" || switches.LaneStopped(plan.Key)) { token = 0; return false; }
        if (Interlocked.Increment(ref _count) <= Capacity) return true;
        Interlocked.Decrement(ref _count);
        _backlog = true;
        token = 0;
        return false;
    }

    /// <summary>A reserved place is not needed: the transaction did not commit.</summary>
    public void GiveBack() => Interlocked.Decrement(ref _count);

    /// <summary>Takes in an effect whose place was reserved.</summary>
    public void Accept(LaneItem item)
    {
        _held[item.Id] = 0;
        _queue.Enqueue(item);
        _work.Release();
    }

    /// <summary>Does this process hold it already?</summary>
    public bool Holds(long id) => _held.ContainsKey(id);

    public int RoomForClaims => switches.LaneStopped(plan.Key) || breaker.State is "open" or "disconnected" && breaker.OpenUntil > clock.GetUtcNow()
        ? 0 : Math.Max(0, Math.Min(Capacity - InMemory, 1000));

    public void TakeClaimed(IReadOnlyList<LaneItem> items, bool more)
    {
        _backlog = more;
        foreach (var item in items)
        {
            Interlocked.Increment(ref _count);
            Accept(item);
        }
    }

    public void Own(long token) => Volatile.Write(ref _token, token);

    /// <summary>The lane is somebody else's now, or nobody's: give up what was not begun.</summary>
    public List<LaneItem> Lose()
    {
        Volatile.Write(ref _token, 0);
        List<LaneItem> unbegun = [];
        while (_queue.TryDequeue(out var item))
        {
            unbegun.Add(item);
            Forget(item);
        }
        return unbegun;
    }

    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                if (_carried.Count == 0) await _work.WaitAsync(stop);
                await _slots.WaitAsync(stop);
                var started = false;
                try
                {
                    if (!await MayCallAsync(stop)) continue;
                    var batch = NextBatch();
                    if (batch.Count == 0)
                    {
                        breaker.NotUsed();
                        if (_carried.Count > 0) await Task.Delay(5, stop);
                        continue;
                    }
                    started = true;
                    _ = DoAsync(batch);
                }
                finally
                {
                    if (!started) _slots.Release();
                }
            }
            catch (OperationCanceledException) { return; }
            catch (Exception e) { LogLoop(log, plan.Key, e); await Task.Delay(200, CancellationToken.None); }
        }
    }

    /// <summary>Waits until what is under way has ended.</summary>
    public async Task DrainAsync(CancellationToken cancel)
    {
        for (var i = 0; i < plan.EffectiveLimits.Concurrency; i++) await _slots.WaitAsync(cancel);
    }

    /// <summary>What the beat writes into the lane's row. Counters are handed over and start again from zero.</summary>
    internal NpgsqlParameter[] Snapshot(DateTimeOffset now)
    {
        var (calls, failures) = transport.HandOverCounters();
        var stamp = clock.GetTimestamp();
        var perSecond = calls / Math.Max(0.1, clock.GetElapsedTime(_snapshotAt, stamp).TotalSeconds);
        _snapshotAt = stamp;
        return
        [
            Columns.Text(plan.Key), Columns.Text(breaker.State), Columns.NullableInstant(breaker.OpenUntil), Columns.Day(budget.Day), Columns.Int(budget.UsedToday),
            Columns.Long(calls), Columns.Long(failures), Columns.NullableInstant(LastOkAt), Columns.NullableInstant(LastErrorAt), Columns.Text(LastError),
            Columns.Double(Math.Round(perSecond, 1)), Columns.Double(transport.Millis), Columns.Int(InFlight), Columns.Instant(now), Columns.Long(Token),
        ];
    }

    private async Task<bool> MayCallAsync(CancellationToken stop)
    {
        if (switches.LaneStopped(plan.Key))
        {
            // Held effects go back to the table at once: there they show as held, and the claim query leaves them there.
            await PutBackAsync(TakeAll(), TimeSpan.Zero);
            return false;
        }
        if (breaker.Lets(out var wait)) return true;
        await PutBackAsync(TakeAll(), wait);
        await Task.Delay(wait < TimeSpan.FromSeconds(1) ? wait : TimeSpan.FromSeconds(1), clock, stop);
        return false;
    }

    private List<LaneItem> TakeAll()
    {
        List<LaneItem> all = [.. _carried];
        _carried.Clear();
        while (_queue.TryDequeue(out var item)) all.Add(item);
        return all;
    }

    /// <summary>Up to one batch of one kind, at most one per stream, so that effects of one order keep their order.</summary>
    private List<LaneItem> NextBatch()
    {
        var most = plan.EffectiveLimits.Batch;
        List<LaneItem> batch = new(Math.Min(most, 16));
        List<LaneItem>? passedOver = null;
        var now = clock.GetUtcNow();
        for (var i = 0; i < _carried.Count && batch.Count < most; i++)
        {
            if (TryAdd(batch, _carried[i], now)) _carried.RemoveAt(i--);
        }
        while (batch.Count < most && _carried.Count + (passedOver?.Count ?? 0) < 2000 && _queue.TryDequeue(out var item))
        {
            if (!TryAdd(batch, item, now)) (passedOver ??= []).Add(item);
        }
        // One permit was taken to get here; the others of this batch are taken along. Too few left only means an idle turn.
        for (var i = 1; i < batch.Count; i++) _work.Wait(0, CancellationToken.None);
        if (passedOver is not null) _carried.AddRange(passedOver);
        return batch;
    }

    private bool TryAdd(List<LaneItem> batch, LaneItem item, DateTimeOffset now)
    {
        // Handed over by a decision that began before the lane was lost, or too old: never sent, so it goes back as it is.
        if (item.Token != Token || item.LeaseUntil - now < LeaseMargin) { _ = PutBackAsync([item], TimeSpan.Zero); return true; }
        if (item.NotAfter < now)
        {
            Settle(item, new Result(new Outcome.Done(), Exchange.None), dropped: true);
            return true;
        }
        if (!switches.Allows(item.Brand, plan.Key, item.Kind)) { _ = PutBackAsync([item], TimeSpan.Zero); return true; }
        if (batch.Count > 0 && (batch[0].Kind != item.Kind || batch[0].Unsure != item.Unsure)) return false;
        if (!_busyStreams.TryAdd(Busy(item), 0)) return false;
        batch.Add(item);
        return true;
    }

    private async Task DoAsync(List<LaneItem> batch)
    {
        // Off the lane's loop: a connector that works before its first await must not hold the others up.
        await Task.Yield();
        if (batch[0].Attempts > 0 || batch[0].Unsure) Transport.RepeatsWhatHasBegun();
        try
        {
            using var limit = new CancellationTokenSource(CallLimit, clock);
            if (batch[0].Unsure)
            {
                await Task.WhenAll(batch.Select(async item => Settle(item, await LookUpAsync(item, limit.Token), wasLookUp: true)));
                return;
            }
            List<Work> work = new(batch.Count);
            foreach (var item in batch) work.Add(new(item.Key, item.Effect, item.Attempts + 1));
            IReadOnlyList<Result> results;
            try
            {
                results = await plan.Connector.ActAsync(session, work, limit.Token);
                if (results.Count != batch.Count) throw new InvalidOperationException($"The connector {plan.Connector.Manifest.Key} answered {results.Count} results for {batch.Count} effects.");
            }
            catch (NotNowException e)
            {
                await PutBackAsync(batch, e.Wait);
                return;
            }
            catch (Exception e)
            {
                var outcome = Fate(e);
                results = [.. batch.Select(_ => new Result(outcome, new Exchange("", e.Message)))];
            }
            for (var i = 0; i < batch.Count; i++) Settle(batch[i], results[i]);
        }
        finally
        {
            _slots.Release();
            foreach (var item in batch) _busyStreams.TryRemove(Busy(item), out _);
        }
    }

    private async Task<Result> LookUpAsync(LaneItem item, CancellationToken cancel)
    {
        try { return await plan.Connector.LookUpAsync(session, new(item.Key, item.Effect, item.Attempts + 1), cancel); }
        catch (Exception e) { return new(new Outcome.Unsure(e.Message), new Exchange("look-up", e.Message)); }
    }

    /// <summary>A failure that provably came before anything was sent may be repeated; every other one may have arrived.</summary>
    private static Outcome Fate(Exception e) => e switch
    {
        SettingMissingException => new Outcome.NotConnected(e.Message),
        HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError } => new Outcome.TryLater(e.Message),
        _ => new Outcome.Unsure(e.Message),
    };

    private void Settle(LaneItem item, Result result, bool wasLookUp = false, bool dropped = false)
    {
        var now = clock.GetUtcNow();
        if (!dropped)
        {
            switch (result.Outcome)
            {
                case Outcome.Unsure or Outcome.TryLater { After: null } when !wasLookUp:
                    (LastErrorAt, LastError) = (now, Words(result.Outcome));
                    breaker.Failed(disconnected: false);
                    break;
                case Outcome.NotConnected refused:
                    (LastErrorAt, LastError) = (now, refused.Why);
                    breaker.Failed(disconnected: true);
                    break;
                case Outcome.Refused refused:
                    (LastErrorAt, LastError) = (now, refused.Why);
                    breaker.Succeeded();
                    break;
                case Outcome.Done or Outcome.AlreadyDone:
                    LastOkAt = now;
                    breaker.Succeeded();
                    break;
            }
        }
        outcomes.Add(new Settled(item, result, wasLookUp, now) { Dropped = dropped }, () => Forget(item));
    }

    private static string Words(Outcome outcome) => outcome switch { Outcome.Unsure u => u.Why, Outcome.TryLater t => t.Why, _ => "" };

    private async Task PutBackAsync(IReadOnlyList<LaneItem> items, TimeSpan wait)
    {
        if (items.Count == 0) return;
        _backlog = true;
        try { await outcomes.PutBackAsync(items, clock.GetUtcNow() + wait); }
        catch (Exception e) { LogPutBack(log, plan.Key, items.Count, e.Message); }
        foreach (var item in items) Forget(item);
    }

    private void Forget(LaneItem item)
    {
        if (_held.TryRemove(item.Id, out _)) Interlocked.Decrement(ref _count);
    }

    private static string Busy(LaneItem item) => item.Stream + "|" + item.Brand;

    [LoggerMessage(400, LogLevel.Error, "Lane {Connection} stumbled and goes on")]
    private static partial void LogLoop(ILogger log, string connection, Exception e);

    [LoggerMessage(401, LogLevel.Warning, "Lane {Connection}: {Count} effects could not be put back, their lease frees them: {Why}")]
    private static partial void LogPutBack(ILogger log, string connection, int count, string why);
}
