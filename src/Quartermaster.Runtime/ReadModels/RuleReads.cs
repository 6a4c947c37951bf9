using Npgsql;
using Quartermaster.Core.Flows;
using Quartermaster.Core.Rules;
using Quartermaster.Runtime.Editions;
using Quartermaster.Runtime.Goods;

namespace Quartermaster.Runtime.ReadModels;

/// <summary>Reads rules and what they matched, and tries others.</summary>
public sealed class RuleReads(NpgsqlDataSource database)
{
    /// <summary>The rules of a configuration, and after them the dashboard's newest.</summary>
    /// <param name="read">Reads the dashboard's text; throws when it cannot be read (any more).</param>
    public async Task<RuleBook> InForceAsync(HubPlan plan, string brand, Func<HubPlan, string, string, IReadOnlyList<Rule>> read, CancellationToken cancel)
    {
        var configured = plan.Brands[brand].Rules;
        return await new EditionReads(database).OfAsync(brand, Edition.Rules, 1, cancel) is [var newest] ? configured.With(read(plan, brand, newest.Text), newest.Number) : configured;
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
