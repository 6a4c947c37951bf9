using Npgsql;

namespace Quartermaster.Runtime.ReadModels;

/// <summary>One item of a channel, at one place there, and what it was last told to sell.</summary>
/// <param name="Sent">The last number it took from us.</param>
/// <param name="Known">What it has as far as we know.</param>
/// <param name="Word">What came of the last try.</param>
/// <param name="BehindSince">Set while it is to be told another number.</param>
/// <param name="HiddenAt">Since when its product is hidden there, by us, because it sold out.</param>
/// <param name="ShownWord">What came of the last look at how its product is shown; null = it has not sold out.</param>
/// <param name="Asks">Somebody changed its number at the channel, and a person is asked whether it is overwritten.</param>
/// <param name="Why">What moved last before it was told, of it or of what it is made of; told for one SKU only.</param>
public sealed record ListingRow(string Connection, string Item, string Place, string Sku, string Title, int? Sent, DateTimeOffset? SentAt, int? Known, DateTimeOffset? KnownAt, string? Word, DateTimeOffset? WordAt, bool Refused, DateTimeOffset? BehindSince, DateTimeOffset? HiddenAt = null, string? ShownWord = null, bool Asks = false, MovementRow? Why = null);

/// <summary>How a channel's stock stands as a whole.</summary>
public sealed record ChannelStockRow(string Connection, long Listings, long Behind, DateTimeOffset? BehindSince, long Refused, long WithoutSku, long DriftedThisMonth, DateTimeOffset? ReadBegunAt, DateTimeOffset? ReadAt, string? ReadError, long Hidden, long Asks);

/// <summary>A channel had another number than the one it took from us, or a warehouse than our ledger.</summary>
/// <param name="Cause">As <see cref="Core.Channels.Drift.NameOf"/> names it.</param>
/// <param name="Word">The cause in words.</param>
public sealed record DriftRow(DateTimeOffset At, string Connection, string Sku, int Ours, int Theirs, string Cause, string Word);

/// <summary>How many differences of one cause a connection had in one month.</summary>
/// <param name="Month">Its first day (UTC).</param>
public sealed record DriftMonth(DateOnly Month, string Connection, string Cause, long Count);

/// <summary>When the shelves of a warehouse were compared with the ledger as a whole last.</summary>
public sealed record ShelvesRead(DateTimeOffset? BegunAt, DateTimeOffset? ReadAt, long Shelves, long Differed, string? Error);

/// <summary>Reads what channels were told to sell.</summary>
public sealed class ChannelReads(NpgsqlDataSource database)
{
    private const string Columns = "connection, item, place, sku, title, sent, sent_at, known, known_at, word, word_at, refused, CASE WHEN due_at IS NOT NULL THEN asked_at END, asks";

    /// <summary>Listings of a SKU under its own code and under all that mean it: a part's number drives its kits' too.</summary>
    // Indexes: meaning_sku, listing_sku, showing_pkey; movement_of from the newest entry backwards, as far as the number was told.
    public Task<List<ListingRow>> OfSkuAsync(string brand, string sku, CancellationToken cancel) =>
        database.ListAsync($"""
            SELECT {Columns}, s.hidden_at, s.shown, m.n, m.at, m.location, m.stream, m.kind, m.on_hand, m.reserved, m.why
            FROM (SELECT * FROM listing WHERE brand = $1 AND sku IN (SELECT $2 COLLATE "C" UNION SELECT code FROM meaning WHERE brand = $1 AND sku = $2) ORDER BY connection, place, item LIMIT 200) l
            LEFT JOIN (SELECT connection AS told_at, page AS of, hidden_at, word AS shown FROM showing) s ON s.told_at = connection AND s.of = page
            LEFT JOIN LATERAL (SELECT x.* FROM parts_of($1, l.connection, l.sku) k CROSS JOIN LATERAL (SELECT n, at, location, stream, kind, on_hand, reserved, why FROM movement WHERE movement.brand = $1 AND movement.sku = k.sku AND movement.at <= l.sent_at ORDER BY n DESC LIMIT 1) x
                               ORDER BY x.n DESC LIMIT 1) m ON true
            ORDER BY l.sku = $2 DESC, connection, place, item
            """,
            r => Listing(r) with { HiddenAt = r.MaybeAt(14), ShownWord = r.Text(15), Why = r.IsDBNull(16) ? null : new(r.GetInt64(16), r.At(17), r.GetString(18), r.GetString(19), r.GetString(20), r.GetInt32(21), r.GetInt32(22), r.Text(23)) }, cancel, brand, sku);

    /// <summary>Listings that need a person: those that are asked about and refused ones first, then those that are behind, then those without a SKU.</summary>
    public Task<List<ListingRow>> TroubledAsync(string connection, int size, CancellationToken cancel) =>
        database.ListAsync($"SELECT {Columns} FROM listing WHERE connection = $1 AND (asks OR refused OR due_at IS NOT NULL OR sku = '') ORDER BY asks DESC, refused DESC, due_at IS NULL, asked_at, item LIMIT $2", Listing, cancel, connection, size);

    public Task<List<ChannelStockRow>> ChannelsAsync(IReadOnlyList<string> connections, DateTimeOffset monthBegan, CancellationToken cancel) =>
        database.ListAsync("""
            SELECT c.connection, l.listings, l.behind, l.since, l.refused, l.nameless, (SELECT count(*) FROM drift d WHERE d.connection = c.connection AND d.at >= $2), k.begun_at, k.read_at, k.error, (SELECT count(*) FROM showing s WHERE s.connection = c.connection AND s.hidden_at IS NOT NULL), l.asking
            FROM unnest($1::text[]) c(connection) LEFT JOIN catalogue k USING (connection)
            CROSS JOIN LATERAL (SELECT count(*) AS listings, count(due_at) AS behind, min(asked_at) FILTER (WHERE due_at IS NOT NULL) AS since, count(*) FILTER (WHERE refused) AS refused, count(*) FILTER (WHERE sku = '') AS nameless, count(*) FILTER (WHERE asks) AS asking
                                FROM listing WHERE listing.connection = c.connection) l
            ORDER BY c.connection
            """, r => new ChannelStockRow(r.GetString(0), r.GetInt64(1), r.GetInt64(2), r.MaybeAt(3), r.GetInt64(4), r.GetInt64(5), r.GetInt64(6), r.MaybeAt(7), r.MaybeAt(8), r.Text(9), r.GetInt64(10), r.GetInt64(11)), cancel, connections.ToArray(), monthBegan);

    // Index: drift_of.
    public Task<List<DriftRow>> DriftAsync(string connection, int size, CancellationToken cancel) =>
        database.ListAsync("SELECT at, connection, sku, ours, theirs, cause, word FROM drift WHERE connection = $1 ORDER BY at DESC LIMIT $2", Drifted, cancel, connection, size);

    /// <summary>The newest differences of these connections.</summary>
    public Task<List<DriftRow>> DriftAsync(IReadOnlyList<string> connections, int size, CancellationToken cancel) =>
        database.ListAsync("SELECT d.* FROM unnest($1::text[]) c(connection) CROSS JOIN LATERAL (SELECT at, connection, sku, ours, theirs, cause, word FROM drift WHERE drift.connection = c.connection ORDER BY at DESC LIMIT $2) d ORDER BY d.at DESC LIMIT $2",
            Drifted, cancel, connections.ToArray(), size);

    /// <summary>Differences by month, connection and cause, newest month first. Index: drift_of.</summary>
    public Task<List<DriftMonth>> DriftMonthsAsync(IReadOnlyList<string> connections, DateTimeOffset since, CancellationToken cancel) =>
        database.ListAsync("SELECT date_trunc('month', at AT TIME ZONE 'UTC')::date, connection, cause, count(*) FROM drift WHERE connection = ANY ($1) AND at >= $2 GROUP BY 1, 2, 3 ORDER BY 1 DESC, 2, 4 DESC, 3",
            r => new DriftMonth(r.GetFieldValue<DateOnly>(0), r.GetString(1), r.GetString(2), r.GetInt64(3)), cancel, connections.ToArray(), since);

    public Task<ShelvesRead?> ShelvesAsync(string connection, CancellationToken cancel) =>
        database.OneAsync("SELECT begun_at, read_at, coalesce(listings, 0)::bigint, coalesce(changed, 0)::bigint, error FROM catalogue WHERE connection = $1", r => new ShelvesRead(r.MaybeAt(0), r.MaybeAt(1), r.GetInt64(2), r.GetInt64(3), r.Text(4)), cancel, connection);

    private static DriftRow Drifted(NpgsqlDataReader r) => new(r.At(0), r.GetString(1), r.GetString(2), r.GetInt32(3), r.GetInt32(4), r.GetString(5), r.GetString(6));

    private static ListingRow Listing(NpgsqlDataReader r) => new(
        r.GetString(0), r.GetString(1), r.GetString(2), r.GetString(3), r.GetString(4), r.MaybeInt(5), r.MaybeAt(6), r.MaybeInt(7), r.MaybeAt(8), r.Text(9), r.MaybeAt(10), r.GetBoolean(11), r.MaybeAt(12), Asks: r.GetBoolean(13));
}
