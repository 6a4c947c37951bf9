using System.Globalization;
using System.Text;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Messages;
using Quartermaster.Core.Purchasing;

namespace Quartermaster.Core.Flows;

/// <summary>What a brand hears of SKUs that run low: one alert for all that a look at the shelves found.</summary>
public sealed class ReplenishmentStream() : AlertingStream<LowStockNotice, ReplenishmentEvent>("replenishment", LowStockNotice.None)
{
    /// <summary>SKUs named in one alert; the page has them all.</summary>
    private const int Named = 20;

    // Stock that was low yesterday is no news.
    private static readonly TimeSpan Patience = TimeSpan.FromHours(24);

    protected override Decision Decide(LowStockNotice told, Signal signal, Situation situation) => signal is ReplenishmentSignal.RanLow low ? LowStockDecider.Decide(told, low) : throw NotFor(signal, "replenishment");

    protected override LowStockNotice Evolve(LowStockNotice told, ReplenishmentEvent e) => LowStockDecider.Evolve(told, e);

    protected override AlertNews? News(ReplenishmentEvent e, Situation situation) => e is ReplenishmentEvent.LowFound found
        ? new("alert", found.At.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture), Alert(found, situation), Patience)
        : null;

    private static MessageEffect.Alert Alert(ReplenishmentEvent.LowFound found, Situation s)
    {
        var text = new StringBuilder();
        foreach (var sku in found.Skus.Take(Named))
            text.Append(CultureInfo.InvariantCulture, $"{sku.Sku}: {sku.Why}").Append(sku.Incoming > 0 ? string.Create(CultureInfo.InvariantCulture, $", {sku.Incoming} on the way\n") : "\n");
        if (found.Skus.Count > Named) text.Append(CultureInfo.InvariantCulture, $"and {found.Skus.Count - Named} more\n");
        return new($"{s.Terms.Title}: {(found.Skus.Count == 1 ? $"{found.Skus[0].Sku} runs low" : $"{found.Skus.Count} SKUs run low")}", text.ToString().TrimEnd(), $"/stock/low?brand={s.Stream.Brand}", "warning");
    }
}
