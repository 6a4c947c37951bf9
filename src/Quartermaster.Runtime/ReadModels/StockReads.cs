using Npgsql;
using Quartermaster.Runtime.Stock;

namespace Quartermaster.Runtime.ReadModels;

/// <summary>Where one SKU stands at one location.</summary>
/// <param name="Short">Promised units that a count did not find: an open incident.</param>
public sealed record PositionRow(string Brand, string Sku, string Location, int OnHand, int Reserved, int Incoming, int Safety, int Short, DateTimeOffset UpdatedAt)
{
    public int Available => OnHand - Reserved - Safety;
}

/// <summary>One change of a position.</summary>
/// <param name="Number">Rises with every change of the SKU.</param>
public sealed record MovementRow(long Number, DateTimeOffset At, string Location, string Stream, string Kind, int OnHand, int Reserved, string? Why);

/// <summary>How the last comparison of all positions with their ledger came out.</summary>
/// <param name="Differ">Positions that are not the sum of their movements, as far as is known now.</param>
public sealed record LedgerCompared(DateTimeOffset At, long Positions, long Differ);

/// <summary>An order that waits for a SKU.</summary>
public sealed record WaitingRow(DateTimeOffset Since, ListedOrder Order);

/// <param name="Only">all, low (nothing available), short (open incidents), reserved.</param>
public sealed record StockQuery(IReadOnlyList<string> Brands, string? Sku = null, string? Location = null, string Only = "all", string? AfterSku = null, int Size = 100);

/// <summary>Reads stock.</summary>
public sealed class StockReads(NpgsqlDataSource database)
{
    private const string Columns = "p.brand, p.sku, p.location, p.on_hand, p.reserved, p.incoming, p.safety, p.short, p.updated_at";

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

    public Task<List<MovementRow>> MovementsAsync(string brand, string sku, long? before, int size, CancellationToken cancel) =>
        // Index: movement_of backwards, the partitions merged.
        database.ListAsync("""
            SELECT n, at, location, stream, kind, on_hand, reserved, why FROM movement
            WHERE brand = $1 AND sku = $2 AND n < $3 ORDER BY n DESC LIMIT $4
            """,
            r => new MovementRow(r.GetInt64(0), r.At(1), r.GetString(2), r.GetString(3), r.GetString(4), r.GetInt32(5), r.GetInt32(6), r.Text(7)),
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
            SELECT w.since, {OrderList.Columns} FROM (
                SELECT since, brand, stream FROM waiting WHERE brand = $1 AND sku = $2 ORDER BY since, stream LIMIT $3) w
            CROSS JOIN LATERAL (SELECT * FROM stream x WHERE x.brand = w.brand AND x.stream = w.stream AND x.placed_at IS NOT NULL OFFSET 0) s
            ORDER BY w.since, w.stream
            """, r => new WaitingRow(r.At(0), Shifted(r)), cancel, brand, sku, size);

    public Task<List<(string Sku, long Orders)>> MostWaitedForAsync(IReadOnlyList<string> brands, int size, CancellationToken cancel) =>
        // Index only: waiting_pkey. The table holds backordered orders alone.
        database.ListAsync("SELECT sku, count(*) FROM waiting WHERE brand = ANY ($1) GROUP BY sku ORDER BY 2 DESC, 1 LIMIT $2",
            r => (r.GetString(0), r.GetInt64(1)), cancel, brands.ToArray(), size);

    private static PositionRow Position(NpgsqlDataReader r) => new(
        r.GetString(0), r.GetString(1), r.GetString(2), r.GetInt32(3), r.GetInt32(4), r.GetInt32(5), r.GetInt32(6), r.GetInt32(7), r.At(8));

    private static ListedOrder Shifted(NpgsqlDataReader r) => new(
        r.GetString(1), r.GetString(2), r.Text(3) ?? "", r.Text(4) ?? "", r.Text(5) ?? "", r.Text(6) ?? "", r.IsDBNull(7) ? 0 : r.GetDecimal(7), r.At(8),
        r.Text(9), r.Text(10), r.Text(11), r.Text(12), r.Text(13), r.MaybeInt(14) ?? 0, r.Text(15), r.GetBoolean(16), r.At(17), r.GetBoolean(18));
}
