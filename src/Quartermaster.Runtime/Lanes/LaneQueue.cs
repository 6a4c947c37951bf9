using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace Quartermaster.Runtime.Lanes;

/// <summary>The effects of one lane that are in memory, from a reserved place until their outcome is written; at most so many as there is room for.</summary>
/// <remarks>Any thread may put in. Only the lane's loop takes out in batches: what it passes over is carried to its next turn, before what came later.</remarks>
internal sealed class LaneQueue(int capacity)
{
    // One stream may fill the queue while an effect of it is under way: so many are looked through for others, and no more.
    private const int MostPassedOver = 2000;

    private readonly ConcurrentQueue<LaneItem> _queue = new();
    private readonly SemaphoreSlim _work = new(0);
    private readonly ConcurrentDictionary<long, byte> _held = new();
    private readonly ConcurrentDictionary<string, byte> _busyStreams = new();
    private readonly List<LaneItem> _carried = [];
    private int _count;

    /// <summary>Places taken: reserved, queued, begun, or settled and not written.</summary>
    public int Count => Volatile.Read(ref _count);

    public int Room => Math.Max(0, capacity - Count);

    /// <summary>Some were passed over at the last turn: there is a next turn without anybody's call.</summary>
    public bool Carries => _carried.Count > 0;

    public bool TryReserve()
    {
        if (Interlocked.Increment(ref _count) <= capacity) return true;
        Interlocked.Decrement(ref _count);
        return false;
    }

    public void GiveBack() => Interlocked.Decrement(ref _count);

    /// <summary>Takes in an effect whose place was reserved.</summary>
    public void Accept(LaneItem item)
    {
        _held[item.Id] = 0;
        _queue.Enqueue(item);
        _work.Release();
    }

    /// <summary>Takes in an effect that was claimed from the table, for which there was room.</summary>
    public void Add(LaneItem item)
    {
        Interlocked.Increment(ref _count);
        Accept(item);
    }

    public bool Holds(long id) => _held.ContainsKey(id);

    /// <summary>Its outcome is written, or it is back in the table: its place is free.</summary>
    public void Forget(LaneItem item)
    {
        if (_held.TryRemove(item.Id, out _)) Interlocked.Decrement(ref _count);
    }

    /// <summary>Until there is something to look at. For the loop alone.</summary>
    public Task WaitAsync(CancellationToken stop) => Carries ? Task.CompletedTask : _work.WaitAsync(stop);

    /// <summary>Gives the loop a turn although nothing came.</summary>
    public void Wake() => _work.Release();

    public bool TryTake([MaybeNullWhen(false)] out LaneItem item) => _queue.TryDequeue(out item);

    /// <summary>Everything that is queued, in its order. For the loop alone, or after its end.</summary>
    public List<LaneItem> TakeAll()
    {
        List<LaneItem> all = [.. _carried];
        _carried.Clear();
        while (_queue.TryDequeue(out var item)) all.Add(item);
        return all;
    }

    /// <summary>The next ones that go together, at most one per stream, so that the effects of one order keep their order. For the loop alone.</summary>
    /// <param name="most">Effects of one call.</param>
    /// <param name="isToBeSent">False: the lane has seen to it otherwise, and it is in no batch.</param>
    /// <param name="goesWith">Whether an effect (second) fits into the call of the batch's first.</param>
    /// <returns>Their streams are busy until <see cref="Free"/>.</returns>
    public List<LaneItem> NextBatch(int most, Func<LaneItem, bool> isToBeSent, Func<LaneItem, LaneItem, bool> goesWith)
    {
        List<LaneItem> batch = new(Math.Min(most, 16));
        List<LaneItem>? passedOver = null;
        for (var i = 0; i < _carried.Count && batch.Count < most; i++)
        {
            if (IsSeenTo(_carried[i])) _carried.RemoveAt(i--);
        }
        while (batch.Count < most && _carried.Count + (passedOver?.Count ?? 0) < MostPassedOver && _queue.TryDequeue(out var item))
        {
            if (!IsSeenTo(item)) (passedOver ??= []).Add(item);
        }
        // One permit was taken to get here; the others of this batch are taken along. Too few left only means an idle turn.
        for (var i = 1; i < batch.Count; i++) _work.Wait(0, CancellationToken.None);
        if (passedOver is not null) _carried.AddRange(passedOver);
        return batch;

        bool IsSeenTo(LaneItem item)
        {
            if (!isToBeSent(item)) return true;
            if (batch.Count > 0 && !goesWith(batch[0], item) || !_busyStreams.TryAdd(Busy(item), 0)) return false;
            batch.Add(item);
            return true;
        }
    }

    /// <summary>The call of these has ended: the next ones of their streams may go.</summary>
    public void Free(IReadOnlyList<LaneItem> batch)
    {
        foreach (var item in batch) _busyStreams.TryRemove(Busy(item), out _);
    }

    private static string Busy(LaneItem item) => item.Stream + "|" + item.Brand;
}
