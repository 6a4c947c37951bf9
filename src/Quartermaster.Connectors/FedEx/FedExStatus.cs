using Quartermaster.Core.Shipping;

namespace Quartermaster.Connectors.FedEx;

/// <summary>FedEx's codes of scans and statuses, each with FedEx's own text, and our word. What is not in the table goes to a person.</summary>
internal static class FedExStatus
{
    /// <summary>What it means for the parcel; null = nothing that moves it.</summary>
    /// <param name="code"><c>eventType</c> of the scan.</param>
    /// <param name="derived"><c>derivedStatusCode</c>, where the scan's own code is not known.</param>
    public static ScanStatus? Of(string? code, string? derived) =>
        Codes.TryGetValue(code ?? "", out var known) ? known : Codes.TryGetValue(derived ?? "", out var rough) ? rough : ScanStatus.Unmapped;

    /// <summary>FedEx has no code for it; its words have.</summary>
    public static bool SaysDamaged(string? words) => words?.Contains("damage", StringComparison.OrdinalIgnoreCase) == true;

    // A parcel that waits to be fetched is on its way for us: "out for delivery" would have the shopper stay at home.
    private static readonly Dictionary<string, ScanStatus?> Codes = new(StringComparer.OrdinalIgnoreCase)
    {
        ["AA"] = ScanStatus.InTransit, // At Airport
        ["AC"] = ScanStatus.InTransit, // At Canada Post facility
        ["AD"] = ScanStatus.InTransit, // At Delivery
        ["AF"] = ScanStatus.InTransit, // At local FedEx Facility
        ["AO"] = ScanStatus.InTransit, // Shipment arriving On-time
        ["AP"] = null, // At Pickup
        ["AR"] = ScanStatus.InTransit, // Arrived at FedEx location
        ["AX"] = ScanStatus.InTransit, // At USPS facility
        ["CA"] = null, // Shipment Cancelled
        ["CC"] = ScanStatus.InTransit, // Cleared Customs
        ["CD"] = ScanStatus.HeldAtCustoms, // Clearance Delay
        ["CH"] = ScanStatus.InTransit, // Location Changed
        ["CP"] = ScanStatus.InTransit, // Clearance in Progress
        ["DD"] = ScanStatus.InTransit, // Delivery Delay
        ["DE"] = ScanStatus.FailedAttempt, // Delivery Exception
        ["DL"] = ScanStatus.Delivered, // Delivered
        ["DP"] = ScanStatus.InTransit, // Departed
        ["DR"] = null, // Vehicle furnished but not used
        ["DS"] = ScanStatus.InTransit, // Vehicle Dispatched
        ["DY"] = ScanStatus.InTransit, // Delay
        ["EA"] = ScanStatus.InTransit, // Enroute to Airport; Export Approved
        ["ED"] = ScanStatus.OutForDelivery, // Enroute to Delivery
        ["EO"] = ScanStatus.InTransit, // Enroute to Origin Airport
        ["EP"] = null, // Enroute to Pickup
        ["FD"] = ScanStatus.InTransit, // At FedEx Destination
        ["HL"] = ScanStatus.InTransit, // Hold at Location
        ["HP"] = ScanStatus.InTransit, // Ready for Recipient Pickup
        ["IT"] = ScanStatus.InTransit, // In Transit
        ["IX"] = ScanStatus.InTransit, // In transit (see Details)
        ["LO"] = ScanStatus.InTransit, // Left Origin
        ["LP"] = null, // Return label link cancelled by shipment originator
        ["OC"] = null, // Order Created
        ["OD"] = ScanStatus.OutForDelivery, // Out for Delivery
        ["OF"] = ScanStatus.InTransit, // At FedEx origin facility
        ["OW"] = ScanStatus.InTransit, // On the way
        ["OX"] = null, // Shipment information sent to USPS
        ["PD"] = null, // Pickup Delay
        ["PF"] = ScanStatus.InTransit, // Plane in Flight
        ["PL"] = ScanStatus.InTransit, // Plane Landed
        ["PM"] = ScanStatus.InTransit, // In Progress
        ["PU"] = ScanStatus.PickedUp, // Picked Up
        ["PX"] = ScanStatus.PickedUp, // Picked up (see Details)
        ["RC"] = null, // CDO Cancelled
        ["RD"] = null, // Return label link expired
        ["RG"] = null, // Return label link expiring soon
        ["RM"] = null, // CDO Modified
        ["RP"] = null, // Return label link emailed to return sender
        ["RR"] = null, // CDO requested
        ["RS"] = ScanStatus.ReturnedToOrigin, // Return to Shipper
        ["SE"] = ScanStatus.Exception, // Shipment Exception
        ["SF"] = ScanStatus.InTransit, // At Sort Facility
        ["SP"] = ScanStatus.InTransit, // Split Status
        ["TR"] = ScanStatus.InTransit, // Transfer
        // Not parcels but who holds them up, in FedEx's list of the same codes.
        ["BR"] = ScanStatus.InTransit, // Broker
        ["CU"] = ScanStatus.InTransit, // Customs
        ["SH"] = null, // Shipper
        ["TP"] = ScanStatus.InTransit, // Transfer Partner
    };
}
