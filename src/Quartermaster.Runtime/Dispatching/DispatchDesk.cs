using System.Globalization;
using Npgsql;
using Quartermaster.Core;
using Quartermaster.Core.Dispatching;
using Quartermaster.Core.Flows;
using Quartermaster.Core.Kernel;
using Quartermaster.Runtime.Intake;
using Quartermaster.Runtime.Operations;
using Quartermaster.Runtime.ReadModels;
using Quartermaster.Runtime.Switches;
using static Quartermaster.Runtime.Columns;

namespace Quartermaster.Runtime.Dispatching;

/// <summary>Closes the day of a location with a carrier: claims the labels that are on no list yet, and has the list sent. Audited in the same transaction.</summary>
/// <remarks>Needs only the database: a command works whether or not a hub is running, and a running hub sends the list within a second.</remarks>
public sealed class DispatchDesk(Database database, HubPlan plan, TimeProvider clock)
{
    // Locks: rows of these labels in key order, as a deciding batch takes them. Index: label_open.
    private const string Claim = """
        WITH l AS (SELECT brand, reference FROM label WHERE brand = $1 AND location = $2 AND connection = $3 AND dispatch IS NULL AND NOT struck ORDER BY brand, reference LIMIT $5 FOR UPDATE)
        UPDATE label x SET dispatch = $4, why = NULL FROM l WHERE x.brand = l.brand AND x.reference = l.reference RETURNING x.reference, x.label_id, x.tracking, x.service, x.grams
        """;

    /// <summary>Sends what waits, in as many lists as its carrier needs for it; where a list is a courier's visit, in one.</summary>
    /// <param name="connection">Whose labels; null = of every carrier of which some wait there.</param>
    /// <param name="again">A second courier is to come on the same day.</param>
    /// <returns>The lists' numbers.</returns>
    /// <exception cref="InvalidOperationException">Nothing waits there, days are not closed there, a courier is booked already, or the brand is not live.</exception>
    public async Task<IReadOnlyList<string>> CloseAsync(string brand, string location, string? connection, string who, bool again, CancellationToken cancel)
    {
        var closed = (await ClosedAsync([brand], cancel)).FindAll(c => c.Location == location && (connection ?? c.Labels.Connection) == c.Labels.Connection);
        if (closed.Count == 0) throw new InvalidOperationException($"Days are not closed at '{location}'{(connection is null ? "" : $" with {connection}")}: it buys no labels, or its carrier wants no list.");
        // A list that is only recorded would keep its labels from every other.
        if (await ModeAsync(brand, cancel) is var mode && mode != "live") throw new InvalidOperationException($"The brand is in mode {mode}: nothing would be sent, and its labels would be on no other list. Close the day when it is live.");
        List<string> numbers = [];
        InvalidOperationException? booked = null;
        foreach (var (_, _, labels) in closed)
        {
            try
            {
                while (await OneAsync(brand, location, labels, who, byClock: false, again, cancel) is { } number)
                {
                    numbers.Add(number);
                    if (IsVisit(labels)) break;
                }
            }
            catch (InvalidOperationException e) { booked = e; }
        }
        return numbers.Count > 0 ? numbers : throw booked ?? new InvalidOperationException($"No label of {string.Join(" or ", closed.Select(c => c.Labels.Connection))} waits at {location}: every one is on a list, or there is none.");
    }

    /// <summary>The same by the clock: nothing waits, nothing is done.</summary>
    internal async Task<int> CloseByClockAsync(string brand, string location, LabelTerms labels, CancellationToken cancel)
    {
        var lists = 0;
        while (await OneAsync(brand, location, labels, "the clock", byClock: true, again: false, cancel) is not null) lists++;
        return lists;
    }

    /// <summary>A list there is a courier who comes.</summary>
    public bool IsVisit(LabelTerms labels) => plan.Connections.TryGetValue(labels.Connection, out var connection) && connection.Connector.Manifest.ListIsAVisit;

    /// <summary>Where days are closed, and with whom: with the carriers of locations that say so, and with others of which labels wait there that were bought for one parcel only.</summary>
    public async Task<List<(string Brand, string Location, LabelTerms Labels)>> ClosedAsync(IReadOnlyList<string> brands, CancellationToken cancel)
    {
        List<(BrandTerms Terms, string Location, LabelTerms Labels)> buying = [.. from b in brands let found = plan.Brands.GetValueOrDefault(b) where found is not null from l in found!.Terms.Locations where l.Labels is not null select (found!.Terms, l.Code, l.Labels!)];
        if (buying.Count == 0) return [];
        // Index: label_open holds what is on no list, and nothing else.
        var waiting = await database.General.ListAsync("SELECT DISTINCT brand, location, connection FROM label WHERE brand = ANY ($1) AND dispatch IS NULL AND NOT struck ORDER BY 1, 2, 3",
            r => (Brand: r.GetString(0), Location: r.GetString(1), Connection: r.GetString(2)), cancel, brands.ToArray());
        return [.. from b in buying
                   let others = waiting.Where(w => w.Brand == b.Terms.Brand && w.Location == b.Location && w.Connection != b.Labels.Connection && plan.Connections.ContainsKey(w.Connection) && b.Terms.ClosesWith(b.Labels, w.Connection)).Select(w => b.Labels with { Connection = w.Connection })
                   from labels in b.Labels.Closes ? others.Prepend(b.Labels) : others
                   select (b.Terms.Brand, b.Location, labels)];
    }

    private async Task<string?> OneAsync(string brand, string location, LabelTerms labels, string who, bool byClock, bool again, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var day = plan.Brands[brand].Terms.DayOf(now);
        var most = plan.Connections.TryGetValue(labels.Connection, out var connection) ? connection.Connector.Manifest.DispatchBatch : 0;
        await using var open = await database.General.OpenConnectionAsync(cancel);
        await using var transaction = await open.BeginTransactionAsync(cancel);
        // Two who close the same day at once get two numbers, and the second finds nothing.
        await using (var alone = new NpgsqlCommand("SELECT pg_advisory_xact_lock(81, hashtext($1))", open, transaction).With(Text($"dispatch/{brand}/{location}"))) await alone.ExecuteNonQueryAsync(cancel);
        if (IsVisit(labels))
        {
            if (!again && await BookedAsync(open, transaction, brand, location, labels.Connection, day, cancel) is { } booked)
                return byClock ? null : throw new InvalidOperationException($"A courier of {labels.Connection} is booked at {location} for today ({booked}). What was bought since goes with tomorrow's, or a second visit is asked for by name.");
            // One courier comes for all of it.
            most = int.MaxValue;
        }
        var id = await NumberAsync(open, transaction, brand, location, day, cancel);
        var claimed = await ClaimAsync(open, transaction, brand, location, labels.Connection, id, int.Max(1, most), cancel);
        if (claimed.Count == 0) return null;
        await using (var keep = new NpgsqlCommand("INSERT INTO dispatch(brand, id, connection, location, day, state, labels, by_whom, by_clock, asked_at) VALUES ($1, $2, $3, $4, $5, 'asked', $6, $7, $8, $9)", open, transaction))
            await keep.With(Text(brand), Text(id), Text(labels.Connection), Text(location), Day(day), Int(claimed.Count), Text(who), Bool(byClock), Instant(now)).ExecuteNonQueryAsync(cancel);
        var asked = new DispatchSignal.Asked(new(id, DispatchList.ReferenceOf(brand, id), labels.Connection, location, day, now, labels.From, claimed), who);
        var signal = new NewSignal(new(brand, DispatchStream.Name, id), Wire.KindOf(asked.GetType()), CoreJson.Write(asked), byClock ? "clock" : "operator/" + who);
        await using (var batch = new NpgsqlBatch(open, transaction))
        {
            batch.AddSignals([signal], now);
            await batch.ExecuteNonQueryAsync(cancel);
        }
        await Desk.AuditAsync(open, transaction, who, "dispatch.asked", brand, $"{DispatchStream.Name}/{id}", $"{claimed.Count} labels of {labels.Connection} at {location}", cancel);
        await Desk.Notify(open, transaction, cancel);
        await transaction.CommitAsync(cancel);
        return id;
    }

    /// <summary>The visit of a day that the carrier has, or may have. Index: dispatch_pkey, by brand.</summary>
    private static async Task<string?> BookedAsync(NpgsqlConnection open, NpgsqlTransaction transaction, string brand, string location, string connection, DateOnly day, CancellationToken cancel)
    {
        await using var find = new NpgsqlCommand("SELECT id FROM dispatch WHERE brand = $1 AND location = $2 AND connection = $3 AND day = $4 AND state <> 'turned_down' ORDER BY asked_at DESC LIMIT 1", open, transaction);
        return (string?)await find.With(Text(brand), Text(location), Text(connection), Day(day)).ExecuteScalarAsync(cancel);
    }

    /// <summary>As it stands in the database: a command has no switchboard.</summary>
    private async Task<string> ModeAsync(string brand, CancellationToken cancel)
    {
        await using var read = database.General.CreateCommand("SELECT mode FROM brand WHERE brand = $1").With(Text(brand));
        return (string?)await read.ExecuteScalarAsync(cancel) ?? Switchboard.NameOf(plan.Brands[brand].Mode);
    }

    private static async Task<string> NumberAsync(NpgsqlConnection open, NpgsqlTransaction transaction, string brand, string location, DateOnly day, CancellationToken cancel)
    {
        await using var count = new NpgsqlCommand("SELECT count(*) FROM dispatch WHERE brand = $1 AND starts_with(id, $2)", open, transaction);
        var before = string.Create(CultureInfo.InvariantCulture, $"{location}.{day:yyyyMMdd}.");
        return before + ((long)(await count.With(Text(brand), Text(before)).ExecuteScalarAsync(cancel))! + 1).ToString(CultureInfo.InvariantCulture);
    }

    private static async Task<List<ListedLabel>> ClaimAsync(NpgsqlConnection open, NpgsqlTransaction transaction, string brand, string location, string connection, string id, int most, CancellationToken cancel)
    {
        await using var claim = new NpgsqlCommand(Claim, open, transaction).With(Text(brand), Text(location), Text(connection), Text(id), Int(most));
        List<ListedLabel> claimed = [];
        await using var reader = await claim.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel)) claimed.Add(new(reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.GetString(3), reader.GetInt32(4)));
        return [.. claimed.OrderBy(l => l.Reference, StringComparer.Ordinal)];
    }
}
