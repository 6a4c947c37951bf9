using Npgsql;
using Quartermaster.Core.Channels;
using Quartermaster.Runtime.Operations;
using static Quartermaster.Runtime.Columns;

namespace Quartermaster.Runtime.Channels;

/// <summary>Where a person says what is done when a SKU has sold out. Audited in the same transaction.</summary>
public sealed class SoldOutDesk(Database database, TimeProvider clock)
{
    public async Task<SoldOutTerms> OfAsync(string brand, string sku, CancellationToken cancel)
    {
        await using var find = database.General.CreateCommand("SELECT keep_shown FROM sold_out_terms WHERE brand = $1 AND sku = $2").With(Text(brand), Text(sku));
        await using var reader = await find.ExecuteReaderAsync(cancel);
        return await reader.ReadAsync(cancel) ? new(reader.GetBoolean(0)) : SoldOutTerms.Usual;
    }

    public async Task SaveAsync(string brand, string sku, SoldOutTerms terms, string who, CancellationToken cancel)
    {
        await using var connection = await database.General.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await using (var batch = new NpgsqlBatch(connection, transaction))
        {
            batch.Add("""
                INSERT INTO sold_out_terms(brand, sku, keep_shown, by_whom, at) VALUES ($1, $2, $3, $4, $5)
                ON CONFLICT (brand, sku) DO UPDATE SET keep_shown = excluded.keep_shown, by_whom = excluded.by_whom, at = excluded.at
                """, Text(brand), Text(sku), Bool(terms.KeepShown), Text(who), Instant(clock.GetUtcNow()));
            // What is hidden for it, or about to be, is looked at anew; the showcase holds no lock while it calls the channel.
            batch.Add("UPDATE showing s SET due_at = $3, marked = s.marked + 1 FROM listing l WHERE l.brand = $1 AND l.sku = $2 AND s.connection = l.connection AND s.page = l.page AND (s.was IS NULL) = NOT $4",
                Text(brand), Text(sku), Instant(clock.GetUtcNow()), Bool(terms.KeepShown));
            await batch.ExecuteNonQueryAsync(cancel);
        }
        await Desk.AuditAsync(connection, transaction, who, "sold_out_terms.saved", brand, sku, Words(terms), cancel);
        await transaction.CommitAsync(cancel);
    }

    private static string Words(SoldOutTerms terms) => terms.KeepShown ? "stays in sight when it has sold out" : "is hidden where the channel hides what sold out";
}
