using System.Collections.Frozen;
using Microsoft.Extensions.Logging;
using Npgsql;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Routing;
using Quartermaster.Runtime.Goods;

namespace Quartermaster.Runtime.Routing;

/// <summary>What is known of the map, of the past and of SKUs, for the router and for the score, in memory: read at the start and every few minutes, never for an order.</summary>
/// <remarks>Of brands whose terms weigh none of it nothing is read but what is known of their SKUs.</remarks>
public sealed partial class KnowledgeShelf(NpgsqlDataSource database, HubPlan plan, TimeProvider clock, ILogger log)
{
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(5);

    /// <summary>A person who has said what a SKU weighs expects the next order to know.</summary>
    private static readonly TimeSpan SkusEvery = TimeSpan.FromSeconds(10);

    private readonly KnowledgeReads _reads = new(database);
    private readonly List<BrandTerms> _terms = [.. plan.Brands.Values.Select(b => b.Terms).Where(t => t.Routing.Rates.Count > 0 || t.WeighsReturns)];
    private volatile FrozenDictionary<string, RoutingKnowledge> _known = FrozenDictionary<string, RoutingKnowledge>.Empty;
    private (string Stamp, PostalPoints Points) _map = ("", PostalPoints.None);

    /// <summary>What is known of SKUs; of use to brands without tariffs too.</summary>
    public SkuFactsShelf Skus { get; } = new(new(database), log);

    /// <summary>Null when the brand weighs nothing of it.</summary>
    public RoutingKnowledge? Of(string brand) => _known.GetValueOrDefault(brand);

    /// <summary>Reads it all anew; what cannot be read stays as it was.</summary>
    public async Task ReadAsync(CancellationToken cancel)
    {
        await Skus.ReadAsync(cancel);
        if (_terms.Count == 0) return;
        try
        {
            if (await new PostcodeTable(database).StampAsync(cancel) is var stamp && stamp != _map.Stamp)
            {
                _map = (stamp, await _reads.MapAsync(_terms, cancel));
                LogMap(log, _map.Points.Count);
            }
            Dictionary<string, RoutingKnowledge> known = [];
            foreach (var terms in _terms) known[terms.Brand] = await _reads.PastAsync([terms], clock.GetUtcNow(), cancel) with { Points = _map.Points, Skus = sku => Skus.Of(terms.Brand)?.Invoke(sku) ?? SkuFacts.Unknown };
            _known = known.ToFrozenDictionary();
        }
        catch (Exception e) when (e is not OperationCanceledException) { LogUnreadable(log, e.Message); }
    }

    internal async Task RunAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(SkusEvery, clock);
        var due = clock.GetUtcNow() + Every;
        try
        {
            while (await timer.WaitForNextTickAsync(stop))
            {
                if (clock.GetUtcNow() < due)
                {
                    await Skus.ReadAsync(stop);
                    continue;
                }
                await ReadAsync(stop);
                due = clock.GetUtcNow() + Every;
            }
        }
        catch (OperationCanceledException) { }
    }

    [LoggerMessage(320, LogLevel.Warning, "What routing knows of places and carriers could not be read, it stays as it was: {Why}")]
    private static partial void LogUnreadable(ILogger log, string why);

    [LoggerMessage(321, LogLevel.Information, "Ways are measured by {Count} postal codes")]
    private static partial void LogMap(ILogger log, int count);
}
