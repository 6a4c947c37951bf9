using Quartermaster.Core.Connecting;
using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Fulfilment;

/// <summary>Work that fulfilment asks of warehouses and storefronts.</summary>
public abstract record FulfilmentEffect : Effect
{
    private FulfilmentEffect() { }

    [Wire("fulfilment.submit_to_warehouse.v1")]
    [RefusalIsAnAnswer]
    public sealed record SubmitToWarehouse(HandoffOrder Order) : FulfilmentEffect;

    /// <summary>Get an order back from a warehouse. Done = it will send nothing more of it; Refused = too late; TryLater = it has not decided yet.</summary>
    /// <param name="HandoffKey">Key of the hand-off that is asked back; a later one of the same order is not meant.</param>
    [Wire("fulfilment.withdraw_from_warehouse.v1")]
    [RefusalIsAnAnswer]
    public sealed record WithdrawFromWarehouse(string OrderRef, string Location, string Why, string HandoffKey) : FulfilmentEffect;

    /// <summary>Tell the channel that a parcel left, so that the shopper sees it there.</summary>
    [Wire("fulfilment.write_fulfilment.v1")]
    public sealed record WriteFulfilment(string ExternalId, Parcel Parcel) : FulfilmentEffect;

    /// <summary>Ask the channel for the order as it is now; the answer comes back as signals.</summary>
    [Wire("fulfilment.fetch_order.v1")]
    [ReportsOnlyTrouble]
    [GoesOutInShadow]
    public sealed record FetchOrder(string ExternalId, string Why) : FulfilmentEffect;
}

/// <summary>All that a warehouse needs to pick, pack and send.</summary>
/// <param name="OrderRef">Our reference, the order's stream id.</param>
/// <param name="Location">Our location code; the warehouse behind it is the lane.</param>
/// <param name="Label">The label that was bought for it and only has to be printed; null = the warehouse sees to its own.</param>
/// <param name="By">How it is to travel; null = the warehouse may choose, or the label says it.</param>
public sealed record HandoffOrder(string OrderRef, string Number, string Channel, string ExternalId, string Location, string Connection, IReadOnlyList<HandoffLine> Lines, Recipient ShipTo, string? Note, decimal? CollectOnDelivery, string Currency, HandoffLabel? Label = null, Carriage? By = null);

/// <summary>A label that is paid for: the parcel that leaves with it is this hand-off's.</summary>
/// <param name="Document">Where it can be fetched for printing; null when the vendor gave no address.</param>
public sealed record HandoffLabel(string Carrier, string? Service, string Tracking, string? TrackingUrl, string? Document);

public sealed record HandoffLine(string LineId, string Sku, int Quantity, string Title);

/// <summary>Where a parcel goes. Country is ISO 3166-1 alpha-2.</summary>
public sealed record Recipient(string? Name, string? Company, string? Line1, string? Line2, string? City, string? Province, string? PostalCode, string Country, string? Phone, string? Email);

/// <summary>One parcel on its way to the shopper.</summary>
/// <param name="ParcelId">Its key within the order: the tracking number, upper case without blanks, because carriers and warehouses name the carrier differently.</param>
public sealed record Parcel(string ParcelId, string Location, string Carrier, string Tracking, string? TrackingUrl, IReadOnlyList<HandoffLine> Lines, DateTimeOffset ShippedAt);
