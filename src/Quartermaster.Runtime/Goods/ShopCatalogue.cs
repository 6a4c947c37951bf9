using Microsoft.Extensions.Logging;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Kernel;
using Quartermaster.Runtime.Hosting;
using static Quartermaster.Runtime.Columns;

namespace Quartermaster.Runtime.Goods;

/// <summary>Once a day asks a storefront what it knows of its goods: weights, sizes, tariff numbers, origins.</summary>
/// <remarks>Only of those that are told what may be sold: of these it is known that their catalogue may be read. A reading that fails is tried again the next day, and what was read until then stays.</remarks>
internal sealed partial class ShopCatalogue(HubRuntime hub, ILogger log)
{
    private static readonly TimeSpan Every = TimeSpan.FromHours(24);
    private const int Group = 500;

    private readonly SkuFactsTable _table = new(hub.Database.General);

    public async Task ReadAsync(ConnectionPlan plan, Session session, DateTimeOffset now, CancellationToken cancel)
    {
        if (plan.Stock is null || !await IsDueAsync(plan.Key, now, cancel)) return;
        string? error = null;
        try
        {
            List<SkuSeen> group = [];
            await foreach (var seen in plan.Connector.ReadSkusAsync(session, cancel))
            {
                if (seen.Sku is not { Length: > 0 and <= 100 } || seen.Facts == SkuFacts.Unknown) continue;
                group.Add(seen);
                if (group.Count == Group) await SaveAsync(plan, group, now, cancel);
            }
            await SaveAsync(plan, group, now, cancel);
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancel.IsCancellationRequested)
        {
            error = e.Message;
            LogUnread(log, plan.Key, e.Message);
        }
        await using var end = hub.Database.General.CreateCommand("UPDATE poll SET skus_error = $2 WHERE connection = $1").With(Text(plan.Key), Text(error));
        await end.ExecuteNonQueryAsync(cancel);
    }

    private async Task<bool> IsDueAsync(string connection, DateTimeOffset now, CancellationToken cancel)
    {
        await using var claim = hub.Database.General.CreateCommand("UPDATE poll SET skus_read_at = $2 WHERE connection = $1 AND (skus_read_at IS NULL OR skus_read_at <= $3)").With(Text(connection), Instant(now), Instant(now - Every));
        return await claim.ExecuteNonQueryAsync(cancel) > 0;
    }

    private async Task SaveAsync(ConnectionPlan plan, List<SkuSeen> group, DateTimeOffset now, CancellationToken cancel)
    {
        if (group.Count == 0) return;
        var meant = await _table.MeantAsync(plan.Brand, plan.Key, [.. group.Select(g => g.Sku).Distinct()], cancel);
        await _table.SaveAsync(plan.Brand, [.. group.Where(g => meant.ContainsKey(g.Sku)).Select(g => (meant[g.Sku], g.Facts))], plan.Key, FactsFrom.Shop, now, cancel);
        group.Clear();
    }

    [LoggerMessage(648, LogLevel.Warning, "What {Connection} knows of its goods could not be read: {Why}")]
    private static partial void LogUnread(ILogger log, string connection, string why);
}
