using System.Globalization;
using Npgsql;
using Quartermaster.Core.Stock;
using Quartermaster.Runtime.Stock;

namespace Quartermaster.Runtime.ReadModels;

/// <summary>Where one SKU stands at one location.</summary>
/// <param name="Short">Promised units that a count did not find: an open incident.</param>
/// <param name="Damaged">There, not sellable, and not among those on hand.</param>
public sealed record PositionRow(string Brand, string Sku, string Location, int OnHand, int Reserved, int Incoming, int Safety, int Short, DateTimeOffset UpdatedAt, int Damaged = 0)
{
    public int Available => OnHand - Reserved - Safety;
}

/// <summary>One change of a position.</summary>
/// <param name="Number">Rises with every change of the SKU.</param>
public sealed record MovementRow(long Number, DateTimeOffset At, string Location, string Stream, string Kind, int OnHand, int Reserved, string? Why, int Damaged = 0);

/// <summary>How the last comparison of all positions with their ledger came out.</summary>
/// <param name="Differ">Positions that are not the sum of their movements, as far as is known now.</param>
public sealed record LedgerCompared(DateTimeOffset At, long Positions, long Differ);

/// <summary>An order that waits for a SKU.</summary>
/// <param name="Units">How many of it.</param>
public sealed record WaitingRow(DateTimeOffset Since, int Units, ListedOrder Order);

/// <summary>How it stands with a SKU that an order waits for.</summary>
/// <param name="Free">Units that may be promised now.</param>
/// <param name="Before">Units that orders wait for who come first.</param>
/// <param name="Coming">What is on its way, soonest first.</param>
public sealed record Outlook(string Sku, int Units, long Free, long Before, IReadOnlyList<Coming> Coming)
{
    /// <summary>When its units are expected; null = what is on its way does not reach so far. <see cref="DateTimeOffset.MinValue"/> = they are there.</summary>
    public DateTimeOffset? Expected => Promise.When(Free, Coming, Before, Units);
}

/// <param name="Only">all, low (nothing available), short (open incidents), reserved.</param>
public sealed record StockQuery(IReadOnlyList<string> Brands, string? Sku = null, string? Location = null, string Only = "all", string? AfterSku = null, int Size = 100);

/// <summary>Reads stock.</summary>
public sealed class StockReads(NpgsqlDataSource database)
{
    private const string Columns = "p.brand, p.sku, p.location, p.on_hand, p.reserved, p.incoming, p.safety, p.short, p.updated_at, p.damaged";

    /// <summary>In order of SKU, about as many as asked for; whole SKUs only, so that a page never cuts one in two.</summary>
    public async Task<List<PositionRow>> PositionsAsync(StockQuery query, CancellationToken cancel)
    {
        var filter = query.Only switch
        {
            "low" => "AND p.on_hand - p.reserved - p.safety <= 0",
            "short" => "AND p.short > 0",
            "reserved" => "AND p.reserved > 0",
            _ => "",
        };
        // Index: position_pkey (brand, sku, location), walked from the last SKU shown.
        var rows = await database.ListAsync($"""
            SELECT {Columns} FROM unnest($1::text[]) b(brand) CROSS JOIN LATERAL (
                SELECT * FROM position p WHERE p.brand = b.brand AND p.sku > $2 COLLATE "C"
                    AND p.sku >= $3 COLLATE "C" AND p.sku < ($3 || U&'\+10FFFF') COLLATE "C"
                    AND ($4 = '' OR p.location = $4 COLLATE "C") {filter} ORDER BY p.sku, p.location LIMIT $5) p
            ORDER BY p.sku, p.brand, p.location LIMIT $5
            """, Position, cancel, query.Brands.ToArray(), query.AfterSku ?? "", query.Sku?.Trim() ?? "", query.Location ?? "", query.Size);
        if (rows.Count < query.Size) return rows;
        // The last SKU may have more locations, and other brands the same SKU: what of it did not fit is read to the end.
        var last = rows[^1].Sku;
        var whole = await database.ListAsync($"""
            SELECT {Columns} FROM unnest($1::text[]) b(brand) CROSS JOIN LATERAL (
                SELECT * FROM position p WHERE p.brand = b.brand AND p.sku = $2 AND ($3 = '' OR p.location = $3 COLLATE "C") {filter}) p
            ORDER BY p.brand, p.location
            """, Position, cancel, query.Brands.ToArray(), last, query.Location ?? "");
        rows.RemoveAll(r => r.Sku == last);
        return [.. rows, .. whole];
    }

    public Task<List<PositionRow>> OfSkuAsync(string brand, string sku, CancellationToken cancel) =>
        database.ListAsync($"SELECT {Columns} FROM position p WHERE p.brand = $1 AND p.sku = $2 ORDER BY p.location", Position, cancel, brand, sku);

    /// <summary>Why so many units cannot become damaged, or be so no more: fewer lie there. Null = they can.</summary>
    public async Task<string?> WhyNotAsync(string brand, string sku, string location, Damage what, int units, CancellationToken cancel)
    {
        if (what is Damage.Came) return null;
        var there = (await OfSkuAsync(brand, sku, cancel)).Find(p => p.Location == location) is { } at ? what is Damage.Found ? at.OnHand : at.Damaged : 0;
        return there >= units ? null : string.Create(CultureInfo.InvariantCulture, $"Only {there:N0} {(what is Damage.Found ? "" : "damaged ")}units of {sku} lie at {location}.");
    }

    public Task<List<MovementRow>> MovementsAsync(string brand, string sku, long? before, int size, CancellationToken cancel) =>
        // Index: movement_of backwards, the partitions merged.
        database.ListAsync("""
            SELECT n, at, location, stream, kind, on_hand, reserved, why, coalesce(damaged, 0) FROM movement
            WHERE brand = $1 AND sku = $2 AND n < $3 ORDER BY n DESC LIMIT $4
            """,
            r => new MovementRow(r.GetInt64(0), r.At(1), r.GetString(2), r.GetString(3), r.GetString(4), r.GetInt32(5), r.GetInt32(6), r.Text(7), r.GetInt32(8)),
            cancel, brand, sku, before ?? long.MaxValue, size);

    /// <summary>When all positions were last compared with the sum of their movements; null = not yet.</summary>
    public async Task<LedgerCompared?> LedgerComparedAsync(CancellationToken cancel) =>
        // Index: open_case_open has the few that are open.
        (await database.ListAsync("SELECT at, value::bigint, (SELECT count(*) FROM open_case WHERE kind = $2 AND closed_at IS NULL) FROM hub_value WHERE key = $1",
            r => new LedgerCompared(r.At(0), r.GetInt64(1), r.GetInt64(2)), cancel, LedgerCheck.AllCompared, LedgerCheck.CaseKind)).FirstOrDefault();

    /// <summary>Oldest first: the order in which they get it.</summary>
    public Task<List<WaitingRow>> WaitingAsync(string brand, string sku, int size, CancellationToken cancel) =>
        // Indexes: waiting_pkey, then stream_pkey.
        database.ListAsync($"""
            SELECT w.since, w.waits_for, {OrderList.Columns} FROM (
                SELECT since, brand, stream, units AS waits_for FROM waiting WHERE brand = $1 AND sku = $2 AND units > 0 ORDER BY since, stream LIMIT $3) w
            CROSS JOIN LATERAL (SELECT * FROM stream x WHERE x.brand = w.brand AND x.stream = w.stream AND x.placed_at IS NOT NULL OFFSET 0) s
            ORDER BY w.since, w.stream
            """, r => new WaitingRow(r.At(0), r.GetInt32(1), Shifted(r)), cancel, brand, sku, size);

    /// <summary>When an order that waits may have what it waits for, as of now.</summary>
    public Task<List<Outlook>> OutlookAsync(string brand, string stream, IReadOnlyList<string> skus, CancellationToken cancel) =>
        // Indexes: waiting_pkey, position_pkey, purchase_line_sku.
        database.ListAsync("""
            SELECT w.sku, w.units, (SELECT coalesce(sum(greatest(0, p.on_hand - p.reserved - p.safety)), 0) FROM position p WHERE p.brand = w.brand AND p.sku = w.sku),
              (SELECT coalesce(sum(x.units), 0) FROM waiting x WHERE x.brand = w.brand AND x.sku = w.sku AND (x.since, x.stream) < (w.since, w.stream)), c.units, c.at
            FROM waiting w
            CROSS JOIN LATERAL (SELECT coalesce(array_agg(l.missing ORDER BY p.expected_at, p.id), '{}') AS units, coalesce(array_agg(p.expected_at ORDER BY p.expected_at, p.id), '{}') AS at
              FROM purchase_line l JOIN purchase p ON p.brand = l.brand AND p.id = l.purchase WHERE l.brand = w.brand AND l.sku = w.sku AND l.missing > 0) c
            WHERE w.brand = $1 AND w.sku = ANY ($2) AND w.stream = $3 ORDER BY w.sku
            """, r => new Outlook(r.GetString(0), r.GetInt32(1), r.GetInt64(2), r.GetInt64(3), [.. r.GetFieldValue<int[]>(4).Zip(r.GetFieldValue<DateTime[]>(5), (units, at) => new Coming(units, new DateTimeOffset(at, TimeSpan.Zero)))]), cancel, brand, skus.ToArray(), stream);

    public Task<List<(string Sku, long Orders)>> MostWaitedForAsync(IReadOnlyList<string> brands, int size, CancellationToken cancel) =>
        // Index: waiting_pkey. The table holds backordered orders alone.
        database.ListAsync("SELECT sku, count(*) FROM waiting WHERE brand = ANY ($1) AND units > 0 GROUP BY sku ORDER BY 2 DESC, 1 LIMIT $2",
            r => (r.GetString(0), r.GetInt64(1)), cancel, brands.ToArray(), size);

    private static PositionRow Position(NpgsqlDataReader r) => new(
        r.GetString(0), r.GetString(1), r.GetString(2), r.GetInt32(3), r.GetInt32(4), r.GetInt32(5), r.GetInt32(6), r.GetInt32(7), r.At(8), r.GetInt32(9));

    private static ListedOrder Shifted(NpgsqlDataReader r) => new(
        r.GetString(2), r.GetString(3), r.Text(4) ?? "", r.Text(5) ?? "", r.Text(6) ?? "", r.Text(7) ?? "", r.IsDBNull(8) ? 0 : r.GetDecimal(8), r.At(9),
        r.Text(10), r.Text(11), r.Text(12), r.Text(13), r.Text(14), r.MaybeInt(15) ?? 0, r.Text(16), r.GetBoolean(17), r.At(18), r.GetBoolean(19));
}
