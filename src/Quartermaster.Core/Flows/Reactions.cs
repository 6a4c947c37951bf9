using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Flows;

/// <summary>What flows concluded from one event: signals for neighbours and for other streams, in order, and cases that no single capability could see.</summary>
public sealed class Reactions
{
    private readonly Queue<Signal> signals = new();
    private readonly List<CaseChange> cases = [];

    private readonly List<Forwarded> forwarded = [];

    public IReadOnlyList<CaseChange> Cases => cases;

    public IReadOnlyList<Forwarded> Forwarded => forwarded;

    public void Send(Signal signal) => signals.Enqueue(signal);

    public void Forward(StreamId to, Signal signal) => forwarded.Add(new(to, signal));

    public void Tell(CaseChange change) => cases.Add(change);

    public bool TryTake([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Signal? signal) => signals.TryDequeue(out signal);
}
