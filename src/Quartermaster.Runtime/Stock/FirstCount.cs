using Npgsql;
using static Quartermaster.Runtime.Columns;

namespace Quartermaster.Runtime.Stock;

/// <summary>Sellable units of one SKU at one location.</summary>
public readonly record struct CountedShelf(string Sku, string Location, int OnHand);

/// <summary>Writes a brand's very first stock in one statement; every later count is a signal like any other.</summary>
public static class FirstCount
{
    // No lock is needed: it writes only rows that nobody has seen. Index: position_pkey.
    private const string Take = """
        WITH p AS (
          INSERT INTO position(brand, sku, location, on_hand, updated_at, counted_at)
          SELECT $1, sku, location, qty, $5, $5 FROM unnest($2::text[], $3::text[], $4::int[]) AS u(sku, location, qty)
          WHERE NOT EXISTS (SELECT 1 FROM position WHERE brand = $1) AND NOT EXISTS (SELECT 1 FROM waiting WHERE brand = $1) AND NOT EXISTS (SELECT 1 FROM code_waiting WHERE brand = $1)
          ON CONFLICT DO NOTHING RETURNING sku, location, on_hand),
        n AS (SELECT nextval('signal_seq') AS seq)
        INSERT INTO movement(brand, sku, location, seq, stream, at, kind, on_hand, reserved, why)
        SELECT $1, sku, location, seq, 'stock/' || sku, $5, 'counted', on_hand, 0, 'first count' FROM p, n WHERE on_hand <> 0
        """;

    /// <returns>False when the brand has stock already, or orders that wait for some: nothing was changed then, and counts that come as signals wake them.</returns>
    public static async Task<bool> TakeAsync(Database database, string brand, IReadOnlyList<CountedShelf> shelves, TimeProvider clock, CancellationToken cancel)
    {
        await using (var any = database.General.CreateCommand("SELECT EXISTS (SELECT 1 FROM position WHERE brand = $1) OR EXISTS (SELECT 1 FROM waiting WHERE brand = $1) OR EXISTS (SELECT 1 FROM code_waiting WHERE brand = $1)").With(Text(brand)))
            if ((bool)(await any.ExecuteScalarAsync(cancel))!)
                return false;
        await using var take = database.General.CreateCommand(Take).With(
            Text(brand), Texts(shelves.Select(s => s.Sku)), Texts(shelves.Select(s => s.Location)), Ints(shelves.Select(s => s.OnHand)), Instant(clock.GetUtcNow()));
        await take.ExecuteNonQueryAsync(cancel);
        await using var offer = database.General.CreateCommand("UPDATE listing SET due_at = $2, asked_at = coalesce(asked_at, $2) WHERE brand = $1 AND sku <> ''").With(Text(brand), Instant(clock.GetUtcNow()));
        await offer.ExecuteNonQueryAsync(cancel);
        return true;
    }
}
