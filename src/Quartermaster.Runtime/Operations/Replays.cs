using Npgsql;
using Quartermaster.Core;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Kernel;
using static Quartermaster.Runtime.Columns;

namespace Quartermaster.Runtime.Operations;

/// <summary>Puts things back to work: parked signals, refused or unsure effects, a stored signal once more.</summary>
/// <remarks>
/// Safe to repeat: a signal that was decided before changes nothing twice, because deciders ignore what they know, and an
/// effect keeps its key, so the remote system or a look-up recognises it.
/// </remarks>
internal sealed class Replays(Database database, Wakeup? wakeup, TimeProvider clock)
{
    private const int Samples = 20;

    private const string ParkedWhere = """
        FROM parked p WHERE ($1::text IS NULL OR p.brand = $1) AND ($2::text IS NULL OR p.stream = $2) AND ($3::text IS NULL OR p.case_kind = $3) AND ($4::bigint IS NULL OR p.seq = $4)
        """;

    private const string EffectWhere = """
        FROM effect e WHERE e.state >= 3 AND ($1::text IS NULL OR e.brand = $1) AND ($2::text IS NULL OR e.stream = $2) AND ($3::text IS NULL OR e.lane = $3) AND ($4::text IS NULL OR e.kind = $4) AND ($5::bigint IS NULL OR e.id = $5) AND ($6::text IS NULL OR e.cause = $6)
        """;

    public async Task<ReplayPreview> PreviewAsync(ReplayFilter f, CancellationToken cancel)
    {
        await using var connection = await database.General.OpenConnectionAsync(cancel);
        List<ReplaySample> samples = [], skipped = [];
        int signals = 0, effects = 0;
        if (WantsSignals(f))
        {
            signals = (int)(long)(await Parked(new NpgsqlCommand("SELECT count(*) " + ParkedWhere, connection), f).ExecuteScalarAsync(cancel))!;
            await Sample(Parked(new NpgsqlCommand($"SELECT p.brand, p.stream, p.kind, p.reason {ParkedWhere} ORDER BY p.seq LIMIT {Samples}", connection), f), samples, cancel);
            if (f.Seq is { } seq && signals == 0) signals = await PreviewStored(connection, seq, samples, skipped, cancel);
        }
        if (WantsEffects(f))
        {
            effects = (int)(long)(await Effects(new NpgsqlCommand($"SELECT count(*) {EffectWhere} AND e.state <> 4", connection), f).ExecuteScalarAsync(cancel))!;
            await Sample(Effects(new NpgsqlCommand($"SELECT e.brand, e.stream, e.kind, coalesce(e.why, '') {EffectWhere} AND e.state <> 4 ORDER BY e.id LIMIT {Samples}", connection), f), samples, cancel);
            await Sample(Effects(new NpgsqlCommand($"SELECT e.brand, e.stream, e.kind, 'its fate is unknown: say whether it happened, or it could happen twice' {EffectWhere} AND e.state = 4 ORDER BY e.id LIMIT {Samples}", connection), f), skipped, cancel);
            if (f.EffectId is { } id && effects == 0)
            {
                await Sample(new NpgsqlCommand("SELECT brand, stream, kind, 'it already happened (' || outcome || ' ' || to_char(done_at, 'YYYY-MM-DD HH24:MI') || ' UTC)' FROM effect_log WHERE id = $1", connection).With(Long(id)), skipped, cancel);
            }
        }
        return new(signals, effects, samples, skipped);
    }

    public async Task<int> ReplayAsync(ReplayFilter f, string who, CancellationToken cancel)
    {
        await using var connection = await database.General.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        var count = 0;
        if (WantsSignals(f))
        {
            // Everything parked of the streams concerned goes back in its order: the seq stays, and so does what comes first.
            count += await Parked(new NpgsqlCommand($"""
                WITH chosen AS (SELECT DISTINCT p.brand, p.stream, p.seq, p.stream LIKE 'order/%' AS ordered {ParkedWhere}),
                d AS (DELETE FROM parked x USING chosen c WHERE x.brand = c.brand AND x.stream = c.stream AND (c.ordered OR x.seq = c.seq) RETURNING x.part, x.seq)
                INSERT INTO ready(part, seq) SELECT DISTINCT part, seq FROM d ON CONFLICT DO NOTHING
                """, connection, transaction), f).ExecuteNonQueryAsync(cancel);
            if (count == 0 && f.Seq is { } seq) count += await Again(connection, transaction, seq, cancel);
        }
        if (WantsEffects(f))
        {
            // Its case said that it was given up: it is tried again, and opened anew if that fails. The state is asked once more of the row that was waited for:
            // of two people who press at once, the second would take it from a lane that has claimed it for the first.
            count += await Effects(new NpgsqlCommand($"""
                WITH u AS (UPDATE effect SET state = 2, attempts = 0, token = 0, next_at = $7 WHERE id IN (SELECT e.id {EffectWhere} AND e.state <> 4) AND state IN (3, 5) RETURNING brand, stream, key),
                c AS (UPDATE open_case SET closed_at = $7 WHERE closed_at IS NULL AND (brand, stream, key) IN (SELECT brand, stream, 'effect/' || key FROM u))
                SELECT count(*)::int FROM u
                """, connection, transaction), f).With(Instant(clock.GetUtcNow())).ExecuteScalarAsync(cancel) is int again ? again : 0;
        }
        await Desk.AuditAsync(connection, transaction, who, "replay", f.Brand, f.Stream ?? f.CaseKind ?? f.Lane ?? f.Seq?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? f.EffectId?.ToString(System.Globalization.CultureInfo.InvariantCulture), AuditWords.Of(f, count), cancel);
        await Desk.NotifyAnew(connection, transaction, cancel);
        await transaction.CommitAsync(cancel);
        wakeup?.Anew();
        return count;
    }

    public async Task ResolveAsync(long effectId, bool happened, string who, CancellationToken cancel)
    {
        await using var connection = await database.General.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await CloseCase(connection, transaction, effectId, cancel);
        if (happened) await End(connection, transaction, effectId, "already_done", "confirmed by " + who, _ => new Outcome.AlreadyDone(), cancel);
        else
        {
            await using var again = new NpgsqlCommand("UPDATE effect SET state = 2, attempts = 0, doubts = 0, token = 0, next_at = $2 WHERE id = $1 AND state >= 3", connection, transaction);
            if (await again.With(Long(effectId), Instant(clock.GetUtcNow())).ExecuteNonQueryAsync(cancel) == 0) throw NotOpen(effectId);
        }
        await Desk.AuditAsync(connection, transaction, who, happened ? "effect.happened" : "effect.did_not_happen", null, "effect/" + effectId, null, cancel);
        await Desk.NotifyAnew(connection, transaction, cancel);
        await transaction.CommitAsync(cancel);
        wakeup?.Anew();
    }

    public async Task CancelAsync(long effectId, string reason, string who, CancellationToken cancel)
    {
        await using var connection = await database.General.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await CloseCase(connection, transaction, effectId, cancel);
        // Whoever planned it must not wait for it for ever: to the stream it is a no like any other.
        await End(connection, transaction, effectId, "cancelled", $"{who}: {reason}", inDoubt => new Outcome.Refused(inDoubt ? Outcome.Refused.ByPersonInDoubt : Outcome.Refused.ByPerson, $"{who}: {reason}"), cancel);
        await Desk.AuditAsync(connection, transaction, who, "effect.cancelled", null, "effect/" + effectId, reason, cancel);
        await Desk.NotifyAnew(connection, transaction, cancel);
        await transaction.CommitAsync(cancel);
        wakeup?.Anew();
    }

    /// <summary>A signal that is set apart is given up for good: it stays on the timeline with the reason, and what waits behind it goes on.</summary>
    public async Task LeaveOutAsync(long seq, string reason, string who, CancellationToken cancel)
    {
        await using var connection = await database.General.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await using var leave = new NpgsqlCommand("""
            WITH p AS (DELETE FROM parked WHERE seq = $1 AND NOT behind RETURNING seq, brand, stream),
            d AS (INSERT INTO decision(brand, stream, seq, version, at, note)
                  SELECT p.brand, p.stream, p.seq, coalesce((SELECT version FROM stream s WHERE s.brand = p.brand AND s.stream = p.stream), 0), $2, $3 FROM p ON CONFLICT DO NOTHING),
            b AS (DELETE FROM parked x USING p WHERE x.brand = p.brand AND x.stream = p.stream AND x.behind RETURNING x.part, x.seq),
            r AS (INSERT INTO ready(part, seq) SELECT part, seq FROM b ON CONFLICT DO NOTHING)
            SELECT brand FROM p
            """, connection, transaction).With(Long(seq), Instant(clock.GetUtcNow()), Text($"Left out by {who}: {reason}"));
        if (await leave.ExecuteScalarAsync(cancel) is not string brand) throw new InvalidOperationException($"Signal {seq} is not set apart by itself: it was decided, or it only waits behind another.");
        await Desk.AuditAsync(connection, transaction, who, "signal.left_out", brand, $"signal/{seq}", reason, cancel);
        await Desk.NotifyAnew(connection, transaction, cancel);
        await transaction.CommitAsync(cancel);
        wakeup?.Anew();
    }

    private async Task<int> Again(NpgsqlConnection connection, NpgsqlTransaction transaction, long seq, CancellationToken cancel)
    {
        // A copy with a new number: the log is append-only, and the first decision on it stays on the timeline.
        await using var copy = new NpgsqlCommand("""
            WITH o AS (SELECT * FROM signal WHERE seq = $1),
            n AS (INSERT INTO signal(at, brand, stream, raw, kind, source, delivery, body) SELECT $2, brand, stream, raw, kind, source, 'replay of ' || seq, body FROM o RETURNING seq, brand, stream)
            SELECT seq, brand, stream FROM n
            """, connection, transaction);
        copy.With(Long(seq), Instant(clock.GetUtcNow()));
        long fresh; short part;
        await using (var reader = await copy.ExecuteReaderAsync(cancel))
        {
            if (!await reader.ReadAsync(cancel)) return 0;
            (fresh, part) = (reader.GetInt64(0), StreamId.PartitionOf(reader.GetString(1), reader.GetString(2)));
        }
        await using var ready = new NpgsqlCommand("INSERT INTO ready(part, seq) VALUES ($1, $2)", connection, transaction);
        return await ready.With(new NpgsqlParameter<short> { TypedValue = part }, Long(fresh)).ExecuteNonQueryAsync(cancel);
    }

    private static async Task<int> PreviewStored(NpgsqlConnection connection, long seq, List<ReplaySample> samples, List<ReplaySample> skipped, CancellationToken cancel)
    {
        await Sample(new NpgsqlCommand("SELECT brand, stream, kind, 'decided again; what it already caused is recognised and not repeated' FROM signal WHERE seq = $1", connection).With(Long(seq)), samples, cancel);
        await Sample(new NpgsqlCommand("""
            SELECT l.brand, l.stream, l.kind, 'already ' || l.outcome FROM decision d CROSS JOIN LATERAL unnest(d.effects) AS x(id) JOIN effect_log l ON l.id = x.id
            WHERE (d.brand, d.stream, d.seq) = (SELECT brand, stream, seq FROM signal WHERE seq = $1) LIMIT 20
            """, connection).With(Long(seq)), skipped, cancel);
        return samples.Count > 0 ? 1 : 0;
    }

    private async Task End(NpgsqlConnection connection, NpgsqlTransaction transaction, long id, string outcome, string why, Func<bool, Outcome> reportOf, CancellationToken cancel)
    {
        var now = Instant(clock.GetUtcNow());
        await using var end = new NpgsqlCommand("""
            WITH d AS (DELETE FROM effect WHERE id = $1 AND state <> 1 RETURNING *),
            l AS (INSERT INTO effect_log(id, brand, stream, lane, kind, key, seq, outcome, why, attempts, planned_at, done_at, body, request, answer)
                  SELECT id, brand, stream, lane, kind, key, seq, $2, $3, attempts, planned_at, $4, body, request, answer FROM d)
            SELECT brand, stream, key, kind, state = 4 OR doubts > 0 FROM d
            """, connection, transaction);
        end.With(Long(id), Text(outcome), Text(why), now);
        StreamId stream; string key, kind; bool inDoubt;
        await using (var reader = await end.ExecuteReaderAsync(cancel))
        {
            if (!await reader.ReadAsync(cancel)) throw NotOpen(id);
            (stream, key, kind, inDoubt) = (StreamId.Parse(reader.GetString(0), reader.GetString(1)), reader.GetString(2), reader.GetString(3), reader.GetBoolean(4));
        }
        await using var batch = new NpgsqlBatch(connection, transaction);
        Intake.SignalRows.AddSignals(batch, [new(stream, "effect.settled.v1", CoreJson.Write(new EffectSettled(key, kind, reportOf(inDoubt))), "effect")], clock.GetUtcNow());
        await batch.ExecuteNonQueryAsync(cancel);
    }

    private async Task CloseCase(NpgsqlConnection connection, NpgsqlTransaction transaction, long id, CancellationToken cancel)
    {
        await using var close = new NpgsqlCommand("UPDATE open_case c SET closed_at = $2 FROM effect e WHERE e.id = $1 AND c.brand = e.brand AND c.stream = e.stream AND c.key = 'effect/' || e.key AND c.closed_at IS NULL", connection, transaction);
        await close.With(Long(id), Instant(clock.GetUtcNow())).ExecuteNonQueryAsync(cancel);
    }

    private static InvalidOperationException NotOpen(long id) => new($"Effect {id} is not waiting for a decision: it has ended, or it is under way.");

    private static bool WantsSignals(ReplayFilter f) => f.What is "signals" or "all" && f.EffectId is null && f.Lane is null && f.EffectKind is null && f.Cause is null;

    private static bool WantsEffects(ReplayFilter f) => f.What is "effects" or "all" && f.Seq is null && f.CaseKind is null;

    private static NpgsqlCommand Parked(NpgsqlCommand command, ReplayFilter f) => command.With(Text(f.Brand), Text(f.Stream), Text(f.CaseKind), NullableLong(f.Seq));

    private static NpgsqlCommand Effects(NpgsqlCommand command, ReplayFilter f) => command.With(Text(f.Brand), Text(f.Stream), Text(f.Lane), Text(f.EffectKind), NullableLong(f.EffectId), Text(f.Cause));

    private static async Task Sample(NpgsqlCommand command, List<ReplaySample> into, CancellationToken cancel)
    {
        await using (command)
        {
            await using var reader = await command.ExecuteReaderAsync(cancel);
            while (await reader.ReadAsync(cancel)) into.Add(new(reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.GetString(3)));
        }
    }
}
