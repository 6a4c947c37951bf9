using Npgsql;
using Quartermaster.Core.Stock;
using static Quartermaster.Runtime.Columns;

namespace Quartermaster.Runtime.Stock;

/// <summary>What cannot be sold, written by statements of its own: a batch that moves nothing damaged has none of them, and its ledger no such column to fill.</summary>
internal static class DamagedRows
{
    /// <summary>The movements that have nothing to do with it.</summary>
    public static List<(string Brand, string Stream, long Seq, Movement Movement)> Without(List<(string Brand, string Stream, long Seq, Movement Movement)> ledger) =>
        ledger.Exists(m => m.Movement.Damaged != 0) ? ledger.FindAll(m => m.Movement.Damaged == 0) : ledger;

    /// <remarks>The rows of the positions are locked since the batch asked for them; the table refuses what would fall below nothing.</remarks>
    public static void AddWrites(NpgsqlBatch batch, List<(string Brand, string Stream, long Seq, Movement Movement)> ledger, List<(string Brand, Position Position)> changed, DateTimeOffset now)
    {
        if (!ledger.Exists(m => m.Movement.Damaged != 0)) return;
        var moved = ledger.FindAll(m => m.Movement.Damaged != 0);
        var keys = moved.Select(m => (m.Brand, m.Movement.Sku, m.Movement.Location)).ToHashSet();
        var positions = changed.FindAll(c => keys.Contains((c.Brand, c.Position.Sku, c.Position.Location)));
        batch.Add("UPDATE position p SET damaged = u.damaged FROM unnest($1::text[], $2::text[], $3::text[], $4::int[]) AS u(brand, sku, location, damaged) WHERE p.brand = u.brand AND p.sku = u.sku AND p.location = u.location",
            Texts(positions.Select(p => p.Brand)), Texts(positions.Select(p => p.Position.Sku)), Texts(positions.Select(p => p.Position.Location)), Ints(positions.Select(p => p.Position.Damaged)));
        batch.Add("""
            INSERT INTO movement(brand, sku, location, seq, stream, at, kind, on_hand, reserved, why, damaged)
            SELECT brand, sku, location, seq, stream, $6, 'damaged', on_hand, 0, why, damaged FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::text[], $7::int[], $8::text[], $9::int[]) AS u(brand, sku, location, seq, stream, on_hand, why, damaged)
            """,
            Texts(moved.Select(m => m.Brand)), Texts(moved.Select(m => m.Movement.Sku)), Texts(moved.Select(m => m.Movement.Location)), Longs(moved.Select(m => m.Seq)), Texts(moved.Select(m => m.Stream)), Instant(now),
            Ints(moved.Select(m => m.Movement.OnHand)), Texts(moved.Select(m => (string?)m.Movement.Reason)), Ints(moved.Select(m => m.Movement.Damaged)));
    }
}
