using Npgsql;

namespace Quartermaster.Runtime.ReadModels;

/// <summary>One counter of one brand.</summary>
public sealed record TallyRow(string Brand, string Name, DateOnly Day, decimal Value);

/// <summary>How far deciding is behind.</summary>
/// <param name="Ready">Signals that wait to be decided, counted up to <see cref="HubReads.ReadyCountLimit"/>.</param>
/// <param name="OldestAt">When the one that waits longest arrived; null when none waits.</param>
public sealed record Backlog(long Ready, DateTimeOffset? OldestAt);

public sealed record BrandRow(string Brand, string Mode, DateTimeOffset ChangedAt, string ChangedBy);

/// <summary>A switch that is off.</summary>
public sealed record SwitchRow(string Scope, string Reason, string ByWhom, DateTimeOffset At);

public sealed record ProcessRow(
    string Id, string Host, int Pid, string Roles, string Version, DateTimeOffset StartedAt, DateTimeOffset SeenAt, int? MemoryMb, double? DecidedPerSecond, double? SignalsPerSecond);

public sealed record AuditRow(long Id, DateTimeOffset At, string Who, string Action, string? Brand, string? Subject, string? Detail);

/// <param name="Brands">Null: entries of every brand and of none; otherwise of these brands alone.</param>
public sealed record AuditQuery(IReadOnlyList<string>? Brands, string? Who = null, string? Action = null, string? Subject = null, long? Before = null, int Size = 100);

/// <summary>Figures that only move forward, for drawing throughput.</summary>
/// <param name="Signals">Last signal number given out.</param>
/// <param name="Placed">Orders placed per brand, over the days counted.</param>
public sealed record Meter(long Signals, IReadOnlyDictionary<string, decimal> Placed);

/// <summary>Reads the hub as a whole: counters, brands, switches, processes, the audit log.</summary>
public sealed class HubReads(NpgsqlDataSource database)
{
    public const int ReadyCountLimit = 10_000;

    /// <summary>Orders by state: the sum over shards and days.</summary>
    public Task<List<TallyRow>> StatesAsync(IReadOnlyList<string> brands, CancellationToken cancel) =>
        // Index: tally_pkey; counters that belong to no day stand under the first of all days.
        database.ListAsync("""
            SELECT brand, name, sum(value) FROM tally
            WHERE brand = ANY ($1) AND day = $2 AND name >= 'status/' AND name < 'status0' GROUP BY brand, name ORDER BY brand, name
            """, r => new TallyRow(r.GetString(0), r.GetString(1)["status/".Length..], default, r.GetDecimal(2)), cancel, brands.ToArray(), DateOnly.MinValue);

    /// <summary>Counters of a run of days, oldest first.</summary>
    public Task<List<TallyRow>> DaysAsync(IReadOnlyList<string> brands, DateOnly from, DateOnly to, CancellationToken cancel) =>
        // Index: tally_pkey, the run of days of each brand.
        database.ListAsync("""
            SELECT brand, name, day, sum(value) FROM tally
            WHERE brand = ANY ($1) AND day BETWEEN $2 AND $3 AND name NOT LIKE 'status/%' GROUP BY brand, name, day ORDER BY day, brand, name
            """, r => new TallyRow(r.GetString(0), r.GetString(1), r.GetFieldValue<DateOnly>(2), r.GetDecimal(3)), cancel, brands.ToArray(), from, to);

    public async Task<Backlog> BacklogAsync(CancellationToken cancel) =>
        // Index: ready_pkey, one step into each of the 64 partitions; the table is emptied as fast as it is filled.
        await database.OneAsync("""
            SELECT (SELECT count(*) FROM (SELECT 1 FROM ready LIMIT 10000) r),
                (SELECT min(s.at) FROM generate_series(0, 63) p(part)
                    CROSS JOIN LATERAL (SELECT seq FROM ready WHERE ready.part = p.part ORDER BY seq LIMIT 1) r
                    CROSS JOIN LATERAL (SELECT at FROM signal WHERE signal.seq = r.seq OFFSET 0) s)
            """, r => new Backlog(r.GetInt64(0), r.MaybeAt(1)), cancel) ?? new(0, null);

    public async Task<Meter> MeterAsync(DateOnly from, CancellationToken cancel)
    {
        // Index: tally_pkey, two days of each brand.
        var placed = await database.ListAsync("SELECT b.brand, coalesce((SELECT sum(t.value) FROM tally t WHERE t.brand = b.brand AND t.day >= $1 AND t.name = 'placed'), 0) FROM brand b",
            r => (Brand: r.GetString(0), Value: r.GetDecimal(1)), cancel, from);
        var signals = await database.ListAsync("SELECT last_value FROM signal_seq", r => r.GetInt64(0), cancel);
        return new(signals[0], placed.ToDictionary(p => p.Brand, p => p.Value));
    }

    /// <summary>A number that differs when something happened since the last time; costs less than a millisecond.</summary>
    public async Task<string> PulseAsync(CancellationToken cancel) =>
        await database.OneAsync("""
            SELECT concat_ws('/', (SELECT last_value FROM signal_seq), (SELECT sum(calls + failures) FROM lane),
                (SELECT max(id) FROM audit), (SELECT count(*) FROM switch), (SELECT max(at) FROM hub_value))
            """, r => r.GetString(0), cancel) ?? "";

    public Task<List<BrandRow>> BrandsAsync(CancellationToken cancel) =>
        database.ListAsync("SELECT brand, mode, changed_at, changed_by FROM brand ORDER BY brand", r => new BrandRow(r.GetString(0), r.GetString(1), r.At(2), r.GetString(3)), cancel);

    public Task<List<SwitchRow>> SwitchesAsync(CancellationToken cancel) =>
        database.ListAsync("SELECT scope, reason, by_whom, at FROM switch ORDER BY scope", r => new SwitchRow(r.GetString(0), r.GetString(1), r.GetString(2), r.At(3)), cancel);

    public Task<List<ProcessRow>> ProcessesAsync(CancellationToken cancel) =>
        database.ListAsync("""
            SELECT id, host, pid, roles, version, started_at, seen_at, memory_mb, decided_per_second, signals_per_second FROM process ORDER BY seen_at DESC LIMIT 50
            """,
            r => new ProcessRow(r.GetString(0), r.GetString(1), r.GetInt32(2), r.GetString(3), r.GetString(4), r.At(5), r.At(6), r.MaybeInt(7), r.MaybeDouble(8), r.MaybeDouble(9)), cancel);

    /// <summary>Newest first.</summary>
    public Task<List<AuditRow>> AuditAsync(AuditQuery query, CancellationToken cancel) =>
        // Index: audit_pkey backwards; audit_subject when a subject is given.
        database.ListAsync($"""
            SELECT id, at, who, action, brand, subject, detail FROM audit
            WHERE id < $1 AND ($2::text[] IS NULL OR brand = ANY ($2)) AND ($3 = '' OR who ILIKE '%' || $3 || '%') AND ($4 = '' OR action ILIKE $4 || '%')
            {(query.Subject is null ? "" : "AND subject = $5")} ORDER BY id DESC LIMIT $6
            """, r => new AuditRow(r.GetInt64(0), r.At(1), r.GetString(2), r.GetString(3), r.Text(4), r.Text(5), r.Text(6)),
            cancel, query.Before ?? long.MaxValue, query.Brands?.ToArray(), query.Who ?? "", query.Action ?? "", query.Subject ?? "", query.Size);
}
