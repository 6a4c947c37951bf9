using Npgsql;

namespace Quartermaster.Runtime.ReadModels;

/// <summary>One item of a channel, at one place there, and what it was last told to sell.</summary>
/// <param name="Sent">The last number it took from us.</param>
/// <param name="Known">What it has as far as we know.</param>
/// <param name="Word">What came of the last try.</param>
/// <param name="BehindSince">Set while it is to be told another number.</param>
/// <param name="HiddenAt">Since when its product is hidden there, by us, because it sold out.</param>
/// <param name="ShownWord">What came of the last look at how its product is shown; null = it has not sold out.</param>
public sealed record ListingRow(string Connection, string Item, string Place, string Sku, string Title, int? Sent, DateTimeOffset? SentAt, int? Known, DateTimeOffset? KnownAt, string? Word, DateTimeOffset? WordAt, bool Refused, DateTimeOffset? BehindSince, DateTimeOffset? HiddenAt = null, string? ShownWord = null);

/// <summary>How a channel's stock stands as a whole.</summary>
public sealed record ChannelStockRow(string Connection, long Listings, long Behind, DateTimeOffset? BehindSince, long Refused, long WithoutSku, long DriftedThisMonth, DateTimeOffset? ReadBegunAt, DateTimeOffset? ReadAt, string? ReadError, long Hidden);

/// <summary>A channel had another number than the one it took from us.</summary>
public sealed record DriftRow(DateTimeOffset At, string Connection, string Sku, int Ours, int Theirs, string Cause);

/// <summary>Reads what channels were told to sell.</summary>
public sealed class ChannelReads(NpgsqlDataSource database)
{
    private const string Columns = "connection, item, place, sku, title, sent, sent_at, known, known_at, word, word_at, refused, CASE WHEN due_at IS NOT NULL THEN asked_at END";

    // Indexes: listing_sku, showing_pkey.
    public Task<List<ListingRow>> OfSkuAsync(string brand, string sku, CancellationToken cancel) =>
        database.ListAsync($"SELECT {Columns}, hidden_at, shown FROM listing LEFT JOIN (SELECT connection AS at, page AS of, hidden_at, word AS shown FROM showing) s ON s.at = connection AND s.of = page WHERE brand = $1 AND sku = $2 ORDER BY connection, place, item LIMIT 200",
            r => Listing(r) with { HiddenAt = r.MaybeAt(13), ShownWord = r.Text(14) }, cancel, brand, sku);

    /// <summary>Listings that need a person: refused ones first, then those that are behind, then those without a SKU.</summary>
    public Task<List<ListingRow>> TroubledAsync(string connection, int size, CancellationToken cancel) =>
        database.ListAsync($"SELECT {Columns} FROM listing WHERE connection = $1 AND (refused OR due_at IS NOT NULL OR sku = '') ORDER BY refused DESC, due_at IS NULL, asked_at, item LIMIT $2", Listing, cancel, connection, size);

    public Task<List<ChannelStockRow>> ChannelsAsync(IReadOnlyList<string> connections, DateTimeOffset monthBegan, CancellationToken cancel) =>
        database.ListAsync("""
            SELECT c.connection, l.listings, l.behind, l.since, l.refused, l.nameless, (SELECT count(*) FROM drift d WHERE d.connection = c.connection AND d.at >= $2), k.begun_at, k.read_at, k.error, (SELECT count(*) FROM showing s WHERE s.connection = c.connection AND s.hidden_at IS NOT NULL)
            FROM unnest($1::text[]) c(connection) LEFT JOIN catalogue k USING (connection)
            CROSS JOIN LATERAL (SELECT count(*) AS listings, count(due_at) AS behind, min(asked_at) FILTER (WHERE due_at IS NOT NULL) AS since, count(*) FILTER (WHERE refused) AS refused, count(*) FILTER (WHERE sku = '') AS nameless
                                FROM listing WHERE listing.connection = c.connection) l
            ORDER BY c.connection
            """, r => new ChannelStockRow(r.GetString(0), r.GetInt64(1), r.GetInt64(2), r.MaybeAt(3), r.GetInt64(4), r.GetInt64(5), r.GetInt64(6), r.MaybeAt(7), r.MaybeAt(8), r.Text(9), r.GetInt64(10)), cancel, connections.ToArray(), monthBegan);

    public Task<List<DriftRow>> DriftAsync(string connection, int size, CancellationToken cancel) =>
        database.ListAsync("SELECT at, connection, sku, ours, theirs, cause FROM drift WHERE connection = $1 ORDER BY at DESC LIMIT $2", r => new DriftRow(r.At(0), r.GetString(1), r.GetString(2), r.GetInt32(3), r.GetInt32(4), r.GetString(5)), cancel, connection, size);

    private static ListingRow Listing(NpgsqlDataReader r) => new(
        r.GetString(0), r.GetString(1), r.GetString(2), r.GetString(3), r.GetString(4), r.MaybeInt(5), r.MaybeAt(6), r.MaybeInt(7), r.MaybeAt(8), r.Text(9), r.MaybeAt(10), r.GetBoolean(11), r.MaybeAt(12));
}
