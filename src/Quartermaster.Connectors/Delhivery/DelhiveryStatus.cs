using Quartermaster.Core.Shipping;

namespace Quartermaster.Connectors.Delhivery;

/// <summary>Delhivery's scans, by type and status, and our word for each. What is not in the table goes to a person.</summary>
/// <remarks>Delhivery agrees its codes (NSL) with each client; the few that tell more than their status does are the best known.</remarks>
internal static class DelhiveryStatus
{
    /// <summary>What it means for the parcel; null = nothing that moves it.</summary>
    /// <param name="type">UD = on its way, DL = ended, RT = on its way back, CN = cancelled, PP and PU = a return's pickup.</param>
    /// <param name="code">NSL code: <c>X-PPOM</c>.</param>
    public static ScanStatus? Of(string? type, string? status, string? code)
    {
        if (type == "UD" && code is not null && Codes.TryGetValue(code, out var finer)) return finer;
        // The end of a courier's day without a delivery: each reason has its own number.
        if (type == "UD" && status is "Pending" && code?.StartsWith("EOD-", StringComparison.Ordinal) == true) return ScanStatus.FailedAttempt;
        return Scans.TryGetValue((type ?? "", status ?? ""), out var known) ? known : ScanStatus.Unmapped;
    }

    public static bool SaysDamaged(string? words) => words?.Contains("damage", StringComparison.OrdinalIgnoreCase) == true;

    private static readonly Dictionary<string, ScanStatus?> Codes = new(StringComparer.Ordinal)
    {
        ["X-UCI"] = null, // Manifest uploaded
        ["X-PPOM"] = ScanStatus.PickedUp, // Shipment picked up
    };

    private static readonly Dictionary<(string Type, string Status), ScanStatus?> Scans = new()
    {
        [("UD", "Manifested")] = null,
        [("UD", "Not Picked")] = null,
        [("UD", "Open")] = null,
        [("UD", "Scheduled")] = null,
        [("UD", "In Transit")] = ScanStatus.InTransit,
        [("UD", "Pending")] = ScanStatus.InTransit,
        [("UD", "Dispatched")] = ScanStatus.OutForDelivery,
        [("DL", "Delivered")] = ScanStatus.Delivered,
        [("DL", "RTO")] = ScanStatus.ReturnedToOrigin,
        [("RT", "In Transit")] = ScanStatus.ReturnedToOrigin,
        [("RT", "Pending")] = ScanStatus.ReturnedToOrigin,
        [("RT", "Dispatched")] = ScanStatus.ReturnedToOrigin,
        [("RT", "Returned")] = ScanStatus.ReturnedToOrigin,
        [("LT", "Lost")] = ScanStatus.Exception,
        [("CN", "Canceled")] = null,
        [("CN", "Cancelled")] = null,
    };
}
