using Quartermaster.Core.Kernel;
using Quartermaster.Core.Messages;
using Quartermaster.Core.Shipping;

namespace Quartermaster.Core.Flows;

/// <summary>Tells the shopper what happened; after a failed channel, tells it again through the next.</summary>
internal static class WhenShopperShouldHear
{
    public static void React(OrderFile file, ShippingEvent e, Situation s, Reactions next)
    {
        if (e is ShippingEvent.Delivered d) Say(file, Occasion.Delivered, d.ParcelId, s, next);
        else if (e is ShippingEvent.Moved { Status: ScanStatus.OutForDelivery } m && file.Shipping.Find(m.ParcelId) is { IsKnown: true }) Say(file, Occasion.OutForDelivery, m.ParcelId, s, next);
    }

    public static void React(OrderFile file, MessageEvent.FellBack e, Situation s, Reactions next) => Say(file, e.Occasion, e.Subject, s, next);

    public static void Say(OrderFile file, Occasion occasion, string subject, Situation s, Reactions next) =>
        Say(file, occasion, subject, file.Shipping.Find(subject) is { IsKnown: true } parcel ? new ParcelWords(parcel.Carrier!, parcel.Tracking, parcel.TrackingUrl) : null, s, next);

    public static void Say(OrderFile file, Occasion occasion, string subject, ParcelWords? parcel, Situation s, Reactions next)
    {
        if (s.Terms.MessageChannels.Count > 0) next.Send(new MessageSignal.Say(occasion, subject, PriceOfOrder.Shopper(file, s.Stream.Id, s.Terms.Language), parcel));
    }
}
