using Quartermaster.Core.Kernel;

namespace Quartermaster.Runtime;

/// <summary>Tells the deciding workers of this process which partitions have something ready; polling is the guarantee behind it.</summary>
/// <remarks>One bit per partition and one semaphore per worker: a shared semaphore wakes the wrong worker.</remarks>
public sealed class Wakeup(int workers, bool decidesHere)
{
    private readonly long[] _dirty = new long[workers];
    private readonly int[] _anew = new int[workers];
    private readonly SemaphoreSlim[] _signals = [.. Enumerable.Range(0, workers).Select(_ => new SemaphoreSlim(0, 1))];

    public const string Channel = "qm_ready";

    /// <summary>Payload of a notice that something old is ready again.</summary>
    public const string AnewWord = "anew";

    public int Workers => workers;

    /// <summary>Stock that channels offer has changed; raised after the commit. Other processes find the marks by polling.</summary>
    public event Action? StockMoved;

    public void StockShifted() => StockMoved?.Invoke();

    public void Partition(short part)
    {
        var worker = part % workers;
        Interlocked.Or(ref _dirty[worker], 1L << part);
        Rouse(_signals[worker]);
    }

    /// <summary>Wakes a sleeper whose semaphore holds one at most.</summary>
    internal static void Rouse(SemaphoreSlim sleeper)
    {
        try { sleeper.Release(); }
        catch (SemaphoreFullException) { /* awake already */ }
    }

    public void Everything()
    {
        for (short part = 0; part < StreamId.Partitions; part++) Partition(part);
    }

    /// <summary>Something that was read before is ready again, under the number that it had: workers look from the start, however busy they are.</summary>
    public void Anew()
    {
        for (var worker = 0; worker < workers; worker++) Volatile.Write(ref _anew[worker], 1);
        Everything();
    }

    /// <summary>Waits for work or for the time to look anyway. Returns the partitions to look at, lowest bit = partition 0, and whether from their start.</summary>
    public async Task<(long Partitions, bool FromStart)> WaitAsync(int worker, TimeSpan poll, CancellationToken cancel)
    {
        var woken = await _signals[worker].WaitAsync(poll, cancel);
        var dirty = Interlocked.Exchange(ref _dirty[worker], 0);
        var anew = Interlocked.Exchange(ref _anew[worker], 0) != 0;
        return woken && !anew ? (dirty, false) : (OwnPartitions(worker), true);
    }

    /// <summary>When nobody decides in this process, one NOTIFY per group tells those that do.</summary>
    public async Task AnnounceAsync(Database database, CancellationToken cancel)
    {
        if (decidesHere) return;
        await using var command = database.Engine.CreateCommand($"NOTIFY {Channel}");
        await command.ExecuteNonQueryAsync(cancel);
    }

    private long OwnPartitions(int worker)
    {
        var own = 0L;
        for (var part = worker; part < StreamId.Partitions; part += workers) own |= 1L << part;
        return own;
    }
}
