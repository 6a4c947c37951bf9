using Quartermaster.Core.Connecting;
using Quartermaster.Core.Customers;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Messages;

namespace Quartermaster.Core.Flows;

/// <summary>Tells a brand's operators each week who said no, what came back, and what their channels hold against their texts.</summary>
public sealed class WeekStream : IStreamKind
{
    public const string Name = "week";

    private static readonly TimeSpan Patience = TimeSpan.FromDays(2);

    public string Kind => Name;

    public object Empty => WeekReport.None;

    public object Load(ReadOnlySpan<byte> state) => CoreJson.ReadState<WeekReport>(state);

    public byte[] Save(object state) => CoreJson.WriteState((WeekReport)state);

    public Turn Decide(object state, Signal signal, Situation situation)
    {
        var report = (WeekReport)state;
        var decision = signal switch
        {
            WeekSignal.Ended ended => WeekDecider.Decide(report, ended),
            EffectSettled settled => Decision.Ignore($"The report did not get through: {Outcome.Words(settled.Outcome)}"),
            _ => throw new InvalidOperationException($"{signal.GetType().Name} is not for a week."),
        };
        List<PlannedEffect> effects = [];
        foreach (var e in decision.Events)
        {
            report = WeekDecider.Evolve(report, (WeekEvent)e);
            if (e is WeekEvent.Reported told && situation.Terms.Alerts is { } alerts)
                effects.Add(new(EffectKey.Of(situation.Stream, "alert", told.Week), alerts, new MessageEffect.Alert($"{situation.Terms.Title}: week {told.Week} of writing to customers", string.Join('\n', told.Lines), $"/customers/week?brand={situation.Stream.Brand}", "info"), situation.At + Patience));
        }
        return new(report, decision.Events, effects, [], [], [], [], decision.Note);
    }

    public StreamRow? Row(StreamId id, object state) => null;
}
