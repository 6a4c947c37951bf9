using Quartermaster.Core.Connecting;
using Quartermaster.Core.Shipping;

namespace Quartermaster.Connectors.Shared;

/// <summary>One scan as a carrier's answer has it, its code looked up in the carrier's table.</summary>
/// <param name="Status">Null = it does not move the parcel.</param>
/// <param name="Raw">The carrier's own code with its words.</param>
internal sealed record ReadScan(ScanStatus? Status, string Raw, DateTimeOffset? At, string? Place, bool Damaged = false);

/// <summary>Turns the way of a parcel, as a carrier told it when it was asked, into scans.</summary>
internal static class ScanReading
{
    /// <param name="answered">When the answer came: the time of an end that has none.</param>
    public static Whereabouts Of(string carrier, string tracking, IEnumerable<ReadScan> way, DateTimeOffset answered)
    {
        // Carriers tell the newest first, some in whole seconds: of two at one time the later one stays the later.
        // With the answer's time, a scan without one would be another at every ask, and later than all that follow. After an end nobody asks.
        var scans = way.Reverse().Where(s => s.Status is not null && (s.At is not null || NearnessOf(s.Status) == Nearness.Over))
            .Select(s => new ShippingSignal.Scanned(carrier, tracking, s.Status!.Value, s.Raw, s.At ?? answered, string.IsNullOrEmpty(s.Place) ? null : s.Place, s.Damaged))
            .OrderBy(s => s.At).ToList();
        return new(NearnessOf(scans.FindLast(s => s.Status != ScanStatus.Unmapped)?.Status), scans);
    }

    /// <summary>For carriers that tell the oldest first, or in no order: of two at one time the later one stays the later.</summary>
    public static IEnumerable<ReadScan> NewestFirst(IEnumerable<ReadScan> oldestFirst) => oldestFirst.OrderBy(s => s.At).Reverse();

    private static Nearness NearnessOf(ScanStatus? last) => last switch
    {
        null => Nearness.Unseen,
        ScanStatus.PickedUp or ScanStatus.InTransit => Nearness.Underway,
        ScanStatus.OutForDelivery => Nearness.AtTheDoor,
        // On its way back it is a person's; the case that it opened says what to do.
        ScanStatus.Delivered or ScanStatus.ReturnedToOrigin => Nearness.Over,
        _ => Nearness.Troubled,
    };
}
