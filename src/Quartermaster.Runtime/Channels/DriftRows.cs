using Npgsql;
using Quartermaster.Core.Channels;
using static Quartermaster.Runtime.Columns;

namespace Quartermaster.Runtime.Channels;

/// <summary>The other side had another number than ours.</summary>
/// <param name="Item">The channel's own id; at a warehouse the SKU.</param>
/// <param name="Place">The channel's own id; at a warehouse our location.</param>
internal sealed record FoundDrift(string Item, string Place, string Sku, int Ours, int Theirs, (DriftCause Cause, string Words) Why);

internal static class DriftRows
{
    public static void AddDrift(this NpgsqlBatch batch, ConnectionPlan plan, IEnumerable<FoundDrift> found, DateTimeOffset now)
    {
        var rows = found.ToList();
        if (rows.Count == 0) return;
        batch.Add("""
            INSERT INTO drift(connection, at, brand, item, place, sku, ours, theirs, cause, word)
            SELECT $1, $2, $3, * FROM unnest($4::text[], $5::text[], $6::text[], $7::int[], $8::int[], $9::text[], $10::text[])
            """, Text(plan.Key), Instant(now), Text(plan.Brand), Texts(rows.Select(r => r.Item)), Texts(rows.Select(r => r.Place)), Texts(rows.Select(r => r.Sku)),
            Ints(rows.Select(r => r.Ours)), Ints(rows.Select(r => r.Theirs)), Texts(rows.Select(r => Drift.NameOf(r.Why.Cause))), Texts(rows.Select(r => r.Why.Words)));
    }
}
