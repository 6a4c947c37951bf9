using System.Globalization;
using System.Text;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Messages;
using Quartermaster.Core.Purchasing;

namespace Quartermaster.Core.Flows;

/// <summary>What a brand hears of SKUs that run low: one alert for all that a look at the shelves found.</summary>
public sealed class ReplenishmentStream : IStreamKind
{
    /// <summary>SKUs named in one alert; the page has them all.</summary>
    private const int Named = 20;

    // Stock that was low yesterday is no news.
    private static readonly TimeSpan Patience = TimeSpan.FromHours(24);

    public string Kind => "replenishment";

    public object Empty => LowStockNotice.None;

    public object Load(ReadOnlySpan<byte> state) => CoreJson.ReadState<LowStockNotice>(state);

    public byte[] Save(object state) => CoreJson.WriteState((LowStockNotice)state);

    public Turn Decide(object state, Signal signal, Situation situation)
    {
        var notice = (LowStockNotice)state;
        var decision = signal switch
        {
            ReplenishmentSignal.RanLow low => LowStockDecider.Decide(notice, low),
            EffectSettled settled => Decision.Ignore($"The alert did not get through: {Outcome.Words(settled.Outcome)}"),
            _ => throw new InvalidOperationException($"{signal.GetType().Name} is not for replenishment."),
        };
        List<PlannedEffect> effects = [];
        foreach (var e in decision.Events)
        {
            notice = LowStockDecider.Evolve(notice, (ReplenishmentEvent)e);
            if (e is ReplenishmentEvent.LowFound found && situation.Terms.Alerts is { } alerts)
                effects.Add(new(EffectKey.Of(situation.Stream, "alert", found.At.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture)), alerts, Alert(found, situation), situation.At + Patience));
        }
        return new(notice, decision.Events, effects, [], [], [], [], decision.Note);
    }

    public StreamRow? Row(StreamId id, object state) => null;

    private static MessageEffect.Alert Alert(ReplenishmentEvent.LowFound found, Situation s)
    {
        var text = new StringBuilder();
        foreach (var sku in found.Skus.Take(Named))
            text.Append(CultureInfo.InvariantCulture, $"{sku.Sku}: {sku.Why}").Append(sku.Incoming > 0 ? string.Create(CultureInfo.InvariantCulture, $", {sku.Incoming} on the way\n") : "\n");
        if (found.Skus.Count > Named) text.Append(CultureInfo.InvariantCulture, $"and {found.Skus.Count - Named} more\n");
        return new($"{s.Terms.Title}: {(found.Skus.Count == 1 ? $"{found.Skus[0].Sku} runs low" : $"{found.Skus.Count} SKUs run low")}", text.ToString().TrimEnd(), $"/stock/low?brand={s.Stream.Brand}", "warning");
    }
}
