using Npgsql;
using Quartermaster.Core.Campaigns;
using Quartermaster.Core.Flows;
using Quartermaster.Core.Kernel;
using Quartermaster.Runtime.Partitions;
using static Quartermaster.Runtime.Columns;

namespace Quartermaster.Runtime.Campaigns;

/// <summary>Keeps who is where in which campaign, in the transaction that decides it: a reading of the customers' states, from which every figure is counted. A batch that moves nobody adds no statement.</summary>
internal static class RunRows
{
    public static void AddWrites(NpgsqlBatch batch, HubPlan plan, IEnumerable<StreamEntry> touched)
    {
        List<(StreamId Of, Run Run)>? moved = null;
        foreach (var entry in touched)
        {
            if (!entry.Changed || entry.State is not RunFile after || entry.Stored is not RunFile before) continue;
            foreach (var run in after.Runs.All ?? [])
                if (!ReferenceEquals(before.Runs.Find(run.Id), run)) (moved ??= []).Add((entry.Id, run));
        }
        if (moved is null) return;
        // Only the customer's own stream writes its rows, and its partition is locked.
        batch.Add("""
            INSERT INTO run(brand, stream, id, campaign, entered_at, due_at, step, held_out, shadow, first_at, sent, lost, why, left_at, bought_at, revenue, code)
            SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::timestamptz[], $6::timestamptz[], $7::int[], $8::boolean[], $9::boolean[], $10::timestamptz[], $11::int[], $12::int[], $13::text[], $14::timestamptz[], $15::timestamptz[], $16::numeric[], $17::text[])
            ON CONFLICT (brand, stream, id) DO UPDATE SET entered_at = excluded.entered_at, due_at = excluded.due_at, step = excluded.step, first_at = excluded.first_at, sent = excluded.sent, lost = excluded.lost,
              why = excluded.why, left_at = excluded.left_at, bought_at = excluded.bought_at, revenue = excluded.revenue, code = excluded.code
            """,
            Texts(moved.Select(m => m.Of.Brand)), Texts(moved.Select(m => m.Of.Key)), Texts(moved.Select(m => m.Run.Id)), Texts(moved.Select(m => m.Run.Campaign)), Instants(moved.Select(m => m.Run.EnteredAt)),
            NullableInstants(moved.Select(m => m.Run.DueAt)), Ints(moved.Select(m => m.Run.Step)), Bools(moved.Select(m => m.Run.HeldOut)), Bools(moved.Select(m => m.Run.Shadow)), NullableInstants(moved.Select(m => m.Run.FirstAt)),
            Ints(moved.Select(m => m.Run.Sent?.Count ?? 0)), Ints(moved.Select(m => m.Run.Lost?.Count ?? 0)), Texts(moved.Select(m => m.Run.Left?.ToString())), NullableInstants(moved.Select(m => m.Run.LeftAt)),
            NullableInstants(moved.Select(m => Bought(m.Run)?.At)), NullableDecimals(moved.Select(m => Revenue(m.Run, plan.Brands[m.Of.Brand].Terms.Currency))), Texts(moved.Select(m => m.Run.Offer?.Code)));
    }

    private static decimal? Revenue(Run run, string currency) => Bought(run) is { } bought ? bought.Total.Currency == currency ? bought.Total.Amount : 0m : null;

    private static Conversion? Bought(Run run) => run.Bought is { Undone: false } bought ? bought : null;
}
