using System.Collections.Frozen;
using Microsoft.Extensions.Logging;
using Npgsql;
using Quartermaster.Core.Routing;
using Quartermaster.Runtime.ReadModels;

namespace Quartermaster.Runtime.Tracking;

/// <summary>How long parcels took of late, in memory: read at the start and now and then, never for a parcel or a page.</summary>
/// <remarks>Brands that do not ask for news of delays have none, and nothing is read for them.</remarks>
public sealed partial class LaneShelf(NpgsqlDataSource database, HubPlan plan, TimeProvider clock, ILogger<LaneShelf> log)
{
    /// <summary>Older parcels say how another season went.</summary>
    private const int Days = 90;

    private static readonly TimeSpan Every = TimeSpan.FromMinutes(15);

    private readonly List<BrandPlan> _brands = [.. plan.Brands.Values.Where(b => b.Terms.Delays is not null)];
    private volatile FrozenDictionary<string, LaneTimes> _known = FrozenDictionary<string, LaneTimes>.Empty;

    public LaneTimes Of(string brand) => _known.GetValueOrDefault(brand, LaneTimes.Unknown);

    /// <summary>Reads it all anew; what cannot be read stays as it was.</summary>
    public async Task ReadAsync(CancellationToken cancel)
    {
        if (_brands.Count == 0) return;
        try
        {
            Dictionary<string, LaneTimes> known = [];
            foreach (var brand in _brands) known[brand.Terms.Brand] = await OfAsync(brand.Terms.Brand, brand.Terms.DayOf(clock.GetUtcNow()).AddDays(-Days), cancel);
            _known = known.ToFrozenDictionary();
        }
        catch (Exception e) when (e is not OperationCanceledException) { LogUnreadable(log, e.Message); }
    }

    internal async Task RunAsync(CancellationToken stop)
    {
        if (_brands.Count == 0) return;
        using var timer = new PeriodicTimer(Every, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stop)) await ReadAsync(stop);
        }
        catch (OperationCanceledException) { }
    }

    private async Task<LaneTimes> OfAsync(string brand, DateOnly since, CancellationToken cancel)
    {
        // Index: journey_day.
        var rows = await database.ListAsync("""
            SELECT carrier, service, origin, country, zone, area, least($3, hours / $4), least($3, gap / $4), count(*)::int
            FROM journey WHERE brand = $1 AND day >= $2 AND outcome = 'Delivered' GROUP BY 1, 2, 3, 4, 5, 6, 7, 8
            """, r => (Lane: new ParcelLane(r.GetString(0), r.GetString(1), r.GetString(2), r.GetString(3), r.GetString(4), r.GetString(5)), Way: r.GetInt32(6), Gap: r.GetInt32(7), Parcels: r.GetInt32(8)),
            cancel, brand, since, LaneTimes.LongestSteps, LaneTimes.StepHours);
        return new(rows.GroupBy(r => r.Lane).Select(lane => new LanePast(lane.Key, Counts(lane.Select(r => (r.Way, r.Parcels))), Counts(lane.Select(r => (r.Gap, r.Parcels))))));
    }

    private static int[] Counts(IEnumerable<(int Step, int Parcels)> rows)
    {
        var counts = new int[LaneTimes.LongestSteps + 1];
        foreach (var (step, parcels) in rows) counts[step] += parcels;
        return counts;
    }

    [LoggerMessage(330, LogLevel.Warning, "How long parcels took could not be read, it stays as it was: {Why}")]
    private static partial void LogUnreadable(ILogger log, string why);
}
