using System.Text.Json.Serialization;
using Quartermaster.Connectors.Shared;

namespace Quartermaster.Connectors.Usps;

internal sealed record WireTracked(IReadOnlyList<WireScan?>? TrackingEvents);

internal sealed record WireScan
{
    public string? EventType { get; init; }
    public string? EventCode { get; init; }
    public string? EventTimestamp { get; init; }

    [JsonPropertyName("GMTTimestamp")] public string? GmtTimestamp { get; init; }
    [JsonPropertyName("GMTOffset")] public string? GmtOffset { get; init; }
    public string? EventCity { get; init; }
}

internal sealed record WirePrices(IReadOnlyList<WireOption?>? RateOptions);

internal sealed record WireOption(decimal? TotalBasePrice, IReadOnlyList<WireRate?>? Rates);

internal sealed record WireRate(string? MailClass, string? Description, IReadOnlyList<WireWarning?>? Warnings);

internal sealed record WireWarning(string? WarningDescription);

internal sealed record WireProblem(WireError? Error);

internal sealed record WireError(string? Code, string? Message, IReadOnlyList<WireDetail?>? Errors);

internal sealed record WireDetail(string? Code, string? Detail);

internal sealed record WirePayment(string? PaymentAuthorizationToken);

/// <summary>What USPS tells of a label stands beside its picture, and in the samples one level deeper.</summary>
internal sealed record WireLabel
{
    public WireLabel? LabelMetadata { get; init; }
    public string? TrackingNumber { get; init; }
    public decimal? Postage { get; init; }
    public IReadOnlyList<WirePrice?>? ExtraServices { get; init; }
    public IReadOnlyList<WirePrice?>? Fees { get; init; }
    public string? LabelImage { get; init; }
}

internal sealed record WirePrice(decimal? Price);

internal sealed record WireCancelled(string? Status, string? DisputeId);

// Lenient on purpose: what USPS adds or leaves out must not lose a scan.
[JsonSourceGenerationOptions(PropertyNameCaseInsensitive = true, NumberHandling = JsonNumberHandling.AllowReadingFromString, Converters = [typeof(TextOrNumber)])]
[JsonSerializable(typeof(WireTracked))]
[JsonSerializable(typeof(WirePrices))]
[JsonSerializable(typeof(WirePayment))]
[JsonSerializable(typeof(WireLabel))]
[JsonSerializable(typeof(WireCancelled))]
[JsonSerializable(typeof(WireProblem))]
internal sealed partial class UspsJson : JsonSerializerContext;
