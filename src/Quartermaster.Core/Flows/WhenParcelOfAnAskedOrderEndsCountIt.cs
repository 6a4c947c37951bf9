using Quartermaster.Core.Orders;
using Quartermaster.Core.Shipping;

namespace Quartermaster.Core.Flows;

/// <summary>A parcel of an order whose shopper was asked to confirm, or left out on purpose, came to its end: it is counted, so that what asking achieves can be told.</summary>
internal static class WhenParcelOfAnAskedOrderEndsCountIt
{
    public static void React(OrderFile file, ShippingEvent.JourneyEnded e, Reactions next)
    {
        // What the carrier lost says nothing of the shopper.
        if (file.Order.Question is { Counted: false } && e.End != JourneyEnd.Lost) next.Send(new OrderSignal.ParcelEnded(e.End == JourneyEnd.Returned));
    }
}
