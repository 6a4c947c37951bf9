using Npgsql;
using Quartermaster.Runtime.Operations;
using static Quartermaster.Runtime.Columns;

namespace Quartermaster.Runtime.Channels;

/// <summary>Where a person says that a number which somebody changed at a channel is to be overwritten. Audited in the same transaction.</summary>
/// <remarks>Only the number that was seen is: one that is changed once more is asked about anew.</remarks>
public sealed class DriftDesk(Database database, TimeProvider clock)
{
    /// <param name="sku">Null = all that are asked about.</param>
    /// <returns>How many listings.</returns>
    public async Task<int> OverwriteAsync(ConnectionPlan plan, string? sku, string who, CancellationToken cancel)
    {
        await using var connection = await database.General.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        // Index: listing_asks. Locks: rows of one connection in key order, as the publisher takes them.
        await using var say = new NpgsqlCommand("""
            WITH a AS (SELECT connection, item, place FROM listing WHERE connection = $1 AND asks AND ($2 = '' OR sku = $2) ORDER BY 1, 2, 3 FOR UPDATE)
            UPDATE listing l SET overwrites = l.known, asks = false, due_at = $3, asked_at = coalesce(l.asked_at, $3) FROM a WHERE l.connection = a.connection AND l.item = a.item AND l.place = a.place
            """, connection, transaction).With(Text(plan.Key), Text(sku ?? ""), Instant(clock.GetUtcNow()));
        var count = await say.ExecuteNonQueryAsync(cancel);
        if (count > 0) await Desk.AuditAsync(connection, transaction, who, "drift.overwritten", plan.Brand, "connection/" + plan.Key, sku ?? $"{count} listings", cancel);
        await transaction.CommitAsync(cancel);
        return count;
    }
}
