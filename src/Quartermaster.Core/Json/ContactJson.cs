using System.Text.Json.Serialization;
using Quartermaster.Core.Customers;

namespace Quartermaster.Core.Json;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true)]
[JsonSerializable(typeof(ContactSignal.Wrote), TypeInfoPropertyName = "SignalWrote")]
[JsonSerializable(typeof(ContactSignal.AnswerFound), TypeInfoPropertyName = "SignalAnswerFound")]
[JsonSerializable(typeof(ContactSignal.AnswerAsked), TypeInfoPropertyName = "SignalAnswerAsked")]
[JsonSerializable(typeof(ContactSignal.Bounced), TypeInfoPropertyName = "SignalBounced")]
[JsonSerializable(typeof(ContactSignal.Complained), TypeInfoPropertyName = "SignalComplained")]
[JsonSerializable(typeof(ContactSignal.Tired), TypeInfoPropertyName = "SignalTired")]
[JsonSerializable(typeof(ContactSignal.OptedOut), TypeInfoPropertyName = "SignalOptedOut")]
[JsonSerializable(typeof(ContactSignal.OptedIn), TypeInfoPropertyName = "SignalOptedIn")]
[JsonSerializable(typeof(ContactSignal.PreferenceTold), TypeInfoPropertyName = "SignalPreferenceTold")]
[JsonSerializable(typeof(ContactSignal.SuppressAsked), TypeInfoPropertyName = "SignalSuppressAsked")]
[JsonSerializable(typeof(ContactSignal.LiftAsked), TypeInfoPropertyName = "SignalLiftAsked")]
[JsonSerializable(typeof(ContactEvent.Heard), TypeInfoPropertyName = "EventHeard")]
[JsonSerializable(typeof(ContactEvent.Answered), TypeInfoPropertyName = "EventAnswered")]
[JsonSerializable(typeof(ContactEvent.AnswerPlanned), TypeInfoPropertyName = "EventAnswerPlanned")]
[JsonSerializable(typeof(ContactEvent.AnswerGiven), TypeInfoPropertyName = "EventAnswerGiven")]
[JsonSerializable(typeof(ContactEvent.AnswerSent), TypeInfoPropertyName = "EventAnswerSent")]
[JsonSerializable(typeof(ContactEvent.AnswerFailed), TypeInfoPropertyName = "EventAnswerFailed")]
[JsonSerializable(typeof(ContactEvent.Closed), TypeInfoPropertyName = "EventClosed")]
[JsonSerializable(typeof(ContactEvent.Consented), TypeInfoPropertyName = "EventConsented")]
[JsonSerializable(typeof(ContactEvent.Rests), TypeInfoPropertyName = "EventRests")]
[JsonSerializable(typeof(ContactEvent.Lifted), TypeInfoPropertyName = "EventLifted")]
[JsonSerializable(typeof(ContactEvent.Preferred), TypeInfoPropertyName = "EventPreferred")]
[JsonSerializable(typeof(CustomerEffect.Push), TypeInfoPropertyName = "EffectPush")]
[JsonSerializable(typeof(CustomerEffect.Forget), TypeInfoPropertyName = "EffectForget")]
[JsonSerializable(typeof(WeekSignal.Ended), TypeInfoPropertyName = "SignalWeekEnded")]
[JsonSerializable(typeof(WeekEvent.Reported), TypeInfoPropertyName = "EventWeekReported")]
internal sealed partial class ContactJson : JsonSerializerContext;
