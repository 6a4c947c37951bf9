using System.Runtime.CompilerServices;
using Npgsql;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Purchasing;
using Quartermaster.Runtime.ReadModels;
using static Quartermaster.Runtime.Columns;

namespace Quartermaster.Runtime.Replenishment;

/// <summary>Reads where SKUs stand, how fast they sell and how they are bought; the same for the job that proposes and the pages that explain it.</summary>
internal static class Figures
{
    private const int LongestWindow = 90;

    // Indexes: position_pkey, sold_pkey and waiting_pkey by brand, or position_pkey and sold_sku by SKU. One pass over a brand, in order of SKU; no lock.
    private const string Read = """
        WITH s AS (
          SELECT sku, location, sum(units) FILTER (WHERE day >= $2 - 7) AS week, sum(units) FILTER (WHERE day >= $2 - 28) AS month, sum(units) FILTER (WHERE day >= $2 - 90) AS quarter,
            sum(units) FILTER (WHERE day >= $2 - $3) AS demand, sum(units::bigint * units) FILTER (WHERE day >= $2 - $3) AS squares
          FROM sold WHERE brand = $1 AND day >= $2 - $4 AND day < $2 {some} GROUP BY sku, location),
        e AS (
          SELECT sku, location, count(*) FILTER (WHERE day >= $2 - 28) AS month, count(*) FILTER (WHERE day >= $2 - 90) AS quarter, count(*) FILTER (WHERE day >= $2 - $3) AS demand
          FROM empty_day d WHERE brand = $1 AND day >= $2 - $4 AND day < $2 {some}
            AND NOT EXISTS (SELECT 1 FROM sold x WHERE x.brand = d.brand AND x.day = d.day AND x.sku = d.sku AND x.location = d.location AND x.units > 0) GROUP BY sku, location),
        w AS (SELECT sku, sum(units)::int AS units FROM waiting WHERE brand = $1 {some} GROUP BY sku)
        SELECT p.sku, p.location, p.on_hand - p.reserved - p.safety, p.incoming, coalesce(s.week, 0)::numeric, coalesce(s.month, 0)::numeric, coalesce(s.quarter, 0)::numeric, coalesce(s.demand, 0)::numeric, coalesce(s.squares, 0)::numeric,
          (SELECT $2 - min(day) FROM sold WHERE brand = $1),
          coalesce(e.month, 0)::int, coalesce(e.quarter, 0)::int, coalesce(e.demand, 0)::int, coalesce(w.units, 0), {terms}
        FROM position p LEFT JOIN s ON s.sku = p.sku AND s.location = p.location LEFT JOIN e ON e.sku = p.sku AND e.location = p.location
        LEFT JOIN w ON w.sku = p.sku LEFT JOIN sku_terms t ON t.brand = p.brand AND t.sku = p.sku LEFT JOIN supplier v ON v.brand = t.brand AND v.code = t.supplier
        WHERE p.brand = $1 {these} ORDER BY p.sku, p.location
        """;

    /// <summary>Sales of the day that is not over count for nothing yet.</summary>
    /// <param name="skus">Null = all of the brand.</param>
    public static async IAsyncEnumerable<SkuFigures> ReadAsync(NpgsqlConnection connection, BrandTerms terms, string[]? skus, DateTimeOffset now, [EnumeratorCancellation] CancellationToken cancel)
    {
        var days = (terms.Replenishment ?? new()).DemandDays;
        await using var command = new NpgsqlCommand(Read.Replace("{terms}", PurchaseReads.TermsColumns, StringComparison.Ordinal).Replace("{some}", skus is null ? "" : "AND sku = ANY ($5)", StringComparison.Ordinal).Replace("{these}", skus is null ? "" : "AND p.sku = ANY ($5)", StringComparison.Ordinal), connection)
            .With(Text(terms.Brand), Day(terms.DayOf(now)), Int(days), Int(int.Max(LongestWindow, days)));
        if (skus is not null) command.Parameters.Add(Texts(skus));
        // A page asks for a few; a whole brand may take its time, and nobody waits for it.
        if (skus is null) command.CommandTimeout = 300;
        await using var reader = await command.ExecuteReaderAsync(cancel);
        SkuFigures? open = null;
        List<ShelfFigures> shelves = [];
        var waiting = 0;
        while (await reader.ReadAsync(cancel))
        {
            var sku = reader.GetString(0);
            if (open is not null && open.Sku != sku)
            {
                yield return open with { Shelves = SkuFigures.Awaited(shelves, waiting) };
                open = null;
                shelves = [];
            }
            shelves.Add(Shelf(reader, days));
            (open, waiting) = (open ?? new(sku, shelves, PurchaseReads.Terms(reader, 14), PurchaseReads.Supplier(reader, 14)), reader.GetInt32(13));
        }
        if (open is not null) yield return open with { Shelves = SkuFigures.Awaited(shelves, waiting) };
    }

    private static ShelfFigures Shelf(NpgsqlDataReader r, int days) => new(r.GetString(1), r.GetInt32(2), r.GetInt32(3),
        SalesRate.Of((r.GetDecimal(4), r.GetDecimal(5), r.GetDecimal(6), r.GetDecimal(7)), r.GetDecimal(8), days, r.IsDBNull(9) ? 0 : r.GetInt32(9), (r.GetInt32(10), r.GetInt32(11), r.GetInt32(12))));
}
