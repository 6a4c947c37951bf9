using System.Text.Json;
using System.Text.Json.Serialization;
using Quartermaster.Connectors.Shared;

namespace Quartermaster.Connectors.Ups;

internal sealed record WireShipped(WireShipmentResponse? ShipmentResponse);

internal sealed record WireShipmentResponse(WireShipmentResults? ShipmentResults);

internal sealed record WireShipmentResults
{
    public string? ShipmentIdentificationNumber { get; init; }

    [JsonConverter(typeof(OneOrMany<WirePackageResult>))]
    public IReadOnlyList<WirePackageResult?>? PackageResults { get; init; }
    public WireTotal? ShipmentCharges { get; init; }
    public WireNegotiated? NegotiatedRateCharges { get; init; }

    [JsonPropertyName("LabelURL")] public string? LabelUrl { get; init; }
}

internal sealed record WirePackageResult(string? TrackingNumber);

internal sealed record WireTotal(WireCharge? TotalCharges);

internal sealed record WireNegotiated(WireCharge? TotalCharge);

internal sealed record WireCharge(string? CurrencyCode, string? MonetaryValue);

internal sealed record WireRecovered(WireRecovery? LabelRecoveryResponse);

internal sealed record WireRecovery
{
    public string? ShipmentIdentificationNumber { get; init; }

    [JsonConverter(typeof(OneOrMany<WireLabelResult>))]
    public IReadOnlyList<WireLabelResult?>? LabelResults { get; init; }
}

internal sealed record WireLabelResult(string? TrackingNumber, WireLabelImage? LabelImage);

internal sealed record WireLabelImage([property: JsonPropertyName("URL")] string? Url);

internal sealed record WireVoided(WireVoidResponse? VoidShipmentResponse);

internal sealed record WireVoidResponse(WireSummary? SummaryResult);

internal sealed record WireSummary(WireCode? Status);

internal sealed record WireCode(string? Code);

internal sealed record WireRated(WireRateResponse? RateResponse);

internal sealed record WireRateResponse
{
    [JsonConverter(typeof(OneOrMany<WireRatedShipment>))]
    public IReadOnlyList<WireRatedShipment?>? RatedShipment { get; init; }
}

internal sealed record WireRatedShipment
{
    public WireCode? Service { get; init; }
    public WireCharge? TotalCharges { get; init; }
    public WireNegotiated? NegotiatedRateCharges { get; init; }
    public WireGuaranteed? GuaranteedDelivery { get; init; }

    [JsonConverter(typeof(OneOrMany<WireAlert>))]
    public IReadOnlyList<WireAlert?>? RatedShipmentAlert { get; init; }
}

internal sealed record WireGuaranteed(string? BusinessDaysInTransit);

internal sealed record WireAlert(string? Description);

internal sealed record WireProblem([property: JsonPropertyName("response")] WireErrors? Response);

internal sealed record WireErrors([property: JsonPropertyName("errors")] IReadOnlyList<WireError?>? Errors);

internal sealed record WireError([property: JsonPropertyName("code")] string? Code, [property: JsonPropertyName("message")] string? Message);

internal sealed record WireTracked(WireTrackResponse? TrackResponse);

internal sealed record WireTrackResponse(IReadOnlyList<WireShipment?>? Shipment);

internal sealed record WireShipment(IReadOnlyList<WirePackage?>? Package);

internal sealed record WirePackage(string? TrackingNumber, IReadOnlyList<WireActivity?>? Activity);

internal sealed record WireActivity
{
    public string? Date { get; init; }
    public string? Time { get; init; }
    public string? GmtDate { get; init; }
    public string? GmtTime { get; init; }
    public string? GmtOffset { get; init; }
    public WireLocation? Location { get; init; }
    public WireStatus? Status { get; init; }
}

internal sealed record WireLocation(WireAddress? Address);

internal sealed record WireAddress(string? City);

internal sealed record WireStatus(string? Type, string? Description, string? StatusCode);

/// <summary>UPS writes a list of one as the thing itself, here and there.</summary>
internal sealed class OneOrMany<T> : JsonConverter<IReadOnlyList<T?>> where T : class
{
    public override IReadOnlyList<T?>? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartArray) return [Item(ref reader, options)];
        List<T?> all = [];
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray) all.Add(Item(ref reader, options));
        return all;
    }

    public override void Write(Utf8JsonWriter writer, IReadOnlyList<T?> value, JsonSerializerOptions options) => throw new NotSupportedException("UPS's answers are only read.");

    private static T? Item(ref Utf8JsonReader reader, JsonSerializerOptions options) =>
        (T?)JsonSerializer.Deserialize(ref reader, options.GetTypeInfo(typeof(T)));
}

// Lenient on purpose: what UPS adds or leaves out must not lose a scan.
[JsonSourceGenerationOptions(PropertyNameCaseInsensitive = true, Converters = [typeof(TextOrNumber)])]
[JsonSerializable(typeof(WireShipped))]
[JsonSerializable(typeof(WirePackageResult))]
[JsonSerializable(typeof(WireRecovered))]
[JsonSerializable(typeof(WireLabelResult))]
[JsonSerializable(typeof(WireVoided))]
[JsonSerializable(typeof(WireRated))]
[JsonSerializable(typeof(WireRatedShipment))]
[JsonSerializable(typeof(WireAlert))]
[JsonSerializable(typeof(WireProblem))]
[JsonSerializable(typeof(WireTracked))]
internal sealed partial class UpsJson : JsonSerializerContext;
