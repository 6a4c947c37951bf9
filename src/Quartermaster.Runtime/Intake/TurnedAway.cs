using System.Collections.Concurrent;
using static Quartermaster.Runtime.Columns;

namespace Quartermaster.Runtime.Intake;

/// <summary>Counts what was refused at the door (bad signature, too large); nothing else of it is kept.</summary>
public sealed class TurnedAway(Database database, TimeProvider clock)
{
    private readonly ConcurrentDictionary<(string Connection, string Reason), long> _counts = [];

    public void Count(string connection, string reason) => _counts.AddOrUpdate((connection, reason), 1, (_, n) => n + 1);

    public async Task WriteAsync(CancellationToken cancel)
    {
        foreach (var key in _counts.Keys)
        {
            if (!_counts.TryRemove(key, out var count)) continue;
            await using var command = database.General.CreateCommand("""
                INSERT INTO turned_away AS t(connection, day, reason, count) VALUES ($1, $2, $3, $4) ON CONFLICT (connection, day, reason) DO UPDATE SET count = t.count + excluded.count
                """);
            await command.With(Text(key.Connection), Day(DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime)), Text(key.Reason), Long(count)).ExecuteNonQueryAsync(cancel);
        }
    }
}
