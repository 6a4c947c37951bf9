using System.Text.Json.Serialization;
using Quartermaster.Core.Channels;

namespace Quartermaster.Core.Json;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true)]
[JsonSerializable(typeof(ListingRequest.OfProduct), TypeInfoPropertyName = "RequestOfProduct")]
[JsonSerializable(typeof(ListingRequest.Seen), TypeInfoPropertyName = "RequestSeen")]
internal sealed partial class ChannelsJson : JsonSerializerContext;
