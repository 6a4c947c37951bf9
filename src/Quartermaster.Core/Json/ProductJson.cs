using System.Text.Json.Serialization;
using Quartermaster.Core.Products;

namespace Quartermaster.Core.Json;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true)]
[JsonSerializable(typeof(ProductSignal.Reported), TypeInfoPropertyName = "SignalReported")]
[JsonSerializable(typeof(ProductSignal.Deleted), TypeInfoPropertyName = "SignalDeleted")]
[JsonSerializable(typeof(ProductEvent.Known), TypeInfoPropertyName = "EventKnown")]
[JsonSerializable(typeof(ProductEvent.Gone), TypeInfoPropertyName = "EventGone")]
internal sealed partial class ProductJson : JsonSerializerContext;
