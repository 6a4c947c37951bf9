using System.Globalization;
using Quartermaster.Configuration;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Purchasing;

namespace Quartermaster.Dashboard.Actions;

/// <summary>Reads suppliers and the terms of SKUs from named texts: fields of a form, or columns of a file.</summary>
internal static class PurchaseFields
{
    public static readonly IReadOnlyList<string> OfSupplier = ["code", "title", "email", "lead_days", "min_order", "currency"];
    public static readonly IReadOnlyList<string> OfTerms = ["supplier", "their_sku", "pack", "min_units", "unit_cost", "lead_days", "low_units", "low_days", "quiet"];

    /// <exception cref="ArgumentException">A text is not what its field takes; the message says what would be right.</exception>
    public static SupplierTerms Supplier(Func<string, string?> field, string usualCurrency)
    {
        var code = field("code") ?? throw Wrong("code", null, "a code of letters, digits and hyphens");
        if (!WrittenValues.IsKey(code)) throw Wrong("code", code, "a code of lower-case letters, digits and hyphens, at most 40");
        var currency = field("currency")?.ToUpperInvariant() ?? usualCurrency;
        if (!Currencies.IsKnown(currency)) throw Wrong("currency", currency, "a currency such as EUR");
        var email = field("email");
        if (email is not null && (email.Length > 200 || email.IndexOf('@', StringComparison.Ordinal) is <= 0 || email.Any(char.IsWhiteSpace))) throw Wrong("email", email, "an address such as orders@example.com");
        return new(code, field("title") is { Length: <= 100 } title ? title : throw Wrong("title", null, "the supplier's name, at most 100 characters"), email,
            Whole(field, "lead_days", 730) ?? throw Wrong("lead_days", null, "the days from order to shelf, such as 21"), Amount(field, "min_order") ?? 0, currency);
    }

    /// <exception cref="ArgumentException">A text is not what its field takes; the message says what would be right.</exception>
    public static SkuTerms Terms(Func<string, string?> field) => new(
        field("supplier"), field("their_sku"), Whole(field, "pack", 100_000, least: 1) ?? 1, Whole(field, "min_units", Reorder.Most) ?? 0, Amount(field, "unit_cost") ?? 0, Whole(field, "lead_days", 730),
        Whole(field, "low_units", Reorder.Most), Amount(field, "low_days") is { } days ? days > 0 ? days : throw Wrong("low_days", "0", "a number of days above 0, or nothing") : null,
        field("quiet") switch { null or "false" or "no" or "0" => false, "true" or "yes" or "1" => true, var other => throw Wrong("quiet", other, "true or false") });

    private static int? Whole(Func<string, string?> field, string key, int most, int least = 0) => field(key) is not { } text ? null
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most ? value : throw Wrong(key, text, $"a whole number from {least} to {most}");

    private static decimal? Amount(Func<string, string?> field, string key) => field(key) is not { } text ? null
        : decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) && value < 1_000_000_000 ? value : throw Wrong(key, text, "a number of 0 or more, with a point before its decimals");

    private static ArgumentException Wrong(string key, string? text, string right) => new($"{key}: {(text is null ? "it is missing" : $"“{text}” cannot be")}; write {right}.");
}
