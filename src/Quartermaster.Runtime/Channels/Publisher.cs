using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Quartermaster.Core.Channels;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Kernel;
using Quartermaster.Runtime.Hosting;
using Quartermaster.Runtime.Lanes;

namespace Quartermaster.Runtime.Channels;

/// <summary>Keeps every storefront's numbers at what may be sold: tells changes within seconds, and reads whole catalogues to find what went astray.</summary>
/// <remarks>
/// Not effects: an effect carries what was true when it was planned, and of stock only the newest number counts. A change marks the SKU in
/// the transaction that made it; the number is read when it is sent, so a thousand changes of one SKU are one call and a crash at any
/// point leaves the mark. Runs beside the lane, in the process that owns it, under its pace, switches and breaker.
/// </remarks>
internal sealed partial class Publisher(HubRuntime hub, HubOptions options, TimeProvider clock, ILogger log)
{
    /// <summary>Effect kind of its switch: <c>effect/stock.publish.v1</c> stops it for all channels.</summary>
    public const string Kind = "stock.publish.v1";

    // The first change after a pause waits no longer than this; the others of a burst are taken along.
    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(100), Poll = TimeSpan.FromSeconds(2), AlarmEvery = TimeSpan.FromSeconds(15);
    private const int Group = 500;

    private readonly ListingRows _rows = new(hub.Database);
    private readonly Showcase _showcase = new(hub.Database, clock);
    private readonly SemaphoreSlim _moved = new(0, 1);
    private readonly Dictionary<string, SemaphoreSlim> _due = [];

    /// <summary>One for each connection: their loops run beside each other.</summary>
    private readonly Dictionary<string, ChannelAlarms> _alarms = [];

    /// <summary>The ownership of a lane under which its listings were compared with this configuration's terms.</summary>
    private readonly ConcurrentDictionary<string, long> _compared = [];

    /// <summary>Channels that hide nothing, and at which nothing is hidden any more.</summary>
    private readonly ConcurrentDictionary<string, bool> _nothingToShow = [];

    public async Task RunAsync(CancellationToken stop)
    {
        var lanes = hub.Lanes!.Lanes.Where(l => l.Plan.Stock is not null && l.Plan.Connector.Manifest.StockBatch > 0).ToList();
        if (lanes.Count == 0) return;
        foreach (var lane in lanes) (_due[lane.Connection], _alarms[lane.Connection]) = (new(0, 1), new(hub, options, _rows, _showcase, clock.GetUtcNow()));
        hub.Wakeup.StockMoved += () => Wakeup.Rouse(_moved);
        string[] connections = [.. lanes.Select(l => l.Connection)];
        await Task.WhenAll([
            LoopAsync("marks", c => MarksAsync(connections, c), stop),
            .. lanes.Select(l => LoopAsync(l.Connection, c => PushAsync(l, c), stop)),
            .. lanes.Select(l => LoopAsync(l.Connection, c => ReadAsync(l, c), stop)),
            .. lanes.Where(l => l.Plan.Connector.Manifest.Hiding is not null).Select(l => LoopAsync(l.Connection, c => ShowAsync(l, c), stop))]);
    }

    private async Task LoopAsync(string name, Func<CancellationToken, Task> turn, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try { await turn(stop); }
            catch (OperationCanceledException) when (stop.IsCancellationRequested) { return; }
            catch (Exception e)
            {
                LogTrouble(log, name, e.Message);
                await Task.Delay(1000, CancellationToken.None);
            }
        }
    }

    private async Task MarksAsync(string[] connections, CancellationToken cancel)
    {
        if (await _moved.WaitAsync(Poll, cancel)) await Task.Delay(Gather, cancel);
        if (await _rows.TakeMarksAsync(connections, clock.GetUtcNow(), cancel)) foreach (var due in _due.Values) Wakeup.Rouse(due);
    }

    private async Task PushAsync(Lane lane, CancellationToken cancel)
    {
        var plan = lane.Plan;
        var shelves = ShelvesOf(plan);
        List<DueListing> due = [];
        if (MayCall(lane)) due = await _rows.DueAsync(plan, TermsOf(plan), shelves, plan.Connector.Manifest.StockBatch, clock.GetUtcNow(), hub.Switches.TakesPreorders(plan.Brand), cancel);
        if (due.Count > 0) await TurnAsync(lane, due, cancel);
        else await _due[lane.Connection].WaitAsync(Poll, cancel);
    }

    private bool MayCall(Lane lane) =>
        lane.Token != 0 && !lane.Breaker.Rests && !hub.Switches.LaneStopped(lane.Connection) && hub.Switches.Allows(lane.Plan.Brand, lane.Connection, Kind) && hub.Switches.ModeOf(lane.Plan.Brand) != BrandMode.Off;

    private async Task TurnAsync(Lane lane, List<DueListing> due, CancellationToken cancel)
    {
        var (plan, now) = (lane.Plan, clock.GetUtcNow());
        var asked = now;
        var shadow = hub.Switches.ModeOf(plan.Brand) == BrandMode.Shadow;
        List<SettledListing> settled = [];
        List<(DueListing Of, LevelToSet Ask)> asks = [];
        foreach (var one in due)
        {
            var units = plan.Stock!.Sellable(one.Available ?? 0);
            if (Publishing.Before(one, units, plan.Stock!, shadow, now) is { } before) settled.Add(new(one, before, units, Said: false, Refused: false));
            else asks.Add((one, new(one.Id, one.Sku, units, one.Known, $"{plan.Key}/{one.Id.Item}/{one.Id.Place}/{one.Marked}/{one.Attempts}")));
        }
        if (asks.Count > 0)
        {
            var answers = await Calls.EachAsync(asks, () => plan.Connector.SetStockAsync(lane.Session, [.. asks.Select(a => a.Ask)], cancel), why => new LevelAnswer(why), plan.Connector.Manifest, cancel);
            now = clock.GetUtcNow();
            for (var i = 0; i < asks.Count; i++)
            {
                var (of, ask) = asks[i];
                var came = Publishing.After(ask, answers[i], of.Attempts + 1, plan.Stock!, now);
                settled.Add(new(of, came, ask.Units, Said: came.Sent || answers[i].Found is not null, Refused: answers[i].Outcome is Outcome.Refused));
            }
        }
        await _rows.SettleAsync(plan, settled, asked, now, cancel);
        // Our number stood still and theirs is another: no order explains that. What was asked about was noted when it was.
        await _rows.DriftedAsync(plan, [.. settled.Where(s => !s.Of.Asks && (s.Came.Asks || (s is { Said: true, Came.Sent: true } && s.Of.Sent == s.Units && s.Of.Known is { } known && known != s.Units)))], now, cancel);
    }

    private async Task ShowAsync(Lane lane, CancellationToken cancel)
    {
        // What was hidden under other terms is shown first; then there is nothing to look at until the next start.
        if (_nothingToShow.ContainsKey(lane.Connection)) await Task.Delay(Timeout.InfiniteTimeSpan, cancel);
        if (MayCall(lane) && await _showcase.TurnAsync(lane, hub.Switches.ModeOf(lane.Plan.Brand) == BrandMode.Shadow, cancel)) return;
        if (!lane.Plan.Stock!.HideAtZero && !await _showcase.Rows.AnyAsync(lane.Connection, cancel)) _nothingToShow[lane.Connection] = true;
        else await Task.Delay(Poll, cancel);
    }

    private async Task ReadAsync(Lane lane, CancellationToken cancel)
    {
        var (plan, begun) = (lane.Plan, clock.GetUtcNow());
        await _alarms[plan.Key].LookAsync(lane, plan.Connector.Manifest.Hiding is not null && !_nothingToShow.ContainsKey(plan.Key), begun, cancel);
        await CompareAtStartAsync(lane, begun, cancel);
        if (!MayCall(lane) || !await _rows.BeginReadAsync(plan.Key, options.ReadStockEvery, begun, cancel))
        {
            await Task.Delay(AlarmEvery < options.ReadStockEvery ? AlarmEvery : options.ReadStockEvery, cancel);
            return;
        }
        var (count, changed) = (0, 0);
        string? error = null;
        try
        {
            List<ListingSeen> group = new(Group);
            var asOf = begun;
            await foreach (var seen in plan.Connector.ReadStockAsync(lane.Session, cancel))
            {
                // As old as its page's request at most: what we set meanwhile is newer.
                group.Add(seen);
                if (group.Count < Group) continue;
                (count, changed) = (count + group.Count, changed + await _rows.SeenAsync(plan, group, begun, asOf, cancel));
                group.Clear();
                asOf = clock.GetUtcNow();
            }
            if (group.Count > 0) (count, changed) = (count + group.Count, changed + await _rows.SeenAsync(plan, group, begun, asOf, cancel));
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancel.IsCancellationRequested) { error = e.Message; }
        await _rows.EndReadAsync(plan.Key, count, changed, begun, clock.GetUtcNow(), error, cancel);
        await CompareAsync(plan, clock.GetUtcNow(), wasRead: error is null, cancel);
        Wakeup.Rouse(_due[plan.Key]);
    }

    private async Task CompareAtStartAsync(Lane lane, DateTimeOffset now, CancellationToken cancel)
    {
        if (lane.Token == 0 || _compared.GetValueOrDefault(lane.Connection) == lane.Token) return;
        var token = lane.Token;
        await CompareAsync(lane.Plan, now, wasRead: false, cancel);
        _compared[lane.Connection] = token;
        Wakeup.Rouse(_due[lane.Connection]);
    }

    private async Task CompareAsync(ConnectionPlan plan, DateTimeOffset now, bool wasRead, CancellationToken cancel)
    {
        await _rows.CompareAllAsync(plan, TermsOf(plan), ShelvesOf(plan), now, hub.Switches.TakesPreorders(plan.Brand), wasRead, cancel);
        if (plan.Connector.Manifest.Hiding is not null) await _showcase.Rows.CompareAllAsync(plan, now, cancel);
    }

    private IReadOnlyList<(string Place, string Location)> ShelvesOf(ConnectionPlan plan) => [.. plan.Shelves(TermsOf(plan))];

    private BrandTerms TermsOf(ConnectionPlan plan) => hub.Plan.Brands[plan.Brand].Terms;

    [LoggerMessage(650, LogLevel.Warning, "Stock of {Connection} could not be told, trying again: {Why}")]
    private static partial void LogTrouble(ILogger log, string connection, string why);
}
