using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Purchasing;

/// <summary>What a brand was told of SKUs that run low. Its stream is <c>replenishment/low-stock</c>.</summary>
/// <param name="ToldAt">The look at the shelves that was told last.</param>
public sealed record LowStockNotice(DateTimeOffset? ToldAt = null)
{
    public static readonly LowStockNotice None = new();
}

public abstract record ReplenishmentSignal : Signal
{
    private ReplenishmentSignal() { }

    /// <summary>A look at the shelves found SKUs that were not low before.</summary>
    /// <param name="Skus">Those that last the shortest first.</param>
    [Wire("replenishment.ran_low.v1")]
    public sealed record RanLow(DateTimeOffset At, IReadOnlyList<LowSku> Skus) : ReplenishmentSignal;
}

/// <param name="Available">Over all locations.</param>
/// <param name="Incoming">On its way from suppliers.</param>
/// <param name="Why">Which line it has crossed.</param>
public sealed record LowSku(string Sku, int Available, int Incoming, string Why);

public abstract record ReplenishmentEvent : Event
{
    private ReplenishmentEvent() { }

    [Wire("replenishment.low_found.v1")]
    public sealed record LowFound(DateTimeOffset At, IReadOnlyList<LowSku> Skus) : ReplenishmentEvent;
}

public static class LowStockDecider
{
    public static Decision Decide(LowStockNotice state, ReplenishmentSignal.RanLow r) => r.At <= state.ToldAt || r.Skus.Count == 0
        ? Decision.Ignore("This look at the shelves was told before.")
        : Decision.Of(new ReplenishmentEvent.LowFound(r.At, r.Skus)).Because($"{r.Skus.Count} {(r.Skus.Count == 1 ? "SKU runs" : "SKUs run")} low.");

    public static LowStockNotice Evolve(LowStockNotice state, ReplenishmentEvent e) => e switch
    {
        ReplenishmentEvent.LowFound f => state with { ToldAt = f.At },
        _ => throw new System.Diagnostics.UnreachableException(e.GetType().Name),
    };
}
