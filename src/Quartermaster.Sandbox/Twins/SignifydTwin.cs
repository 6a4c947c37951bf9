using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Quartermaster.Sandbox.Twins;

/// <summary>Signifyd in a box: decides on orders, tells later words in signed webhooks, and takes note of ends and refunds. As remembered and read from its plug-ins: no contract is published.</summary>
/// <remarks>
/// The shopper's mailbox says what it decides: <c>…+reject@…</c> is declined, <c>…+hold@…</c> is looked at and decided only when <see cref="Review"/> says so,
/// <c>…+odd@…</c> gets a word that nobody knows, <c>…+silent@…</c> no decision at all. All others are approved. An order sent again is decided anew.
/// </remarks>
[TwinOf("signifyd")]
public sealed class SignifydTwin(TwinContext context) : ITwin
{
    private readonly ConcurrentDictionary<string, Reviewed> orders = new(StringComparer.Ordinal);
    private int _next = 1000;

    /// <summary>What it knows of an order; null = it was never sent.</summary>
    public Reviewed? Find(string orderId) => orders.GetValueOrDefault(orderId);

    public void Map(IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/v3");
        var known = "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(context.Settings.GetValueOrDefault("api_key") + ":"));
        api.AddEndpointFilter(async (call, next) => call.HttpContext.Request.Headers.Authorization == known ? await next(call) : Error(401, "Invalid API key"));
        api.MapPost("/orders/events/sales", TakeAsync);
        api.MapGet("/decisions/{orderId}", (string orderId) => orders.TryGetValue(orderId, out var order) && order.Action is not null ? Results.Json(Shown(order)) : Error(404, "No decision found for the order"));
        api.MapPost("/orders/events/fulfillments", EndAsync);
        api.MapPost("/orders/events/returns/records", RefundAsync);
    }

    /// <summary>Somebody at Signifyd looked at the order and decides.</summary>
    public void Review(string orderId, string action)
    {
        var order = orders[orderId];
        (order.Action, order.DecidedAt) = (action, context.Clock.GetUtcNow());
        var body = Encoding.UTF8.GetBytes(Shown(order).ToJsonString());
        context.Hub.Send(context, "", body, new Dictionary<string, string>
        {
            ["SIGNIFYD-CHECKPOINT"] = "SIGNIFYD_REVIEW", ["Content-Type"] = "application/json",
            ["SIGNIFYD-SEC-HMAC-SHA256"] = Convert.ToBase64String(HMACSHA256.HashData(Encoding.UTF8.GetBytes(context.Settings.GetValueOrDefault("api_key", "")), body)),
        });
    }

    private async Task<IResult> TakeAsync(HttpRequest request)
    {
        var sale = await JsonNode.ParseAsync(request.Body, cancellationToken: request.HttpContext.RequestAborted).ConfigureAwait(false);
        if ((string?)sale?["orderId"] is not { Length: > 0 } id) return Error(400, "orderId must not be blank");
        if (sale["purchase"] is not JsonObject purchase || purchase["totalPrice"] is null || (string?)purchase["currency"] is not { Length: 3 }) return Error(400, "purchase.totalPrice and purchase.currency are required");
        var order = orders.GetOrAdd(id, key => new Reviewed(key, Interlocked.Increment(ref _next)));
        (order.Sent, order.Total, order.Currency, order.DecidedAt) = (order.Sent + 1, (decimal)purchase["totalPrice"]!, (string)purchase["currency"]!, context.Clock.GetUtcNow());
        var mailbox = (string?)purchase["confirmationEmail"] ?? "";
        order.Action = Says("+reject@") ? "REJECT" : Says("+hold@") ? "HOLD" : Says("+odd@") ? "PONDER" : Says("+silent@") ? null : "ACCEPT";
        return Results.Json(Shown(order), statusCode: 201);

        bool Says(string word) => mailbox.Contains(word, StringComparison.OrdinalIgnoreCase);
    }

    private async Task<IResult> EndAsync(HttpRequest request)
    {
        var body = await JsonNode.ParseAsync(request.Body, cancellationToken: request.HttpContext.RequestAborted).ConfigureAwait(false);
        if ((string?)body?["orderId"] is not { } id || !orders.TryGetValue(id, out var order)) return Error(404, "Order not found");
        order.Ended |= (string?)body["fulfillmentStatus"] == "CANCELED";
        return Results.Json(new JsonObject { ["orderId"] = id, ["shipmentIds"] = new JsonArray() }, statusCode: 201);
    }

    private async Task<IResult> RefundAsync(HttpRequest request)
    {
        var body = await JsonNode.ParseAsync(request.Body, cancellationToken: request.HttpContext.RequestAborted).ConfigureAwait(false);
        if ((string?)body?["orderId"] is not { } id || !orders.TryGetValue(id, out var order) || (string?)body["returnId"] is not { Length: > 0 } back) return Error(404, "Order not found");
        order.Refunds[back] = (decimal)body["refund"]!["amount"]!;
        return Results.Json(new JsonObject { ["orderId"] = id, ["returnId"] = back }, statusCode: 201);
    }

    private static JsonObject Shown(Reviewed order) => new()
    {
        ["signifydId"] = order.Id, ["checkoutId"] = null, ["orderId"] = order.OrderId,
        ["decision"] = order.Action is not { } action ? null : new JsonObject
        {
            ["createdAt"] = order.DecidedAt.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture), ["checkpointAction"] = action,
            ["checkpointActionReason"] = action switch { "ACCEPT" => "SIGNIFYD_APPROVED", "REJECT" => "SIGNIFYD_DECLINED", _ => null }, ["checkpointActionPolicy"] = "SIGNIFYD_DECISION",
            ["score"] = action switch { "ACCEPT" => 976.85, "REJECT" => 42.5, _ => 480 },
        },
        ["coverage"] = order.Action == "ACCEPT" ? new JsonObject { ["fraudChargebacks"] = new JsonObject { ["amount"] = order.Total, ["currency"] = order.Currency }, ["inrChargebacks"] = null, ["allChargebacks"] = null } : null,
    };

    private static IResult Error(int status, string message) => Results.Json(new JsonObject { ["traceId"] = "sandbox", ["messages"] = new JsonArray(message) }, statusCode: status);

    /// <summary>An order as it knows it.</summary>
    public sealed class Reviewed(string orderId, int id)
    {
        public string OrderId { get; } = orderId;
        public int Id { get; } = id;

        /// <summary>How often it was sent.</summary>
        public int Sent { get; internal set; }
        public string? Action { get; internal set; }
        public bool Ended { get; internal set; }
        public ConcurrentDictionary<string, decimal> Refunds { get; } = new(StringComparer.Ordinal);
        internal decimal Total { get; set; }
        internal string Currency { get; set; } = "";
        internal DateTimeOffset DecidedAt { get; set; }
    }
}
