using Npgsql;
using Quartermaster.Core.Orders;
using Quartermaster.Core.Risk;

namespace Quartermaster.Runtime.ReadModels;

/// <summary>Reads how orders were scored, and what came of asking shoppers to confirm.</summary>
public sealed class RiskReads(NpgsqlDataSource database)
{
    /// <summary>How often an outside reviewer said what.</summary>
    public async Task<IReadOnlyList<(Verdict Verdict, long Count)>> OpinionsAsync(string brand, DateOnly from, DateOnly to, CancellationToken cancel) =>
        // Index: tally_pkey, the run of days of the brand.
        [.. (await database.ListAsync("SELECT name, sum(value)::bigint FROM tally WHERE brand = $1 AND day BETWEEN $2 AND $3 AND name >= 'opinion/' AND name < 'opinion0' GROUP BY name ORDER BY 2 DESC",
            r => (Name: r.GetString(0), Count: r.GetInt64(1)), cancel, brand, from, to)).Select(r => (Enum.Parse<Verdict>(r.Name[RiskTally.OpinionPrefix.Length..]), r.Count))];

    /// <summary>One record per band of scores that had any order, the lowest first.</summary>
    public async Task<IReadOnlyList<AskingRecord>> BandsAsync(string brand, DateOnly from, DateOnly to, CancellationToken cancel)
    {
        // Index: tally_pkey, the run of days of the brand.
        var rows = await database.ListAsync("""
            SELECT name, sum(value)::bigint FROM tally WHERE brand = $1 AND day BETWEEN $2 AND $3 AND (name >= 'scored/' AND name < 'scored0' OR name >= 'question/' AND name < 'question0') GROUP BY name
            """, r => (Name: r.GetString(0), Value: r.GetInt64(1)), cancel, brand, from, to);
        var scored = rows.Where(r => r.Name.StartsWith(RiskTally.ScoredPrefix, StringComparison.Ordinal)).ToDictionary(r => RiskTally.BandIn(r.Name), r => r.Value);
        var ends = rows.Where(r => r.Name.StartsWith(RiskTally.QuestionPrefix, StringComparison.Ordinal)).Select(r => (Of: RiskTally.Read(r.Name), r.Value)).ToList();
        return [.. scored.Keys.Concat(ends.Select(e => e.Of.Band)).Distinct().Order().Select(band => new AskingRecord(band, scored.GetValueOrDefault(band),
            Of(band, s => s is Confirmation.Confirmed or Confirmation.Corrected or Confirmation.Prepay), Of(band, s => s is Confirmation.Asked or Confirmation.Unanswered or Confirmation.Declined), Of(band, s => s == Confirmation.HeldOut)))];

        Ends Of(int band, Func<Confirmation, bool> counts)
        {
            var of = ends.Where(e => e.Of.Band == band && counts(e.Of.State)).ToList();
            return new(of.Where(e => !e.Of.Returned).Sum(e => e.Value), of.Where(e => e.Of.Returned).Sum(e => e.Value));
        }
    }
}
