using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Quartermaster.Sandbox.Twins;

/// <summary>What a WooCommerce shop sells and how many it has. Guarded by the twin's lock.</summary>
internal sealed class WooShelf
{
    private const int MostInABatch = 100;
    private readonly SortedDictionary<long, WooProduct> products = [];

    public static long IdOf(string sku) => 1000 + (long)(Knobs.Hash(sku) % 1_000_000_000);

    public WooProduct? Find(string sku) => products.GetValueOrDefault(IdOf(sku));

    public WooProduct Put(string sku, string title, int units, string? variationOf, bool counted)
    {
        var parent = 0L;
        if (variationOf is not null)
        {
            parent = IdOf(variationOf);
            products.TryAdd(parent, new(parent, 0, "", variationOf, counted: false, 0));
        }
        return products[IdOf(sku)] = new(IdOf(sku), parent, sku, title, counted, units);
    }

    public JsonNode Json(WooProduct product, DateTimeOffset now) => WooJson.Product(product, products.Values.Where(p => p.Parent == product.Id), now);

    /// <summary>A page of products, or of one product's variations.</summary>
    public (JsonNode Body, int Total) Page(long parent, IQueryCollection query, DateTimeOffset now)
    {
        var found = products.Values.Where(p => p.Parent == parent);
        if (query["include"].ToString() is { Length: > 0 } include)
        {
            var ids = include.Split(',').Select(id => long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0).ToHashSet();
            found = found.Where(p => ids.Contains(p.Id));
        }
        var all = found.ToList();
        var (size, page) = (Number(query, "per_page", 10), Number(query, "page", 1));
        return (new JsonArray([.. all.Skip((page - 1) * size).Take(size).Select(p => Json(p, now))]), all.Count);
    }

    /// <summary><c>{"update":[{"id":1,"stock_quantity":2}]}</c>; what is wrong with one entry stands in its place of the answer.</summary>
    public (int Status, JsonNode Body) Batch(long parent, JsonElement asked, DateTimeOffset now, Action<WooProduct> tell)
    {
        var updates = asked.GetProperty("update").EnumerateArray().ToList();
        if (updates.Count > MostInABatch) return (413, WooJson.Error("woocommerce_rest_request_entity_too_large", "Unable to accept more than 100 items for this request.", 413));
        var done = new JsonArray();
        foreach (var update in updates)
        {
            var id = update.GetProperty("id").GetInt64();
            if (!products.TryGetValue(id, out var product) || product.Parent != parent)
            {
                done.Add(new JsonObject { ["id"] = id, ["error"] = WooJson.Error("woocommerce_rest_product_invalid_id", "Invalid ID.", 400) });
                continue;
            }
            // A number for what is not counted is passed over without a word.
            if (product.IsCounted && update.TryGetProperty("stock_quantity", out var units)) product.Units = units.GetInt32();
            if (update.TryGetProperty("catalog_visibility", out var visibility)) product.Visibility = visibility.GetString()!;
            tell(product);
            done.Add(Json(product, now));
        }
        return (200, new JsonObject { ["update"] = done });
    }

    public static int Number(IQueryCollection query, string name, int otherwise) =>
        int.TryParse(query[name], NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number : otherwise;
}
