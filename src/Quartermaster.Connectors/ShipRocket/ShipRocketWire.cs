using System.Text.Json;
using System.Text.Json.Serialization;
using Quartermaster.Connectors.Shared;

namespace Quartermaster.Connectors.ShipRocket;

internal sealed record WireMade(long? OrderId, long? ShipmentId, string? Message);

internal sealed record WireAssigned(int? AwbAssignStatus, string? Message, WireAssignment? Response);

internal sealed record WireAssignment(WireWaybill? Data);

internal sealed record WireWaybill(string? AwbCode, string? CourierName, decimal? FreightCharges, string? AwbAssignError);

internal sealed record WireOrders(IReadOnlyList<WireOrder?>? Data);

internal sealed record WireOrder(long? Id, string? ChannelOrderId, string? Status, IReadOnlyList<WireShipment?>? Shipments);

internal sealed record WireShipment(long? Id, string? Awb, string? Courier);

internal sealed record WireLabel(string? LabelUrl);

internal sealed record WireManifest(int? Status, string? ManifestUrl);

internal sealed record WirePickup(WirePickupAnswer? Response);

internal sealed record WirePickupAnswer(string? PickupTokenNumber);

internal sealed record WirePickups(WirePickupAddresses? Data);

internal sealed record WirePickupAddresses(IReadOnlyList<WirePickupAddress?>? ShippingAddress);

internal sealed record WirePickupAddress(string? PickupLocation);

internal sealed record WireServiceability(WireCouriers? Data, string? Message);

internal sealed record WireCouriers(IReadOnlyList<WireCourier?>? AvailableCourierCompanies);

internal sealed record WireCourier(long? CourierCompanyId, string? CourierName, decimal? Rate, int? EstimatedDeliveryDays, string? Etd);

/// <param name="Errors">By field, each a list of sentences.</param>
internal sealed record WireProblem(string? Message, JsonElement? Errors);

internal sealed record WireTracked(WireTracking? TrackingData);

internal sealed record WireTracking(IReadOnlyList<WireScan?>? ShipmentTrackActivities, string? Error);

/// <summary>A webhook: the parcel's way so far, as ShipRocket's own sample has it.</summary>
internal sealed record WireTold(string? Awb, string? CourierName, string? CurrentTimestamp, string? CurrentStatus, int? CurrentStatusId, IReadOnlyList<WireScan?>? Scans);

internal sealed record WireScan
{
    public string? Date { get; init; }
    public string? Status { get; init; }
    public string? Activity { get; init; }
    public string? Location { get; init; }

    [JsonPropertyName("sr-status")] public string? SrStatus { get; init; }
    [JsonPropertyName("sr-status-label")] public string? SrStatusLabel { get; init; }
}

// Lenient on purpose: what ShipRocket adds or leaves out must not lose a scan, and numbers come as text in places.
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, NumberHandling = JsonNumberHandling.AllowReadingFromString, Converters = [typeof(TextOrNumber)])]
[JsonSerializable(typeof(WireMade))]
[JsonSerializable(typeof(WireAssigned))]
[JsonSerializable(typeof(WireOrders))]
[JsonSerializable(typeof(WireLabel))]
[JsonSerializable(typeof(WireManifest))]
[JsonSerializable(typeof(WirePickup))]
[JsonSerializable(typeof(WirePickups))]
[JsonSerializable(typeof(WireServiceability))]
[JsonSerializable(typeof(WireProblem))]
[JsonSerializable(typeof(WireTracked))]
[JsonSerializable(typeof(WireTold))]
internal sealed partial class ShipRocketJson : JsonSerializerContext;
