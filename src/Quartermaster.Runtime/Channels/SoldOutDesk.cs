using Npgsql;
using Quartermaster.Core.Channels;
using Quartermaster.Runtime.Operations;
using Quartermaster.Runtime.ReadModels;
using static Quartermaster.Runtime.Columns;

namespace Quartermaster.Runtime.Channels;

/// <summary>Where a person says what is done when a SKU has sold out. Audited in the same transaction.</summary>
public sealed class SoldOutDesk(Database database, HubPlan plan, TimeProvider clock)
{
    public async Task<SoldOutTerms> OfAsync(string brand, string sku, CancellationToken cancel)
    {
        await using var find = database.General.CreateCommand("SELECT keep_shown, preorder, preorder_by, preorder_most FROM sold_out_terms WHERE brand = $1 AND sku = $2").With(Text(brand), Text(sku));
        await using var reader = await find.ExecuteReaderAsync(cancel);
        return await reader.ReadAsync(cancel)
            ? new(reader.GetBoolean(0), reader.GetBoolean(1) ? new(reader.IsDBNull(2) ? null : reader.GetFieldValue<DateOnly>(2), reader.IsDBNull(3) ? null : reader.GetInt32(3)) : null)
            : SoldOutTerms.Usual;
    }

    /// <exception cref="InvalidOperationException">It cannot be so, with the reason.</exception>
    public async Task SaveAsync(string brand, string sku, SoldOutTerms terms, string who, CancellationToken cancel)
    {
        if (terms.Preorder is { Most: < 1 or > 10_000_000 }) throw new InvalidOperationException("The most that may be pre-ordered is a number from 1 to 10,000,000; leave it out for all that is on its way.");
        var now = clock.GetUtcNow();
        // The rest of its terms say nothing of what is in sight.
        var changed = (await OfAsync(brand, sku, cancel)).KeepShown == terms.KeepShown ? [] : await HiddenAtAsync(brand, sku, cancel);
        await using var connection = await database.General.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await using (var batch = new NpgsqlBatch(connection, transaction))
        {
            batch.Add("""
                INSERT INTO sold_out_terms(brand, sku, keep_shown, preorder, preorder_by, preorder_most, by_whom, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
                ON CONFLICT (brand, sku) DO UPDATE SET keep_shown = excluded.keep_shown, preorder = excluded.preorder, preorder_by = excluded.preorder_by, preorder_most = excluded.preorder_most, by_whom = excluded.by_whom, at = excluded.at
                """, Text(brand), Text(sku), Bool(terms.KeepShown), Bool(terms.Preorder is not null), NullableDay(terms.Preorder?.By), NullableInt(terms.Preorder?.Most), Text(who), Instant(now));
            // What channels are offered of it may be another number from now on.
            batch.Add("INSERT INTO stock_mark(brand, sku, at) VALUES ($1, $2, $3)", Text(brand), Text(sku), Instant(now));
            // Kept in sight it is as if there were something to sell; not kept any more, as if the last had just gone.
            foreach (var (channel, items) in changed) ShowingRows.AddMarks(batch, channel, terms.KeepShown ? [] : items, terms.KeepShown ? items : [], now);
            await batch.ExecuteNonQueryAsync(cancel);
        }
        await Desk.AuditAsync(connection, transaction, who, "sold_out_terms.saved", brand, sku, Words(terms), cancel);
        await transaction.CommitAsync(cancel);
    }

    // The items of a SKU, by the channels that hide what sold out.
    private async Task<List<(ConnectionPlan Channel, List<string> Items)>> HiddenAtAsync(string brand, string sku, CancellationToken cancel)
    {
        var listed = await database.General.ListAsync("SELECT connection, item FROM listing WHERE brand = $1 AND sku = $2", r => (Connection: r.GetString(0), Item: r.GetString(1)), cancel, brand, sku);
        List<(ConnectionPlan, List<string>)> hiding = [];
        foreach (var items in listed.GroupBy(l => l.Connection, l => l.Item))
            if (plan.Connections.GetValueOrDefault(items.Key) is { Stock.HideAtZero: true } channel) hiding.Add((channel, [.. items]));
        return hiding;
    }

    /// <summary>The terms of a SKU in words, without its name.</summary>
    public static string Words(SoldOutTerms terms) => (terms.KeepShown ? "stays in sight when it has sold out" : "is hidden where the channel hides what sold out")
        + (terms.Preorder is { } p ? $"; may be pre-ordered{(p.By is { } by ? $" until {by:yyyy-MM-dd}" : "")}{(p.Most is { } most ? $", at most {most}" : "")}" : "");
}
