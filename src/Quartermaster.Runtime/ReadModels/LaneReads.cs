using Npgsql;

namespace Quartermaster.Runtime.ReadModels;

/// <summary>How one connection does, as its owner last wrote it.</summary>
public sealed record LaneRow(
    string Connection, string? Owner, DateTimeOffset? OwnedSince, string Breaker, DateTimeOffset? BreakerUntil, DateOnly? Day, int UsedToday, long Calls,
    long Failures, DateTimeOffset? LastOkAt, DateTimeOffset? LastErrorAt, string? LastError, double? PerSecond, double? Millis, int? InFlight, DateTimeOffset? UpdatedAt)
{
    /// <summary>Since when no call has reached the remote system, polls included; null = the last one did, or there was none.</summary>
    public DateTimeOffset? FailingSince { get; init; }
}

/// <summary>What stands in one lane.</summary>
/// <param name="OldestDue">Due time of the effect that is due longest; null when none is due.</param>
public sealed record QueueRow(string Lane, long Planned, long Claimed, long Waiting, long Refused, long Unsure, long GaveUp, DateTimeOffset? OldestDue)
{
    public long UnderWay => Planned + Claimed + Waiting;

    public long Trouble => Refused + Unsure + GaveUp;
}

/// <summary>How far a connection has been polled, and what its watch found.</summary>
public sealed record PollRow(string Connection, DateTimeOffset Since, DateTimeOffset? LastRunAt, int Found, string? Error, DateTimeOffset? SubscriptionsCheckedAt, string? SubscriptionProblems)
{
    /// <summary>When a storefront was last asked what it knows of its goods; null = never.</summary>
    public DateTimeOffset? SkusReadAt { get; init; }

    /// <summary>Why it could not be read; null = it could.</summary>
    public string? SkusError { get; init; }
}

/// <summary>Orders a storefront counts for a day, and ours.</summary>
public sealed record DailyCountRow(string Connection, DateOnly Day, int Theirs, int Ours, DateTimeOffset At);

public sealed record DayCountRow(string Connection, DateOnly Day, string What, long Count);

/// <summary>What a channel says of the number that messages come from.</summary>
/// <param name="Allowed">How the channel calls what the number may do.</param>
/// <param name="MostADay">To how many people it may write in 24 hours; null = no limit, or not told.</param>
/// <param name="Used">To how many it has, where there is a limit.</param>
public sealed record SenderRow(string? Quality, string? Allowed, int? MostADay, int Used, DateTimeOffset? ReadAt, string? Error);

/// <summary>Reads connections and their lanes.</summary>
public sealed class LaneReads(NpgsqlDataSource database)
{
    public Task<List<LaneRow>> LanesAsync(IReadOnlyList<string> connections, CancellationToken cancel) =>
        database.ListAsync("""
            SELECT connection, owner, owned_since, breaker, breaker_until, day, used_today, calls, failures, last_ok_at, last_error_at, last_error,
                per_second, millis, in_flight, updated_at, failing_since
            FROM lane WHERE connection = ANY ($1) ORDER BY connection
            """,
            r => new LaneRow(r.GetString(0), r.Text(1), r.MaybeAt(2), r.GetString(3), r.MaybeAt(4), r.IsDBNull(5) ? null : r.GetFieldValue<DateOnly>(5), r.GetInt32(6),
                r.GetInt64(7), r.GetInt64(8), r.MaybeAt(9), r.MaybeAt(10), r.Text(11), r.MaybeDouble(12), r.MaybeDouble(13), r.MaybeInt(14), r.MaybeAt(15))
            { FailingSince = r.MaybeAt(16) },
            cancel, connections.ToArray());

    /// <summary>Counts over the effects under way; that table is small unless a lane stands still.</summary>
    public Task<List<QueueRow>> QueuesAsync(IReadOnlyList<string> connections, CancellationToken cancel) =>
        database.ListAsync("""
            SELECT lane, count(*) FILTER (WHERE state = 0), count(*) FILTER (WHERE state = 1), count(*) FILTER (WHERE state = 2),
                count(*) FILTER (WHERE state = 3), count(*) FILTER (WHERE state = 4), count(*) FILTER (WHERE state = 5),
                min(next_at) FILTER (WHERE state < 3 AND next_at <= now())
            FROM effect WHERE lane = ANY ($1) GROUP BY lane ORDER BY lane
            """,
            r => new QueueRow(r.GetString(0), r.GetInt64(1), r.GetInt64(2), r.GetInt64(3), r.GetInt64(4), r.GetInt64(5), r.GetInt64(6), r.MaybeAt(7)),
            cancel, connections.ToArray());

    /// <summary>The last calls of one connection: what is under way with trouble first, then what ended last.</summary>
    /// <remarks>
    /// The log is ordered by effect id and has no index by connection, so this looks through its newest rows only: enough for
    /// "what does it do right now", and the same cost on every day of the year.
    /// </remarks>
    public Task<List<EffectRow>> LastCallsAsync(string connection, int size, CancellationToken cancel) =>
        database.ListAsync($"""
            SELECT * FROM (SELECT {StreamHistory.EndedColumns} FROM (SELECT * FROM effect_log ORDER BY id DESC LIMIT 4000) e WHERE e.lane = $1 ORDER BY e.id DESC LIMIT $2) ended
            """, StreamHistory.Effect, cancel, connection, size);

    /// <summary>Effects of one connection that are not done yet, the longest due first.</summary>
    public Task<List<EffectRow>> UnderWayAsync(string connection, int size, CancellationToken cancel) =>
        // Index: effect_due.
        database.ListAsync($"SELECT {StreamHistory.EffectColumns} FROM effect e WHERE e.lane = $1 AND e.state < 3 ORDER BY e.next_at LIMIT $2",
            StreamHistory.Effect, cancel, connection, size);

    public Task<List<PollRow>> PollsAsync(IReadOnlyList<string> connections, CancellationToken cancel) =>
        database.ListAsync("""
            SELECT connection, since, last_run_at, found, error, subscriptions_checked_at, subscription_problems, skus_read_at, skus_error FROM poll WHERE connection = ANY ($1)
            """,
            r => new PollRow(r.GetString(0), r.At(1), r.MaybeAt(2), r.GetInt32(3), r.Text(4), r.MaybeAt(5), r.Text(6)) { SkusReadAt = r.MaybeAt(7), SkusError = r.Text(8) }, cancel, connections.ToArray());

    public Task<List<DailyCountRow>> DailyCountsAsync(string connection, int days, CancellationToken cancel) =>
        database.ListAsync("SELECT connection, day, theirs, ours, at FROM daily_count WHERE connection = $1 ORDER BY day DESC LIMIT $2",
            r => new DailyCountRow(r.GetString(0), r.GetFieldValue<DateOnly>(1), r.GetInt32(2), r.GetInt32(3), r.At(4)), cancel, connection, days);

    /// <summary>What was refused at the door, by day.</summary>
    public Task<List<DayCountRow>> TurnedAwayAsync(string connection, int rows, CancellationToken cancel) => DayCountsAsync("turned_away", connection, rows, cancel);

    /// <summary>What the vendor told that nothing follows from, by day.</summary>
    public Task<List<DayCountRow>> ToldAsync(string connection, int rows, CancellationToken cancel) => DayCountsAsync("told", connection, rows, cancel);

    /// <summary>What the channel says of the number that a connection's messages come from; null = it does not, or was never asked.</summary>
    public Task<SenderRow?> SenderAsync(string connection, CancellationToken cancel) =>
        database.OneAsync("SELECT quality, allowed, most_a_day, used, read_at, error FROM sender WHERE connection = $1", r => new SenderRow(r.Text(0), r.Text(1), r.MaybeInt(2), r.GetInt32(3), r.MaybeAt(4), r.Text(5)), cancel, connection);

    private Task<List<DayCountRow>> DayCountsAsync(string table, string connection, int rows, CancellationToken cancel) =>
        database.ListAsync($"SELECT connection, day, what, count FROM {table} WHERE connection = $1 ORDER BY day DESC, what LIMIT $2",
            r => new DayCountRow(r.GetString(0), r.GetFieldValue<DateOnly>(1), r.GetString(2), r.GetInt64(3)), cancel, connection, rows);
}
