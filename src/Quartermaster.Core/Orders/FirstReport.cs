using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Orders;

/// <summary>The first time we hear of an order, whatever made the channel tell us.</summary>
internal static class FirstReport
{
    public static Decision Place(Order order, OrderSignal.Reported r, Situation s)
    {
        var facts = r.Facts;
        var decision = Decision.Of(new OrderEvent.Placed(facts)).Because($"{facts.Number} placed: {Counted(facts.Lines.Count, "line")}, {new Money(facts.Total, facts.Currency)}.");
        if (facts.CancelledAt is not null) return decision.Because("It was cancelled before we heard of it.");

        var gone = LeftBefore(order, facts, out var all);
        if (gone.Count > 0) decision = decision with { Events = [.. decision.Events, new OrderEvent.FulfilledElsewhere("before-us", null, null, gone)] };
        if (all)
        {
            const string why = "it was fulfilled before we heard of it.";
            return decision with { Events = [.. decision.Events, new OrderEvent.Closed(why)], Note = $"{decision.Note} Closed: {why}" };
        }
        return OrderHolds.Reconsider(order, decision, s);
    }

    /// <summary>Units that had left before: shipping them again would send them twice.</summary>
    private static List<FulfilledLine> LeftBefore(Order order, OrderFacts facts, out bool all)
    {
        List<FulfilledLine> gone = [];
        all = false;
        var left = 0;
        foreach (var line in facts.Lines)
        {
            if (!line.RequiresShipping) continue;
            var known = order.SentElsewhere(line.LineId);
            var sent = int.Max(known, int.Min(line.Fulfilled, line.Quantity));
            if (sent > known) gone.Add(new(line.LineId, line.Sku, sent - known));
            left += line.Quantity - sent;
        }
        all = left <= 0 && (gone.Count > 0 || order.Elsewhere is { Count: > 0 });
        return gone;
    }

    private static string Counted(int count, string noun) => count == 1 ? $"1 {noun}" : $"{count} {noun}s";
}
