using System.Security.Cryptography;
using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Kernel;

namespace Quartermaster.Connectors.Signifyd;

/// <summary>Webhook → signals. Pure.</summary>
internal static class SignifydInbound
{
    private const int LongestId = 80;

    private static readonly BodyReader Body = new("signifyd", "Signifyd");

    /// <remarks>Its console signs tests with a key that everybody knows; who accepted that would accept anybody's decisions.</remarks>
    public static Knock Receive(Session session, Delivery delivery)
    {
        var body = delivery.Body.Span;
        if (delivery.Method != "POST" || session.Settings.Find("api_key") is not { } key || !HmacSignature.IsBase64(key, body, Header(delivery, "Sec-Hmac-Sha256"))) return Knock.Refuse;
        var topic = (Header(delivery, "Checkpoint") ?? Header(delivery, "Topic"))?.ToUpperInvariant() is { Length: > 0 and <= 60 } named ? named : "DECISION";
        if (topic is "CASES/TEST" or "TEST") return new Knock.Answer(200, "ok");
        string?[] order = [null];
        JsonGlance.TryRead(body, ["orderId"], order);
        // It numbers no deliveries: the same body is the same news.
        var delivered = $"{topic}:{Convert.ToHexStringLower(SHA256.HashData(body).AsSpan(0, 16))}";
        return new Knock.Take(topic, delivered, null, order[0] is { Length: > 0 and <= LongestId } id ? new(session.Brand, "order", id) : new(session.Brand, "connection", session.Connection));
    }

    /// <exception cref="NotUnderstoodException">It is not JSON, or names no order.</exception>
    public static Reading Read(Session session, string topic, ReadOnlyMemory<byte> bytes, DateTimeOffset receivedAt)
    {
        var body = Body.Parse(bytes, SignifydJson.Default.DecisionBody, topic);
        var order = Body.Need(body.OrderId, "orderId");
        if (order.Length > LongestId) throw Body.Wrong("wrong_type", $"'orderId' has {order.Length} characters; it is none of this hub's.");
        return SignifydAnswers.Told(body, null, receivedAt) is { } told ? Reading.One(new(session.Brand, "order", order), told) : Reading.Ignored($"{topic} without a decision");
    }

    // With and without the X-, as its versions have it.
    private static string? Header(Delivery delivery, string name) => delivery.Header("Signifyd-" + name) ?? delivery.Header("X-Signifyd-" + name);
}
