using System.Security.Cryptography;
using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Kernel;

namespace Quartermaster.Connectors.WooCommerce;

/// <summary>The look at a webhook while the shop waits: is it theirs, what is it, whose is it.</summary>
internal static class WooKnock
{
    private const int LongestPing = 40;
    private static readonly string[] Names = ["id", "date_modified_gmt"];

    public static Knock Receive(Session session, Delivery delivery)
    {
        var body = delivery.Body.Span;
        var signature = delivery.Header("X-WC-Webhook-Signature");
        if (!Verified(session.Settings, body, signature)) return IsPing(delivery, signature) ? new Knock.Answer(200, "") : Knock.Refuse;

        var topic = delivery.Header("X-WC-Webhook-Topic") is { Length: > 0 and <= 100 } named ? named.ToLowerInvariant() : TopicOf(delivery.Path);
        string?[] values = [null, null];
        JsonGlance.TryRead(body, Names, values);
        var id = Id(values[0]);
        var stream = id is null ? ConnectionStream(session)
            : topic.StartsWith("order.", StringComparison.Ordinal) ? session.OrderStream(id)
            : topic.StartsWith("product.", StringComparison.Ordinal) ? ProductStream(session, id)
            : ConnectionStream(session);

        // The delivery's id is a hash of the webhook's number and the second: all that one webhook sends within a second has the same.
        // With the object and the first bits of the signature, which is a hash of the body, it names one delivery.
        var bits = signature![..12];
        var deliveryId = delivery.Header("X-WC-Webhook-Delivery-ID") is { Length: > 0 and <= 100 } sent ? $"{sent}:{topic}:{id}:{bits}"
            : $"body:{topic}:{Convert.ToHexStringLower(SHA256.HashData(body).AsSpan(0, 16))}";

        // Times have whole seconds, and an order changes several times within one: the version is the time together with those bits.
        var version = values[1] is { Length: > 0 and <= 40 } modified && id is not null ? $"{topic}:{id}:{modified}:{bits}" : null;
        return new Knock.Take(topic, deliveryId, version, stream);
    }

    public static StreamId ProductStream(Session session, string productId) => new(session.Brand, "product", $"{session.Connection}/{productId}");

    public static StreamId StockStream(Session session, string item) => new(session.Brand, "stock", $"{session.Connection}/{item}");

    private static StreamId ConnectionStream(Session session) => new(session.Brand, "connection", session.Connection);

    private static bool Verified(Settings settings, ReadOnlySpan<byte> body, string? signature) =>
        settings.Find("webhook_secret") is { } secret && HmacSignature.IsBase64(secret, body, signature)
        || settings.Find("old_webhook_secret") is { } old && HmacSignature.IsBase64(old, body, signature);

    /// <summary>A new webhook is tried with the form <c>webhook_id=7</c>, which nobody signed. Without a 200 the shop does not save it.</summary>
    private static bool IsPing(Delivery delivery, string? signature)
    {
        var body = delivery.Body.Span;
        if (signature is { Length: > 0 } || delivery.Method != "POST" || body.Length > LongestPing || !body.StartsWith("webhook_id="u8)) return false;
        var number = body["webhook_id="u8.Length..];
        return number.Length > 0 && !number.ContainsAnyExceptInRange((byte)'0', (byte)'9');
    }

    /// <summary><c>order-updated</c> → <c>order.updated</c>, for senders that name the topic in the address only.</summary>
    private static string TopicOf(string path)
    {
        var name = path.Trim('/').ToLowerInvariant();
        var dash = name.IndexOf('-', StringComparison.Ordinal);
        return name.Contains('.', StringComparison.Ordinal) || dash < 0 ? name : string.Concat(name.AsSpan(0, dash), ".", name.AsSpan(dash + 1));
    }

    private static string? Id(string? text) => text is { Length: > 0 and <= 20 } and not "0" && text.All(char.IsAsciiDigit) ? text : null;
}
