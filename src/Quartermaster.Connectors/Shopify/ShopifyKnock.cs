using System.Security.Cryptography;
using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Kernel;

namespace Quartermaster.Connectors.Shopify;

/// <summary>The look at a webhook while Shopify waits: is it theirs, what is it, whose is it.</summary>
internal static class ShopifyKnock
{
    private static readonly string[] OwnId = ["id", "updated_at", "created_at"];
    private static readonly string[] OfOrder = ["order_id", "id", "updated_at", "created_at"];
    private static readonly string[] Edited = ["order_edit.order_id", "order_edit.id", "order_edit.created_at"];
    private static readonly string[] Level = ["inventory_item_id", "location_id", "updated_at"];
    private static readonly string[] OfCustomer = ["customer_id", "id"];
    private static readonly string[] FulfilmentOrder = ["fulfillment_order.id"];

    public static Knock Receive(Session session, Delivery delivery)
    {
        var body = delivery.Body.Span;
        var signature = Header(delivery, "Hmac-Sha256");
        if (!Verified(session.Settings, body, signature)) return Knock.Refuse;

        var topic = Header(delivery, "Topic") is { Length: > 0 and <= 100 } named ? named.ToLowerInvariant() : TopicOf(delivery.Path);
        if (topic.StartsWith("checkouts/", StringComparison.Ordinal) && ShopifyCheckouts.AreTaken(session.Settings)) return ShopifyCheckouts.Receive(session, topic, body, Header(delivery, "Event-Id") ?? Header(delivery, "Webhook-Id"), signature!);
        var (stream, subject, version) = Place(session, topic, body);

        // Webhook-Id names one delivery, Event-Id the merchant's action behind it. Two subscriptions of one topic share the Event-Id, and
        // one action can touch several objects of one topic: the three together say "this happened to that".
        var deliveryId = Header(delivery, "Event-Id") is { Length: > 0 and <= 100 } happened ? $"{happened}:{topic}:{subject}"
            : Header(delivery, "Webhook-Id") is { Length: > 0 and <= 100 } sent ? sent
            : $"body:{topic}:{Convert.ToHexStringLower(SHA256.HashData(body).AsSpan(0, 16))}";
        return new Knock.Take(topic, deliveryId, version is null ? null : $"{topic}:{subject}:{version}:{signature![..12]}", stream);
    }

    public static string? Header(Delivery delivery, string name) => delivery.Header("X-Shopify-" + name) ?? delivery.Header("Shopify-" + name);

    /// <summary>For about an hour after a secret was rotated Shopify signs with either: the old one is tried second.</summary>
    private static bool Verified(Settings settings, ReadOnlySpan<byte> body, string? signature) =>
        settings.Find("webhook_secret") is { } secret && HmacSignature.IsBase64(secret, body, signature)
        || settings.Find("old_webhook_secret") is { } old && HmacSignature.IsBase64(old, body, signature);

    /// <summary><c>orders-create</c> → <c>orders/create</c>, for senders that name the topic in the address only.</summary>
    private static string TopicOf(string path)
    {
        var name = path.Trim('/').ToLowerInvariant();
        var dash = name.IndexOf('-', StringComparison.Ordinal);
        return name.Contains('/', StringComparison.Ordinal) || dash < 0 ? name : string.Concat(name.AsSpan(0, dash), "/", name.AsSpan(dash + 1));
    }

    /// <remarks>
    /// updated_at has whole seconds, and an order changes several times within one: the version is the time together with the first bits of
    /// the signature, which is a hash of the body. Two different reports of one second are two signals, a repeated one is none.
    /// A body without an id goes to the connection's own stream, where reading it opens a case.
    /// </remarks>
    private static (StreamId Stream, string? Subject, string? Version) Place(Session session, string topic, ReadOnlySpan<byte> body)
    {
        Values found = default;
        Span<string?> values = found;
        var resource = topic.AsSpan(0, Math.Max(0, topic.IndexOf('/', StringComparison.Ordinal)));
        switch (resource)
        {
            case "orders" when topic == "orders/edited":
                JsonGlance.TryRead(body, Edited, values[..3]);
                return Id(values[0]) is { } edited ? (session.OrderStream(edited), values[1] ?? edited, values[2] ?? "0") : Connection(session);
            // Its id is the assessment's, where it has one.
            case "orders" when topic == "orders/risk_assessment_changed":
                return Connection(session);
            case "orders":
                JsonGlance.TryRead(body, OwnId, values[..3]);
                return Id(values[0]) is { } order ? (session.OrderStream(order), order, values[1] ?? values[2]) : Connection(session);
            case "refunds" or "fulfillments" or "fulfillment_events" or "order_transactions":
                JsonGlance.TryRead(body, OfOrder, values);
                return Id(values[0]) is { } of ? (session.OrderStream(of), values[1], values[2] ?? values[3]) : Connection(session);
            case "products":
                JsonGlance.TryRead(body, OwnId, values[..3]);
                return Id(values[0]) is { } product ? (ProductStream(session, product), product, values[1] ?? values[2]) : Connection(session);
            case "inventory_levels":
                JsonGlance.TryRead(body, Level, values[..3]);
                return Id(values[0]) is { } item ? (StockStream(session, item), $"{item}@{values[1]}", values[2]) : Connection(session);
            case "fulfillment_orders":
                JsonGlance.TryRead(body, FulfilmentOrder, values[..1]);
                return Connection(session) with { Subject = values[0] };
            // One action of the merchant's may be about hundreds of customers; the e-mail topic names the customer, and has no id of its own.
            case "customers_email_marketing_consent" or "customers_sms_marketing_consent" or "customers_marketing_consent":
                JsonGlance.TryRead(body, OfCustomer, values[..2]);
                return Connection(session) with { Subject = values[0] ?? values[1] ?? Convert.ToHexStringLower(SHA256.HashData(body).AsSpan(0, 16)) };
            default:
                JsonGlance.TryRead(body, OwnId, values[..3]);
                return Connection(session) with { Subject = values[0] };
        }
    }

    public static StreamId ProductStream(Session session, string productId) => new(session.Brand, "product", $"{session.Connection}/{productId}");

    public static StreamId StockStream(Session session, string inventoryItemId) => new(session.Brand, "stock", $"{session.Connection}/{inventoryItemId}");

    public static StreamId ConnectionStream(Session session) => new(session.Brand, "connection", session.Connection);

    private static (StreamId Stream, string? Subject, string? Version) Connection(Session session) => (ConnectionStream(session), null, null);

    private static string? Id(string? text)
    {
        if (text is not { Length: > 0 and <= 20 }) return null;
        foreach (var c in text)
            if (!char.IsAsciiDigit(c)) return null;
        return text;
    }

    [System.Runtime.CompilerServices.InlineArray(4)]
    private struct Values
    {
        private string? first;
    }
}
