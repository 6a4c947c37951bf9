using Quartermaster.Core.Shipping;

namespace Quartermaster.Connectors.Usps;

/// <summary>USPS's codes of scans, and the words with which their texts begin, and our word for each. What is in neither table goes to a person.</summary>
/// <remarks>The codes stand in USPS's Publication 199, which is not among the published files; those here are the ones of its samples and the best known. The text decides where the code is not known.</remarks>
internal static class UspsStatus
{
    /// <summary>What it means for the parcel; null = nothing that moves it.</summary>
    public static ScanStatus? Of(string? code, string? text)
    {
        // USPS writes the end of a return as a delivery, with these words behind it.
        if (text?.Contains("to Original Sender", StringComparison.OrdinalIgnoreCase) == true) return ScanStatus.ReturnedToOrigin;
        if (code is not null && Codes.TryGetValue(code, out var known)) return known;
        foreach (var (beginning, status) in Texts)
            if (text?.StartsWith(beginning, StringComparison.OrdinalIgnoreCase) == true) return status;
        return ScanStatus.Unmapped;
    }

    /// <summary>USPS has no code for it; its words have.</summary>
    public static bool SaysDamaged(string? text) => text?.Contains("damage", StringComparison.OrdinalIgnoreCase) == true;

    private static readonly Dictionary<string, ScanStatus?> Codes = new(StringComparer.OrdinalIgnoreCase)
    {
        ["01"] = ScanStatus.Delivered, // Delivered
        ["02"] = ScanStatus.FailedAttempt, // Notice Left
        ["03"] = ScanStatus.PickedUp, // USPS in possession of item
        ["04"] = ScanStatus.ReturnedToOrigin, // Refused
        ["05"] = ScanStatus.ReturnedToOrigin, // Undeliverable as Addressed
        ["06"] = ScanStatus.InTransit, // Forwarded
        ["07"] = ScanStatus.InTransit, // Arrived at Post Office
        ["08"] = ScanStatus.InTransit, // Missent
        ["09"] = ScanStatus.ReturnedToOrigin, // Return to Sender
        ["10"] = ScanStatus.InTransit, // Arrived at USPS Regional Origin Facility
        ["16"] = ScanStatus.InTransit, // Available for Pickup
        ["A1"] = ScanStatus.InTransit, // Arrived at USPS Regional Facility
        ["GX"] = null, // Shipping Label Created, USPS Awaiting Item
        ["MA"] = null, // Pre-Shipment
        ["NT"] = ScanStatus.InTransit, // In Transit to Next Facility
        ["OF"] = ScanStatus.OutForDelivery, // Out for Delivery
        ["PC"] = ScanStatus.InTransit, // Sorting Complete
        ["SF"] = ScanStatus.InTransit, // Departed Post Office
        ["T1"] = ScanStatus.InTransit, // Departed USPS Regional Facility
        ["TL"] = ScanStatus.InTransit, // In Transit to Next Facility
    };

    private static readonly (string Beginning, ScanStatus? Status)[] Texts =
    [
        ("Delivered", ScanStatus.Delivered), ("Delivery Attempted", ScanStatus.FailedAttempt),
        ("Notice Left", ScanStatus.FailedAttempt), ("Out for Delivery", ScanStatus.OutForDelivery), ("USPS in possession", ScanStatus.PickedUp), ("Accepted", ScanStatus.PickedUp), ("Picked Up by USPS", ScanStatus.PickedUp),
        ("Arrived", ScanStatus.InTransit), ("Departed", ScanStatus.InTransit), ("In Transit", ScanStatus.InTransit), ("Processed", ScanStatus.InTransit), ("Sorting Complete", ScanStatus.InTransit),
        ("Available for Pickup", ScanStatus.InTransit), ("Held at Post Office", ScanStatus.InTransit), ("Forwarded", ScanStatus.InTransit), ("Rescheduled", ScanStatus.InTransit),
        ("Return to Sender", ScanStatus.ReturnedToOrigin), ("Refused", ScanStatus.ReturnedToOrigin), ("Unclaimed", ScanStatus.ReturnedToOrigin), ("Undeliverable", ScanStatus.ReturnedToOrigin), ("Moved, Left no Address", ScanStatus.ReturnedToOrigin),
        ("Insufficient Address", ScanStatus.Exception), ("No Such Number", ScanStatus.Exception), ("Vacant", ScanStatus.Exception), ("Damaged", ScanStatus.Exception), ("Dead Mail", ScanStatus.Exception),
        ("Shipping Label Created", null), ("Pre-Shipment", null), ("Shipment Received, Package Acceptance Pending", null),
    ];
}
