using System.Text.Json;
using System.Text.Json.Serialization;
using Quartermaster.Connectors.Shared;

namespace Quartermaster.Connectors.WarehouseRest;

/// <summary>Everything a warehouse may tell us by webhook, in one flat shape; <see cref="Type"/> says which parts count.</summary>
internal sealed record WarehouseEvent
{
    public string? Type { get; init; }
    public string? OrderRef { get; init; }
    public DateTimeOffset? At { get; init; }
    public string? Warehouse { get; init; }
    public string? WarehouseRef { get; init; }
    public string? HandoffKey { get; init; }
    public string? Carrier { get; init; }
    public string? TrackingNumber { get; init; }
    public string? TrackingUrl { get; init; }
    public IReadOnlyList<WireLine?>? Lines { get; init; }
    public string? Code { get; init; }
    public string? Message { get; init; }
    public bool? Withdrawn { get; init; }
    public string? Sku { get; init; }
    public int? OnHand { get; init; }
}

internal sealed record WireLine(string? Sku, int Qty);

/// <summary>Answer to a hand-off: one word for the whole call, or one result per order.</summary>
internal sealed record SubmitAnswer(string? Status, IReadOnlyList<OrderResult?>? Results);

internal sealed record OrderResult
{
    public string? OrderRef { get; init; }
    public string? Status { get; init; }
    public string? Code { get; init; }
    public string? Message { get; init; }
    public string? WarehouseRef { get; init; }
}

/// <summary>Answer to a cancellation.</summary>
internal sealed record CancelAnswer(string? Status, string? Message);

internal sealed record StockPage(IReadOnlyList<StockCount?>? Counts, string? Next);

internal sealed record StockCount(string? Sku, string? Warehouse, int? OnHand, DateTimeOffset? At);

/// <summary>How the contract says no: <c>{"error":{"code","message"}}</c>.</summary>
internal sealed record ErrorAnswer(ErrorBody? Error);

internal sealed record ErrorBody(string? Code, string? Message);

// Lenient on purpose: a warehouse may add fields, or send a number where the contract has text, without losing a shipment.
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    NumberHandling = JsonNumberHandling.AllowReadingFromString,
    Converters = [typeof(TextOrNumber)])]
[JsonSerializable(typeof(WarehouseEvent))]
[JsonSerializable(typeof(SubmitAnswer))]
[JsonSerializable(typeof(CancelAnswer))]
[JsonSerializable(typeof(StockPage))]
[JsonSerializable(typeof(ErrorAnswer))]
internal sealed partial class WarehouseJson : JsonSerializerContext;
