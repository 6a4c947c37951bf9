using System.Globalization;
using Quartermaster.Core.Books;
using Quartermaster.Core.Connecting;

namespace Quartermaster.Connectors.Xero;

/// <summary>How this organisation wants its drafts: accounts, tax types, dates. Read from the connection's settings.</summary>
/// <param name="SalesTax">Tax type of taxed lines; null = not sent, so that the account's own default applies.</param>
/// <param name="ZeroTax">Tax type of lines without tax.</param>
/// <param name="InlineContacts">The contact is written into each invoice instead of being made beforehand.</param>
/// <param name="PurchaseAccount">Account of goods that are bought; null = the item's own, or none.</param>
/// <param name="PurchaseTax">Tax type of goods that are bought; null = the account's own.</param>
internal sealed record XeroTerms(
    string Account, string ShippingAccount, string RoundingAccount, string? SalesTax, string? ShippingTax, string ZeroTax,
    int DueDays, TimeZoneInfo Zone, bool ItemCodes, bool InlineContacts, string? PurchaseAccount, string? PurchaseTax)
{
    public static readonly IReadOnlyList<Setting> Settings =
    [
        new("account_code", "Revenue account of goods", Required: false, Default: "200"),
        new("shipping_account_code", "Revenue account of shipping; account_code when not set", Required: false),
        new("rounding_account_code", "Account of rounding lines; account_code when not set", Required: false),
        new("sales_tax_type", "Tax type of taxed goods, e.g. OUTPUT2 in the UK; when not set, the account's own default applies", Required: false),
        new("shipping_tax_type", "Tax type of taxed shipping; sales_tax_type when not set", Required: false),
        new("zero_tax_type", "Tax type of lines without tax", Required: false, Default: "NONE"),
        new("purchase_account_code", "Account of goods that are bought, on purchase orders; not sent when not set", Required: false),
        new("purchase_tax_type", "Tax type of goods that are bought, e.g. INPUT2 in the UK; when not set, the account's own default applies", Required: false),
        new("due_days", "Days from the invoice's date to its due date", Required: false, Default: "0"),
        new("time_zone", "IANA name of the organisation's zone; dates of documents are dates there", Required: false, Default: "Etc/UTC"),
        new("item_codes", "'sku' puts the SKU on each line as item code (the items must exist in Xero), 'none' does not", Required: false, Default: "none"),
        new("contacts", "'cached' makes each contact once and remembers its id, 'inline' writes it into every invoice", Required: false, Default: "cached"),
    ];

    /// <exception cref="XeroSettingException">A setting has a value that cannot be used.</exception>
    public static XeroTerms From(Settings settings)
    {
        var account = settings.Get("account_code", "200");
        var salesTax = settings.Find("sales_tax_type");
        return new(
            account, settings.Get("shipping_account_code", account), settings.Get("rounding_account_code", account),
            salesTax, settings.Find("shipping_tax_type") ?? salesTax, settings.Get("zero_tax_type", "NONE"),
            Days(settings.Get("due_days", "0")), ZoneOf(settings.Get("time_zone", "Etc/UTC")),
            OneOf("item_codes", settings.Get("item_codes", "none"), "sku", "none"),
            OneOf("contacts", settings.Get("contacts", "cached"), "inline", "cached"),
            settings.Find("purchase_account_code"), settings.Find("purchase_tax_type"));
    }

    public string AccountOf(InvoiceLineKind kind) => kind switch
    {
        InvoiceLineKind.Shipping => ShippingAccount,
        InvoiceLineKind.Rounding => RoundingAccount,
        _ => Account,
    };

    public string? TaxTypeOf(InvoiceLine line) => line switch
    {
        { Tax: 0 } => ZeroTax,
        { Kind: InvoiceLineKind.Shipping } => ShippingTax,
        _ => SalesTax,
    };

    /// <summary>The date in the organisation's zone: an order of 23:30 UTC on the 31st may belong to the next month's books.</summary>
    public string DateOf(DateTimeOffset at, int plusDays = 0) =>
        TimeZoneInfo.ConvertTime(at, Zone).AddDays(plusDays).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static int Days(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var days) && days <= 3650
        ? days : throw new XeroSettingException("due_days", text, "a whole number of days from 0 to 3650");

    private static TimeZoneInfo ZoneOf(string name) =>
        TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) ? zone : throw new XeroSettingException("time_zone", name, "an IANA name such as Asia/Kolkata");

    private static bool OneOf(string key, string value, string yes, string no) =>
        value == yes || (value == no ? false : throw new XeroSettingException(key, value, $"'{yes}' or '{no}'"));
}

/// <summary>A setting of a Xero connection has a value that cannot be used.</summary>
internal sealed class XeroSettingException(string key, string value, string right) : Exception($"The setting '{key}' is '{value}'; expected {right}.");
