using System.Text.Json;
using System.Text.Json.Serialization;
using Quartermaster.Connectors.Shared;

namespace Quartermaster.Connectors.CarrierRest;

/// <summary>One scan of a parcel, by webhook or in a tracking answer.</summary>
internal sealed record CarrierScan
{
    public string? Type { get; init; }
    public string? OrderRef { get; init; }
    public string? Carrier { get; init; }
    public string? TrackingNumber { get; init; }
    public DateTimeOffset? At { get; init; }

    /// <summary>The carrier's own code or words for it, kept as they came.</summary>
    public string? Code { get; init; }
    public string? Place { get; init; }
}

/// <summary>How the contract says no: <c>{"error":{"code","message"}}</c>.</summary>
internal sealed record CarrierError(CarrierErrorBody? Error);

internal sealed record CarrierErrorBody(string? Code, string? Message);

// Lenient on purpose: a carrier may add fields, or send a number where the contract has text, without losing a scan.
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    NumberHandling = JsonNumberHandling.AllowReadingFromString,
    Converters = [typeof(TextOrNumber)])]
[JsonSerializable(typeof(CarrierScan))]
[JsonSerializable(typeof(CarrierError))]
internal sealed partial class CarrierJson : JsonSerializerContext;
