using Quartermaster.Core.Kernel;
using Quartermaster.Core.Orders;
using Quartermaster.Core.Routing;
using Quartermaster.Core.Shipping;

namespace Quartermaster.Core.Flows;

/// <summary>A parcel was delivered, goes back or is lost: how its carrier did on that way is kept, for people to compare and for routing to weigh.</summary>
internal static class WhenJourneyEndsReckonIt
{
    public static void React(OrderFile file, ShippingEvent e, Reactions next, Situation s)
    {
        var (id, end, at) = e switch
        {
            ShippingEvent.Delivered d => (d.ParcelId, JourneyEnd.Delivered, d.At),
            ShippingEvent.Moved { Status: ScanStatus.ReturnedToOrigin } m => (m.ParcelId, JourneyEnd.Returned, m.At),
            ShippingEvent.EndedByHand { End: ParcelEnd.Lost } x => (x.ParcelId, JourneyEnd.Lost, s.At),
            ShippingEvent.EndedByHand { End: ParcelEnd.CameBack } x => (x.ParcelId, JourneyEnd.Returned, s.At),
            _ => (null, default, default),
        };
        if (id is null || file.Shipping.Find(id) is not { IsKnown: true, LeftAt: not null, Reckoned: false } parcel || file.Fulfilment.Find(id) is not { } sent) return;
        var from = Location(sent.Location, s);
        var calendar = from?.Calendar ?? WorkCalendar.Always;
        DateOnly? due = s.Terms.Routing.PromiseDays is { } days && file.Order.Facts is { } facts ? calendar.Later(calendar.Today(facts.PlacedAt), days) : null;
        next.Send(new ShippingSignal.Reckon(id, Of(file, parcel, sent.Location), end, at, calendar.Today(at), due, Door(file)));
    }

    private static Journey Of(OrderFile file, Followed parcel, string from)
    {
        var to = file.Order.ShipTo;
        return new(parcel.Carrier!, file.Labels?.On(parcel.Id)?.Issued?.Service ?? "", from, to?.Country ?? "", PostalCode.Zone(to?.PostalCode));
    }

    private static Doorstep Door(OrderFile file) => new(PostalCode.Area(file.Order.ShipTo?.Country ?? "", file.Order.ShipTo?.PostalCode), file.Order.Facts?.Payment.Method == PaymentMethod.CashOnDelivery);

    private static LocationTerms? Location(string code, Situation s)
    {
        foreach (var terms in s.Terms.Locations)
            if (terms.Code == code) return terms;
        return null;
    }
}
