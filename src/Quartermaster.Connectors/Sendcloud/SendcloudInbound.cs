using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Shipping;

namespace Quartermaster.Connectors.Sendcloud;

/// <summary>What Sendcloud tells us: event → parcel and scan. Pure.</summary>
/// <remarks>Its events name the parcel and not the order, so they go to the parcel's own stream.</remarks>
internal static class SendcloudInbound
{
    public const string ParcelEvent = "parcels.event.created";

    private static readonly string[] Outer = ["event_type"];

    public static Knock Receive(Session session, Delivery delivery)
    {
        if (session.Settings.Find("webhook_token") is not { } token || delivery.Header("Authorization") is not { Length: < 1_000 } given) return Knock.Refuse;
        if (!CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes($"Bearer {token}"), Encoding.UTF8.GetBytes(given))) return Knock.Refuse;
        var values = new string?[1];
        JsonGlance.TryRead(delivery.Body.Span, Outer, values);
        return new Knock.Take(values[0] ?? "unknown", HmacSignature.Hex("event", delivery.Body.Span), null, StreamOf(session, delivery.Body.Span));
    }

    /// <exception cref="NotUnderstoodException">The body is no event of a parcel.</exception>
    public static Reading Read(Session session, ReadOnlyMemory<byte> body)
    {
        var told = Parse(body.Span);
        if (told.EventType is { } type && type != ParcelEvent) return Reading.Ignored($"'{type}' is no event of a parcel.");
        if (told.Data is not { Parcel: { } parcel, Event: { } seen }) throw Wrong("The event has no 'data.parcel' or no 'data.event'.");
        if (seen is not { Phase: { Length: > 0 } phase, Timestamp: { } at }) throw Wrong("The event has no 'phase' or no 'timestamp'.");
        var exception = seen.Exception ?? "none";
        if (SendcloudStatus.Of(phase, exception) is not { } status) return Reading.Ignored($"Parcel {parcel.ParcelId} is not on its way yet ({phase}).");
        if (parcel.TrackingNumber is not { Length: > 0 } number) return Reading.Ignored($"Parcel {parcel.ParcelId} has no tracking number.");
        var raw = status == ScanStatus.Unmapped || exception != "none" ? $"{phase}, {exception}{(seen.SubStatus is { } sub and not "none" ? $", {sub}" : "")}" : phase;
        return Reading.One(
            new(session.Brand, Waybill.Stream, Followed.IdOf(number)),
            new ShippingSignal.Scanned(parcel.CarrierCode ?? "sendcloud", number, status, raw, at.ToUniversalTime(), seen.LocationDetails?.City, SendcloudStatus.SaysDamaged(exception, seen.SubStatus)));
    }

    /// <summary>What it answers when it is asked for one parcel.</summary>
    public static Whereabouts Way(Answer answer, string tracking, DateTimeOffset now)
    {
        if (answer.Status == 404) return new(Nearness.Unseen, []);
        if (SendcloudAnswers.Trouble(answer, reads: true) is { } trouble) return Whereabouts.Unanswered(trouble);
        if (answer.Read(SendcloudJson.Default.WireTracked) is not { Events: { } events } told) return Whereabouts.Unanswered(new Outcome.Unsure("Sendcloud's answer could not be read."));
        // A claim and a note of the team's own are nothing that the parcel did.
        return ScanReading.Of(told.TrackingNumbers is [{ CarrierCode: { Length: > 0 } carrier }, ..] ? carrier : "sendcloud", tracking, ScanReading.NewestFirst(events.OfType<WireTrackedEvent>().Where(e => e.EventType is not ("claim" or "internal")).Select(Scan)), now);
    }

    private static ReadScan Scan(WireTrackedEvent seen)
    {
        var phase = seen.StatusCode ?? "unknown";
        return new(SendcloudStatus.OfCode(phase, seen.SubStatusCode), seen.SubStatusCode is { Length: > 0 } sub and not "none" ? $"{phase}, {sub}" : phase, seen.EventAt?.ToUniversalTime(), null, SendcloudStatus.SaysDamaged(phase, seen.SubStatusCode));
    }

    // The number lies two objects deep, further than a glance goes; such an event is small.
    private static StreamId StreamOf(Session session, ReadOnlySpan<byte> body)
    {
        try
        {
            if (Parse(body).Data?.Parcel?.TrackingNumber is { Length: > 0 } number) return new(session.Brand, Waybill.Stream, Followed.IdOf(number));
        }
        catch (NotUnderstoodException)
        {
            // Said again, to a person, when it is decided on.
        }
        return new(session.Brand, "connection", session.Connection);
    }

    private static WireTold Parse(ReadOnlySpan<byte> body)
    {
        try
        {
            return JsonSerializer.Deserialize(body, SendcloudJson.Default.WireTold) ?? throw new JsonException("the body is null");
        }
        catch (JsonException e)
        {
            throw new NotUnderstoodException("sendcloud.bad_json", $"Sendcloud's event cannot be read at {e.Path ?? "$"}: {e.Message}", e);
        }
    }

    private static NotUnderstoodException Wrong(string message) => new("sendcloud.missing_field", message);
}
