using System.Text.Json.Serialization;
using Quartermaster.Core.Campaigns;

namespace Quartermaster.Core.Json;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true)]
[JsonSerializable(typeof(RunSignal.Purchased), TypeInfoPropertyName = "SignalPurchased")]
[JsonSerializable(typeof(RunSignal.Delivered), TypeInfoPropertyName = "SignalDelivered")]
[JsonSerializable(typeof(RunSignal.Undone), TypeInfoPropertyName = "SignalUndone")]
[JsonSerializable(typeof(RunSignal.CheckoutSeen), TypeInfoPropertyName = "SignalCheckoutSeen")]
[JsonSerializable(typeof(RunSignal.Reviewed), TypeInfoPropertyName = "SignalReviewed")]
[JsonSerializable(typeof(RunSignal.Enrolled), TypeInfoPropertyName = "SignalEnrolled")]
[JsonSerializable(typeof(RunSignal.Due), TypeInfoPropertyName = "SignalDue")]
[JsonSerializable(typeof(RunSignal.Looked), TypeInfoPropertyName = "SignalLooked")]
[JsonSerializable(typeof(RunSignal.OfferTaken), TypeInfoPropertyName = "SignalOfferTaken")]
[JsonSerializable(typeof(RunSignal.NotReached), TypeInfoPropertyName = "SignalNotReached")]
[JsonSerializable(typeof(RunEvent.Entered), TypeInfoPropertyName = "EventEntered")]
[JsonSerializable(typeof(RunEvent.Refreshed), TypeInfoPropertyName = "EventRefreshed")]
[JsonSerializable(typeof(RunEvent.StepSent), TypeInfoPropertyName = "EventStepSent")]
[JsonSerializable(typeof(RunEvent.StepPassed), TypeInfoPropertyName = "EventStepPassed")]
[JsonSerializable(typeof(RunEvent.StepLost), TypeInfoPropertyName = "EventStepLost")]
[JsonSerializable(typeof(RunEvent.Left), TypeInfoPropertyName = "EventLeft")]
[JsonSerializable(typeof(RunEvent.Converted), TypeInfoPropertyName = "EventConverted")]
[JsonSerializable(typeof(RunEvent.ConversionUndone), TypeInfoPropertyName = "EventConversionUndone")]
[JsonSerializable(typeof(RunEvent.ReviewWritten), TypeInfoPropertyName = "EventReviewWritten")]
[JsonSerializable(typeof(RunEvent.ConversionLessened), TypeInfoPropertyName = "EventConversionLessened")]
[JsonSerializable(typeof(RunEvent.Ordered), TypeInfoPropertyName = "EventOrdered")]
[JsonSerializable(typeof(RunRequest.Look), TypeInfoPropertyName = "RequestLook")]
[JsonSerializable(typeof(RunRequest.TakeOffer), TypeInfoPropertyName = "RequestTakeOffer")]
internal sealed partial class RunJson : JsonSerializerContext;
