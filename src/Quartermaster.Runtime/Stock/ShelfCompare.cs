using Npgsql;
using Quartermaster.Core;
using Quartermaster.Core.Channels;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Stock;
using Quartermaster.Runtime.Channels;
using Quartermaster.Runtime.Intake;
using static Quartermaster.Runtime.Columns;

namespace Quartermaster.Runtime.Stock;

/// <summary>Compares a page of a warehouse's shelves with the positions; what differs becomes a count like any other, and a difference with its cause.</summary>
internal sealed class ShelfCompare(Database database, ConnectionPlan plan)
{
    /// <summary>Entries of a SKU's ledger that are looked through for what moved after a count.</summary>
    private const int LongestLook = 2000;

    /// <summary>A count that is older when it is found was not told: polls look back less far.</summary>
    private static readonly TimeSpan ShouldHaveBeenTold = TimeSpan.FromMinutes(20);

    /// <summary>The slowest confirmation comes at the end of a warehouse's day: what parcels of longer ago would have to explain is told.</summary>
    private static readonly TimeSpan LongestPatience = TimeSpan.FromDays(1);

    // One pass by position_pkey. The ledger (movement_of, from the newest entry backwards) is looked at only of shelves that moved since they were counted, its causes
    // only of those that differ. What is asked about already is not told again, and what moved so often since its count that the look does not reach back to it says nothing.
    // Promised units that are known to be missing are on hand in the books only. What may be off there and not here are units reserved since before the count: per order, what was reserved after it is taken out again.
    // No lock: what moves meanwhile is seen by the deciding transaction, which does the same sum.
    private const string Differing = """
        WITH d AS (
          SELECT u.n, u.sku, u.location, u.at, coalesce(p.on_hand - least(p.short, p.on_hand), 0) AS ours, coalesce(p.reserved, 0) AS reserved, p.counted_at, u.units + coalesce(m.moved, 0)::int AS theirs
          FROM unnest($2::text[], $3::text[], $4::int[], $5::timestamptz[]) WITH ORDINALITY AS u(sku, location, units, at, n)
          LEFT JOIN position p ON p.brand = $1 AND p.sku = u.sku AND p.location = u.location
          LEFT JOIN LATERAL (SELECT sum(x.on_hand) FILTER (WHERE x.location = u.location AND x.kind <> 'counted' AND coalesce(x.happened_at, x.at) > u.at) AS moved, count(*) = $6 AND min(x.at) > u.at AS cut
                             FROM (SELECT location, kind, on_hand, happened_at, at FROM movement WHERE brand = $1 AND sku = u.sku ORDER BY n DESC LIMIT $6) x) m ON p.updated_at > u.at
          WHERE (p.counted_at IS NULL OR p.counted_at < u.at) AND coalesce(p.on_hand - least(p.short, p.on_hand), -1) <> u.units + coalesce(m.moved, 0) AND m.cut IS NOT TRUE
            AND NOT EXISTS (SELECT 1 FROM odd_count o WHERE o.brand = $1 AND o.location = u.location AND o.sku = u.sku AND (o.waits OR o.denied AND o.seen_at > $7) AND o.on_hand = u.units))
        SELECT n, ours, theirs,
          reserved - (SELECT coalesce(sum(r.net) FILTER (WHERE r.net > 0), 0)::int FROM (SELECT sum(x.reserved) AS net FROM (SELECT location, stream, reserved, at FROM movement WHERE brand = $1 AND sku = d.sku ORDER BY n DESC LIMIT $6) x
                      WHERE x.location = d.location AND x.at > d.at GROUP BY x.stream) r),
          EXISTS (SELECT 1 FROM meaning c WHERE c.brand = $1 AND c.code = d.sku),
          EXISTS (SELECT 1 FROM (SELECT location, kind, on_hand, at, happened_at FROM movement WHERE brand = $1 AND sku = d.sku ORDER BY n DESC LIMIT 50) x
                  WHERE x.location = d.location AND x.kind IN ('shipped', 'received', 'returned') AND x.on_hand = d.ours - d.theirs AND x.at >= d.counted_at AND coalesce(x.happened_at, x.at) <= d.counted_at),
          EXISTS (SELECT 1 FROM (SELECT location, kind, on_hand, at, happened_at FROM movement WHERE brand = $1 AND sku = d.sku ORDER BY n DESC LIMIT 50) x
                  WHERE x.location = d.location AND x.kind = 'adjusted' AND x.on_hand = d.ours - d.theirs AND (d.counted_at IS NULL OR x.at > d.counted_at)),
          d.counted_at IS NULL AND d.ours = 0
        FROM d ORDER BY sku, location
        """;

    /// <summary>Shelves with fewer units than ours that parcels on their way may explain: the warehouse has them off, and the word of it is not here yet.</summary>
    private readonly Dictionary<(string Sku, string Location), PassedOver> _patient = [];

    /// <summary>A read begins: what one read passed over is looked at by the next, if it is still so.</summary>
    public void Begin()
    {
        foreach (var (key, before) in _patient.ToList())
        {
            if (before.IsNew) _patient[key] = before with { IsNew = false };
            else _patient.Remove(key);
        }
    }

    /// <returns>The counts that were told to the streams of their SKUs.</returns>
    public async Task<IReadOnlyList<NewSignal>> CompareAsync(List<ShelfSeen> shelves, DateTimeOffset begun, DateTimeOffset now, CancellationToken cancel)
    {
        // Of a bestseller the newest count always has parcels under way to explain it. What explained an earlier one is confirmed by and by; what is missing still was lost.
        List<ShelfSeen> asked = [.. shelves];
        foreach (var shelf in shelves) if (_patient.TryGetValue((shelf.Sku, shelf.Location), out var before)) asked.Add(before.Count);
        var found = await FindAsync(asked, now, cancel);
        List<Differs> differ = [];
        foreach (var newest in found.Where(f => f.N < shelves.Count))
            if (ToTell(newest, found.Find(f => f.N >= shelves.Count && f.IsOf(newest.Shelf)), begun) is { } one) differ.Add(one);
        if (differ.Count == 0) return [];
        List<NewSignal> told = [.. differ.Select(d => new NewSignal(new StreamId(plan.Brand, "stock", d.Shelf.Sku), Wire.KindOf(typeof(StockSignal.Counted)),
            CoreJson.Write(new StockSignal.Counted(d.Shelf.Sku, d.Shelf.Location, d.Shelf.OnHand, plan.Key, d.Shelf.At)), plan.Key))];
        await using var connection = await database.General.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await using (var batch = new NpgsqlBatch(connection, transaction))
        {
            // Where nothing was ever counted nothing drifted: it is a first count.
            batch.AddDrift(plan, differ.Where(d => !d.IsFirst).Select(d => new FoundDrift(d.Shelf.Sku, d.Shelf.Location, d.Shelf.Sku, d.Drift.Ours, d.Drift.Theirs, Drift.Of(d.Drift))), now);
            batch.AddSignals(told, now);
            await batch.ExecuteNonQueryAsync(cancel);
        }
        await transaction.CommitAsync(cancel);
        return told;
    }

    private async Task<List<Differs>> FindAsync(List<ShelfSeen> asked, DateTimeOffset now, CancellationToken cancel)
    {
        List<Differs> found = [];
        await using var find = database.General.CreateCommand(Differing).With(Text(plan.Brand), Texts(asked.Select(s => s.Sku)), Texts(asked.Select(s => s.Location)), Ints(asked.Select(s => s.OnHand)), Instants(asked.Select(s => s.At)), Int(LongestLook), Instant(now - AskedCount.DenialHolds));
        await using var reader = await find.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
        {
            var n = (int)reader.GetInt64(0) - 1;
            found.Add(new(n, asked[n], new(reader.GetInt32(1), reader.GetInt32(2), reader.GetBoolean(4), reader.GetBoolean(5), reader.GetBoolean(6), false), reader.GetInt32(3), reader.GetBoolean(7)));
        }
        return found;
    }

    /// <summary>What is told of a shelf: its newest count, the one that was passed over, or nothing yet.</summary>
    /// <remarks>A count that has a parcel off before its confirmation came would have it taken off twice.</remarks>
    /// <param name="earlier">The one that was passed over, where it differs still.</param>
    private Differs? ToTell(Differs newest, Differs? earlier, DateTimeOffset begun)
    {
        var key = (newest.Shelf.Sku, newest.Shelf.Location);
        var before = _patient.GetValueOrDefault(key);
        if (!newest.MayBeExplained || before is { IsNew: false } && before.Missing == newest.Missing) return Late(newest, begun);
        if (before is null || earlier is not { Missing: > 0 })
        {
            _patient[key] = new(newest.Shelf, begun, newest.Missing, true);
            return null;
        }
        if (!earlier.MayBeExplained || begun - before.Begun >= LongestPatience) return Late(earlier, before.Begun);
        _patient[key] = before with { Missing = newest.Missing, IsNew = true };
        return null;
    }

    private static Differs Late(Differs found, DateTimeOffset begun) => found with { Drift = found.Drift with { ToldLong = found.Shelf.At < begun - ShouldHaveBeenTold } };

    /// <param name="N">Which of those that were asked about.</param>
    /// <param name="UnderWay">Units of orders that may have left before it was counted, and of which nobody told us.</param>
    private sealed record Differs(int N, ShelfSeen Shelf, ShelfDrift Drift, int UnderWay, bool IsFirst)
    {
        public int Missing => Drift.Ours - Drift.Theirs;
        public bool MayBeExplained => Missing > 0 && Missing <= UnderWay;

        public bool IsOf(ShelfSeen shelf) => Shelf.Sku == shelf.Sku && Shelf.Location == shelf.Location;
    }

    /// <param name="Count">The oldest that was passed over of those by which something is missing ever since.</param>
    /// <param name="Begun">When the read began that found it.</param>
    /// <param name="Missing">By the newest count.</param>
    private sealed record PassedOver(ShelfSeen Count, DateTimeOffset Begun, int Missing, bool IsNew);
}
