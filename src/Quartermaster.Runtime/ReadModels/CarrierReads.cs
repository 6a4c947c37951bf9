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
    public async Task<IReadOnlyList<LaneRecord>> LanesAsync(IReadOnlyList<string> brands, DateOnly from, DateOnly to, CancellationToken cancel)
    {
        // Index: tally_pkey, the run of days of each brand.
        var rows = await database.ListAsync("""
            SELECT brand, name, sum(value) FROM tally WHERE brand = ANY ($1) AND day BETWEEN $2 AND $3 AND name >= $4 AND name < $5 GROUP BY brand, name
            """, r => (Brand: r.GetString(0), Name: JourneyTally.Read(r.GetString(1)), Value: r.GetDecimal(2)), cancel, brands.ToArray(), from, to, JourneyTally.Prefix, JourneyTally.Behind);
        return [.. rows.GroupBy(r => (r.Brand, r.Name.Journey)).Select(lane => Record(lane.Key.Brand, lane.Key.Journey, lane.ToDictionary(r => r.Name.Measure, r => r.Value))).OrderByDescending(l => l.Ended).ThenBy(l => l.Journey.ToString(), StringComparer.Ordinal)];
    }

    private static LaneRecord Record(string brand, Journey journey, Dictionary<string, decimal> counted)
    {
        return new(brand, journey, Of("ended"), Of("delivered"), Of("promised"), Of("on_time"), Of("first_try"), Of("returned"), Of("lost"), Of("damaged"), Of("hours"));

        int Of(string measure) => (int)counted.GetValueOrDefault(measure);
    }
}
