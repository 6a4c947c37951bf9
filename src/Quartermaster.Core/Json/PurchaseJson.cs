using System.Text.Json.Serialization;
using Quartermaster.Core.Purchasing;

namespace Quartermaster.Core.Json;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true)]
[JsonSerializable(typeof(PurchaseSignal.Proposed), TypeInfoPropertyName = "SignalProposed")]
[JsonSerializable(typeof(PurchaseSignal.QuantitiesSet), TypeInfoPropertyName = "SignalQuantitiesSet")]
[JsonSerializable(typeof(PurchaseSignal.ApproveAsked), TypeInfoPropertyName = "SignalApproveAsked")]
[JsonSerializable(typeof(PurchaseSignal.RejectAsked), TypeInfoPropertyName = "SignalRejectAsked")]
[JsonSerializable(typeof(PurchaseSignal.DateSet), TypeInfoPropertyName = "SignalDateSet")]
[JsonSerializable(typeof(PurchaseSignal.GoodsReceived), TypeInfoPropertyName = "SignalGoodsReceived")]
[JsonSerializable(typeof(PurchaseSignal.CloseAsked), TypeInfoPropertyName = "SignalCloseAsked")]
[JsonSerializable(typeof(PurchaseSignal.FellDue), TypeInfoPropertyName = "SignalFellDue")]
[JsonSerializable(typeof(PurchaseEvent.Drafted), TypeInfoPropertyName = "EventDrafted")]
[JsonSerializable(typeof(PurchaseEvent.Extended), TypeInfoPropertyName = "EventExtended")]
[JsonSerializable(typeof(PurchaseEvent.Changed), TypeInfoPropertyName = "EventChanged")]
[JsonSerializable(typeof(PurchaseEvent.Ordered), TypeInfoPropertyName = "EventOrdered")]
[JsonSerializable(typeof(PurchaseEvent.Rejected), TypeInfoPropertyName = "EventRejected")]
[JsonSerializable(typeof(PurchaseEvent.Sent), TypeInfoPropertyName = "EventSent")]
[JsonSerializable(typeof(PurchaseEvent.Booked), TypeInfoPropertyName = "EventBooked")]
[JsonSerializable(typeof(PurchaseEffect.Draft), TypeInfoPropertyName = "EffectDraft")]
[JsonSerializable(typeof(PurchaseEvent.Rescheduled), TypeInfoPropertyName = "EventRescheduled")]
[JsonSerializable(typeof(PurchaseEvent.WasLate), TypeInfoPropertyName = "EventWasLate")]
[JsonSerializable(typeof(PurchaseEvent.Received), TypeInfoPropertyName = "EventReceived")]
[JsonSerializable(typeof(PurchaseEvent.Completed), TypeInfoPropertyName = "EventCompleted")]
[JsonSerializable(typeof(PurchaseEvent.ClosedShort), TypeInfoPropertyName = "EventClosedShort")]
[JsonSerializable(typeof(PurchaseRequest.Keep), TypeInfoPropertyName = "RequestKeep")]
[JsonSerializable(typeof(ReplenishmentSignal.RanLow), TypeInfoPropertyName = "SignalRanLow")]
[JsonSerializable(typeof(ReplenishmentEvent.LowFound), TypeInfoPropertyName = "EventLowFound")]
internal sealed partial class PurchaseJson : JsonSerializerContext;
