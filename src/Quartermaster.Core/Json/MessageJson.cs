using System.Text.Json.Serialization;
using Quartermaster.Core.Messages;

namespace Quartermaster.Core.Json;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true)]
[JsonSerializable(typeof(MessageSignal.Say), TypeInfoPropertyName = "SignalSay")]
[JsonSerializable(typeof(MessageSignal.NotDelivered), TypeInfoPropertyName = "SignalNotDelivered")]
[JsonSerializable(typeof(MessageEvent.Planned), TypeInfoPropertyName = "EventPlanned")]
[JsonSerializable(typeof(MessageEvent.FellBack), TypeInfoPropertyName = "EventFellBack")]
[JsonSerializable(typeof(MessageEvent.Unreachable), TypeInfoPropertyName = "EventUnreachable")]
[JsonSerializable(typeof(MessageEffect.Send), TypeInfoPropertyName = "EffectSend")]
[JsonSerializable(typeof(MessageEffect.Letter), TypeInfoPropertyName = "EffectLetter")]
[JsonSerializable(typeof(MessageEffect.Answer), TypeInfoPropertyName = "EffectAnswer")]
[JsonSerializable(typeof(MessageEffect.Alert), TypeInfoPropertyName = "EffectAlert")]
internal sealed partial class MessageJson : JsonSerializerContext;
