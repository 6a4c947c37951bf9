using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Books;

/// <summary>Signals to the books side of an order.</summary>
public abstract record BooksSignal : Signal
{
    private BooksSignal() { }

    /// <summary>Goods left: draft the invoice for them.</summary>
    /// <param name="Order">The money of the whole order as it stands now.</param>
    /// <param name="IsLast">Nothing is left to send: this invoice brings the sum to the order's total.</param>
    [Wire("books.bill_parcel.v1")]
    public sealed record BillParcel(string ParcelId, IReadOnlyList<BilledLine> Lines, bool IsLast, DateTimeOffset ShippedAt, PricedOrder Order) : BooksSignal;

    /// <summary>Money went back to the shopper. What was invoiced is credited, what was not is billed no more.</summary>
    [Wire("books.credit.v1")]
    public sealed record Credit(string RefundId, decimal Amount, DateTimeOffset At, IReadOnlyList<CreditedLine> Lines, PricedOrder Order) : BooksSignal;
}

public sealed record BilledLine(string LineId, int Quantity);

/// <param name="Amount">Refunded for the line, tax contained when the order's prices contain it.</param>
public sealed record CreditedLine(string LineId, int Quantity, decimal Amount, decimal Tax);

/// <summary>The order's money as the channel charged it; the invoices together must come to <see cref="Total"/> to the cent.</summary>
/// <param name="Number">What the shopper sees, behind the order prefix of its storefront: unique within the brand.</param>
public sealed record PricedOrder(string OrderRef, string Number, string Currency, decimal Total, decimal Shipping, decimal Tax, bool TaxesIncluded, IReadOnlyList<PricedLine> Lines, BillContact Contact);

/// <param name="Net">Line total after discounts, as charged (with tax when prices include it).</param>
public sealed record PricedLine(string LineId, string Sku, string Title, int Quantity, decimal Net, decimal Tax);

/// <summary>Whom the invoice names. <paramref name="Key"/> is stable per customer, so that a contact is made once.</summary>
public sealed record BillContact(string Key, string Name, string? Email, string Country);
