namespace Quartermaster.Sandbox.Twins;

/// <summary>What a twin will do later. One timer, set for the next item only: an idle twin has none.</summary>
internal sealed class Agenda(TimeProvider clock) : IDisposable
{
    private readonly PriorityQueue<Action, (DateTimeOffset At, long Order)> items = new();
    private readonly Lock gate = new();
    private ITimer? timer;
    private long order;

    public void In(TimeSpan delay, Action what)
    {
        lock (gate)
        {
            var at = clock.GetUtcNow() + delay;
            var isNext = !items.TryPeek(out _, out var next) || at < next.At;
            items.Enqueue(what, (at, order++));
            if (isNext) Set(delay);
        }
    }

    public void Dispose()
    {
        lock (gate)
        {
            items.Clear();
            timer?.Dispose();
        }
    }

    private void Ring()
    {
        var due = new List<Action>();
        lock (gate)
        {
            while (items.TryPeek(out var what, out var next) && next.At <= clock.GetUtcNow())
            {
                items.Dequeue();
                due.Add(what);
            }
            if (items.TryPeek(out _, out var later)) Set(later.At - clock.GetUtcNow());
        }
        foreach (var what in due) what();
    }

    private void Set(TimeSpan delay)
    {
        // Timers count whole milliseconds: rounded down it would ring early, find nothing due and ring again.
        var wait = TimeSpan.FromMilliseconds(Math.Ceiling(Math.Max(0, delay.TotalMilliseconds)));
        if (timer is null) timer = clock.CreateTimer(_ => Ring(), null, wait, Timeout.InfiniteTimeSpan);
        else timer.Change(wait, Timeout.InfiniteTimeSpan);
    }
}
