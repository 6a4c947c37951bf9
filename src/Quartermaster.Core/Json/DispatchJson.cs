using System.Text.Json.Serialization;
using Quartermaster.Core.Dispatching;

namespace Quartermaster.Core.Json;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true)]
[JsonSerializable(typeof(DispatchSignal.Asked), TypeInfoPropertyName = "SignalAsked")]
[JsonSerializable(typeof(DispatchSignal.Closed), TypeInfoPropertyName = "SignalClosed")]
[JsonSerializable(typeof(DispatchEvent.Begun), TypeInfoPropertyName = "EventBegun")]
[JsonSerializable(typeof(DispatchEvent.Done), TypeInfoPropertyName = "EventDone")]
[JsonSerializable(typeof(DispatchEvent.TurnedDown), TypeInfoPropertyName = "EventTurnedDown")]
[JsonSerializable(typeof(DispatchEffect.Close), TypeInfoPropertyName = "EffectClose")]
[JsonSerializable(typeof(DispatchRequest.Enlist), TypeInfoPropertyName = "RequestEnlist")]
[JsonSerializable(typeof(DispatchRequest.Strike), TypeInfoPropertyName = "RequestStrike")]
[JsonSerializable(typeof(DispatchRequest.Left), TypeInfoPropertyName = "RequestLeft")]
[JsonSerializable(typeof(DispatchRequest.Keep), TypeInfoPropertyName = "RequestKeep")]
internal sealed partial class DispatchJson : JsonSerializerContext;
