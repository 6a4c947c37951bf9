using Npgsql;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Kernel;
using static Quartermaster.Runtime.Columns;

namespace Quartermaster.Runtime.Partitions;

/// <summary>Takes effects that their stream does not want any more out of this batch or out of the table, in its transaction.</summary>
/// <remarks>
/// Only the stream that planned an effect calls it off, and its partition is locked, so nothing can plan it meanwhile. What a lane has
/// claimed is left alone: between the claim and the outcome nobody can say whether it was sent.
/// </remarks>
internal sealed class CallOffs(NpgsqlConnection connection, NpgsqlTransaction transaction)
{
    // Locks: effect rows by (brand, key), never waiting; a row that somebody is about to claim or to end counts as under way.
    // What is not in the table has ended: its log row is found by the decision that planned it, and in shadow it was never sent.
    private const string Take = """
        WITH u AS MATERIALIZED (SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[]) AS u(brand, stream, key, why)),
        f AS MATERIALIZED (SELECT e.id FROM u JOIN effect e USING (brand, key) WHERE e.state <> 1 FOR UPDATE OF e SKIP LOCKED),
        d AS (DELETE FROM effect WHERE id IN (SELECT id FROM f) AND state <> 1 RETURNING *),
        l AS (INSERT INTO effect_log(id, brand, stream, lane, kind, key, seq, outcome, why, attempts, planned_at, done_at, body, request, answer)
              SELECT d.id, d.brand, d.stream, d.lane, d.kind, d.key, d.seq, 'cancelled', u.why, d.attempts, d.planned_at, $5, d.body, d.request, d.answer FROM d JOIN u USING (brand, key)),
        c AS (UPDATE open_case SET closed_at = $5 WHERE closed_at IS NULL AND (brand, stream, key) IN (SELECT brand, stream, 'effect/' || key FROM d))
        SELECT u.brand, u.key, CASE
          WHEN d.id IS NOT NULL THEN CASE WHEN d.attempts = 0 AND d.doubts = 0 THEN 'never' ELSE 'perhaps' END
          WHEN EXISTS (SELECT 1 FROM effect e WHERE e.brand = u.brand AND e.key = u.key) THEN 'under_way'
          WHEN EXISTS (SELECT 1 FROM decision x CROSS JOIN LATERAL unnest(x.effects) AS i(id) JOIN effect_log o ON o.id = i.id
                       WHERE x.brand = u.brand AND x.stream = u.stream AND o.key = u.key AND o.attempts = 0 AND o.outcome IN ('shadow', 'cancelled', 'dropped')) THEN 'never'
          ELSE 'perhaps' END
        FROM u LEFT JOIN d USING (brand, key)
        """;

    /// <param name="decided">What this batch has concluded so far; its effects are not in the table yet.</param>
    public async Task AnswerAsync(List<(OpenDecision Decision, Request Request)> asked, List<OpenDecision> decided, DateTimeOffset now, CancellationToken cancel)
    {
        List<(OpenDecision Decision, CallOff Ask)> inTable = [];
        foreach (var (decision, request) in asked)
        {
            if (request is not CallOff ask) continue;
            if (OfThisBatch(decision, decided, ask.EffectKey) is { } planner)
            {
                planner.CalledOff[ask.EffectKey] = ask.Why;
                Answer(decision, ask, CallOffAnswer.NeverSent);
            }
            else inTable.Add((decision, ask));
        }
        if (inTable.Count > 0) await TakeAsync(inTable, now, cancel);
    }

    private async Task TakeAsync(List<(OpenDecision Decision, CallOff Ask)> asked, DateTimeOffset now, CancellationToken cancel)
    {
        Dictionary<(string Brand, string Key), CallOffAnswer> answers = [];
        var rows = asked.DistinctBy(a => (a.Decision.Stream.Id.Brand, a.Ask.EffectKey)).ToList();
        await using (var command = new NpgsqlCommand(Take, connection, transaction))
        {
            command.With(Texts(rows.Select(a => a.Decision.Stream.Id.Brand)), Texts(rows.Select(a => a.Decision.Stream.Id.Key)), Texts(rows.Select(a => a.Ask.EffectKey)), Texts(rows.Select(a => a.Ask.Why)), Instant(now));
            await using var reader = await command.ExecuteReaderAsync(cancel);
            while (await reader.ReadAsync(cancel))
            {
                answers[(reader.GetString(0), reader.GetString(1))] = reader.GetString(2) switch
                {
                    "never" => CallOffAnswer.NeverSent,
                    "perhaps" => CallOffAnswer.MayHaveArrived,
                    _ => CallOffAnswer.UnderWay,
                };
            }
        }
        foreach (var (decision, ask) in asked)
        {
            decision.Answered = true;
            Answer(decision, ask, answers[(decision.Stream.Id.Brand, ask.EffectKey)]);
        }
    }

    private static OpenDecision? OfThisBatch(OpenDecision asking, List<OpenDecision> decided, string key)
    {
        if (asking.Plans(key)) return asking;
        foreach (var d in decided) if (d.Stream == asking.Stream && d.Plans(key)) return d;
        return null;
    }

    private static void Answer(OpenDecision decision, CallOff ask, CallOffAnswer answer) =>
        decision.Signals.AddFirst(new CalledOff(ask.EffectKey, ask.EffectKind, answer));
}
