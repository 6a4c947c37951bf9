using Npgsql;
using Quartermaster.Core;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Stock;
using Quartermaster.Runtime.Intake;
using Quartermaster.Runtime.Operations;
using Quartermaster.Runtime.ReadModels;
using static Quartermaster.Runtime.Columns;

namespace Quartermaster.Runtime.Stock;

/// <summary>A count that was not believed, and waits for a person's word.</summary>
/// <param name="Was">What was there, and stays until then.</param>
/// <param name="Many">One of many of its location that jumped at once.</param>
public sealed record AskedCountRow(string Brand, string Location, string Sku, int OnHand, int Was, string Source, DateTimeOffset CountedAt, bool Many);

/// <summary>A location with counts that wait.</summary>
public sealed record AskedLocationRow(string Brand, string Location, int Counts, bool Many, DateTimeOffset Since);

/// <summary>Where a person says whether counts that jumped are true. Audited in the same transaction.</summary>
public sealed class CountDesk(Database database, TimeProvider clock)
{
    // Index: odd_count_waits.
    private const string Waiting = "SELECT brand, location, sku, on_hand, was, source, counted_at, many FROM odd_count WHERE waits AND brand = $1";

    public Task<List<AskedLocationRow>> LocationsAsync(IReadOnlyList<string> brands, CancellationToken cancel) => database.General.ListAsync(
        "SELECT brand, location, count(*)::int, bool_or(many), min(seen_at) FROM odd_count WHERE waits AND brand = ANY ($1) GROUP BY brand, location ORDER BY brand, location",
        r => new AskedLocationRow(r.GetString(0), r.GetString(1), r.GetInt32(2), r.GetBoolean(3), r.At(4)), cancel, brands.ToArray());

    /// <summary>In order of SKU.</summary>
    public Task<List<AskedCountRow>> OfAsync(string brand, string location, int size, CancellationToken cancel) =>
        database.General.ListAsync($"{Waiting} AND location = $2 ORDER BY sku LIMIT $3", Row, cancel, brand, location, size);

    public Task<List<AskedCountRow>> OfSkuAsync(string brand, string sku, CancellationToken cancel) =>
        database.General.ListAsync($"{Waiting} AND sku = $2 ORDER BY location", Row, cancel, brand, sku);

    /// <summary>They are true: each is taken in as if this person had counted it then.</summary>
    /// <param name="sku">Null = all of the location.</param>
    /// <returns>How many.</returns>
    public async Task<int> TakeAsync(string brand, string location, string? sku, string who, CancellationToken cancel)
    {
        var rows = await ChosenAsync(brand, location, sku, cancel);
        var signals = rows.Select(r => Told(brand, r.Sku, new StockSignal.Counted(r.Sku, r.Location, r.OnHand, who, r.CountedAt), who)).ToList();
        await WriteAsync(batch => batch.AddSignals(signals, clock.GetUtcNow()), signals.Count, "counts.taken", brand, location, sku, who, cancel);
        return rows.Count;
    }

    /// <summary>They are not, and are counted again: what is here stays. Another number is judged anew at once, the same one after a day.</summary>
    /// <param name="sku">Null = all of the location.</param>
    /// <returns>How many.</returns>
    public async Task<int> LeaveAsync(string brand, string location, string? sku, string who, CancellationToken cancel)
    {
        var rows = await ChosenAsync(brand, location, sku, cancel);
        var denied = rows.Select(r => Told(brand, r.Sku, new StockSignal.CountDenied(r.Sku, r.Location, r.Was, who), who)).ToList();
        await WriteAsync(batch =>
        {
            batch.AddSignals(denied, clock.GetUtcNow());
            batch.Add("UPDATE odd_count o SET waits = false, denied = true, seen_at = $4 FROM unnest($3::text[]) AS u(sku) WHERE o.brand = $1 AND o.location = $2 AND o.sku = u.sku", Text(brand), Text(location), Texts(rows.Select(r => r.Sku)), Instant(clock.GetUtcNow()));
        }, rows.Count, "counts.left", brand, location, sku, who, cancel);
        return rows.Count;
    }

    private Task<List<AskedCountRow>> ChosenAsync(string brand, string location, string? sku, CancellationToken cancel) =>
        database.General.ListAsync($"{Waiting} AND location = $2 AND ($3 = '' OR sku = $3 COLLATE \"C\") ORDER BY sku", Row, cancel, brand, location, sku ?? "");

    private async Task WriteAsync(Action<NpgsqlBatch> fill, int count, string action, string brand, string location, string? sku, string who, CancellationToken cancel)
    {
        if (count == 0) return;
        await using var connection = await database.General.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await using (var batch = new NpgsqlBatch(connection, transaction))
        {
            fill(batch);
            await batch.ExecuteNonQueryAsync(cancel);
        }
        await Desk.AuditAsync(connection, transaction, who, action, brand, sku is null ? $"location/{location}" : $"stock/{sku}", $"{count} at {location}", cancel);
        await Desk.Notify(connection, transaction, cancel);
        await transaction.CommitAsync(cancel);
    }

    private static NewSignal Told(string brand, string sku, Signal signal, string who) => new(new StreamId(brand, "stock", sku), Wire.KindOf(signal.GetType()), CoreJson.Write(signal), "operator/" + who);

    private static AskedCountRow Row(NpgsqlDataReader r) => new(r.GetString(0), r.GetString(1), r.GetString(2), r.GetInt32(3), r.GetInt32(4), r.GetString(5), r.At(6), r.GetBoolean(7));
}
