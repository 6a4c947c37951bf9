using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Orders;

/// <summary>What happened to an order before the hub worked on it: units that had left, and orders that somebody else is finishing.</summary>
internal static class BeforeUs
{
    private const string Counted = "before-us";

    /// <summary>The order was placed before its storefront was connected and its brand was live, and nobody asked us to take it over.</summary>
    public static bool IsPlaced(OrderSignal.Reported r, Situation s)
    {
        if (r.TakeOver || From(r.Facts.Channel, s) is not { } from) return false;
        // Channels tell whole seconds: an order of the very second counts as ours.
        return r.Facts.PlacedAt < from.AddTicks(-(from.Ticks % TimeSpan.TicksPerSecond));
    }

    public static Hold Hold() => new(HoldKind.PlacedBeforeUs, "It was placed before this hub worked for the storefront; whoever had it then may be finishing it.", "agent");

    /// <summary>Adds the units that the channel counts as fulfilled and nobody has named. Shipping them again would send them twice.</summary>
    public static Decision TakeOff(Order order, OrderFacts facts, Decision decision)
    {
        List<FulfilledLine> gone = [];
        foreach (var line in facts.Lines)
            if (line.RequiresShipping && int.Min(line.Fulfilled, line.Quantity) - order.SentElsewhere(line.LineId) is > 0 and var more)
                gone.Add(new(line.LineId, line.Sku, more));
        return gone.Count == 0 ? decision : decision with { Events = [.. decision.Events, new OrderEvent.FulfilledElsewhere(Counted, null, null, gone, facts.UpdatedAt)] };
    }

    /// <summary>Some units had left, and none is left to send.</summary>
    public static bool IsFinished(Order order)
    {
        if (order.Elsewhere is not { Count: > 0 }) return false;
        foreach (var line in order.Facts!.Lines)
            if (line.RequiresShipping && order.Promised(line) > order.SentElsewhere(line.LineId)) return false;
        return true;
    }

    /// <summary>An order that waits for a person because it is from before us: whoever had it went on with it.</summary>
    /// <param name="soFar">Decided before; its events are not yet in <paramref name="order"/>.</param>
    public static Decision Follow(Order order, Decision soFar, bool cancelled = false)
    {
        if (!order.Has(HoldKind.PlacedBeforeUs)) return soFar;
        var why = cancelled ? "it was cancelled at the channel before we worked on it."
            : IsFinished(OrderDecider.EvolveAll(order, soFar.Events)) ? "it was fulfilled by whoever had it before us." : null;
        return why is null ? soFar : OrderHolds.ForgetAll(order, soFar with { Events = [.. soFar.Events, new OrderEvent.Closed(why)] }).Because($"Closed: {why}");
    }

    // A day of the brand's own was written before somebody turned the brand off: what was placed until it was on again is with whoever took its orders then.
    private static DateTimeOffset? From(string channel, Situation s) =>
        s.Terms.OrdersFrom is { } own ? s.OnSince > own ? s.OnSince : own
        : s.TakesFrom?.TryGetValue(channel, out var from) == true ? from : null;
}
