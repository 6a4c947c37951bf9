using Quartermaster.Core.Kernel;
using Quartermaster.Core.Routing;
using Quartermaster.Core.Shipping;

namespace Quartermaster.Core.Flows;

/// <summary>A parcel on its way to a shopper, as it is compared with others of its lane.</summary>
/// <param name="SeenAt">Its newest scan; null = none yet.</param>
/// <param name="Due">The day that was promised; null = none was.</param>
public sealed record UnderWay(string ParcelId, ParcelLane Lane, DateTimeOffset LeftAt, DateTimeOffset? SeenAt, DateOnly? Due)
{
    /// <summary>Share of a lane's parcels that are back among the scanned within what counts as its usual gap.</summary>
    private const double UsualGap = 0.95;

    /// <summary>Of parcels like it this share arrives by the day that a shopper is told: an honest day is kept four times in five.</summary>
    private const double Honest = 0.8;

    /// <summary>When it was last heard of.</summary>
    public DateTimeOffset HeardAt => SeenAt ?? LeftAt;

    /// <summary>Those of an order, in the order in which they left; what goes back, or has ended, is none.</summary>
    public static IReadOnlyList<UnderWay> Of(OrderFile file, BrandTerms terms)
    {
        List<UnderWay> all = [];
        foreach (var parcel in file.Shipping.All ?? [])
            if (parcel is { IsKnown: true, IsOver: false, LeftAt: not null, Last: not ScanStatus.ReturnedToOrigin }) all.Add(Of(file, parcel, terms));
        return all;
    }

    /// <summary>The day it is to be expected, by what parcels like it took; never before today, and null when too few were like it.</summary>
    /// <param name="share">Of parcels like it, so many arrive by then.</param>
    public DateOnly? Expected(LaneTimes times, BrandTerms terms, DateTimeOffset now, double share = Honest)
    {
        if (times.Of(Lane)?.Within(share, now - LeftAt) is not { } within) return null;
        var at = LeftAt + within;
        return terms.DayOf(at > now ? at : now);
    }

    /// <summary>As it goes now it rather comes after the promised day than by it.</summary>
    public bool IsPastPromise(LaneTimes times, BrandTerms terms, DateTimeOffset now) => Due is { } due && (terms.DayOf(now) > due || Expected(times, terms, now, 0.5) > due);

    /// <summary>Scans of parcels like it reach the hub; of a carrier that tells nothing, silence says nothing.</summary>
    public bool IsHeardOf(LaneTimes times) => SeenAt is not null || times.Of(Lane) is not null;

    /// <summary>From when on nobody having scanned it is unusual there.</summary>
    public DateTimeOffset SilentFrom(LaneTimes times, DelayTerms terms) =>
        HeardAt + (times.Of(Lane)?.Gap(UsualGap) is { } usual && usual > terms.SilentAfter ? usual : terms.SilentAfter);

    /// <summary>Late against its promise; where none was made, against nine of ten parcels of its lane.</summary>
    public bool IsLate(LaneTimes times, BrandTerms terms, DateTimeOffset now) =>
        Due is null ? times.Of(Lane)?.Within(0.9, TimeSpan.Zero) < now - LeftAt : IsPastPromise(times, terms, now);

    internal static UnderWay Of(OrderFile file, Followed parcel, BrandTerms terms)
    {
        var from = file.Fulfilment.Find(parcel.Id)?.Location ?? "";
        var (journey, door) = (WhenJourneyEndsReckonIt.JourneyOf(file, parcel, from), WhenJourneyEndsReckonIt.Door(file));
        return new(parcel.Id, new(journey.Carrier, journey.Service, journey.From, journey.Country, journey.Zone, door.Area), parcel.LeftAt!.Value, parcel.LastAt, WhenJourneyEndsReckonIt.PromisedDay(file, from, terms));
    }
}
