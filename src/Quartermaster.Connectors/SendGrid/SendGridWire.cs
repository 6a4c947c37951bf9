using System.Text.Json.Serialization;

namespace Quartermaster.Connectors.SendGrid;

/// <summary>One event of the event webhook; its body is an array of them. Our custom argument arrives beside SendGrid's own fields.</summary>
/// <param name="Event"><c>processed</c>, <c>delivered</c>, <c>bounce</c>, <c>dropped</c> …</param>
/// <param name="Status">Enhanced status code of a bounce, e.g. <c>5.2.2</c>.</param>
/// <param name="Type"><c>bounce</c> or <c>blocked</c>.</param>
/// <param name="BounceClassification"><c>Invalid Address</c>, <c>Mailbox Unavailable</c>, <c>Reputation</c>, <c>Content</c>, <c>Technical</c>, <c>Unclassified</c> …</param>
/// <param name="Timestamp">Seconds since 1970.</param>
internal sealed record SendGridEvent(
    string? Event, string? Email, string? Reason, string? Status, string? Type, string? BounceClassification, long? Timestamp, string? SgEventId, [property: JsonPropertyName(SendGridOutbound.KeyArgument)] string? Key);

/// <summary>Between which mail systems a mail went; <c>From</c> is empty where no answer is wanted.</summary>
internal sealed record SendGridEnvelope(string? From);

internal sealed record SendGridErrors(IReadOnlyList<SendGridError?>? Errors);

internal sealed record SendGridError(string? Message, string? Field);

internal sealed record SendGridScopes(IReadOnlyList<string?>? Scopes);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, NumberHandling = JsonNumberHandling.AllowReadingFromString)]
[JsonSerializable(typeof(IReadOnlyList<SendGridEvent?>))]
[JsonSerializable(typeof(Dictionary<string, string>))]
[JsonSerializable(typeof(SendGridEnvelope))]
[JsonSerializable(typeof(SendGridErrors))]
[JsonSerializable(typeof(SendGridScopes))]
internal sealed partial class SendGridJson : JsonSerializerContext;
