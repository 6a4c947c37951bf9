using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Rules;

/// <summary>What sort of value a field has; decides which tests fit it.</summary>
public enum RuleFieldKind
{
    Text,

    /// <summary>Several texts: a test is met when one of them meets it.</summary>
    Texts,
    Number,
    YesNo,
}

/// <summary>Something that a rule may ask of an order.</summary>
/// <param name="Means">What it is, for whoever writes a rule.</param>
/// <param name="Values">The only texts it can have; empty = any.</param>
public sealed record RuleField(string Name, RuleFieldKind Kind, string Means, IReadOnlyList<string> Values)
{
    /// <summary>Every field there is.</summary>
    public static readonly IReadOnlyList<RuleField> All =
    [
        Of("channel", "the storefront connection it came through", f => f.Channel),
        Of("country", "where it goes, ISO 3166", f => f.Country),
        Of("province", "state or province it goes to", f => f.Province),
        Of("city", "the place it goes to", f => f.City),
        Of("postal_code", "postal code it goes to, without blanks", f => f.PostalCode),
        Of("company", "company in the delivery address", f => f.Company),
        Of("currency", "ISO 4217 of its amounts", f => f.Currency),
        Of("total", "what the shopper owes in all", f => f.Total),
        Of("shipping", "what the shopper pays for shipping", f => f.Shipping),
        Several("shipping_method", "how the shopper wants it sent: the method's title, or its code at the channel", f => f.ShippingMethods),
        Of("discounts", "what was taken off", f => f.Discounts),
        Of("units", "units over all lines", f => f.Units),
        Of("lines", "lines with at least one unit", f => f.Lines),
        Of("largest_line", "units of the line that has most", f => f.LargestLine),
        Of("weight", "known weight in kilograms", f => f.Weight),
        Several("sku", "the SKU of a line", f => f.Skus),
        Several("title", "the title of a line", f => f.Titles),
        Several("tag", "a tag of the channel, or of an earlier rule", f => f.Tags),
        Of("payment", "how it is paid", f => f.Payment, "prepaid", "cash_on_delivery", "invoice"),
        Of("payment_state", "how far the payment is", f => f.PaymentState, "pending", "authorized", "partially_paid", "paid", "partially_refunded", "refunded", "voided", "unknown"),
        Of("gateway", "the channel's name of the payment gateway", f => f.Gateway),
        Of("email", "the buyer's e-mail address", f => f.Email),
        Of("email_domain", "what follows the @ of the buyer's e-mail address", f => f.EmailDomain),
        Of("phone", "the buyer's phone, E.164", f => f.Phone),
        Of("customer", "the channel's id of the buyer", f => f.Customer),
        Of("note", "what the shopper wrote", f => f.Note),
        new("billed_abroad", RuleFieldKind.YesNo, "billed to another country than it goes to", []) { Flag = f => f.BilledAbroad },
    ];

    public static RuleField? Find(string name)
    {
        foreach (var field in All)
            if (field.Name == name) return field;
        return null;
    }

    internal Func<RuleFacts, string> One { get; private init; } = _ => "";
    internal Func<RuleFacts, IReadOnlyList<string>> Many { get; private init; } = _ => [];
    internal Func<RuleFacts, decimal> Amount { get; private init; } = _ => 0m;
    internal Func<RuleFacts, bool> Flag { get; private init; } = _ => false;

    public override string ToString() => Name;

    private static RuleField Of(string name, string means, Func<RuleFacts, string> read, params string[] values) => new(name, RuleFieldKind.Text, means, values) { One = read };

    private static RuleField Of(string name, string means, Func<RuleFacts, decimal> read) => new(name, RuleFieldKind.Number, means, []) { Amount = read };

    private static RuleField Several(string name, string means, Func<RuleFacts, IReadOnlyList<string>> read) => new(name, RuleFieldKind.Texts, means, []) { Many = read };
}
