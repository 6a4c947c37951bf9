using Npgsql;
using Quartermaster.Core.Shipping;

namespace Quartermaster.Runtime.ReadModels;

/// <summary>How one carrier and service did between a location and a region, over the parcels that ended in some days.</summary>
/// <param name="Ended">The sample: every share below is of so many parcels, or fewer.</param>
/// <param name="Promised">Parcels with a promised day; <paramref name="OnTime"/> counts among these.</param>
/// <param name="FirstTry">Delivered without a failed attempt before.</param>
/// <param name="Hours">From door to door, all delivered parcels together.</param>
public sealed record LaneRecord(string Brand, Journey Journey, int Ended, int Delivered, int Promised, int OnTime, int FirstTry, int Returned, int Lost, int Damaged, long Hours)
{
    /// <summary>Days from door to door on average; null when none was delivered.</summary>
    public decimal? Days => Delivered == 0 ? null : decimal.Round(Hours / 24m / Delivered, 1);
}

/// <summary>Reads how carriers did.</summary>
public sealed class CarrierReads(NpgsqlDataSource database)
{
    /// <summary>One record per lane, the busiest first.</summary>
    public async Task<IReadOnlyList<LaneRecord>> LanesAsync(IReadOnlyList<string> brands, DateOnly from, DateOnly to, CancellationToken cancel) =>
        // Index: journey_day.
        await database.ListAsync("""
            SELECT brand, carrier, service, origin, country, zone, count(*)::int, (count(*) FILTER (WHERE outcome = 'Delivered'))::int, (count(on_time))::int, (count(*) FILTER (WHERE on_time))::int, (count(*) FILTER (WHERE first_try))::int,
              (count(*) FILTER (WHERE outcome = 'Returned'))::int, (count(*) FILTER (WHERE outcome = 'Lost'))::int, (count(*) FILTER (WHERE damaged))::int, coalesce(sum(hours) FILTER (WHERE outcome = 'Delivered'), 0)
            FROM journey WHERE brand = ANY ($1) AND day BETWEEN $2 AND $3 GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY 7 DESC, 1, 2, 3, 4, 5, 6
            """, r => new LaneRecord(r.GetString(0), new(r.GetString(1), r.GetString(2), r.GetString(3), r.GetString(4), r.GetString(5)), r.GetInt32(6), r.GetInt32(7), r.GetInt32(8), r.GetInt32(9), r.GetInt32(10), r.GetInt32(11), r.GetInt32(12), r.GetInt32(13), r.GetInt64(14)),
            cancel, brands.ToArray(), from, to);
}
