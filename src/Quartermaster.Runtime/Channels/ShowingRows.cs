using Npgsql;
using Quartermaster.Core.Channels;
using static Quartermaster.Runtime.Columns;

namespace Quartermaster.Runtime.Channels;

/// <summary>What a look at a product came to.</summary>
/// <param name="Due">When to look again; null = not before something changes.</param>
/// <param name="Failed">It counts as an attempt without success.</param>
internal sealed record SettledProduct(DueProduct Of, ShowStep Step, DateTimeOffset? Due = null, bool Failed = false);

/// <summary>The statements of the <see cref="Showcase"/>. All of them lock rows in the order of their pages.</summary>
internal sealed class ShowingRows(Database database)
{
    /// <summary>Listings crossed the line between nothing and something to sell: their products are looked at, those to be hidden after their rest.</summary>
    public static void AddMarks(NpgsqlBatch batch, ConnectionPlan plan, IReadOnlyCollection<string> emptied, IReadOnlyCollection<string> filled, DateTimeOffset now)
    {
        // What we hid and what may now be shown again is not made to wait by a sibling that sold out.
        if (emptied.Count > 0) batch.Add("""
            INSERT INTO showing AS s(connection, page, brand, due_at) SELECT DISTINCT $1, page, brand, $3::timestamptz FROM listing WHERE connection = $1 AND item = ANY ($2) ORDER BY page
            ON CONFLICT (connection, page) DO UPDATE SET due_at = CASE WHEN s.was IS NULL THEN excluded.due_at ELSE s.due_at END, marked = s.marked + 1
            """, Text(plan.Key), Texts(emptied), Instant(now + plan.Stock!.HideAfter));
        if (filled.Count > 0) batch.Add("""
            WITH p AS (SELECT page FROM showing WHERE connection = $1 AND page IN (SELECT page FROM listing WHERE connection = $1 AND item = ANY ($2)) ORDER BY page FOR UPDATE)
            UPDATE showing s SET due_at = $3, marked = s.marked + 1 FROM p WHERE s.connection = $1 AND s.page = p.page
            """, Text(plan.Key), Texts(filled), Instant(now));
    }

    /// <summary>Everything of a channel is compared with what it sells: after a start the terms may be others, and a mark may have been lost with a crash.</summary>
    public async Task CompareAllAsync(ConnectionPlan plan, DateTimeOffset now, CancellationToken cancel)
    {
        await using var batch = database.General.CreateBatch();
        batch.Add("""
            WITH p AS (SELECT page FROM showing WHERE connection = $1 AND due_at IS NULL AND NOT ($3 AND is_sold_out(connection, page, $4)) ORDER BY page FOR UPDATE)
            UPDATE showing s SET due_at = $2 FROM p WHERE s.connection = $1 AND s.page = p.page
            """, Text(plan.Key), Instant(now), Bool(plan.Stock!.HideAtZero), Texts(plan.Stock.KeepShown));
        if (plan.Stock.HideAtZero) batch.Add("""
            INSERT INTO showing(connection, page, brand, due_at) SELECT $1, l.page, l.brand, $2 FROM listing l WHERE l.connection = $1
            GROUP BY l.page, l.brand HAVING bool_and(coalesce(l.sent = 0 AND l.known = 0, false)) AND is_sold_out($1, l.page, $3) ORDER BY l.page ON CONFLICT DO NOTHING
            """, Text(plan.Key), Instant(now + plan.Stock.HideAfter), Texts(plan.Stock.KeepShown));
        await batch.ExecuteNonQueryAsync(cancel);
    }

    public async Task<List<DueProduct>> DueAsync(ConnectionPlan plan, int most, DateTimeOffset now, CancellationToken cancel)
    {
        await using var find = database.General.CreateCommand("""
            SELECT page, was, hidden_at IS NOT NULL, $4 AND is_sold_out(connection, page, $5), marked, attempts FROM showing WHERE connection = $1 AND due_at <= $2 ORDER BY due_at LIMIT $3
            """).With(Text(plan.Key), Instant(now), Int(most), Bool(plan.Stock!.HideAtZero), Texts(plan.Stock.KeepShown));
        List<DueProduct> due = [];
        await using var reader = await find.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel)) due.Add(new(reader.GetString(0), reader.IsDBNull(1) ? null : reader.GetString(1), reader.GetBoolean(2), reader.GetBoolean(3), reader.GetInt64(4), reader.GetInt32(5)));
        return due;
    }

    /// <summary>Writes down what products are before the channel is told to hide them.</summary>
    public async Task BeginAsync(string connection, IReadOnlyList<(string Product, string Was)> all, CancellationToken cancel)
    {
        if (all.Count == 0) return;
        all = [.. all.OrderBy(a => a.Product, StringComparer.Ordinal)];
        await using var write = database.General.CreateCommand("UPDATE showing s SET was = u.was FROM unnest($2::text[], $3::text[]) AS u(page, was) WHERE s.connection = $1 AND s.page = u.page")
            .With(Text(connection), Texts(all.Select(a => a.Product)), Texts(all.Select(a => a.Was)));
        await write.ExecuteNonQueryAsync(cancel);
    }

    /// <summary>Writes what came of a look. A product that was marked meanwhile stays due; one that is for sale and not hidden needs no row.</summary>
    public async Task SettleAsync(string connection, IReadOnlyList<SettledProduct> all, DateTimeOffset now, CancellationToken cancel)
    {
        if (all.Count == 0) return;
        all = [.. all.OrderBy(a => a.Of.Product, StringComparer.Ordinal)];
        await using var batch = database.General.CreateBatch();
        batch.Add("""
            UPDATE showing s SET was = u.was, hidden_at = CASE WHEN u.hidden THEN coalesce(s.hidden_at, $2) END, word = u.word, word_at = $2, attempts = CASE WHEN u.failed THEN s.attempts + 1 ELSE 0 END,
              due_at = CASE WHEN s.marked <> u.marked THEN least(s.due_at, u.due) ELSE u.due END
            FROM unnest($3::text[], $4::text[], $5::boolean[], $6::text[], $7::timestamptz[], $8::boolean[], $9::bigint[]) AS u(page, was, hidden, word, due, failed, marked) WHERE s.connection = $1 AND s.page = u.page
            """, Text(connection), Instant(now), Texts(all.Select(a => a.Of.Product)), Texts(all.Select(a => a.Step.Was)), Bools(all.Select(a => a.Step.Hidden)), Texts(all.Select(a => a.Step.Word)),
            NullableInstants(all.Select(a => a.Due)), Bools(all.Select(a => a.Failed)), Longs(all.Select(a => a.Of.Marked)));
        batch.Add("DELETE FROM showing s USING unnest($2::text[], $3::bigint[]) AS u(page, marked) WHERE s.connection = $1 AND s.page = u.page AND s.marked = u.marked AND s.was IS NULL AND s.due_at IS NULL",
            Text(connection), Texts(all.Where(a => !a.Of.SoldOut).Select(a => a.Of.Product)), Longs(all.Where(a => !a.Of.SoldOut).Select(a => a.Of.Marked)));
        await batch.ExecuteNonQueryAsync(cancel);
    }

    /// <summary>Something of a channel is hidden, or to be looked at.</summary>
    public async Task<bool> AnyAsync(string connection, CancellationToken cancel)
    {
        await using var find = database.General.CreateCommand("SELECT EXISTS (SELECT 1 FROM showing WHERE connection = $1)").With(Text(connection));
        return (bool)(await find.ExecuteScalarAsync(cancel))!;
    }

    /// <summary>How many products stay hidden although they may be sold again, because the channel would not show them so many times in a row.</summary>
    public async Task<long> StuckAsync(string connection, int attempts, CancellationToken cancel)
    {
        await using var find = database.General.CreateCommand("SELECT count(*) FROM showing WHERE connection = $1 AND hidden_at IS NOT NULL AND attempts >= $2").With(Text(connection), Int(attempts));
        return (long)(await find.ExecuteScalarAsync(cancel))!;
    }
}
