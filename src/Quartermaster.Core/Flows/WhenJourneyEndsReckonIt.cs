using Quartermaster.Core.Kernel;
using Quartermaster.Core.Messages;
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
        next.Send(new ShippingSignal.Reckon(id, JourneyOf(file, parcel, sent.Location), end, at, CalendarOf(sent.Location, s.Terms).Today(at), PromisedDay(file, sent.Location, s.Terms), Door(file)));
    }

    /// <summary>The day that a parcel from this location was promised for, by its calendar; null when nothing was promised, or its shopper was told another day when ordering ahead.</summary>
    public static DateOnly? PromisedDay(OrderFile file, string from, BrandTerms terms) =>
        terms.Routing.PromiseDays is { } days && file.Messages.Find(Occasion.Preordered, "") is null && file.Order.Facts is { } facts && CalendarOf(from, terms) is var calendar ? calendar.Later(calendar.Today(facts.PlacedAt), days) : null;

    public static Journey JourneyOf(OrderFile file, Followed parcel, string from)
    {
        var to = file.Order.ShipTo;
        return new(parcel.Carrier!, file.Labels?.On(parcel.Id)?.Issued?.Service ?? "", from, to?.Country ?? "", PostalCode.Zone(to?.PostalCode));
    }

    public static Doorstep Door(OrderFile file) => new(PostalCode.Area(file.Order.ShipTo?.Country ?? "", file.Order.ShipTo?.PostalCode), file.Order.Facts?.Payment.Method == PaymentMethod.CashOnDelivery);

    private static WorkCalendar CalendarOf(string location, BrandTerms terms)
    {
        foreach (var known in terms.Locations)
            if (known.Code == location) return known.Calendar;
        return WorkCalendar.Always;
    }
}
