using Npgsql;
using Quartermaster.Core.Flows;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Stock;
using Quartermaster.Runtime.Partitions;
using Quartermaster.Runtime.ReadModels;
using Quartermaster.Runtime.Routing;
using static Quartermaster.Runtime.Columns;

namespace Quartermaster.Runtime.Stock;

/// <summary>What the router weighs besides the shelves, read once per batch and only for brands that have it weighed; the others cost no statement.</summary>
/// <remarks>
/// The days of locations are read without a lock, so that workers do not wait for each other while they decide. They are raised by a condition:
/// when a day has been filled meanwhile its row stays as it is, and the batch is decided again.
/// </remarks>
internal sealed class RoutingLoads(HubPlan plan, KnowledgeShelf knowledge, NpgsqlConnection connection, NpgsqlTransaction transaction)
{
    /// <summary>Complete days that the sales of a day are the mean of.</summary>
    private const int SalesDays = 28;

    private readonly Dictionary<string, RoutingLoad> _loads = [];
    private readonly HashSet<string> _read = [];
    private readonly HashSet<(string Brand, string Sku)> _known = [];
    private (int Statement, int Rows)? _days;

    public RoutingLoad? Of(string brand) => _loads.GetValueOrDefault(brand);

    public async Task ReadAsync(List<(OpenDecision Decision, Request Request)> asked, DateTimeOffset now, CancellationToken cancel)
    {
        HashSet<string>? sales = null;
        foreach (var (decision, request) in asked)
        {
            if (request is not StockRequest.Reserve) continue;
            var terms = plan.Brands[decision.Stream.Id.Brand].Terms;
            if (terms.Routing.WeighsCover) (sales ??= []).Add(terms.Brand);
            if (knowledge.Of(terms.Brand) is not null) Load(terms.Brand);
            if (terms.CountsOrders && _read.Add(terms.Brand)) await DaysAsync(terms, now, cancel);
        }
        foreach (var brand in sales ?? []) await SalesAsync(brand, Load(brand), asked, now, cancel);
    }

    public void Leave(string brand, IReadOnlyList<DayPlace> places) => Load(brand).Leave(places);

    /// <summary>Adds the statement that changes the days, if any changed.</summary>
    public void AddWrites(NpgsqlBatch batch)
    {
        var rows = _loads.SelectMany(l => l.Value.Changed.Select(c => (Brand: l.Key, c.Key.Location, c.Key.Day, By: c.Value))).Where(r => r.By != 0).OrderBy(r => r.Brand, StringComparer.Ordinal).ThenBy(r => r.Location, StringComparer.Ordinal).ThenBy(r => r.Day).ToList();
        if (rows.Count == 0) return;
        _days = (batch.BatchCommands.Count, rows.Count);
        // Rows in key order. What is given back is taken off in any case; what is taken has to have room.
        batch.Add("""
            INSERT INTO location_day AS t(brand, location, day, orders, capacity) SELECT * FROM unnest($1::text[], $2::text[], $3::date[], $4::int[], $5::int[])
            ON CONFLICT (brand, location, day) DO UPDATE SET orders = t.orders + excluded.orders, capacity = excluded.capacity WHERE excluded.orders <= 0 OR t.orders + excluded.orders <= excluded.capacity
            """,
            Texts(rows.Select(r => r.Brand)), Texts(rows.Select(r => r.Location)), Days(rows.Select(r => r.Day)), Ints(rows.Select(r => r.By)), Ints(rows.Select(r => CapacityOf(r.Brand, r.Location))));
    }

    public bool WasOvertaken(NpgsqlBatch written) => _days is var (statement, rows) && written.BatchCommands[statement].RecordsAffected != rows;

    private RoutingLoad Load(string brand) => _loads.TryGetValue(brand, out var load) ? load : _loads[brand] = new(knowledge.Of(brand));

    // A location that has lost its capacity since the order took its place counts no more.
    private int CapacityOf(string brand, string location) => plan.Brands[brand].Terms.Locations.FirstOrDefault(l => l.Code == location)?.Capacity ?? int.MaxValue;

    // Index: location_day_pkey, one probe per location.
    private async Task DaysAsync(BrandTerms terms, DateTimeOffset now, CancellationToken cancel)
    {
        var load = Load(terms.Brand);
        List<DayPlace> places = [.. terms.Locations.Where(l => l.Capacity is not null).Select(l => new DayPlace(l.Code, l.Calendar.Leaves(now)))];
        await using var count = new NpgsqlCommand("SELECT t.location, t.day, t.orders FROM unnest($2::text[], $3::date[]) AS u(location, day) JOIN location_day t ON t.brand = $1 AND t.location = u.location AND t.day = u.day", connection, transaction)
            .With(Text(terms.Brand), Texts(places.Select(p => p.Location)), Days(places.Select(p => p.Day)));
        await using var reader = await count.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel)) load.Begin(new(reader.GetString(0), reader.GetFieldValue<DateOnly>(1)), reader.GetInt32(2));
    }

    private async Task SalesAsync(string brand, RoutingLoad load, List<(OpenDecision Decision, Request Request)> asked, DateTimeOffset now, CancellationToken cancel)
    {
        List<string> skus = [];
        foreach (var (decision, request) in asked)
            if (request is StockRequest.Reserve reserve && decision.Stream.Id.Brand == brand)
                foreach (var line in reserve.Lines)
                    if (_known.Add((brand, line.Sku))) skus.Add(line.Sku);
        if (skus.Count == 0) return;
        var today = Tallies.DayOf(plan, brand, now);
        // Of a SKU that has been sold for fewer days the mean is over those. Index: sold_sku, one probe per SKU.
        await using var read = new NpgsqlCommand("""
            SELECT u.sku, s.location, s.units::numeric / greatest(1, least($4, $3 - s.first)) FROM unnest($2::text[]) AS u(sku)
            CROSS JOIN LATERAL (SELECT location, sum(units) AS units, min(day) AS first FROM sold WHERE sold.brand = $1 AND sold.sku = u.sku AND day >= $3 - $4 AND day < $3 GROUP BY location) s
            """, connection, transaction).With(Text(brand), Texts(skus), Day(today), Int(SalesDays));
        await using var reader = await read.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel)) load.Sells(reader.GetString(0), reader.GetString(1), reader.GetDecimal(2));
    }
}
