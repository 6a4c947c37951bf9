using System.Text.Json.Serialization;

namespace Quartermaster.Connectors.Slack;

/// <summary>What every method of the Web API answers.</summary>
/// <param name="Ts">The message's id within its channel.</param>
/// <param name="Needed">The scope that was missing.</param>
internal sealed record SlackReply(bool Ok, string? Error, string? Ts, string? Needed);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(SlackReply))]
internal sealed partial class SlackJson : JsonSerializerContext;
