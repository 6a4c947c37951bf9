using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Npgsql;
using Quartermaster.Core.Customers;
using Quartermaster.Core.Kernel;
using Quartermaster.Runtime.Campaigns;
using Quartermaster.Runtime.Channels;
using Quartermaster.Runtime.Codes;
using Quartermaster.Runtime.Dispatching;
using Quartermaster.Runtime.Intake;
using Quartermaster.Runtime.Lanes;
using Quartermaster.Runtime.Purchasing;
using Quartermaster.Runtime.Risk;
using Quartermaster.Runtime.Routing;
using Quartermaster.Runtime.Stock;
using Quartermaster.Runtime.Switches;
using Quartermaster.Runtime.Tracking;

namespace Quartermaster.Runtime.Partitions;

/// <summary>Takes ready signals of its partitions, decides, and writes everything in one transaction; again and again.</summary>
/// <remarks>
/// Any number of workers in any number of processes may run: the partition's lock is tried, never waited for, and a crash
/// releases it. A worker takes what is there when its last commit returned, so batches grow with the load by themselves.
/// </remarks>
internal sealed partial class DecideWorker(
    int number, Database database, HubPlan plan, Switchboard switches, KnowledgeShelf knowledge, Readers readers, Wakeup wakeup, LaneOwner? lanes, EffectIds ids, UsualOrders usual, TraitHash traits, OrderGaps gaps, ShopperLinks links, Throughput throughput, ICheckpoints checkpoints, TimeProvider clock, ILogger log)
{
    private const int LargestBatch = 500;
    private const int SmallBatch = 100;
    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(25);
    // Commits of this process wake it at once and other processes announce theirs; this only finds what a dead process left.
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(2);

    private readonly LowMarks _low = new(clock);
    private readonly BatchWriter _writer = new(plan, switches, lanes, ids, Shard(number));
    private readonly StateCache _cache = new();
    private readonly KnownSkus _known = new();
    private readonly PeopleLook _people = new(plan, gaps);
    private int _limit = LargestBatch;
    private short _next;
    private int _lastRead;

    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                var (partitions, fromStart) = await wakeup.WaitAsync(number, Poll, stop);
                if (fromStart) _low.ForgetAll();
                if (partitions != 0) await DecideAsync(partitions, stop);
                // A transaction costs the same for one signal as for thirty: after a small one, let a few gather. The first
                // signal after a pause is never kept waiting by this.
                if (_lastRead is > 0 and < SmallBatch) await Task.Delay(Gather, stop);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested) { return; }
            catch (Exception e)
            {
                LogStumbled(log, number, e.Message);
                await Task.Delay(250, CancellationToken.None);
                wakeup.Everything();
            }
        }
    }

    /// <summary>Decides until the given partitions have nothing left that is ours.</summary>
    public async Task DecideAsync(long partitions, CancellationToken cancel)
    {
        Dictionary<long, string> poison = [];
        while (partitions != 0)
        {
            try
            {
                var (read, missed, more) = await OneBatchAsync(partitions, poison, cancel);
                poison.Clear();
                if (_limit < LargestBatch) _limit = Math.Min(LargestBatch, _limit * 2);
                if (missed != 0) Again(missed);
                if (!more || read == 0) return;
            }
            catch (PoisonException e)
            {
                poison[e.Seq] = e.Message;
            }
            catch (OvertakenException)
            {
                LogRetry(log, number, "another worker filled the day of a location");
            }
            catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure)
            {
                LogRetry(log, number, e.SqlState);
            }
            catch (Exception e) when (Refusal(e) is not null)
            {
                // Something in this batch cannot be written. Halve until the guilty signal stands alone, then set it apart.
                if (_limit > 1) { _limit = Math.Max(1, _limit / 4); continue; }
                if (_alone is not { } seq || !poison.TryAdd(seq, Refusal(e)!)) throw;
            }
        }
    }

    /// <summary>Why the content of a batch cannot be written; null when the trouble lies elsewhere and the same batch may pass later.</summary>
    /// <remarks>PostgreSQL's classes 22 (bad data), 23 (constraint) and 54 (too long for an index), and what fails on the way to it.</remarks>
    private static string? Refusal(Exception e) => e switch
    {
        PostgresException { SqlState: ['2', '2', ..] or ['2', '3', ..] or ['5', '4', ..] } p => $"{p.SqlState}: {p.MessageText}",
        ArgumentException or ArithmeticException or FormatException or InvalidCastException or NullReferenceException or UnreachableException or System.Text.Json.JsonException => $"{e.GetType().Name}: {e.Message}",
        _ => null,
    };

    private long? _alone;

    private async Task<(int Read, long Missed, bool More)> OneBatchAsync(long partitions, Dictionary<long, string> poison, CancellationToken cancel)
    {
        await using var connection = await database.Engine.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        (var signals, var missed, var more, _next) = await ReadyBatch.ReadAsync(connection, transaction, partitions, _low.ToRead(), _limit, _next, cancel);
        await checkpoints.ReachAsync("decide.read", cancel);
        _lastRead = signals.Count;
        _alone = signals.Count == 1 ? signals[0].Seq : null;
        if (signals.Count == 0) return (0, missed, more && missed == 0);

        var stock = new StockRoom(plan, switches, knowledge, connection, transaction);
        var (held, stored) = await StatesAsync(connection, transaction, signals, cancel);
        var listings = new ListingRoom(plan);
        var codes = new CodeRoom(plan, switches, _known, connection, transaction);
        var purchases = new PurchaseRoom(plan, switches);
        var tracking = new TrackingRoom(plan);
        var dispatches = new DispatchRoom(plan);
        var shared = new TraitRoom(plan, traits, connection, transaction);
        var decided = new BatchDecision(switches, readers, stock, listings, purchases, tracking, dispatches, codes, new BuyerRoom(usual, knowledge, shared, connection, transaction), new RunRoom(plan, _people, connection, transaction), links, knowledge.Skus, new CallOffs(connection, transaction), held, stored, poison, clock.GetUtcNow());
        await decided.RunAsync(signals, cancel);
        await checkpoints.ReachAsync("decide.decided", cancel);

        await using var batch = new NpgsqlBatch(connection, transaction);
        var written = await _writer.AddAsync(batch, decided, stock, listings, purchases, tracking, dispatches, codes, shared, signals, cancel);
        try
        {
            await batch.ExecuteNonQueryAsync(cancel);
            if (written.Streams > 0 && batch.BatchCommands[written.StreamStatement].RecordsAffected != written.Streams)
            {
                throw new InvalidOperationException("A stream moved on while it was decided on; the batch is given up and decided again.");
            }
            if (stock.WasOvertaken(batch)) throw new OvertakenException();
            await written.KeepPlannedAsync(batch, connection, transaction, cancel);
            if (stock.HasRisen) written.Signals.AddRange(await stock.WakeAsync(decided.Now, cancel));
            if (codes.HasWord) written.Signals.AddRange(await codes.WakeAsync(decided.Now, cancel));
            await checkpoints.ReachAsync("decide.written", cancel);
            await transaction.CommitAsync(cancel);
            await checkpoints.ReachAsync("decide.committed", cancel);
        }
        catch
        {
            // If the commit did happen and only its answer was lost, the effects are claimed in the table and nobody holds
            // them: the lanes put them back, and if this process dies first, their new owner finds them.
            written.GiveBack(lanes);
            throw;
        }

        foreach (var entry in decided.Touched) if (entry.Changed && MayHold(entry.Id)) _cache.Keep(entry.Id.Brand, entry.Id.Key, entry.Version, entry.State);
        foreach (var (lane, item) in written.Handed) lane.Accept(item);
        if (written.LeftInTable) lanes?.Nudge();
        wakeup.Wake(written.Signals);
        foreach (var brand in codes.Brands) switches.CodeExplained(brand);
        foreach (var brand in written.Closed) switches.ContactClosed(brand);
        if (stock.HasMarks || codes.HasWord) wakeup.StockShifted();
        foreach (var signal in signals) _low.Decided(signal.Part, signal.Seq);
        foreach (var part in Bits(missed)) _low.Forget(part);
        throughput.Decided(signals.Count);
        return (signals.Count, missed, more);
    }

    // A contact that was erased begins again at its first version: held by number, what another process erased would come back.
    private static bool MayHold(StreamId stream) => stream.Kind != ContactPoint.Stream;

    /// <summary>A state written here lately is used when its version still stands; the others are read.</summary>
    private async Task<(Dictionary<(string, string), object> Held, Dictionary<(string, string), byte[]> Stored)> StatesAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, List<ReadySignal> signals, CancellationToken cancel)
    {
        Dictionary<(string, string), object> held = new(signals.Count);
        HashSet<(string, string)> missing = [];
        foreach (var signal in signals)
        {
            var key = (signal.Brand, signal.Stream);
            if (signal.Version == 0 || held.ContainsKey(key)) continue;
            if (_cache.Find(signal.Brand, signal.Stream, signal.Version) is { } state) held[key] = state;
            else missing.Add(key);
        }
        return (held, await ReadyBatch.StatesAsync(connection, transaction, [.. missing], cancel));
    }

    // Another process holds the lock: it will do the work; look again in a moment for what came after its snapshot.
    private void Again(long missed) => _ = Task.Delay(20, CancellationToken.None).ContinueWith(_ => { foreach (var part in Bits(missed)) wakeup.Partition(part); }, TaskScheduler.Default);

    private static IEnumerable<short> Bits(long set)
    {
        for (short part = 0; part < Core.Kernel.StreamId.Partitions; part++) if ((set & 1L << part) != 0) yield return part;
    }

    // By chance, because a process id is 1 in every container. Two that meet wait for each other now and then; more shards would be more rows for good.
    private const int Shards = 64;
    private static readonly int FirstShard = Random.Shared.Next(Shards);

    private static short Shard(int worker) => (short)((FirstShard + worker) % Shards);

    [LoggerMessage(500, LogLevel.Warning, "Worker {Number} stumbled and goes on: {Why}")]
    private static partial void LogStumbled(ILogger log, int number, string why);

    /// <summary>What the batch counted on was taken by another worker before it was written.</summary>
    private sealed class OvertakenException : Exception;

    [LoggerMessage(501, LogLevel.Information, "Worker {Number} decides the batch again: {Why}")]
    private static partial void LogRetry(ILogger log, int number, string why);
}

/// <summary>Named places where a test may stop, fail or kill the machine; in production they cost nothing.</summary>
public interface ICheckpoints
{
    ValueTask ReachAsync(string name, CancellationToken cancel);
}

/// <summary>The production answer: go on.</summary>
public sealed class NoCheckpoints : ICheckpoints
{
    public ValueTask ReachAsync(string name, CancellationToken cancel) => ValueTask.CompletedTask;
}

/// <summary>Signals decided by this process, for the overview.</summary>
public sealed class Throughput
{
    private long _decided;

    public long Total => Interlocked.Read(ref _decided);

    public void Decided(int count) => Interlocked.Add(ref _decided, count);
}
