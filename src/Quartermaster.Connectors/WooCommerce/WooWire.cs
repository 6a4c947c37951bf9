using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Quartermaster.Connectors.Shared;

namespace Quartermaster.Connectors.WooCommerce;

// Bodies of REST v3, which webhooks of that version bring too. Only what is used is named; everything else is skipped while reading.
internal sealed record OrderBody(
    [property: JsonConverter(typeof(TextOrNumber))] string? Id, [property: JsonConverter(typeof(TextOrNumber))] string? Number, string? Status, string? Currency,
    DateTimeOffset? DateCreatedGmt, DateTimeOffset? DateModifiedGmt, DateTimeOffset? DatePaidGmt, DateTimeOffset? DateCompletedGmt,
    decimal? ShippingTotal, decimal? ShippingTax, decimal? Total, decimal? TotalTax, bool? PricesIncludeTax,
    [property: JsonConverter(typeof(TextOrNumber))] string? CustomerId, string? CustomerNote, AddressBody? Billing, AddressBody? Shipping,
    string? PaymentMethod, string? PaymentMethodTitle, LineBody?[]? LineItems, ShippingLineBody?[]? ShippingLines, FeeBody?[]? FeeLines,
    RefundStub?[]? Refunds, [property: JsonConverter(typeof(MetaList))] MetaBody[]? MetaData, string? CustomerIpAddress = null, string? CustomerUserAgent = null);

internal sealed record AddressBody(
    string? FirstName, string? LastName, string? Company, [property: JsonPropertyName("address_1")] string? Address1, [property: JsonPropertyName("address_2")] string? Address2,
    string? City, string? State, [property: JsonConverter(typeof(TextOrNumber))] string? Postcode, string? Country, string? Email, [property: JsonConverter(typeof(TextOrNumber))] string? Phone);

internal sealed record LineBody(
    [property: JsonConverter(typeof(TextOrNumber))] string? Id, string? Name, [property: JsonConverter(typeof(TextOrNumber))] string? ProductId,
    [property: JsonConverter(typeof(TextOrNumber))] string? VariationId, int? Quantity, decimal? Subtotal, decimal? SubtotalTax, decimal? Total, decimal? TotalTax,
    [property: JsonConverter(typeof(TextOrNumber))] string? Sku, [property: JsonConverter(typeof(MetaList))] MetaBody[]? MetaData);

/// <param name="InstanceId">Which of the shop's methods of that kind it is.</param>
internal sealed record ShippingLineBody(string? MethodId, string? MethodTitle = null, [property: JsonConverter(typeof(TextOrNumber))] string? InstanceId = null);

internal sealed record FeeBody([property: JsonConverter(typeof(TextOrNumber))] string? Id, string? Name, decimal? Total, decimal? TotalTax);

/// <summary>All that an order says of a refund: that there is one, and how much. Its lines are read at <c>orders/{id}/refunds</c>.</summary>
internal sealed record RefundStub([property: JsonConverter(typeof(TextOrNumber))] string? Id, decimal? Total);

internal sealed record RefundBody(
    [property: JsonConverter(typeof(TextOrNumber))] string? Id, DateTimeOffset? DateCreatedGmt, decimal? Amount, string? Reason, LineBody?[]? LineItems);

internal sealed record MetaBody(string Key, JsonElement Value);

/// <summary>What was written into the order for one parcel.</summary>
internal sealed record ParcelBody(string? Carrier, string? Tracking, string? Url, ParcelLineBody?[]? Lines);

internal sealed record ParcelLineBody([property: JsonConverter(typeof(TextOrNumber))] string? Line, [property: JsonConverter(typeof(TextOrNumber))] string? Sku, int? Units);

/// <summary>A product or one of its variations: they share their ids' space, and a webhook for products brings both.</summary>
/// <param name="ManageStock">True, false, or the text <c>parent</c> where a variation sells from its product's number.</param>
internal sealed record ProductBody(
    [property: JsonConverter(typeof(TextOrNumber))] string? Id, string? Name, string? Type, [property: JsonConverter(typeof(TextOrNumber))] string? ParentId,
    [property: JsonConverter(typeof(TextOrNumber))] string? Sku, DateTimeOffset? DateModifiedGmt, JsonElement? ManageStock, decimal? StockQuantity,
    JsonElement?[]? Variations, AttributeBody?[]? Attributes, ErrorBody? Error, JsonElement? Status, string? CatalogVisibility,
    [property: JsonConverter(typeof(TextOrNumber))] string? Weight = null, DimensionsBody? Dimensions = null)
{
    /// <summary>How shoppers see it; null = the answer does not say.</summary>
    /// <remarks>The published sample of a variation has <c>true</c> for its status, which is none of the statuses that the same page lists.</remarks>
    public string? Shown => (Status is { ValueKind: JsonValueKind.String } status ? status.GetString() : null) switch { "publish" => CatalogVisibility, var said => said };

    public bool IsCounted => ManageStock is { ValueKind: JsonValueKind.True };

    /// <summary>Whole units that can be sold; shops that sell by weight have fractions of them.</summary>
    public int? Units => !IsCounted || StockQuantity is not { } units ? null : (int)Math.Clamp(decimal.Floor(units), int.MinValue, int.MaxValue);
}

/// <summary>Texts in the unit of the shop's settings; empty where nothing was written.</summary>
internal sealed record DimensionsBody(
    [property: JsonConverter(typeof(TextOrNumber))] string? Length, [property: JsonConverter(typeof(TextOrNumber))] string? Width, [property: JsonConverter(typeof(TextOrNumber))] string? Height);

internal sealed record AttributeBody([property: JsonConverter(typeof(TextOrNumber))] string? Option);

internal sealed record BatchAnswer(ProductBody?[]? Update);

internal sealed record WebhookBody([property: JsonConverter(typeof(TextOrNumber))] string? Id, string? Status, string? Topic, string? DeliveryUrl);

internal sealed record NoteBody([property: JsonConverter(typeof(TextOrNumber))] string? Id, string? Note);

/// <summary>How WordPress says no.</summary>
internal sealed record ErrorBody(string? Code, string? Message, JsonElement? Data)
{
    public int? Status => Data is { ValueKind: JsonValueKind.Object } data && data.TryGetProperty("status", out var status)
        && status.ValueKind == JsonValueKind.Number && status.TryGetInt32(out var number) ? number : null;
}

/// <summary>Hidden entries. Every plugin writes its own, and one that is odd must not stop an order: only those with a name are read.</summary>
internal sealed class MetaList : JsonConverter<MetaBody[]?>
{
    public override MetaBody[]? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var list = JsonDocument.ParseValue(ref reader);
        // PHP tells a list with a gap as an object.
        var entries = list.RootElement.ValueKind switch
        {
            JsonValueKind.Array => list.RootElement.EnumerateArray().ToList(),
            JsonValueKind.Object => [.. list.RootElement.EnumerateObject().Select(m => m.Value)],
            _ => [],
        };
        return [.. entries.Where(e => e.ValueKind == JsonValueKind.Object && e.TryGetProperty("key", out var key) && key.ValueKind == JsonValueKind.String && e.TryGetProperty("value", out _))
            .Select(e => new MetaBody(e.GetProperty("key").GetString()!, e.GetProperty("value").Clone()))];
    }

    public override void Write(Utf8JsonWriter writer, MetaBody[]? value, JsonSerializerOptions options) => throw new NotSupportedException("Hidden entries are only read.");
}

/// <summary>An amount as text; an empty one is none.</summary>
internal sealed class AmountText : JsonConverter<decimal?>
{
    public override decimal? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType switch
    {
        JsonTokenType.Null => null,
        JsonTokenType.Number => reader.GetDecimal(),
        JsonTokenType.String => Parse(reader.GetString()!),
        _ => throw new JsonException("An amount is a number or a text such as \"199.00\"."),
    };

    public override void Write(Utf8JsonWriter writer, decimal? value, JsonSerializerOptions options)
    {
        if (value is { } amount) writer.WriteStringValue(amount.ToString(CultureInfo.InvariantCulture));
        else writer.WriteNullValue();
    }

    private static decimal? Parse(string text) => text.Length == 0 ? null
        : decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var amount) ? amount : throw new JsonException($"'{Remote.Shorten(text, 40)}' is no amount.");
}

/// <summary>An instant in UTC: the <c>…_gmt</c> members carry no zone.</summary>
internal sealed class UtcText : JsonConverter<DateTimeOffset?>
{
    private static readonly string[] Formats = ["yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd HH:mm:ss"];

    public override DateTimeOffset? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType is JsonTokenType.Null) return null;
        var text = reader.TokenType is JsonTokenType.String ? reader.GetString()! : throw new JsonException("A time is a text such as \"2026-03-02T03:45:27\".");
        if (text.Length == 0) return null;
        return DateTimeOffset.TryParseExact(text, Formats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var at)
            ? at : throw new JsonException($"'{Remote.Shorten(text, 40)}' is no time such as \"2026-03-02T03:45:27\".");
    }

    public override void Write(Utf8JsonWriter writer, DateTimeOffset? value, JsonSerializerOptions options)
    {
        if (value is { } at) writer.WriteStringValue(at.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture));
        else writer.WriteNullValue();
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, NumberHandling = JsonNumberHandling.AllowReadingFromString,
    GenerationMode = JsonSourceGenerationMode.Metadata, ReadCommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true,
    Converters = [typeof(AmountText), typeof(UtcText)])]
[JsonSerializable(typeof(OrderBody))]
[JsonSerializable(typeof(OrderBody[]))]
[JsonSerializable(typeof(RefundBody[]))]
[JsonSerializable(typeof(ProductBody))]
[JsonSerializable(typeof(ProductBody[]))]
[JsonSerializable(typeof(BatchAnswer))]
[JsonSerializable(typeof(WebhookBody[]))]
[JsonSerializable(typeof(NoteBody[]))]
[JsonSerializable(typeof(ParcelBody))]
[JsonSerializable(typeof(ErrorBody))]
internal sealed partial class WooBodies : JsonSerializerContext;
