using System.Reflection;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Npgsql;
using Quartermaster.Core;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Kernel;
using Quartermaster.Runtime.Intake;
using static Quartermaster.Runtime.Columns;

namespace Quartermaster.Runtime.Lanes;

/// <summary>Writes what came of effects, with group commit, and reports it to the streams that planned them.</summary>
/// <remarks>
/// The end of an effect, its log row and the signal that reports it are one statement, fenced by the lane's token: whoever
/// lost the lane writes nothing. A crash before the commit leaves the effect claimed; the next owner finds it and asks first.
/// </remarks>
public sealed partial class OutcomeWriter(Database database, HubPlan plan, Wakeup wakeup, TimeProvider clock, ILogger<OutcomeWriter> log) : IAsyncDisposable
{
    private const int LargestGroup = 1000;

    private readonly Channel<(Settled Settled, Action Written)> _queue = Channel.CreateUnbounded<(Settled, Action)>(new() { SingleReader = true });
    private Task _writer = Task.CompletedTask;

    public void Start() => _writer = Task.Run(RunAsync);

    /// <summary>Queues an outcome; <paramref name="written"/> is called when it is in the database.</summary>
    public void Add(Settled settled, Action written) => _queue.Writer.TryWrite((settled, written));

    /// <summary>Effects that were not begun go back to the table. No attempt is counted.</summary>
    public async Task PutBackAsync(IReadOnlyList<LaneItem> items, DateTimeOffset next)
    {
        await using var command = database.Engine.CreateCommand("UPDATE effect SET state = 0, next_at = $2, token = 0 WHERE id = ANY($1) AND token = ANY($3)");
        command.With(Longs(items.Select(i => i.Id)), Instant(next), Longs(items.Select(i => i.Token).Distinct()));
        await command.ExecuteNonQueryAsync();
    }

    private async Task RunAsync()
    {
        List<(Settled Settled, Action Written)> group = [];
        while (await _queue.Reader.WaitToReadAsync())
        {
            // Nobody waits for these commits, so a few milliseconds of gathering cost nothing and save most of them.
            await Task.Delay(5);
            group.Clear();
            while (group.Count < LargestGroup && _queue.Reader.TryRead(out var next)) group.Add(next);
            for (var attempt = 0; ; attempt++)
            {
                try
                {
                    await WriteAsync(group.ConvertAll(g => g.Settled));
                    break;
                }
                catch (Exception e) when (attempt < 60)
                {
                    // The outside world has been changed: keep the answer and try until the database is back. When it never
                    // comes back, the lease ends and the next owner asks the remote system what happened.
                    LogUnwritten(log, group.Count, e.Message);
                    await Task.Delay(TimeSpan.FromMilliseconds(Math.Min(2000, 50 << Math.Min(attempt, 6))));
                }
                catch (Exception e) { LogLost(log, group.Count, e); break; }
            }
            foreach (var (_, written) in group) written();
        }
    }

    private async Task WriteAsync(List<Settled> group)
    {
        var now = clock.GetUtcNow();
        List<Ended> ended = [];
        List<Waiting> waiting = [];
        List<NewSignal> learned = [];
        List<NewSignal> reports = [];
        List<(string Brand, string Stream, string Key, string Kind, string Title, string Detail)> cases = [];
        foreach (var settled in group) Sort(settled, now, ended, waiting, reports, cases, learned);

        await using var connection = await database.Outcomes.OpenConnectionAsync();
        // A batch without a transaction around it is one implicit transaction: all of it or nothing, in one round trip.
        await using var batch = new NpgsqlBatch(connection);
        if (ended.Count > 0) AddEnded(batch, ended, now);
        if (waiting.Count > 0) AddWaiting(batch, waiting);
        if (cases.Count > 0) AddCases(batch, cases, now);
        batch.AddSignals(reports, now);
        batch.AddSignals(learned, now);
        if (batch.BatchCommands.Count > 0) await batch.ExecuteNonQueryAsync();

        foreach (var e in ended) if (e.Report is not null) wakeup.Partition(e.Part);
        wakeup.Wake(reports);
        wakeup.Wake(learned);
        await wakeup.AnnounceAsync(database, CancellationToken.None);
    }

    private void Sort(Settled s, DateTimeOffset now, List<Ended> ended, List<Waiting> waiting, List<NewSignal> reports, List<(string, string, string, string, string, string)> cases, List<NewSignal> learned)
    {
        var item = s.Item;
        var onlyTrouble = Reports.OnlyTrouble(item.Kind);
        if (s.Dropped)
        {
            ended.Add(new(s, "dropped", "it was due before " + item.NotAfter?.ToString("u"), null, null));
            return;
        }
        if (s.Result.Learned is { } found)
        {
            foreach (var f in found) learned.Add(new(f.To, Wire.KindOf(f.Signal.GetType()), CoreJson.Write(f.Signal), "effect/" + item.Id));
        }
        var attempts = (short)Math.Min(short.MaxValue, item.Attempts + (s.WasLookUp ? 0 : 1));
        switch (s.Result.Outcome)
        {
            case Outcome.Done done:
                ended.Add(new(s, s.WasLookUp ? "already_done" : "done", null, done.RemoteId, onlyTrouble ? null : Report(item, s.Result.Outcome)));
                break;
            case Outcome.AlreadyDone done:
                ended.Add(new(s, "already_done", null, done.RemoteId, onlyTrouble ? null : Report(item, s.Result.Outcome)));
                break;
            case Outcome.Refused refused when onlyTrouble:
                ended.Add(new(s, "refused", $"{refused.Code}: {refused.Why}", null, Report(item, refused)));
                break;
            case Outcome.Refused refused:
                waiting.Add(new(s, 3, false, attempts, DateTimeOffset.MaxValue, $"{refused.Code}: {refused.Why}"));
                reports.Add(Reported(item, refused));
                break;
            case Outcome.TryLater when s.WasLookUp:
                waiting.Add(new(s, 2, false, attempts, now, "it had not arrived; sent again"));
                break;
            case Outcome.TryLater later when attempts >= Retry.GiveUpAfter && onlyTrouble:
                // Whoever planned it has another way (the next message channel); kept open here as well, it could happen twice.
                ended.Add(new(s, "refused", $"given up after {attempts} attempts: {later.Why}", null, Report(item, later)));
                break;
            case Outcome.TryLater later when attempts >= Retry.GiveUpAfter:
                waiting.Add(new(s, 5, false, attempts, DateTimeOffset.MaxValue, later.Why));
                cases.Add(Case(item, "effect.gave_up", $"{Short(item.Kind)} did not succeed in {attempts} attempts", later.Why));
                break;
            case Outcome.TryLater later:
                waiting.Add(new(s, 2, false, attempts, now + Retry.After(attempts, later.After, item.Id), later.Why));
                break;
            case Outcome.NotConnected not when onlyTrouble:
                ended.Add(new(s, "refused", not.Why, null, Report(item, not)));
                cases.Add(NotConnected(item, not));
                break;
            case Outcome.NotConnected not:
                waiting.Add(new(s, 2, item.Unsure, (short)item.Attempts, now + TimeSpan.FromMinutes(1), not.Why));
                cases.Add(NotConnected(item, not));
                break;
            case Outcome.Unsure unsure:
                Unknown(s, unsure, attempts, now, waiting, reports, cases);
                break;
        }
    }

    private void Unknown(Settled s, Outcome.Unsure unsure, short attempts, DateTimeOffset now, List<Waiting> waiting, List<NewSignal> reports, List<(string, string, string, string, string, string)> cases)
    {
        var item = s.Item;
        var safety = plan.Connections[item.Lane].Connector.Manifest.RepeatSafety;
        if (safety == RepeatSafety.ByKey && attempts < Retry.GiveUpAfter)
        {
            waiting.Add(new(s, 2, false, attempts, now + Retry.After(attempts, null, item.Id), unsure.Why));
        }
        else if (safety == RepeatSafety.ByLookUp && item.Attempts < Retry.LookUps)
        {
            waiting.Add(new(s, 2, true, (short)(item.Attempts + 1), now + Retry.After(attempts, null, item.Id), unsure.Why));
        }
        else
        {
            waiting.Add(new(s, 4, true, attempts, DateTimeOffset.MaxValue, unsure.Why));
            reports.Add(Reported(item, unsure));
            cases.Add(Case(item, "effect.unsure", $"Nobody knows whether {Short(item.Kind)} arrived at {item.Lane}", unsure.Why));
        }
    }

    // Locks: effect rows by primary key. The log row and the report are written only for rows that were really deleted under
    // our token, so an effect ends exactly once however many processes believe to have done it.
    private static void AddEnded(NpgsqlBatch batch, List<Ended> ended, DateTimeOffset now) => batch.Add("""
        WITH u AS MATERIALIZED (SELECT * FROM unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::smallint[], $6::text[], $7::text[], $8::bytea[], $9::smallint[]) AS u(id, outcome, why, remote_id, attempts, request, answer, report, part)),
        d AS (DELETE FROM effect WHERE id = ANY($1) AND token = ANY($10) RETURNING id, brand, stream, lane, kind, key, seq, planned_at, body),
        l AS (INSERT INTO effect_log(id, brand, stream, lane, kind, key, seq, outcome, why, remote_id, attempts, planned_at, done_at, body, request, answer)
              SELECT d.id, d.brand, d.stream, d.lane, d.kind, d.key, d.seq, u.outcome, u.why, u.remote_id, u.attempts, d.planned_at, $11, d.body, u.request, u.answer FROM d JOIN u USING (id)),
        n AS MATERIALIZED (SELECT nextval('signal_seq') AS seq, d.brand, d.stream, u.report, u.part FROM d JOIN u USING (id) WHERE u.report IS NOT NULL),
        s AS (INSERT INTO signal(seq, at, brand, stream, raw, kind, source, body) SELECT seq, $11, brand, stream, false, 'effect.settled.v1', 'effect', report FROM n),
        c AS (UPDATE open_case SET closed_at = $11 WHERE closed_at IS NULL AND (brand, stream, key) IN (SELECT d.brand, d.stream, 'effect/' || d.key FROM d JOIN u USING (id) WHERE u.attempts > 1))
        INSERT INTO ready(part, seq) SELECT part, seq FROM n
        """,
        Longs(ended.Select(e => e.Settled.Item.Id)), Texts(ended.Select(e => e.Outcome)), Texts(ended.Select(e => e.Why)), Texts(ended.Select(e => e.RemoteId)),
        Shorts(ended.Select(e => (short)(e.Settled.Item.Attempts + 1))), Texts(ended.Select(e => Clean(e.Settled.Result.Exchange.Request))), Texts(ended.Select(e => Clean(e.Settled.Result.Exchange.Answer))),
        Blobs(ended.Select(e => e.Report)), Shorts(ended.Select(e => e.Part)), Longs(ended.Select(e => e.Settled.Item.Token).Distinct()), Instant(now));

    private static void AddWaiting(NpgsqlBatch batch, List<Waiting> waiting) => batch.Add("""
        UPDATE effect e SET state = u.state, unsure = u.unsure, attempts = u.attempts, next_at = u.next_at, why = u.why, request = u.request, answer = u.answer, token = 0
        FROM unnest($1::bigint[], $2::bigint[], $3::smallint[], $4::boolean[], $5::smallint[], $6::timestamptz[], $7::text[], $8::text[], $9::text[]) AS u(id, token, state, unsure, attempts, next_at, why, request, answer)
        WHERE e.id = u.id AND e.token = u.token
        """,
        Longs(waiting.Select(w => w.Settled.Item.Id)), Longs(waiting.Select(w => w.Settled.Item.Token)), Shorts(waiting.Select(w => w.State)), Bools(waiting.Select(w => w.Unsure)),
        Shorts(waiting.Select(w => w.Attempts)), Instants(waiting.Select(w => w.Next)), Texts(waiting.Select(w => Clean(w.Why))),
        Texts(waiting.Select(w => Clean(w.Settled.Result.Exchange.Request))), Texts(waiting.Select(w => Clean(w.Settled.Result.Exchange.Answer))));

    private static void AddCases(NpgsqlBatch batch, List<(string Brand, string Stream, string Key, string Kind, string Title, string Detail)> cases, DateTimeOffset now)
    {
        var rows = cases.DistinctBy(c => (c.Brand, c.Stream, c.Key)).ToList();
        batch.Add("""
            INSERT INTO open_case(brand, stream, key, kind, title, detail, seq, opened_at)
            SELECT brand, stream, key, kind, title, detail, 0, $7 FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[]) AS u(brand, stream, key, kind, title, detail)
            ON CONFLICT (brand, stream, key) DO UPDATE SET title = excluded.title, detail = excluded.detail, opened_at = CASE WHEN open_case.closed_at IS NULL THEN open_case.opened_at ELSE excluded.opened_at END, closed_at = NULL
            """,
            Texts(rows.Select(c => c.Brand)), Texts(rows.Select(c => c.Stream)), Texts(rows.Select(c => c.Key)), Texts(rows.Select(c => c.Kind)),
            Texts(rows.Select(c => c.Title)), Texts(rows.Select(c => Clean(c.Detail))), Instant(now));
    }

    private static (string, string, string, string, string, string) NotConnected(LaneItem item, Outcome.NotConnected not) =>
        (item.Brand, "connection/" + item.Lane, "not_connected", "connection.not_connected", $"{item.Lane} does not accept our credentials", not.Why);

    private static (string, string, string, string, string, string) Case(LaneItem item, string kind, string title, string detail) => (item.Brand, item.Stream, "effect/" + item.Key, kind, title, detail);

    private static byte[] Report(LaneItem item, Outcome outcome) => CoreJson.Write(new EffectSettled(item.Key, item.Kind, outcome));

    private static NewSignal Reported(LaneItem item, Outcome outcome) => new(StreamId.Parse(item.Brand, item.Stream), "effect.settled.v1", Report(item, outcome), "effect");

    private static string Short(string kind) => kind.Split('.') is [_, var name, ..] ? name.Replace('_', ' ') : kind;

    // U+0000 is valid in an answer and not in a text column.
    private static string? Clean(string? text) => text?.Contains('\0', StringComparison.Ordinal) == true ? text.Replace("\0", "\\u0000", StringComparison.Ordinal) : text;

    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _writer.WaitAsync(TimeSpan.FromSeconds(10)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private readonly record struct Ended(Settled Settled, string Outcome, string? Why, string? RemoteId, byte[]? Report)
    {
        public short Part => StreamId.PartitionOf(Settled.Item.Brand, Settled.Item.Stream);
    }

    private readonly record struct Waiting(Settled Settled, short State, bool Unsure, short Attempts, DateTimeOffset Next, string Why);

    [LoggerMessage(410, LogLevel.Warning, "{Count} outcomes are not written yet, trying again: {Why}")]
    private static partial void LogUnwritten(ILogger log, int count, string why);

    [LoggerMessage(411, LogLevel.Error, "{Count} outcomes could not be written; their leases will end and the remote systems will be asked")]
    private static partial void LogLost(ILogger log, int count, Exception e);
}

/// <summary>When a failed effect is tried again.</summary>
public static class Retry
{
    /// <summary>Attempts before a person is asked; with the pauses below that is about a day.</summary>
    public const int GiveUpAfter = 20;

    /// <summary>Look-ups of an effect of unknown fate before a person is asked.</summary>
    public const int LookUps = 10;

    private static readonly TimeSpan Longest = TimeSpan.FromHours(2);

    /// <summary>Exponential from a quarter of a second, with jitter from the effect's id so that a herd spreads out; never sooner than the vendor wishes.</summary>
    public static TimeSpan After(int attempts, TimeSpan? wish, long id)
    {
        var exponential = TimeSpan.FromSeconds(0.25) * Math.Pow(2, Math.Clamp(attempts - 1, 0, 15));
        var jittered = (exponential < Longest ? exponential : Longest) * (0.5 + id % 1000 / 2000.0);
        return wish is { } w && w > jittered ? w : jittered;
    }
}

/// <summary>Which effects report only trouble, by wire kind.</summary>
internal static class Reports
{
    private static readonly HashSet<string> Quiet = [.. Wire.All.Where(t => t.IsDefined(typeof(ReportsOnlyTroubleAttribute))).Select(Wire.KindOf)];

    public static bool OnlyTrouble(string kind) => Quiet.Contains(kind);
}
