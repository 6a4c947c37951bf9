using System.Text.Json.Serialization;
using Quartermaster.Connectors.Shared;

namespace Quartermaster.Connectors.ReviewsRest;

/// <summary>A review as its tool tells of it.</summary>
internal sealed record ReviewEvent
{
    public string? EventId { get; init; }
    public string? Type { get; init; }
    public string? OrderRef { get; init; }
    public string? Email { get; init; }
    public string? Sku { get; init; }
    public decimal? Rating { get; init; }
    public string? Text { get; init; }
    public DateTimeOffset? At { get; init; }

    /// <summary>Where it was written, if the tool gathers from several places.</summary>
    public string? Source { get; init; }
}

/// <summary>How the contract says no: <c>{"error":{"code","message"}}</c>.</summary>
internal sealed record ReviewsError(ReviewsErrorBody? Error);

internal sealed record ReviewsErrorBody(string? Code, string? Message);

// Lenient on purpose: a tool may add fields, or write its stars as a text.
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    NumberHandling = JsonNumberHandling.AllowReadingFromString,
    Converters = [typeof(TextOrNumber)])]
[JsonSerializable(typeof(ReviewEvent))]
[JsonSerializable(typeof(ReviewsError))]
internal sealed partial class ReviewsJson : JsonSerializerContext;
