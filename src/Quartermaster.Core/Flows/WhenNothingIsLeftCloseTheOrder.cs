using Quartermaster.Core.Books;
using Quartermaster.Core.Fulfilment;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Orders;
using Quartermaster.Core.Shipping;

namespace Quartermaster.Core.Flows;

/// <summary>Everything was sent, delivered, written back and invoiced: the order is closed. What ships nothing is invoiced on the way.</summary>
internal static class WhenNothingIsLeftCloseTheOrder
{
    /// <summary>The invoice of an order that has nothing to ship.</summary>
    private const string NoParcel = "no-parcel";

    public static void React(OrderFile file, Situation s, Reactions next)
    {
        if (file.Order.Phase != OrderPhase.Released || file.Fulfilment.IsOpen || file.Stock.Open is not null || file.Stock.Held is not null || file.Order.Unread is not null) return;
        if (!IsDelivered(file) || file.StillWanted().Count > 0) return;
        if (s.Terms.Accounting is not null)
        {
            if (NeedsInvoice(file, s) is { } bill)
            {
                next.Send(bill);
                return;
            }
            // What was only recorded is never answered.
            if (file.Order.Shadow == Shadowing.Never)
                foreach (var invoice in file.Books.Invoices ?? [])
                    if (invoice.Booking == Booking.Planned) return;
            CompareSum(file, s, next);
        }
        next.Send(new OrderSignal.Finished(file.HasSent ? (file.Shipping.All?.Any(p => p.End is ParcelEnd.Lost or ParcelEnd.CameBack) == true ? "every parcel has come to its end." : "delivered and invoiced.") : file.Order.Elsewhere is null ? "nothing was left to ship." : "fulfilled elsewhere."));
    }

    /// <summary>The last invoice brings the sum to the total. When the rest was refunded there was no last one, so the sum is compared here.</summary>
    private static void CompareSum(OrderFile file, Situation s, Reactions next)
    {
        if (file.Books.Invoices is not { } invoices || invoices[^1].IsLast) return;
        var left = PriceOfOrder.Of(file, s.Stream.Id).Total - file.Books.TakenOff + file.Books.CreditedLines - file.Books.Billed;
        if (decimal.Abs(left) > s.Terms.RoundingLimit)
            next.Tell(new CaseChange.Opened("invoice/sum", "books.needs_review", "The invoices do not come to the order's total",
                $"{new Money(left, file.Books.Currency ?? s.Terms.Currency)} is left after the last parcel. Compare with the channel and correct it by hand."));
    }

    private static bool IsDelivered(OrderFile file)
    {
        foreach (var parcel in file.Fulfilment.Parcels ?? [])
        {
            if (parcel.Lines.Count == 0) continue;
            if ((parcel.WriteBack == WriteBack.Planned && file.Order.Shadow == Shadowing.Never) || file.Shipping.Find(parcel.Id) is not { IsOver: true }) return false;
        }
        return true;
    }

    private static BooksSignal.BillParcel? NeedsInvoice(OrderFile file, Situation s)
    {
        // What left and was told was billed then, or before there were books; half a kit was neither.
        if (file.Books.Invoices is not null || file.Order.Elsewhere is not null || (file.Fulfilment.Parcels ?? []).Any(p => p.Told.Count > 0)) return null;
        List<BilledLine> lines = [];
        var bill = WhenParcelLeavesBillAndFollowIt.Bill(file, NoParcel, lines, s.At, s);
        return bill.Order.Total > 0 ? bill : null;
    }
}
