using Quartermaster.Core.Codes;
using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Flows;

/// <summary>One sold code of a brand, at all its channels. Its id is the code.</summary>
public sealed class CodeStream : IStreamKind
{
    public const string Name = "code";

    public string Kind => Name;

    public object Empty => SoldCode.Unheard;

    public object Load(ReadOnlySpan<byte> state) => CoreJson.ReadState<SoldCode>(state);

    public byte[] Save(object state) => CoreJson.WriteState((SoldCode)state);

    public Turn Decide(object state, Signal signal, Situation situation)
    {
        if (signal is not CodeSignal said) throw new InvalidOperationException($"{signal.GetType().Name} is not for a code.");
        var code = (SoldCode)state;
        var decision = CodeDecider.Decide(code, said, situation);
        foreach (var e in decision.Events) code = CodeDecider.Evolve(code, (CodeEvent)e);
        return new(code, decision.Events, decision.Effects, decision.Requests, decision.Timers, decision.Cases, [], decision.Note);
    }

    public StreamRow? Row(StreamId id, object state) => null;
}
