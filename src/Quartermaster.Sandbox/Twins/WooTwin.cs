using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Quartermaster.Sandbox.Twins;

/// <summary>A WooCommerce shop in memory: takes orders, tells the hub by signed webhooks, and speaks the part of REST v3 that the connector uses.</summary>
[TwinOf("woocommerce")]
public sealed class WooTwin(TwinContext context) : ITwin
{
    private readonly Lock gate = new();
    private readonly SortedDictionary<long, WooOrder> orders = [];
    private readonly WooShelf shelf = new();
    private readonly WooHooks hooks = new(context);
    private long nextId = context.Clock.GetUtcNow().ToUnixTimeMilliseconds();

    public WooOrder? Find(long id)
    {
        lock (gate) return orders.GetValueOrDefault(id);
    }

    /// <summary>What the shop would sell of a SKU; null when it does not count it.</summary>
    public int? Units(string sku)
    {
        lock (gate) return shelf.Find(sku) is { IsCounted: true } product ? product.Units : null;
    }

    /// <summary>A shopper orders, and the hub hears <c>order.created</c>. Counted goods leave the shop's number when the order goes on.</summary>
    public WooOrder Place(NewOrder order)
    {
        lock (gate)
        {
            var placed = new WooOrder(order, Now());
            orders.Add(placed.Id, placed);
            Count(placed);
            hooks.Tell("order.created", WooJson.Order(placed));
            return placed;
        }
    }

    public void Pay(long id) => Change(id, order =>
    {
        if (order.Status is "pending" or "on-hold" or "failed") (order.Status, order.PaidAt) = ("processing", Now());
    });

    /// <summary>Staff picks another status in the shop's own pages.</summary>
    public void SetStatus(long id, string status) => Change(id, order => Become(order, status));

    /// <summary>Staff takes units off a line.</summary>
    public void Remove(long id, int line, int units) => Change(id, order => order.Lines[line].Current = Math.Max(0, order.Lines[line].Current - units));

    /// <summary>Gives money back: for units of a line, or for goodwill where there are none.</summary>
    public void Refund(long id, int line, int units, decimal? goodwill = null) => Change(id, order =>
    {
        var item = order.Lines[line];
        var amount = goodwill ?? Math.Round(item.Net / Math.Max(1, item.Current) * units, 2);
        order.RefundList.Add(goodwill is null
            ? new(nextId += 2, item, units, amount, ShopOrder.Contained(amount, order.Placed.TaxRate), Now())
            : new(nextId += 2, null, 0, amount, 0m, Now()));
        if (order.Refunds.Sum(r => r.Amount) >= order.Total) order.Status = "refunded";
    });

    /// <summary>To the bin, of which the hub hears nothing but the number.</summary>
    public void Bin(long id)
    {
        lock (gate)
        {
            if (!orders.TryGetValue(id, out var order)) return;
            (order.Status, order.ModifiedAt) = ("trash", Now());
            hooks.Tell("order.deleted", new JsonObject { ["id"] = id });
        }
    }

    /// <summary>Puts goods on sale and tells the hub.</summary>
    /// <param name="variationOf">Title of the product whose variation this is.</param>
    public WooProduct Stock(string sku, string title, int units, string? variationOf = null, bool counted = true)
    {
        lock (gate)
        {
            var product = shelf.Put(sku, title, units, variationOf, counted);
            hooks.Tell("product.created", shelf.Json(product, Now()));
            return product;
        }
    }

    /// <summary>Staff types another number into the shop's pages.</summary>
    public void Retype(string sku, int units)
    {
        lock (gate)
        {
            if (shelf.Find(sku) is not { } product) return;
            product.Units = units;
            TellOf(product);
        }
    }

    /// <summary>How the shop shows a product; null = it has none of that SKU.</summary>
    public WooProduct? Product(string sku)
    {
        lock (gate) return shelf.Find(sku);
    }

    /// <summary>Staff publishes a product, or takes it back to a draft.</summary>
    public void SetProductStatus(string sku, string status)
    {
        lock (gate)
        {
            if (shelf.Find(sku) is not { } product) return;
            product.Status = status;
            TellOf(product);
        }
    }

    /// <summary>The shop stops a webhook whose deliveries failed too often.</summary>
    public void Stop(string topic)
    {
        lock (gate) hooks.Stop(topic);
    }

    public void Map(IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/wp-json/wc/v3");
        Serve(api, "GET", "/orders", (http, _) => Orders(http));
        Serve(api, "GET", "/orders/{id:long}", (http, _) => Of(http, WooJson.Order));
        Serve(api, "PUT", "/orders/{id:long}", (http, asked) => Of(http, order => Update(order, asked), onMissing: 400));
        Serve(api, "GET", "/orders/{id:long}/refunds", (http, _) => Of(http, WooJson.Refunds));
        Serve(api, "GET", "/orders/{id:long}/notes", (http, _) => Of(http, WooJson.Notes));
        Serve(api, "POST", "/orders/{id:long}/notes", (http, asked) => Of(http, order =>
        {
            order.NoteList.Add(asked.GetProperty("note").GetString()!);
            return WooJson.Node(new { Id = order.Notes.Count, Note = order.Notes[^1] });
        }));
        foreach (var (path, of) in new (string, Func<HttpContext, long>)[] { ("/products", _ => 0L), ("/products/{id:long}/variations", IdOf) })
        {
            Serve(api, "GET", path, (http, _) => Paged(http, shelf.Page(of(http), http.Request.Query, Now())));
            Serve(api, "POST", path + "/batch", (http, asked) => shelf.Batch(of(http), asked, Now(), TellOf));
        }
        Serve(api, "GET", "/webhooks", (_, _) => (200, hooks.All()));
        Serve(api, "POST", "/webhooks", (_, asked) => (201, hooks.Add(asked)));
        Serve(api, "PUT", "/webhooks/{id:long}", (http, asked) => hooks.Update(IdOf(http), asked));
    }

    private void Change(long id, Action<WooOrder> how)
    {
        lock (gate)
        {
            if (!orders.TryGetValue(id, out var order)) return;
            order.ModifiedAt = Now();
            how(order);
            Count(order);
            hooks.Tell("order.updated", WooJson.Order(order));
        }
    }

    // As the shop does: off the number when the order goes on, back on it when it is cancelled, and the product is told each time.
    private void Count(WooOrder order)
    {
        var takes = order.Status is "processing" or "on-hold" or "completed";
        if (order.TookStock == takes || !takes && order.Status is not ("cancelled" or "pending")) return;
        order.TookStock = takes;
        foreach (var line in order.Lines)
        {
            if (shelf.Find(line.Placed.Sku) is not { IsCounted: true } product) continue;
            product.Units += takes ? -line.Current : line.Current;
            TellOf(product);
        }
    }

    private void TellOf(WooProduct product) => hooks.Tell("product.updated", shelf.Json(product, Now()));

    private JsonNode Update(WooOrder order, JsonElement asked)
    {
        Change(order.Id, o =>
        {
            if (asked.TryGetProperty("status", out var status)) Become(o, status.GetString()!);
            if (asked.TryGetProperty("meta_data", out var entries))
                foreach (var entry in entries.EnumerateArray()) o.MetaData[entry.GetProperty("key").GetString()!] = entry.GetProperty("value").GetRawText();
        });
        return WooJson.Order(order);
    }

    // As the shop does: what is completed without having been paid counts as paid from then on.
    private void Become(WooOrder order, string status)
    {
        if (order.Status == status) return;
        order.Status = status;
        if (status == "completed") order.CompletedAt = Now();
        if (status == "completed" || status == "processing" && order.PaymentMethod != "cod") order.PaidAt ??= Now();
    }

    private (int, JsonNode) Orders(HttpContext http)
    {
        var query = http.Request.Query;
        var (size, page) = (WooShelf.Number(query, "per_page", 10), WooShelf.Number(query, "page", 1));
        var found = orders.Values.Where(o => o.Status != "trash")
            .Where(o => query["status"].ToString() is "" or "any" || o.Status == query["status"])
            .Where(o => After(query, "modified_after", o.ModifiedAt) && After(query, "after", o.PlacedAt) && !(query.ContainsKey("before") && After(query, "before", o.PlacedAt.AddSeconds(1)))).ToList();
        return Paged(http, (new JsonArray([.. found.Skip((page - 1) * size).Take(size).Select(WooJson.Order)]), found.Count));
    }

    private static bool After(IQueryCollection query, string name, DateTimeOffset at) =>
        !query.TryGetValue(name, out var given) || at > DateTimeOffset.Parse(given.ToString(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

    private static (int, JsonNode) Paged(HttpContext http, (JsonNode Body, int Total) page)
    {
        http.Response.Headers["X-WP-Total"] = page.Total.ToString(CultureInfo.InvariantCulture);
        return (200, page.Body);
    }

    private (int, JsonNode) Of(HttpContext http, Func<WooOrder, JsonNode> answer, int onMissing = 404) =>
        orders.TryGetValue(IdOf(http), out var order) ? (200, answer(order)) : (onMissing, WooJson.Error("woocommerce_rest_shop_order_invalid_id", "Invalid ID.", onMissing));

    private static long IdOf(HttpContext http) => long.Parse((string)http.Request.RouteValues["id"]!, NumberStyles.None, CultureInfo.InvariantCulture);

    private void Serve(IEndpointRouteBuilder routes, string method, string path, Func<HttpContext, JsonElement, (int, JsonNode)> answer) =>
        routes.MapMethods(path, [method], async (HttpContext http) =>
        {
            using var body = new MemoryStream();
            await http.Request.Body.CopyToAsync(body, http.RequestAborted).ConfigureAwait(false);
            var (status, said) = Answer(http, body.ToArray(), answer);
            http.Response.StatusCode = status;
            http.Response.ContentType = "application/json; charset=UTF-8";
            await http.Response.Body.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(said), http.RequestAborted).ConfigureAwait(false);
        });

    private (int, JsonNode) Answer(HttpContext http, byte[] body, Func<HttpContext, JsonElement, (int, JsonNode)> answer)
    {
        var keys = $"{context.Settings.GetValueOrDefault("consumer_key")}:{context.Settings.GetValueOrDefault("consumer_secret")}";
        var inAddress = $"{http.Request.Query["consumer_key"]}:{http.Request.Query["consumer_secret"]}";
        if (inAddress != keys && http.Request.Headers.Authorization != "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(keys)))
            return (401, WooJson.Error("woocommerce_rest_authentication_error", "Invalid signature - provided signature does not match.", 401));
        try
        {
            using var asked = JsonDocument.Parse(body.Length == 0 ? "{}"u8.ToArray() : body);
            lock (gate) return answer(http, asked.RootElement);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return (400, WooJson.Error("rest_invalid_param", e.Message, 400));
        }
    }

    // The shop's times have whole seconds; a twin that knew more would hide what that does to versions.
    private DateTimeOffset Now() => DateTimeOffset.FromUnixTimeSeconds(context.Clock.GetUtcNow().ToUnixTimeSeconds());
}
