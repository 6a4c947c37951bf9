using System.Text.Json.Serialization;

namespace Quartermaster.Connectors.Twilio;

/// <param name="DateCreated">RFC 2822.</param>
/// <param name="Direction"><c>outbound-api</c>, <c>inbound</c> …</param>
internal sealed record TwilioMessage(string? Sid, string? Body, string? Direction, string? DateCreated);

internal sealed record TwilioList(IReadOnlyList<TwilioMessage?>? Messages);

internal sealed record TwilioAccount(string? Status);

internal sealed record TwilioError(int? Code, string? Message);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(TwilioMessage))]
[JsonSerializable(typeof(TwilioList))]
[JsonSerializable(typeof(TwilioAccount))]
[JsonSerializable(typeof(TwilioError))]
internal sealed partial class TwilioJson : JsonSerializerContext;
