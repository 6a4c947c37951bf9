using Npgsql;
using Quartermaster.Core.Codes;
using Quartermaster.Core.Flows;
using Quartermaster.Core.Kernel;

namespace Quartermaster.Runtime.ReadModels;

/// <summary>A code that orders wait to be told the meaning of, at one channel.</summary>
public sealed record UnknownCode(string Brand, string Code, string Channel, string Title, long Orders, long Units, DateTimeOffset Since);

/// <summary>What a code means at a channel; empty = at all that have no meaning of their own.</summary>
public sealed record MeaningRow(string Brand, string Code, string Channel, IReadOnlyList<Part> Parts, string By, DateTimeOffset At);

/// <summary>Place in a list in order of code; a code may mean something in several brands.</summary>
public sealed record CodeCursor(string Code, string Brand)
{
    // A brand's name has no slash; a code may.
    public override string ToString() => $"{Brand}/{Code}";

    /// <summary>Reads what <see cref="ToString"/> wrote; null when somebody made it up.</summary>
    public static CodeCursor? Read(string? text) =>
        text?.Split('/', 2) is [{ Length: > 0 } brand, { Length: > 0 } code] && !text.Contains('\0') ? new(code, brand) : null;
}

/// <param name="Next">Null at the end.</param>
public sealed record MeaningPage(IReadOnlyList<MeaningRow> Rows, CodeCursor? Next);

/// <summary>What saying something of a code would lead to.</summary>
/// <param name="Change">Open orders that would read it anew.</param>
/// <param name="Keep">Open orders that a warehouse has, or that have left in part.</param>
/// <param name="More">There are more open orders than were looked at.</param>
public sealed record CodeImpact(IReadOnlyList<TouchedOrder> Change, IReadOnlyList<TouchedOrder> Keep, bool More, IReadOnlyList<PartStock> Parts, IReadOnlyList<ListingImpact> Listings)
{
    /// <summary>SKUs that nobody ever counted and nobody said are ours.</summary>
    public IEnumerable<string> Strangers => Parts.Where(p => !p.Ours).Select(p => p.Sku);
}

public sealed record TouchedOrder(string Stream, string Number, string Status);

/// <param name="Available">Over all locations; null = never counted.</param>
/// <param name="Ours">It was counted once, or a person said that it is a SKU of ours.</param>
public sealed record PartStock(string Sku, int Units, int? Available, bool Ours);

/// <param name="Known">What the channel has as far as we know.</param>
/// <param name="Would">What it would be told; null = nothing, because a part was never counted or the channel is told no numbers.</param>
public sealed record ListingImpact(string Connection, string Item, string Title, int? Known, int? Would);

/// <summary>Reads what codes mean, which of them nobody knows, and what a word about one would do.</summary>
public sealed class CodeReads(NpgsqlDataSource database, HubPlan plan)
{
    private const int MostOrders = 2000, MostNamed = 50_000;

    private static readonly OrderStream Orders = new();

    /// <summary>Most waited for first.</summary>
    public Task<List<UnknownCode>> UnknownAsync(IReadOnlyList<string> brands, int skip, int size, CancellationToken cancel) =>
        // Holds waiting orders alone.
        database.ListAsync("""
            SELECT brand, code, channel, max(title), count(*), sum(units), min(since) FROM code_waiting WHERE brand = ANY ($1)
            GROUP BY brand, code, channel ORDER BY count(*) DESC, min(since), code LIMIT $2 OFFSET $3
            """, r => new UnknownCode(r.GetString(0), r.GetString(1), r.GetString(2), r.GetString(3), r.GetInt64(4), r.GetInt64(5), r.At(6)), cancel, brands.ToArray(), size, skip);

    public async Task<long> UnknownCountAsync(IReadOnlyList<string> brands, CancellationToken cancel) =>
        (await database.ListAsync("SELECT count(DISTINCT (brand, code)) FROM code_waiting WHERE brand = ANY ($1)", r => r.GetInt64(0), cancel, brands.ToArray()))[0];

    /// <summary>In order of code. A text finds codes that begin with it, and all that mean the SKU of that name.</summary>
    /// <param name="size">Codes, one in two brands being two; each comes with all its channels.</param>
    public async Task<MeaningPage> MeaningsAsync(IReadOnlyList<string> brands, string? text, CodeCursor? after, int size, CancellationToken cancel)
    {
        // Indexes: meaning_pkey, meaning_sku.
        var rows = await database.ListAsync("""
            SELECT m.brand, m.code, m.channel, m.sku, m.units, m.by_whom, m.at FROM meaning m JOIN (
              SELECT DISTINCT brand, code FROM meaning WHERE brand = ANY ($1) AND code >= $3 COLLATE "C" AND (code, brand) > ($3 COLLATE "C", $4 COLLATE "C") AND ($2 = '' OR starts_with(lower(code), lower($2)) OR sku = $2) ORDER BY code, brand LIMIT $5) k USING (brand, code)
            ORDER BY m.code, m.brand, m.channel, m.sku
            """, r => (Brand: r.GetString(0), Code: r.GetString(1), Channel: r.GetString(2), Part: new Part(r.GetString(3), r.GetInt32(4)), By: r.GetString(5), At: r.At(6)), cancel, brands.ToArray(), text?.Trim() ?? "", after?.Code ?? "", after?.Brand ?? "", size);
        return new(
            [.. rows.GroupBy(r => (r.Brand, r.Code, r.Channel)).Select(g => new MeaningRow(g.Key.Brand, g.Key.Code, g.Key.Channel, [.. g.Select(x => x.Part)], g.First().By, g.First().At))],
            rows.Select(r => (r.Brand, r.Code)).Distinct().Count() >= size ? new(rows[^1].Code, rows[^1].Brand) : null);
    }

    /// <summary>Everything that was said of one code, by which it can be undone.</summary>
    public async Task<SoldCode> OfAsync(string brand, string code, CancellationToken cancel)
    {
        var kind = new CodeStream();
        var found = await database.ListAsync("SELECT state FROM stream WHERE brand = $1 AND stream = $2", r => (SoldCode)kind.Load(r.GetFieldValue<byte[]>(0)), cancel, brand, new StreamId(brand, CodeStream.Name, code).Key);
        return found.Count == 0 ? SoldCode.Unheard : found[0];
    }

    /// <summary>The brand's SKUs with what a channel calls them, to compare an unknown code with.</summary>
    public async Task<Matcher> MatcherAsync(string brand, CancellationToken cancel) =>
        // Indexes: position_pkey, listing_sku.
        new(await database.ListAsync("""
            SELECT p.sku, coalesce((SELECT l.title FROM listing l WHERE l.brand = $1 AND l.sku = p.sku ORDER BY l.connection LIMIT 1), '') FROM (SELECT DISTINCT sku FROM position WHERE brand = $1 ORDER BY sku LIMIT $2) p
            """, r => new NamedSku(r.GetString(0), r.GetString(1)), cancel, brand, MostNamed));

    /// <param name="parts">None = nothing is said of it any more.</param>
    public async Task<CodeImpact> ImpactAsync(string brand, string code, string channel, IReadOnlyList<Part> parts, CancellationToken cancel)
    {
        var stock = await StockAsync(brand, parts, cancel);
        var others = await database.ListAsync("SELECT DISTINCT channel FROM meaning WHERE brand = $1 AND code = $2 AND channel <> ''", r => r.GetString(0), cancel, brand, code);
        // With nothing said of it, it is the SKU of that name if we have one.
        if (parts.Count == 0 && (await StockAsync(brand, [new(code, 1)], cancel))[0].Available is not null) parts = [new(code, 1)];
        var change = new MeaningChange(code, channel, parts, others);
        // Indexes: lookup_pkey, stream_pkey.
        var open = await database.ListAsync("""
            SELECT s.stream, s.number, s.status, s.state FROM lookup l CROSS JOIN LATERAL (SELECT stream, number, status, state FROM stream x WHERE x.brand = l.brand AND x.stream = l.stream AND x.placed_at IS NOT NULL AND NOT x.ended OFFSET 0) s
            WHERE l.brand = $1 AND l.term = $2 LIMIT $3
            """, r => (Order: new TouchedOrder(r.GetString(0), r.Text(1) ?? r.GetString(0), r.Text(2) ?? ""), Fate: change.Of((OrderFile)Orders.Load(r.GetFieldValue<byte[]>(3)))), cancel, brand, code.ToLowerInvariant(), MostOrders + 1);
        return new([.. open.Where(o => o.Fate == OrderFate.Changes).Select(o => o.Order)], [.. open.Where(o => o.Fate == OrderFate.Keeps).Select(o => o.Order)], open.Count > MostOrders, stock, await ListingsAsync(brand, change, cancel));
    }

    /// <summary>Of these SKUs, those that nobody ever counted and nobody said are ours.</summary>
    public async Task<IReadOnlyList<string>> StrangersAsync(string brand, IReadOnlyList<Part> parts, CancellationToken cancel) =>
        [.. (await StockAsync(brand, parts, cancel)).Where(p => !p.Ours).Select(p => p.Sku)];

    private async Task<List<PartStock>> StockAsync(string brand, IReadOnlyList<Part> parts, CancellationToken cancel) =>
        await database.ListAsync("""
            SELECT u.sku, u.units, (SELECT sum(greatest(0, p.on_hand - p.reserved - p.safety))::int FROM position p WHERE p.brand = $1 AND p.sku = u.sku),
              EXISTS (SELECT 1 FROM position p WHERE p.brand = $1 AND p.sku = u.sku) OR EXISTS (SELECT 1 FROM meaning m WHERE m.brand = $1 AND m.code = u.sku AND m.sku = u.sku)
            FROM unnest($2::text[], $3::int[]) AS u(sku, units)
            """, r => new PartStock(r.GetString(0), r.GetInt32(1), r.MaybeInt(2), r.GetBoolean(3)), cancel, brand, parts.Select(p => p.Sku).ToArray(), parts.Select(p => p.Units).ToArray());

    private async Task<List<ListingImpact>> ListingsAsync(string brand, MeaningChange change, CancellationToken cancel)
    {
        // Index: listing_sku.
        var listings = await database.ListAsync("SELECT connection, item, place, title, known FROM listing WHERE brand = $1 AND sku = $2 ORDER BY connection, item, place LIMIT 200",
            r => (Connection: r.GetString(0), Item: r.GetString(1), Place: r.GetString(2), Title: r.GetString(3), Known: r.MaybeInt(4)), cancel, brand, change.Code);
        if (listings.Count == 0) return [];
        var positions = (await database.ListAsync("SELECT sku, location, greatest(0, on_hand - reserved - safety) FROM position WHERE brand = $1 AND sku = ANY ($2)", r => (Sku: r.GetString(0), Location: r.GetString(1), Units: r.GetInt32(2)), cancel, brand, change.Parts.Select(p => p.Sku).ToArray()))
            .ToDictionary(p => (p.Sku, p.Location), p => p.Units);
        return [.. listings.Where(l => change.Concerns(l.Connection)).Select(l => new ListingImpact(l.Connection, l.Item, l.Title, l.Known, Would(brand, l.Connection, l.Place, change.Parts, positions)))];
    }

    private int? Would(string brand, string connection, string place, IReadOnlyList<Part> parts, Dictionary<(string, string), int> positions)
    {
        if (parts.Count == 0 || !plan.Connections.TryGetValue(connection, out var at) || at.Stock is not { } terms) return null;
        var whole = int.MaxValue;
        foreach (var part in parts)
        {
            int? units = null;
            foreach (var (_, location) in at.Shelves(plan.Brands[brand].Terms).Where(s => s.Place == place))
                if (positions.TryGetValue((part.Sku, location), out var there)) units = (units ?? 0) + there;
            if (units is not { } counted) return null;
            whole = int.Min(whole, counted / part.Units);
        }
        return terms.Sellable(whole);
    }
}
