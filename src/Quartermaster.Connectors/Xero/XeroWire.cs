using System.Text.Json.Serialization;

namespace Quartermaster.Connectors.Xero;

/// <summary>One invoice, credit note or purchase order in an answer; of the vendor's forty fields only those that decide something.</summary>
internal sealed record XeroDocument
{
    [JsonPropertyName("InvoiceID")] public string? InvoiceId { get; init; }
    [JsonPropertyName("CreditNoteID")] public string? CreditNoteId { get; init; }
    [JsonPropertyName("PurchaseOrderID")] public string? PurchaseOrderId { get; init; }
    public string? PurchaseOrderNumber { get; init; }
    public string? InvoiceNumber { get; init; }
    public string? CreditNoteNumber { get; init; }
    public string? Reference { get; init; }
    public string? Status { get; init; }
    public decimal? Total { get; init; }
    public decimal? SubTotal { get; init; }
    public bool? HasErrors { get; init; }
    public string? StatusAttributeString { get; init; }
    public IReadOnlyList<XeroValidationError?>? ValidationErrors { get; init; }

    public string? Id => InvoiceId ?? CreditNoteId ?? PurchaseOrderId;
    public string? Number => InvoiceNumber ?? CreditNoteNumber ?? PurchaseOrderNumber;
}

internal sealed record XeroContact
{
    [JsonPropertyName("ContactID")] public string? ContactId { get; init; }
    public string? ContactNumber { get; init; }
    public IReadOnlyList<XeroValidationError?>? ValidationErrors { get; init; }
}

internal sealed record XeroValidationError(string? Message);

/// <summary>A 400: <c>{"ErrorNumber":10,"Type":"ValidationException","Message":"…","Elements":[…]}</c>; other errors carry Title and Detail.</summary>
internal sealed record XeroError(int? ErrorNumber, string? Type, string? Message, string? Title, string? Detail);

/// <summary>Body of a webhook.</summary>
internal sealed record XeroNotices(IReadOnlyList<XeroNotice?>? Events);

internal sealed record XeroNotice(string? ResourceId, string? EventType, string? EventCategory, string? TenantId);

[JsonSourceGenerationOptions(PropertyNameCaseInsensitive = true)]
[JsonSerializable(typeof(XeroDocument))]
[JsonSerializable(typeof(XeroContact))]
[JsonSerializable(typeof(XeroError))]
[JsonSerializable(typeof(XeroNotices))]
internal sealed partial class XeroJson : JsonSerializerContext;
