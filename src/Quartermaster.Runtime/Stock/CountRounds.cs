using Npgsql;
using Quartermaster.Runtime.Hosting;
using static Quartermaster.Runtime.Columns;

namespace Quartermaster.Runtime.Stock;

/// <summary>One case for each location of which many counts jumped at once, as long as some of them wait for a person's word; and what was promised and not found is no case any more once it is covered.</summary>
internal sealed class CountRounds(HubRuntime hub, TimeProvider clock)
{
    public const string CaseKind = "stock.counts_jump";

    /// <summary>What was said last of a location: an open case is not written again every few seconds.</summary>
    private readonly Dictionary<(string Brand, string Location), string> _said = [];

    public async Task RunAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        // Index: odd_count_waits holds nothing but the few that wait.
        await using var find = new NpgsqlCommand("""
            SELECT brand, location, max(source), count(*)::int, (array_agg(sku || ': ' || on_hand || ' instead of ' || was ORDER BY sku))[1:5] FROM odd_count WHERE waits AND many GROUP BY brand, location
            """, connection);
        List<(string Brand, string Location, string Source, int Count, string[] Some)> jumped = [];
        await using (var reader = await find.ExecuteReaderAsync(cancel))
            while (await reader.ReadAsync(cancel)) jumped.Add((reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.GetInt32(3), reader.GetFieldValue<string[]>(4)));
        foreach (var (brand, location, source, count, some) in jumped)
        {
            var title = $"{source} counts {location} all at once quite differently: {count} SKUs";
            if (_said.GetValueOrDefault((brand, location)) == title) continue;
            await hub.Cases.OpenAsync(brand, "connection/" + source, "counts/" + location, CaseKind, title,
                $"None of these was believed, and what was there stays. {string.Join("; ", some)}{(count > some.Length ? "; …" : "")}. Take them, or have them counted again, on the page Stock.", clock.GetUtcNow(), cancel);
            _said[(brand, location)] = title;
        }
        foreach (var gone in _said.Keys.Where(k => !jumped.Any(j => (j.Brand, j.Location) == k)).ToList()) _said.Remove(gone);
        // Index: open_case_open. Whoever opened it, and before which start.
        await using var close = new NpgsqlCommand($"""
            UPDATE open_case c SET closed_at = $1 WHERE c.brand = ANY ($2) AND c.kind = '{CaseKind}' AND c.closed_at IS NULL
              AND NOT EXISTS (SELECT 1 FROM odd_count o WHERE o.brand = c.brand AND o.waits AND o.many AND 'counts/' || o.location = c.key)
            """, connection).With(Instant(clock.GetUtcNow()), Texts(hub.Plan.Brands.Keys));
        await close.ExecuteNonQueryAsync(cancel);
        // Orders that give units back, or lose them for good, speak to their own streams and not to their SKU's. Indexes: open_case_open, position_pkey.
        await using var covered = new NpgsqlCommand("""
            UPDATE open_case c SET closed_at = $1 WHERE c.brand = ANY ($2) AND c.kind = 'stock.promised_more_than_there' AND c.closed_at IS NULL
              AND NOT EXISTS (SELECT 1 FROM position p WHERE p.brand = c.brand AND p.sku = substr(c.stream, 7) AND p.location = substr(c.key, 7) AND p.short > 0)
            """, connection).With(Instant(clock.GetUtcNow()), Texts(hub.Plan.Brands.Keys));
        await covered.ExecuteNonQueryAsync(cancel);
    }
}
