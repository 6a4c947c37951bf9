using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Books;

/// <summary>Signals to the books side of an order.</summary>
public abstract record BooksSignal : Signal
{
    private BooksSignal() { }

    /// <summary>What the order costs; sent by a flow when the order is released or edited.</summary>
    [Wire("books.price.v1")]
    public sealed record Price(PricedOrder Order) : BooksSignal;

    /// <summary>Goods left: draft the invoice for them.</summary>
    [Wire("books.bill_parcel.v1")]
    public sealed record BillParcel(string ParcelId, IReadOnlyList<BilledLine> Lines, bool IsLast, DateTimeOffset ShippedAt) : BooksSignal;

    /// <summary>Money went back to the shopper: draft the credit note.</summary>
    [Wire("books.credit.v1")]
    public sealed record Credit(string RefundId, decimal Amount, DateTimeOffset At, string Why) : BooksSignal;
}

public sealed record BilledLine(string LineId, int Quantity);

/// <summary>The order's money as the channel charged it; the invoices together must come to <see cref="Total"/> to the cent.</summary>
public sealed record PricedOrder(string OrderRef, string Number, string Currency, decimal Total, decimal Shipping, decimal Tax, bool TaxesIncluded, IReadOnlyList<PricedLine> Lines, BillContact Contact);

/// <param name="Net">Line total after discounts, as charged (with tax when prices include it).</param>
public sealed record PricedLine(string LineId, string Sku, string Title, int Quantity, decimal Net, decimal Tax);

/// <summary>Whom the invoice names. <paramref name="Key"/> is stable per customer, so that a contact is made once.</summary>
public sealed record BillContact(string Key, string Name, string? Email, string Country);

/// <summary>A draft for the accounting system.</summary>
/// <param name="Number">Deterministic and unique: <c>INV-1001</c>, <c>INV-1001-2</c> for a second parcel.</param>
/// <param name="TaxInclusive">Line amounts contain their tax.</param>
public sealed record InvoiceDraft(string Number, string Reference, string Currency, DateTimeOffset Date, BillContact Contact, bool TaxInclusive, IReadOnlyList<InvoiceLine> Lines, decimal Tax, decimal Total);

/// <param name="Amount">Of the whole line, tax contained when the draft is tax inclusive.</param>
public sealed record InvoiceLine(string Description, string? Sku, int Quantity, decimal Amount, decimal Tax, InvoiceLineKind Kind);

public enum InvoiceLineKind { Goods, Shipping, Rounding }

/// <summary>What became true in the books.</summary>
public abstract record BooksEvent : Event
{
    private BooksEvent() { }

    [Wire("books.priced.v1")]
    public sealed record Priced(PricedOrder Order) : BooksEvent;

    [Wire("books.invoice_planned.v1")]
    public sealed record InvoicePlanned(string ParcelId, InvoiceDraft Draft) : BooksEvent;

    [Wire("books.invoiced.v1")]
    public sealed record Invoiced(string Number, string? RemoteId, decimal Total, string Currency, bool IsLast) : BooksEvent;

    /// <summary>The amounts do not come to the channel's total; a person looks before anything is booked.</summary>
    [Wire("books.needs_review.v1")]
    public sealed record NeedsReview(string Number, decimal Expected, decimal Computed, string Why) : BooksEvent;

    [Wire("books.credit_planned.v1")]
    public sealed record CreditPlanned(string RefundId, InvoiceDraft Draft) : BooksEvent;

    [Wire("books.credited.v1")]
    public sealed record Credited(string Number, string? RemoteId, decimal Total, string Currency) : BooksEvent;
}

/// <summary>Work for the accounting system.</summary>
public abstract record BooksEffect : Effect
{
    private BooksEffect() { }

    [Wire("books.draft_invoice.v1")]
    public sealed record DraftInvoice(InvoiceDraft Draft) : BooksEffect;

    [Wire("books.draft_credit_note.v1")]
    public sealed record DraftCreditNote(InvoiceDraft Draft) : BooksEffect;
}
