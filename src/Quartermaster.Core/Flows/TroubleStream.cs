using System.Globalization;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Messages;
using Quartermaster.Core.Troubles;

namespace Quartermaster.Core.Flows;

/// <summary>All that waits for a person in one brand: the team hears of it where it looks anyway.</summary>
public sealed class TroubleStream : IStreamKind
{
    private const int MostLines = 10;
    private static readonly TimeSpan Patience = TimeSpan.FromHours(12);

    public string Kind => TroubleNotice.Stream;

    public object Empty => TroubleNotice.None;

    public object Load(ReadOnlySpan<byte> state) => CoreJson.ReadState<TroubleNotice>(state);

    public byte[] Save(object state) => CoreJson.WriteState((TroubleNotice)state);

    public Turn Decide(object state, Signal signal, Situation situation)
    {
        var notice = (TroubleNotice)state;
        var decision = signal switch
        {
            TroubleSignal x => TroubleDecider.Decide(notice, x, situation.At),
            EffectSettled settled => Decision.Ignore($"The alert did not get through: {Outcome.Words(settled.Outcome)}"),
            _ => throw new InvalidOperationException($"{signal.GetType().Name} is not for the troubles of a brand."),
        };
        List<PlannedEffect> effects = [];
        foreach (var e in decision.Events)
        {
            notice = TroubleDecider.Evolve(notice, (TroubleEvent)e);
            if (e is TroubleEvent.Told told && situation.Terms.Alerts is { } alerts)
                effects.Add(new(EffectKey.Of(situation.Stream, "alert", told.At.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture)), alerts, Alert(told, situation.Terms.Title), situation.At + Patience));
        }
        return new(notice, decision.Events, effects, [], [], decision.Cases, [], decision.Note);
    }

    public StreamRow? Row(StreamId id, object state) => null;

    private static MessageEffect.Alert Alert(TroubleEvent.Told told, string brand)
    {
        var lines = told.News.Take(MostLines).Select(g => string.Create(CultureInfo.InvariantCulture, $"{g.Count:N0} × {g.Words}"));
        if (told.News.Count > MostLines) lines = lines.Append($"and {told.News.Count - MostLines} more causes");
        if (told.Others > 0) lines = lines.Append(told.Others == 1 ? "One cause that was told before is open still." : $"{told.Others} causes that were told before are open still.");
        return new(told.News is [var one] ? $"{brand}: {one.Words}" : $"{brand}: {told.News.Count} causes of trouble need somebody", string.Join("\n", lines), "/failures", "warning");
    }
}
