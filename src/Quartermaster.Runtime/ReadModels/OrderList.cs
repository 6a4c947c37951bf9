using System.Globalization;
using System.Text;
using Npgsql;

namespace Quartermaster.Runtime.ReadModels;

/// <summary>Which orders a list shows; all of it comes from the address of the page.</summary>
/// <param name="Brands">Brands the reader may see, narrowed by the filter; never empty by accident: no brand, no orders.</param>
/// <param name="Text">Number, e-mail, phone, SKU or tracking number, whole or its beginning.</param>
/// <param name="Ended">True: only ended ones; false: only those that still move; null: all.</param>
/// <param name="Shadow">Only orders that are in shadow and have not ended.</param>
/// <param name="After">Where the page before ended.</param>
public sealed record OrderQuery(
    IReadOnlyList<string> Brands, string? Text = null, string? Status = null, string? Channel = null, bool Attention = false,
    bool? Ended = null, bool Shadow = false, DateTimeOffset? From = null, DateTimeOffset? Until = null, OrderCursor? After = null, int Size = 50);

/// <summary>Place in a list that is ordered newest first; stays right while orders arrive.</summary>
public sealed record OrderCursor(DateTimeOffset PlacedAt, string Stream, string Brand)
{
    public override string ToString() => Convert.ToBase64String(
        Encoding.UTF8.GetBytes($"{PlacedAt.UtcTicks.ToString(CultureInfo.InvariantCulture)}\n{Stream}\n{Brand}")).Replace('+', '-').Replace('/', '_').TrimEnd('=');

    /// <summary>Reads what <see cref="ToString"/> wrote; null when somebody made it up.</summary>
    public static OrderCursor? Read(string? text)
    {
        if (string.IsNullOrEmpty(text)) return null;
        var padded = text.Replace('-', '+').Replace('_', '/') + new string('=', (4 - text.Length % 4) % 4);
        var bytes = new byte[padded.Length];
        if (!Convert.TryFromBase64String(padded, bytes, out var length)) return null;
        var parts = Encoding.UTF8.GetString(bytes, 0, length).Split('\n');
        return parts.Length == 3 && long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var ticks) && ticks <= DateTime.MaxValue.Ticks
            && !parts[1].Contains('\0') && !parts[2].Contains('\0')
            ? new(new DateTimeOffset(ticks, TimeSpan.Zero), parts[1], parts[2])
            : null;
    }
}

/// <summary>One order in a list.</summary>
public sealed record ListedOrder(
    string Brand, string Stream, string Number, string Status, string Channel, string Currency, decimal Total, DateTimeOffset PlacedAt,
    string? BuyerName, string? Email, string? Phone, string? Country, string? Location, int Units, string? Attention, bool Ended, DateTimeOffset UpdatedAt, bool Shadow)
{
    /// <summary>The channel's id, with the storefront's prefix: what follows <c>order/</c>.</summary>
    public string Id => Stream[(Stream.IndexOf('/', StringComparison.Ordinal) + 1)..];
}

/// <param name="Truncated">A search matched more orders than it looks at; only the newest are shown.</param>
public sealed record OrderPage(IReadOnlyList<ListedOrder> Rows, OrderCursor? Next, bool Truncated);

/// <summary>Lists and searches orders.</summary>
public sealed class OrderList(NpgsqlDataSource database)
{
    /// <summary>A search looks at this many matches; a term that finds more needs another letter.</summary>
    public const int SearchDepth = 500;

    /// <summary>Longest text that is looked for, and that an order is found by.</summary>
    internal const int LongestTerm = 200;

    internal const string Columns = """
        s.brand, s.stream, s.number, s.status, s.channel, s.currency, s.total, s.placed_at, s.buyer_name, s.email, s.phone,
        s.country, s.location, s.units, s.attention, s.ended, s.updated_at, s.shadow
        """;

    public async Task<OrderPage> PageAsync(OrderQuery query, CancellationToken cancel)
    {
        var terms = Terms(query.Text);
        if (query.Text is { Length: > 0 } && terms.Length == 0) return new([], null, false);
        var (rows, truncated) = terms.Length > 0 ? await SearchAsync(query, terms, cancel) : (await WalkAsync(query, cancel), false);
        var more = rows.Count > query.Size;
        if (more) rows.RemoveRange(query.Size, rows.Count - query.Size);
        return new(rows, more ? new(rows[^1].PlacedAt, rows[^1].Stream, rows[^1].Brand) : null, truncated);
    }

    public Task<ListedOrder?> FindAsync(string brand, string stream, CancellationToken cancel) =>
        // Index: stream_pkey.
        database.OneAsync($"SELECT {Columns} FROM stream s WHERE s.brand = $1 AND s.stream = $2 AND s.placed_at IS NOT NULL", Row, cancel, brand, stream);

    /// <summary>Numbers of those among these streams that are orders, as people know them.</summary>
    public async Task<IReadOnlyDictionary<(string Brand, string Stream), string>> NumbersAsync(IEnumerable<(string Brand, string Stream)> streams, CancellationToken cancel)
    {
        var asked = streams.Distinct().ToArray();
        if (asked.Length == 0) return new Dictionary<(string, string), string>();
        // Index: stream_pkey.
        var found = await database.ListAsync("SELECT s.brand, s.stream, s.number FROM unnest($1::text[], $2::text[]) a(brand, stream) JOIN stream s ON s.brand = a.brand AND s.stream = a.stream WHERE s.number IS NOT NULL",
            r => (Brand: r.GetString(0), Stream: r.GetString(1), Number: r.GetString(2)), cancel, asked.Select(a => a.Brand).ToArray(), asked.Select(a => a.Stream).ToArray());
        return found.ToDictionary(f => (f.Brand, f.Stream), f => f.Number);
    }

    /// <summary>What a person may have meant: the text itself, an order number without its sign, a phone number with blanks.</summary>
    internal static string[] Terms(string? text)
    {
        var term = text?.Trim().ToLowerInvariant() ?? "";
        if (term.Length is 0 or > LongestTerm || term.Contains('\0')) return [];
        var digits = new string([.. term.Where(char.IsAsciiDigit)]);
        var isPhone = digits.Length >= 6 && term.All(c => char.IsAsciiDigit(c) || c is '+' or ' ' or '-' or '(' or ')' or '.' or '/');
        return [.. new[] { term, term.StartsWith('#') ? term[1..] : "#" + term, isPhone ? "+" + digits.TrimStart('0') : term }.Where(t => t.Length > 0).Distinct()];
    }

    // A state tells whether the order moves, and the index of moving orders stays small: without this, asking a million orders
    // for a state that none has took 3.2 s, walking all of them.
    private static bool? Ended(OrderQuery query) => query.Ended ?? (query.Shadow ? (bool?)false : null) ?? (query.Status is { } status ? status is "closed" or "cancelled" : null);

    private static string Where(OrderQuery query) => $"""
        s.brand = b.brand AND s.placed_at IS NOT NULL
        {(Ended(query) is { } ended ? ended ? "AND s.ended" : "AND NOT s.ended" : "")}
        {(query.Attention ? "AND s.attention IS NOT NULL" : "")}
        {(query.Shadow ? "AND s.shadow" : "")}
        {(query.Status is null ? "" : "AND s.status = $5")}
        {(query.Channel is null ? "" : "AND s.channel = $6")}
        {(query.From is null ? "" : "AND s.placed_at >= $7")}
        {(query.Until is null ? "" : "AND s.placed_at < $8")}
        {(query.After is null ? "" : "AND s.placed_at <= $2 AND (s.placed_at < $2 OR (s.stream, s.brand) > ($3 COLLATE \"C\", $4 COLLATE \"C\"))")}
        """;

    private static Value[] Values(OrderQuery query) =>
    [
        query.Brands.ToArray(), query.After?.PlacedAt ?? DateTimeOffset.UnixEpoch, query.After?.Stream ?? "", query.After?.Brand ?? "",
        query.Status ?? "", query.Channel ?? "", query.From ?? DateTimeOffset.UnixEpoch, query.Until ?? DateTimeOffset.UnixEpoch, query.Size + 1,
    ];

    private Task<List<ListedOrder>> WalkAsync(OrderQuery query, CancellationToken cancel)
    {
        // Index per brand: stream_placed; stream_open when only moving orders are asked for; stream_attention for those that
        // need a person. Each is walked newest first and stops after a page, whatever the table holds.
        var sql = $"""
            SELECT {Columns} FROM unnest($1::text[]) b(brand) CROSS JOIN LATERAL (
                SELECT s.* FROM stream s WHERE {Where(query)} ORDER BY s.placed_at DESC, s.stream LIMIT $9) s
            ORDER BY s.placed_at DESC, s.stream, s.brand LIMIT $9
            """;
        return database.ListAsync(sql, Row, cancel, Values(query));
    }

    private async Task<(List<ListedOrder> Rows, bool Truncated)> SearchAsync(OrderQuery query, string[] terms, CancellationToken cancel)
    {
        // Index: lookup_pkey backwards, index only; stream_pkey for the channel's own id. U+10FFFF closes the prefix range: the collation is "C", so bytes decide.
        const string find = """
            SELECT DISTINCT h.brand, h.stream FROM unnest($1::text[]) b(brand) CROSS JOIN unnest($2::text[]) t(term) CROSS JOIN LATERAL (
                (SELECT l.brand, l.stream FROM lookup l WHERE l.brand = b.brand AND l.term = t.term COLLATE "C" ORDER BY l.stream DESC LIMIT $3)
                UNION ALL
                (SELECT l.brand, l.stream FROM lookup l WHERE l.brand = b.brand AND l.term > t.term COLLATE "C" AND l.term < (t.term || U&'\+10FFFF') COLLATE "C"
                 ORDER BY l.term DESC, l.stream DESC LIMIT $3)
                UNION ALL
                (SELECT o.brand, o.stream FROM stream o WHERE o.brand = b.brand AND o.stream = 'order/' || t.term)) h
            """;
        var found = await database.ListAsync(find, r => (Brand: r.GetString(0), Stream: r.GetString(1)), cancel, query.Brands.ToArray(), terms, SearchDepth);
        if (found.Count == 0) return ([], false);
        var sql = $"""
            SELECT {Columns} FROM unnest($1::text[], $10::text[]) b(brand, stream) CROSS JOIN LATERAL (
                SELECT s.* FROM stream s WHERE s.stream = b.stream AND {Where(query)}) s
            ORDER BY s.placed_at DESC, s.stream, s.brand LIMIT $9
            """;
        Value[] values = [.. Values(query), found.Select(f => f.Stream).ToArray()];
        values[0] = found.Select(f => f.Brand).ToArray();
        return (await database.ListAsync(sql, Row, cancel, values), found.Count >= SearchDepth);
    }

    internal static ListedOrder Row(NpgsqlDataReader r) => new(
        r.GetString(0), r.GetString(1), r.Text(2) ?? "", r.Text(3) ?? "", r.Text(4) ?? "", r.Text(5) ?? "", r.IsDBNull(6) ? 0 : r.GetDecimal(6), r.At(7),
        r.Text(8), r.Text(9), r.Text(10), r.Text(11), r.Text(12), r.MaybeInt(13) ?? 0, r.Text(14), r.GetBoolean(15), r.At(16), r.GetBoolean(17));
}
