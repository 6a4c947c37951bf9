using System.Text.Json.Serialization;
using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Stock;

/// <summary>What one order holds of the stock, and what it waits for.</summary>
public sealed record Allocation
{
    public static readonly Allocation Nothing = new();

    /// <summary>Reserved for this order and not yet shipped.</summary>
    public IReadOnlyList<Units>? Held { get; init; }

    /// <summary>How often units were reserved at a location; each time makes one hand-off.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Times { get; init; }

    /// <summary>Where the order has a place in a location's day; null = nowhere is that counted, or it is used up.</summary>
    public IReadOnlyList<DayPlace>? Places { get; init; }

    /// <summary>Asked of the database or, when <see cref="Short"/> is set, waited for.</summary>
    public Demand? Open { get; init; }

    /// <summary>Units are only kept for it until then: it is not released, and nothing is handed off. Null = it is, or holds nothing.</summary>
    public DateTimeOffset? KeptUntil { get; init; }

    /// <summary>SKUs that it lacks, and waits for.</summary>
    public IReadOnlyList<string>? Short { get; init; }

    /// <summary>What it was last told could be sent instead, if the shopper agrees.</summary>
    public IReadOnlyList<Offer>? Offered { get; init; }

    /// <summary>When the goods that it waits for are expected; null = it does not wait, or nothing on its way is for it.</summary>
    public DateTimeOffset? Expected { get; init; }

    /// <summary>What of <see cref="Held"/> somebody else has sent, and what was taken off the stock for that reason.</summary>
    public IReadOnlyList<Away>? Away { get; init; }

    /// <summary>What came back of it and is on a shelf again: no unit comes back twice, whoever says so.</summary>
    public IReadOnlyList<Units>? Back { get; init; }

    /// <summary>Parcels, shortages and returns that were counted.</summary>
    public IReadOnlyList<string>? Causes { get; init; }

    [JsonIgnore]
    public bool IsWaiting => Short is not null;

    /// <summary>Units of a line that came back.</summary>
    public int BackOf(string lineId)
    {
        var units = 0;
        foreach (var back in Back ?? []) if (back.LineId == lineId) units += back.Quantity;
        return units;
    }

    /// <summary>SKUs that could be taken for lines that it lacks: it stands in their queues too, and takes nothing of them from anybody.</summary>
    public IEnumerable<string> InsteadOf(IReadOnlyList<string> lacking) => Open?.Instead is not { } alternatives ? []
        : Open.Lines.Where(l => lacking.Contains(l.Sku)).SelectMany(l => alternatives.Where(a => a.LineId == l.LineId)).SelectMany(a => a.Skus).Where(sku => !lacking.Contains(sku)).Distinct();

    /// <summary>Reserved of the same line, SKU and location.</summary>
    public int HeldAt(Units of)
    {
        foreach (var units in Held ?? [])
            if (units.IsLike(of)) return units.Quantity;
        return 0;
    }

    /// <summary>Its places at locations where it holds nothing any more once these units are gone: nobody packs it there.</summary>
    public IReadOnlyList<DayPlace>? PlacesWithout(IReadOnlyList<Units> gone)
    {
        List<DayPlace>? freed = null;
        foreach (var place in Places ?? [])
            if (HeldAt(place.Location, gone) == 0) (freed ??= []).Add(place);
        return freed;
    }

    /// <summary>Its places after these units are gone.</summary>
    /// <param name="packed">They left in a parcel: one place at their location is used up, whatever else it still has to send from there.</param>
    public IReadOnlyList<DayPlace>? PlacesAfter(IReadOnlyList<Units> gone, bool packed = false)
    {
        if (Places is null) return null;
        List<DayPlace> left = [.. Places];
        left.RemoveAll(place => HeldAt(place.Location, gone) == 0);
        foreach (var location in packed ? gone.Select(u => u.Location).Distinct() : [])
            if (left.FindIndex(p => p.Location == location) is >= 0 and var used) left.RemoveAt(used);
        return left.Count == 0 ? null : left;
    }

    private int HeldAt(string location, IReadOnlyList<Units> less)
    {
        var held = 0;
        foreach (var units in Held ?? []) if (units.Location == location) held += units.Quantity;
        foreach (var units in less) if (units.Location == location) held -= units.Quantity;
        return held;
    }

    public int HeldOf(string lineId)
    {
        var held = 0;
        if (Held is not null)
            foreach (var units in Held)
                if (units.LineId == lineId) held += units.Quantity;
        return held;
    }
}

/// <summary>Units that are looked for, and where they should go.</summary>
/// <param name="NotFrom">Locations that turned this order down.</param>
/// <param name="KeepUntil">Units are kept until then and the order does not queue for them; null = they are for good.</param>
public sealed record Demand(IReadOnlyList<Wanted> Lines, string Country, string? PostalCode, IReadOnlyList<string> NotFrom, DateTimeOffset? KeepUntil = null, RouteWish? Wish = null, IReadOnlyList<Alternative>? Instead = null, IReadOnlyList<NotFoundAt>? Missed = null);
