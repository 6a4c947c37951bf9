using System.Text.Json;
using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Shipping;

namespace Quartermaster.Connectors.CarrierRest;

/// <summary>What a carrier tells us: webhook → stream and signal. Pure.</summary>
internal static class CarrierRestInbound
{
    private static readonly string[] Glanced = ["event_id", "type", "order_ref"];

    public static Knock Receive(Session session, Delivery delivery)
    {
        if (!OpenCallback.IsSigned(session, delivery)) return Knock.Refuse;
        var values = new string?[3];
        JsonGlance.TryRead(delivery.Body.Span, Glanced, values);
        var stream = values[2] is { Length: > 0 } order
            ? new StreamId(session.Brand, "order", order)
            : new StreamId(session.Brand, "connection", session.Connection);
        return new Knock.Take(values[1] ?? "unknown", OpenCallback.IdOf(delivery, values[0]), null, stream);
    }

    /// <exception cref="NotUnderstoodException">The body is no scan of the contract.</exception>
    public static Reading Read(Session session, ReadOnlyMemory<byte> body, DateTimeOffset receivedAt)
    {
        var scan = Parse(body.Span);
        var type = Need(scan.Type, "type");
        return Reading.One(
            new(session.Brand, "order", Need(scan.OrderRef, "order_ref")),
            new ShippingSignal.Scanned(
                Need(scan.Carrier, "carrier"), Need(scan.TrackingNumber, "tracking_number"), StatusOf(type), RawOf(type, scan.Code),
                scan.At?.ToUniversalTime() ?? receivedAt, scan.Place));
    }

    public static ScanStatus StatusOf(string type) => type switch
    {
        "picked_up" => ScanStatus.PickedUp,
        "in_transit" => ScanStatus.InTransit,
        "out_for_delivery" => ScanStatus.OutForDelivery,
        "delivered" => ScanStatus.Delivered,
        "failed_attempt" => ScanStatus.FailedAttempt,
        "exception" => ScanStatus.Exception,
        "held_at_customs" => ScanStatus.HeldAtCustoms,
        "returned_to_origin" => ScanStatus.ReturnedToOrigin,
        _ => ScanStatus.Unmapped,
    };

    // For an unknown type the type itself is what a person has to see, with the carrier's code behind it.
    private static string RawOf(string type, string? code) => (StatusOf(type), code) switch
    {
        (_, null or "") => type,
        (ScanStatus.Unmapped, _) => $"{type} ({code})",
        _ => code,
    };

    private static CarrierScan Parse(ReadOnlySpan<byte> body)
    {
        try
        {
            return JsonSerializer.Deserialize(body, CarrierJson.Default.CarrierScan) ?? throw new JsonException("the body is null");
        }
        catch (JsonException e)
        {
            throw new NotUnderstoodException("carrier-rest.bad_json", $"The carrier's event cannot be read at {e.Path ?? "$"}: {e.Message}", e);
        }
    }

    private static string Need(string? value, string field) => string.IsNullOrWhiteSpace(value)
        ? throw new NotUnderstoodException("carrier-rest.missing_field", $"The carrier's event has no '{field}'; expected a text that is not empty.")
        : value;
}
