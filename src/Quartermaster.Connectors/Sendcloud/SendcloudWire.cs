using System.Text.Json;
using System.Text.Json.Serialization;
using Quartermaster.Connectors.Shared;

namespace Quartermaster.Connectors.Sendcloud;

internal sealed record WireShipmentAnswer(WireShipment? Data);

internal sealed record WireShipmentList(IReadOnlyList<WireShipment?>? Data);

/// <summary>A shipment, as an announcement and a question about it answer it.</summary>
internal sealed record WireShipment
{
    public string? Id { get; init; }
    public string? ExternalReferenceId { get; init; }
    public WireCarrier? Carrier { get; init; }
    public IReadOnlyList<WireParcel?>? Parcels { get; init; }
    public IReadOnlyList<WireError?>? Errors { get; init; }
}

internal sealed record WireCarrier(string? Code);

internal sealed record WireParcel
{
    public WireStatus? Status { get; init; }
    public string? TrackingNumber { get; init; }
    public string? TrackingUrl { get; init; }
    public IReadOnlyList<WireDocument?>? Documents { get; init; }
}

internal sealed record WireStatus(string? Code);

/// <summary>The contract is moving from <c>type</c> to <c>document_type</c>.</summary>
internal sealed record WireDocument(string? Type, string? DocumentType, string? Link);

internal sealed record WireErrors(IReadOnlyList<WireError?>? Errors);

internal sealed record WireError(string? Code, string? Title, string? Detail, WireSource? Source);

internal sealed record WireSource(string? Pointer);

internal sealed record WireConnections(IReadOnlyList<WireConnection?>? Data);

internal sealed record WireConnectionMade(WireConnection? Data);

internal sealed record WireConnection(int? Id, WireConfiguration? Configuration);

internal sealed record WireConfiguration(string? Url);

internal sealed record WireSubscriptions(IReadOnlyList<WireSubscription?>? Data);

internal sealed record WireSubscription(int? ConnectionId, string? EventType, bool? IsActive);

/// <summary>An event of a parcel, as it is sent to us.</summary>
internal sealed record WireTold(string? EventType, WireToldOf? Data);

internal sealed record WireToldOf(WireParcelSeen? Parcel, WireEvent? Event);

internal sealed record WireParcelSeen(string? ParcelId, string? TrackingNumber, string? CarrierCode);

internal sealed record WireEvent
{
    public DateTimeOffset? Timestamp { get; init; }
    public string? Phase { get; init; }
    public string? Exception { get; init; }
    public string? SubStatus { get; init; }
    public WirePlace? LocationDetails { get; init; }
}

/// <summary>A parcel's way, as it is answered to a question.</summary>
internal sealed record WireTracked(IReadOnlyList<WireTrackedNumber?>? TrackingNumbers, IReadOnlyList<WireTrackedEvent?>? Events);

internal sealed record WireTrackedNumber(string? CarrierCode);

internal sealed record WireTrackedEvent(DateTimeOffset? EventAt, string? EventType, string? StatusCode, string? SubStatusCode);

internal sealed record WirePlace(string? City);

// Lenient on purpose: what Sendcloud adds or leaves out must not lose a scan, and ids come as numbers.
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, NumberHandling = JsonNumberHandling.AllowReadingFromString, Converters = [typeof(TextOrNumber)])]
[JsonSerializable(typeof(WireShipmentAnswer))]
[JsonSerializable(typeof(WireShipmentList))]
[JsonSerializable(typeof(WireErrors))]
[JsonSerializable(typeof(WireConnections))]
[JsonSerializable(typeof(WireConnectionMade))]
[JsonSerializable(typeof(WireSubscriptions))]
[JsonSerializable(typeof(WireTold))]
[JsonSerializable(typeof(WireTracked))]
internal sealed partial class SendcloudJson : JsonSerializerContext;
