using Npgsql;
using Quartermaster.Core.Flows;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Stock;
using Quartermaster.Runtime.Partitions;
using Quartermaster.Runtime.ReadModels;
using static Quartermaster.Runtime.Columns;

namespace Quartermaster.Runtime.Stock;

/// <summary>Reads what the router weighs besides the shelves, once per batch and only for brands that have it weighed; the others cost no statement.</summary>
/// <remarks>
/// Read without a lock: what another worker decides at this moment is not counted, so a location may get a few orders more than its capacity.
/// </remarks>
internal sealed class RoutingLoads(HubPlan plan, NpgsqlConnection connection, NpgsqlTransaction transaction)
{
    /// <summary>Complete days that the sales of a day are the mean of.</summary>
    private const int SalesDays = 28;

    private readonly Dictionary<string, RoutingLoad?> _loads = [];
    private readonly HashSet<(string Brand, string Sku)> _known = [];

    public RoutingLoad? Of(string brand) => _loads.GetValueOrDefault(brand);

    public async Task ReadAsync(List<(OpenDecision Decision, Request Request)> asked, DateTimeOffset now, CancellationToken cancel)
    {
        foreach (var (decision, request) in asked)
        {
            var brand = decision.Stream.Id.Brand;
            if (request is not StockRequest.Reserve || _loads.ContainsKey(brand)) continue;
            var terms = plan.Brands[brand].Terms;
            _loads[brand] = terms.CountsOrders ? new(await HandedAsync(brand, now, cancel)) : terms.Routing.WeighsCover ? new(new Dictionary<string, int>()) : null;
        }
        foreach (var (brand, load) in _loads)
            if (load is not null && plan.Brands[brand].Terms.Routing.WeighsCover) await SalesAsync(brand, load, asked, now, cancel);
    }

    // Index: tally_pkey.
    private async Task<Dictionary<string, int>> HandedAsync(string brand, DateTimeOffset now, CancellationToken cancel)
    {
        await using var count = new NpgsqlCommand("SELECT substr(name, 8), sum(value)::int FROM tally WHERE brand = $1 AND day = $2 AND name >= 'routed/' AND name < 'routed0' GROUP BY 1", connection, transaction)
            .With(Text(brand), Day(Tallies.DayOf(plan, brand, now)));
        Dictionary<string, int> handed = [];
        await using var reader = await count.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel)) handed[reader.GetString(0)] = reader.GetInt32(1);
        return handed;
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
