using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Flows;

/// <summary>What flows concluded from one event: signals for neighbours and for other streams, in order, and cases and alerts that no single capability could see.</summary>
public sealed class Reactions
{
    private readonly Queue<Signal> signals = new();

    private Stack<Signal>? first;
    private readonly List<CaseChange> cases = [];

    private readonly List<Forwarded> forwarded = [];

    private readonly List<PlannedEffect> effects = [];

    private readonly List<Request> requests = [];

    public IReadOnlyList<CaseChange> Cases => cases;

    public IReadOnlyList<PlannedEffect> Effects => effects;

    public IReadOnlyList<Request> Requests => requests;

    public IReadOnlyList<Forwarded> Forwarded => forwarded;

    public void Send(Signal signal) => signals.Enqueue(signal);

    /// <summary>Before all that waits: what waits was concluded before the reason for this was known.</summary>
    public void SendFirst(Signal signal) => (first ??= new()).Push(signal);

    public void Forward(StreamId to, Signal signal) => forwarded.Add(new(to, signal));

    /// <summary>Work for the outside world that belongs to no capability of the order.</summary>
    public void Do(PlannedEffect effect) => effects.Add(effect);

    /// <summary>What the database is told and does not answer.</summary>
    public void Ask(Request request) => requests.Add(request);

    public void Tell(CaseChange change) => cases.Add(change);

    public bool TryTake([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Signal? signal)
    {
        if (first is not null && first.TryPop(out signal)) return true;
        return signals.TryDequeue(out signal);
    }
}
