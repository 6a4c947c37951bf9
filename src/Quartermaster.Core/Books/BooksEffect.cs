using System.Text.Json.Serialization;
using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Books;

/// <summary>Work for the accounting system.</summary>
public abstract record BooksEffect : Effect
{
    private BooksEffect() { }

    [Wire("books.draft_invoice.v1")]
    public sealed record DraftInvoice(InvoiceDraft Draft) : BooksEffect;

    [Wire("books.draft_credit_note.v1")]
    public sealed record DraftCreditNote(InvoiceDraft Draft) : BooksEffect;
}

/// <summary>A draft for the accounting system.</summary>
/// <param name="Number">Deterministic and unique: <c>INV-1001</c>, <c>INV-1001-2</c> for a second parcel.</param>
/// <param name="TaxInclusive">Line amounts contain their tax.</param>
public sealed record InvoiceDraft(string Number, string Reference, string Currency, DateTimeOffset Date, BillContact Contact, bool TaxInclusive, IReadOnlyList<InvoiceLine> Lines, decimal Tax, decimal Total);

/// <param name="Amount">Of the whole line, tax contained when the draft is tax inclusive.</param>
public sealed record InvoiceLine(string Description, string? Sku, int Quantity, decimal Amount, decimal Tax, InvoiceLineKind Kind);

[JsonConverter(typeof(JsonStringEnumConverter<InvoiceLineKind>))]
public enum InvoiceLineKind { Goods, Shipping, Rounding }
