using System.Collections.Concurrent;
using System.Collections.Frozen;
using Microsoft.Extensions.Logging;
using Quartermaster.Core.Kernel;

namespace Quartermaster.Runtime.Goods;

/// <summary>What is known of SKUs, in memory: read at the start and seconds after a change, never for an order.</summary>
public sealed partial class SkuFactsShelf(SkuFactsTable table, ILogger log)
{
    /// <summary>A change is stamped with its time before it commits; read again from so long before the newest, none is missed.</summary>
    private static readonly TimeSpan Overlap = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<string, ConcurrentDictionary<string, SkuFacts>> _known = [];
    private volatile FrozenDictionary<string, AboutSku> _about = FrozenDictionary<string, AboutSku>.Empty;
    private string _stamp = "";
    private DateTimeOffset? _newest;

    /// <summary>Null when nothing is known of any SKU of the brand.</summary>
    public AboutSku? Of(string brand) => _about.GetValueOrDefault(brand);

    /// <summary>Reads what has changed; what cannot be read stays as it was.</summary>
    internal async Task ReadAsync(CancellationToken cancel)
    {
        try
        {
            var stamp = await table.StampAsync(cancel);
            if (stamp == _stamp) return;
            foreach (var (brand, row) in await table.ChangedAsync(_newest - Overlap, cancel))
            {
                _known.GetOrAdd(brand, _ => [])[row.Sku] = row.Facts;
                if (!(row.ChangedAt <= _newest)) _newest = row.ChangedAt;
            }
            if (_known.Count != _about.Count) _about = _known.ToFrozenDictionary(b => b.Key, b => (AboutSku)(sku => b.Value.GetValueOrDefault(sku, SkuFacts.Unknown)));
            _stamp = stamp;
        }
        catch (Exception e) when (e is not OperationCanceledException) { LogUnreadable(log, e.Message); }
    }

    [LoggerMessage(322, LogLevel.Warning, "What is known of SKUs could not be read, it stays as it was: {Why}")]
    private static partial void LogUnreadable(ILogger log, string why);
}
