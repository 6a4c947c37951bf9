using System.Text.Json.Serialization;
using Quartermaster.Core.Books;

namespace Quartermaster.Core.Json;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true)]
[JsonSerializable(typeof(BooksSignal.BillParcel), TypeInfoPropertyName = "SignalBillParcel")]
[JsonSerializable(typeof(BooksSignal.Credit), TypeInfoPropertyName = "SignalCredit")]
[JsonSerializable(typeof(BooksEvent.InvoicePlanned), TypeInfoPropertyName = "EventInvoicePlanned")]
[JsonSerializable(typeof(BooksEvent.Invoiced), TypeInfoPropertyName = "EventInvoiced")]
[JsonSerializable(typeof(BooksEvent.NeedsReview), TypeInfoPropertyName = "EventNeedsReview")]
[JsonSerializable(typeof(BooksEvent.NotBooked), TypeInfoPropertyName = "EventNotBooked")]
[JsonSerializable(typeof(BooksEvent.TakenOff), TypeInfoPropertyName = "EventTakenOff")]
[JsonSerializable(typeof(BooksEvent.CreditPlanned), TypeInfoPropertyName = "EventCreditPlanned")]
[JsonSerializable(typeof(BooksEvent.Credited), TypeInfoPropertyName = "EventCredited")]
[JsonSerializable(typeof(BooksEffect.DraftInvoice), TypeInfoPropertyName = "EffectDraftInvoice")]
[JsonSerializable(typeof(BooksEffect.DraftCreditNote), TypeInfoPropertyName = "EffectDraftCreditNote")]
internal sealed partial class BooksJson : JsonSerializerContext;
