using Npgsql;
using Quartermaster.Core;
using Quartermaster.Core.Campaigns;
using Quartermaster.Core.Customers;
using Quartermaster.Core.Flows;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Orders;
using Quartermaster.Core.Shipping;
using Quartermaster.Runtime.Partitions;
using static Quartermaster.Runtime.Columns;

namespace Quartermaster.Runtime.Customers;

/// <summary>Everything that is one person's: streams, keys, and the words by which they can be found, also those that were corrected since.</summary>
/// <param name="People">Everybody who is part of them.</param>
/// <param name="Keys">What tells who they are, and every address of their orders.</param>
/// <param name="Streams">Their orders with their parcels, their contact points, and their ways through campaigns.</param>
/// <param name="Addresses">E-mail addresses and phone numbers that are nobody else's as well.</param>
/// <param name="Shared">Those that somebody else orders by, too: a household's number. They stay where they are not about this person.</param>
/// <param name="Secrets">Names, streets, e-mails, phones and ids, from all their orders.</param>
/// <param name="Words">Towns, provinces, companies and notes from the same: words that others, and the machine, use as well.</param>
/// <param name="Sought">Those of the secrets that are looked for beside the addresses.</param>
/// <param name="PostalCodes">Of their addresses; with a name beside it, one says who is meant.</param>
/// <param name="Numbers">Of their orders and parcels; as above.</param>
internal sealed record ErasureSubject(
    string Realm, IReadOnlyList<string> Brands, IReadOnlyList<long> People, IReadOnlyList<string> Keys, IReadOnlyList<StreamId> Streams, IReadOnlyList<string> Addresses, IReadOnlyList<string> Shared,
    IReadOnlyList<string> Secrets, IReadOnlyList<string> Words, Sought Sought, IReadOnlyList<string> PostalCodes, IReadOnlyList<string> Numbers)
{
    /// <summary>Addresses as they may stand in a text: vendors write a number without its plus.</summary>
    public IReadOnlyList<string> Marks { get; } = [.. Addresses.Select(a => a.TrimStart('+'))];

    /// <summary>Is everything that is theirs the same in both?</summary>
    public bool IsAs(ErasureSubject other) => Print() == other.Print();

    /// <param name="holds">Lock their rows until the transaction ends, so that nobody is merged into them or taken apart from them meanwhile.</param>
    /// <exception cref="InvalidOperationException">There is no such person.</exception>
    public static async Task<ErasureSubject> ReadAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, HubPlan plan, string realm, long person, bool holds, CancellationToken cancel)
    {
        var brands = plan.Brands.Keys.Where(b => plan.RealmOf(b) == realm).ToList();
        var said = new PersonalWords();
        var people = await PeopleAsync(connection, transaction, realm, person, holds, said, cancel);
        var keys = await KeysAsync(connection, transaction, realm, people, cancel);
        foreach (var key in keys) said.Reach(key.Kind == PersonKey.Email ? key.Value : null, key.Kind == PersonKey.Phone ? key.Value : null);
        List<(StreamId Order, string Number)> parcels = [];
        var streams = await OrdersAsync(connection, transaction, realm, brands, people, keys, said, parcels, cancel);
        await FormerAsync(connection, transaction, streams, said, cancel);
        await CheckoutsAsync(connection, transaction, brands, said, cancel);
        var shared = await SharedAsync(connection, transaction, realm, brands, people, streams, said, cancel);
        streams.AddRange(await ParcelsAsync(connection, transaction, parcels, cancel));
        var own = said.Points.Where(p => !shared.Contains(p.Address)).ToList();
        streams.AddRange(brands.SelectMany(brand => own.SelectMany(p => new[] { p.On(brand), new StreamId(brand, Runs.Stream, $"{p.Kind}:{p.Address}") })));
        var secrets = said.Secrets;
        var ids = keys.Where(k => k.Kind == PersonKey.Explicit).Select(k => k.Value[(k.Value.IndexOf('/', StringComparison.Ordinal) + 1)..]).Where(id => id.Length > 1).ToList();
        secrets.UnionWith(ids);
        secrets.UnionWith(said.Points.SelectMany(p => new[] { p.Address, p.Address.TrimStart('+') }));
        return new(realm, brands, people, [.. keys.Select(k => k.Value).Concat(said.Points.Select(p => p.Address)).Distinct()], streams, [.. own.Select(p => p.Address)], shared, [.. secrets], [.. said.Words], Sought.Of(said, ids), [.. said.PostalCodes], [.. parcels.Select(p => p.Number).Concat(streams.Where(o => o.Kind == "order").Select(o => o.Id)).Where(n => n.Length >= 6).Distinct()]);
    }

    private static async Task<List<long>> PeopleAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, string realm, long person, bool holds, PersonalWords said, CancellationToken cancel)
    {
        await using var read = new NpgsqlCommand($"SELECT id, name FROM person WHERE realm = $1 AND root = (SELECT root FROM person WHERE realm = $1 AND id = $2) ORDER BY id{(holds ? " FOR UPDATE" : "")}", connection, transaction).With(Text(realm), Long(person));
        List<long> people = [];
        await using var reader = await read.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
        {
            people.Add(reader.GetInt64(0));
            said.Called(reader.TextOrNull(1));
        }
        return people.Count > 0 ? people : throw new InvalidOperationException($"There is no customer {person}.");
    }

    private static async Task<List<PersonKey>> KeysAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, string realm, List<long> people, CancellationToken cancel)
    {
        await using var read = new NpgsqlCommand("SELECT kind, value FROM person_key WHERE realm = $1 AND person = ANY($2) AND NOT common AND kind <> 'guest'", connection, transaction).With(Text(realm), Longs(people));
        List<PersonKey> keys = [];
        await using var reader = await read.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel)) keys.Add(new(reader.GetString(0), reader.GetString(1)));
        return keys;
    }

    private static async Task<List<StreamId>> OrdersAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, string realm, List<string> brands, List<long> people, List<PersonKey> keys, PersonalWords said, List<(StreamId Order, string Number)> parcels, CancellationToken cancel)
    {
        List<StreamId> streams = [];
        var emails = keys.Where(k => k.Kind == PersonKey.Email).Select(k => k.Value).ToHashSet(StringComparer.OrdinalIgnoreCase);
        // Also those that bear the e-mail address and are nobody's yet.
        await using var read = new NpgsqlCommand("""
            SELECT s.brand, s.stream, s.state, o.linked FROM (SELECT brand, stream, true AS linked FROM person_order WHERE realm = $1 AND person = ANY($2)
              UNION ALL SELECT l.brand, l.stream, false FROM lookup l WHERE l.brand = ANY($3) AND l.term = ANY($4) AND NOT EXISTS (SELECT 1 FROM person_order p WHERE p.brand = l.brand AND p.stream = l.stream AND p.person IS NOT NULL)) o
            JOIN stream s USING (brand, stream) WHERE s.placed_at IS NOT NULL
            """, connection, transaction).With(Text(realm), Longs(people), Texts(brands), Texts(emails));
        var kind = StreamKinds.Find("order")!;
        await using var reader = await read.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
        {
            var file = (OrderFile)kind.Load(reader.GetFieldValue<byte[]>(2));
            var order = file.Order;
            // What an order was found by once stays findable: one whose e-mail was corrected is somebody else's.
            if (!reader.GetBoolean(3) && (order.Facts?.Buyer.Email is not { } email || !emails.Contains(email.Trim()))) continue;
            var stream = StreamId.Parse(reader.GetString(0), reader.GetString(1));
            streams.Add(stream);
            said.Take(order);
            parcels.AddRange((file.Shipping.All ?? []).Select(p => p.Id).Concat((file.Labels?.All ?? []).Select(l => l.ParcelId).OfType<string>()).Distinct().Select(number => (stream, number)));
        }
        return streams;
    }

    // A carrier says of a number who signed for it. One that was given out again is another order's by now. Index: stream_pkey.
    private static async Task<List<StreamId>> ParcelsAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, List<(StreamId Order, string Number)> parcels, CancellationToken cancel)
    {
        List<StreamId> streams = [];
        await using var read = new NpgsqlCommand("SELECT s.brand, s.stream, s.state, u.owner FROM unnest($1::text[], $2::text[], $3::text[]) AS u(brand, stream, owner) JOIN stream s USING (brand, stream)", connection, transaction);
        read.With(Texts(parcels.Select(p => p.Order.Brand)), Texts(parcels.Select(p => $"{Waybill.Stream}/{p.Number}")), Texts(parcels.Select(p => p.Order.Id)));
        var kind = StreamKinds.Find(Waybill.Stream)!;
        await using var reader = await read.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
            if (((Waybill)kind.Load(reader.GetFieldValue<byte[]>(2))).OrderRef == reader.GetString(3)) streams.Add(StreamId.Parse(reader.GetString(0), reader.GetString(1)));
        return streams;
    }

    // What was corrected stands in what was decided then, in the index of searches, and in texts.
    private static async Task FormerAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, List<StreamId> orders, PersonalWords said, CancellationToken cancel)
    {
        await using var read = new NpgsqlCommand("SELECT d.events FROM unnest($1::text[], $2::text[]) AS u(brand, stream) JOIN decision d USING (brand, stream) WHERE d.events IS NOT NULL", connection, transaction);
        read.With(Texts(orders.Select(s => s.Brand)), Texts(orders.Select(s => s.Key)));
        await using var reader = await read.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel)) said.Take(CoreJson.ReadEvents(reader.GetFieldValue<byte[]>(0)));
    }

    // Who left a checkout said there who they are, and perhaps in no order. By e-mail address only: a number may be a household's. Index: stream_pkey.
    private static async Task CheckoutsAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, List<string> brands, PersonalWords said, CancellationToken cancel)
    {
        await using var read = new NpgsqlCommand("SELECT state FROM stream WHERE brand = ANY ($1) AND stream = ANY ($2)", connection, transaction);
        read.With(Texts(brands), Texts(said.Points.Where(p => p.Kind == ContactPoint.Email).Select(p => $"{Runs.Stream}/{p.Kind}:{p.Address}")));
        var kind = StreamKinds.Find(Runs.Stream)!;
        await using var reader = await read.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel)) said.Take(((RunFile)kind.Load(reader.GetFieldValue<byte[]>(0))).Runs.To);
    }

    /// <summary>Those of the addresses that tell who somebody else is, or that an order of somebody else's bears now.</summary>
    // Indexes: person_key_pkey; lookup_pkey and stream_pkey.
    private static async Task<List<string>> SharedAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, string realm, List<string> brands, List<long> people, List<StreamId> orders, PersonalWords said, CancellationToken cancel)
    {
        await using var read = new NpgsqlCommand("""
            SELECT u.address FROM unnest($1::text[]) AS u(address) WHERE EXISTS (SELECT 1 FROM person_key k WHERE k.realm = $2 AND k.kind IN ('email', 'phone') AND k.value = u.address AND (k.common OR k.person <> ALL ($3)))
              OR EXISTS (SELECT 1 FROM lookup l JOIN stream s USING (brand, stream) WHERE l.brand = ANY ($4) AND l.term = u.address AND s.placed_at IS NOT NULL
                AND (lower(s.email) = u.address OR '+' || regexp_replace(s.phone, '[^0-9]', '', 'g') = u.address) AND NOT EXISTS (SELECT 1 FROM unnest($5::text[], $6::text[]) AS o(brand, stream) WHERE o.brand = l.brand AND o.stream = l.stream))
            """, connection, transaction);
        read.With(Texts(said.Points.Select(p => p.Address)), Text(realm), Longs(people), Texts(brands), Texts(orders.Select(s => s.Brand)), Texts(orders.Select(s => s.Key)));
        List<string> shared = [];
        await using var reader = await read.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel)) shared.Add(reader.GetString(0));
        return shared;
    }

    private string Print() => string.Join('\n', new[] { People.Select(p => $"{p}"), Keys, Streams.Select(s => $"{s.Brand} {s.Key}"), Addresses, Secrets, Words }.Select(part => string.Join('\t', part.Order(StringComparer.Ordinal))));
}
