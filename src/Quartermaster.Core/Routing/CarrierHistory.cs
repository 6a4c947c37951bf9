using System.Collections.Concurrent;

namespace Quartermaster.Core.Routing;

/// <summary>How the parcels of one carrier and service fared between a location and a region.</summary>
/// <param name="Service">Empty where whoever packs chose it and did not say.</param>
/// <param name="From">Our code of the location.</param>
/// <param name="Zone">First character of the postal code.</param>
public readonly record struct CarrierWay(string Carrier, string Service, string From, string Country, string Zone);

/// <summary>Parcels that ended.</summary>
/// <param name="Harmed">Damaged or lost.</param>
/// <param name="Days">Delivered parcels by days from door to door, index = days; the last stands for all longer ones.</param>
/// <param name="Missed">Delivered parcels that nobody took at the first try.</param>
public sealed record Fates(int Ended, int Harmed, IReadOnlyList<int> Days, int Missed = 0)
{
    /// <summary>Days that are told apart; whatever took longer counts as this long.</summary>
    public const int LongestDays = 30;

    public static readonly Fates None = new(0, 0, []);

    public int Delivered { get; } = Days.Sum();

    public Fates With(Fates other) => new(Ended + other.Ended, Harmed + other.Harmed, [.. Enumerable.Range(0, int.Max(Days.Count, other.Days.Count)).Select(d => Days.ElementAtOrDefault(d) + other.Days.ElementAtOrDefault(d))], Missed + other.Missed);
}

/// <summary>What a brand's carriers did of late, so that a promise counts for what it is worth.</summary>
/// <remarks>
/// A lane with few parcels is drawn towards its carrier, and a carrier with few towards what its tariff says (days) or towards the brand's average (harm): see
/// <see cref="Shrunk"/>. Days are a distribution, drawn the same way day by day (the Dirichlet-multinomial form of the m-estimate), because a parcel that is one
/// day late on average may as well be never late and sometimes a week.
/// </remarks>
public sealed class CarrierHistory
{
    public static readonly CarrierHistory Empty = new([]);

    private readonly Dictionary<(string From, string Country, string Zone), List<(CarrierWay Way, Fates Fates)>> lanes = [];
    private readonly List<(CarrierWay Way, Fates Fates)> carriers;
    private readonly Shrunk harm, missed;

    // Few ways are asked for again and again by every order, and a history lives for minutes.
    private readonly ConcurrentDictionary<(string? Carrier, string Service, string From, string Country, string Zone), Expected> asked = [];

    public CarrierHistory(IReadOnlyList<(CarrierWay Way, Fates Fates)> all)
    {
        foreach (var one in all)
        {
            var way = (one.Way.From, one.Way.Country, one.Way.Zone);
            (lanes.TryGetValue(way, out var there) ? there : lanes[way] = []).Add(one);
        }
        carriers = [.. all.GroupBy(a => (a.Way.Carrier, a.Way.Service)).Select(g => (new CarrierWay(g.Key.Carrier, g.Key.Service, "", "", ""), g.Aggregate(Fates.None, (sum, one) => sum.With(one.Fates))))];
        var (ended, harmed) = (carriers.Sum(c => c.Fates.Ended), carriers.Sum(c => c.Fates.Harmed));
        harm = new(ended == 0 ? 0 : (double)harmed / ended, ended);
        var delivered = carriers.Sum(c => c.Fates.Delivered);
        missed = new(delivered == 0 ? 0 : (double)carriers.Sum(c => c.Fates.Missed) / delivered, delivered);
    }

    public bool IsEmpty => carriers.Count == 0;

    /// <summary>What is to be expected of a rate on a way.</summary>
    /// <param name="carrier">As the warehouses name it; null = the service alone says whose it is.</param>
    public Expected Of(string? carrier, string service, string from, string country, string zone) =>
        asked.GetOrAdd((carrier, service, from, country, zone), key => Reckon(key.Carrier, key.Service, key.From, key.Country, key.Zone));

    private Expected Reckon(string? carrier, string service, string from, string country, string zone)
    {
        var (all, lane) = (Sum(carriers, carrier, service), lanes.TryGetValue((from, country, zone), out var there) ? Sum(there, carrier, service) : Fates.None);
        return new(all, lane, harm.Towards(all.Harmed, all.Ended).Towards(lane.Harmed, lane.Ended), missed.Towards(all.Missed, all.Delivered).Towards(lane.Missed, lane.Delivered));
    }

    private static Fates Sum(List<(CarrierWay Way, Fates Fates)> among, string? carrier, string service)
    {
        var sum = Fates.None;
        foreach (var (lane, fates) in among)
            if (IsOf(lane, carrier, service)) sum = ReferenceEquals(sum, Fates.None) ? fates : sum.With(fates);
        return sum;
    }

    // Where a warehouse chose the service, what it did counts for every service of that carrier.
    private static bool IsOf(CarrierWay lane, string? carrier, string service) => carrier is null
        ? string.Equals(lane.Service, service, StringComparison.OrdinalIgnoreCase)
        : string.Equals(lane.Carrier, carrier, StringComparison.OrdinalIgnoreCase) && (lane.Service.Length == 0 || string.Equals(lane.Service, service, StringComparison.OrdinalIgnoreCase));
}

/// <summary>What is to be expected of a parcel on a way, from what others of its carrier did.</summary>
/// <param name="Carrier">All parcels of the carrier and service.</param>
/// <param name="Lane">Those of them that went this way.</param>
/// <param name="Harm">That it is damaged or lost.</param>
/// <param name="Missed">That nobody takes it at the first try, if it is delivered at all.</param>
public sealed record Expected(Fates Carrier, Fates Lane, Shrunk Harm, Shrunk Missed)
{
    /// <summary>Delivered parcels of which it is known how long they took; 0 = only the tariff speaks.</summary>
    public int Sample => Carrier.Delivered;

    /// <summary>Days on the way that are to be expected, and by how many of them it comes after a promise.</summary>
    /// <param name="tariff">Calendar days that the tariff says.</param>
    /// <param name="promise">Calendar days from leaving to the promise; null = there is none.</param>
    public (double Days, double Late) Days(int tariff, int? promise)
    {
        if (Sample == 0) return (tariff, promise is { } by ? int.Max(0, tariff - by) : 0);
        var (days, late) = (0.0, 0.0);
        for (var d = 0; d <= int.Max(Fates.LongestDays, tariff); d++)
        {
            var ofCarrier = (Carrier.Days.Count > d ? Carrier.Days[d] : 0) + (d == tariff ? Shrunk.Prior : 0);
            var p = ((Lane.Days.Count > d ? Lane.Days[d] : 0) + (Shrunk.Prior * ofCarrier / (double)(Carrier.Delivered + Shrunk.Prior))) / (Lane.Delivered + Shrunk.Prior);
            days += p * d;
            if (d > promise) late += p * (d - promise.Value);
        }
        return (days, late);
    }
}
