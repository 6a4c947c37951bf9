using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Books;
using Quartermaster.Core.Connecting;

namespace Quartermaster.Connectors.Xero;

/// <summary>What we ask of Xero: drafts and contacts → request bodies. Pure.</summary>
internal static class XeroOutbound
{
    // Xero: ContactNumber at most 50 characters, names at most 255 and unique among active contacts.
    private const int LongestContactNumber = 50;
    private const int LongestName = 200;

    /// <param name="contactIds">Xero's id by <see cref="BillContact.Key"/>; a contact that is not in it is written inline.</param>
    public static BatchBody Documents(XeroKind kind, IReadOnlyList<InvoiceDraft> drafts, XeroTerms terms, IReadOnlyDictionary<string, string> contactIds) =>
        BatchBody.Write(kind.Plural, drafts, (json, draft) => WriteDocument(json, kind, draft, terms, contactIds));

    public static BatchBody Contacts(IReadOnlyList<BillContact> contacts) => BatchBody.Write("Contacts", contacts, (json, contact) =>
    {
        json.WriteStartObject();
        WriteContactFields(json, contact);
        json.WriteEndObject();
    });

    /// <summary>Key of a call: the same effects with the same content give the same key, and only they.</summary>
    /// <remarks>
    /// The content is part of it because Xero answers a known key with its first answer: a draft that was refused and then mended
    /// must not meet the old refusal. What makes an invoice happen once is its number.
    /// </remarks>
    public static string IdempotencyKey(IEnumerable<string> effectKeys, ReadOnlySpan<byte> body)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var key in effectKeys)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(key));
            hash.AppendData("\n"u8);
        }
        hash.AppendData(body);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    public static string ContactNumber(BillContact contact) => contact.Key.Length <= LongestContactNumber
        ? contact.Key
        : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(contact.Key)).AsSpan(0, 16));

    private static void WriteDocument(Utf8JsonWriter json, XeroKind kind, InvoiceDraft draft, XeroTerms terms, IReadOnlyDictionary<string, string> contactIds)
    {
        json.WriteStartObject();
        json.WriteString("Type", kind.Type);
        json.WriteString("Status", "DRAFT");
        json.WriteString(kind.NumberField, draft.Number);
        json.WriteString("Reference", draft.Reference);
        json.WriteStartObject("Contact");
        if (contactIds.TryGetValue(draft.Contact.Key, out var id)) json.WriteString("ContactID", id);
        else WriteContactFields(json, draft.Contact);
        json.WriteEndObject();
        json.WriteString("Date", terms.DateOf(draft.Date));
        if (kind.HasDueDate) json.WriteString("DueDate", terms.DateOf(draft.Date, terms.DueDays));
        json.WriteString("CurrencyCode", draft.Currency);
        var untaxed = IsUntaxed(draft);
        json.WriteString("LineAmountTypes", untaxed ? "NoTax" : draft.TaxInclusive ? "Inclusive" : "Exclusive");
        json.WriteStartArray("LineItems");
        foreach (var line in draft.Lines) WriteLine(json, line, terms, untaxed);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static bool IsUntaxed(InvoiceDraft draft)
    {
        if (draft.Tax != 0) return false;
        foreach (var line in draft.Lines)
            if (line.Tax != 0) return false;
        return true;
    }

    private static void WriteLine(Utf8JsonWriter json, InvoiceLine line, XeroTerms terms, bool untaxed)
    {
        var (quantity, unit) = PerUnit(line);
        json.WriteStartObject();
        json.WriteString("Description", quantity == line.Quantity ? line.Description : string.Create(CultureInfo.InvariantCulture, $"{line.Quantity} × {line.Description}"));
        json.WriteNumber("Quantity", quantity);
        json.WriteNumber("UnitAmount", unit);
        json.WriteNumber("LineAmount", line.Amount);
        json.WriteString("AccountCode", terms.AccountOf(line.Kind));
        if (terms.ItemCodes && line.Sku is { Length: > 0 and <= 30 } sku) json.WriteString("ItemCode", sku);
        if (!untaxed)
        {
            if (terms.TaxTypeOf(line) is { } type) json.WriteString("TaxType", type);
            json.WriteNumber("TaxAmount", line.Tax);
        }
        json.WriteEndObject();
    }

    // Xero multiplies quantity and unit price (four places, unitdp=4) and refuses a line amount that differs. Where no such
    // price comes to the amount exactly (100 units for 33.33), the line becomes one unit that names its quantity.
    private static (int Quantity, decimal Unit) PerUnit(InvoiceLine line)
    {
        if (line.Quantity < 1) return (1, line.Amount);
        var unit = decimal.Round(line.Amount / line.Quantity, 4, MidpointRounding.AwayFromZero);
        return decimal.Round(unit * line.Quantity, 2, MidpointRounding.AwayFromZero) == line.Amount ? (line.Quantity, unit) : (1, line.Amount);
    }

    // Names are unique in Xero: without the key, the second Asha Rao would be taken for the first.
    internal static void WriteContactFields(Utf8JsonWriter json, BillContact contact)
    {
        var number = ContactNumber(contact);
        json.WriteString("Name", $"{Remote.Shorten(contact.Name, LongestName)} ({number})");
        json.WriteString("ContactNumber", number);
        if (contact.Email is { Length: > 2 and <= 255 } email && email.Contains('@', StringComparison.Ordinal)) json.WriteString("EmailAddress", email);
    }
}

/// <summary>The documents this connector drafts, and how Xero names their parts.</summary>
internal sealed record XeroKind(string Plural, string Type, string NumberField, bool HasDueDate)
{
    public static readonly XeroKind Invoice = new("Invoices", "ACCREC", "InvoiceNumber", true);
    public static readonly XeroKind CreditNote = new("CreditNotes", "ACCRECCREDIT", "CreditNoteNumber", false);

    public static readonly XeroKind PurchaseOrder = new("PurchaseOrders", "PURCHASEORDER", "PurchaseOrderNumber", false);

    public static XeroKind Of(BooksEffect effect) => effect is BooksEffect.DraftCreditNote ? CreditNote : Invoice;

    public static InvoiceDraft DraftOf(Work work) => work.Effect switch
    {
        BooksEffect.DraftInvoice invoice => invoice.Draft,
        BooksEffect.DraftCreditNote note => note.Draft,
        var other => throw new NotSupportedException($"xero does not do {Core.Kernel.Wire.KindOf(other.GetType())}"),
    };
}
