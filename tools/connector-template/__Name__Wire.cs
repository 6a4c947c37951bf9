using System.Text.Json.Serialization;

namespace Quartermaster.Connectors.__Name__;

/// <summary>What __Name__ posts to our webhook address.</summary>
internal sealed record __Name__Event(string? Id, string? Type, string? OrderId);

// Lenient: a vendor may add fields any day.
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(__Name__Event))]
internal sealed partial class __Name__Json : JsonSerializerContext;
