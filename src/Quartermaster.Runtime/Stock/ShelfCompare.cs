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

    // One pass by position_pkey. The ledger (movement_of, from the newest entry backwards) is looked at only of shelves that moved since they were counted, its causes
    // only of those that differ. What is asked about already is not told again. No lock: what moves meanwhile is seen by the deciding transaction, which does the same sum.
    private const string Differing = """
        WITH d AS (
          SELECT u.sku, u.location, u.units, u.at, coalesce(p.on_hand, 0) AS ours, coalesce(p.reserved, 0) AS reserved, p.counted_at, u.units + coalesce(m.moved, 0)::int AS theirs
          FROM unnest($2::text[], $3::text[], $4::int[], $5::timestamptz[]) AS u(sku, location, units, at)
          LEFT JOIN position p ON p.brand = $1 AND p.sku = u.sku AND p.location = u.location
          LEFT JOIN LATERAL (SELECT sum(x.on_hand) AS moved FROM (SELECT location, kind, on_hand, coalesce(happened_at, at) AS moved_at FROM movement WHERE brand = $1 AND sku = u.sku ORDER BY n DESC LIMIT $6) x
                             WHERE x.location = u.location AND x.kind <> 'counted' AND x.moved_at > u.at) m ON p.updated_at > u.at
          WHERE (p.counted_at IS NULL OR p.counted_at < u.at) AND coalesce(p.on_hand, -1) <> u.units + coalesce(m.moved, 0)
            AND NOT EXISTS (SELECT 1 FROM odd_count o WHERE o.brand = $1 AND o.location = u.location AND o.sku = u.sku AND (o.waits OR o.denied) AND o.on_hand = u.units))
        SELECT sku, location, units, at, ours, reserved, theirs, EXISTS (SELECT 1 FROM meaning c WHERE c.brand = $1 AND c.code = d.sku),
          EXISTS (SELECT 1 FROM (SELECT location, kind, on_hand, at, happened_at FROM movement WHERE brand = $1 AND sku = d.sku ORDER BY n DESC LIMIT 50) x
                  WHERE x.location = d.location AND x.kind IN ('shipped', 'received', 'returned') AND x.on_hand = d.ours - d.theirs AND x.at >= d.counted_at AND coalesce(x.happened_at, x.at) <= d.counted_at),
          EXISTS (SELECT 1 FROM (SELECT location, kind, on_hand, at, happened_at FROM movement WHERE brand = $1 AND sku = d.sku ORDER BY n DESC LIMIT 50) x
                  WHERE x.location = d.location AND x.kind = 'adjusted' AND x.on_hand = d.ours - d.theirs AND (d.counted_at IS NULL OR x.at > d.counted_at)),
          d.counted_at IS NULL AND d.ours = 0
        FROM d ORDER BY sku, location
        """;

    /// <summary>Shelves with fewer units than ours that parcels on their way may explain: the warehouse has them off, and the word of it is not here yet.</summary>
    private readonly Dictionary<(string Sku, string Location), (int Missing, bool IsNew)> _patient = [];

    /// <summary>A read begins: what one read passed over is told by the next, if it is still so.</summary>
    public void Begin()
    {
        foreach (var (key, (missing, isNew)) in _patient.ToList())
        {
            if (isNew) _patient[key] = (missing, false);
            else _patient.Remove(key);
        }
    }

    /// <returns>The counts that were told to the streams of their SKUs.</returns>
    public async Task<IReadOnlyList<NewSignal>> CompareAsync(List<ShelfSeen> shelves, DateTimeOffset begun, DateTimeOffset now, CancellationToken cancel)
    {
        List<(ShelfSeen Shelf, ShelfDrift Drift, bool IsFirst)> differ = [];
        await using (var find = database.General.CreateCommand(Differing).With(Text(plan.Brand), Texts(shelves.Select(s => s.Sku)), Texts(shelves.Select(s => s.Location)), Ints(shelves.Select(s => s.OnHand)), Instants(shelves.Select(s => s.At)), Int(LongestLook)))
        await using (var reader = await find.ExecuteReaderAsync(cancel))
        {
            while (await reader.ReadAsync(cancel))
            {
                var shelf = new ShelfSeen(reader.GetString(0), reader.GetString(1), reader.GetInt32(2), reader.GetFieldValue<DateTimeOffset>(3));
                var (ours, reserved, theirs) = (reader.GetInt32(4), reader.GetInt32(5), reader.GetInt32(6));
                if (MayBeOnItsWay(shelf, ours - theirs, reserved)) continue;
                differ.Add((shelf, new(ours, theirs, reader.GetBoolean(7), reader.GetBoolean(8), reader.GetBoolean(9), shelf.At < begun - ShouldHaveBeenTold), reader.GetBoolean(10)));
            }
        }
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

    // A count that has a parcel off before its confirmation came would have it taken off twice.
    private bool MayBeOnItsWay(ShelfSeen shelf, int missing, int reserved)
    {
        if (missing <= 0 || missing > reserved) return false;
        var key = (shelf.Sku, shelf.Location);
        if (_patient.TryGetValue(key, out var before) && !before.IsNew && before.Missing == missing) return false;
        _patient[key] = (missing, true);
        return true;
    }
}
