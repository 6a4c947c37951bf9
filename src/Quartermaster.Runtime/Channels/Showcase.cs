using Npgsql;
using Quartermaster.Core.Channels;
using Quartermaster.Core.Connecting;
using Quartermaster.Runtime.Lanes;

namespace Quartermaster.Runtime.Channels;

/// <summary>Takes products that sold out out of shoppers' sight, and puts them back when there is something to sell: one turn for one channel.</summary>
/// <remarks>
/// A state, as stock is (ADR 17): whether a product is sold out is read when its turn comes, from the numbers that the channel took. So the newest wins,
/// and one that sold out for a moment is never hidden. The channel's own word is read before every change and written down before the first one.
/// </remarks>
internal sealed class Showcase(Database database, TimeProvider clock)
{
    // A channel that will not show a product is not asked for ever, and not given up either.
    private static readonly TimeSpan AfterRefusal = TimeSpan.FromMinutes(10);

    public ShowingRows Rows { get; } = new(database);

    /// <summary>Listings are settled: whose product may have sold out, or come back? Written with them, so that no crash leaves a product as it was.</summary>
    public static void AddMarks(NpgsqlBatch batch, ConnectionPlan plan, IReadOnlyList<SettledListing> settled, DateTimeOffset now)
    {
        if (plan is not { Stock.HideAtZero: true }) return;
        List<string> emptied = [], filled = [];
        foreach (var s in settled)
        {
            if (!s.Came.Sent || s.Units == 0 == (s.Of.Sent == 0)) continue;
            (s.Units == 0 ? emptied : filled).Add(s.Of.Id.Item);
        }
        ShowingRows.AddMarks(batch, plan, emptied, filled, now);
    }

    /// <returns>False when nothing was due.</returns>
    public async Task<bool> TurnAsync(Lane lane, bool shadow, CancellationToken cancel)
    {
        var (plan, how) = (lane.Plan, lane.Plan.Connector.Manifest.Hiding!);
        var due = await Rows.DueAsync(plan, how.Batch, clock.GetUtcNow(), cancel);
        if (due.Count == 0) return false;
        List<SettledProduct> settled = [];
        List<DueProduct> unclear = [];
        foreach (var one in due)
        {
            if (Showing.Before(one) is { } before) settled.Add(new(one, before));
            else if (shadow) settled.Add(new(one, new(null, one.Was, one.Hidden, $"in shadow: would be {(one.SoldOut ? "hidden" : "shown")}")));
            else unclear.Add(one);
        }
        if (unclear.Count > 0) settled.AddRange(await ChangeAsync(lane, unclear, how, cancel));
        await Rows.SettleAsync(plan.Key, settled, clock.GetUtcNow(), cancel);
        return true;
    }

    private async Task<List<SettledProduct>> ChangeAsync(Lane lane, List<DueProduct> due, Hiding how, CancellationToken cancel)
    {
        var connector = lane.Plan.Connector;
        var shown = await Calls.EachAsync(due, () => connector.ReadShownAsync(lane.Session, [.. due.Select(d => d.Product)], cancel), why => new ShownAnswer(why), connector.Manifest, cancel);
        List<SettledProduct> settled = [];
        List<(DueProduct Of, ShowStep Step)> asks = [];
        for (var i = 0; i < due.Count; i++)
        {
            if (shown[i].Outcome is not (Outcome.Done or Outcome.AlreadyDone)) settled.Add(Failed(due[i], new(null, due[i].Was, due[i].Hidden, ""), shown[i].Outcome));
            else if (Showing.Next(due[i], shown[i].As, how) is { As: not null } step) asks.Add((due[i], step));
            else settled.Add(new(due[i], Showing.Next(due[i], shown[i].As, how)));
        }
        if (asks.Count == 0) return settled;
        await Rows.BeginAsync(lane.Plan.Key, [.. asks.Where(a => a.Of.SoldOut).Select(a => (a.Of.Product, a.Step.Was!))], cancel);
        var outcomes = await Calls.EachAsync(asks, () => connector.ShowAsync(lane.Session, [.. asks.Select(a => new ShowAs(a.Of.Product, a.Step.As!))], cancel), why => why, connector.Manifest, cancel);
        for (var i = 0; i < asks.Count; i++)
        {
            var (of, step) = asks[i];
            settled.Add(outcomes[i] is not (Outcome.Done or Outcome.AlreadyDone) ? Failed(of, step, outcomes[i])
                : of.SoldOut ? new(of, step with { Hidden = true }) : new(of, step with { Was = null, Hidden = false }));
        }
        return settled;
    }

    // What we began to hide stays ours until we have seen that it is not hidden.
    private SettledProduct Failed(DueProduct of, ShowStep step, Outcome outcome)
    {
        var now = clock.GetUtcNow();
        return new(of, step with { Hidden = of.Hidden, Word = Publishing.Words(outcome) }, Publishing.Again(outcome, of.Attempts + 1, now) ?? now + AfterRefusal, Failed: true);
    }
}
