using Npgsql;
using Quartermaster.Core.Flows;
using Quartermaster.Core.Fulfilment;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Orders;
using Quartermaster.Core.Stock;

namespace Quartermaster.Runtime.ReadModels;

/// <summary>Reads some past days of a brand for a rerun; it only ever reads.</summary>
public sealed class WhatIfReads(NpgsqlDataSource database)
{
    private const int Page = 500;

    private static readonly byte[] AskedForStock = System.Text.Encoding.UTF8.GetBytes($"\"{Wire.KindOf(typeof(StockEvent.Asked))}\"");

    /// <summary>Orders of the time, in the order in which they asked for stock, and the shelves as they were: today's less every movement since.</summary>
    /// <param name="most">No more orders than these; the newest ones are taken, and the days begin with the oldest of them.</param>
    public async Task<PastDays> ReadAsync(string brand, DateTimeOffset since, DateTimeOffset now, int most, CancellationToken cancel)
    {
        List<PastOrder> placed = [];
        await foreach (var past in new PastOrders(database).NewestAsync(brand, since, most, cancel))
            if (IsRerun(past.File)) placed.Add(past);
        placed.Reverse();
        var asked = await AskedAsync(brand, placed, cancel);
        List<RerunOrder> orders = [.. placed.Select(p => (Past: p, Asked: asked.TryGetValue(p.Stream, out var first) ? first : ((DateTimeOffset At, long Seq)?)null))
            .OrderBy(p => p.Asked?.At ?? p.Past.PlacedAt).ThenBy(p => p.Asked?.Seq)
            .Select(p => new RerunOrder(p.Past.Stream, p.Past.Number, p.Past.File.Order, p.Asked?.At ?? p.Past.PlacedAt, From(p.Past.File)) { NotFrom = p.Past.File.Refusers(), Stopped = p.Asked is null })];
        var begins = placed.Count == most ? placed[0].PlacedAt : since;
        if (orders.Count > 0 && orders[0].At < begins) begins = orders[0].At;
        return await ShelvesAsync(brand, orders, begins, (int)Math.Ceiling((now - begins).TotalDays), cancel);
    }

    /// <summary>When each order asked for stock first, and by which signal: orders were served in that order, not in the one they were placed in.</summary>
    private async Task<Dictionary<string, (DateTimeOffset At, long Seq)>> AskedAsync(string brand, List<PastOrder> orders, CancellationToken cancel)
    {
        Dictionary<string, (DateTimeOffset, long)> asked = [];
        foreach (var page in orders.Chunk(Page))
        {
            // Primary key of decision, the few rows of each order. The events' text is looked through and not read.
            var rows = await database.ListAsync("SELECT DISTINCT ON (stream) stream, at, seq FROM decision WHERE brand = $1 AND stream = ANY ($2) AND position($3::bytea IN events) > 0 ORDER BY stream, at, seq",
                r => (Stream: r.GetString(0), At: r.At(1), Seq: r.GetInt64(2)), cancel, brand, page.Select(o => o.Stream).ToArray(), AskedForStock);
            foreach (var (stream, at, seq) in rows) asked[stream] = (at, seq);
        }
        return asked;
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
