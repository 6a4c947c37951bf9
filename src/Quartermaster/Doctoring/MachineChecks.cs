using System.Runtime.CompilerServices;
using Quartermaster.Dashboard.Shown;
using Quartermaster.Runtime;
using Quartermaster.Runtime.ReadModels;

namespace Quartermaster.Doctoring;

/// <summary>What the doctor asks of the hub's own tables.</summary>
internal sealed class MachineChecks(HubPlan plan, Database database, TimeProvider clock)
{
    private static readonly TimeSpan Alive = TimeSpan.FromSeconds(20);

    private readonly HubReads _hub = new(database.General);
    private readonly LaneReads _lanes = new(database.General);
    private readonly string[] _brands = [.. plan.Brands.Keys];
    private readonly string[] _connections = [.. plan.Connections.Keys];

    private DateTimeOffset Now => clock.GetUtcNow();

    public async Task<Finding> ProcessesAsync(CancellationToken cancel)
    {
        var alive = (await _hub.ProcessesAsync(cancel)).Where(p => Now - p.SeenAt < Alive).ToList();
        return alive.Count == 0
            ? new(Verdict.Look, "processes", "no hub is running on this database", "Start one: quartermaster up")
            : new(Verdict.Well, "processes", string.Join("; ", alive.Select(p => $"{p.Host}/{p.Pid} ({p.Roles}, {p.Version})")));
    }

    public async Task<Finding> ReadyAsync(CancellationToken cancel)
    {
        var backlog = await _hub.BacklogAsync(cancel);
        if (backlog.OldestAt is not { } oldest)
            return new(Verdict.Well, "to decide", "nothing waits");
        var age = Now - oldest;
        var found = $"{Words.Count(backlog.Ready, "signal waits", "signals wait")}, the oldest for {age:d\\.hh\\:mm\\:ss}";
        return age < TimeSpan.FromSeconds(30) ? new(Verdict.Well, "to decide", found)
            : new(age < TimeSpan.FromMinutes(5) ? Verdict.Look : Verdict.Bad, "to decide", found, "Is a hub with the role 'decide' running, and the brand not in mode 'off'? docs/operations/ has the page.");
    }

    public async Task<Finding> TroubleAsync(CancellationToken cancel)
    {
        var counts = await new FailureReads(database.General).CountsAsync(_brands, cancel);
        var found = $"{Words.Count(counts.Parked, "signal")} set apart, {Words.Count(counts.Refused, "effect")} refused, {counts.Unsure} unsure, {counts.GaveUp} given up, {Words.Count(counts.Cases, "case")} open";
        var replayable = counts.Parked + counts.Refused + counts.Unsure + counts.GaveUp > 0;
        return counts.All == 0 ? new(Verdict.Well, "failures", "none")
            : new(Verdict.Look, "failures", found, replayable ? "See Failures in the dashboard, or quartermaster replay." : "See Failures in the dashboard: a case is solved where it stands.");
    }

    public async IAsyncEnumerable<Finding> LanesAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        var queues = (await _lanes.QueuesAsync(_connections, cancel)).ToDictionary(q => q.Lane);
        var lanes = (await _lanes.LanesAsync(_connections, cancel)).ToDictionary(l => l.Connection);
        var polls = (await _lanes.PollsAsync(_connections, cancel)).ToDictionary(p => p.Connection);
        int well = 0, unused = 0;
        foreach (var connection in _connections)
        {
            var queue = queues.GetValueOrDefault(connection);
            var late = queue?.OldestDue is { } due ? Now - due : TimeSpan.Zero;
            var health = ConnectionHealth.Of(lanes.GetValueOrDefault(connection), polls.GetValueOrDefault(connection), Now);
            if (health.State is not ("working" or "unused"))
                yield return new(Verdict.Bad, "lane", $"{connection}: {health.Badge.Label.ToLowerInvariant()}{(health.Why is { } error ? $", last error: {error}" : "")}", health.State == "disconnected" ? "Its credentials are refused: renew them in the configuration and restart." : "The remote system fails; it is tried again by itself. See the connection in the dashboard; its test button says more.");
            else if (late > TimeSpan.FromMinutes(5))
                yield return new(Verdict.Look, "lane", $"{connection}: {Words.Count(queue!.UnderWay, "effect")} under way, the oldest due for {late:d\\.hh\\:mm\\:ss}", "Is it switched off, out of its daily budget, or is no hub with the role 'act' running?");
            else if (health.State == "unused") unused++;
            else well++;
        }
        yield return new(Verdict.Well, "lanes", $"{well} of {_connections.Length} connections work{(unused > 0 ? $", {unused} not used yet" : "")}");
    }

    public async Task<Finding> LedgerAsync(CancellationToken cancel) => await new StockReads(database.General).LedgerComparedAsync(cancel) switch
    {
        null => new(Verdict.Well, "stock ledger", "not compared yet; the hub does so within minutes of its start, and once a day"),
        { Differ: > 0 } differing => new(Verdict.Bad, "stock ledger", $"{Words.Count(differing.Differ, "position is", "positions are")} not the sum of their movements", "See Failures in the dashboard: stock.ledger_differs."),
        var old when Now - old.At > TimeSpan.FromDays(2) => new(Verdict.Look, "stock ledger", $"last compared with the positions {old.At.UtcDateTime:yyyy-MM-dd HH:mm} UTC", "It is done once a day: look into the hub's log for housekeeping that stumbled."),
        var compared => new(Verdict.Well, "stock ledger", $"{Words.Count(compared.Positions, "position")} compared with their movements {compared.At.UtcDateTime:yyyy-MM-dd HH:mm} UTC: all agree"),
    };

    public async Task<Finding> SwitchesAsync(CancellationToken cancel)
    {
        var off = await _hub.SwitchesAsync(cancel);
        var modes = (await _hub.BrandsAsync(cancel)).Where(b => b.Mode != "live" && plan.Brands.ContainsKey(b.Brand)).Select(b => $"{b.Brand} is in {b.Mode}").ToList();
        return off.Count + modes.Count == 0
            ? new(Verdict.Well, "switches", "nothing is off, every brand is live")
            : new(Verdict.Look, "switches", string.Join("; ", off.Select(s => $"{s.Scope} is off ({s.Reason}, {s.ByWhom})").Concat(modes)), "quartermaster switch on --scope …, quartermaster mode BRAND live");
    }

    public async Task<Finding> StorefrontsAsync(CancellationToken cancel)
    {
        var polls = await _lanes.PollsAsync(_connections, cancel);
        var troubled = polls.Where(p => p.Error is not null || p.SubscriptionProblems is { Length: > 0 }).ToList();
        if (troubled.Count > 0)
            return new(Verdict.Look, "storefronts", string.Join("; ", troubled.Select(p => $"{p.Connection}: {p.Error ?? p.SubscriptionProblems}")), "See the connection in the dashboard; its test button says more.");
        var waiting = polls.Count(p => p.LastRunAt is null);
        return new(Verdict.Well, "storefronts", waiting > 0 ? $"{Words.Count(waiting, "storefront was", "storefronts were")} not polled yet" : "polls and webhook subscriptions are well");
    }
}
