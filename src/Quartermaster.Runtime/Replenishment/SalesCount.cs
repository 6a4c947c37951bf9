using System.Globalization;
using Npgsql;
using static Quartermaster.Runtime.Columns;

namespace Quartermaster.Runtime.Replenishment;

/// <summary>Adds what the ledger says was sold to the table of sales by SKU and day; each movement once.</summary>
/// <remarks>
/// The ledger's numbers are those of signals: one that was set apart for a week writes under its old number, so a number is no cursor. The ledger's time is:
/// it is taken inside the transaction that writes it. What was written before the oldest transaction that is still open began, less a margin
/// for clocks that differ, has been committed or never will be. Cursor and sums move in one transaction.
/// </remarks>
/// <param name="margin">How far the clocks of a process and of the database may be apart.</param>
internal sealed class SalesCount(HubPlan plan, TimeSpan margin)
{
    private const string Cursor = "sales.counted_to";

    public static readonly TimeSpan UsualMargin = TimeSpan.FromMinutes(1);

    // Vacuum is left out: it writes no movement and may run for hours.
    private const string Settled = """
        SELECT least(clock_timestamp(), (SELECT min(xact_start) FROM pg_stat_activity WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()))
        """;

    // An order takes units when it reserves them; what it lets go, what was not found for it and what came back is taken off. That reserved
    // units leave changes nothing. Index: movement_at, the pages of this stretch of time. Lock: rows of sold, and only this job writes them.
    private const string Add = """
        INSERT INTO sold AS s(brand, day, sku, location, units)
        SELECT m.brand, (m.at AT TIME ZONE coalesce(z.zone, 'Etc/UTC'))::date, m.sku, m.location, sum(CASE m.kind WHEN 'shipped' THEN 0 WHEN 'returned' THEN -m.on_hand ELSE m.reserved END)
        FROM movement m LEFT JOIN unnest($3::text[], $4::text[]) AS z(brand, zone) ON z.brand = m.brand
        WHERE m.at >= $1 AND m.at < $2 GROUP BY 1, 2, 3, 4 HAVING sum(CASE m.kind WHEN 'shipped' THEN 0 WHEN 'returned' THEN -m.on_hand ELSE m.reserved END) <> 0
        ON CONFLICT (brand, day, sku, location) DO UPDATE SET units = s.units + excluded.units
        """;

    public async Task AddAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        // Two statements, two snapshots: the second sees everything that the first found settled.
        await using var ask = new NpgsqlCommand(Settled, connection);
        var until = new DateTimeOffset((DateTime)(await ask.ExecuteScalarAsync(cancel))!, TimeSpan.Zero) - margin;
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await using var read = new NpgsqlCommand("SELECT value FROM hub_value WHERE key = $1 FOR UPDATE", connection, transaction).With(Text(Cursor));
        var since = await read.ExecuteScalarAsync(cancel) is string text ? DateTimeOffset.Parse(text, CultureInfo.InvariantCulture) : DateTimeOffset.UnixEpoch;
        if (until <= since) return;
        await using var add = new NpgsqlCommand(Add, connection, transaction).With(
            Instant(since), Instant(until), Texts(plan.Brands.Keys), Texts(plan.Brands.Values.Select(b => b.Terms.TimeZone)));
        // After a night in which the hub was down there is much to count.
        add.CommandTimeout = 300;
        await add.ExecuteNonQueryAsync(cancel);
        await using var move = new NpgsqlCommand("INSERT INTO hub_value(key, value) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = excluded.value", connection, transaction)
            .With(Text(Cursor), Text(until.ToString("O", CultureInfo.InvariantCulture)));
        await move.ExecuteNonQueryAsync(cancel);
        await transaction.CommitAsync(cancel);
    }
}
