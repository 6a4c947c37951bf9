using Npgsql;
using Quartermaster.Core.Campaigns;
using Quartermaster.Core.Customers;
using Quartermaster.Runtime.Hosting;
using Quartermaster.Runtime.Operations;
using static Quartermaster.Runtime.Columns;

namespace Quartermaster.Runtime.Customers;

/// <summary>Erasures that somebody asked for: kept as rows, tried until they can be done, done by one process, and proven.</summary>
/// <remarks>
/// It is the same chore as that of the <see cref="OrderLinker"/>, so nobody is linked while somebody is erased: an order that is placed meanwhile is a
/// new customer's. A process that dies at it leaves the row, and the next turn begins again; what was committed only lacks its search, which the next turn does.
/// </remarks>
public sealed class Erasures(Database database, HubPlan plan, TimeProvider clock)
{
    private static readonly TimeSpan TriedEvery = TimeSpan.FromMinutes(1);

    private readonly Eraser _eraser = new(plan, new(database), clock);

    /// <returns>The number of the erasure: a new one, or the one that was asked for already.</returns>
    /// <exception cref="InvalidOperationException">There is no such person.</exception>
    public async Task<long> AskAsync(string realm, long person, string reason, string who, CancellationToken cancel)
    {
        await using var connection = await database.General.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        // Index: erasure_open, which lets two who ask at once ask for one.
        await using var ask = new NpgsqlCommand("""
            INSERT INTO erasure AS e(realm, person, asked_at, by_whom, reason) SELECT $1, root, $3, $4, $5 FROM person WHERE realm = $1 AND id = $2
            ON CONFLICT (realm, person) WHERE erased_at IS NULL AND withdrawn_at IS NULL DO UPDATE SET person = e.person RETURNING id
            """, connection, transaction).With(Text(realm), Long(person), Instant(clock.GetUtcNow()), Text(who), Text(reason));
        if (await ask.ExecuteScalarAsync(cancel) is not long id) throw new InvalidOperationException($"There is no customer {person}.");
        await Desk.AuditAsync(connection, transaction, who, "customer.erase", BrandOf(realm), $"customer/{person}", reason, cancel);
        await transaction.CommitAsync(cancel);
        return id;
    }

    /// <summary>Of somebody who is found by an address alone: they left a checkout, or wrote to us, and never ordered.</summary>
    /// <returns>As of a customer; whoever is known by that address is that customer.</returns>
    /// <exception cref="InvalidOperationException">Nothing is kept of it, or so many use it that it is nobody's.</exception>
    public async Task<long> AskByAddressAsync(string realm, string address, string reason, string who, CancellationToken cancel)
    {
        var point = ContactPoint.Of(address.Contains('@', StringComparison.Ordinal) ? ContactPoint.Email : ContactPoint.Sms, address);
        long person;
        await using (var connection = await database.General.OpenConnectionAsync(cancel))
        {
            // Indexes: person_key_pkey; stream_pkey.
            await using var find = new NpgsqlCommand("""
                SELECT (SELECT CASE WHEN common THEN -1 ELSE person END FROM person_key WHERE realm = $1 AND kind = $2 AND value = $3), EXISTS (SELECT FROM stream WHERE brand = ANY ($4) AND stream = ANY ($5))
                """, connection).With(Text(realm), Text(point.Kind), Text(point.Address), Texts(plan.Brands.Keys.Where(b => plan.RealmOf(b) == realm)), Texts(new[] { ContactPoint.Stream, Runs.Stream }.Select(kind => $"{kind}/{point.Kind}:{point.Address}")));
            await using var reader = await find.ExecuteReaderAsync(cancel);
            await reader.ReadAsync(cancel);
            if (reader.IsDBNull(0) && !reader.GetBoolean(1)) throw new InvalidOperationException("Nothing is kept of that address. Write it in full, as they gave it.");
            person = reader.IsDBNull(0) ? 0 : reader.GetInt64(0);
        }
        if (person < 0) throw new InvalidOperationException("So many use that address that it says nothing of who somebody is.");
        return await AskAsync(realm, person > 0 ? person : await KnowAsync(realm, point, cancel), reason, who, cancel);
    }

    // From here on they are a customer of whom nothing else is known: what erases customers erases them.
    private async Task<long> KnowAsync(string realm, ContactPoint point, CancellationToken cancel)
    {
        await using var know = database.General.CreateCommand("""
            WITH n AS (SELECT nextval('person_number') AS id), k AS (INSERT INTO person_key(realm, kind, value, person, stream) SELECT $1, $2, $3, id, '' FROM n ON CONFLICT DO NOTHING RETURNING person)
            INSERT INTO person(realm, id, root) SELECT $1, person, person FROM k RETURNING id
            """).With(Text(realm), Text(point.Kind), Text(point.Address));
        return await know.ExecuteScalarAsync(cancel) as long? ?? throw new InvalidOperationException("They have ordered this very moment. Ask again.");
    }

    /// <exception cref="InvalidOperationException">It was done, or withdrawn, already.</exception>
    public async Task WithdrawAsync(string realm, long erasure, string who, CancellationToken cancel)
    {
        await using var connection = await database.General.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await using var withdraw = new NpgsqlCommand("UPDATE erasure SET withdrawn_at = $3, withdrawn_by = $4, waits_for = NULL WHERE realm = $1 AND id = $2 AND erased_at IS NULL AND withdrawn_at IS NULL RETURNING person", connection, transaction);
        if (await withdraw.With(Text(realm), Long(erasure), Instant(clock.GetUtcNow()), Text(who)).ExecuteScalarAsync(cancel) is not long person)
            throw new InvalidOperationException("That erasure was done already, or withdrawn.");
        await Desk.AuditAsync(connection, transaction, who, "customer.erase_withdrawn", BrandOf(realm), $"customer/{person}", null, cancel);
        await transaction.CommitAsync(cancel);
    }

    /// <summary>Does what is due, alone: waits for the process that is at it.</summary>
    public async Task RunAloneAsync(CancellationToken cancel)
    {
        await using var connection = await database.General.OpenConnectionAsync(cancel);
        await using var take = new NpgsqlCommand("SELECT pg_advisory_lock($1, $2)", connection).With(Int(Housekeeping.LockClass), Int((int)Chore.Customers));
        take.CommandTimeout = 0;
        await take.ExecuteNonQueryAsync(cancel);
        try { await RunAsync(connection, cancel); }
        finally
        {
            await using var free = new NpgsqlCommand("SELECT pg_advisory_unlock($1, $2)", connection).With(Int(Housekeeping.LockClass), Int((int)Chore.Customers));
            await free.ExecuteNonQueryAsync(CancellationToken.None);
        }
    }

    /// <summary>Does what is due. Whoever calls it holds the lock of <see cref="Chore.Customers"/>.</summary>
    internal async Task RunAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        var due = await DueAsync(connection, cancel);
        foreach (var (realm, person) in due.Where(d => d.Marks is null).Select(d => (d.Realm, d.Person)).Distinct()) await EraseAsync(connection, realm, person, cancel);
        foreach (var erased in due.Count == 0 ? due : await DueAsync(connection, cancel))
            if (erased.Marks is { } marks) await _eraser.SearchAsync(connection, erased.Id, marks, erased.Sought, cancel);
    }

    private async Task EraseAsync(NpgsqlConnection connection, string realm, long person, CancellationToken cancel)
    {
        try
        {
            if (await _eraser.HindranceAsync(connection, realm, person, cancel) is { } why) await WaitAsync(connection, realm, person, why, cancel);
            else
            {
                // All their orders are to be theirs, also one that nobody has looked at yet.
                await new OrderLinker(plan, clock).LinkAllAsync(connection, cancel);
                await _eraser.EraseAsync(connection, realm, person, cancel);
            }
        }
        catch (InvalidOperationException not) { await WaitAsync(connection, realm, person, not.Message, cancel); }
        // One that stumbles, over a deadlock or a state that this release cannot read, keeps none of the others.
        catch (Exception e) when (e is PostgresException or System.Text.Json.JsonException) { await WaitAsync(connection, realm, person, $"it stumbled: {e.Message}", cancel); }
    }

    private async Task WaitAsync(NpgsqlConnection connection, string realm, long person, string why, CancellationToken cancel)
    {
        await using var wait = new NpgsqlCommand("UPDATE erasure SET waits_for = $3, tried_at = $4 WHERE realm = $1 AND person = $2 AND erased_at IS NULL AND withdrawn_at IS NULL", connection);
        await wait.With(Text(realm), Long(person), Text(why), Instant(clock.GetUtcNow())).ExecuteNonQueryAsync(cancel);
    }

    // Index: erasure_open.
    private async Task<List<(long Id, string Realm, long Person, string[]? Marks, Sought Sought)>> DueAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        await using var read = new NpgsqlCommand("SELECT id, realm, person, marks, words::text FROM erasure WHERE searched_at IS NULL AND withdrawn_at IS NULL AND (marks IS NOT NULL OR (erased_at IS NULL AND (tried_at IS NULL OR tried_at < $1))) ORDER BY id", connection);
        List<(long, string, long, string[]?, Sought)> due = [];
        await using var reader = await read.With(Instant(clock.GetUtcNow() - TriedEvery)).ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel)) due.Add((reader.GetInt64(0), reader.GetString(1), reader.GetInt64(2), reader.IsDBNull(3) ? null : reader.GetFieldValue<string[]>(3), Sought.Read(reader.IsDBNull(4) ? null : reader.GetString(4))));
        return due;
    }

    private string? BrandOf(string realm) => plan.Brands.ContainsKey(realm) ? realm : null;
}
