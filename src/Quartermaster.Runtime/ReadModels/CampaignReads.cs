using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Quartermaster.Core.Campaigns;
using Quartermaster.Core.Flows;
using Quartermaster.Core.Kernel;
using Quartermaster.Runtime.Campaigns;
using Quartermaster.Runtime.Partitions;

namespace Quartermaster.Runtime.ReadModels;

/// <summary>What came of one flow in a stretch of time, by when people entered it.</summary>
/// <param name="UnderWay">Of all that ever entered, still in it.</param>
/// <param name="Sent">Messages on their way or there.</param>
/// <param name="Written">Who got the first message.</param>
/// <param name="HeldOut">Who would have got it, and is left out to be compared with.</param>
public sealed record CampaignFigures(string Campaign, long Entered, long UnderWay, long Sent, Group Written, Group HeldOut)
{
    public static CampaignFigures None(string campaign) => new(campaign, 0, 0, 0, default, default);

    /// <summary>Null while either group has too few people.</summary>
    public Uplift? Uplift => Core.Campaigns.Uplift.Between(Written, HeldOut);
}

/// <summary>Somebody on their way through a flow.</summary>
/// <param name="Why">Why it ended; null = it has not.</param>
public sealed record CampaignPerson(string Stream, string Run, string? Name, DateTimeOffset EnteredAt, DateTimeOffset? DueAt, int Step, bool HeldOut, int Sent, string? Why, DateTimeOffset? LeftAt, DateTimeOffset? BoughtAt, decimal? Revenue, string? Code);

/// <summary>What would come of a step by the end of tomorrow, as things stand now.</summary>
/// <param name="Gets">The channel by which it would be said; null = it would not.</param>
/// <param name="Why">Why not; null = it would.</param>
public sealed record DryRunRow(string Campaign, string Stream, string? Name, DateTimeOffset DueAt, int Step, string? Says, string? Gets, string? Why);

/// <summary>Codes of an offer that were handed out.</summary>
/// <param name="Given">This month.</param>
public sealed record OfferRow(string Offer, long Given, long Ever);

/// <summary>Reads what flows do: their figures, who is in them, and who would get what until tomorrow.</summary>
public sealed class CampaignReads(NpgsqlDataSource database, HubPlan plan)
{
    /// <summary>Most steps that a dry run looks at.</summary>
    public const int MostDryRun = 1000;

    private readonly PeopleLook _people = new(plan, new OrderGaps(database, plan, TimeProvider.System, NullLogger.Instance));

    public async Task<IReadOnlyList<CampaignFigures>> FiguresAsync(string brand, DateTimeOffset since, CancellationToken cancel)
    {
        // Index: run_of.
        var found = await database.ListAsync("""
            SELECT campaign, count(*) FILTER (WHERE entered_at >= $2), count(*) FILTER (WHERE due_at IS NOT NULL), coalesce(sum(sent) FILTER (WHERE entered_at >= $2), 0)::bigint,
              count(*) FILTER (WHERE w), count(*) FILTER (WHERE w AND bought_at IS NOT NULL), coalesce(sum(revenue) FILTER (WHERE w), 0),
              count(*) FILTER (WHERE h), count(*) FILTER (WHERE h AND bought_at IS NOT NULL), coalesce(sum(revenue) FILTER (WHERE h), 0)
            FROM (SELECT *, entered_at >= $2 AND first_at IS NOT NULL AND NOT held_out AND sent > 0 AS w, entered_at >= $2 AND first_at IS NOT NULL AND held_out AS h FROM run WHERE brand = $1 AND NOT shadow AND (entered_at >= $2 OR due_at IS NOT NULL)) r GROUP BY 1
            """, r => new CampaignFigures(r.GetString(0), r.GetInt64(1), r.GetInt64(2), r.GetInt64(3), new(r.GetInt64(4), r.GetInt64(5), r.GetDecimal(6)), new(r.GetInt64(7), r.GetInt64(8), r.GetDecimal(9))), cancel, brand, since);
        return [.. (plan.Brands[brand].Terms.Campaigns ?? CampaignTerms.None).All.Select(c => found.FirstOrDefault(f => f.Campaign == c.Id) ?? CampaignFigures.None(c.Id))];
    }

    /// <summary>How runs of those who entered since ended, the commonest first.</summary>
    public Task<List<(string Why, long People)>> EndsAsync(string brand, string campaign, DateTimeOffset since, CancellationToken cancel) => database.ListAsync(
        "SELECT why, count(*) FROM run WHERE brand = $1 AND campaign = $2 AND entered_at >= $3 AND why IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1", r => (r.GetString(0), r.GetInt64(1)), cancel, brand, campaign, since);

    /// <param name="ended">Those who left last; otherwise those in it, whose step is next first.</param>
    public Task<List<CampaignPerson>> PeopleAsync(string brand, string campaign, bool ended, int take, CancellationToken cancel) => database.ListAsync($"""
        SELECT r.stream, r.id, r.entered_at, r.due_at, r.step, r.held_out, r.sent, r.why, r.left_at, r.bought_at, r.revenue, r.code, s.state FROM
          (SELECT * FROM run WHERE brand = $1 AND campaign = $2 AND due_at IS {(ended ? "" : "NOT ")}NULL ORDER BY {(ended ? "left_at DESC" : "due_at")} LIMIT $3) r LEFT JOIN stream s ON s.brand = r.brand AND s.stream = r.stream
        ORDER BY {(ended ? "r.left_at DESC" : "r.due_at")}
        """, r => new CampaignPerson(r.GetString(0), r.GetString(1), r.Bytes(12) is { } state ? Load(state).Runs.To?.Name : null, r.At(2), r.MaybeAt(3), r.GetInt32(4), r.GetBoolean(5), r.GetInt32(6), r.Text(7), r.MaybeAt(8), r.MaybeAt(9), r.IsDBNull(10) ? null : r.GetDecimal(10), r.Text(11)), cancel, brand, campaign, take);

    public Task<List<OfferRow>> OffersAsync(string brand, DateTimeOffset now, CancellationToken cancel)
    {
        var today = plan.Brands[brand].Terms.DayOf(now);
        return database.ListAsync("SELECT offer, count(*) FILTER (WHERE month = $2), count(*) FROM offer_given WHERE brand = $1 GROUP BY 1 ORDER BY 1", r => new OfferRow(r.GetString(0), r.GetInt64(1), r.GetInt64(2)), cancel, brand, new DateOnly(today.Year, today.Month, 1));
    }

    public async Task<IReadOnlySet<string>> PausedAsync(string brand, CancellationToken cancel) =>
        (await database.ListAsync("SELECT scope FROM switch WHERE scope ^@ $1", r => r.GetString(0), cancel, Switches.Switchboard.ScopeOf(brand, ""))).Select(s => s[Switches.Switchboard.ScopeOf(brand, "").Length..]).ToHashSet();

    /// <summary>Whom a review, or another word about an order, is about.</summary>
    public Task<StreamId?> CustomerOfAsync(string brand, string orderId, CancellationToken cancel) => Maybe(database.OneAsync(
        "SELECT email, phone FROM stream WHERE brand = $1 AND stream = $2", r => Tuple.Create(RunStream.Of(brand, r.Text(0), r.Text(1))), cancel, brand, new StreamId(brand, "order", orderId).Key));

    /// <summary>Who would get what until the end of tomorrow, who would not, and why: by the same decision that will be made, on what is known now.</summary>
    /// <param name="campaign">Null = all of the brand's.</param>
    public async Task<IReadOnlyList<DryRunRow>> DryRunAsync(string brand, string? campaign, bool shadow, DateTimeOffset now, CancellationToken cancel)
    {
        if (plan.Brands[brand].Terms is not { Campaigns: { } campaigns } terms) return [];
        var until = EndOfTomorrow(terms, now);
        // Index: run_due.
        var due = await database.ListAsync("SELECT r.id, r.stream, s.state FROM run r JOIN stream s ON s.brand = r.brand AND s.stream = r.stream WHERE r.brand = $1 AND r.due_at < $2 AND ($3::text IS NULL OR r.campaign = $3) ORDER BY r.due_at LIMIT $4",
            r => (Run: r.GetString(0), Stream: StreamId.Parse(brand, r.GetString(1)), Load(r.Bytes(2)!).Runs), cancel, brand, until, campaign, MostDryRun);
        var steps = due.Where(d => d.Runs is { To: not null } && d.Runs.Find(d.Run) is { DueAt: not null }).ToList();
        if (steps.Count == 0) return [];
        await using var connection = await database.OpenConnectionAsync(cancel);
        var people = await _people.ReadAsync(connection, null, [.. steps.Select(s => (brand, s.Runs.To!))], now, cancel);
        var paused = await PausedAsync(brand, cancel);
        return [.. steps.Select((s, i) => Row(s.Runs.Find(s.Run)!, s.Runs.To!, people[i], campaigns, new(s.Stream, s.Runs.Find(s.Run)!.DueAt!.Value is var at && at > now ? at : now, terms) { Paused = paused, Shadow = shadow }))];
    }

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

    private static RunFile Load(byte[] state) => (RunFile)StreamKinds.Find(Runs.Stream)!.Load(state);

    private static async Task<StreamId?> Maybe(Task<Tuple<StreamId?>?> found) => (await found)?.Item1;
}
