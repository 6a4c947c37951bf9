using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Shipping;

namespace Quartermaster.Connectors.FedEx;

/// <summary>What FedEx answers when it is asked for parcels: their ways → scans. Pure.</summary>
internal static class FedExInbound
{
    /// <summary>One answer for each parcel, in the order of the question. FedEx answers in its own order, and errors of single numbers inside a 200.</summary>
    public static IReadOnlyList<Whereabouts> Ways(Answer answer, IReadOnlyList<ParcelToFind> parcels, DateTimeOffset now)
    {
        if (FedExAnswers.Trouble(answer, reads: true) is { } trouble) return [.. parcels.Select(_ => Whereabouts.Unanswered(trouble))];
        if (answer.Read(FedExJson.Default.WireTrackAnswer)?.Output?.CompleteTrackResults is not { } results) return [.. parcels.Select(_ => Whereabouts.Unanswered(new Outcome.Unsure("FedEx's answer could not be read.")))];
        return [.. parcels.Select(parcel => Way(results.FirstOrDefault(r => r?.TrackingNumber is { } number && Followed.IdOf(number) == Followed.IdOf(parcel.Tracking)), parcel, now))];
    }

    private static Whereabouts Way(WireTrackResults? found, ParcelToFind parcel, DateTimeOffset now)
    {
        // FedEx knows the number from the first scan on; until then "not found" is no trouble. Numbers are given out again: the newest is ours.
        if (found?.TrackResults is not [_, ..] results || results.All(r => r?.Error is { Code: NotFound })) return new(Nearness.Unseen, []);
        if (results.All(r => r?.Error is not null)) return Whereabouts.Unanswered(new Outcome.Refused(results[0]!.Error!.Code ?? "unspecified", results[0]!.Error!.Message ?? "FedEx gives no reason."));
        var newest = results.OfType<WireTrackResult>().Where(r => r.Error is null).MaxBy(r => (r.ScanEvents ?? []).Max(e => ScanTimes.OfIso(e?.Date)));
        return ScanReading.Of("fedex", parcel.Tracking, (newest?.ScanEvents ?? []).OfType<WireScan>().Select(Read), now);
    }

    private const string NotFound = "TRACKING.TRACKINGNUMBER.NOTFOUND";

    private static ReadScan Read(WireScan scan)
    {
        var code = scan.EventType ?? scan.DerivedStatusCode;
        var words = scan.ExceptionDescription is { Length: > 0 } why ? $"{scan.EventDescription}: {why}" : scan.EventDescription;
        return new(FedExStatus.Of(code, scan.DerivedStatusCode), $"{code ?? "no code"} {words}".TrimEnd(), ScanTimes.OfIso(scan.Date), scan.ScanLocation?.City, FedExStatus.SaysDamaged(scan.ExceptionDescription));
    }
}
