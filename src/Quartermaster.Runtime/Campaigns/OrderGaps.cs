using System.Collections.Frozen;
using Microsoft.Extensions.Logging;
using Npgsql;
using Quartermaster.Core.Kernel;
using static Quartermaster.Runtime.Columns;

namespace Quartermaster.Runtime.Campaigns;

/// <summary>After how many days customers of a brand buy again, in the middle of all who did; for brands that remind them of it, counted every six hours and held in memory.</summary>
public sealed partial class OrderGaps(NpgsqlDataSource database, Func<IEnumerable<BrandTerms>> brands, TimeProvider clock, ILogger log)
{
    /// <summary>From fewer gaps nothing usual can be told.</summary>
    private const int Fewest = 30;

    /// <summary>The newest orders tell it; what people did years ago they may not do today.</summary>
    private const int MostOrders = 200_000;

    private static readonly TimeSpan Every = TimeSpan.FromHours(6);

    /// <summary>How soon a flow is seen that somebody has only now written.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromMinutes(5);

    private readonly Dictionary<string, DateTimeOffset> _countedAt = [];
    private volatile FrozenDictionary<string, decimal> _days = FrozenDictionary<string, decimal>.Empty;

    /// <summary>Null while too few bought twice.</summary>
    public decimal? Of(string brand) => _days.TryGetValue(brand, out var days) ? days : null;

    /// <summary>Counts for the brands whose figure is missing or old.</summary>
    public async Task ReadAsync(CancellationToken cancel)
    {
        foreach (var terms in brands().Where(t => t.Campaigns?.Has(CampaignTrigger.ReorderDue) == true))
        {
            if (_countedAt.TryGetValue(terms.Brand, out var at) && at > clock.GetUtcNow() - Every) continue;
            // Indexes: stream_placed, person_order_pkey.
            await using var read = database.CreateCommand("""
                SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY gap) FROM (
                  SELECT extract(epoch FROM s.placed_at - lag(s.placed_at) OVER (PARTITION BY o.person ORDER BY s.placed_at)) / 86400 AS gap
                  FROM (SELECT brand, stream, placed_at FROM stream WHERE brand = $1 AND placed_at IS NOT NULL AND status <> 'cancelled' ORDER BY placed_at DESC LIMIT $2) s
                  JOIN person_order o ON o.brand = s.brand AND o.stream = s.stream WHERE o.person IS NOT NULL) g
                WHERE gap BETWEEN 1 AND 365 HAVING count(*) >= $3
                """).With(Text(terms.Brand), Int(MostOrders), Int(Fewest));
            read.CommandTimeout = 300;
            if (await read.ExecuteScalarAsync(cancel) is double middle) _days = new Dictionary<string, decimal>(_days) { [terms.Brand] = decimal.Round((decimal)middle, 1) }.ToFrozenDictionary();
            _countedAt[terms.Brand] = clock.GetUtcNow();
        }
    }

    /// <summary>Counts until it is stopped, for the brands that ask.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await ReadAsync(stop);
                await Task.Delay(Look, clock, stop);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested) { return; }
            catch (Exception e)
            {
                LogUncounted(log, e.Message);
                await Task.Delay(TimeSpan.FromMinutes(1), clock, CancellationToken.None);
            }
        }
    }

    [LoggerMessage(330, LogLevel.Warning, "After how long customers buy again could not be counted, the last known figure stands: {Why}")]
    private static partial void LogUncounted(ILogger log, string why);
}
