namespace Quartermaster.Core.Stock;

/// <summary>An order in the queue for a SKU.</summary>
/// <param name="Promised">A pre-order: it was told that its units among those on their way are its own.</param>
public sealed record Waiter(string Sku, string Stream, int Units, bool Promised);

/// <summary>Who waits for the SKUs of which pre-orders were promised some, in their order: goods that came are theirs before they are anybody's.</summary>
internal sealed class PromisedQueues
{
    private readonly Dictionary<string, List<Waiter>> waiters = [];
    private readonly Dictionary<string, long> coming = [];

    public bool IsEmpty => waiters.Count == 0;

    /// <summary>Last in the queue, unless it stands there.</summary>
    public void Join(Waiter waiter)
    {
        if (!waiters.TryGetValue(waiter.Sku, out var queue)) waiters[waiter.Sku] = queue = [];
        var at = queue.FindIndex(w => w.Stream == waiter.Stream);
        if (at < 0) queue.Add(waiter);
        else queue[at] = waiter;
    }

    /// <returns>It was promised its units.</returns>
    public bool Leave(string sku, string stream)
    {
        if (waiters.GetValueOrDefault(sku) is not { } queue || queue.FindIndex(w => w.Stream == stream) is not (>= 0 and var at)) return false;
        var promised = queue[at].Promised;
        queue.RemoveAt(at);
        return promised;
    }

    public void Leave(string stream)
    {
        foreach (var queue in waiters.Values) queue.RemoveAll(w => w.Stream == stream);
    }

    public void LoadComing(string sku, long units) => coming[sku] = units;

    /// <summary>Units that were promised to those who stand before this order; all of them, if it does not stand there.</summary>
    /// <param name="free">Units that are there, and the change of those on their way that is not written yet.</param>
    /// <remarks>One whose units are neither there nor on their way any more keeps nothing from the others: it would keep it for ever.</remarks>
    public long Before(string sku, string stream, long free)
    {
        if (!waiters.TryGetValue(sku, out var queue)) return 0;
        var within = free + coming.GetValueOrDefault(sku);
        long units = 0;
        foreach (var waiter in queue)
        {
            if (waiter.Stream == stream) break;
            if (waiter.Promised && units + waiter.Units <= within) units += waiter.Units;
        }
        return units;
    }
}
