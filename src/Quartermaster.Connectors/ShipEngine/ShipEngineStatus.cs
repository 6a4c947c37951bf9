using Quartermaster.Core.Shipping;

namespace Quartermaster.Connectors.ShipEngine;

/// <summary>ShipEngine's words for where a parcel is, each with its meaning in the published contract, and ours. What is in neither table goes to a person.</summary>
internal static class ShipEngineStatus
{
    /// <summary>What it means for the parcel; null = nothing that moves it.</summary>
    /// <param name="code"><c>status_code</c>: rough, always there.</param>
    /// <param name="detail"><c>status_detail_code</c>: finer, where the carrier tells enough.</param>
    public static ScanStatus? Of(string code, string? detail) =>
        detail is { Length: > 0 } ? Details.TryGetValue(detail, out var finer) ? finer : ScanStatus.Unmapped
        : Codes.TryGetValue(code, out var rough) ? rough : ScanStatus.Unmapped;

    public static bool SaysDamaged(string? detail) => detail is "PARCEL_DAMAGED" or "DELIVERED_DAMAGED" or "PARCEL_REPACKED";

    private static readonly Dictionary<string, ScanStatus?> Codes = new(StringComparer.OrdinalIgnoreCase)
    {
        ["UN"] = null, // Unknown
        ["AC"] = ScanStatus.PickedUp, // Accepted
        ["IT"] = ScanStatus.InTransit, // In Transit
        ["DE"] = ScanStatus.Delivered, // Delivered
        ["EX"] = ScanStatus.Exception, // Exception
        ["AT"] = ScanStatus.FailedAttempt, // Delivery Attempt
        ["NY"] = null, // Not Yet In System
        ["SP"] = ScanStatus.InTransit, // Delivered To Collection Location: the shopper does not have it yet
    };

    // A parcel that waits at a pick-up point is on its way for us: "out for delivery" would have the shopper stay at home.
    private static readonly Dictionary<string, ScanStatus?> Details = new(StringComparer.OrdinalIgnoreCase)
    {
        ["CARRIER_STATUS_NOT_MAPPED"] = ScanStatus.Unmapped, // Status not mapped
        ["SHIPMENT_CREATED"] = null, // Your tracking number is ready
        ["AWAITING_PICKUP_DROP_OFF"] = null, // waiting to be handed over to the carrier
        ["DROPPED_OFF"] = ScanStatus.PickedUp, // dropped off and is ready for carrier processing
        ["ELEC_ADVICE_RECD_BY_CARRIER"] = null, // Your shipment is now in the carrier's system
        ["PICKED_UP"] = ScanStatus.PickedUp, // picked up by the carrier
        ["CUSTOMS_CLEARED"] = ScanStatus.InTransit, // Your parcel has cleared customs and is continuing its journey
        ["CUSTOMS_PROCESSING"] = ScanStatus.InTransit, // currently being processed by customs
        ["DELIVERY_ARRANGED_WITH_RECIPIENT"] = ScanStatus.InTransit, // delivery has been arranged with the carrier
        ["HUB_SCAN_OUT"] = ScanStatus.InTransit, // Your parcel has left the carrier's hub
        ["HUB_SCAN_IN"] = ScanStatus.InTransit, // Your parcel has arrived at the carrier's hub for processing
        ["IN_TRANSIT"] = ScanStatus.InTransit, // Your shipment is on its way between the carrier hubs
        ["INFORMATION"] = null, // shared additional information about your parcel
        ["PARCEL_OVER_LABELLED"] = ScanStatus.InTransit, // label has been updated by the carrier, which may affect tracking visibility
        ["PARCEL_UPDATE_NOTIFICATION"] = null, // sent you an update on your parcel status via SMS or email
        ["RECEIVED_BY_CARRIER"] = ScanStatus.PickedUp, // received by the carrier and is beginning its journey
        ["RECEIVED_LOCAL_DELIVERY_DEPOT"] = ScanStatus.InTransit, // Your parcel has arrived at the local delivery depot and is almost ready for delivery
        ["SUB_CONTRACTOR_EVENT"] = ScanStatus.InTransit, // shared additional information about your parcel's handling by a delivery partner
        ["SUB_CONTRACTOR_RECEIVED"] = ScanStatus.InTransit, // received by the carrier's local delivery partner
        ["PARCEL_REDIRECTED"] = ScanStatus.InTransit, // redirected to a new delivery address per your request
        ["DELIVERY_SCHEDULED"] = ScanStatus.InTransit, // delivery has been scheduled and will soon be out for delivery
        ["HUB_PROCESSING"] = ScanStatus.InTransit, // being processed at a carrier hub
        ["DELIVERY_RESCHEDULED"] = ScanStatus.InTransit, // delivery has been rescheduled due to operational issues
        ["ATTEMPTED_DELIVERY"] = ScanStatus.FailedAttempt, // The carrier attempted to deliver your parcel but was unable to complete delivery
        ["ATTEMPTED_DELIVERY_FINAL"] = ScanStatus.FailedAttempt, // The carrier made a final attempt to deliver your parcel but was unable to complete delivery
        ["COD_AMOUNT_PAID"] = null, // Cash on delivery payment received
        ["CUSTOMER_CARDED"] = ScanStatus.FailedAttempt, // Delivery attempt failed
        ["OUT_FOR_DELIVERY"] = ScanStatus.OutForDelivery, // on its way and will be delivered today
        ["AWAITING_COLLECTION_FROM_PICKUP_POINT"] = ScanStatus.InTransit, // ready for collection at the selected pickup point
        ["COLLECT_AT_LOCAL_PO"] = ScanStatus.InTransit, // ready for collection at your local post office
        ["CUSTOMER_TO_COLLECT_FROM_CARRIER"] = ScanStatus.InTransit, // available for collection from the carrier's local delivery unit
        ["DELIVERED_TO_RECEPTION"] = ScanStatus.Delivered, // delivered to your building's reception or designated mail area
        ["DELIVERED"] = ScanStatus.Delivered, // successfully delivered
        ["DELIVERED_DAMAGED"] = ScanStatus.Delivered, // delivered but arrived with visible damage
        ["DELIVERED_IN_PART"] = ScanStatus.InTransit, // Part of your shipment has been delivered
        ["DELIVERED_SPECIFIED_SAFE_PLACE"] = ScanStatus.Delivered, // delivered to your specified safe place
        ["DELIVERED_TO_ALTERNATIVE_DELIVERY_LOCATION"] = ScanStatus.Delivered, // delivered to an alternative location due to the delivery company being unable to deliver it to the specified address
        ["DELIVERED_TO_NEIGHBOUR"] = ScanStatus.Delivered, // delivered to your neighbor
        ["DELIVERED_TO_PO_BOX"] = ScanStatus.Delivered, // delivered to your specified PO Box
        ["PARCEL_COLLECTED_FROM_PICKUP_POINT"] = ScanStatus.Delivered, // Your package has been picked up from the pick up point
        ["POST_TRANSIT_STATUS"] = null, // added more information about your delivery
        ["PROOF_OF_DELIVERY"] = ScanStatus.Delivered, // confirmed delivery with proof, such as a signature or photo
        ["PICKUP_FAILED"] = null, // Parcel pickup failed
        ["NOT_YET_RECEIVED_BY_CARRIER"] = null, // not yet received your parcel, which may cause a delay
        ["PARCEL_DAMAGED"] = ScanStatus.Exception, // damaged in transit but will still be delivered
        ["ADDRESS_QUERY"] = ScanStatus.Exception, // There is an issue with the delivery address, which may delay your parcel
        ["CARRIER_DELAYS"] = ScanStatus.InTransit, // delayed due to issues within the carrier network
        ["DELAYED_NOT_CARRIER"] = ScanStatus.InTransit, // delayed due to circumstances beyond the carrier's control
        ["HELD_BY_CARRIER"] = ScanStatus.Exception, // being held due to an operational issue
        ["HELD_BY_CARRIER_FOR_CLEARANCE_PRE_PROCESSING"] = ScanStatus.HeldAtCustoms, // being held by the carrier for customs documentation checks
        ["HELD_BY_CUSTOMS"] = ScanStatus.HeldAtCustoms, // being held at customs, which may delay delivery
        ["HELD_BY_EXPORT_CUSTOMS"] = ScanStatus.HeldAtCustoms, // held at export customs, which may delay delivery
        ["HELD_BY_IMPORT_CUSTOMS"] = ScanStatus.HeldAtCustoms, // held at import customs and may require action to proceed
        ["INCORRECT_DECLARATION"] = ScanStatus.InTransit, // incorrectly declared but is still moving forward for delivery
        ["MISROUTED"] = ScanStatus.InTransit, // sent to the wrong place due to a routing error but is being redirected
        ["PARCEL_REPACKED"] = ScanStatus.InTransit, // repackaged by the carrier due to damage and will still be delivered
        ["RECD_BY_CARRIER_NO_ELEC_ADVICE"] = ScanStatus.PickedUp, // received by the carrier but may experience delays due to missing pre-advice
        ["COD_AMOUNT_NOT_PAID"] = ScanStatus.FailedAttempt, // Delivery failed due to unpaid cash on delivery
        ["CUSTOMER_IDENTIFICATION_FAILED"] = ScanStatus.FailedAttempt, // Delivery couldn't be completed as identification requirements were not met
        ["NO_ACCESS_TO_RECIPIENTS_ADDRESS"] = ScanStatus.FailedAttempt, // The carrier couldn't access the delivery location due to restricted entry
        ["CANCELLED"] = null, // cancelled
        ["CUSTOMER_MOVED"] = ScanStatus.ReturnedToOrigin, // Delivery failed as the recipient is no longer at the specified address
        ["HAZARDOUS_PROHIBITED"] = ScanStatus.Exception, // Your parcel contains restricted items and will not be delivered
        ["NOT_COLLECTED_FROM_PICKUP_POINT"] = ScanStatus.ReturnedToOrigin, // not collected from the pickup point within the designated time and will be returned
        ["NOT_DELIVERED"] = ScanStatus.ReturnedToOrigin, // All delivery attempts failed
        ["NOT_DELIVERED_ADDRESSEE_DECEASED"] = ScanStatus.ReturnedToOrigin, // The parcel could not be delivered as the addressee is reported deceased
        ["PARCEL_DISPOSED"] = ScanStatus.Exception, // disposed of due to its contents or condition and will not be delivered
        ["PARCEL_LOST"] = ScanStatus.Exception, // reported that your parcel is lost and will not be delivered
        ["PARCEL_OUTSIDE_OF_SERVICE_CAPABILITY"] = ScanStatus.Exception, // The parcel cannot be delivered as it exceeds the carrier's service limits
        ["REFUSED_BY_CUSTOMER"] = ScanStatus.ReturnedToOrigin, // You have refused the parcel, and it will be returned to the sender
        ["RETURN_TO_SENDER"] = ScanStatus.ReturnedToOrigin, // being returned to the sender due to delivery issues
        ["UNSPECIFIED_EXCEPTION"] = ScanStatus.Exception, // reported an issue with your parcel, but details are unavailable
    };
}
