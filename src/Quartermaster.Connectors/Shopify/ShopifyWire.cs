using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Quartermaster.Connectors.Shopify;

// Webhook bodies, REST shape. Only what is used is named; everything else is skipped while reading.
internal sealed record OrderBody(
    [property: JsonConverter(typeof(IdText))] string? Id, string? Name, string? Email, string? ContactEmail, string? Phone,
    DateTimeOffset? CreatedAt, DateTimeOffset? ProcessedAt, DateTimeOffset? UpdatedAt, DateTimeOffset? CancelledAt, string? CancelReason,
    string? Currency, string? PresentmentCurrency, string? CustomerLocale, string? FinancialStatus, string? Gateway, string?[]? PaymentGatewayNames,
    string? Note, string? Tags, bool? TaxesIncluded, bool? Test, JsonElement? PaymentTerms,
    decimal? TotalPrice, MoneySet? TotalPriceSet, decimal? CurrentTotalPrice, MoneySet? CurrentTotalPriceSet,
    decimal? TotalTax, decimal? CurrentTotalTax, MoneySet? CurrentTotalTaxSet, decimal? TotalDiscounts, decimal? CurrentTotalDiscounts,
    decimal? TotalOutstanding, decimal? TotalTipReceived, MoneySet? CurrentTotalDutiesSet, MoneySet? CurrentTotalAdditionalFeesSet,
    CustomerBody? Customer, AddressBody? BillingAddress, AddressBody? ShippingAddress,
    LineBody[]? LineItems, ShippingLineBody[]? ShippingLines, RefundBody[]? Refunds, FulfillmentBody[]? Fulfillments, string? BrowserIp = null, ClientBody? ClientDetails = null, CardBody? PaymentDetails = null);

internal sealed record ClientBody(string? BrowserIp, string? UserAgent, string? AcceptLanguage, string? SessionHash);

/// <param name="CreditCardNumber">All but its last four digits hidden.</param>
internal sealed record CardBody(
    string? CreditCardBin, string? CreditCardNumber, string? CreditCardName, int? CreditCardExpirationMonth, int? CreditCardExpirationYear);

internal sealed record PaidBody([property: JsonConverter(typeof(IdText))] string? OrderId, CardBody? PaymentDetails);

internal sealed record MoneySet(MoneyBody? ShopMoney, MoneyBody? PresentmentMoney);

internal sealed record MoneyBody(decimal? Amount, string? CurrencyCode);

internal sealed record CustomerBody([property: JsonConverter(typeof(IdText))] string? Id, string? FirstName, string? LastName, string? Email, string? Phone);

internal sealed record AddressBody(
    string? FirstName, string? LastName, string? Name, string? Company, string? Address1, string? Address2, string? City,
    string? Province, string? Zip, string? CountryCode, string? Phone);

internal sealed record LineBody(
    [property: JsonConverter(typeof(IdText))] string? Id, [property: JsonConverter(typeof(IdText))] string? VariantId, string? Sku, string? Name, string? Title,
    int? Quantity, int? CurrentQuantity, int? FulfillableQuantity, string? FulfillmentStatus, int? Grams, bool? RequiresShipping, decimal? Price, MoneySet? PriceSet, decimal? TotalDiscount,
    AllocationBody[]? DiscountAllocations, TaxBody[]? TaxLines);

internal sealed record AllocationBody(decimal? Amount, MoneySet? AmountSet);

internal sealed record TaxBody(decimal? Price, MoneySet? PriceSet);

internal sealed record ShippingLineBody(decimal? Price, MoneySet? PriceSet, decimal? DiscountedPrice, MoneySet? DiscountedPriceSet, bool? IsRemoved, string? Title = null, string? Code = null);

internal sealed record OrderEditedBody(OrderEdit? OrderEdit);

internal sealed record OrderEdit([property: JsonConverter(typeof(IdText))] string? Id, [property: JsonConverter(typeof(IdText))] string? OrderId);

internal sealed record RefundBody(
    [property: JsonConverter(typeof(IdText))] string? Id, [property: JsonConverter(typeof(IdText))] string? OrderId, DateTimeOffset? CreatedAt, DateTimeOffset? ProcessedAt,
    string? Note, RefundLineBody[]? RefundLineItems, TransactionBody[]? Transactions, MoneySet? TotalDutiesSet);

internal sealed record RefundLineBody(
    [property: JsonConverter(typeof(IdText))] string? LineItemId, int? Quantity, string? RestockType, [property: JsonConverter(typeof(IdText))] string? LocationId,
    decimal? Subtotal, MoneySet? SubtotalSet, decimal? TotalTax, MoneySet? TotalTaxSet);

internal sealed record TransactionBody(string? Kind, string? Status, decimal? Amount, string? Currency);

internal sealed record FulfillmentBody(
    [property: JsonConverter(typeof(IdText))] string? Id, [property: JsonConverter(typeof(IdText))] string? OrderId, string? Status, DateTimeOffset? CreatedAt, DateTimeOffset? UpdatedAt,
    string? TrackingCompany, string? TrackingNumber, string?[]? TrackingNumbers, FulfilledLineBody[]? LineItems, [property: JsonConverter(typeof(IdText))] string? LocationId);

internal sealed record FulfilledLineBody([property: JsonConverter(typeof(IdText))] string? Id, string? Sku, int? Quantity);

internal sealed record FulfillmentEventBody([property: JsonConverter(typeof(IdText))] string? Id, [property: JsonConverter(typeof(IdText))] string? OrderId, string? Status);

internal sealed record RiskChangedBody([property: JsonConverter(typeof(IdText))] string? OrderId, [property: JsonConverter(typeof(IdText))] string? AdminGraphqlApiOrderId);

internal sealed record InventoryLevelBody(
    [property: JsonConverter(typeof(IdText))] string? InventoryItemId, [property: JsonConverter(typeof(IdText))] string? LocationId, int? Available, DateTimeOffset? UpdatedAt);

internal sealed record CheckoutBody(
    string? Token, string? Email, string? Phone, DateTimeOffset? CreatedAt, DateTimeOffset? UpdatedAt, DateTimeOffset? CompletedAt, string? AbandonedCheckoutUrl, string? CustomerLocale, bool? BuyerAcceptsMarketing,
    string? Currency, decimal? TotalPrice, CheckoutLineBody?[]? LineItems, AddressBody? ShippingAddress, AddressBody? BillingAddress, CustomerBody? Customer);

internal sealed record MailConsentBody(string? EmailAddress, ConsentBody? EmailMarketingConsent);

internal sealed record TextConsentBody(string? Phone, ConsentBody? SmsMarketingConsent);

/// <param name="State"><c>subscribed</c>, <c>unsubscribed</c>, <c>pending</c>, <c>not_subscribed</c>, <c>redacted</c>, <c>invalid</c>.</param>
/// <param name="OptInLevel"><c>single_opt_in</c>, <c>confirmed_opt_in</c>, <c>unknown</c>.</param>
internal sealed record ConsentBody(string? State, string? OptInLevel, DateTimeOffset? ConsentUpdatedAt);

internal sealed record CheckoutLineBody(string? Title, int? Quantity);

internal sealed record ProductBody([property: JsonConverter(typeof(IdText))] string? Id, string? Title, DateTimeOffset? UpdatedAt, VariantBody[]? Variants);

internal sealed record VariantBody(
    [property: JsonConverter(typeof(IdText))] string? Id, string? Sku, string? Title, [property: JsonConverter(typeof(IdText))] string? InventoryItemId);

/// <summary>An id as text with every digit, whether it came as a number, a string or a <c>gid://shopify/Order/1</c>.</summary>
internal sealed class IdText : JsonConverter<string?>
{
    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType switch
    {
        JsonTokenType.Null => null,
        JsonTokenType.Number => Digits(Encoding.ASCII.GetString(reader.ValueSpan)),
        JsonTokenType.String => Bare(reader.GetString()!),
        _ => throw new JsonException("An id is a number or a string."),
    };

    public override void Write(Utf8JsonWriter writer, string? value, JsonSerializerOptions options) => writer.WriteStringValue(value);

    /// <summary><c>gid://shopify/Order/1?x=2</c> → <c>1</c>; anything else as it is.</summary>
    public static string Bare(string id)
    {
        if (!id.StartsWith("gid://", StringComparison.Ordinal)) return id.Length is > 0 and <= 64 ? id : throw new JsonException("An id has 1 to 64 characters.");
        var tail = id.AsSpan(id.LastIndexOf('/') + 1);
        var query = tail.IndexOf('?');
        return (query < 0 ? tail : tail[..query]).ToString();
    }

    private static string Digits(string number) =>
        number.Length <= 20 && number.All(char.IsAsciiDigit) ? number : throw new JsonException($"'{number}' is not an id: ids are whole positive numbers.");
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, NumberHandling = JsonNumberHandling.AllowReadingFromString,
    GenerationMode = JsonSourceGenerationMode.Metadata, ReadCommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true)]
[JsonSerializable(typeof(OrderBody))]
[JsonSerializable(typeof(OrderEditedBody))]
[JsonSerializable(typeof(RefundBody))]
[JsonSerializable(typeof(FulfillmentBody))]
[JsonSerializable(typeof(FulfillmentEventBody))]
[JsonSerializable(typeof(RiskChangedBody))]
[JsonSerializable(typeof(PaidBody))]
[JsonSerializable(typeof(InventoryLevelBody))]
[JsonSerializable(typeof(CheckoutBody))]
[JsonSerializable(typeof(MailConsentBody))]
[JsonSerializable(typeof(TextConsentBody))]
[JsonSerializable(typeof(ProductBody))]
internal sealed partial class ShopifyBodies : JsonSerializerContext;
