using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Orders;

namespace Quartermaster.Connectors.Shopify;

/// <summary>A fulfilment, told by itself or named in its order → goods that left: ours as an echo, or sent from the shop's own pages.</summary>
internal static class ShopifyParcels
{
    private static readonly BodyReader Read = new("shopify", "Shopify");

    /// <param name="told">When it was heard of, for one that names no time of its own.</param>
    public static OrderSignal.FulfilmentReported SignalOf(FulfillmentBody parcel, Session session, DateTimeOffset told)
    {
        var lines = (parcel.LineItems ?? []).OfType<FulfilledLineBody>().Select((l, i) => new FulfilledLine(
            Read.Need(l.Id, $"line_items[{i}].id"), l.Sku ?? "", Read.Units(l.Quantity, $"line_items[{i}].quantity")));
        return new OrderSignal.FulfilmentReported(
            Read.Need(parcel.Id, "id"), parcel.TrackingCompany, parcel.TrackingNumber ?? parcel.TrackingNumbers?.FirstOrDefault(n => n is { Length: > 0 }),
            [.. lines], (parcel.CreatedAt ?? parcel.UpdatedAt ?? told).ToUniversalTime(), parcel.Status ?? "unknown",
            parcel.LocationId is null ? null : session.LocationOf(parcel.LocationId));
    }
}
