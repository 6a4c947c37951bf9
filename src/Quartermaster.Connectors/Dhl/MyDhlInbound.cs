using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Shipping;

namespace Quartermaster.Connectors.Dhl;

/// <summary>What MyDHL answers when it is asked for parcels: their ways → scans. Pure.</summary>
internal static class MyDhlInbound
{
    /// <summary>One answer for each parcel, in the order of the question.</summary>
    public static IReadOnlyList<Whereabouts> Ways(Answer answer, IReadOnlyList<ParcelToFind> parcels, DateTimeOffset now)
    {
        // DHL knows a number from the label on; until then "not found" is no trouble.
        if (answer.Status == 404) return [.. parcels.Select(_ => new Whereabouts(Nearness.Unseen, []))];
        if (MyDhlAnswers.Trouble(answer, reads: true) is { } trouble) return [.. parcels.Select(_ => Whereabouts.Unanswered(trouble))];
        if (answer.Read(DhlJson.Default.WireTracked)?.Shipments is not { } shipments) return [.. parcels.Select(_ => Whereabouts.Unanswered(new Outcome.Unsure("DHL's answer could not be read.")))];
        return [.. parcels.Select(parcel => Way(shipments.OfType<WireTrackedShipment>().FirstOrDefault(s => s.ShipmentTrackingNumber is { } number && Followed.IdOf(number) == Followed.IdOf(parcel.Tracking)), parcel, now))];
    }

    private static Whereabouts Way(WireTrackedShipment? found, ParcelToFind parcel, DateTimeOffset now) =>
        ScanReading.Of("dhl express", parcel.Tracking, ScanReading.NewestFirst((found?.Events ?? []).OfType<WireTrackedEvent>().Select(Read)), now);

    private static ReadScan Read(WireTrackedEvent e) =>
        new(DhlStatus.OfExpress(e.TypeCode), $"{e.TypeCode ?? "no code"} {e.Description}".TrimEnd(), At(e), e.ServiceArea is [{ Description: { } place }, ..] ? place : null, DhlStatus.SaysDamaged("express", e.TypeCode));

    private static DateTimeOffset? At(WireTrackedEvent e) => e.Date is null ? null : ScanTimes.OfIso($"{e.Date}T{e.Time ?? "00:00:00"}", e.GmtOffset);
}
