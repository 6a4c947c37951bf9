using System.Text.Json;
using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Kernel;

namespace Quartermaster.Connectors.__Name__;

/// <summary>What __Name__ tells us: webhook → stream and signals. Pure.</summary>
internal static class __Name__Inbound
{
    private static readonly string[] Glanced = ["id", "type", "order_id"];

    public static Knock Receive(Session session, Delivery delivery)
    {
        if (!HmacSignature.IsBase64(session.Settings["webhook_secret"], delivery.Body.Span, delivery.Header("X-Webhook-Signature")))
            return Knock.Refuse;

        var values = new string?[3];
        JsonGlance.TryRead(delivery.Body.Span, Glanced, values);
        var stream = values[2] is { Length: > 0 } order ? session.OrderStream(order) : new StreamId(session.Brand, "connection", session.Connection);
        return new Knock.Take(values[1] ?? "unknown", values[0] ?? HmacSignature.Hex("__key__", delivery.Body.Span), BusinessKey: null, stream);
    }

    /// <exception cref="NotUnderstoodException">The body is no event of __Name__.</exception>
    public static Reading Read(ReadOnlyMemory<byte> body)
    {
        try
        {
            var told = JsonSerializer.Deserialize(body.Span, __Name__Json.Default.__Name__Event) ?? throw new JsonException("the body is null");
            return Reading.Ignored($"events of type '{told.Type}' mean nothing to us yet");
        }
        catch (JsonException e)
        {
            throw new NotUnderstoodException("__key__.bad_json", $"The event cannot be read at {e.Path ?? "$"}: {e.Message}", e);
        }
    }
}
