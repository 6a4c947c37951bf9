using System.Collections.Frozen;
using Microsoft.Extensions.Logging;
using Quartermaster.Core.Kernel;
using Quartermaster.Runtime.ReadModels;
using static Quartermaster.Runtime.Columns;

namespace Quartermaster.Runtime.Risk;

/// <summary>What an order of each brand usually comes to in each currency, for brands that score orders; read from the day counters once a minute.</summary>
public sealed partial class UsualOrders(Database database, HubPlan plan, TimeProvider clock, ILogger log)
{
    private const int Days = 30;

    /// <summary>From fewer orders nothing usual can be told.</summary>
    private const int Fewest = 20;

    private static readonly TimeSpan Refresh = TimeSpan.FromMinutes(1);

    private readonly List<BrandTerms> _scoring = [.. plan.Brands.Values.Select(b => b.Terms).Where(t => t.Risk is not null)];
    private volatile FrozenDictionary<(string Brand, string Currency), decimal> _usual = FrozenDictionary<(string, string), decimal>.Empty;

    /// <summary>Among the brand's orders in this currency; null while too few came.</summary>
    public decimal? Of(string brand, string currency) => _usual.TryGetValue((brand, currency), out var usual) ? usual : null;

    /// <summary>Reads once: a score is kept, so nothing may be scored before.</summary>
    public async Task ReadAsync(CancellationToken cancel)
    {
        Dictionary<(string, string), decimal> usual = [];
        foreach (var terms in _scoring) await ReadAsync(terms, usual, cancel);
        _usual = usual.ToFrozenDictionary();
    }

    /// <summary>Reads until it is stopped; nothing at all where no brand scores orders.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        while (_scoring.Count > 0 && !stop.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(Refresh, clock, stop);
                await ReadAsync(stop);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested) { return; }
            catch (Exception e)
            {
                LogUnread(log, e.Message);
            }
        }
    }

    private async Task ReadAsync(BrandTerms terms, Dictionary<(string, string), decimal> usual, CancellationToken cancel)
    {
        // Index: tally_pkey, the run of days of the brand.
        await using var read = database.General.CreateCommand("SELECT name, sum(value) FROM tally WHERE brand = $1 AND day >= $2 AND (name = $3 OR name ^@ $4 OR name ^@ $5) GROUP BY name");
        var since = Tallies.DayOf(plan, terms.Brand, clock.GetUtcNow()).AddDays(-Days);
        await using var reader = await read.With(Text(terms.Brand), Day(since), Text(Tallies.Placed), Text(Tallies.PlacedIn), Text(Tallies.PlacedTotal)).ExecuteReaderAsync(cancel);
        Dictionary<string, decimal> orders = [], totals = [];
        var all = 0m;
        while (await reader.ReadAsync(cancel))
        {
            var (name, value) = (reader.GetString(0), reader.GetDecimal(1));
            if (name == Tallies.Placed) all = value;
            else if (name.StartsWith(Tallies.PlacedIn, StringComparison.Ordinal)) orders[name[Tallies.PlacedIn.Length..]] = value;
            else totals[name[Tallies.PlacedTotal.Length..]] = value;
        }
        orders[terms.Currency] = all - orders.Values.Sum();
        foreach (var (currency, total) in totals)
            if (orders.GetValueOrDefault(currency) is >= Fewest and var count) usual[(terms.Brand, currency)] = decimal.Round(total / count, 2);
    }

    [LoggerMessage(320, LogLevel.Warning, "What orders usually come to could not be read, the last known figure stands: {Why}")]
    private static partial void LogUnread(ILogger log, string why);
}
