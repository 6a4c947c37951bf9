using System.Globalization;
using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Shipping;

namespace Quartermaster.Connectors.Delhivery;

/// <summary>What Delhivery answers when it is asked for parcels: their ways → scans. Pure.</summary>
internal static class DelhiveryInbound
{
    /// <summary>One answer for each parcel, in the order of the question.</summary>
    public static IReadOnlyList<Whereabouts> Ways(Answer answer, IReadOnlyList<ParcelToFind> parcels, DateTimeOffset now)
    {
        if (DelhiveryAnswers.Trouble(answer, reads: true) is { } trouble && answer.Status != 404) return [.. parcels.Select(_ => Whereabouts.Unanswered(trouble))];
        if (answer.Read(DelhiveryJson.Default.WireTracked) is not { } told) return [.. parcels.Select(_ => Whereabouts.Unanswered(new Outcome.Unsure("Delhivery's answer could not be read.")))];
        // "No such waybill" is said of all when none is known: until the first scan that is no trouble.
        return [.. parcels.Select(parcel => Way((told.ShipmentData ?? []).Select(d => d?.Shipment).OfType<WireShipment>().FirstOrDefault(s => s.Awb is { } awb && Followed.IdOf(awb) == Followed.IdOf(parcel.Tracking)), parcel, now))];
    }

    private static Whereabouts Way(WireShipment? found, ParcelToFind parcel, DateTimeOffset now) =>
        ScanReading.Of("delhivery", parcel.Tracking, ScanReading.NewestFirst((found?.Scans ?? []).Select(s => s?.ScanDetail).OfType<WireScan>().Select(Read)), now);

    private static ReadScan Read(WireScan scan) => new(
        DelhiveryStatus.Of(scan.ScanType, scan.Scan, scan.StatusCode), $"{scan.ScanType ?? "no type"} {scan.Scan} ({scan.StatusCode}: {scan.Instructions})", Time(scan.ScanDateTime ?? scan.StatusDateTime),
        scan.ScannedLocation, DelhiveryStatus.SaysDamaged(scan.Instructions));

    // Without a distance from UTC, and meant as India's; some have one.
    private static DateTimeOffset? Time(string? text) => ScanTimes.OfIso(text, "+05:30");
}
