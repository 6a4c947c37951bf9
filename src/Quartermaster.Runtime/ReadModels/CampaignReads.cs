using Npgsql;
using Quartermaster.Core.Campaigns;
using Quartermaster.Core.Flows;
using Quartermaster.Core.Kernel;
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

/// <summary>Codes of an offer that were handed out.</summary>
/// <param name="Given">This month.</param>
public sealed record OfferRow(string Offer, long Given, long Ever);

/// <summary>Reads what flows do: their figures, and who is in them.</summary>
public sealed class CampaignReads(NpgsqlDataSource database, HubPlan plan)
{
    /// <param name="flows">Those that are told of, in their order.</param>
    public async Task<IReadOnlyList<CampaignFigures>> FiguresAsync(string brand, IReadOnlyList<Campaign> flows, DateTimeOffset since, CancellationToken cancel)
    {
        // Index: run_of.
        var found = await database.ListAsync("""
            SELECT campaign, count(*) FILTER (WHERE entered_at >= $2), count(*) FILTER (WHERE due_at IS NOT NULL), coalesce(sum(sent) FILTER (WHERE entered_at >= $2), 0)::bigint,
              count(*) FILTER (WHERE w), count(*) FILTER (WHERE w AND bought_at IS NOT NULL), coalesce(sum(revenue) FILTER (WHERE w), 0),
              count(*) FILTER (WHERE h), count(*) FILTER (WHERE h AND bought_at IS NOT NULL), coalesce(sum(revenue) FILTER (WHERE h), 0)
            FROM (SELECT *, entered_at >= $2 AND first_at IS NOT NULL AND NOT held_out AND sent > 0 AS w, entered_at >= $2 AND first_at IS NOT NULL AND held_out AS h FROM run WHERE brand = $1 AND campaign = ANY ($3) AND NOT shadow AND (entered_at >= $2 OR due_at IS NOT NULL)) r GROUP BY 1
            """, r => new CampaignFigures(r.GetString(0), r.GetInt64(1), r.GetInt64(2), r.GetInt64(3), new(r.GetInt64(4), r.GetInt64(5), r.GetDecimal(6)), new(r.GetInt64(7), r.GetInt64(8), r.GetDecimal(9))), cancel, brand, since, flows.Select(c => c.Id).ToArray());
        return [.. flows.Select(c => found.FirstOrDefault(f => f.Campaign == c.Id) ?? CampaignFigures.None(c.Id))];
    }

    /// <summary>How runs of those who entered since ended, the commonest first.</summary>
    public Task<List<(string Why, long People)>> EndsAsync(string brand, string campaign, DateTimeOffset since, CancellationToken cancel) => database.ListAsync(
        "SELECT why, count(*) FROM run WHERE brand = $1 AND campaign = $2 AND entered_at >= $3 AND why IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1", r => (r.GetString(0), r.GetInt64(1)), cancel, brand, campaign, since);

    /// <summary>Indexes: run_left, or run_due.</summary>
    /// <param name="ended">Those who left last; otherwise those in it, whose step is next first.</param>
    public Task<List<CampaignPerson>> PeopleAsync(string brand, string campaign, bool ended, int take, CancellationToken cancel) => database.ListAsync($"""
        SELECT r.stream, r.id, r.entered_at, r.due_at, r.step, r.held_out, r.sent, r.why, r.left_at, r.bought_at, r.revenue, r.code, s.state FROM
          (SELECT * FROM run WHERE brand = $1 AND campaign = $2 AND {(ended ? "left_at" : "due_at")} IS NOT NULL ORDER BY {(ended ? "left_at DESC" : "due_at")} LIMIT $3) r LEFT JOIN stream s ON s.brand = r.brand AND s.stream = r.stream
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

    internal static RunFile Load(byte[] state) => (RunFile)StreamKinds.Find(Runs.Stream)!.Load(state);

    private static async Task<StreamId?> Maybe(Task<Tuple<StreamId?>?> found) => (await found)?.Item1;
}
