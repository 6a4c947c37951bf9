using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Kernel;

namespace Quartermaster.Connectors.Shared;

/// <summary>Reads a vendor's bodies so that whatever cannot be used is a named case: <c>woocommerce.missing</c>, <c>woocommerce.wrong_type</c>.</summary>
/// <param name="vendor">First part of the case kinds.</param>
/// <param name="title">The vendor's name in the messages.</param>
internal sealed class BodyReader(string vendor, string title)
{
    // Far above any real order and far below what decimal arithmetic could overflow on.
    private const decimal AbsurdAmount = 1_000_000_000_000m;
    private const int AbsurdQuantity = 1_000_000;

    public NotUnderstoodException Wrong(string kind, string message, Exception? inner = null) => new($"{vendor}.{kind}", message, inner);

    public T Parse<T>(ReadOnlyMemory<byte> body, JsonTypeInfo<T> type, string topic) where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(body.Span, type) ?? throw Wrong("wrong_type", $"{topic}: the body is 'null'; an object belongs there.");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or OverflowException)
        {
            throw IsJson(body)
                ? Wrong("wrong_type", $"{topic}: {Where(e)} is of another type than {title} documents: {e.Message}", e)
                : Wrong("bad_json", $"{topic}: the body is not JSON: {e.Message}", e);
        }
    }

    public string Need(string? value, string where) => value is { Length: > 0 } ? value : throw Wrong("missing", $"'{where}' is missing; nothing can be done without it.");

    /// <summary>An id as text: whole, positive, of at most 20 digits.</summary>
    public string Id(string? value, string where) => value switch
    {
        null or "" or "0" => Need(null, where),
        { Length: <= 20 } when value.All(char.IsAsciiDigit) => value,
        _ => throw Wrong("wrong_type", $"'{where}' is '{Remote.Shorten(value, 40)}'; an id is a whole positive number."),
    };

    public decimal Amount(decimal? amount, string where) => amount switch
    {
        null => throw Wrong("missing", $"'{where}' is missing; an amount such as \"199.00\" belongs there."),
        <= -AbsurdAmount or >= AbsurdAmount => throw Wrong("absurd_number", $"'{where}' is {amount}; amounts stay below {AbsurdAmount:N0}."),
        // Vendors write 79.00 in one place and 79.0 in another: without its trailing zeros an amount is stored in one way only.
        _ => amount.Value / 1.000000000000000000000000000000000m,
    };

    public int Units(int? quantity, string where) => quantity switch
    {
        null => throw Wrong("missing", $"'{where}' is missing; a number of units belongs there."),
        < 0 or > AbsurdQuantity => throw Wrong("absurd_number", $"'{where}' is {quantity}; between 0 and {AbsurdQuantity:N0} units are believed."),
        _ => quantity.Value,
    };

    public string KnownCurrency(string? code, string where) => Currencies.IsKnown(code)
        ? code!
        : throw Wrong("unknown_currency", $"'{where}' is '{code}', which is no ISO 4217 code in use; one such as INR or EUR belongs there.");

    private static string Where(Exception e) => e is JsonException { Path: { Length: > 0 } path } ? $"'{path}'" : "a value";

    private static bool IsJson(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var _ = JsonDocument.Parse(body, new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
