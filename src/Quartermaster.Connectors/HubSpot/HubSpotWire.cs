using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Quartermaster.Connectors.Shared;

namespace Quartermaster.Connectors.HubSpot;

internal sealed record HubSpotError(string? Message, string? Category, IReadOnlyList<HubSpotErrorPart?>? Errors);

internal sealed record HubSpotErrorPart(string? Message, string? Code, string? Category, IReadOnlyDictionary<string, IReadOnlyList<string>>? Context);

internal sealed record HubSpotContacts(IReadOnlyList<HubSpotContact?>? Results);

/// <summary>A contact as the API shows it, and as a workflow's webhook sends it: there a value is an object now and then.</summary>
internal sealed record HubSpotContact([property: JsonConverter(typeof(TextOrNumber))] string? Id, IReadOnlyDictionary<string, JsonElement>? Properties, IReadOnlyDictionary<string, IReadOnlyList<HubSpotValue?>>? PropertiesWithHistory = null)
{
    public DateTimeOffset? ChangedAt => DateTimeOffset.TryParse(Find("lastmodifieddate"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at : null;

    /// <summary>Since when a property has been true; null when its history was not asked for, or says otherwise.</summary>
    public DateTimeOffset? SinceOf(string name)
    {
        DateTimeOffset? since = null;
        foreach (var value in (PropertiesWithHistory?.GetValueOrDefault(name) ?? []).OfType<HubSpotValue>().OrderByDescending(v => v.Timestamp))
        {
            if (value.Value != "true") break;
            since = value.Timestamp;
        }
        return since;
    }

    public string? Find(string name) => Properties?.GetValueOrDefault(name) switch
    {
        { ValueKind: JsonValueKind.String } text => text.GetString(),
        { ValueKind: JsonValueKind.Object } inner when inner.TryGetProperty("value", out var value) && value.ValueKind == JsonValueKind.String => value.GetString(),
        { ValueKind: JsonValueKind.True } => "true",
        _ => null,
    };
}

internal sealed record HubSpotValue(string? Value, DateTimeOffset? Timestamp);

internal sealed record HubSpotPage(IReadOnlyList<JsonElement>? Results, HubSpotPaging? Paging);

internal sealed record HubSpotPaging(HubSpotNext? Next);

internal sealed record HubSpotNext(string? After);

/// <summary>One of an app's own subscriptions: it names a contact's number and no address.</summary>
internal sealed record HubSpotChange(string? SubscriptionType, string? PropertyName);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(HubSpotError))]
[JsonSerializable(typeof(HubSpotContacts))]
[JsonSerializable(typeof(HubSpotContact))]
[JsonSerializable(typeof(HubSpotPage))]
[JsonSerializable(typeof(IReadOnlyList<HubSpotChange?>))]
internal sealed partial class HubSpotJson : JsonSerializerContext;
