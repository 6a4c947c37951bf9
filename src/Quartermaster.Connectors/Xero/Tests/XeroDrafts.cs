using Quartermaster.Connectors.Tests;
using Quartermaster.Core.Books;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Purchasing;

namespace Quartermaster.Connectors.Xero.Tests;

/// <summary>Drafts and sessions as the tests of this folder use them.</summary>
internal static class XeroDrafts
{
    public const string Root = "https://xero.example/api.xro/2.0";

    private static readonly (string Key, string Value)[] Usual =
    [
        ("tenant_id", "tenant-1"), ("token", "fixed-token"), ("base_url", Root), ("webhook_key", "webhook-key"),
        ("sales_tax_type", "OUTPUT2"), ("shipping_account_code", "210"), ("due_days", "14"), ("time_zone", "Asia/Kolkata"),
    ];

    public static Session Session(RemoteScript remote, params (string Key, string Value)[] more) =>
        remote.Session("books", [.. Usual.ExceptBy(more.Select(m => m.Key), u => u.Key), .. more]);

    /// <summary>Two packs of tea and shipping, 1,299.00 in all.</summary>
    public static InvoiceDraft Draft(string number = "INV-1001", string reference = "5600000000001", string contact = "cust-77") => new(
        number, reference, "INR", new(2026, 11, 30, 20, 0, 0, TimeSpan.Zero), new(contact, "Asha Rao", "asha@example.com", "IN"), true,
        [new("Assam tea 250 g", "TEA-250", 2, 1199.00m, 182.90m, InvoiceLineKind.Goods), new("Shipping", null, 1, 100.00m, 0m, InvoiceLineKind.Shipping)], 182.90m, 1299.00m);

    public static Work Invoice(string number = "INV-1001", string reference = "5600000000001", string contact = "cust-77") =>
        new($"order/{reference}:invoice:{number}", new BooksEffect.DraftInvoice(Draft(number, reference, contact)), 1);

    /// <summary>Two dozen kurtas at 600 and ten metres at a third of a rupee.</summary>
    public static PurchaseDraft Purchase(string number = "PO-17") => new(number, $"aurora/{number}", "supplier-mill", "Jaipur Block", "orders@mill.example", "INR", new(2026, 11, 30, 20, 0, 0, TimeSpan.Zero),
        new(2026, 12, 20, 20, 0, 0, TimeSpan.Zero), "Bengaluru", [new("KUR-M", "J-1", 24, 600m), new("LACE", null, 10, 0.33333m)]);

    public static Work PurchaseOrder(string number = "PO-17", int attempt = 1, string? reference = null) =>
        new($"{reference}purchase/{number}/books", new PurchaseEffect.Draft(Purchase(number) is var draft && reference is null ? draft : draft with { Reference = reference }), attempt);

    public static Work CreditNote(string number = "CN-1001") =>
        new($"order/5600000000001:credit:{number}", new BooksEffect.DraftCreditNote(Draft(number)), 1);
}
