using Quartermaster.Core.Books;
using Quartermaster.Core.Fulfilment;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Orders;

namespace Quartermaster.Core.Flows;

/// <summary>Everything was sent, delivered, written back and invoiced: the order is closed. What ships nothing is invoiced on the way.</summary>
internal static class WhenNothingIsLeftCloseTheOrder
{
    /// <summary>The invoice of an order that has nothing to ship.</summary>
    private const string NoParcel = "no-parcel";

    public static void React(OrderFile file, Situation s, Reactions next)
    {
        if (file.Order.Phase != OrderPhase.Released || file.Fulfilment.IsOpen || file.Stock.Open is not null || file.Stock.Held is not null) return;
        if (!IsDelivered(file) || file.StillWanted().Count > 0) return;
        if (s.Terms.Accounting is not null)
        {
            if (NeedsInvoice(file, s) is { } bill)
            {
                next.Send(bill);
                return;
            }
            foreach (var invoice in file.Books.Invoices ?? [])
                if (invoice.Booking == Booking.Planned) return;
        }
        next.Send(new OrderSignal.Finished(file.HasSent ? "delivered and invoiced." : file.Order.Elsewhere is null ? "nothing was left to ship." : "fulfilled elsewhere."));
    }

    private static bool IsDelivered(OrderFile file)
    {
        foreach (var parcel in file.Fulfilment.Parcels ?? [])
        {
            if (parcel.Lines.Count == 0) continue;
            if (parcel.WriteBack == WriteBack.Planned || file.Shipping.Find(parcel.Id) is not { Delivered: true }) return false;
        }
        return true;
    }

    private static BooksSignal.BillParcel? NeedsInvoice(OrderFile file, Situation s)
    {
        if (file.Books.Invoices is not null || file.HasSent || file.Order.Elsewhere is not null) return null;
        List<BilledLine> lines = [];
        var bill = WhenParcelLeavesBillAndFollowIt.Bill(file, NoParcel, lines, s.At, s);
        return bill.Order.Total > 0 ? bill : null;
    }
}
