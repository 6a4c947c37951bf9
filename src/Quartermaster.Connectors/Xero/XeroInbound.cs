using System.Text.Json;
using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Kernel;

namespace Quartermaster.Connectors.Xero;

/// <summary>What Xero tells us: that something changed, never what. Pure.</summary>
internal static class XeroInbound
{
    private static readonly string[] Glanced = ["firstEventSequence", "lastEventSequence", "entropy"];

    /// <remarks>
    /// Before it sends anything, Xero checks the "intent to receive": some deliveries are signed wrongly on purpose and must get a
    /// 401, the good ones, without events, a 200.
    /// </remarks>
    public static Knock Receive(Session session, Delivery delivery)
    {
        if (session.Settings.Find("webhook_key") is not { } key || !HmacSignature.IsBase64(key, delivery.Body.Span, delivery.Header("x-xero-signature")))
            return Knock.Refuse;
        if (JsonSlices.Of(delivery.Body, "events") is { Count: 0 }) return new Knock.Answer(200, "");
        var values = new string?[3];
        JsonGlance.TryRead(delivery.Body.Span, Glanced, values);
        var id = values[0] is { } first ? $"{first}-{values[1]}-{values[2]}" : HmacSignature.Hex("event", delivery.Body.Span);
        return new Knock.Take("events", id, null, new StreamId(session.Brand, "connection", session.Connection));
    }

    /// <summary>Nothing follows from these: the books are written from here, and what people change there stays there.</summary>
    /// <exception cref="NotUnderstoodException">The body is no list of events.</exception>
    public static Reading Read(ReadOnlyMemory<byte> body)
    {
        XeroNotices? told;
        try
        {
            told = JsonSerializer.Deserialize(body.Span, XeroJson.Default.XeroNotices);
        }
        catch (JsonException e)
        {
            throw new NotUnderstoodException("xero.bad_json", $"Xero's webhook cannot be read at {e.Path ?? "$"}: {e.Message}", e);
        }
        var events = told?.Events ?? throw new NotUnderstoodException("xero.no_events", "Xero's webhook has no 'events'; expected a list.");
        var what = events.OfType<XeroNotice>().Select(e => $"{e.EventCategory} {e.EventType} {e.ResourceId}").Take(5);
        return Reading.Ignored($"{events.Count} change(s) made in Xero; nothing follows from them here: {string.Join(", ", what)}");
    }
}
