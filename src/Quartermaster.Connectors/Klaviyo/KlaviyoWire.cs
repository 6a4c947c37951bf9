using System.Text.Json;
using System.Text.Json.Serialization;

namespace Quartermaster.Connectors.Klaviyo;

internal sealed record KlaviyoErrors(IReadOnlyList<KlaviyoError?>? Errors);

internal sealed record KlaviyoError(string? Code, string? Detail, KlaviyoSource? Source);

internal sealed record KlaviyoSource(string? Pointer);

internal sealed record KlaviyoOne(KlaviyoProfile? Data);

internal sealed record KlaviyoRef(string? Id);

internal sealed record KlaviyoAccounts(IReadOnlyList<KlaviyoRef?>? Data);

internal sealed record KlaviyoPage(IReadOnlyList<JsonElement>? Data, KlaviyoLinks? Links);

internal sealed record KlaviyoLinks(string? Next);

/// <summary>A system webhook. What happened stands in the shape of Get Event, at one of two depths.</summary>
internal sealed record KlaviyoHook(IReadOnlyList<KlaviyoHappened?>? Data);

internal sealed record KlaviyoHappened(string? Topic, [property: JsonPropertyName("external_id")] string? ExternalId, KlaviyoEvent? Payload);

internal sealed record KlaviyoEvent(KlaviyoResource? Data, KlaviyoEventAttributes? Attributes, IReadOnlyList<KlaviyoProfile?>? Included);

internal sealed record KlaviyoResource(KlaviyoEventAttributes? Attributes);

internal sealed record KlaviyoEventAttributes(DateTimeOffset? Datetime, [property: JsonPropertyName("event_properties")] IReadOnlyDictionary<string, JsonElement>? EventProperties);

internal sealed record KlaviyoProfile(string? Type, string? Id, KlaviyoProfileAttributes? Attributes);

internal sealed record KlaviyoProfileAttributes(string? Email, [property: JsonPropertyName("phone_number")] string? PhoneNumber, KlaviyoSubscriptions? Subscriptions);

internal sealed record KlaviyoSubscriptions(KlaviyoChannel? Email, KlaviyoChannel? Sms);

internal sealed record KlaviyoChannel(KlaviyoMarketing? Marketing);

internal sealed record KlaviyoMarketing(string? Consent, [property: JsonPropertyName("consent_timestamp")] DateTimeOffset? ConsentTimestamp, [property: JsonPropertyName("last_updated")] DateTimeOffset? LastUpdated, IReadOnlyList<KlaviyoSuppression?>? Suppression);

internal sealed record KlaviyoSuppression(string? Reason, DateTimeOffset? Timestamp);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(KlaviyoErrors))]
[JsonSerializable(typeof(KlaviyoOne))]
[JsonSerializable(typeof(KlaviyoAccounts))]
[JsonSerializable(typeof(KlaviyoPage))]
[JsonSerializable(typeof(KlaviyoHook))]
[JsonSerializable(typeof(KlaviyoProfile))]
internal sealed partial class KlaviyoJson : JsonSerializerContext;
