using Npgsql;
using Quartermaster.Core.Customers;
using Quartermaster.Core.Flows;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Orders;
using Quartermaster.Runtime.Partitions;
using static Quartermaster.Runtime.Columns;

namespace Quartermaster.Runtime.Customers;

/// <summary>Everything that is one person's: streams, keys, and the words by which they can be found.</summary>
/// <param name="People">Everybody who is part of them.</param>
/// <param name="Streams">Their orders and contact points.</param>
/// <param name="Secrets">Names, streets, towns, e-mails, phones and ids, from all their orders.</param>
internal sealed record ErasureSubject(string Realm, IReadOnlyList<string> Brands, IReadOnlyList<long> People, IReadOnlyList<PersonKey> Keys, IReadOnlyList<StreamId> Streams, IReadOnlyList<string> Secrets)
{
    /// <summary>E-mail addresses and phone numbers: what is nobody else's word.</summary>
    public IReadOnlyList<string> Addresses { get; } = [.. Keys.Where(k => k.Kind != PersonKey.Explicit).Select(k => k.Value)];

    /// <summary>The same as they may stand in a text: vendors write a number without its plus.</summary>
    public IReadOnlyList<string> Marks { get; } = [.. Keys.Where(k => k.Kind != PersonKey.Explicit).Select(k => k.Value.TrimStart('+'))];

    /// <exception cref="InvalidOperationException">There is no such person.</exception>
    public static async Task<ErasureSubject> ReadAsync(NpgsqlConnection connection, NpgsqlTransaction? transaction, HubPlan plan, string realm, long person, CancellationToken cancel)
    {
        var brands = plan.Brands.Keys.Where(b => plan.RealmOf(b) == realm).ToList();
        List<long> people = [];
        await using (var read = new NpgsqlCommand("SELECT id FROM person WHERE realm = $1 AND root = (SELECT root FROM person WHERE realm = $1 AND id = $2)", connection, transaction).With(Text(realm), Long(person)))
        await using (var reader = await read.ExecuteReaderAsync(cancel))
            while (await reader.ReadAsync(cancel)) people.Add(reader.GetInt64(0));
        if (people.Count == 0) throw new InvalidOperationException($"There is no customer {person}.");
        List<PersonKey> keys = [];
        await using (var read = new NpgsqlCommand("SELECT kind, value FROM person_key WHERE realm = $1 AND person = ANY($2) AND NOT common", connection, transaction).With(Text(realm), Longs(people)))
        await using (var reader = await read.ExecuteReaderAsync(cancel))
            while (await reader.ReadAsync(cancel)) keys.Add(new(reader.GetString(0), reader.GetString(1)));
        var (streams, secrets) = await OrdersAsync(connection, transaction, realm, brands, people, keys, cancel);
        foreach (var key in keys.Where(k => k.Kind != PersonKey.Explicit))
            foreach (var brand in brands) streams.Add(ContactPoint.Of(key.Kind == PersonKey.Email ? ContactPoint.Email : ContactPoint.Sms, key.Value).On(brand));
        secrets.UnionWith(keys.Select(k => k.Kind == PersonKey.Explicit ? k.Value[(k.Value.IndexOf('/', StringComparison.Ordinal) + 1)..] : k.Value));
        secrets.UnionWith(keys.Where(k => k.Kind == PersonKey.Phone).Select(k => k.Value.TrimStart('+')).ToList());
        return new(realm, brands, people, keys, streams, [.. secrets.Where(s => s.Length > 1)]);
    }

    private static async Task<(List<StreamId> Streams, HashSet<string> Secrets)> OrdersAsync(NpgsqlConnection connection, NpgsqlTransaction? transaction, string realm, List<string> brands, List<long> people, List<PersonKey> keys, CancellationToken cancel)
    {
        List<StreamId> streams = [];
        HashSet<string> secrets = new(StringComparer.OrdinalIgnoreCase);
        // Also those that bear the e-mail address and have not been linked yet.
        await using var read = new NpgsqlCommand("""
            SELECT s.brand, s.stream, s.state FROM (SELECT brand, stream FROM person_order WHERE realm = $1 AND person = ANY($2) UNION SELECT brand, stream FROM lookup WHERE brand = ANY($3) AND term = ANY($4)) o
            JOIN stream s USING (brand, stream) WHERE s.placed_at IS NOT NULL
            """, connection, transaction).With(Text(realm), Longs(people), Texts(brands), Texts(keys.Where(k => k.Kind == PersonKey.Email).Select(k => k.Value)));
        var kind = StreamKinds.Find("order")!;
        await using var reader = await read.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
        {
            streams.Add(StreamId.Parse(reader.GetString(0), reader.GetString(1)));
            var order = ((OrderFile)kind.Load(reader.GetFieldValue<byte[]>(2))).Order;
            var buyer = order.Facts?.Buyer;
            foreach (var word in (string?[])[buyer?.Name, buyer?.Email, buyer?.Phone, buyer?.CustomerId, order.Facts?.Note]) Add(word);
            foreach (var address in (Address?[])[order.Facts?.ShipTo, order.Facts?.BillTo, order.CorrectedShipTo])
                foreach (var word in (string?[])[address?.Name, address?.Company, address?.Line1, address?.Line2, address?.City, address?.Province, address?.PostalCode, address?.Phone]) Add(word);
        }
        return (streams, secrets);

        void Add(string? word)
        {
            if (!string.IsNullOrWhiteSpace(word)) secrets.Add(word.Trim());
        }
    }
}
