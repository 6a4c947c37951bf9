using System.Collections.Concurrent;

namespace Quartermaster.Core.Routing;

/// <summary>Where parcels of one carrier and service go from one location.</summary>
/// <param name="Service">Empty where whoever packs chose it and did not say.</param>
/// <param name="From">Our code of the location.</param>
/// <param name="Zone">First character of the postal code.</param>
/// <param name="Area">Beginning of the postal code, as far as it names a town or district.</param>
public readonly record struct ParcelLane(string Carrier, string Service, string From, string Country, string Zone, string Area);

/// <summary>Delivered parcels of a lane, in steps of six hours.</summary>
/// <param name="Ways">By the time from the warehouse's door to the shopper's, index = steps.</param>
/// <param name="Gaps">By the longest time that nobody scanned them, index = steps.</param>
public sealed record LanePast(ParcelLane Lane, IReadOnlyList<int> Ways, IReadOnlyList<int> Gaps);

/// <summary>How long parcels took of late and for how long nobody scanned them, so that it is known what is normal where.</summary>
/// <remarks>
/// A town with few parcels is drawn towards its zone, a zone towards its country, and that towards all of the carrier and service: the Dirichlet-multinomial
/// form of the m-estimate, step by step of the distribution, as in <see cref="CarrierHistory"/> and with the same weight (<see cref="Shrunk.Prior"/>).
/// </remarks>
public sealed class LaneTimes
{
    public static readonly LaneTimes Unknown = new([]);

    /// <summary>A way is told apart in steps of so many hours.</summary>
    public const int StepHours = 6;

    /// <summary>Whatever took longer counts as this long: thirty days.</summary>
    public const int LongestSteps = 120;

    /// <summary>Of a carrier that delivered fewer nothing is known.</summary>
    public const int LeastParcels = 20;

    private readonly Dictionary<(int Level, ParcelLane Lane), (int[] Ways, int[] Gaps)> past = [];

    // Few lanes are asked for again and again, and what is known lives for minutes.
    private readonly ConcurrentDictionary<ParcelLane, UsualTimes?> asked = [];

    public LaneTimes(IEnumerable<LanePast> all)
    {
        foreach (var one in all)
            for (var level = 0; level < Levels; level++)
            {
                var key = (level, Wider(one.Lane, level));
                if (!past.TryGetValue(key, out var sum)) past[key] = sum = (new int[LongestSteps + 1], new int[LongestSteps + 1]);
                Add(sum.Ways, one.Ways);
                Add(sum.Gaps, one.Gaps);
            }
    }

    /// <summary>What is usual there; null when the carrier has delivered too little to say.</summary>
    public UsualTimes? Of(ParcelLane lane) => asked.GetOrAdd(lane, Reckon);

    private const int Levels = 4;

    private UsualTimes? Reckon(ParcelLane lane)
    {
        if (!past.TryGetValue((0, Wider(lane, 0)), out var carrier) || carrier.Ways.Sum() < LeastParcels) return null;
        double[] ways = Shares(carrier.Ways), gaps = Shares(carrier.Gaps);
        for (var level = 1; level < Levels; level++)
        {
            if (!past.TryGetValue((level, Wider(lane, level)), out var here)) break;
            // All of the wider lane's parcels are the narrower one's: counted at both they would count twice.
            if (past.TryGetValue((level + 1, Wider(lane, level + 1)), out var narrower) && narrower.Ways.Sum() == here.Ways.Sum()) continue;
            (ways, gaps) = (Drawn(here.Ways, ways), Drawn(here.Gaps, gaps));
        }
        return new(ways, gaps, carrier.Ways);
    }

    private static ParcelLane Wider(ParcelLane lane, int level) => level switch
    {
        0 => new(lane.Carrier, lane.Service, "", "", "", ""),
        1 => lane with { Zone = "", Area = "" },
        2 => lane with { Area = "" },
        _ => lane,
    };

    private static void Add(int[] sum, IReadOnlyList<int> more)
    {
        for (var i = 0; i < more.Count; i++) sum[int.Min(i, LongestSteps)] += more[i];
    }

    private static double[] Shares(int[] counts) => counts.Sum() is var all && all == 0 ? new double[counts.Length] : [.. counts.Select(c => (double)c / all)];

    private static double[] Drawn(int[] counts, double[] towards)
    {
        var all = counts.Sum() + Shrunk.Prior;
        return [.. counts.Select((c, i) => (c + (Shrunk.Prior * towards[i])) / all)];
    }
}

/// <summary>What is usual on one lane.</summary>
public sealed class UsualTimes(double[] ways, double[] gaps, int[] seen)
{
    // Fewer that took as long as this one already has say nothing of how it goes on.
    private const int LeastLike = 5;

    /// <summary>The time from leaving within which this share of the parcels arrives that were as long on their way; null when too few were.</summary>
    public TimeSpan? Within(double share, TimeSpan elapsed)
    {
        var from = int.Clamp((int)(elapsed.TotalHours / LaneTimes.StepHours), 0, LaneTimes.LongestSteps);
        var (like, left) = (0, 0.0);
        for (var i = from; i < ways.Length; i++) (like, left) = (like + seen[i], left + ways[i]);
        // What took longer than is told apart may have taken any time.
        if (like < LeastLike || from == LaneTimes.LongestSteps) return null;
        var (sum, at) = (0.0, from);
        for (; at < LaneTimes.LongestSteps && sum + ways[at] < share * left; at++) sum += ways[at];
        return TimeSpan.FromHours((at + 1) * LaneTimes.StepHours);
    }

    /// <summary>The longest time without a scan that this share of the parcels had.</summary>
    public TimeSpan Gap(double share)
    {
        var (sum, at) = (0.0, 0);
        for (; at < LaneTimes.LongestSteps && sum + gaps[at] < share; at++) sum += gaps[at];
        return TimeSpan.FromHours((at + 1) * LaneTimes.StepHours);
    }
}
