using System.Diagnostics;
using Npgsql;
using Quartermaster.Core.Flows;
using Quartermaster.Core.Orders;
using Quartermaster.Runtime.Partitions;
using static Quartermaster.Runtime.Columns;

namespace Quartermaster.Runtime.Customers;

/// <summary>Links orders to the people behind them, some seconds after they were placed. One process at a time; the hot path knows nothing of it.</summary>
/// <remarks>
/// What is not linked yet is what has no row in <c>person_order</c>, so there is no place to remember and none to lose: an order that was imported, set
/// apart for a week or placed while the hub was down is found like every other. What was placed after the newest that is linked is looked for every few
/// seconds, what was placed lately every two minutes, all of it now and then. While the hub is behind it waits.
/// </remarks>
public sealed class OrderLinker(HubPlan plan, TimeProvider clock)
{
    /// <summary>Orders that one transaction links.</summary>
    internal const int Batch = 2000;

    private const int BehindAt = 300;
    private static readonly TimeSpan Lately = TimeSpan.FromMinutes(10), PatienceWhileBehind = TimeSpan.FromMinutes(10), AllAtMostEvery = TimeSpan.FromMinutes(2);

    // Orders of one moment are decided in any order, a second or two apart.
    private static readonly TimeSpan Overlap = TimeSpan.FromSeconds(20), LatelyEvery = TimeSpan.FromMinutes(2);

    private readonly Dictionary<string, DateTimeOffset> _newest = [];
    private DateTimeOffset _allDueAt, _latelyDueAt, _waitedSince = DateTimeOffset.MaxValue;

    public async Task RunAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        if (await IsBehindAsync(connection, cancel))
        {
            if (_waitedSince > now) _waitedSince = now;
            if (now - _waitedSince < PatienceWhileBehind) return;
        }
        _waitedSince = DateTimeOffset.MaxValue;
        if (now < _allDueAt)
        {
            var lately = now >= _latelyDueAt;
            if (lately) _latelyDueAt = now + LatelyEvery;
            // A shop whose clock is ahead must not hide what others placed.
            await LinkSinceAsync(connection, brand => !lately && _newest.TryGetValue(brand, out var newest) && newest <= now && newest - Overlap > now - Lately ? newest - Overlap : now - Lately, cancel);
            return;
        }
        var watch = Stopwatch.StartNew();
        await LinkAllAsync(connection, cancel);
        // A look at everything is one part in a hundred of the time at most, however much there is.
        _allDueAt = clock.GetUtcNow() + Longer(AllAtMostEvery, watch.Elapsed * 100);
    }

    /// <summary>Every order that nobody has looked at, and the figures of all people, also of those whose orders changed since.</summary>
    public async Task<int> LinkAllAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        // Brands that began to share their customers, or ceased to: their orders are linked anew, where they belong now.
        await using (var moved = new NpgsqlCommand("DELETE FROM person_order o USING unnest($1::text[], $2::text[]) AS z(brand, realm) WHERE o.brand = z.brand AND o.realm <> z.realm", connection))
            await moved.With(Texts(plan.Brands.Keys), Texts(plan.Brands.Keys.Select(plan.RealmOf))).ExecuteNonQueryAsync(cancel);
        var linked = await LinkSinceAsync(connection, _ => DateTimeOffset.MinValue, cancel);
        await PersonFigures.CountAsync(connection, null, plan, null, clock.GetUtcNow(), cancel);
        return linked;
    }

    private async Task<int> LinkSinceAsync(NpgsqlConnection connection, Func<string, DateTimeOffset> since, CancellationToken cancel)
    {
        var linked = 0;
        foreach (var brand in plan.Brands.Keys)
        {
            // Newest first. The next page begins behind the last order of this one, so that what is linked already is passed over once and not with every
            // page: a shop that tells whole days, or an import, has a hundred thousand orders of one moment.
            var (from, until, after) = (since(brand), DateTimeOffset.MaxValue, "");
            while (await ReadAsync(connection, brand, from, until, after, cancel) is { Count: > 0 } orders)
            {
                await LinkAsync(connection, orders, cancel);
                linked += orders.Count;
                if (!_newest.TryGetValue(brand, out var newest) || orders[^1].PlacedAt > newest) _newest[brand] = orders[^1].PlacedAt;
                (until, after) = (orders[0].PlacedAt, orders[0].Stream);
                if (orders.Count < Batch) break;
            }
        }
        return linked;
    }

    private static async Task<bool> IsBehindAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand("SELECT count(*) FROM (SELECT 1 FROM ready LIMIT $1) x", connection).With(Int(BehindAt));
        return (long)(await command.ExecuteScalarAsync(cancel))! >= BehindAt;
    }

    // Indexes: stream_placed, person_order_pkey.
    private async Task<List<OrderOfSomebody>> ReadAsync(NpgsqlConnection connection, string brand, DateTimeOffset since, DateTimeOffset until, string after, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand("""
            WITH k AS MATERIALIZED (SELECT * FROM (
              (SELECT s.stream, s.placed_at FROM stream s WHERE s.brand = $1 AND s.placed_at = $3 AND s.stream > $5
                 AND NOT EXISTS (SELECT 1 FROM person_order o WHERE o.brand = s.brand AND o.stream = s.stream) ORDER BY s.placed_at DESC, s.stream LIMIT $4)
              UNION ALL
              (SELECT s.stream, s.placed_at FROM stream s WHERE s.brand = $1 AND s.placed_at >= $2 AND s.placed_at < $3
                 AND NOT EXISTS (SELECT 1 FROM person_order o WHERE o.brand = s.brand AND o.stream = s.stream) ORDER BY s.placed_at DESC, s.stream LIMIT $4)) x
              ORDER BY placed_at DESC, stream LIMIT $4)
            SELECT k.stream, k.placed_at, s.state FROM k JOIN stream s ON s.brand = $1 AND s.stream = k.stream ORDER BY k.placed_at DESC, k.stream
            """, connection);
        command.With(Text(brand), Instant(since), Instant(until), Int(Batch), Text(after));
        command.CommandTimeout = 300;
        List<OrderOfSomebody> found = [];
        var kind = StreamKinds.Find("order")!;
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
        {
            var (stream, placed) = (reader.GetString(0), reader.Instant(1));
            Order? order;
            // One that this release cannot read has a case of its own; nobody waits for it here.
            try { order = ((OrderFile)kind.Load(reader.GetFieldValue<byte[]>(2))).Order; }
            catch (System.Text.Json.JsonException) { order = null; }
            found.Add(new(brand, stream, plan.RealmOf(brand), placed, PersonKeys.Of(order), PersonKeys.NameOf(order), PersonKeys.LanguageOf(order), order?.ShipTo?.Country is { Length: 2 } country ? country : null));
        }
        found.Reverse();
        return found;
    }

    private async Task LinkAsync(NpgsqlConnection connection, List<OrderOfSomebody> orders, CancellationToken cancel)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        var match = new PersonMatch(await ReadKeysAsync(connection, transaction, orders, cancel));
        foreach (var order in orders) match.Take(order);
        var ids = await NumbersAsync(connection, transaction, match.Born, cancel);
        await WriteAsync(connection, transaction, match, ids, cancel);
        await PersonPairs.KeepAsync(connection, transaction, match.Pairs(ids), clock.GetUtcNow(), cancel);
        await PersonFigures.CountAsync(connection, transaction, plan, match.Touched(ids), clock.GetUtcNow(), cancel);
        await transaction.CommitAsync(cancel);
    }

    private static async Task<List<KnownKey>> ReadKeysAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, List<OrderOfSomebody> orders, CancellationToken cancel)
    {
        var keys = orders.SelectMany(o => o.Keys.Select(k => (o.Realm, k.Kind, k.Value))).Distinct().ToList();
        await using var command = new NpgsqlCommand("SELECT k.realm, k.kind, k.value, k.person, k.common FROM unnest($1::text[], $2::text[], $3::text[]) AS u(realm, kind, value) JOIN person_key k USING (realm, kind, value)", connection, transaction);
        command.With(Texts(keys.Select(k => k.Realm)), Texts(keys.Select(k => k.Kind)), Texts(keys.Select(k => k.Value)));
        List<KnownKey> known = [];
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel)) known.Add(new(reader.GetString(0), new(reader.GetString(1), reader.GetString(2)), reader.GetInt64(3), reader.GetBoolean(4)));
        return known;
    }

    private static async Task<long[]> NumbersAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, int count, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand("SELECT nextval('person_number') FROM generate_series(1, $1)", connection, transaction).With(Int(count));
        List<long> numbers = [];
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel)) numbers.Add(reader.GetInt64(0));
        return [.. numbers];
    }

    private static async Task WriteAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, PersonMatch match, long[] ids, CancellationToken cancel)
    {
        await using var batch = new NpgsqlBatch(connection, transaction);
        var born = match.NewPeople(ids);
        batch.Add("INSERT INTO person(realm, id, root) SELECT realm, id, id FROM unnest($1::text[], $2::bigint[]) AS u(realm, id)", Texts(born.Select(p => p.Realm)), Longs(born.Select(p => p.Id)));
        var keys = match.NewKeys(ids);
        batch.Add("INSERT INTO person_key(realm, kind, value, person, stream) SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::text[]) ON CONFLICT DO NOTHING",
            Texts(keys.Select(k => k.Realm)), Texts(keys.Select(k => k.Key.Kind)), Texts(keys.Select(k => k.Key.Value)), Longs(keys.Select(k => k.Person)), Texts(keys.Select(k => k.Stream)));
        var links = match.Links(ids);
        batch.Add("INSERT INTO person_order(brand, stream, realm, person) SELECT brand, stream, realm, nullif(person, 0) FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[]) AS u(brand, stream, realm, person) ON CONFLICT DO NOTHING",
            Texts(links.Select(l => l.Order.Brand)), Texts(links.Select(l => l.Order.Stream)), Texts(links.Select(l => l.Order.Realm)), Longs(links.Select(l => l.Person ?? 0)));
        // What the newest order says of somebody holds, each word of it that it has.
        var news = links.Where(l => l.Person is not null).GroupBy(l => (l.Order.Realm, Person: l.Person!.Value)).Select(g =>
        {
            var orders = g.Select(l => l.Order).OrderByDescending(o => o.PlacedAt).ToList();
            return (g.Key.Realm, g.Key.Person, Name: First(orders, o => o.Name), Language: First(orders, o => o.Language), Country: First(orders, o => o.Country), orders[0].PlacedAt);
        }).ToList();
        batch.Add("""
            UPDATE person p SET name = coalesce(u.name, p.name), language = coalesce(u.language, p.language), country = coalesce(u.country, p.country)
            FROM unnest($1::text[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::timestamptz[]) AS u(realm, id, name, language, country, placed_at)
            WHERE p.realm = u.realm AND p.id = u.id AND (p.last_at IS NULL OR p.last_at <= u.placed_at)
            """,
            Texts(news.Select(n => n.Realm)), Longs(news.Select(n => n.Person)), Texts(news.Select(n => n.Name)), Texts(news.Select(n => n.Language)), Texts(news.Select(n => n.Country)), Instants(news.Select(n => n.PlacedAt)));
        await batch.ExecuteNonQueryAsync(cancel);
    }

    private static string? First(List<OrderOfSomebody> newestFirst, Func<OrderOfSomebody, string?> word) => newestFirst.Select(word).FirstOrDefault(w => w is not null);

    private static TimeSpan Longer(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
