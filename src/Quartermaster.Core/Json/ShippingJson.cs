using System.Text.Json.Serialization;
using Quartermaster.Core.Shipping;

namespace Quartermaster.Core.Json;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true)]
[JsonSerializable(typeof(ShippingSignal.Follow), TypeInfoPropertyName = "SignalFollow")]
[JsonSerializable(typeof(ShippingSignal.Scanned), TypeInfoPropertyName = "SignalScanned")]
[JsonSerializable(typeof(ShippingSignal.EndTold), TypeInfoPropertyName = "SignalEndTold")]
[JsonSerializable(typeof(ShippingEvent.EndedByHand), TypeInfoPropertyName = "EventEndedByHand")]
[JsonSerializable(typeof(ShippingEvent.Followed), TypeInfoPropertyName = "EventFollowed")]
[JsonSerializable(typeof(ShippingEvent.Moved), TypeInfoPropertyName = "EventMoved")]
[JsonSerializable(typeof(ShippingEvent.Delivered), TypeInfoPropertyName = "EventDelivered")]
[JsonSerializable(typeof(ShippingEvent.ScanNotUnderstood), TypeInfoPropertyName = "EventScanNotUnderstood")]
[JsonSerializable(typeof(ShippingSignal.DelayFound), TypeInfoPropertyName = "SignalDelayFound")]
[JsonSerializable(typeof(ShippingEvent.FellBehind), TypeInfoPropertyName = "EventFellBehind")]
[JsonSerializable(typeof(ShippingSignal.CreditDecided), TypeInfoPropertyName = "SignalCreditDecided")]
[JsonSerializable(typeof(ShippingEvent.CreditApproved), TypeInfoPropertyName = "EventCreditApproved")]
[JsonSerializable(typeof(ShippingEvent.CreditGiven), TypeInfoPropertyName = "EventCreditGiven")]
[JsonSerializable(typeof(ShippingEvent.CreditNotGiven), TypeInfoPropertyName = "EventCreditNotGiven")]
[JsonSerializable(typeof(ShippingSignal.CreditTermOver), TypeInfoPropertyName = "SignalCreditTermOver")]
[JsonSerializable(typeof(ShippingEvent.CreditLapsed), TypeInfoPropertyName = "EventCreditLapsed")]
[JsonSerializable(typeof(ShippingSignal.Reckon), TypeInfoPropertyName = "SignalReckon")]
[JsonSerializable(typeof(ShippingEvent.JourneyEnded), TypeInfoPropertyName = "EventJourneyEnded")]
[JsonSerializable(typeof(ShippingRequest.AskAfter), TypeInfoPropertyName = "RequestAskAfter")]
[JsonSerializable(typeof(ShippingRequest.AskNoMore), TypeInfoPropertyName = "RequestAskNoMore")]
[JsonSerializable(typeof(LaneSignal.RanLate))]
[JsonSerializable(typeof(LaneEvent.FoundLate))]
[JsonSerializable(typeof(WaybillSignal.BelongsTo))]
[JsonSerializable(typeof(WaybillEvent.Claimed))]
[JsonSerializable(typeof(WaybillEvent.ScanKept))]
internal sealed partial class ShippingJson : JsonSerializerContext;
