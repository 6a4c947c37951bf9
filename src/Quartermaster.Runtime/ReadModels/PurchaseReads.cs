using Npgsql;
using Quartermaster.Core.Flows;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Purchasing;
using Quartermaster.Runtime.Replenishment;

namespace Quartermaster.Runtime.ReadModels;

/// <summary>A purchase order as lists show it.</summary>
/// <param name="State">draft, ordered, received, closed_short, rejected.</param>
/// <param name="Missing">Units that are ordered and have not come.</param>
public sealed record PurchaseRow(string Brand, string Number, string State, string Supplier, string Title, string Location, string Currency, decimal Total, int Units, int Missing, DateTimeOffset DraftedAt, DateTimeOffset? ExpectedAt, bool Late, bool Sent);

/// <param name="State">As of <see cref="PurchaseRow"/>: draft or ordered.</param>
/// <param name="Units">To be ordered, or still to come.</param>
public sealed record PurchaseOfSku(string Brand, string Sku, string Number, string State, string Location, int Units, DateTimeOffset? ExpectedAt, bool Late);

/// <param name="Skus">How many SKUs are bought from it.</param>
public sealed record SupplierRow(string Brand, SupplierTerms Supplier, int Skus);

public sealed record SkuTermsRow(string Brand, string Sku, SkuTerms Terms, string? SupplierTitle);

/// <summary>A SKU that is low, with what is known of it now.</summary>
public sealed record LowRow(string Brand, DateTimeOffset Since, string Why, SkuFigures Figures);

/// <summary>Reads what is low and what is bought.</summary>
public sealed class PurchaseReads(NpgsqlDataSource database, HubPlan plan, TimeProvider clock)
{
    internal const string TermsColumns = "t.supplier, t.their_sku, coalesce(t.pack, 1), coalesce(t.least, 0), coalesce(t.unit_cost, 0), t.lead_days, t.low_units, t.low_days, coalesce(t.quiet, false), v.title, v.email, v.lead_days, v.min_order, v.currency";

    private const string Columns = "brand, id, state, supplier, title, location, currency, total, units, missing, drafted_at, expected_at, late, sent";

    /// <summary>Newest first.</summary>
    /// <param name="state">Null = those that are open: drafts and what is ordered.</param>
    public Task<List<PurchaseRow>> ListAsync(IReadOnlyList<string> brands, string? state, string? supplier, int size, CancellationToken cancel) =>
        // Index: purchase_open, or purchase_pkey for what has ended; a purchase order is weeks of goods, so there are few.
        database.ListAsync($"""
            SELECT {Columns} FROM purchase WHERE brand = ANY ($1) AND ($2 = '' AND state IN ('draft', 'ordered') OR state = $2 OR $2 = 'all') AND ($3 = '' OR supplier = $3)
            ORDER BY (state = 'draft') DESC, length(id) DESC, id DESC LIMIT $4
            """, Row, cancel, brands.ToArray(), state ?? "", supplier ?? "", size);

    public async Task<(PurchaseRow Row, PurchaseOrder Order)?> FindAsync(string brand, string number, CancellationToken cancel)
    {
        if (await database.OneAsync($"SELECT {Columns} FROM purchase WHERE brand = $1 AND id = $2", Row, cancel, brand, number) is not { } row) return null;
        return await new StreamHistory(database).StateAsync(brand, "purchase/" + number, cancel) is { } state ? (row, (PurchaseOrder)new PurchaseStream().Load(state.State)) : null;
    }

    /// <summary>Drafts and purchase orders on which these SKUs stand, soonest first.</summary>
    public Task<List<PurchaseOfSku>> OfSkusAsync(string brand, IReadOnlyList<string> skus, CancellationToken cancel) =>
        // Indexes: purchase_line_sku for what is to come, drafted_pkey for drafts.
        database.ListAsync("""
            SELECT l.brand, l.sku, p.id, p.state, p.location, l.missing, p.expected_at, p.late FROM purchase_line l JOIN purchase p ON p.brand = l.brand AND p.id = l.purchase WHERE l.brand = $1 AND l.sku = ANY ($2) AND l.missing > 0
            UNION ALL
            SELECT d.brand, d.sku, p.id, p.state, p.location, l.quantity, NULL, false FROM drafted d JOIN purchase p ON p.brand = d.brand AND p.id = d.purchase JOIN purchase_line l ON l.brand = d.brand AND l.purchase = p.id AND l.sku = d.sku
            WHERE d.brand = $1 AND d.sku = ANY ($2) AND d.until IS NULL AND p.state = 'draft'
            ORDER BY 7 NULLS LAST, 3
            """, r => new PurchaseOfSku(r.GetString(0), r.GetString(1), r.GetString(2), r.GetString(3), r.GetString(4), r.GetInt32(5), r.MaybeAt(6), r.GetBoolean(7)), cancel, brand, skus.ToArray());

    public Task<List<SupplierRow>> SuppliersAsync(IReadOnlyList<string> brands, CancellationToken cancel) =>
        database.ListAsync("""
            SELECT v.brand, v.code, v.title, v.email, v.lead_days, v.min_order, v.currency, (SELECT count(*) FROM sku_terms t WHERE t.brand = v.brand AND t.supplier = v.code)::int
            FROM supplier v WHERE v.brand = ANY ($1) ORDER BY v.brand, v.title
            """, r => new SupplierRow(r.GetString(0), new(r.GetString(1), r.GetString(2), r.Text(3), r.GetInt32(4), r.GetDecimal(5), r.GetString(6)), r.GetInt32(7)), cancel, brands.ToArray());

    /// <summary>In order of SKU, by its beginning.</summary>
    public Task<List<SkuTermsRow>> TermsAsync(IReadOnlyList<string> brands, string sku, string? after, int size, CancellationToken cancel) =>
        // Index: sku_terms_pkey, walked from the last SKU shown.
        database.ListAsync($"""
            SELECT {TermsColumns}, t.brand, t.sku FROM sku_terms t LEFT JOIN supplier v ON v.brand = t.brand AND v.code = t.supplier
            WHERE t.brand = ANY ($1) AND t.sku >= $2 COLLATE "C" AND t.sku < ($2 || U&'\+10FFFF') COLLATE "C" AND t.sku > $3 COLLATE "C" ORDER BY t.sku, t.brand LIMIT $4
            """, r => new SkuTermsRow(r.GetString(14), r.GetString(15), Terms(r, 0), r.Text(9)), cancel, brands.ToArray(), sku, after ?? "", size);

    /// <summary>SKUs that were told as low and have not recovered, those that last the shortest first.</summary>
    public async Task<IReadOnlyList<LowRow>> LowAsync(IReadOnlyList<string> brands, CancellationToken cancel)
    {
        var low = await database.ListAsync("SELECT brand, sku, since, why FROM low_stock WHERE brand = ANY ($1)", r => (Brand: r.GetString(0), Sku: r.GetString(1), Since: r.At(2), Why: r.GetString(3)), cancel, brands.ToArray());
        List<LowRow> rows = [];
        foreach (var brand in low.GroupBy(l => l.Brand))
        {
            var figures = (await FiguresAsync(brand.Key, [.. brand.Select(l => l.Sku)], cancel)).ToDictionary(f => f.Sku);
            rows.AddRange(brand.Where(l => figures.ContainsKey(l.Sku)).Select(l => new LowRow(l.Brand, l.Since, l.Why, figures[l.Sku])));
        }
        return [.. rows.OrderBy(r => r.Figures.Cover ?? decimal.MaxValue).ThenBy(r => r.Figures.Sku, StringComparer.Ordinal)];
    }

    public async Task<IReadOnlyList<SkuFigures>> FiguresAsync(string brand, IReadOnlyList<string> skus, CancellationToken cancel)
    {
        if (!plan.Brands.TryGetValue(brand, out var of)) return [];
        await using var connection = await database.OpenConnectionAsync(cancel);
        List<SkuFigures> all = [];
        await foreach (var one in Figures.ReadAsync(connection, of.Terms, [.. skus], clock.GetUtcNow(), cancel)) all.Add(one);
        return all;
    }

    internal static SkuTerms Terms(NpgsqlDataReader r, int at) => new(r.Text(at), r.Text(at + 1), r.GetInt32(at + 2), r.GetInt32(at + 3), r.GetDecimal(at + 4), r.MaybeInt(at + 5), r.MaybeInt(at + 6), r.IsDBNull(at + 7) ? null : r.GetDecimal(at + 7), r.GetBoolean(at + 8));

    internal static SupplierTerms? Supplier(NpgsqlDataReader r, int at) => r.IsDBNull(at + 9) ? null : new(r.GetString(at), r.GetString(at + 9), r.Text(at + 10), r.GetInt32(at + 11), r.GetDecimal(at + 12), r.GetString(at + 13));

    private static PurchaseRow Row(NpgsqlDataReader r) => new(r.GetString(0), r.GetString(1), r.GetString(2), r.GetString(3), r.GetString(4), r.GetString(5), r.GetString(6), r.GetDecimal(7), r.GetInt32(8), r.GetInt32(9), r.At(10), r.MaybeAt(11), r.GetBoolean(12), r.GetBoolean(13));
}
