using Npgsql;
using Quartermaster.Core.Routing;
using Quartermaster.Runtime.ReadModels;

namespace Quartermaster.Runtime.Routing;

/// <summary>Reads what became of the parcels of some days, for whoever has to reckon with it.</summary>
public sealed class PastJourneys(NpgsqlDataSource database)
{
    /// <summary>How carriers did between locations and regions.</summary>
    public async Task<CarrierHistory> CarriersAsync(string brand, DateOnly since, CancellationToken cancel)
    {
        // Index: journey_day. A parcel that was damaged and delivered took its time all the same.
        var rows = await database.ListAsync("""
            SELECT carrier, service, origin, country, zone, CASE WHEN outcome = 'Delivered' THEN least($3, round(hours / 24.0))::int ELSE -1 END, count(*)::int, (count(*) FILTER (WHERE damaged OR outcome = 'Lost'))::int, (count(*) FILTER (WHERE outcome = 'Delivered' AND NOT first_try))::int
            FROM journey WHERE brand = $1 AND day >= $2 GROUP BY 1, 2, 3, 4, 5, 6
            """, r => (Way: new CarrierWay(r.GetString(0), r.GetString(1), r.GetString(2), r.GetString(3), r.GetString(4)), Days: r.GetInt32(5), Ended: r.GetInt32(6), Harmed: r.GetInt32(7), Missed: r.GetInt32(8)), cancel, brand, since, Fates.LongestDays);
        return new([.. rows.GroupBy(r => r.Way).Select(lane => (lane.Key, new Fates(lane.Sum(r => r.Ended), lane.Sum(r => r.Harmed), [.. Enumerable.Range(0, lane.Max(r => r.Days) + 1).Select(d => lane.FirstOrDefault(r => r.Days == d).Ended)], lane.Sum(r => r.Missed))))]);
    }

    /// <summary>How often parcels came back, by how they were to be paid, where they went, and who carried them.</summary>
    public async Task<ReturnHistory> ReturnsAsync(string brand, DateOnly since, CancellationToken cancel)
    {
        // Index: journey_day.
        var rows = await database.ListAsync("""
            SELECT on_delivery, country, area, carrier, service, count(*)::int, (count(*) FILTER (WHERE outcome = 'Returned'))::int FROM journey WHERE brand = $1 AND day >= $2 GROUP BY 1, 2, 3, 4, 5
            """, r => (new ReturnLane(r.GetBoolean(0), r.GetString(1), r.GetString(2), r.GetString(3), r.GetString(4)), r.GetInt32(5), r.GetInt32(6)), cancel, brand, since);
        return new(rows);
    }
}
