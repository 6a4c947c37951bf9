using Npgsql;
using Quartermaster.Core.Flows;
using Quartermaster.Core.Rules;
using Quartermaster.Runtime.Goods;

namespace Quartermaster.Runtime.ReadModels;

/// <summary>Rules of one brand as the dashboard has them.</summary>
/// <param name="From">When it began, or begins.</param>
public sealed record RuleEditionRow(int Number, string Text, string Note, string ByWhom, DateTimeOffset SavedAt, DateTimeOffset From);

/// <summary>Reads rules and what they matched, and tries others.</summary>
public sealed class RuleReads(NpgsqlDataSource database)
{
    /// <summary>Newest first.</summary>
    public Task<List<RuleEditionRow>> EditionsAsync(string brand, int size, CancellationToken cancel) =>
        database.ListAsync("SELECT number, text, note, by_whom, saved_at, from_at FROM rule_edition WHERE brand = $1 ORDER BY number DESC LIMIT $2",
            r => new RuleEditionRow(r.GetInt32(0), r.GetString(1), r.GetString(2), r.GetString(3), r.At(4), r.At(5)), cancel, brand, size);

    /// <summary>The rules of a configuration, and after them the dashboard's newest.</summary>
    /// <param name="read">Reads the dashboard's text; throws when it cannot be read (any more).</param>
    public async Task<RuleBook> InForceAsync(HubPlan plan, string brand, Func<HubPlan, string, string, IReadOnlyList<Rule>> read, CancellationToken cancel)
    {
        var configured = plan.Brands[brand].Rules;
        return await EditionsAsync(brand, 1, cancel) is [var newest] ? configured.With(read(plan, brand, newest.Text), newest.Number) : configured;
    }

    /// <summary>How many orders each rule has come to match since a day.</summary>
    public async Task<IReadOnlyDictionary<string, long>> MatchesAsync(string brand, DateOnly since, CancellationToken cancel) =>
        // Index: tally_pkey, the run of days of the brand.
        (await database.ListAsync("SELECT substr(name, 6), sum(value)::bigint FROM tally WHERE brand = $1 AND day >= $2 AND name >= 'rule/' AND name < 'rule0' GROUP BY 1",
            r => (Rule: r.GetString(0), Orders: r.GetInt64(1)), cancel, brand, since)).ToDictionary(r => r.Rule, r => r.Orders);

    /// <summary>Tries rules on the newest orders of a brand.</summary>
    public async Task<RuleTrial> TryAsync(string brand, RuleBook now, RuleBook then, int most, CancellationToken cancel)
    {
        var trial = new RuleTrial(now, then, about: await new SkuFactsTable(database).AboutAsync(brand, null, cancel));
        await foreach (var past in new PastOrders(database).NewestAsync(brand, DateTimeOffset.MinValue, most, cancel)) trial.Take(past.Stream, past.Number, past.File.Order);
        return trial;
    }
}
