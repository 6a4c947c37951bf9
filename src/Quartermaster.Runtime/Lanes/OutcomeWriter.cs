using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Npgsql;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Kernel;
using Quartermaster.Runtime.Customers;
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
    private volatile bool _givenUp;

    public void Start() => _writer = Task.Run(RunAsync);

    /// <summary>Queues an outcome; <paramref name="written"/> is called when it is in the database.</summary>
    public void Add(Settled settled, Action written) => _queue.Writer.TryWrite((settled, written));

    /// <summary>Effects that were not begun go back to the table as they were. No attempt is counted, and they are in no more doubt than before.</summary>
    public async Task PutBackAsync(IReadOnlyList<LaneItem> items, DateTimeOffset next)
    {
        // By primary key; nothing happens to a row that somebody else has claimed since.
        await using var command = database.Engine.CreateCommand("UPDATE effect e SET state = 0, next_at = $4, token = 0, doubts = u.doubts FROM unnest($1::bigint[], $2::bigint[], $3::smallint[]) AS u(id, token, doubts) WHERE e.id = u.id AND e.token = u.token");
        command.With(Longs(items.Select(i => i.Id)), Longs(items.Select(i => i.Token)), Shorts(items.Select(i => (short)i.Doubts)), Instant(next));
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
            await SaveAsync(group.ConvertAll(g => g.Settled));
            foreach (var (_, written) in group) written();
        }
    }

    /// <summary>Writes a group. One outcome that the database refuses neither holds up the others nor is lost with them.</summary>
    private async Task SaveAsync(List<Settled> group)
    {
        try
        {
            await WriteWhenThereAsync(group);
        }
        catch (Exception e) when (group.Count > 1)
        {
            LogApart(log, group.Count, e.Message);
            foreach (var one in group) await SaveAsync([one]);
        }
        catch (Exception e) when (!IsBare(group[0]))
        {
            // That it ended counts more than the words it ended with.
            LogBare(log, group[0].Item.Id, e.Message);
            await SaveAsync([Bare(group[0])]);
        }
        catch (Exception e) { LogLost(log, group[0].Item.Id, e); }
    }

    // The outside world has been changed: keep the answer until the database is back, however long that takes. Only a process
    // that ends meanwhile loses it; then the lease ends too, and the next owner asks the remote system what happened.
    private async Task WriteWhenThereAsync(List<Settled> group)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                await WriteAsync(group);
                return;
            }
            catch (Exception e) when (IsAway(e) && !_givenUp)
            {
                LogUnwritten(log, group.Count, e.Message);
                await Task.Delay(TimeSpan.FromMilliseconds(Math.Min(2000, 50 << Math.Min(attempt, 6))));
            }
        }
    }

    /// <summary>Is it the database's trouble, and not the content's? Classes 22 (data), 23 (constraint), 42 (statement) and 54 (too long) will not pass by waiting.</summary>
    private static bool IsAway(Exception e) => e switch
    {
        PostgresException p => p.SqlState is not (['2', '2', ..] or ['2', '3', ..] or ['4', '2', ..] or ['5', '4', ..]),
        NpgsqlException { InnerException: ArgumentException or InvalidCastException } => false,
        _ => e is NpgsqlException or TimeoutException or IOException,
    };

    private static bool IsBare(Settled s) => s.Result.Learned is null && ReferenceEquals(s.Result.Exchange, Exchange.None);

    private static Settled Bare(Settled s)
    {
        const string Why = "What it answered could not be stored.";
        return s with
        {
            Result = new(s.Result.Outcome switch
            {
                Outcome.Done => new Outcome.Done(),
                Outcome.AlreadyDone => new Outcome.AlreadyDone(),
                Outcome.TryLater later => new Outcome.TryLater(Why, later.After),
                Outcome.Refused => new Outcome.Refused("unreadable", Why),
                Outcome.NotConnected => new Outcome.NotConnected(Why),
                _ => new Outcome.Unsure(Why),
            }, Exchange.None),
        };
    }

    private async Task WriteAsync(List<Settled> group)
    {
        var now = clock.GetUtcNow();
        OutcomeRows rows = new(plan, now);
        foreach (var settled in group) rows.Add(settled);

        await using var connection = await database.Outcomes.OpenConnectionAsync();
        // A batch without a transaction around it is one implicit transaction: all of it or nothing, in one round trip.
        await using var batch = new NpgsqlBatch(connection);
        foreach (var sameOwner in ByOwner(rows.Ended)) AddEnded(batch, sameOwner, now);
        SentMarketing.AddUndone(batch, plan, Unsent(rows.Ended));
        if (rows.Waiting.Count > 0) AddWaiting(batch, rows.Waiting);
        if (rows.Cases.Count > 0) AddCases(batch, rows.Cases, now);
        PaperRows.AddWrites(batch, group, now);
        batch.AddSignals(rows.Troubles, now);
        batch.AddSignals(rows.Learned, now);
        if (batch.BatchCommands.Count > 0) await batch.ExecuteNonQueryAsync();

        foreach (var e in rows.Ended) if (e.Report is not null) wakeup.Partition(e.Part);
        wakeup.Wake(rows.Troubles);
        wakeup.Wake(rows.Learned);
        await wakeup.AnnounceAsync(database, CancellationToken.None);
    }

    private static List<LaneItem> Unsent(List<EndedRow> ended)
    {
        List<LaneItem>? unsent = null;
        foreach (var e in ended)
            if (e.Outcome is "refused" or "dropped") (unsent ??= []).Add(e.Settled.Item);
        return unsent ?? [];
    }

    /// <summary>One list, unless a lane changed hands in between: then an outcome of the old owner must not pass under the new one's token.</summary>
    private static IEnumerable<List<EndedRow>> ByOwner(List<EndedRow> ended)
    {
        if (ended.Count == 0) return [];
        Dictionary<string, long> tokens = [];
        foreach (var e in ended)
        {
            if (!tokens.TryAdd(e.Settled.Item.Lane, e.Settled.Item.Token) && tokens[e.Settled.Item.Lane] != e.Settled.Item.Token)
                return ended.GroupBy(x => x.Settled.Item.Token).Select(g => g.ToList());
        }
        return [ended];
    }

    // Locks: effect rows by primary key. The log row and the report are written only for rows that were really deleted under
    // our token, so an effect ends exactly once however many processes believe to have done it.
    private static void AddEnded(NpgsqlBatch batch, List<EndedRow> ended, DateTimeOffset now) => batch.Add("""
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
        Shorts(ended.Select(e => (short)(e.Settled.Item.Attempts + 1))), Texts(ended.Select(e => e.Settled.Result.Exchange.Request)), Texts(ended.Select(e => e.Settled.Result.Exchange.Answer)),
        Blobs(ended.Select(e => e.Report)), Shorts(ended.Select(e => e.Part)), Longs(ended.Select(e => e.Settled.Item.Token).Distinct()), Instant(now));

    private static void AddWaiting(NpgsqlBatch batch, List<WaitingRow> waiting) => batch.Add("""
        UPDATE effect e SET state = u.state, doubts = u.doubts, attempts = u.attempts, next_at = u.next_at, why = u.why, request = u.request, answer = u.answer, token = 0
        FROM unnest($1::bigint[], $2::bigint[], $3::smallint[], $4::smallint[], $5::smallint[], $6::timestamptz[], $7::text[], $8::text[], $9::text[]) AS u(id, token, state, doubts, attempts, next_at, why, request, answer)
        WHERE e.id = u.id AND e.token = u.token
        """,
        Longs(waiting.Select(w => w.Settled.Item.Id)), Longs(waiting.Select(w => w.Settled.Item.Token)), Shorts(waiting.Select(w => w.State)), Shorts(waiting.Select(w => (short)Math.Min(w.Doubts, short.MaxValue))),
        Shorts(waiting.Select(w => w.Attempts)), Instants(waiting.Select(w => w.Next)), Texts(waiting.Select(w => w.Why)),
        Texts(waiting.Select(w => w.Settled.Result.Exchange.Request)), Texts(waiting.Select(w => w.Settled.Result.Exchange.Answer)));

    private static void AddCases(NpgsqlBatch batch, List<CaseRow> cases, DateTimeOffset now)
    {
        var rows = cases.DistinctBy(c => (c.Brand, c.Stream, c.Key)).ToList();
        batch.Add("""
            INSERT INTO open_case(brand, stream, key, kind, title, detail, seq, opened_at)
            SELECT brand, stream, key, kind, title, detail, 0, $7 FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[]) AS u(brand, stream, key, kind, title, detail)
            ON CONFLICT (brand, stream, key) DO UPDATE SET title = excluded.title, detail = excluded.detail, opened_at = CASE WHEN open_case.closed_at IS NULL THEN open_case.opened_at ELSE excluded.opened_at END, closed_at = NULL
            """,
            Texts(rows.Select(c => c.Brand)), Texts(rows.Select(c => c.Stream)), Texts(rows.Select(c => c.Key)), Texts(rows.Select(c => c.Kind)),
            Texts(rows.Select(c => c.Title)), Texts(rows.Select(c => c.Detail)), Instant(now));
    }

    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _writer.WaitAsync(TimeSpan.FromSeconds(10)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _givenUp = true;
        await _writer.WaitAsync(TimeSpan.FromSeconds(3)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    [LoggerMessage(410, LogLevel.Warning, "{Count} outcomes are not written yet, trying again: {Why}")]
    private static partial void LogUnwritten(ILogger log, int count, string why);

    [LoggerMessage(411, LogLevel.Error, "The outcome of effect {Id} could not be written; its lease will end and the remote system will be asked")]
    private static partial void LogLost(ILogger log, long id, Exception e);

    [LoggerMessage(412, LogLevel.Warning, "{Count} outcomes are written one by one, something in them was refused: {Why}")]
    private static partial void LogApart(ILogger log, int count, string why);

    [LoggerMessage(413, LogLevel.Error, "The outcome of effect {Id} is written without what the remote system said, which was refused: {Why}")]
    private static partial void LogBare(ILogger log, long id, string why);
}
