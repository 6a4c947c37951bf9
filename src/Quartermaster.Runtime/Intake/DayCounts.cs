using System.Collections.Concurrent;
using static Quartermaster.Runtime.Columns;

namespace Quartermaster.Runtime.Intake;

/// <summary>Counts for each connection and day what nothing else is kept of. What a process has counted in its last seconds is lost when it is killed.</summary>
public sealed class DayCounts
{
    private readonly ConcurrentDictionary<(string Connection, string What), long> _counts = [];
    private readonly Database _database;
    private readonly TimeProvider _clock;
    private readonly string _insert;

    private DayCounts(Database database, TimeProvider clock, string table) => (_database, _clock, _insert) = (database, clock, $"""
        INSERT INTO {table} AS t(connection, day, what, count) VALUES ($1, $2, $3, $4) ON CONFLICT (connection, day, what) DO UPDATE SET count = t.count + excluded.count
        """);

    /// <summary>What was refused at the door: bad signature, too large, no room.</summary>
    public static DayCounts TurnedAway(Database database, TimeProvider clock) => new(database, clock, "turned_away");

    /// <summary>What vendors told and nothing follows from: messages delivered, read.</summary>
    public static DayCounts Told(Database database, TimeProvider clock) => new(database, clock, "told");

    public void Count(string connection, string what, long times = 1) => _counts.AddOrUpdate((connection, what), times, (_, n) => n + times);

    public async Task WriteAsync(CancellationToken cancel)
    {
        foreach (var key in _counts.Keys)
        {
            if (!_counts.TryRemove(key, out var count)) continue;
            await using var command = _database.General.CreateCommand(_insert);
            await command.With(Text(key.Connection), Day(DateOnly.FromDateTime(_clock.GetUtcNow().UtcDateTime)), Text(key.What), Long(count)).ExecuteNonQueryAsync(cancel);
        }
    }
}
