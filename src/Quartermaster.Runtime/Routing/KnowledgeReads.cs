using Npgsql;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Routing;
using Quartermaster.Runtime.Goods;

namespace Quartermaster.Runtime.Routing;

/// <summary>Reads what the router knows of the map and of the past, as far as somebody's terms weigh it.</summary>
public sealed class KnowledgeReads(NpgsqlDataSource database)
{
    private readonly PastJourneys _journeys = new(database);

    /// <param name="terms">Of one brand: as they are, and as they would be.</param>
    public async Task<RoutingKnowledge> ReadAsync(IReadOnlyCollection<BrandTerms> terms, DateTimeOffset now, CancellationToken cancel) =>
        await PastAsync(terms, now, cancel) with
        {
            Points = await MapAsync(terms, cancel),
            Skus = terms.Any(t => t.Routing.Rates.Count > 0) ? await new SkuFactsTable(database).AboutAsync(terms.First().Brand, null, cancel) : null,
        };

    /// <summary>The postal codes that tariffs by distance are about: the world's would be a hundred megabytes.</summary>
    internal async Task<PostalPoints> MapAsync(IReadOnlyCollection<BrandTerms> terms, CancellationToken cancel)
    {
        var measured = terms.Where(t => t.Routing.WeighsDistance).ToList();
        if (measured.Count == 0) return PostalPoints.None;
        var reached = measured.SelectMany(t => t.Routing.Rates).Where(r => r.WithinKm is not null).Select(r => r.To.Split(':')[0]).Distinct().ToList();
        return await new PostcodeTable(database).ReadAsync(reached.Contains("*") ? null : [.. reached.Union(measured.SelectMany(t => t.Locations).Where(l => l.PostalCode is not null).Select(l => l.Country))], cancel);
    }

    internal async Task<RoutingKnowledge> PastAsync(IReadOnlyCollection<BrandTerms> terms, DateTimeOffset now, CancellationToken cancel)
    {
        var weigh = terms.Where(t => t.Routing.WeighsHistory || t.WeighsReturns).ToList();
        if (weigh.Count == 0) return RoutingKnowledge.Nothing;
        var (brand, since) = (weigh[0].Brand, weigh[0].DayOf(now).AddDays(-weigh.Max(t => t.Routing.HistoryDays)));
        return new()
        {
            Carriers = !weigh.Exists(t => t.Routing.WeighsHistory) ? CarrierHistory.Empty : await _journeys.CarriersAsync(brand, since, cancel),
            Returns = weigh.Exists(t => t.WeighsReturns) ? await _journeys.ReturnsAsync(brand, since, cancel) : ReturnHistory.Empty,
        };
    }
}
