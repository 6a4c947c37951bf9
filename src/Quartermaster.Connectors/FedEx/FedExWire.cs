using System.Text.Json.Serialization;
using Quartermaster.Connectors.Shared;

namespace Quartermaster.Connectors.FedEx;

internal sealed record WireShipAnswer(WireShipOutput? Output);

internal sealed record WireShipOutput(IReadOnlyList<WireShipment?>? TransactionShipments);

internal sealed record WireShipment
{
    public string? MasterTrackingNumber { get; init; }
    public IReadOnlyList<WirePiece?>? PieceResponses { get; init; }
    public IReadOnlyList<WireDocument?>? ShipmentDocuments { get; init; }
    public WireCompleted? CompletedShipmentDetail { get; init; }
}

internal sealed record WirePiece(string? TrackingNumber, IReadOnlyList<WireDocument?>? PackageDocuments);

internal sealed record WireDocument(string? Url);

internal sealed record WireCompleted(WireRating? ShipmentRating);

internal sealed record WireRating(string? ActualRateType, IReadOnlyList<WireRate?>? ShipmentRateDetails);

internal sealed record WireRate(string? RateType, decimal? TotalNetCharge, string? Currency);

internal sealed record WireCancelAnswer(WireCancelled? Output);

internal sealed record WireCancelled(bool? CancelledShipment, string? Message, string? SuccessMessage);

internal sealed record WireRateAnswer(WireRateOutput? Output);

internal sealed record WireRateOutput(IReadOnlyList<WireRateReply?>? RateReplyDetails);

internal sealed record WireRateReply(string? ServiceType, string? ServiceName, IReadOnlyList<WireRate?>? RatedShipmentDetails, IReadOnlyList<WireMessage?>? CustomerMessages);

internal sealed record WireMessage(string? Message);

internal sealed record WireTrackAnswer(WireTrackOutput? Output);

internal sealed record WireTrackOutput(IReadOnlyList<WireTrackResults?>? CompleteTrackResults);

internal sealed record WireTrackResults(string? TrackingNumber, IReadOnlyList<WireTrackResult?>? TrackResults);

internal sealed record WireTrackResult(WireError? Error, IReadOnlyList<WireScan?>? ScanEvents);

internal sealed record WireScan
{
    public string? Date { get; init; }
    public string? EventType { get; init; }
    public string? EventDescription { get; init; }
    public string? DerivedStatusCode { get; init; }
    public string? ExceptionDescription { get; init; }
    public WirePlace? ScanLocation { get; init; }
}

internal sealed record WirePlace(string? City);

internal sealed record WireProblem(IReadOnlyList<WireError?>? Errors);

internal sealed record WireError(string? Code, string? Message);

// Lenient on purpose: what FedEx adds or leaves out must not lose a scan.
[JsonSourceGenerationOptions(PropertyNameCaseInsensitive = true, NumberHandling = JsonNumberHandling.AllowReadingFromString, Converters = [typeof(TextOrNumber)])]
[JsonSerializable(typeof(WireShipAnswer))]
[JsonSerializable(typeof(WireCancelAnswer))]
[JsonSerializable(typeof(WireRateAnswer))]
[JsonSerializable(typeof(WireTrackAnswer))]
[JsonSerializable(typeof(WireProblem))]
internal sealed partial class FedExJson : JsonSerializerContext;
