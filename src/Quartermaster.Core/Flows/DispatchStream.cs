using Quartermaster.Core.Connecting;
using Quartermaster.Core.Dispatching;
using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Flows;

/// <summary>One list of labels that a carrier gets. Its id is its number.</summary>
public sealed class DispatchStream : IStreamKind
{
    public const string Name = "dispatch";

    public string Kind => Name;

    public object Empty => Dispatch.Unknown;

    public object Load(ReadOnlySpan<byte> state) => CoreJson.ReadState<Dispatch>(state);

    public byte[] Save(object state) => CoreJson.WriteState((Dispatch)state);

    public Turn Decide(object state, Signal signal, Situation situation)
    {
        var dispatch = (Dispatch)state;
        var decision = signal switch
        {
            DispatchSignal told => DispatchDecider.Decide(dispatch, told, situation),
            EffectSettled settled => DispatchDecider.Settle(dispatch, settled, situation),
            _ => throw new InvalidOperationException($"{signal.GetType().Name} is not for a dispatch."),
        };
        foreach (var e in decision.Events) dispatch = DispatchDecider.Evolve(dispatch, (DispatchEvent)e);
        IReadOnlyList<Request> requests = decision.Events.Count == 0 ? decision.Requests : [.. decision.Requests, new DispatchRequest.Keep(dispatch)];
        return new(dispatch, decision.Events, decision.Effects, requests, decision.Timers, decision.Cases, [], decision.Note);
    }

    public StreamRow? Row(StreamId id, object state) => null;
}
