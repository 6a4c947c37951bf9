using System.Text.Json;

namespace Quartermaster.Sandbox.Twins;

/// <summary>What a Shopify shop may sell, by inventory item and location. Guarded by the twin's lock.</summary>
/// <param name="tell">Called with item, location and the new number after every change.</param>
internal sealed class ShopShelves(Action<long, string, int> tell)
{
    private readonly Dictionary<long, string> statuses = [];
    private readonly Dictionary<long, NewLine> products = [];
    private readonly Dictionary<(long Item, string Location), int> levels = [];

    public void Know(NewLine product) => products[ItemOf(product.Sku)] = product;

    public int Of(string sku, string location) => levels.GetValueOrDefault((ItemOf(sku), location));

    /// <summary>A person changes the number in the shop's pages.</summary>
    public void Set(string sku, string location, int units) => Set((ItemOf(sku), location), units);

    /// <summary>Units of an order are committed where most are left; nothing happens in a shop that nobody has given stock.</summary>
    public void Sell(string sku, int units)
    {
        var item = ItemOf(sku);
        (long, string)? most = null;
        foreach (var (key, left) in levels)
            if (key.Item == item && (most is null || left > levels[most.Value])) most = key;
        if (most is { } at) Set(at, levels[at] - units);
    }

    public object SetQuantities(JsonElement variables)
    {
        List<object> errors = [];
        List<((long Item, string Location) Key, int Units)> changes = [];
        var index = 0;
        foreach (var wanted in variables.GetProperty("input").GetProperty("quantities").EnumerateArray())
        {
            var key = (Item: ShopifyTwin.IdOf(wanted.GetProperty("inventoryItemId").GetString()!), Location: wanted.GetProperty("locationId").GetString()!.Split('/')[^1]);
            if (!products.ContainsKey(key.Item)) errors.Add(Error(index, "inventoryItemId", "INVALID_INVENTORY_ITEM", "The specified inventory item could not be found."));
            else if (wanted.GetProperty("changeFromQuantity") is { ValueKind: JsonValueKind.Number } from && from.GetInt32() != levels.GetValueOrDefault(key))
                errors.Add(Error(index, "changeFromQuantity", "CHANGE_FROM_QUANTITY_STALE", "The changeFromQuantity value does not match persisted value."));
            else changes.Add((key, wanted.GetProperty("quantity").GetInt32()));
            index++;
        }
        if (errors.Count == 0) foreach (var (key, units) in changes) Set(key, units);
        return new { UserErrors = errors };
    }

    public object?[] Items(JsonElement variables)
    {
        var at = variables.GetProperty("at").GetString()!.Split('/')[^1];
        return [.. variables.GetProperty("ids").EnumerateArray().Select(id => ShopifyTwin.IdOf(id.GetString()!)).Select(item => !products.ContainsKey(item) ? null
            : new { Id = ShopJson.Gid("InventoryItem", item), Tracked = true, InventoryLevel = new { Quantities = Available(levels.GetValueOrDefault((item, at))) } })];
    }

    public object Catalogue(JsonElement variables)
    {
        var at = variables.GetProperty("at").GetString()!.Split('/')[^1];
        var first = variables.GetProperty("first").GetInt32();
        var skip = variables.TryGetProperty("after", out var after) && after.ValueKind == JsonValueKind.String ? int.Parse(after.GetString()!, System.Globalization.CultureInfo.InvariantCulture) : 0;
        return new
        {
            InventoryLevels = new
            {
                PageInfo = new { HasNextPage = products.Count > skip + first, EndCursor = (skip + first).ToString(System.Globalization.CultureInfo.InvariantCulture) },
                Nodes = products.OrderBy(p => p.Key).Skip(skip).Take(first).Select(p => new
                {
                    Quantities = Available(levels.GetValueOrDefault((p.Key, at))),
                    Item = new { Id = ShopJson.Gid("InventoryItem", p.Key), p.Value.Sku, Tracked = true, Variants = new { Nodes = new[] { new { Title = "Default Title", Product = new { Id = ShopJson.Gid("Product", p.Key - 2), p.Value.Title } } } } },
                }).ToArray(),
            },
        };
    }

    /// <summary>What the shop's owner wrote of each product.</summary>
    public object Goods(JsonElement variables)
    {
        var first = variables.GetProperty("first").GetInt32();
        var skip = variables.TryGetProperty("after", out var after) && after.ValueKind == JsonValueKind.String ? int.Parse(after.GetString()!, System.Globalization.CultureInfo.InvariantCulture) : 0;
        return new
        {
            PageInfo = new { HasNextPage = products.Count > skip + first, EndCursor = (skip + first).ToString(System.Globalization.CultureInfo.InvariantCulture) },
            Nodes = products.OrderBy(p => p.Key).Skip(skip).Take(first).Select(p => new
            {
                Id = ShopJson.Gid("InventoryItem", p.Key), p.Value.Sku, HarmonizedSystemCode = p.Value.Tariff, CountryCodeOfOrigin = p.Value.Origin,
                Measurement = new { Weight = new { Unit = "GRAMS", Value = p.Value.Grams } },
            }).ToArray(),
        };
    }

    /// <summary>The product's status: <c>ACTIVE</c> unless somebody changed it.</summary>
    public string StatusOf(string sku) => statuses.GetValueOrDefault(ShopJson.VariantOf(sku), "ACTIVE");

    public void SetStatus(string sku, string status) => statuses[ShopJson.VariantOf(sku)] = status;

    public object?[] Products(JsonElement variables) =>
        [.. variables.GetProperty("ids").EnumerateArray().Select(id => Find(id.GetString()!) is { } product ? Json(product) : null)];

    public object Update(JsonElement asked)
    {
        if (Find(asked.GetProperty("id").GetString()!) is not { } product) return new { Product = (object?)null, UserErrors = new[] { new { Field = new[] { "id" }, Message = "Product does not exist" } } };
        SetStatus(product.Sku, asked.GetProperty("status").GetString()!);
        return new { Product = Json(product), UserErrors = Array.Empty<object>() };
    }

    private NewLine? Find(string gid) => products.GetValueOrDefault(ShopifyTwin.IdOf(gid) + 2);

    private object Json(NewLine product) => new { Id = ShopJson.Gid("Product", ShopJson.VariantOf(product.Sku)), Status = StatusOf(product.Sku) };

    private void Set((long Item, string Location) key, int units)
    {
        levels[key] = units;
        tell(key.Item, key.Location, units);
    }

    private static long ItemOf(string sku) => ShopJson.VariantOf(sku) + 2;

    private static object[] Available(int units) => [new { Name = "available", Quantity = units }];

    private static object Error(int index, string member, string code, string message) =>
        new { Field = new[] { "input", "quantities", index.ToString(System.Globalization.CultureInfo.InvariantCulture), member }, Code = code, Message = message };
}
