using System.Text.Json.Serialization;
using Quartermaster.Core.Labels;

namespace Quartermaster.Core.Json;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true)]
[JsonSerializable(typeof(LabelSignal.Wanted), TypeInfoPropertyName = "SignalWanted")]
[JsonSerializable(typeof(LabelSignal.Issued), TypeInfoPropertyName = "SignalIssued")]
[JsonSerializable(typeof(LabelSignal.NotNeeded), TypeInfoPropertyName = "SignalNotNeeded")]
[JsonSerializable(typeof(LabelSignal.ParcelLeft), TypeInfoPropertyName = "SignalParcelLeft")]
[JsonSerializable(typeof(LabelSignal.AgainAsked), TypeInfoPropertyName = "SignalAgainAsked")]
[JsonSerializable(typeof(LabelSignal.SkipAsked), TypeInfoPropertyName = "SignalSkipAsked")]
[JsonSerializable(typeof(LabelSignal.CallOffDue), TypeInfoPropertyName = "SignalCallOffDue")]
[JsonSerializable(typeof(LabelEvent.Asked), TypeInfoPropertyName = "EventAsked")]
[JsonSerializable(typeof(LabelEvent.Bought), TypeInfoPropertyName = "EventBought")]
[JsonSerializable(typeof(LabelEvent.Refused), TypeInfoPropertyName = "EventRefused")]
[JsonSerializable(typeof(LabelEvent.WantedAgain), TypeInfoPropertyName = "EventWantedAgain")]
[JsonSerializable(typeof(LabelEvent.Skipped), TypeInfoPropertyName = "EventSkipped")]
[JsonSerializable(typeof(LabelEvent.CalledOff), TypeInfoPropertyName = "EventCalledOff")]
[JsonSerializable(typeof(LabelEvent.Dropped), TypeInfoPropertyName = "EventDropped")]
[JsonSerializable(typeof(LabelEvent.VoidAsked), TypeInfoPropertyName = "EventVoidAsked")]
[JsonSerializable(typeof(LabelEvent.Voided), TypeInfoPropertyName = "EventVoided")]
[JsonSerializable(typeof(LabelEvent.Kept), TypeInfoPropertyName = "EventKept")]
[JsonSerializable(typeof(LabelEvent.Used), TypeInfoPropertyName = "EventUsed")]
[JsonSerializable(typeof(LabelEffect.Buy), TypeInfoPropertyName = "EffectBuy")]
[JsonSerializable(typeof(LabelEffect.Void), TypeInfoPropertyName = "EffectVoid")]
internal sealed partial class LabelsJson : JsonSerializerContext;
