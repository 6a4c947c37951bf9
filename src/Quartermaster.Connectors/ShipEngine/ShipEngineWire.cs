using System.Text.Json;
using System.Text.Json.Serialization;
using Quartermaster.Connectors.Shared;

namespace Quartermaster.Connectors.ShipEngine;

/// <summary>A label, as a purchase and a look-up answer it.</summary>
internal sealed record WireLabel
{
    public string? LabelId { get; init; }
    public string? Status { get; init; }
    public bool? Voided { get; init; }
    public string? CarrierCode { get; init; }
    public string? ServiceCode { get; init; }
    public string? TrackingNumber { get; init; }
    public string? TrackingUrl { get; init; }
    public WireMoney? ShipmentCost { get; init; }

    /// <summary>On top of <see cref="ShipmentCost"/>.</summary>
    public WireMoney? InsuranceCost { get; init; }
    public WireDownload? LabelDownload { get; init; }
}

internal sealed record WireMoney(string? Currency, decimal Amount);

internal sealed record WireDownload(string? Href, string? Pdf);

internal sealed record WireVoid(bool Approved, string? Message, string? ReasonCode);

internal sealed record WireErrors(IReadOnlyList<WireError?>? Errors);

internal sealed record WireError(string? ErrorType, string? ErrorCode, string? Message);

/// <summary>What a day's close made; the list of those that there are has <see cref="Manifests"/> alone.</summary>
internal sealed record WireManifests
{
    public IReadOnlyList<WireManifest?>? Manifests { get; init; }
    public IReadOnlyList<WireManifestRequest?>? ManifestRequests { get; init; }
    public IReadOnlyList<WireError?>? Errors { get; init; }
    public string? ManifestId { get; init; }
    public IReadOnlyList<string?>? LabelIds { get; init; }
    public WireDownload? ManifestDownload { get; init; }
}

internal sealed record WireManifest(string? ManifestId, IReadOnlyList<string?>? LabelIds, WireDownload? ManifestDownload);

internal sealed record WireManifestRequest(string? Status);

internal sealed record WireCarriers(IReadOnlyList<WireCarrier?>? Carriers);

internal sealed record WireCarrier(string? CarrierId);

internal sealed record WireWebhook(string? Event, string? Url);

/// <summary>What one service would cost.</summary>
internal sealed record WireEstimate
{
    public string? ServiceCode { get; init; }
    public string? CarrierCode { get; init; }
    public string? CarrierFriendlyName { get; init; }
    public WireMoney? ShippingAmount { get; init; }
    public WireMoney? ConfirmationAmount { get; init; }
    public WireMoney? OtherAmount { get; init; }
    public int? DeliveryDays { get; init; }
    public IReadOnlyList<string?>? WarningMessages { get; init; }
    public IReadOnlyList<string?>? ErrorMessages { get; init; }
}

/// <summary>A webhook: what happened, with the body that a question about it would be answered by.</summary>
internal sealed record WireTold(string? ResourceType, WireTracking? Data);

internal sealed record WireTracking
{
    public string? TrackingNumber { get; init; }
    public string? CarrierCode { get; init; }
    public string? StatusCode { get; init; }
    public string? StatusDetailCode { get; init; }
    public string? StatusDescription { get; init; }
    public string? CarrierStatusCode { get; init; }
    public string? CarrierStatusDescription { get; init; }
    public IReadOnlyList<WireScan?>? Events { get; init; }
}

internal sealed record WireScan(DateTimeOffset? OccurredAt, string? CityLocality, string? StatusCode = null, string? StatusDetailCode = null, string? StatusDescription = null, string? CarrierStatusCode = null, string? CarrierStatusDescription = null);

// Lenient on purpose: what ShipEngine adds or leaves out must not lose a scan, and ids come as numbers in places.
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, NumberHandling = JsonNumberHandling.AllowReadingFromString, Converters = [typeof(TextOrNumber)])]
[JsonSerializable(typeof(WireLabel))]
[JsonSerializable(typeof(WireVoid))]
[JsonSerializable(typeof(WireManifests))]
[JsonSerializable(typeof(WireErrors))]
[JsonSerializable(typeof(WireCarriers))]
[JsonSerializable(typeof(WireWebhook[]))]
[JsonSerializable(typeof(WireEstimate[]))]
[JsonSerializable(typeof(WireTold))]
[JsonSerializable(typeof(WireTracking))]
internal sealed partial class ShipEngineJson : JsonSerializerContext;
