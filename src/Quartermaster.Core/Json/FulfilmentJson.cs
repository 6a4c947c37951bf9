using System.Text.Json.Serialization;
using Quartermaster.Core.Fulfilment;

namespace Quartermaster.Core.Json;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true)]
[JsonSerializable(typeof(FulfilmentSignal.HandOff), TypeInfoPropertyName = "SignalHandOff")]
[JsonSerializable(typeof(FulfilmentSignal.Accepted), TypeInfoPropertyName = "SignalAccepted")]
[JsonSerializable(typeof(FulfilmentSignal.Rejected), TypeInfoPropertyName = "SignalRejected")]
[JsonSerializable(typeof(FulfilmentSignal.ShortPicked), TypeInfoPropertyName = "SignalShortPicked")]
[JsonSerializable(typeof(FulfilmentSignal.Shipped), TypeInfoPropertyName = "SignalShipped")]
[JsonSerializable(typeof(FulfilmentSignal.WithdrawalAnswered), TypeInfoPropertyName = "SignalWithdrawalAnswered")]
[JsonSerializable(typeof(FulfilmentSignal.Fetch), TypeInfoPropertyName = "SignalFetch")]
[JsonSerializable(typeof(FulfilmentSignal.Withdraw), TypeInfoPropertyName = "SignalWithdraw")]
[JsonSerializable(typeof(FulfilmentSignal.TakeOver), TypeInfoPropertyName = "SignalTakeOver")]
[JsonSerializable(typeof(FulfilmentSignal.CallOffDue), TypeInfoPropertyName = "SignalCallOffDue")]
[JsonSerializable(typeof(FulfilmentEvent.HandoffPlanned), TypeInfoPropertyName = "EventHandoffPlanned")]
[JsonSerializable(typeof(FulfilmentEvent.Submitted), TypeInfoPropertyName = "EventSubmitted")]
[JsonSerializable(typeof(FulfilmentEvent.HandoffStopped), TypeInfoPropertyName = "EventHandoffStopped")]
[JsonSerializable(typeof(FulfilmentEvent.TakenOn), TypeInfoPropertyName = "EventTakenOn")]
[JsonSerializable(typeof(FulfilmentEvent.TurnedDown), TypeInfoPropertyName = "EventTurnedDown")]
[JsonSerializable(typeof(FulfilmentEvent.CameUpShort), TypeInfoPropertyName = "EventCameUpShort")]
[JsonSerializable(typeof(FulfilmentEvent.ParcelLeft), TypeInfoPropertyName = "EventParcelLeft")]
[JsonSerializable(typeof(FulfilmentEvent.UnitsNotExpected), TypeInfoPropertyName = "EventUnitsNotExpected")]
[JsonSerializable(typeof(FulfilmentEvent.WithdrawalAsked), TypeInfoPropertyName = "EventWithdrawalAsked")]
[JsonSerializable(typeof(FulfilmentEvent.Withdrawn), TypeInfoPropertyName = "EventWithdrawn")]
[JsonSerializable(typeof(FulfilmentEvent.WithdrawalRefused), TypeInfoPropertyName = "EventWithdrawalRefused")]
[JsonSerializable(typeof(FulfilmentEvent.WrittenBack), TypeInfoPropertyName = "EventWrittenBack")]
[JsonSerializable(typeof(FulfilmentEvent.NotWrittenBack), TypeInfoPropertyName = "EventNotWrittenBack")]
[JsonSerializable(typeof(FulfilmentEffect.SubmitToWarehouse), TypeInfoPropertyName = "EffectSubmitToWarehouse")]
[JsonSerializable(typeof(FulfilmentEffect.WithdrawFromWarehouse), TypeInfoPropertyName = "EffectWithdrawFromWarehouse")]
[JsonSerializable(typeof(FulfilmentEffect.WriteFulfilment), TypeInfoPropertyName = "EffectWriteFulfilment")]
[JsonSerializable(typeof(FulfilmentEffect.FetchOrder), TypeInfoPropertyName = "EffectFetchOrder")]
internal sealed partial class FulfilmentJson : JsonSerializerContext;
