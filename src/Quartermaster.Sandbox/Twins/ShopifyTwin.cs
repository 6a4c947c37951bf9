using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Quartermaster.Sandbox.Twins;

/// <summary>A Shopify shop in memory: takes orders, tells the hub by signed webhooks, and speaks the part of the Admin GraphQL API that the connector uses.</summary>
[TwinOf("shopify")]
public sealed class ShopifyTwin : ITwin
{
    private const int Kept = 20_000;

    private readonly TwinContext context;
    private readonly ShopShelves shelves;

    private readonly Lock gate = new();
    private readonly Dictionary<long, ShopOrder> orders = [];
    private readonly Queue<long> oldest = new();
    private readonly Dictionary<string, byte[]> answered = new(StringComparer.Ordinal);
    private readonly Queue<string> answeredOrder = new();
    private readonly HashSet<string> subscribed = new(StringComparer.Ordinal);
    private readonly List<GivenCredit> credits = [];
    private readonly byte[] secret;
    private long nextId;

    public ShopifyTwin(TwinContext context)
    {
        this.context = context;
        secret = Encoding.UTF8.GetBytes(context.Settings.GetValueOrDefault("webhook_secret", ""));
        nextId = context.Clock.GetUtcNow().ToUnixTimeMilliseconds() * 1000;
        shelves = new((item, location, units) => Tell("inventory_levels/update", ShopJson.Level(item, location, units, Now())));
    }

    /// <summary>Rebuilds an order from before this process began, by its id; null when there never was one.</summary>
    public Func<long, NewOrder?> Recall { get; set; } = _ => null;

    public void Map(IEndpointRouteBuilder routes) => routes.MapPost("/admin/api/{version}/graphql.json", AnswerAsync);

    public ShopOrder? Find(long id)
    {
        lock (gate) return FindHeld(id);
    }

    /// <summary>Store credit that customers were given, oldest first.</summary>
    public IReadOnlyList<GivenCredit> Credits
    {
        get { lock (gate) return [.. credits]; }
    }

    public int Count
    {
        get { lock (gate) return orders.Count; }
    }

    /// <summary>A shopper orders; the hub hears <c>orders/create</c>, and <c>orders/paid</c> when it is paid.</summary>
    public ShopOrder Place(NewOrder order)
    {
        lock (gate)
        {
            var placed = new ShopOrder(order, Now());
            Keep(placed);
            // The money comes before the order.
            if (order.Visit?.Card is not null) Tell("order_transactions/create", ShopJson.Payment(placed));
            Tell("orders/create", ShopJson.Order(placed));
            if (order.Paid) Tell("orders/paid", ShopJson.Order(placed));
            foreach (var line in order.Lines) shelves.Sell(line.Sku, line.Quantity);
            return placed;
        }
    }

    /// <summary>A shopper begins to pay, says who they are and goes; or comes back to it, under the same token.</summary>
    /// <param name="agrees">They tick the box that says that they want to hear from the shop.</param>
    public void LeaveCheckout(NewOrder basket, string token, bool agrees = false) => Tell("checkouts/update", ShopJson.Checkout(basket, token, agrees, Now()));

    public void Pay(long id) => Change(id, order =>
    {
        if (order.FinancialStatus != "pending") return;
        order.FinancialStatus = "paid";
        Tell("orders/paid", ShopJson.Order(order));
    });

    /// <summary>Takes unfulfilled units off a line.</summary>
    public void Remove(long id, int line, int units) => Change(id, order =>
    {
        var removed = Math.Min(units, order.Lines[line].Remaining);
        if (removed == 0) return;
        order.Lines[line].Current -= removed;
        Tell("orders/edited", ShopJson.Edited(order, order.Lines[line], removed));
    });

    /// <summary>The shop's own fraud analysis comes to a conclusion.</summary>
    public void Assess(long id, string level) => Change(id, order =>
    {
        order.Risk = level;
        Tell("orders/risk_assessment_changed", ShopJson.RiskChanged(order));
    });

    public void Cancel(long id, string reason, bool refunds = true) => Change(id, order =>
    {
        if (order.CancelledAt is not null || order.Fulfilments.Count > 0) return;
        (order.CancelledAt, order.CancelReason) = (order.UpdatedAt, reason);
        order.FinancialStatus = order.FinancialStatus switch { "paid" or "partially_refunded" => refunds ? "refunded" : order.FinancialStatus, _ => "voided" };
        Tell("orders/cancelled", ShopJson.Order(order));
    });

    /// <summary>A person or another app sends everything that is left, from the shop's own pages.</summary>
    public void Fulfil(long id, string carrier, string tracking) => Change(id, order =>
    {
        List<(ShopLine Line, int Quantity)> lines = [.. order.Lines.Where(l => l.Remaining > 0).Select(l => (l, l.Remaining))];
        if (order.CancelledAt is not null || lines.Count == 0) return;
        Leave(order, new(nextId++, carrier, tracking, null, lines, Now()));
    });

    /// <summary>Gives money back for fulfilled units, with or without the goods.</summary>
    public void Refund(long id, int line, int units, bool goodsBack) => Change(id, order =>
    {
        var item = order.Lines[line];
        var count = Math.Min(units, item.Fulfilled);
        if (count == 0 || order.FinancialStatus is not ("paid" or "partially_refunded")) return;
        var amount = Math.Round(item.Net / Math.Max(1, item.Current) * count, 2);
        var refund = new ShopRefund(nextId++, item, count, amount, ShopOrder.Contained(amount, order.Placed.TaxRate), goodsBack, order.UpdatedAt);
        order.GivenBack.Add(refund);
        order.FinancialStatus = order.RefundedMoney >= order.Total ? "refunded" : "partially_refunded";
        Tell("refunds/create", ShopJson.Refund(order, refund));
    });

    /// <summary>Tells the hub what the shop sells.</summary>
    public void Announce(IEnumerable<NewLine> products)
    {
        lock (gate)
            foreach (var product in products)
            {
                shelves.Know(product);
                Tell("products/create", ShopJson.Product(ShopJson.VariantOf(product.Sku), product, Now()));
            }
    }

    /// <summary>What the shop would sell at a location.</summary>
    public int Sells(string sku, string location)
    {
        lock (gate) return shelves.Of(sku, location);
    }

    /// <summary>A person changes what the shop would sell, in its own pages.</summary>
    public void SetByHand(string sku, string location, int units)
    {
        lock (gate) shelves.Set(sku, location, units);
    }

    /// <summary>How the shop shows a product: <c>ACTIVE</c>, <c>DRAFT</c>, <c>ARCHIVED</c>, <c>UNLISTED</c>.</summary>
    public string StatusOf(string sku)
    {
        lock (gate) return shelves.StatusOf(sku);
    }

    /// <summary>A person changes a product's status in the shop's own pages.</summary>
    public void SetStatus(string sku, string status)
    {
        lock (gate) shelves.SetStatus(sku, status);
    }

    private void Change(long id, Action<ShopOrder> how)
    {
        lock (gate)
        {
            if (FindHeld(id) is not { } order) return;
            order.UpdatedAt = Now();
            how(order);
            Tell("orders/updated", ShopJson.Order(order));
        }
    }

    private ShopOrder? FindHeld(long id)
    {
        if (orders.TryGetValue(id, out var known)) return known;
        if (Recall(id) is not { } before) return null;
        var recalled = new ShopOrder(before, Now());
        Keep(recalled);
        return recalled;
    }

    private void Keep(ShopOrder order)
    {
        if (!orders.TryAdd(order.Id, order)) return;
        oldest.Enqueue(order.Id);
        if (oldest.Count > Kept) orders.Remove(oldest.Dequeue());
    }

    private void Tell(string topic, byte[] body) => context.Hub.Send(context, "", body, new Dictionary<string, string>
    {
        ["X-Shopify-Topic"] = topic,
        ["X-Shopify-Hmac-Sha256"] = Convert.ToBase64String(HMACSHA256.HashData(secret, body)),
        ["X-Shopify-Shop-Domain"] = context.Settings.GetValueOrDefault("shop", "sandbox.myshopify.com"),
        ["X-Shopify-API-Version"] = context.Settings.GetValueOrDefault("api_version", "2026-07"),
        ["X-Shopify-Webhook-Id"] = Guid.NewGuid().ToString(),
        ["X-Shopify-Event-Id"] = Guid.NewGuid().ToString(),
        ["X-Shopify-Triggered-At"] = context.Clock.GetUtcNow().ToString("O", CultureInfo.InvariantCulture),
    });

    // Shopify's times have whole seconds; a twin that knew more would hide what that does to versions.
    private DateTimeOffset Now() => DateTimeOffset.FromUnixTimeSeconds(context.Clock.GetUtcNow().ToUnixTimeSeconds());

    private async Task AnswerAsync(HttpContext http)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body, http.RequestAborted).ConfigureAwait(false);
        var (status, answer) = Answer(http.Request, body.ToArray());
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json";
        await http.Response.Body.WriteAsync(answer, http.RequestAborted).ConfigureAwait(false);
    }

    private (int Status, byte[] Answer) Answer(HttpRequest request, byte[] body)
    {
        if (request.Headers["X-Shopify-Access-Token"] != context.Settings.GetValueOrDefault("token", ""))
            return (401, """{"errors":"[API] Invalid API key or access token (unrecognized login or wrong password)"}"""u8.ToArray());
        var key = request.Headers["Idempotency-Key"].ToString();
        try
        {
            using var asked = JsonDocument.Parse(body);
            var query = asked.RootElement.GetProperty("query").GetString()!;
            var variables = asked.RootElement.TryGetProperty("variables", out var given) ? given : default;
            lock (gate)
            {
                if (key.Length > 0 && answered.TryGetValue(key, out var before)) return (200, before);
                var answer = JsonSerializer.SerializeToUtf8Bytes(Data(query, variables), ShopJson.Graph);
                if (key.Length > 0) Remember(key, answer);
                return (200, answer);
            }
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return (400, JsonSerializer.SerializeToUtf8Bytes(new { errors = new[] { new { message = e.Message } } }));
        }
    }

    private void Remember(string key, byte[] answer)
    {
        answered[key] = answer;
        answeredOrder.Enqueue(key);
        if (answeredOrder.Count > Kept) answered.Remove(answeredOrder.Dequeue());
    }

    private Dictionary<string, object?> Data(string query, JsonElement variables)
    {
        var data = new Dictionary<string, object?>();
        if (query.Contains("fulfillmentCreate(", StringComparison.Ordinal))
            for (var i = 0; variables.TryGetProperty("f" + (char)('0' + i), out var input); i++) data["p" + (char)('0' + i)] = Fulfil(input);
        else if (query.Contains("orderCancel(", StringComparison.Ordinal))
            data["orderCancel"] = CancelAsked(variables.GetProperty("id").GetString()!, refunds: query.Contains("originalPaymentMethodsRefund: true", StringComparison.Ordinal));
        else if (query.Contains("storeCreditAccountCredit(", StringComparison.Ordinal))
            data["storeCreditAccountCredit"] = Credit(variables.GetProperty("id").GetString()!, variables.GetProperty("credit"));
        else if (query.Contains("storeCreditAccounts(", StringComparison.Ordinal))
            data["order"] = FindHeld(IdOf(variables.GetProperty("id").GetString()!)) is { } bought ? new { Id = ShopJson.Gid("Order", bought.Id), Customer = CreditOf(bought.Placed.Shopper.Id) } : null;
        else if (query.Contains("webhookSubscriptionCreate(", StringComparison.Ordinal))
            data["webhookSubscriptionCreate"] = Subscribe(variables.GetProperty("topic").GetString()!);
        else if (query.Contains("webhookSubscriptions(", StringComparison.Ordinal))
            data["webhookSubscriptions"] = new { PageInfo = new { HasNextPage = false }, Nodes = subscribed.Select(t => new { Id = "gid://shopify/WebhookSubscription/1", Topic = t, Uri = context.Callback.ToString() }) };
        else if (query.Contains("inventorySetQuantities(", StringComparison.Ordinal))
            data["inventorySetQuantities"] = shelves.SetQuantities(variables);
        else if (query.Contains("inventoryItems(", StringComparison.Ordinal))
            data["inventoryItems"] = shelves.Goods(variables);
        else if (query.Contains("inventoryLevels(", StringComparison.Ordinal))
            data["location"] = shelves.Catalogue(variables);
        else if (query.Contains("inventoryLevel(", StringComparison.Ordinal))
            data["items"] = shelves.Items(variables);
        else if (query.Contains("productUpdate(", StringComparison.Ordinal))
            data["productUpdate"] = shelves.Update(variables.GetProperty("product"));
        else if (query.Contains("... on Product ", StringComparison.Ordinal))
            data["products"] = shelves.Products(variables);
        else if (query.Contains("nodes(ids:", StringComparison.Ordinal))
            data["nodes"] = variables.GetProperty("ids").EnumerateArray().Select(id => Order(id.GetString()!)).ToArray();
        else if (query.Contains("ordersCount(", StringComparison.Ordinal))
            data["ordersCount"] = new { Count = Within(variables.GetProperty("query").GetString()!, o => o.PlacedAt).Count(), Precision = "EXACT" };
        else if (query.Contains("orders(first:", StringComparison.Ordinal))
            data["orders"] = Page(variables, names: query.Contains("refunds(", StringComparison.Ordinal));
        else if (query.Contains("order(id:", StringComparison.Ordinal))
            data["order"] = Order(variables.GetProperty("id").GetString()!);
        else if (query.Contains("shop {", StringComparison.Ordinal))
            data["shop"] = new { Name = context.Settings.GetValueOrDefault("shop", "sandbox.myshopify.com").Split('.')[0], MyshopifyDomain = context.Settings.GetValueOrDefault("shop", "") };
        else throw new JsonException("This twin does not know that operation.");
        return new() { ["data"] = data, ["extensions"] = new { Cost = new { RequestedQueryCost = 10, ActualQueryCost = 10, ThrottleStatus = new { MaximumAvailable = 20000.0, CurrentlyAvailable = 19990, RestoreRate = 1000.0 } } } };
    }

    private object? Order(string gid) => FindHeld(IdOf(gid)) is { } order ? ShopJson.GraphOrder(order) : null;

    private object Page(JsonElement variables, bool names)
    {
        var first = variables.GetProperty("first").GetInt32();
        var skip = variables.TryGetProperty("after", out var after) && int.TryParse(after.GetString(), CultureInfo.InvariantCulture, out var cursor) ? cursor : 0;
        var found = Within(variables.GetProperty("query").GetString()!, o => o.UpdatedAt).OrderBy(o => o.UpdatedAt).ThenBy(o => o.Id).Skip(skip).Take(first + 1).ToList();
        return new { PageInfo = new { HasNextPage = found.Count > first, EndCursor = (skip + first).ToString(CultureInfo.InvariantCulture) }, Nodes = found.Take(first).Select(o => ShopJson.GraphOrder(o, names)) };
    }

    // updated_at:>='2026-…' created_at:<'2026-…'
    private IEnumerable<ShopOrder> Within(string query, Func<ShopOrder, DateTimeOffset> when)
    {
        var found = orders.Values.AsEnumerable();
        foreach (var term in query.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var at = DateTimeOffset.Parse(term[(term.IndexOf('\'', StringComparison.Ordinal) + 1)..].TrimEnd('\''), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
            found = term.Contains(":<'", StringComparison.Ordinal) ? found.Where(o => when(o) < at) : found.Where(o => when(o) >= at);
        }
        return found;
    }

    // As at Shopify every call gives: nothing is recognised by a key.
    private object Credit(string owner, JsonElement input)
    {
        var money = input.GetProperty("creditAmount");
        var (amount, currency) = (decimal.Parse(money.GetProperty("amount").GetString()!, CultureInfo.InvariantCulture), money.GetProperty("currencyCode").GetString()!);
        if (amount <= 0) return new { StoreCreditAccountTransaction = (object?)null, UserErrors = new[] { new { Code = "NEGATIVE_OR_ZERO_AMOUNT", Field = new[] { "creditInput", "creditAmount" }, Message = "A positive amount must be used to credit a store credit account." } } };
        GivenCredit given = new(nextId++, IdOf(owner), amount, currency, Now());
        credits.Add(given);
        return new { StoreCreditAccountTransaction = new { Id = ShopJson.Gid("StoreCreditAccountCreditTransaction", given.Id) }, UserErrors = Array.Empty<object>() };
    }

    private object CreditOf(long customer) => new
    {
        Id = ShopJson.Gid("Customer", customer),
        NumberOfOrders = orders.Values.Count(o => o.Placed.Shopper.Id == customer).ToString(CultureInfo.InvariantCulture),
        StoreCreditAccounts = new
        {
            Nodes = credits.Where(c => c.Customer == customer).GroupBy(c => c.Currency).Select(account => new
            {
                Transactions = new { Nodes = account.Reverse().Take(10).Select(c => new { c.CreatedAt, Amount = new { Amount = c.Amount.ToString(CultureInfo.InvariantCulture), CurrencyCode = c.Currency }, Id = ShopJson.Gid("StoreCreditAccountCreditTransaction", c.Id) }) },
            }),
        },
    };

    // The money stays with the shop unless it is told to give it back.
    private object CancelAsked(string gid, bool refunds)
    {
        if (FindHeld(IdOf(gid)) is not { } order) return Not("NOT_FOUND", "Order does not exist");
        if (order.CancelledAt is not null) return Not("INVALID", "Order has already been cancelled");
        if (order.Fulfilments.Count > 0) return Not("INVALID", "Order has fulfillments that cannot be cancelled");
        Cancel(order.Id, "other", refunds);
        return new { Job = new { Id = ShopJson.Gid("Job", nextId++) }, OrderCancelUserErrors = Array.Empty<object>() };

        static object Not(string code, string message) => new { Job = (object?)null, OrderCancelUserErrors = new[] { new { Code = code, Field = new[] { "orderId" }, Message = message } } };
    }

    private object Subscribe(string topic)
    {
        subscribed.Add(topic);
        return new { WebhookSubscription = new { Id = "gid://shopify/WebhookSubscription/1" }, UserErrors = Array.Empty<object>() };
    }

    private object Fulfil(JsonElement input)
    {
        var parcelLines = new List<(ShopLine Line, int Quantity)>();
        ShopOrder? order = null;
        foreach (var part in input.GetProperty("lineItemsByFulfillmentOrder").EnumerateArray())
        {
            order = FindHeld(IdOf(part.GetProperty("fulfillmentOrderId").GetString()!));
            if (order is not { IsOpen: true }) return No("fulfillmentOrderId", "The fulfillment order does not exist or is not open.");
            if (!part.TryGetProperty("fulfillmentOrderLineItems", out var lines)) parcelLines.AddRange(order.Lines.Where(l => l.Remaining > 0).Select(l => (l, l.Remaining)));
            else
                foreach (var wanted in lines.EnumerateArray())
                {
                    var id = IdOf(wanted.GetProperty("id").GetString()!);
                    if (order.Lines.FirstOrDefault(l => l.Id == id) is not { } line || line.Remaining < wanted.GetProperty("quantity").GetInt32())
                        return No("fulfillmentOrderLineItems", "The quantity is more than remains to be fulfilled.");
                    parcelLines.Add((line, wanted.GetProperty("quantity").GetInt32()));
                }
        }
        if (order is null || parcelLines.Count == 0) return No("lineItemsByFulfillmentOrder", "Nothing to fulfil.");
        var tracking = input.TryGetProperty("trackingInfo", out var info) ? info : default;
        var parcel = new ShopFulfilment(nextId++, Text(tracking, "company"), Text(tracking, "number"), Text(tracking, "url"), parcelLines, Now());
        order.UpdatedAt = Now();
        Leave(order, parcel);
        Tell("orders/updated", ShopJson.Order(order));
        return new { Fulfillment = new { Id = ShopJson.Gid("Fulfillment", parcel.Id), Status = "SUCCESS" }, UserErrors = Array.Empty<object>() };
    }

    private void Leave(ShopOrder order, ShopFulfilment parcel)
    {
        foreach (var (line, quantity) in parcel.Lines) line.Fulfilled += quantity;
        order.Parcels.Add(parcel);
        Tell("fulfillments/create", ShopJson.Fulfilment(order, parcel));
    }

    private static object No(string field, string message) => new { Fulfillment = (object?)null, UserErrors = new[] { new { Field = new[] { "fulfillment", field }, Message = message } } };

    private static string? Text(JsonElement of, string name) => of.ValueKind == JsonValueKind.Object && of.TryGetProperty(name, out var value) ? value.GetString() : null;

    internal static long IdOf(string gid) => long.Parse(gid.AsSpan(gid.LastIndexOf('/') + 1), NumberStyles.None, CultureInfo.InvariantCulture);
}
