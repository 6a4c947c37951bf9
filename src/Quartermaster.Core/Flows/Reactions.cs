using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Flows;

/// <summary>What flows concluded from one event: signals for neighbours, in order, and cases that no single capability could see.</summary>
public sealed class Reactions
{
    private readonly Queue<Signal> signals = new();
    private readonly List<CaseChange> cases = [];

    public IReadOnlyList<CaseChange> Cases => cases;

    public void Send(Signal signal) => signals.Enqueue(signal);

    public void Tell(CaseChange change) => cases.Add(change);

    public bool TryTake([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Signal? signal) => signals.TryDequeue(out signal);
}
