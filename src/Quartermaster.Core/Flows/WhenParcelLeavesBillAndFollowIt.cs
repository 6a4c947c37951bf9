using Quartermaster.Core.Books;
using Quartermaster.Core.Fulfilment;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Messages;
using Quartermaster.Core.Shipping;
using Quartermaster.Core.Stock;

namespace Quartermaster.Core.Flows;

/// <summary>A parcel left: its units leave the stock, the shopper hears of it, it is followed, and its lines are invoiced.</summary>
internal static class WhenParcelLeavesBillAndFollowIt
{
    public static void React(OrderFile file, FulfilmentEvent.ParcelLeft e, Situation s, Reactions next)
    {
        var parcel = e.Parcel;
        next.Send(new StockSignal.Left(parcel.ParcelId, Reserved(file, parcel), parcel.ShippedAt));
        WhenShopperShouldHear.Say(file, Occasion.Shipped, parcel.ParcelId, new ParcelWords(parcel.Carrier, parcel.Tracking, parcel.TrackingUrl), s, next);
        next.Send(new ShippingSignal.Follow(parcel.ParcelId, parcel.Carrier, parcel.Tracking, parcel.TrackingUrl, parcel.ShippedAt));

        List<BilledLine> lines = [];
        foreach (var line in parcel.Lines) Add(lines, line.LineId, line.Quantity);
        next.Send(Bill(file, parcel.ParcelId, lines, parcel.ShippedAt, s));
    }

    /// <summary>The invoice of a departure. The first one carries what needs no parcel; the last one brings the sum to the total.</summary>
    public static BooksSignal.BillParcel Bill(OrderFile file, string id, List<BilledLine> lines, DateTimeOffset at, Situation s)
    {
        if (file.Books.Invoices is null)
            foreach (var line in file.Order.Facts!.Lines)
                if (!line.RequiresShipping && file.Order.Promised(line) is > 0 and var units) Add(lines, line.LineId, units);
        var isLast = !file.Fulfilment.IsOpen && file.StillWanted().Count == 0;
        return new(id, lines, isLast, at, PriceOfOrder.Of(file, s.Stream.Id));
    }

    public static void Add(List<BilledLine> lines, string lineId, int quantity)
    {
        for (var i = 0; i < lines.Count; i++)
            if (lines[i].LineId == lineId)
            {
                lines[i] = lines[i] with { Quantity = lines[i].Quantity + quantity };
                return;
            }
        lines.Add(new(lineId, quantity));
    }

    // Stock leaves the location where it was reserved, even when the warehouse names another one for the parcel.
    private static List<Units> Reserved(OrderFile file, Parcel parcel)
    {
        List<Units> units = [];
        foreach (var line in parcel.Lines)
        {
            var location = parcel.Location;
            foreach (var held in file.Stock.Held ?? [])
                if (held.LineId == line.LineId && held.Sku == line.Sku)
                {
                    location = held.Location;
                    if (held.Location == parcel.Location) break;
                }
            units.Add(new(line.LineId, line.Sku, line.Quantity, location));
        }
        return units;
    }
}
