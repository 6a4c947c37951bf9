using System.Text.Json.Serialization;
using Quartermaster.Connectors.Shared;

namespace Quartermaster.Connectors.Delhivery;

internal sealed record WireMade(bool? Success, string? Rmk, IReadOnlyList<WirePackage?>? Packages);

internal sealed record WirePackage(string? Waybill, string? Status, IReadOnlyList<string?>? Remarks);

internal sealed record WireEdited(bool? Status, string? Remark, string? Error);

internal sealed record WireFetched
{
    public bool? Success { get; init; }

    [JsonPropertyName("pickup_id")] public string? PickupId { get; init; }
    public string? Error { get; init; }
    public string? Message { get; init; }
}

internal sealed record WireSlips(IReadOnlyList<WireSlip?>? Packages);

internal sealed record WireSlip([property: JsonPropertyName("pdf_download_link")] string? PdfDownloadLink);

internal sealed record WirePincodes([property: JsonPropertyName("delivery_codes")] IReadOnlyList<WirePincode?>? DeliveryCodes);

internal sealed record WirePincode([property: JsonPropertyName("postal_code")] WireServed? PostalCode);

internal sealed record WireServed(string? Cod, [property: JsonPropertyName("pre_paid")] string? PrePaid);

internal sealed record WireCharge([property: JsonPropertyName("total_amount")] decimal? TotalAmount, string? Zone);

internal sealed record WireTracked(IReadOnlyList<WireTrackedParcel?>? ShipmentData, string? Error);

internal sealed record WireTrackedParcel(WireShipment? Shipment);

internal sealed record WireShipment(string? Awb, string? ReferenceNo, WireStatus? Status, IReadOnlyList<WireScanned?>? Scans);

internal sealed record WireStatus(string? Status);

internal sealed record WireScanned(WireScan? ScanDetail);

internal sealed record WireScan
{
    public string? ScanDateTime { get; init; }
    public string? StatusDateTime { get; init; }
    public string? ScanType { get; init; }
    public string? Scan { get; init; }
    public string? StatusCode { get; init; }
    public string? ScannedLocation { get; init; }
    public string? Instructions { get; init; }
}

// Lenient on purpose: what Delhivery adds or leaves out must not lose a scan, and numbers come as text in places.
[JsonSourceGenerationOptions(PropertyNameCaseInsensitive = true, NumberHandling = JsonNumberHandling.AllowReadingFromString, Converters = [typeof(TextOrNumber)])]
[JsonSerializable(typeof(WireMade))]
[JsonSerializable(typeof(WireEdited))]
[JsonSerializable(typeof(WireFetched))]
[JsonSerializable(typeof(WireSlips))]
[JsonSerializable(typeof(WirePincodes))]
[JsonSerializable(typeof(WireCharge[]))]
[JsonSerializable(typeof(WireTracked))]
internal sealed partial class DelhiveryJson : JsonSerializerContext;
