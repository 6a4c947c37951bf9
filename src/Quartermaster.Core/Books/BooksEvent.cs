using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Books;

/// <summary>What became true in the books.</summary>
public abstract record BooksEvent : Event
{
    private BooksEvent() { }

    /// <summary>An invoice was drawn up for a parcel; the whole draft is in the effect of the same number.</summary>
    [Wire("books.invoice_planned.v1")]
    public sealed record InvoicePlanned(string ParcelId, string Number, string Currency, decimal Total, IReadOnlyList<BilledAmount> Lines, bool IsLast) : BooksEvent;

    [Wire("books.invoiced.v1")]
    public sealed record Invoiced(string Number, string? RemoteId, decimal Total, string Currency, bool IsLast) : BooksEvent;

    /// <summary>The amounts do not come to the channel's total; a person looks before anything is booked.</summary>
    [Wire("books.needs_review.v1")]
    public sealed record NeedsReview(string ParcelId, string Number, decimal Expected, decimal Computed, IReadOnlyList<BilledAmount> Lines) : BooksEvent;

    /// <summary>The accounting system did not take it; a person books it by hand or mends the cause.</summary>
    [Wire("books.not_booked.v1")]
    public sealed record NotBooked(string Number, string Why) : BooksEvent;

    /// <summary>Refunded before it was invoiced: so much less is billed.</summary>
    [Wire("books.taken_off.v1")]
    public sealed record TakenOff(string RefundId, decimal Amount) : BooksEvent;

    /// <param name="ForLines">The part of it that gives back invoiced lines; the channel's total falls by it too.</param>
    /// <param name="Lines">The invoiced units that it gives back.</param>
    [Wire("books.credit_planned.v1")]
    public sealed record CreditPlanned(string RefundId, string Number, decimal Total, decimal ForLines, IReadOnlyList<BilledAmount> Lines) : BooksEvent;

    [Wire("books.credited.v1")]
    public sealed record Credited(string Number, string? RemoteId, decimal Total, string Currency) : BooksEvent;
}

/// <summary>What was billed of one line.</summary>
public sealed record BilledAmount(string LineId, int Quantity, decimal Amount, decimal Tax);
