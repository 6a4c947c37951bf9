using Npgsql;
using Quartermaster.Core.Flows;
using Quartermaster.Core.Orders;
using Quartermaster.Core.Rules;

namespace Quartermaster.Runtime.ReadModels;

/// <summary>Rules of one brand as the dashboard has them.</summary>
/// <param name="From">When it began, or begins.</param>
public sealed record RuleEditionRow(int Number, string Text, string Note, string ByWhom, DateTimeOffset SavedAt, DateTimeOffset From);

/// <summary>A past order that rules are tried on.</summary>
public sealed record PastOrder(string Stream, string Number, Order Order);

/// <summary>Reads rules, what they matched, and the orders they are tried on.</summary>
public sealed class RuleReads(NpgsqlDataSource database)
{
    private const int Page = 500;

    /// <summary>Newest first.</summary>
    public Task<List<RuleEditionRow>> EditionsAsync(string brand, int size, CancellationToken cancel) =>
        database.ListAsync("SELECT number, text, note, by_whom, saved_at, from_at FROM rule_edition WHERE brand = $1 ORDER BY number DESC LIMIT $2",
            r => new RuleEditionRow(r.GetInt32(0), r.GetString(1), r.GetString(2), r.GetString(3), r.At(4), r.At(5)), cancel, brand, size);

    /// <summary>How many orders each rule has come to match since a day.</summary>
    public async Task<IReadOnlyDictionary<string, long>> MatchesAsync(string brand, DateOnly since, CancellationToken cancel) =>
        // Index: tally_pkey, the run of days of the brand.
        (await database.ListAsync("SELECT substr(name, 6), sum(value)::bigint FROM tally WHERE brand = $1 AND day >= $2 AND name >= 'rule/' AND name < 'rule0' GROUP BY 1",
            r => (Rule: r.GetString(0), Orders: r.GetInt64(1)), cancel, brand, since)).ToDictionary(r => r.Rule, r => r.Orders);

    /// <summary>Tries rules on the newest orders of a brand.</summary>
    public async Task<RuleTrial> TryAsync(string brand, RuleBook now, RuleBook then, int most, CancellationToken cancel)
    {
        var trial = new RuleTrial(now, then);
        await foreach (var past in NewestAsync(brand, most, cancel)) trial.Take(past.Stream, past.Number, past.Order);
        return trial;
    }

    /// <summary>The newest orders of a brand, read in short steps so that no snapshot is held for long.</summary>
    public async IAsyncEnumerable<PastOrder> NewestAsync(string brand, int most, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
    {
        var kind = new OrderStream();
        var (at, last) = (DateTimeOffset.MaxValue, "");
        for (var left = most; left > 0;)
        {
            // Index: stream_placed.
            var rows = await database.ListAsync("""
                SELECT stream, number, placed_at, state FROM stream WHERE brand = $1 AND placed_at IS NOT NULL AND placed_at <= $2 AND (placed_at < $2 OR stream > $3)
                ORDER BY brand, placed_at DESC, stream LIMIT $4
                """, r => (Stream: r.GetString(0), Number: r.GetString(1), At: r.At(2), State: r.GetFieldValue<byte[]>(3)), cancel, brand, at, last, Math.Min(left, Page));
            foreach (var row in rows)
                if (((OrderFile)kind.Load(row.State)).Order is { Facts: not null } order) yield return new(row.Stream, row.Number, order);
            if (rows.Count < Page) yield break;
            left -= rows.Count;
            (at, last) = (rows[^1].At, rows[^1].Stream);
        }
    }
}
