using static Quartermaster.Runtime.Columns;

namespace Quartermaster.Runtime.Operations;

/// <summary>Cases that the hub itself opens and closes, outside any decision.</summary>
public sealed class Cases(Database database)
{
    /// <summary>Opening an open one refreshes its words; one that was closed is opened anew.</summary>
    public async Task OpenAsync(string brand, string stream, string key, string kind, string title, string detail, DateTimeOffset now, CancellationToken cancel)
    {
        await using var open = database.General.CreateCommand("""
            INSERT INTO open_case AS c(brand, stream, key, kind, title, detail, seq, opened_at) VALUES ($1, $2, $3, $4, $5, $6, 0, $7)
            ON CONFLICT (brand, stream, key) DO UPDATE SET title = excluded.title, detail = excluded.detail, closed_at = NULL, opened_at = CASE WHEN c.closed_at IS NULL THEN c.opened_at ELSE excluded.opened_at END
            """).With(Text(brand), Text(stream), Text(key), Text(kind), Text(title), Text(detail), Instant(now));
        await open.ExecuteNonQueryAsync(cancel);
    }

    public async Task CloseAsync(string brand, string stream, string key, DateTimeOffset now, CancellationToken cancel)
    {
        await using var close = database.General.CreateCommand("UPDATE open_case SET closed_at = $4 WHERE brand = $1 AND stream = $2 AND key = $3 AND closed_at IS NULL").With(Text(brand), Text(stream), Text(key), Instant(now));
        await close.ExecuteNonQueryAsync(cancel);
    }
}
