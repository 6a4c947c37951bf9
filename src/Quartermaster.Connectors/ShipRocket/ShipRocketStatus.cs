using Quartermaster.Core.Shipping;

namespace Quartermaster.Connectors.ShipRocket;

/// <summary>ShipRocket's own statuses by number, each with its text, and our word. What is not in the table goes to a person.</summary>
/// <remarks>The numbers 5, 18 and 42 are from ShipRocket's published sample, the others from programs that read them.</remarks>
internal static class ShipRocketStatus
{
    /// <summary>What it means for the parcel; null = nothing that moves it.</summary>
    /// <param name="id"><c>sr-status</c>; null = none was told, which moves nothing: the courier's own line before it did.</param>
    public static ScanStatus? Of(int? id) => id is not { } known ? null : Codes.TryGetValue(known, out var status) ? status : ScanStatus.Unmapped;

    public static bool SaysDamaged(int? id) => id == 25;

    private static readonly Dictionary<int, ScanStatus?> Codes = new()
    {
        [1] = null, // AWB Assigned
        [2] = null, // Label Generated
        [3] = null, // Pickup Scheduled
        [4] = null, // Pickup Queued
        [5] = null, // Manifest Generated
        [6] = ScanStatus.InTransit, // Shipped
        [7] = ScanStatus.Delivered, // Delivered
        [8] = null, // Cancelled
        [9] = ScanStatus.ReturnedToOrigin, // RTO Initiated
        [10] = ScanStatus.ReturnedToOrigin, // RTO Delivered
        [11] = ScanStatus.InTransit, // Pending
        [12] = ScanStatus.Exception, // Lost
        [13] = null, // Pickup Error
        [14] = ScanStatus.ReturnedToOrigin, // RTO Acknowledged
        [15] = null, // Pickup Rescheduled
        [16] = null, // Cancellation Requested
        [17] = ScanStatus.OutForDelivery, // Out For Delivery
        [18] = ScanStatus.InTransit, // In Transit
        [19] = null, // Out For Pickup
        [20] = null, // Pickup Exception
        [21] = ScanStatus.FailedAttempt, // Undelivered
        [22] = ScanStatus.InTransit, // Delayed
        [23] = ScanStatus.Exception, // Partial Delivered
        [24] = ScanStatus.Exception, // Destroyed
        [25] = ScanStatus.Exception, // Damaged
        [38] = ScanStatus.InTransit, // Reached at Destination Hub
        [39] = ScanStatus.InTransit, // Misrouted
        [40] = ScanStatus.ReturnedToOrigin, // RTO NDR
        [41] = ScanStatus.ReturnedToOrigin, // RTO Out For Delivery
        [42] = ScanStatus.PickedUp, // Picked Up
        [44] = ScanStatus.Exception, // Disposed Off
        [45] = null, // Cancelled Before Dispatched
        [46] = ScanStatus.ReturnedToOrigin, // RTO In Transit
        [48] = ScanStatus.InTransit, // Reached Warehouse
        [51] = ScanStatus.PickedUp, // Handover to Courier
        [52] = null, // Shipment Booked
        [75] = ScanStatus.ReturnedToOrigin, // RTO Lock
        [76] = ScanStatus.Exception, // Untraceable
        [77] = ScanStatus.FailedAttempt, // Issue Related to the Recipient
        [78] = ScanStatus.ReturnedToOrigin, // Reached Back at Seller City
    };
}
