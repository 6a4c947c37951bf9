using Npgsql;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Stock;
using Quartermaster.Runtime.Partitions;
using static Quartermaster.Runtime.Columns;

namespace Quartermaster.Runtime.Stock;

/// <summary>What is known of counts that jumped lately, read for the few batches that bring another, and what a batch found of them.</summary>
internal sealed class OddCountRoom(NpgsqlConnection connection, NpgsqlTransaction transaction)
{
    private readonly HashSet<(string Brand, string Location)> _read = [];

    /// <summary>Runs after the positions were loaded. A batch of which no count jumps costs no statement.</summary>
    public async Task ReadAsync(List<(OpenDecision Decision, Request Request)> asked, Func<string, StockDesk> desk, DateTimeOffset now, CancellationToken cancel)
    {
        List<(string Brand, string Location)> jumps = [];
        foreach (var (decision, request) in asked)
        {
            if (request is not StockRequest.SetCount { Doubt: { Terms: not null } doubt } count) continue;
            var brand = decision.Stream.Id.Brand;
            if (CountTerms.OfMany.IsJump(desk(brand).Find(count.Sku, count.Location).OnHand, doubt.Highest, count.OnHand)) jumps.Add((brand, count.Location));
        }
        var here = jumps.GroupBy(j => j).Where(g => _read.Add(g.Key)).ToList();
        if (here.Count == 0) return;
        // Indexes: odd_count_seen; position_pkey by brand, and only where there are enough jumps to matter. No lock: another batch's jumps may be counted a moment late.
        await using var read = new NpgsqlCommand("""
            SELECT u.brand, u.location, j.jumped, CASE WHEN j.jumped + u.more >= $4 THEN j.jumped + (SELECT count(*)::int FROM position p WHERE p.brand = u.brand AND p.location = u.location AND p.on_hand > 0) ELSE 1000000 END
            FROM unnest($1::text[], $2::text[], $3::int[]) AS u(brand, location, more)
            CROSS JOIN LATERAL (SELECT count(*)::int AS jumped FROM odd_count o WHERE o.brand = u.brand AND o.location = u.location AND o.seen_at > $5) j
            """, connection, transaction).With(Texts(here.Select(h => h.Key.Brand)), Texts(here.Select(h => h.Key.Location)), Ints(here.Select(h => h.Count())), Int(OddCounts.Least), Instant(now - OddCounts.Window));
        await using var reader = await read.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel)) desk(reader.GetString(0)).Odd.Load(reader.GetString(1), reader.GetInt32(2), reader.GetInt32(3));
    }

    /// <remarks>Locks: rows of SKUs whose positions this batch has locked, in key order.</remarks>
    public static void AddWrites(NpgsqlBatch batch, IEnumerable<KeyValuePair<string, StockDesk>> desks, DateTimeOffset now)
    {
        List<(string Brand, OddCount Odd)> found = [];
        List<(string Brand, string Location, string Sku)> settled = [];
        foreach (var (brand, desk) in desks)
        {
            foreach (var odd in desk.Odd.Found) found.Add((brand, odd));
            settled.AddRange(desk.Odd.Settled.Select(s => (brand, s.Location, s.Sku)));
        }
        if (found.Count > 0)
        {
            var rows = found.OrderBy(f => f.Brand, StringComparer.Ordinal).ThenBy(f => f.Odd.Location, StringComparer.Ordinal).ThenBy(f => f.Odd.Sku, StringComparer.Ordinal).ToList();
            batch.Add("""
                INSERT INTO odd_count(brand, location, sku, on_hand, was, source, counted_at, waits, many, seen_at) SELECT *, $10 FROM unnest($1::text[], $2::text[], $3::text[], $4::int[], $5::int[], $6::text[], $7::timestamptz[], $8::boolean[], $9::boolean[])
                ON CONFLICT (brand, location, sku) DO UPDATE SET on_hand = excluded.on_hand, was = excluded.was, source = excluded.source, counted_at = excluded.counted_at, waits = excluded.waits, denied = false, many = excluded.many, seen_at = excluded.seen_at
                """,
                Texts(rows.Select(r => r.Brand)), Texts(rows.Select(r => r.Odd.Location)), Texts(rows.Select(r => r.Odd.Sku)), Ints(rows.Select(r => r.Odd.Count.OnHand)), Ints(rows.Select(r => r.Odd.Before)), Texts(rows.Select(r => r.Odd.Count.Source)),
                Instants(rows.Select(r => r.Odd.Count.At)), Bools(rows.Select(r => r.Odd.Waits)), Bools(rows.Select(r => r.Odd.Many)), Instant(now));
        }
        if (settled.Count == 0) return;
        settled.Sort();
        batch.Add("UPDATE odd_count o SET waits = false, denied = false FROM unnest($1::text[], $2::text[], $3::text[]) AS u(brand, location, sku) WHERE o.brand = u.brand AND o.location = u.location AND o.sku = u.sku",
            Texts(settled.Select(s => s.Brand)), Texts(settled.Select(s => s.Location)), Texts(settled.Select(s => s.Sku)));
    }
}
