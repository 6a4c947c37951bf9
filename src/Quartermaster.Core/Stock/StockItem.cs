using System.Text.Json.Serialization;
using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Stock;

/// <summary>What was counted and adjusted of one SKU, so that nothing counts twice. The positions themselves are the database's.</summary>
public sealed record StockItem
{
    public static readonly StockItem Unknown = new();

    /// <summary>Newest count per location.</summary>
    public IReadOnlyList<LastCount>? Counts { get; init; }

    /// <summary>Counts that were not believed, one per location at most.</summary>
    public IReadOnlyList<AskedCount>? Asked { get; init; }

    /// <summary>Newest number each channel told per place.</summary>
    public IReadOnlyList<ChannelLevel>? Levels { get; init; }

    /// <summary>Units that are never promised, per location; where none is named, all may be.</summary>
    public IReadOnlyList<KeptBack>? Safety { get; init; }

    /// <summary>Units that lie there and cannot be sold, per location; where none is named, none do.</summary>
    public IReadOnlyList<DamagedUnits>? Damaged { get; init; }

    /// <summary>The last adjustments and damages that were taken in.</summary>
    public IReadOnlyList<string>? Adjustments { get; init; }

    /// <summary>The last receipts that were taken in.</summary>
    public IReadOnlyList<string>? Receipts { get; init; }
}

/// <param name="Most">The most that was ever counted there, where that was more.</param>
public sealed record LastCount(string Location, int OnHand, DateTimeOffset At, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int Most = 0)
{
    [JsonIgnore]
    public int Highest => int.Max(OnHand, Most);
}

public sealed record KeptBack(string Location, int Units);

public sealed record DamagedUnits(string Location, int Units);

public sealed record ChannelLevel(string Channel, string InventoryItemId, string ChannelLocationId, int? Available, DateTimeOffset At);

/// <summary>Decides what a count, an adjustment or a channel's number means for one SKU.</summary>
public static class StockItemDecider
{
    /// <summary>Adjustments remembered; a repeat comes within minutes, not after this many others.</summary>
    private const int Remembered = 50;

    public static Decision Decide(StockItem state, StockSignal signal, Situation s) => signal switch
    {
        StockSignal.Counted c => Counted(state, c, s),
        StockSignal.Adjusted a when state.Adjustments?.Contains(a.AdjustmentId) == true => Decision.Ignore("This adjustment was made before."),
        StockSignal.Adjusted { At: { } at } a when !IsSince(state, a.Location, at) => Decision.Ignore($"No count of {a.Location} is older than this change: it is in the number already, or there is none."),
        StockSignal.Adjusted a => new Decision
        {
            Events = [new StockEvent.AdjustmentTaken(a.AdjustmentId, a.Location, a.By, a.Reason, a.Who)],
            Requests = [new StockRequest.Adjust(a.Sku, a.Location, a.By, $"{a.Who}: {a.Reason}", a.At)],
            Note = $"{a.Who} changed {a.Sku} at {a.Location} by {a.By:+0;-0;0}: {a.Reason}.",
        },
        StockSignal.DamageTold d when state.Adjustments?.Contains(d.DamageId) == true => Decision.Ignore("This was noted before."),
        StockSignal.DamageTold { Units: <= 0 } => Decision.Ignore("Of none or fewer nothing becomes."),
        StockSignal.DamageTold { What: Damage.Repaired or Damage.Discarded } d when DamagedAt(state, d.Location) < d.Units => Decision.Ignore($"Only {DamagedAt(state, d.Location)} damaged units of {d.Sku} lie at {d.Location}."),
        StockSignal.DamageTold d => Decision.Of(new StockEvent.DamageNoted(d.DamageId, d.Location, d.Units, d.What, d.Reason, d.Who)).Ask(new StockRequest.MoveDamaged(d.Sku, d.Location, d.Units, d.What, $"{d.Who}: {d.Reason}")).Because($"{d.Units} of {d.Sku} at {d.Location} {StockWords.Of(d.What)}: {d.Reason} ({d.Who})."),
        StockSignal.SafetyAsked a when a.Units < 0 => Decision.Ignore("Fewer than none cannot be kept back."),
        StockSignal.SafetyAsked a when (state.Safety?.FirstOrDefault(k => k.Location == a.Location)?.Units ?? 0) == a.Units => Decision.Ignore($"{a.Units} are kept back there already."),
        StockSignal.SafetyAsked a => Decision.Of(new StockEvent.SafetySet(a.Location, a.Units, a.Who)).Ask(new StockRequest.SetSafety(a.Sku, a.Location, a.Units)).Because($"{a.Who}: {a.Units} of {a.Sku} at {a.Location} are never promised."),
        StockSignal.Received r => Received(state, r),
        StockSignal.PositionSet p => Set(p),
        StockSignal.CountDoubted d => Doubted(d),
        StockSignal.CountDenied d => Denied(state, d, s),
        StockSignal.ChannelLevelReported l => Seen(state, l),
        _ => Decision.Ignore("This is for an order, not for a stock item."),
    };

    public static StockItem Evolve(StockItem state, StockEvent e) => e switch
    {
        StockEvent.CountTaken c => state with { Counts = [.. (state.Counts ?? []).Where(x => x.Location != c.Location), Next(LastOf(state, c.Location), c)], Asked = But(state.Asked, c.Location) },
        StockEvent.CountAsked a => state with { Asked = [.. But(state.Asked, a.Location) ?? [], new(a.Location, a.Count, a.Many, a.Denied, a.DeniedAt)] },
        StockEvent.AdjustmentTaken a => state with { Adjustments = [.. (state.Adjustments ?? []).TakeLast(Remembered - 1), a.AdjustmentId] },
        StockEvent.DamageNoted d => state with { Adjustments = [.. (state.Adjustments ?? []).TakeLast(Remembered - 1), d.DamageId], Damaged = [.. (state.Damaged ?? []).Where(x => x.Location != d.Location), new(d.Location, DamagedAt(state, d.Location) + StockDesk.DamagedBy(d.What, d.Units))] },
        StockEvent.SafetySet x => state with { Safety = [.. (state.Safety ?? []).Where(k => k.Location != x.Location), new(x.Location, x.Units)] },
        StockEvent.ReceiptTaken r => state with { Receipts = [.. (state.Receipts ?? []).TakeLast(Remembered - 1), r.CauseId] },
        StockEvent.ChannelLevelSeen l => state with { Levels = [.. (state.Levels ?? []).Where(x => !IsSame(x, l)), new(l.Channel, l.InventoryItemId, l.ChannelLocationId, l.Available, l.At)] },
        _ => state,
    };

    private static Decision Counted(StockItem state, StockSignal.Counted c, Situation s)
    {
        if (c.OnHand < 0)
            return new Decision { Note = $"A count of {c.OnHand} cannot be.", Cases = [new CaseChange.Opened($"count/{c.Location}", "stock.impossible_count", $"{c.Source} counted {c.OnHand} of {c.Sku} at {c.Location}", "Nothing was changed. Count again, or adjust by hand.")] };
        var last = LastOf(state, c.Location);
        if (last?.At >= c.At) return Decision.Ignore("A newer count of this location is known.");
        var asked = (state.Asked ?? []).FirstOrDefault(a => a.Location == c.Location);
        var anew = asked?.IsAskedAnewAt(s.At) == true;
        if (!anew && asked?.Count.Source == c.Source && asked.Count.At >= c.At) return Decision.Ignore("This count, or a newer one, is asked about already.");
        // A person who counts has looked; it is the machines' numbers that jump.
        var shelf = s.Terms.Locations.FirstOrDefault(l => l.Code == c.Location);
        var terms = shelf?.Connection == c.Source ? shelf.Counts : null;
        var doubt = terms is null && asked is null ? null : new CountDoubt(terms, last?.Highest, asked, anew);
        return Decision.Nothing.Ask(new StockRequest.SetCount(c.Sku, c.Location, c.OnHand, $"counted by {c.Source}", c.At, c.Source, doubt)).Because($"{c.Source} counted {c.OnHand} of {c.Sku} at {c.Location}.");
    }

    private static Decision Doubted(StockSignal.CountDoubted d)
    {
        if (d.Again) return Decision.Ignore("It says what is asked about already.");
        var asked = Decision.Of(new StockEvent.CountAsked(d.Location, d.Count, d.Before, d.Many)).Because($"It jumps: the {d.Before} that were there stay until somebody says that it is true.");
        // Of many there is one case for the location, which the runtime keeps.
        return d.Many ? asked : asked.Tell(new CaseChange.Opened($"count/{d.Location}", "stock.odd_count", $"{d.Count.Source} counted {d.Count.OnHand} of {d.Sku} at {d.Location}, where {d.Before} were",
            "Nothing was changed. Take it, or have it counted again: a second count a quarter of an hour later or more that says the same is taken by itself."));
    }

    private static Decision Denied(StockItem state, StockSignal.CountDenied d, Situation s) => (state.Asked ?? []).FirstOrDefault(a => a.Location == d.Location) is { Denied: false } asked
        ? Decision.Of(new StockEvent.CountAsked(d.Location, asked.Count, d.Before, asked.Many, Denied: true, s.At)).Tell(new CaseChange.Closed($"count/{d.Location}")).Because($"{d.Who}: it is not true, and is counted again.")
        : Decision.Ignore("No count of this location is asked about.");

    private static int DamagedAt(StockItem state, string location) => (state.Damaged ?? []).FirstOrDefault(d => d.Location == location)?.Units ?? 0;

    private static LastCount? LastOf(StockItem state, string location) => (state.Counts ?? []).FirstOrDefault(c => c.Location == location);

    private static LastCount Next(LastCount? before, StockEvent.CountTaken c) => new(c.Location, c.OnHand, c.At, before is null || before.Highest <= c.OnHand ? 0 : before.Highest);

    private static AskedCount[]? But(IReadOnlyList<AskedCount>? asked, string location) => (asked ?? []).Where(a => a.Location != location).ToArray() is { Length: > 0 } others ? others : null;

    private static Decision Received(StockItem state, StockSignal.Received r)
    {
        if (state.Receipts?.Contains(r.CauseId) == true) return Decision.Ignore("This receipt was taken in before.");
        // A count is absolute: one that was taken after the goods came has them in its number, whichever of the two we hear of first.
        var counted = (state.Counts ?? []).FirstOrDefault(c => c.Location == r.Location && c.At >= r.At);
        var taken = Decision.Of(new StockEvent.ReceiptTaken(r.CauseId, r.Location, r.Units, counted is not null, r.At));
        return counted is not null
            ? taken.Because($"{r.Units} of {r.Sku} came to {r.Location}; the count of {counted.At.UtcDateTime:yyyy-MM-dd HH:mm} UTC has seen them, so nothing is added.")
            : taken.Ask(new StockRequest.Receive(r.Sku, r.Location, r.Units, $"received: {r.CauseId}", r.At)).Because($"{r.Units} of {r.Sku} came to {r.Location}.");
    }

    private static bool IsSince(StockItem state, string location, DateTimeOffset at)
    {
        foreach (var last in state.Counts ?? [])
            if (last.Location == location) return last.At < at;
        return false;
    }

    private static Decision Set(StockSignal.PositionSet p)
    {
        var decision = p.Count is not { } c ? Decision.Nothing : Decision.Of(new StockEvent.CountTaken(p.Location, c.OnHand, c.Source, c.At)).Tell(new CaseChange.Closed($"count/{p.Location}"));
        if (p.Before != p.After || p.Short > 0) decision = decision.And(Decision.Of(new StockEvent.PositionChanged(p.Sku, p.Location, p.Before, p.After, p.Short)));
        return p.Short > 0
            ? decision.Tell(new CaseChange.Opened($"short/{p.Location}", "stock.promised_more_than_there", $"{p.Short} of {p.Sku} at {p.Location} are promised and not there",
                $"{p.Reserved} are reserved for orders; the number on hand stays at that. Find the units, or take orders off this location.")).Because($"{p.Short} fewer than promised.")
            : decision.Tell(new CaseChange.Closed($"short/{p.Location}"));
    }

    private static Decision Seen(StockItem state, StockSignal.ChannelLevelReported l)
    {
        var seen = new StockEvent.ChannelLevelSeen(l.Channel, l.InventoryItemId, l.ChannelLocationId, l.Available, l.At);
        foreach (var last in state.Levels ?? [])
            // Channels tell whole seconds, in which a number may change more than once: the one that comes later is believed.
            if (IsSame(last, seen) && (last.At > l.At || last.Available == l.Available)) return Decision.Ignore("Nothing new in the channel's number.");
        return Decision.Of(seen);
    }

    private static bool IsSame(ChannelLevel level, StockEvent.ChannelLevelSeen e) =>
        level.Channel == e.Channel && level.InventoryItemId == e.InventoryItemId && level.ChannelLocationId == e.ChannelLocationId;
}
