using Npgsql;
using Quartermaster.Core.Kernel;
using Quartermaster.Runtime.Operations;
using static Quartermaster.Runtime.Columns;

namespace Quartermaster.Runtime.Stock;

/// <summary>Adds up every position's movements and compares: whatever changes a position without writing the ledger is found, and a person hears of it.</summary>
/// <remarks>Nothing is corrected: which of the two is wrong is not known, and the number on the shelf is what a count is for.</remarks>
internal sealed class LedgerCheck(NpgsqlConnection connection, Cases cases, TimeProvider clock)
{
    public const string CaseKind = "stock.ledger_differs";

    /// <summary>When all positions were compared last, and how many; in <c>hub_value</c>.</summary>
    public const string AllCompared = "ledger.all";

    private const string ChangedCompared = "ledger.changed";

    /// <summary>Positions compared by one statement, and so in one snapshot: short ones, and a position with its movements is always in one.</summary>
    private const int Page = 500;

    // Seconds. A page of hot SKUs reads all of their history.
    private const int Patience = 300;

    private static readonly TimeSpan AllEvery = TimeSpan.FromDays(1);

    /// <summary>Compares what changed since the last time, and once a day everything.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        var begun = clock.GetUtcNow();
        var all = await WhenAsync(AllCompared, cancel) is not { } last || begun - last >= AllEvery;
        // A transaction that began earlier may commit a position with a time from before this look.
        var since = all ? DateTimeOffset.MinValue : (await WhenAsync(ChangedCompared, cancel) ?? DateTimeOffset.MinValue).AddMinutes(-1);
        var open = await OpenAsync(cancel);
        long compared = 0;
        var after = ("", "", "");
        while (true)
        {
            var page = await CompareAsync(since, after, cancel);
            foreach (var position in page) await TellAsync(position, open, cancel);
            compared += page.Count;
            if (page.Count < Page) break;
            after = (page[^1].Brand, page[^1].Sku, page[^1].Location);
        }
        await NoteAsync(ChangedCompared, compared, begun, cancel);
        if (all) await NoteAsync(AllCompared, compared, begun, cancel);
    }

    // Index: position_pkey for the page, movement_of for its movements. No lock.
    private async Task<List<Compared>> CompareAsync(DateTimeOffset since, (string Brand, string Sku, string Location) after, CancellationToken cancel)
    {
        await using var compare = new NpgsqlCommand("""
            WITH p AS MATERIALIZED (SELECT brand, sku, location, on_hand, reserved, damaged FROM position WHERE (brand, sku, location) > ($1 COLLATE "C", $2 COLLATE "C", $3 COLLATE "C") AND updated_at >= $4 ORDER BY brand, sku, location LIMIT $5),
            m AS (SELECT brand, sku, location, sum(on_hand) AS on_hand, sum(reserved) AS reserved, sum(damaged) AS damaged FROM (SELECT DISTINCT brand, sku FROM p) k JOIN movement USING (brand, sku) GROUP BY brand, sku, location)
            SELECT p.*, coalesce(m.on_hand, 0) + coalesce(b.on_hand, 0), coalesce(m.reserved, 0) + coalesce(b.reserved, 0), coalesce(m.damaged, 0) + coalesce(b.damaged, 0)
            FROM p LEFT JOIN m USING (brand, sku, location) LEFT JOIN movement_before b USING (brand, sku, location) ORDER BY brand, sku, location
            """, connection) { CommandTimeout = Patience }.With(Text(after.Brand), Text(after.Sku), Text(after.Location), Instant(since), Int(Page));
        List<Compared> page = [];
        await using var reader = await compare.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
            page.Add(new(reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.GetInt32(3), reader.GetInt32(4), reader.GetInt32(5), reader.GetInt64(6), reader.GetInt64(7), reader.GetInt64(8)));
        return page;
    }

    private async Task TellAsync(Compared position, HashSet<(string, string, string)> open, CancellationToken cancel)
    {
        var (stream, key) = (new StreamId(position.Brand, "stock", position.Sku).Key, $"ledger/{position.Location}");
        if (!position.Agrees)
            await cases.OpenAsync(position.Brand, stream, key, CaseKind, $"{position.Sku} at {position.Location} is not the sum of its movements",
                $"It stands at {position.OnHand} on hand, {position.Reserved} reserved and {position.Damaged} damaged; its movements come to {position.OnHandMoved}, {position.ReservedMoved} and {position.DamagedMoved}. Somebody changed the table by hand, or this is a bug: keep the database as it is and count the shelf.",
                clock.GetUtcNow(), cancel);
        else if (open.Contains((position.Brand, stream, key))) await cases.CloseAsync(position.Brand, stream, key, clock.GetUtcNow(), cancel);
    }

    private async Task<HashSet<(string, string, string)>> OpenAsync(CancellationToken cancel)
    {
        await using var find = new NpgsqlCommand("SELECT brand, stream, key FROM open_case WHERE kind = $1 AND closed_at IS NULL", connection).With(Text(CaseKind));
        HashSet<(string, string, string)> open = [];
        await using var reader = await find.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel)) open.Add((reader.GetString(0), reader.GetString(1), reader.GetString(2)));
        return open;
    }

    private async Task<DateTimeOffset?> WhenAsync(string key, CancellationToken cancel)
    {
        await using var read = new NpgsqlCommand("SELECT at FROM hub_value WHERE key = $1", connection).With(Text(key));
        return await read.ExecuteScalarAsync(cancel) is DateTime at ? new DateTimeOffset(at, TimeSpan.Zero) : null;
    }

    private async Task NoteAsync(string key, long compared, DateTimeOffset at, CancellationToken cancel)
    {
        await using var write = new NpgsqlCommand("INSERT INTO hub_value(key, value, at) VALUES ($1, $2::text, $3) ON CONFLICT (key) DO UPDATE SET value = excluded.value, at = excluded.at", connection);
        await write.With(Text(key), Long(compared), Instant(at)).ExecuteNonQueryAsync(cancel);
    }

    private readonly record struct Compared(string Brand, string Sku, string Location, int OnHand, int Reserved, int Damaged, long OnHandMoved, long ReservedMoved, long DamagedMoved)
    {
        public bool Agrees => OnHand == OnHandMoved && Reserved == ReservedMoved && Damaged == DamagedMoved;
    }
}
