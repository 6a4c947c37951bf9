using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Npgsql;
using Quartermaster.Core.Connecting;
using Quartermaster.Runtime.Customers;
using Quartermaster.Runtime.Switches;

namespace Quartermaster.Runtime.Lanes;

/// <summary>The effects of one connection, in the process that owns it: a bounded queue in memory in front of the table.</summary>
/// <remarks>
/// Effects come in two ways: born claimed, handed over by the deciding worker after its commit, or claimed from the table
/// (retries, what another process decided, what did not fit). An effect in memory is <em>queued</em> (nothing was sent, so it may
/// be handed back as it was), then <em>begun</em> (only its outcome ends that), then <em>settled</em> and waiting to be written.
/// Batches form by themselves: a free slot takes what is there.
/// </remarks>
public sealed partial class Lane(ConnectionPlan plan, Session session, Transport transport, Breaker breaker, Budget budget, Switchboard switches, SendGate gate, OutcomeWriter outcomes, TimeProvider clock, ILogger log) : IDisposable
{
    // Without proof for so long, nothing is begun: somebody else may own the lane by now.
    private static readonly TimeSpan ProofHolds = TimeSpan.FromSeconds(15);

    private readonly LaneCalls _calls = new(plan, session, clock);
    private readonly LaneQueue _queue = new(Capacity(plan.EffectiveLimits));
    private readonly SemaphoreSlim _slots = new(plan.EffectiveLimits.Concurrency);
    private readonly ConcurrentQueue<LaneItem> _toPutBack = new();
    private volatile bool _backlog;
    private volatile Ownership _ownership;
    private long _token;
    private long _provenAt;
    private long _snapshotAt = clock.GetTimestamp();

    private enum Ownership { None, InDoubt, Owned }

    public string Connection => plan.Key;
    public Session Session => session;
    public ConnectionPlan Plan => plan;
    public Breaker Breaker => breaker;
    public Budget Budget => budget;
    public Transport Transport => transport;

    /// <summary>Fencing token while this process owns the lane; 0 otherwise.</summary>
    public long Token => _ownership == Ownership.Owned ? LastToken : 0;

    /// <summary>The token under which it was owned last; as long as it stands in the table, nobody else has owned it since.</summary>
    internal long LastToken => Volatile.Read(ref _token);

    /// <summary>The session that held the lock is gone, and nobody knows yet whether the lane is.</summary>
    internal bool IsInDoubt => _ownership == Ownership.InDoubt;

    /// <summary>How long a claimed effect belongs to its claimer: a full queue, one call, and time to write what came of it.</summary>
    public TimeSpan Lease => plan.Connector.Manifest.CallLimit + TimeSpan.FromSeconds(90);

    /// <summary>How long after its owner's last proof of life a call of it may still be under way, its outcome included.</summary>
    internal TimeSpan LongestEcho => ProofHolds + plan.Connector.Manifest.CallLimit + TimeSpan.FromSeconds(5);

    /// <summary>Effects in memory: queued, begun, or settled and not written.</summary>
    public int InMemory => _queue.Count;

    public int InFlight => plan.EffectiveLimits.Concurrency - _slots.CurrentCount;

    public DateTimeOffset? LastOkAt { get; private set; }
    public DateTimeOffset? LastErrorAt { get; private set; }
    public string? LastError { get; private set; }

    private TimeSpan LeaseMargin => plan.Connector.Manifest.CallLimit + TimeSpan.FromSeconds(10);

    /// <summary>Room for one more that is born claimed? While the table holds a backlog of this lane the answer is no, to keep the order.</summary>
    public bool TryReserve(out long token)
    {
        token = Token;
        if (token == 0 || _backlog || breaker.State != "closed" || switches.LaneStopped(plan.Key)) { token = 0; return false; }
        if (_queue.TryReserve()) return true;
        _backlog = true;
        token = 0;
        return false;
    }

    /// <summary>Born claimed although nobody took it in: it goes back, never having been sent.</summary>
    internal void Abandon(LaneItem item) => _toPutBack.Enqueue(item);

    /// <summary>A reserved place is not needed: the transaction did not commit.</summary>
    public void GiveBack() => _queue.GiveBack();

    /// <summary>Takes in an effect whose place was reserved.</summary>
    public void Accept(LaneItem item) => _queue.Accept(item);

    /// <summary>Does this process hold it already?</summary>
    public bool Holds(long id) => _queue.Holds(id);

    /// <summary>How many to claim from the table; for a probe one batch is enough.</summary>
    public int RoomForClaims => switches.LaneStopped(plan.Key) || breaker.Rests ? 0
        : Math.Min(_queue.Room, breaker.State == "closed" ? 1000 : plan.EffectiveLimits.Batch);

    public void TakeClaimed(IReadOnlyList<LaneItem> items, bool more)
    {
        _backlog = more;
        foreach (var item in items) _queue.Add(item);
    }

    /// <summary>The lane is ours under this token. Under the same token as before, what is in memory goes on as if nothing had been.</summary>
    public void Own(long token)
    {
        Volatile.Write(ref _token, token);
        Proven();
        _ownership = Ownership.Owned;
    }

    /// <summary>The session that holds the lock has answered.</summary>
    internal void Proven() => Volatile.Write(ref _provenAt, clock.GetTimestamp());

    /// <summary>The session is gone: begin nothing, give nothing up. Calls under way go on; their outcomes count while the token stands.</summary>
    internal void Doubt()
    {
        if (_ownership == Ownership.Owned) _ownership = Ownership.InDoubt;
    }

    /// <summary>The lane is somebody else's now: what is queued goes back to the table.</summary>
    internal void Lose()
    {
        _ownership = Ownership.None;
        _queue.Wake();
    }

    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await _queue.WaitAsync(stop);
                await _slots.WaitAsync(stop);
                bool started = false, probe = false;
                try
                {
                    (var may, probe) = await MayCallAsync(stop);
                    if (!may) continue;
                    var now = clock.GetUtcNow();
                    var batch = _queue.NextBatch(plan.EffectiveLimits.Batch, item => IsToBeSent(item, now), GoTogether);
                    if (batch.Count > 0)
                    {
                        started = true;
                        _ = DoAsync(batch, probe);
                    }
                    await PutBackAsync(now);
                    if (batch.Count == 0 && _queue.Carries) await Task.Delay(5, stop);
                }
                finally
                {
                    if (!started)
                    {
                        if (probe) breaker.NotUsed();
                        _slots.Release();
                    }
                }
            }
            catch (OperationCanceledException) { return; }
            catch (Exception e) { LogLoop(log, plan.Key, e); await Task.Delay(200, CancellationToken.None); }
        }
    }

    /// <summary>Waits until what is under way has ended; ends it when the patience is over. True when no call is left.</summary>
    public async Task<bool> DrainAsync(CancellationToken patience)
    {
        if (await IdleAsync(patience)) return true;
        await _calls.AbortAsync();
        using var last = new CancellationTokenSource(TimeSpan.FromSeconds(3));
        return await IdleAsync(last.Token);
    }

    /// <summary>After the loop has ended: hands back what was never begun.</summary>
    internal Task PutBackQueuedAsync()
    {
        foreach (var item in _queue.TakeAll()) _toPutBack.Enqueue(item);
        return PutBackAsync(clock.GetUtcNow());
    }

    /// <summary>What the beat writes into the lane's row. Counters are handed over and start again from zero.</summary>
    internal NpgsqlParameter[] Snapshot(DateTimeOffset now)
    {
        var (calls, failures) = transport.HandOverCounters();
        var stamp = clock.GetTimestamp();
        var perSecond = calls / Math.Max(0.1, clock.GetElapsedTime(_snapshotAt, stamp).TotalSeconds);
        _snapshotAt = stamp;
        var (errorAt, error) = transport.LastError is { } lost && !(LastErrorAt >= lost.At) ? (lost.At, lost.Why) : (LastErrorAt, LastError);
        var okAt = transport.LastOkAt is { } reached && !(LastOkAt >= reached) ? reached : LastOkAt;
        return
        [
            Columns.Text(plan.Key), Columns.Text(breaker.State), Columns.NullableInstant(breaker.OpenUntil), Columns.Day(budget.Day), Columns.Int(budget.UsedToday),
            Columns.Long(calls), Columns.Long(failures), Columns.NullableInstant(okAt), Columns.NullableInstant(errorAt), Columns.Text(error),
            Columns.Double(Math.Round(perSecond, 1)), Columns.Double(transport.Millis), Columns.Int(InFlight), Columns.Instant(now), Columns.Long(Token),
            Columns.Bool(transport.HasReached), Columns.NullableInstant(transport.FailingSince),
        ];
    }

    public void Dispose()
    {
        _calls.Dispose();
        session.Http.Dispose();
    }

    private async Task<bool> IdleAsync(CancellationToken cancel)
    {
        try
        {
            while (InFlight > 0) await Task.Delay(10, cancel);
            return true;
        }
        catch (OperationCanceledException) { return false; }
    }

    private async Task<(bool May, bool Probe)> MayCallAsync(CancellationToken stop)
    {
        while (_ownership == Ownership.InDoubt || _ownership == Ownership.Owned && clock.GetElapsedTime(Volatile.Read(ref _provenAt)) > ProofHolds) await Task.Delay(50, stop);
        // Held effects go back to the table at once: there they show as held, and the claim query leaves them there.
        var wait = TimeSpan.Zero;
        if (_ownership == Ownership.Owned && !switches.LaneStopped(plan.Key) && breaker.Lets(out wait, out var probe)) return (true, probe);
        foreach (var item in _queue.TakeAll()) _toPutBack.Enqueue(item);
        await PutBackAsync(clock.GetUtcNow() + wait);
        if (wait > TimeSpan.Zero) await Task.Delay(wait < TimeSpan.FromSeconds(1) ? wait : TimeSpan.FromSeconds(1), clock, stop);
        return (false, false);
    }

    /// <returns>False: it was seen to, and goes into no call.</returns>
    private bool IsToBeSent(LaneItem item, DateTimeOffset now)
    {
        // Handed over by a decision that began before the lane was lost, too old, or switched off: never sent, so it goes back as it is.
        if (item.Token != Token || item.LeaseUntil - now < LeaseMargin || !switches.MaySend(item.Brand, plan.Key, item.Kind))
        {
            _toPutBack.Enqueue(item);
            return false;
        }
        if (item.NotAfter < now)
        {
            Settle(item, new Result(new Outcome.Done(), Exchange.None), Asked.TooLate);
            return false;
        }
        if (NextFor(item) != Asked.Nobody) return true;
        Settle(item, new Result(new Outcome.Unsure("It may have arrived, and the remote system cannot be asked."), Exchange.None), Asked.Nobody);
        return false;
    }

    private bool GoTogether(LaneItem first, LaneItem other) => first.Kind == other.Kind && NextFor(first) == NextFor(other);

    /// <summary>What is to be done next with an effect that may have arrived, or not.</summary>
    private Asked NextFor(LaneItem item) => plan.Connector.Manifest.RepeatSafety switch
    {
        _ when item.Doubts == 0 => Asked.ToDoIt,
        RepeatSafety.ByKey => Asked.ToDoIt,
        RepeatSafety.ByLookUp => Asked.WhetherItArrived,
        RepeatSafety.Once when item.Doubts <= RepeatUnsure.Times(plan.Settings) => Asked.ToDoIt,
        _ => Asked.Nobody,
    };

    private async Task DoAsync(List<LaneItem> taken, bool probe)
    {
        var batch = taken;
        try
        {
            // Off the lane's loop: a connector that works before its first await must not hold the others up.
            await Task.Yield();
            if (batch[0].Attempts > 0 || batch[0].Doubts > 0) Transport.RepeatsWhatHasBegun();
            var asked = NextFor(batch[0]);
            if (asked == Asked.ToDoIt && gate.Asks(batch)) batch = await gate.PassAsync(batch, (item, no) => Settle(item, new Result(no, Exchange.None), Asked.WhetherAllowed));
            if (batch.Count == 0) return;
            var results = asked == Asked.WhetherItArrived ? await _calls.LookUpAsync(batch) : await _calls.DoAsync(batch);
            Judge(Verdicts.Of(results, asked == Asked.WhetherItArrived), batch.Count);
            var wait = TimeSpan.Zero;
            for (var i = 0; i < batch.Count; i++)
            {
                if (results[i].Begun)
                {
                    Settle(batch[i], results[i], asked);
                    continue;
                }
                _toPutBack.Enqueue(batch[i]);
                if (results[i].Outcome is Outcome.TryLater { After: { } wish } && wish > wait) wait = wish;
            }
            await PutBackAsync(clock.GetUtcNow() + wait);
        }
        catch (Exception e) { LogLoop(log, plan.Key, e); }
        finally
        {
            if (probe) breaker.NotUsed();
            _slots.Release();
            _queue.Free(taken);
        }
    }

    private void Judge(Verdict verdict, int effects)
    {
        switch (verdict)
        {
            // Said again to the transport: not every connector speaks HTTP.
            case Verdict.Answered: breaker.Answered(); transport.Reached(); break;
            case Verdict.Failed: breaker.Failed(effects); transport.NotReached(null); break;
            case Verdict.Disconnected: breaker.Disconnected(); transport.NotReached(null); break;
        }
    }

    private void Settle(LaneItem item, Result result, Asked asked)
    {
        result = Storable.Of(result);
        var error = result.Outcome switch
        {
            _ when asked == Asked.WhetherAllowed => null,
            Outcome.Unsure u => u.Why,
            Outcome.TryLater { After: null } t when asked == Asked.ToDoIt => t.Why,
            Outcome.NotConnected n => n.Why,
            Outcome.Refused r => r.Why,
            _ => null,
        };
        if (error is not null) (LastErrorAt, LastError) = (clock.GetUtcNow(), error);
        else if (result.Outcome is Outcome.Done or Outcome.AlreadyDone && asked != Asked.TooLate) LastOkAt = clock.GetUtcNow();
        outcomes.Add(new Settled(item, result, asked), () => _queue.Forget(item));
    }

    /// <summary>Hands back to the table what was not begun. What fails is tried again with the owner's next look.</summary>
    internal async Task PutBackAsync(DateTimeOffset next)
    {
        // Whoever has taken the lane over is waiting for these; all slots may be busy for as long as a call lasts.
        while (_ownership == Ownership.None && _queue.TryTake(out var item)) _toPutBack.Enqueue(item);
        if (_toPutBack.IsEmpty) return;
        List<LaneItem> items = [];
        while (_toPutBack.TryDequeue(out var item)) items.Add(item);
        _backlog = true;
        try
        {
            await outcomes.PutBackAsync(items, next);
            foreach (var item in items) _queue.Forget(item);
        }
        catch (Exception e)
        {
            // They stay ours: as long as nobody else owns the lane they are known never to have been sent.
            foreach (var item in items) _toPutBack.Enqueue(item);
            LogPutBack(log, plan.Key, items.Count, e.Message);
        }
    }

    // A slow lane must not fill memory, nor hold effects past their lease: about twenty seconds of work at most.
    private static int Capacity(Limits l) => l.PerSecond > 0 ? Math.Clamp((int)(l.PerSecond * 20 * l.Batch), l.Batch, 4000) : 4000;

    [LoggerMessage(400, LogLevel.Error, "Lane {Connection} stumbled and goes on")]
    private static partial void LogLoop(ILogger log, string connection, Exception e);

    [LoggerMessage(401, LogLevel.Warning, "Lane {Connection}: {Count} effects could not be put back, trying again: {Why}")]
    private static partial void LogPutBack(ILogger log, string connection, int count, string why);
}
