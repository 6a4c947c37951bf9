using Npgsql;

namespace Quartermaster.Testing;

/// <summary>Proves from the ledger alone that nothing was sold twice.</summary>
public static class StockLedger
{
    /// <summary>Changes after which a position had more reserved than on hand, or less than nothing of either. Whatever accepted them sold what was not there.</summary>
    /// <remarks>Entries of one position are written under its lock, so their numbers are the order in which they happened to it.</remarks>
    public static async Task<IReadOnlyList<string>> UncoveredAsync(NpgsqlDataSource database, CancellationToken cancel)
    {
        await using var look = database.CreateCommand("""
            SELECT brand || ' ' || sku || ' at ' || location || ': ' || kind || ' for ' || stream || ' left ' || r || ' reserved of ' || h
            FROM (SELECT *, sum(on_hand) OVER w AS h, sum(reserved) OVER w AS r FROM movement WINDOW w AS (PARTITION BY brand, sku, location ORDER BY n)) x
            WHERE r < 0 OR h < 0 OR r > h ORDER BY n
            """);
        List<string> uncovered = [];
        await using var reader = await look.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel)) uncovered.Add(reader.GetString(0));
        return uncovered;
    }
}
