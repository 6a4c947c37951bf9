using System.Text.Json.Serialization;
using Quartermaster.Connectors.Shared;

namespace Quartermaster.Connectors.Signifyd;

/// <summary>A decision, as the answer to a sale, to a look-up, and in webhooks.</summary>
internal sealed record DecisionBody([property: JsonPropertyName("signifydId"), JsonConverter(typeof(TextOrNumber))] string? Id, [property: JsonConverter(typeof(TextOrNumber))] string? OrderId, Decided? Decision, Coverage? Coverage);

/// <param name="CheckpointAction">ACCEPT, REJECT, HOLD; others exist.</param>
/// <param name="Score">0 is the riskiest, 1000 the safest.</param>
internal sealed record Decided(DateTimeOffset? CreatedAt, string? CheckpointAction, string? CheckpointActionReason, string? CheckpointActionPolicy, decimal? Score);

internal sealed record Coverage(Covered? FraudChargebacks, Covered? AllChargebacks);

internal sealed record Covered(decimal? Amount, string? Currency);

internal sealed record ErrorBody(string?[]? Messages);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, NumberHandling = JsonNumberHandling.AllowReadingFromString, GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(DecisionBody))]
[JsonSerializable(typeof(ErrorBody))]
internal sealed partial class SignifydJson : JsonSerializerContext;
