using System.Globalization;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Messages;
using Quartermaster.Core.Shipping;

namespace Quartermaster.Core.Flows;

/// <summary>One lane of a brand: the team hears when it is late as a whole.</summary>
public sealed class LaneStream : IStreamKind
{
    /// <summary>What the team does about it today it does in the morning; an alert of yesterday's lane is none.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromHours(12);

    public string Kind => LaneNotice.Stream;

    public object Empty => LaneNotice.None;

    public object Load(ReadOnlySpan<byte> state) => CoreJson.ReadState<LaneNotice>(state);

    public byte[] Save(object state) => CoreJson.WriteState((LaneNotice)state);

    public Turn Decide(object state, Signal signal, Situation situation)
    {
        var notice = (LaneNotice)state;
        var decision = signal switch
        {
            LaneSignal x => LaneDecider.Decide(notice, x),
            EffectSettled settled => Decision.Ignore($"The alert did not get through: {Outcome.Words(settled.Outcome)}"),
            _ => throw new InvalidOperationException($"{signal.GetType().Name} is not for a lane."),
        };
        List<PlannedEffect> effects = [];
        foreach (var e in decision.Events)
        {
            notice = LaneDecider.Evolve(notice, (LaneEvent)e);
            if (e is LaneEvent.FoundLate found && situation.Terms.Alerts is { } alerts)
                effects.Add(new(EffectKey.Of(situation.Stream, "late", found.On.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)), alerts,
                    new MessageEffect.Alert($"{situation.Terms.Title}: {LaneDecider.Words(found.Lane)} is late", $"{found.Late} of {found.Open} parcels under way are late.", "/carriers", "warning"), situation.At + Patience));
        }
        return new(notice, decision.Events, effects, [], [], decision.Cases, [], decision.Note);
    }

    public StreamRow? Row(StreamId id, object state) => null;
}
