using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Quartermaster.Core.Campaigns;
using Quartermaster.Core.Flows;
using Quartermaster.Core.Kernel;
using Quartermaster.Runtime.Campaigns;

namespace Quartermaster.Runtime.ReadModels;

/// <summary>What would come of a step by the end of tomorrow, as things stand now.</summary>
/// <param name="Gets">The channel by which it would be said; null = it would not.</param>
/// <param name="Why">Why not; null = it would.</param>
public sealed record DryRunRow(string Campaign, string Stream, string? Name, DateTimeOffset DueAt, int Step, string? Says, string? Gets, string? Why);

/// <param name="Rows">The next that are due.</param>
/// <param name="Due">Steps that are due until then, all of them.</param>
public sealed record DryRun(IReadOnlyList<DryRunRow> Rows, long Due)
{
    public static readonly DryRun Nothing = new([], 0);
}

/// <summary>What a flow would do that nobody has saved yet.</summary>
/// <param name="InIt">Of those who are in it by the flow as it is now.</param>
/// <param name="Begun">Of those who would be, had it always been there: their first message, until the end of tomorrow.</param>
/// <param name="Orders">So many orders were looked at.</param>
public sealed record FlowTrial(DryRun InIt, IReadOnlyList<DryRunRow> Begun, int Orders);

/// <summary>Says who would get what until the end of tomorrow, who would not, and why: by the same decision that will be made, on what is known now.</summary>
public sealed class DryRuns(NpgsqlDataSource database, HubPlan plan)
{
    /// <summary>Most steps that are looked at.</summary>
    public const int Most = 1000;

    /// <summary>Orders that a trial reads, and customers of theirs that it asks about.</summary>
    private const int MostOrders = 2000, MostAsked = 500;

    /// <summary>Nothing that matters of parcels takes longer.</summary>
    private static readonly TimeSpan LongestWay = TimeSpan.FromDays(60);

    private static readonly TimeSpan Forgotten = TimeSpan.FromDays(730);

    private readonly PeopleLook _people = new(plan, new OrderGaps(database, () => [], TimeProvider.System, NullLogger.Instance));

    /// <param name="flows">As they are in force, or as they would be.</param>
    /// <param name="one">Null = all of them.</param>
    public async Task<DryRun> RunAsync(string brand, CampaignTerms flows, string? one, bool shadow, DateTimeOffset now, int most, CancellationToken cancel)
    {
        var terms = plan.Brands[brand].Terms with { Campaigns = flows };
        var until = EndOfTomorrow(terms, now);
        const string Due = "FROM run r WHERE r.brand = $1 AND r.due_at < $2 AND ($3::text IS NULL OR r.campaign = $3)";
        // Index: run_due.
        var due = await database.ListAsync($"SELECT r.id, r.stream, s.state FROM (SELECT * {Due} ORDER BY r.due_at LIMIT $4) r JOIN stream s ON s.brand = r.brand AND s.stream = r.stream ORDER BY r.due_at",
            r => (Run: r.GetString(0), Stream: StreamId.Parse(brand, r.GetString(1)), CampaignReads.Load(r.Bytes(2)!).Runs), cancel, brand, until, one, most);
        var steps = due.Where(d => d.Runs is { To: not null } && d.Runs.Find(d.Run) is { DueAt: not null }).Select(d => (d.Stream, Run: d.Runs.Find(d.Run)!, To: d.Runs.To!)).ToList();
        if (steps.Count == 0) return DryRun.Nothing;
        var people = await PeopleAsync(brand, [.. steps.Select(s => s.To)], now, cancel);
        var paused = await new CampaignReads(database, plan).PausedAsync(brand, cancel);
        var all = due.Count < most ? due.Count : (await database.ListAsync($"SELECT count(*) {Due}", r => r.GetInt64(0), cancel, brand, until, one))[0];
        return new([.. steps.Select((s, i) => Row(s.Run, s.To, people[i], flows, AsItWillBe(s.Stream, s.Run, terms, now, shadow, paused)))], all);
    }

    /// <summary>What a flow would do that nobody has saved yet.</summary>
    /// <param name="flows">Those in force; the flow stands in place of the one of its name.</param>
    public async Task<FlowTrial> TryAsync(string brand, CampaignTerms flows, Campaign flow, bool shadow, DateTimeOffset now, int most, CancellationToken cancel)
    {
        var tried = flows.With(flow.Id, flow);
        var inIt = await RunAsync(brand, tried, flow.Id, shadow, now, most, cancel);
        var terms = plan.Brands[brand].Terms with { Campaigns = tried };
        var (end, orders, begun) = (EndOfTomorrow(terms, now), 0, new List<TriedRun>());
        HashSet<StreamId> seen = [];
        var (since, until) = PlacedFor(flow, now, end);
        await foreach (var past in new PastOrders(database).BetweenAsync(brand, since, until, MostOrders, cancel))
        {
            orders++;
            if (CampaignTrial.Of(past.File, flow, new(StreamId.Parse(brand, past.Stream), now, terms) { Shadow = shadow }) is not { } run || !seen.Add(run.Customer) || begun.Count == MostAsked) continue;
            if (flow.Trigger is CampaignTrigger.ReorderDue or CampaignTrigger.Silent || (run.Run.DueAt >= now && run.Run.DueAt < end)) begun.Add(run);
        }
        if (begun.Count == 0) return new(inIt, [], orders);
        var people = await PeopleAsync(brand, [.. begun.Select(b => b.To)], now, cancel);
        var paused = await new CampaignReads(database, plan).PausedAsync(brand, cancel);
        var known = inIt.Rows.Select(r => r.Stream).ToHashSet();
        return new(inIt, [.. begun.Select((b, i) => (Tried: CampaignTrial.With(b, people[i], flow, now), Person: people[i]))
            .Where(b => b.Tried is { Run.DueAt: { } at } && at >= now && at < end && !known.Contains(b.Tried.Customer.Key)).OrderBy(b => b.Tried!.Run.DueAt)
            .Select(b => Row(b.Tried!.Run, b.Tried.To, b.Person, tried, AsItWillBe(b.Tried.Customer, b.Tried.Run, terms, now, shadow, paused)))], orders);
    }

    /// <summary>When orders were placed that could make the flow say something until then.</summary>
    private static (DateTimeOffset Since, DateTimeOffset Until) PlacedFor(Campaign flow, DateTimeOffset now, DateTimeOffset end)
    {
        var wait = flow.Steps[0].Wait;
        return flow.Trigger switch
        {
            CampaignTrigger.Delivered => (now - wait - LongestWay, end - wait),
            CampaignTrigger.Silent => (now - Forgotten, end - wait),
            CampaignTrigger.ReorderDue => (now - 2 * flow.Usual - wait, now - wait),
            CampaignTrigger.CheckoutLeft => (now, now),
            _ => (now - wait, end - wait),
        };
    }

    private async Task<Acquaintance[]> PeopleAsync(string brand, IReadOnlyList<Recipient> people, DateTimeOffset now, CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        return await _people.ReadAsync(connection, null, [.. people.Select(p => (brand, p))], now, cancel);
    }

    // As it will be when the step is due; what was due already is looked at now.
    private static Situation AsItWillBe(StreamId stream, Run run, BrandTerms terms, DateTimeOffset now, bool shadow, IReadOnlySet<string> paused) =>
        new(stream, run.DueAt!.Value is var at && at > now ? at : now, terms) { Paused = paused, Shadow = shadow };

    private static DryRunRow Row(Run run, Recipient to, Acquaintance person, CampaignTerms campaigns, Situation s)
    {
        var says = campaigns.Find(run.Campaign)?.Steps.ElementAtOrDefault(run.Step)?.Occasion;
        var (gets, why) = DueStep.Look(run, to, person, campaigns, s) switch
        {
            Verdict.Send send => (send.By[0], (string?)null),
            Verdict.Pass pass => (null, pass.Why.ToString()),
            Verdict.Leave leave => (null, leave.Why.ToString()),
            var other => throw new System.Diagnostics.UnreachableException(other.GetType().Name),
        };
        return new(run.Campaign, s.Stream.Key, to.Name, run.DueAt!.Value, run.Step, says, gets, why);
    }

    private static DateTimeOffset EndOfTomorrow(BrandTerms terms, DateTimeOffset now)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(terms.TimeZone);
        var midnight = terms.DayOf(now).AddDays(2).ToDateTime(TimeOnly.MinValue);
        while (zone.IsInvalidTime(midnight)) midnight = midnight.AddMinutes(15);
        return new(TimeZoneInfo.ConvertTimeToUtc(midnight, zone), TimeSpan.Zero);
    }
}
