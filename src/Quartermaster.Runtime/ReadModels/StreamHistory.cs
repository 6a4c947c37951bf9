using Npgsql;
using Quartermaster.Core;
using Quartermaster.Core.Shipping;

namespace Quartermaster.Runtime.ReadModels;

/// <summary>State of one stream as it is stored; its kind knows how to read the bytes.</summary>
public sealed record StreamState(string Brand, string Stream, int Version, DateTimeOffset UpdatedAt, bool Ended, byte[] State);

/// <summary>One signal and what was concluded from it.</summary>
/// <param name="Kind">Wire name, or the vendor's topic of a raw body. Null when the signal's partition has been dropped.</param>
/// <param name="Events">JSON array of events, as stored.</param>
public sealed record TimelineStep(
    long Seq, DateTimeOffset? ArrivedAt, bool Raw, string? Kind, string? Source, int BodyBytes, int Version, DateTimeOffset DecidedAt,
    byte[]? Events, IReadOnlyList<long> Effects, string? Note);

/// <summary>One effect, under way or ended.</summary>
/// <param name="State">planned, claimed, waiting, refused, unsure, gave_up; or its outcome once ended.</param>
/// <param name="Stopped">The switch that keeps it from being sent, with its reason; null when none does.</param>
public sealed record EffectRow(
    long Id, string Brand, string Stream, string Lane, string Kind, string Key, long Seq, string State, bool Ended, string? Why, string? RemoteId,
    int Attempts, DateTimeOffset PlannedAt, DateTimeOffset At, byte[]? Body, string? Request, string? Answer, string? Stopped);

/// <summary>A signal set apart.</summary>
public sealed record ParkedRow(long Seq, string Brand, string Stream, string Kind, string Source, string CaseKind, string Reason, bool Behind, DateTimeOffset At);

/// <summary>Something a person must look at.</summary>
public sealed record CaseRow(string Brand, string Stream, string Key, string Kind, string Title, string Detail, DateTimeOffset OpenedAt, DateTimeOffset? ClosedAt);

/// <summary>A signal as it arrived.</summary>
public sealed record StoredSignal(long Seq, DateTimeOffset At, string Brand, string Stream, bool Raw, string Kind, string Source, string? Delivery, byte[] Body);

/// <summary>Everything one stream went through.</summary>
public sealed class StreamHistory(NpgsqlDataSource database)
{
    /// <summary>Steps shown at once; older ones are one click away.</summary>
    public const int Steps = 200;

    internal const string EffectColumns = """
        e.id, e.brand, e.stream, e.lane, e.kind, e.key, e.seq,
        (ARRAY['planned', 'claimed', 'waiting', 'refused', 'unsure', 'gave_up'])[e.state + 1], false, e.why, NULL::text, e.attempts, e.planned_at,
        e.next_at, e.body, e.request, e.answer,
        (SELECT min(w.scope || ': ' || w.reason) FROM switch w WHERE e.state < 3
            AND w.scope = ANY (ARRAY['all', 'brand/' || e.brand, 'connection/' || e.lane, 'effect/' || e.kind]))
        """;

    internal const string EndedColumns = """
        e.id, e.brand, e.stream, e.lane, e.kind, e.key, e.seq, e.outcome, true, e.why, e.remote_id, e.attempts, e.planned_at,
        e.done_at, e.body, e.request, e.answer, NULL::text
        """;

    public Task<StreamState?> StateAsync(string brand, string stream, CancellationToken cancel) =>
        // Index: stream_pkey.
        database.OneAsync("SELECT brand, stream, version, updated_at, ended, state FROM stream WHERE brand = $1 AND stream = $2",
            r => new StreamState(r.GetString(0), r.GetString(1), r.GetInt32(2), r.At(3), r.GetBoolean(4), r.GetFieldValue<byte[]>(5)), cancel, brand, stream);

    /// <summary>Of these, those that there are.</summary>
    public Task<List<StreamState>> StatesAsync(IReadOnlyList<(string Brand, string Stream)> streams, CancellationToken cancel) =>
        // Index: stream_pkey.
        database.ListAsync("SELECT s.brand, s.stream, s.version, s.updated_at, s.ended, s.state FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS u(brand, stream, n) JOIN stream s ON s.brand = u.brand AND s.stream = u.stream ORDER BY u.n",
            r => new StreamState(r.GetString(0), r.GetString(1), r.GetInt32(2), r.At(3), r.GetBoolean(4), r.GetFieldValue<byte[]>(5)), cancel, streams.Select(s => s.Brand).ToArray(), streams.Select(s => s.Stream).ToArray());

    /// <summary>Newest first, up to <see cref="Steps"/>, below <paramref name="before"/> when given.</summary>
    public Task<List<TimelineStep>> StepsAsync(string brand, string stream, long? before, CancellationToken cancel) =>
        // Indexes: decision_pkey backwards in each partition, newest partition first; then signal_pkey per step.
        database.ListAsync("""
            SELECT d.seq, s.at, coalesce(s.raw, false), s.kind, s.source, coalesce(s.bytes, 0), d.version, d.at, d.events, d.effects, d.note
            FROM (SELECT * FROM decision WHERE brand = $1 AND stream = $2 AND seq < $3 ORDER BY seq DESC LIMIT $4) d
            LEFT JOIN LATERAL (SELECT g.at, g.raw, g.kind, g.source, octet_length(g.body) AS bytes FROM signal g WHERE g.seq = d.seq OFFSET 0) s ON true
            ORDER BY d.seq DESC
            """,
            r => new TimelineStep(r.GetInt64(0), r.MaybeAt(1), r.GetBoolean(2), r.Text(3), r.Text(4), r.GetInt32(5), r.GetInt32(6), r.At(7), r.Bytes(8),
                r.IsDBNull(9) ? [] : r.GetFieldValue<long[]>(9), r.Text(10)),
            cancel, brand, stream, before ?? long.MaxValue, Steps);

    /// <summary>What happened to the parcels of an order, oldest first.</summary>
    public async Task<List<ShippingEvent>> ParcelsAsync(string brand, string stream, CancellationToken cancel)
    {
        // Index: decision_pkey in each partition. No order has more decisions than a page of them for good reason.
        var decisions = await database.ListAsync("SELECT events FROM decision WHERE brand = $1 AND stream = $2 AND events IS NOT NULL ORDER BY seq DESC LIMIT $3", r => r.GetFieldValue<byte[]>(0), cancel, brand, stream, Steps);
        decisions.Reverse();
        return [.. decisions.Where(d => d.AsSpan().IndexOf("\"shipping."u8) >= 0).SelectMany(d => CoreJson.ReadEvents(d)).OfType<ShippingEvent>()];
    }

    /// <summary>The effects that these steps planned, wherever they are now.</summary>
    public Task<List<EffectRow>> EffectsAsync(IReadOnlyList<long> ids, CancellationToken cancel) =>
        ids.Count == 0 ? Task.FromResult(new List<EffectRow>()) :
        // Indexes: effect_pkey, and effect_log_pkey in the partitions that the ids fall into.
        database.ListAsync($"""
            SELECT {EffectColumns} FROM effect e WHERE e.id = ANY ($1)
            UNION ALL SELECT {EndedColumns} FROM effect_log e WHERE e.id = ANY ($1) AND e.id BETWEEN $2 AND $3
            ORDER BY 1
            """, Effect, cancel, ids.ToArray(), ids.Min(), ids.Max());

    public Task<EffectRow?> EffectAsync(long id, CancellationToken cancel) =>
        database.OneAsync($"""
            SELECT {EffectColumns} FROM effect e WHERE e.id = $1 UNION ALL SELECT {EndedColumns} FROM effect_log e WHERE e.id = $1 LIMIT 1
            """, Effect, cancel, id);

    public Task<List<ParkedRow>> ParkedAsync(string brand, string stream, CancellationToken cancel) =>
        // Index: parked_stream.
        database.ListAsync("""
            SELECT seq, brand, stream, kind, source, case_kind, reason, behind, at FROM parked WHERE brand = $1 AND stream = $2 ORDER BY seq
            """, Parked, cancel, brand, stream);

    public Task<List<CaseRow>> CasesAsync(string brand, string stream, CancellationToken cancel) =>
        // Index: open_case_pkey.
        database.ListAsync("""
            SELECT brand, stream, key, kind, title, detail, opened_at, closed_at FROM open_case
            WHERE brand = $1 AND stream = $2 ORDER BY closed_at IS NOT NULL, opened_at DESC
            """, Case, cancel, brand, stream);

    public Task<StoredSignal?> SignalAsync(long seq, CancellationToken cancel) =>
        // Index: signal_pkey.
        database.OneAsync("SELECT seq, at, brand, stream, raw, kind, source, delivery, body FROM signal WHERE seq = $1",
            r => new StoredSignal(r.GetInt64(0), r.At(1), r.GetString(2), r.GetString(3), r.GetBoolean(4), r.GetString(5), r.GetString(6), r.Text(7), r.GetFieldValue<byte[]>(8)),
            cancel, seq);

    internal static EffectRow Effect(NpgsqlDataReader r) => new(
        r.GetInt64(0), r.GetString(1), r.GetString(2), r.GetString(3), r.GetString(4), r.GetString(5), r.GetInt64(6), r.GetString(7), r.GetBoolean(8),
        r.Text(9), r.Text(10), r.GetInt16(11), r.At(12), r.At(13), r.Bytes(14), r.Text(15), r.Text(16), r.Text(17));

    internal static ParkedRow Parked(NpgsqlDataReader r) => new(
        r.GetInt64(0), r.GetString(1), r.GetString(2), r.GetString(3), r.GetString(4), r.GetString(5), r.GetString(6), r.GetBoolean(7), r.At(8));

    internal static CaseRow Case(NpgsqlDataReader r) => new(
        r.GetString(0), r.GetString(1), r.GetString(2), r.GetString(3), r.GetString(4), r.GetString(5), r.At(6), r.MaybeAt(7));
}
