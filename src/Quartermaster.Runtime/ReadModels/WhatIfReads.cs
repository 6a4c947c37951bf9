using Npgsql;
using Quartermaster.Core.Flows;
using Quartermaster.Core.Fulfilment;
using Quartermaster.Core.Orders;

namespace Quartermaster.Runtime.ReadModels;

/// <summary>Reads some past days of a brand for a rerun; it only ever reads.</summary>
public sealed class WhatIfReads(NpgsqlDataSource database)
{
    /// <summary>Orders of the time, oldest first, and the shelves as they were: today's less every movement since.</summary>
    /// <param name="most">No more orders than these; the newest ones are taken, and the days begin with the oldest of them.</param>
    public async Task<PastDays> ReadAsync(string brand, DateTimeOffset since, DateTimeOffset now, int most, CancellationToken cancel)
    {
        List<RerunOrder> orders = [];
        await foreach (var past in new PastOrders(database).NewestAsync(brand, since, most, cancel))
            if (IsRerun(past.File)) orders.Add(new(past.Stream, past.Number, past.File.Order, past.PlacedAt, From(past.File)));
        orders.Reverse();
        var begins = orders.Count == most ? orders[0].At : since;
        return await ShelvesAsync(brand, orders, begins, (int)Math.Ceiling((now - begins).TotalDays), cancel);
    }

    private async Task<PastDays> ShelvesAsync(string brand, List<RerunOrder> orders, DateTimeOffset begins, int days, CancellationToken cancel)
    {
        var rerun = orders.Select(o => o.Stream).ToHashSet();
        Dictionary<(string, string), int> opening = [], sold = [];
        List<ShelfChange> changes = [];
        // One statement, so that positions and movements are of one moment. What a movement does to availability is what it does to on hand less reserved;
        // a parcel that leaves does nothing to it.
        var rows = await database.ListAsync("""
            SELECT sku, location, NULL::timestamptz AS at, '' AS stream, on_hand - reserved - safety FROM position WHERE brand = $1
            UNION ALL SELECT sku, location, at, stream, on_hand - reserved FROM movement WHERE brand = $1 AND at >= $2 AND on_hand <> reserved
            """, r => (Shelf: (Sku: r.GetString(0), Location: r.GetString(1)), At: r.MaybeAt(2), Stream: r.GetString(3), Units: r.GetInt32(4)), cancel, brand, begins);
        foreach (var (shelf, at, stream, units) in rows)
        {
            opening[shelf] = opening.GetValueOrDefault(shelf) + (at is null ? units : -units);
            if (at is null) continue;
            if (stream.StartsWith("order/", StringComparison.Ordinal)) sold[shelf] = sold.GetValueOrDefault(shelf) - units;
            if (!rerun.Contains(stream)) changes.Add(new(at.Value, new(shelf.Sku, shelf.Location, units)));
        }
        changes.Sort((a, b) => a.At.CompareTo(b.At));
        return new(orders, Units(opening), changes, Units(sold), days);
    }

    /// <summary>It was ours to send: not history, not somebody else's, not taken back before it left.</summary>
    private static bool IsRerun(OrderFile file) =>
        file.Order.Phase is not (OrderPhase.Unknown or OrderPhase.Cancelled or OrderPhase.History) && !file.Order.Facts!.Test && !file.Order.Has(HoldKind.PlacedBeforeUs);

    private static string? From(OrderFile file)
    {
        var from = (file.Fulfilment.Tries ?? []).Where(t => t.Phase is not (TryPhase.TurnedDown or TryPhase.Withdrawn)).Select(t => t.Location).Distinct().Order(StringComparer.Ordinal).ToList();
        return from.Count == 0 ? null : string.Join(" + ", from);
    }

    private static List<ShelfUnits> Units(Dictionary<(string Sku, string Location), int> shelves) => [.. shelves.Select(s => new ShelfUnits(s.Key.Sku, s.Key.Location, s.Value))];
}
