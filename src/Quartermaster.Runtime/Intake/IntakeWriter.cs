using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Npgsql;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Kernel;
using static Quartermaster.Runtime.Columns;

namespace Quartermaster.Runtime.Intake;

/// <summary>Stores arrivals with group commit: whoever waits while a commit is under way shares the next one.</summary>
/// <remarks>
/// No timer: at one request the latency is one commit, at saturation the groups grow by themselves. When the call returns the
/// arrival is durable, or known to be a repeat of one that is.
/// </remarks>
public sealed partial class IntakeWriter(Database database, Wakeup wakeup, ILogger<IntakeWriter> log) : IAsyncDisposable
{
    private const int LargestGroup = 1000;

    // One statement, one implicit transaction, one round trip. `seen` decides: a row is new only if both its keys are new in
    // both generations. ORDER BY ord keeps the order of arrival inside a group. Locks: unique keys of the current `seen` table.
    private const string Store = """
        WITH u AS MATERIALIZED (
          SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::boolean[], $6::text[], $7::text[], $8::text[], $9::timestamptz[], $10::bytea[], $11::smallint[])
            WITH ORDINALITY AS u(exact, business, brand, stream, raw, kind, source, delivery, at, body, part, ord)),
        e AS (INSERT INTO {current}(key) SELECT exact FROM u WHERE NOT EXISTS (SELECT 1 FROM {older} o WHERE o.key = u.exact) ON CONFLICT DO NOTHING RETURNING key),
        b AS (INSERT INTO {current}(key) SELECT business FROM u WHERE business <> exact AND exact IN (SELECT key FROM e) AND NOT EXISTS (SELECT 1 FROM {older} o WHERE o.key = u.business) ON CONFLICT DO NOTHING RETURNING key),
        n AS MATERIALIZED (
          SELECT nextval('signal_seq') AS seq, x.* FROM (
            SELECT * FROM u WHERE exact IN (SELECT key FROM e) AND (business = exact OR business IN (SELECT key FROM b)) ORDER BY ord) x),
        s AS (INSERT INTO signal(seq, at, brand, stream, raw, kind, source, delivery, body) SELECT seq, at, brand, stream, raw, kind, source, delivery, body FROM n),
        r AS (INSERT INTO ready(part, seq) SELECT part, seq FROM n)
        SELECT ord, seq FROM n
        """;

    private readonly Channel<Waiting> _queue = Channel.CreateBounded<Waiting>(new BoundedChannelOptions(20_000) { SingleReader = true });
    private readonly CancellationTokenSource _stop = new();
    private Task _writer = Task.CompletedTask;
    private string _sql = "";

    /// <summary>Signals stored since start, duplicates not counted.</summary>
    public long Stored { get; private set; }

    public async Task StartAsync(CancellationToken cancel)
    {
        await ReadGenerationAsync(cancel);
        _writer = Task.Run(RunAsync, CancellationToken.None);
    }

    /// <summary>Stores one arrival; returns when it is durable.</summary>
    /// <exception cref="NpgsqlException">The database did not commit it; the sender must be told to try again.</exception>
    public async Task<IntakeResult> WriteAsync(Arrival arrival, CancellationToken cancel)
    {
        var waiting = new Waiting(arrival);
        await _queue.Writer.WriteAsync(waiting, cancel);
        return await waiting.Done.Task.WaitAsync(cancel);
    }

    /// <summary>Stores many arrivals in their order; results come in the same order.</summary>
    public async Task<IntakeResult[]> WriteAsync(IReadOnlyList<Arrival> arrivals, CancellationToken cancel)
    {
        var waiting = new Waiting[arrivals.Count];
        for (var i = 0; i < waiting.Length; i++) await _queue.Writer.WriteAsync(waiting[i] = new(arrivals[i]), cancel);
        return await Task.WhenAll(waiting.Select(w => w.Done.Task)).WaitAsync(cancel);
    }

    /// <summary>Which of the two tables of remembered keys is current; read at start and after each rotation.</summary>
    public async Task ReadGenerationAsync(CancellationToken cancel)
    {
        await using var command = database.General.CreateCommand("SELECT value FROM hub_value WHERE key = 'seen.generation'");
        var (current, older) = (string?)await command.ExecuteScalarAsync(cancel) == "b" ? ("seen_b", "seen_a") : ("seen_a", "seen_b");
        _sql = Store.Replace("{current}", current, StringComparison.Ordinal).Replace("{older}", older, StringComparison.Ordinal);
    }

    private async Task RunAsync()
    {
        List<Waiting> group = [];
        try
        {
            while (await _queue.Reader.WaitToReadAsync(_stop.Token))
            {
                group.Clear();
                while (group.Count < LargestGroup && _queue.Reader.TryRead(out var next)) group.Add(next);
                try
                {
                    await StoreAsync(group, _stop.Token);
                }
                catch (PostgresException e) when (IsBadContent(e) && group.Count > 1)
                {
                    // One body that the database refuses must not make its neighbours' senders retry: store one by one.
                    foreach (var one in group) await StoreAloneAsync(one);
                }
                catch (Exception e)
                {
                    LogGroupFailed(log, group.Count, e.Message);
                    foreach (var one in group) one.Done.TrySetException(e);
                }
            }
        }
        catch (OperationCanceledException) { }
        while (_queue.Reader.TryRead(out var left)) left.Done.TrySetException(new OperationCanceledException("The hub is shutting down."));
    }

    private async Task StoreAloneAsync(Waiting one)
    {
        try { await StoreAsync([one], _stop.Token); }
        catch (Exception e) { one.Done.TrySetException(e); }
    }

    private async Task StoreAsync(List<Waiting> group, CancellationToken cancel)
    {
        // Repeats inside the group are collapsed here; in SQL both would see the other's key as absent.
        HashSet<Guid> keys = new(group.Count * 2);
        List<Waiting> fresh = new(group.Count);
        List<Waiting> repeats = [];
        foreach (var one in group)
        {
            (one.Exact, one.Business) = one.Arrival.DedupeKeys();
            if (keys.Contains(one.Exact) || keys.Contains(one.Business)) { repeats.Add(one); continue; }
            keys.Add(one.Exact);
            keys.Add(one.Business);
            fresh.Add(one);
        }

        var seqs = new long[fresh.Count];
        await using (var connection = await database.Engine.OpenConnectionAsync(cancel))
        await using (var command = new NpgsqlCommand(_sql, connection))
        {
            var n = fresh.Count;
            var exact = new Guid[n]; var business = new Guid[n];
            var brand = new string[n]; var stream = new string[n]; var raw = new bool[n]; var kind = new string[n];
            var source = new string[n]; var delivery = new string?[n]; var at = new DateTimeOffset[n];
            var body = new ReadOnlyMemory<byte>[n]; var part = new short[n];
            for (var i = 0; i < n; i++)
            {
                var a = fresh[i].Arrival;
                (exact[i], business[i]) = (fresh[i].Exact, fresh[i].Business);
                // Topics and ids are the sender's own words, and a signed body may hold any.
                (brand[i], stream[i], raw[i], kind[i]) = (a.Brand, a.Stream, a.Raw, Storable.Text(a.Kind));
                (source[i], delivery[i], at[i], body[i]) = (a.Source, a.Delivery is null ? null : Storable.Text(a.Delivery), a.At, a.Body);
                part[i] = StreamId.PartitionOf(a.Brand, a.Stream);
            }
            command.With(Uuids(exact), Uuids(business), Texts(brand), Texts(stream), Bools(raw), Texts(kind), Texts(source), Texts(delivery), Instants(at), Blobs(body), Shorts(part));
            await using var reader = await command.ExecuteReaderAsync(cancel);
            while (await reader.ReadAsync(cancel)) seqs[(int)reader.GetInt64(0) - 1] = reader.GetInt64(1);

            for (var i = 0; i < n; i++)
            {
                if (seqs[i] != 0) { wakeup.Partition(part[i]); Stored++; }
            }
        }
        for (var i = 0; i < fresh.Count; i++) fresh[i].Done.TrySetResult(new(seqs[i]));
        // A repeat may be acknowledged now: the delivery it repeats is committed.
        foreach (var one in repeats) one.Done.TrySetResult(new(0));
        await wakeup.AnnounceAsync(database, cancel);
    }

    // Class 22 (bad data) and 23 (constraint): the content's fault, not the database's.
    private static bool IsBadContent(PostgresException e) => e.SqlState.StartsWith("22", StringComparison.Ordinal) || e.SqlState.StartsWith("23", StringComparison.Ordinal);

    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _writer.WaitAsync(TimeSpan.FromSeconds(5)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _stop.CancelAsync();
        await _writer.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private sealed class Waiting(Arrival arrival)
    {
        public Arrival Arrival { get; } = arrival;
        public Guid Exact { get; set; }
        public Guid Business { get; set; }
        public TaskCompletionSource<IntakeResult> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    [LoggerMessage(200, LogLevel.Warning, "A group of {Count} arrivals was not stored; their senders will retry: {Why}")]
    private static partial void LogGroupFailed(ILogger log, int count, string why);
}
