using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Shipping;

namespace Quartermaster.Connectors.Ups;

/// <summary>What UPS answers when it is asked for a parcel: its way → scans. Pure.</summary>
internal static class UpsInbound
{
    public static Whereabouts Way(Answer answer, string tracking, DateTimeOffset now)
    {
        // UPS knows the number from the first scan on; until then "not found" is no trouble.
        if (answer.Status == 404) return new(Nearness.Unseen, []);
        if (UpsAnswers.Trouble(answer, reads: true) is { } trouble) return Whereabouts.Unanswered(trouble);
        if (answer.Read(UpsJson.Default.WireTracked)?.TrackResponse?.Shipment is not { } shipments) return Whereabouts.Unanswered(new Outcome.Unsure("UPS's answer could not be read."));
        var id = Followed.IdOf(tracking);
        // A shipment of several packages is answered whole; only this one is ours to tell.
        var package = shipments.SelectMany(s => s?.Package ?? []).FirstOrDefault(p => p?.TrackingNumber is { } number && Followed.IdOf(number) == id);
        return ScanReading.Of("ups", tracking, (package?.Activity ?? []).OfType<WireActivity>().Select(Read), now);
    }

    private static ReadScan Read(WireActivity activity)
    {
        var status = activity.Status;
        var at = activity is { GmtDate: { } day, GmtTime: { } time } ? ScanTimes.OfDigits(day, time, null) : ScanTimes.OfDigits(activity.Date, activity.Time, activity.GmtOffset);
        return new(UpsStatus.Of(status?.StatusCode, status?.Type), $"{status?.StatusCode ?? status?.Type ?? "no code"} {status?.Description?.Trim()}".TrimEnd(), at, activity.Location?.Address?.City, UpsStatus.SaysDamaged(status?.StatusCode));
    }
}
