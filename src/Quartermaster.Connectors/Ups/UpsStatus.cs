using System.Globalization;
using Quartermaster.Core.Shipping;

namespace Quartermaster.Connectors.Ups;

/// <summary>UPS's codes for where a parcel is, each with the text that UPS shows for it, and our word. What is not in the table goes to a person.</summary>
internal static class UpsStatus
{
    /// <summary>What it means for the parcel; null = nothing that moves it.</summary>
    /// <param name="code"><c>statusCode</c>: three digits, the finest that UPS tells.</param>
    /// <param name="type"><c>type</c>: rough; only where there is no code.</param>
    public static ScanStatus? Of(string? code, string? type) =>
        int.TryParse(code, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? Codes.TryGetValue(number, out var known) ? known : ScanStatus.Unmapped
        : Types.TryGetValue(type ?? "", out var rough) ? rough : ScanStatus.Unmapped;

    public static bool SaysDamaged(string? code) => code is "059" or "59" or "081" or "81";

    private static readonly Dictionary<string, ScanStatus?> Types = new(StringComparer.OrdinalIgnoreCase)
    {
        ["D"] = ScanStatus.Delivered, // Delivered
        ["I"] = ScanStatus.InTransit, // In Transit, Out for Delivery
        ["M"] = null, // Billing Information Received
        ["MV"] = null, // Billing Information Voided
        ["X"] = ScanStatus.Exception, // Exception
        ["U"] = null, // Updates
        ["NA"] = null, // Not Available
    };

    // A parcel that waits at an access point is on its way for us; asked-for changes are nothing until they are carried out.
    private static readonly Dictionary<int, ScanStatus?> Codes = new()
    {
        [0] = null, // Status Not Available
        [3] = null, // Shipment Ready for UPS
        [5] = ScanStatus.InTransit, // On the Way
        [6] = ScanStatus.OutForDelivery, // Out for Delivery
        [7] = null, // Shipment Information Voided
        [10] = ScanStatus.InTransit, // On the Way
        [11] = ScanStatus.Delivered, // Delivered
        [12] = ScanStatus.InTransit, // Clearance in Progress
        [13] = ScanStatus.Exception, // Exception
        [14] = ScanStatus.InTransit, // Clearance Completed
        [16] = ScanStatus.InTransit, // In Warehouse
        [17] = ScanStatus.InTransit, // Held for Customer Pickup
        [18] = null, // Delivery Change Requested: Hold for Pickup
        [19] = ScanStatus.InTransit, // Held for Future Delivery
        [20] = null, // Held for Future Delivery Requested
        [21] = ScanStatus.OutForDelivery, // Out for Delivery
        [22] = ScanStatus.FailedAttempt, // First Attempt Made
        [23] = ScanStatus.FailedAttempt, // Second Delivery Attempted
        [24] = ScanStatus.FailedAttempt, // Final Attempt Made
        [25] = ScanStatus.InTransit, // On the Way
        [26] = ScanStatus.Delivered, // Delivered by Local Post Office
        [27] = null, // Delivery Address Change Requested
        [28] = ScanStatus.InTransit, // Delivery Address Changed
        [29] = ScanStatus.Exception, // Exception: Action Required
        [30] = ScanStatus.Exception, // Local Post Office Exception
        [32] = ScanStatus.InTransit, // Adverse Weather May Cause Delay
        [33] = null, // Return to Sender Requested
        [34] = ScanStatus.ReturnedToOrigin, // Returned to Sender
        [35] = ScanStatus.ReturnedToOrigin, // Returning to Sender
        [36] = ScanStatus.ReturnedToOrigin, // Returning to Sender: In Transit
        [37] = ScanStatus.OutForDelivery, // Out for Delivery
        [38] = ScanStatus.PickedUp, // Picked Up by UPS
        [39] = ScanStatus.InTransit, // On the Way
        [40] = ScanStatus.InTransit, // Ready for Customer Pickup
        [41] = null, // Service Upgrade Requested
        [42] = ScanStatus.InTransit, // Service Upgraded
        [43] = null, // Voided Pickup
        [44] = null, // On the Way to UPS
        [45] = null, // On the Way to UPS
        [46] = ScanStatus.InTransit, // Delay
        [47] = ScanStatus.InTransit, // On the Way
        [48] = ScanStatus.InTransit, // Delay
        [49] = ScanStatus.Exception, // Delay: Action Required
        [50] = ScanStatus.Exception, // Address Information Required
        [51] = ScanStatus.InTransit, // Delay: Emergency Situation or Severe Weather
        [52] = ScanStatus.InTransit, // Delay: Severe Weather
        [53] = ScanStatus.InTransit, // Delay: Severe Weather
        [54] = null, // Delivery Change Requested
        [55] = ScanStatus.InTransit, // Rescheduled Delivery
        [56] = null, // Service Upgrade Requested
        [57] = ScanStatus.InTransit, // On the Way to a Local UPS Access Point™
        [58] = ScanStatus.HeldAtCustoms, // Clearance Information Required
        [59] = ScanStatus.Exception, // Damage Reported
        [60] = ScanStatus.FailedAttempt, // Delivery Attempted
        [61] = ScanStatus.FailedAttempt, // Delivery Attempted: Adult Signature Required
        [62] = ScanStatus.FailedAttempt, // Delivery Attempted: Funds Required
        [63] = ScanStatus.InTransit, // Delivery Change Completed
        [64] = ScanStatus.ReturnedToOrigin, // Delivery Refused
        [65] = null, // Pickup Attempted
        [66] = ScanStatus.FailedAttempt, // Post Office Delivery Attempted
        [67] = ScanStatus.ReturnedToOrigin, // Returned to Sender by Post Office
        [68] = ScanStatus.Exception, // Sent to Lost and Found
        [69] = ScanStatus.Exception, // Unable to Deliver
        [70] = null, // Package not at UPS Access Point™ yet
        [71] = ScanStatus.InTransit, // Preparing for Delivery
        [72] = ScanStatus.InTransit, // Loaded on Delivery Vehicle
        [73] = ScanStatus.InTransit, // In Transit to UPS Delivery Partner
        [74] = ScanStatus.InTransit, // UPS Delivery Partner has Shipment
        [75] = ScanStatus.InTransit, // Scheduled for Delivery
        [76] = ScanStatus.Exception, // UPS Delivery Partner Exception
        [77] = null, // Scheduled for Pickup Today
        [78] = ScanStatus.OutForDelivery, // Your Driver is Arriving Soon!
        [79] = null, // Order Processed: In Transit to UPS
        [80] = null, // Order Processed: Ready for UPS
        [81] = ScanStatus.ReturnedToOrigin, // Returned - Damage Reported
        [82] = null, // Delivery Instructions Received
        [83] = ScanStatus.Exception, // Held
        [84] = ScanStatus.InTransit, // Cleared
        [85] = ScanStatus.Exception, // Held for COD Payment
        [86] = ScanStatus.InTransit, // Delay
        [87] = ScanStatus.InTransit, // On the Way
        [88] = null, // Test
        [89] = ScanStatus.OutForDelivery, // Out for Delivery
        [90] = ScanStatus.InTransit, // Delay
        [91] = ScanStatus.OutForDelivery, // Out for Delivery
        [92] = ScanStatus.InTransit, // Customs Clearance in Progress
        [93] = ScanStatus.InTransit, // Premier Recovery In Progress
        [94] = ScanStatus.InTransit, // Premier Recovery Completed
        [95] = null, // Additional Attempt Requested
        [96] = ScanStatus.InTransit, // Address Change Confirmed
        [97] = null, // Address Change Requested
        [98] = null, // Deliver to Original Address Requested
        [99] = ScanStatus.InTransit, // Deliver to Original Address Confirmed
        [100] = ScanStatus.InTransit, // Hold at UPS Access Point™ Confirmed
        [101] = null, // Hold at UPS Access Point™ Requested
        [102] = null, // Hold for Courier Requested
        [103] = ScanStatus.InTransit, // Hold for Courier Confirmed
        [104] = ScanStatus.InTransit, // Hold for Instructions Confirmed
        [105] = null, // Hold for Instructions Requested
        [106] = ScanStatus.InTransit, // Hold for Pickup Confirmed
        [107] = null, // Hold for Pickup Requested
        [108] = ScanStatus.InTransit, // Hold for Pickup Today Confirmed
        [109] = null, // Hold for Pickup Today Requested
        [110] = ScanStatus.InTransit, // Refrigeration Confirmed
        [111] = null, // Refrigeration Requested
        [112] = ScanStatus.InTransit, // Re-Ice Confirmed
        [113] = null, // Re-Ice Requested
        [114] = null, // Request Canceled
        [115] = ScanStatus.InTransit, // Reschedule Delivery Confirmed
        [116] = null, // Reschedule Delivery Requested
        [117] = ScanStatus.InTransit, // Return by Saturday Confirmed
        [118] = ScanStatus.ReturnedToOrigin, // Return to Sender Confirmed
        [119] = null, // Return to Sender Requested
        [120] = ScanStatus.InTransit, // Saturday Delivery Confirmed
        [121] = null, // Saturday Delivery Requested
        [122] = ScanStatus.InTransit, // Upgrade Confirmed
        [123] = ScanStatus.InTransit, // Pending Release From Non-UPS Broker
        [124] = ScanStatus.HeldAtCustoms, // Clearance Information Needed
        [125] = ScanStatus.HeldAtCustoms, // Clearance Information Needed
        [126] = ScanStatus.InTransit, // Pending Government Agency Release
        [127] = null, // Investigation Closed
        [128] = null, // Investigation Canceled
        [129] = null, // Investigation Opened
        [130] = null, // Claim in Progress
        [131] = null, // Final Pickup Attempted
        [132] = ScanStatus.InTransit, // Airport Security Delay
        [133] = null, // Return Label Left With Customer
        [134] = ScanStatus.InTransit, // Cleared Import Customs
        [135] = null, // Second Pickup Attempted
        [136] = ScanStatus.InTransit, // Delivery Rescheduled for Saturday
        [137] = ScanStatus.InTransit, // Transferred to UPS Delivery Partner
        [138] = ScanStatus.InTransit, // Awaiting Scheduled Departure
        [139] = ScanStatus.FailedAttempt, // Security Access Required
        [140] = null, // Claim Paid - Claim Payment Has Been Processed.
        [141] = ScanStatus.Exception, // Incomplete Documentation Received
        [142] = null, // Claim Voided
        [143] = ScanStatus.Delivered, // Delivered to Agent
        [144] = ScanStatus.InTransit, // Delivered to Post Office for Pickup
        [145] = ScanStatus.FailedAttempt, // Delivery Attempted
        [146] = ScanStatus.OutForDelivery, // Out for Delivery
        [147] = ScanStatus.Exception, // Seized by Law Enforcement, No Longer in UPS possession
        [148] = null, // Package Information Unavailable
        [149] = ScanStatus.Exception, // Prohibited Contents, Package Destroyed No Longer in UPS possession
        [153] = null, // Updated Delivery Time
        [154] = null, // Updated Delivery Date
        [155] = null, // Delivery Photo
        [156] = ScanStatus.InTransit, // Commercial Inside Release
        [157] = null, // Shipment Ready for UPS
        [158] = ScanStatus.InTransit, // On the Way
        [159] = ScanStatus.InTransit, // On the Way
        [160] = ScanStatus.PickedUp, // We Have Your Package
        [161] = ScanStatus.InTransit, // Delivered to UPS Access Point
        [162] = ScanStatus.OutForDelivery, // Out for Delivery
        [163] = null, // Package Information Unavailable
        [164] = ScanStatus.InTransit, // On the Way
        [165] = ScanStatus.InTransit, // On the Way
        [166] = null, // Shipment Ready for Roadie
        [167] = ScanStatus.PickedUp, // Dropped off at UPS Store by Customer
        [168] = ScanStatus.PickedUp, // Dropped off at Retail Location by Customer
        [169] = ScanStatus.PickedUp, // Dropped off at a UPS Access Point by Customer
    };
}
