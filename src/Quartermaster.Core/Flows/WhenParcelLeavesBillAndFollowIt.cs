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
        var sold = Sold(file, parcel);
        next.Send(new FulfilmentSignal.WriteBack(parcel with { Lines = sold }));
        next.Send(new StockSignal.Left(parcel.ParcelId, Reserved(file, parcel), parcel.ShippedAt));
        WhenShopperShouldHear.Say(file, Occasion.Shipped, parcel.ParcelId, new ParcelWords(parcel.Carrier, parcel.Tracking, WhenShopperShouldHear.Follow(parcel.TrackingUrl, s)), s, next);
        next.Send(new ShippingSignal.Follow(parcel.ParcelId, parcel.Carrier, parcel.Tracking, parcel.TrackingUrl, parcel.ShippedAt, AskedFor.At(file, parcel, s.Terms)));
        WhenNumberIsKnownClaimIt.React(file, parcel, s, next);

        List<BilledLine> lines = [];
        foreach (var line in sold) Add(lines, line.LineId, line.Quantity);
        WhenCodesAreReadPlanAgain.ReadWhatCameBack(file, next);
        if (lines.Count > 0) next.Send(Bill(file, parcel.ParcelId, lines, parcel.ShippedAt, s));
    }

    /// <summary>The parcel as the channel sold it. Parts of a kit become the kits that are whole with this parcel; half of one is told and billed with the parcel that brings the rest.</summary>
    private static List<HandoffLine> Sold(OrderFile file, Parcel parcel)
    {
        List<HandoffLine> sold = [];
        foreach (var line in parcel.Lines)
        {
            if (file.Order.LineOf(line.LineId) is not { } of || file.Order.MeantOf(of.LineId) is not { IsKit: true }) sold.Add(line);
            else if (!sold.Exists(l => l.LineId == of.LineId) && file.LeftOf(of.LineId) - file.Fulfilment.ToldOf(of.LineId) is > 0 and var whole)
                sold.Add(new(of.LineId, of.Sku, whole, of.Title));
        }
        return sold;
    }

    /// <summary>The invoice of a departure. The first one carries what needs no parcel; the last one brings the sum to the total.</summary>
    public static BooksSignal.BillParcel Bill(OrderFile file, string id, List<BilledLine> lines, DateTimeOffset at, Situation s)
    {
        if (file.Books.Invoices is null)
            foreach (var line in file.Order.Facts!.Lines)
                if (!line.RequiresShipping && file.Order.Promised(line) is > 0 and var units) Add(lines, line.LineId, units);
        var isLast = !file.Fulfilment.IsOpen && file.StillWanted().Count == 0 && file.Order.Unread is null;
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

    // Stock leaves the locations where it was reserved, even when the warehouse names another one for the parcel; that one first.
    private static List<Units> Reserved(OrderFile file, Parcel parcel)
    {
        List<Units> units = [];
        foreach (var line in parcel.Lines)
        {
            var left = line.Quantity;
            foreach (var held in (file.Stock.Held ?? []).Where(h => h.LineId == line.LineId && h.Sku == line.Sku).OrderBy(h => h.Location != parcel.Location))
            {
                if (int.Min(left, held.Quantity) is not (> 0 and var now)) continue;
                units.Add(held with { Quantity = now });
                left -= now;
            }
        }
        return units;
    }
}
