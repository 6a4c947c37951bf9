using Microsoft.Extensions.Logging;
using Quartermaster.Core.Connecting;
using Quartermaster.Runtime.Hosting;
using static Quartermaster.Runtime.Columns;

namespace Quartermaster.Runtime.Watching;

/// <summary>Does a storefront count as many orders as we hold, for each of the last days (UTC)?</summary>
/// <remarks>
/// Several days, because the hub may have been down over midnight; and again while they differ, because the poll that then looks back may
/// have found what was missing. A day on which the connection began, or its brand went live or was turned on, is nobody's to compare; nor is any while it is off.
/// </remarks>
internal sealed partial class DailyCounts(HubRuntime hub, ILogger log)
{
    private const int Days = 3;

    /// <summary>A poll looks back over a day that differs before it is compared again.</summary>
    private static readonly TimeSpan Again = TimeSpan.FromMinutes(15);

    public async Task CompareAsync(ConnectionPlan storefront, Session session, DateTimeOffset now, CancellationToken cancel)
    {
        if (hub.Switches.ModeOf(storefront.Brand) == BrandMode.Off) return;
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        var (began, before) = await KnownAsync(storefront.Key, today.AddDays(-Days), cancel);
        // What was placed while the brand was off, or before it was live, is somebody else's.
        if (hub.Switches.TakesFrom.TryGetValue(storefront.Key, out var live) && live > began) began = live;
        if (hub.Switches.OnSince(storefront.Brand) is { } on && on > began) began = on;
        for (var day = today.AddDays(-1); day >= today.AddDays(-Days) && StartOf(day) >= began; day = day.AddDays(-1))
        {
            Counted? was = before.TryGetValue(day, out var known) ? known : null;
            if (was is not null && (known.Theirs == known.Ours || now - known.At < Again)) continue;
            if (await storefront.Connector.CountOrdersAsync(session, StartOf(day), StartOf(day.AddDays(1)), cancel) is not { } theirs) return;
            await SettleAsync(storefront, day, theirs, was, now, cancel);
        }
    }

    private async Task SettleAsync(ConnectionPlan storefront, DateOnly day, int theirs, Counted? was, DateTimeOffset now, CancellationToken cancel)
    {
        var (from, stream, key) = (StartOf(day), "connection/" + storefront.Key, $"count/{day:yyyy-MM-dd}");
        // Index: stream_placed.
        await using var count = hub.Database.General.CreateCommand("""
            WITH ours AS (SELECT count(*)::int AS n FROM stream WHERE brand = $1 AND placed_at >= $2 AND placed_at < $3 AND channel = $4)
            INSERT INTO daily_count(connection, day, theirs, ours, at) SELECT $4, $5, $6, n, $7 FROM ours
            ON CONFLICT (connection, day) DO UPDATE SET theirs = excluded.theirs, ours = excluded.ours, at = excluded.at RETURNING ours
            """).With(Text(storefront.Brand), Instant(from), Instant(from.AddDays(1)), Text(storefront.Key), Day(day), Int(theirs), Instant(now));
        var ours = (int)(await count.ExecuteScalarAsync(cancel))!;
        if (ours == theirs)
        {
            if (was is not null) await hub.Cases.CloseAsync(storefront.Brand, stream, key, now, cancel);
            return;
        }
        // Told once for what was found: a case that a person has closed stays closed, and the poll does not look back over it for days.
        if (was?.Theirs == theirs && was?.Ours == ours) return;
        LogDiffer(log, storefront.Key, day, theirs, ours);
        await hub.Cases.OpenAsync(storefront.Brand, stream, key, "storefront.counts_differ", $"{storefront.Key} counts {theirs} orders for {day:yyyy-MM-dd}, we hold {ours}",
            "The next poll looks back to the beginning of that day, and the day is compared again after it. If the difference stays, import the day's export; what is known is not imported twice.", now, cancel);
        await using var back = hub.Database.General.CreateCommand("UPDATE poll SET since = least(since, $2) WHERE connection = $1").With(Text(storefront.Key), Instant(from));
        await back.ExecuteNonQueryAsync(cancel);
    }

    private async Task<(DateTimeOffset? Began, Dictionary<DateOnly, Counted> Before)> KnownAsync(string connection, DateOnly from, CancellationToken cancel)
    {
        // Indexes: hub_value_pkey, daily_count_pkey.
        await using var read = hub.Database.General.CreateCommand("""
            SELECT h.at, d.day, d.theirs, d.ours, d.at FROM hub_value h LEFT JOIN daily_count d ON d.connection = $1 AND d.day >= $2 WHERE h.key = 'connected/' || $1
            """).With(Text(connection), Day(from));
        (DateTimeOffset? Began, Dictionary<DateOnly, Counted> Before) known = (null, []);
        await using var reader = await read.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
        {
            known.Began = reader.Instant(0);
            if (!reader.IsDBNull(1)) known.Before[reader.GetFieldValue<DateOnly>(1)] = new(reader.GetInt32(2), reader.GetInt32(3), reader.Instant(4));
        }
        return known;
    }

    private static DateTimeOffset StartOf(DateOnly day) => new(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);

    private readonly record struct Counted(int Theirs, int Ours, DateTimeOffset At);

    [LoggerMessage(641, LogLevel.Warning, "Storefront {Connection} counts {Theirs} orders for {Day}, we hold {Ours}")]
    private static partial void LogDiffer(ILogger log, string connection, DateOnly day, int theirs, int ours);
}
