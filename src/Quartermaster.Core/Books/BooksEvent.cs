using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Books;

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
