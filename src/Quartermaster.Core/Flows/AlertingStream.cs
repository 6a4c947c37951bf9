using Quartermaster.Core.Connecting;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Messages;

namespace Quartermaster.Core.Flows;

/// <summary>A stream that remembers what a brand's team was told of something, and alerts it of what is news, where the brand has a connection for alerts.</summary>
/// <typeparam name="TState">What was told.</typeparam>
/// <typeparam name="TEvent">What becomes true of it.</typeparam>
public abstract class AlertingStream<TState, TEvent>(string kind, TState none) : IStreamKind
    where TState : class
    where TEvent : Event
{
    public string Kind => kind;

    public object Empty => none;

    public object Load(ReadOnlySpan<byte> state) => CoreJson.ReadState<TState>(state);

    public byte[] Save(object state) => CoreJson.WriteState((TState)state);

    public StreamRow? Row(StreamId id, object state) => null;

    public Turn Decide(object state, Signal signal, Situation situation)
    {
        var told = (TState)state;
        var decision = signal is EffectSettled settled ? Decision.Ignore($"The alert did not get through: {Outcome.Words(settled.Outcome)}") : Decide(told, signal, situation);
        List<PlannedEffect> effects = [];
        foreach (var e in decision.Events)
        {
            told = Evolve(told, (TEvent)e);
            if (situation.Terms.Alerts is { } alerts && News((TEvent)e, situation) is { } news) effects.Add(new(EffectKey.Of(situation.Stream, news.What, news.Which), alerts, news.Alert, situation.At + news.Patience));
        }
        return new(told, decision.Events, effects, [], [], decision.Cases, [], decision.Note);
    }

    /// <exception cref="InvalidOperationException">The signal is not for such a stream.</exception>
    protected abstract Decision Decide(TState told, Signal signal, Situation situation);

    protected abstract TState Evolve(TState told, TEvent e);

    /// <summary>What the team hears of an event; null = nothing.</summary>
    protected abstract AlertNews? News(TEvent e, Situation situation);

    protected static InvalidOperationException NotFor(Signal signal, string what) => new($"{signal.GetType().Name} is not for {what}.");
}

/// <param name="What">And <paramref name="Which"/>: the parts of the key under which it is told once.</param>
/// <param name="Patience">After this time it is no news.</param>
public sealed record AlertNews(string What, string Which, MessageEffect.Alert Alert, TimeSpan Patience);
