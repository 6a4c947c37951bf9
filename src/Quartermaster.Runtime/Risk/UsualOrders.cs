using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Quartermaster.Runtime.ReadModels;
using static Quartermaster.Runtime.Columns;

namespace Quartermaster.Runtime.Risk;

/// <summary>What an order of each brand usually comes to, for brands that score orders; read from the day counters once a minute.</summary>
public sealed partial class UsualOrders(Database database, HubPlan plan, TimeProvider clock, ILogger log)
{
    private const int Days = 30;

    /// <summary>From fewer orders nothing usual can be told.</summary>
    private const int Fewest = 20;

    private static readonly TimeSpan Refresh = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, decimal> _usual = [];

    /// <summary>In the brand's currency; null while too few orders came.</summary>
    public decimal? Of(string brand) => _usual.TryGetValue(brand, out var usual) ? usual : null;

    /// <summary>Reads until it is stopped; nothing at all where no brand scores orders.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        var brands = plan.Brands.Values.Select(b => b.Terms).Where(t => t.Risk is not null).Select(t => (t.Brand, t.Currency)).ToList();
        while (brands.Count > 0 && !stop.IsCancellationRequested)
        {
            try
            {
                foreach (var (brand, currency) in brands) await ReadAsync(brand, currency, stop);
                await Task.Delay(Refresh, clock, stop);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested) { return; }
            catch (Exception e)
            {
                LogUnread(log, e.Message);
                await Task.Delay(Refresh, clock, CancellationToken.None);
            }
        }
    }

    private async Task ReadAsync(string brand, string currency, CancellationToken cancel)
    {
        // Index: tally_pkey, the run of days of the brand.
        await using var read = database.General.CreateCommand("SELECT coalesce(sum(value) FILTER (WHERE name = 'placed'), 0), coalesce(sum(value) FILTER (WHERE name = $3), 0) FROM tally WHERE brand = $1 AND day >= $2 AND name IN ('placed', $3)");
        await using var reader = await read.With(Text(brand), Day(Tallies.DayOf(plan, brand, clock.GetUtcNow()).AddDays(-Days)), Text("placed_total/" + currency)).ExecuteReaderAsync(cancel);
        if (await reader.ReadAsync(cancel) && reader.GetDecimal(0) >= Fewest) _usual[brand] = decimal.Round(reader.GetDecimal(1) / reader.GetDecimal(0), 2);
    }

    [LoggerMessage(320, LogLevel.Warning, "What orders usually come to could not be read, the last known figure stands: {Why}")]
    private static partial void LogUnread(ILogger log, string why);
}
