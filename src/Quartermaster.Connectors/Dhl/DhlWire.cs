using System.Text.Json.Serialization;
using Quartermaster.Connectors.Shared;

namespace Quartermaster.Connectors.Dhl;

internal sealed record WireAnswer(IReadOnlyList<WireShipment?>? Shipments);

internal sealed record WireShipment(string? Id, string? Service, WireEvent? Status, IReadOnlyList<WireEvent?>? Events);

internal sealed record WireEvent(string? Timestamp, WireLocation? Location, string? StatusCode, string? Status, string? Description);

internal sealed record WireLocation(WireAddress? Address);

internal sealed record WireAddress(string? AddressLocality);

internal sealed record WireProblem(string? Title, string? Detail, IReadOnlyList<string?>? AdditionalDetails = null);

internal sealed record WireShipped(string? ShipmentTrackingNumber, IReadOnlyList<WireDocument?>? Documents);

internal sealed record WireDocument(string? ImageFormat, string? Content, string? TypeCode);

internal sealed record WirePickup(IReadOnlyList<string?>? DispatchConfirmationNumbers);

internal sealed record WireRates(IReadOnlyList<WireProduct?>? Products);

internal sealed record WireProduct(string? ProductName, string? ProductCode, bool? IsCustomerAgreement, IReadOnlyList<WirePrice?>? TotalPrice, WireCapabilities? DeliveryCapabilities);

internal sealed record WirePrice(string? CurrencyType, string? PriceCurrency, decimal? Price);

internal sealed record WireCapabilities(int? TotalTransitDays);

internal sealed record WireTracked(IReadOnlyList<WireTrackedShipment?>? Shipments);

internal sealed record WireTrackedShipment(string? ShipmentTrackingNumber, IReadOnlyList<WireTrackedEvent?>? Events);

internal sealed record WireTrackedEvent
{
    public string? Date { get; init; }
    public string? Time { get; init; }

    [JsonPropertyName("GMTOffset")] public string? GmtOffset { get; init; }
    public string? TypeCode { get; init; }
    public string? Description { get; init; }
    public IReadOnlyList<WireServiceArea?>? ServiceArea { get; init; }
}

internal sealed record WireServiceArea(string? Description);

// Lenient on purpose: what DHL adds or leaves out must not lose a scan, and ids come as numbers in places.
[JsonSourceGenerationOptions(PropertyNameCaseInsensitive = true, NumberHandling = JsonNumberHandling.AllowReadingFromString, Converters = [typeof(TextOrNumber)])]
[JsonSerializable(typeof(WireAnswer))]
[JsonSerializable(typeof(WireShipped))]
[JsonSerializable(typeof(WirePickup))]
[JsonSerializable(typeof(WireRates))]
[JsonSerializable(typeof(WireTracked))]
[JsonSerializable(typeof(WireProblem))]
internal sealed partial class DhlJson : JsonSerializerContext;
