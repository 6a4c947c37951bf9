using Npgsql;
using Quartermaster.Core.Campaigns;
using Quartermaster.Core.Customers;
using Quartermaster.Core.Flows;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Orders;
using Quartermaster.Runtime.Partitions;
using static Quartermaster.Runtime.Columns;

namespace Quartermaster.Runtime.Customers;

/// <summary>Everything that is one person's: streams, keys, and the words by which they can be found.</summary>
/// <param name="People">Everybody who is part of them.</param>
/// <param name="Streams">Their orders and contact points, and their ways through campaigns.</param>
/// <param name="Secrets">Names, streets, e-mails, phones and ids, from all their orders.</param>
/// <param name="Words">Towns, provinces, companies and notes from the same: words that others, and the machine, use as well.</param>
internal sealed record ErasureSubject(string Realm, IReadOnlyList<string> Brands, IReadOnlyList<long> People, IReadOnlyList<PersonKey> Keys, IReadOnlyList<StreamId> Streams, IReadOnlyList<string> Secrets, IReadOnlyList<string> Words)
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
        var (streams, secrets, words) = await OrdersAsync(connection, transaction, realm, brands, people, keys, cancel);
        foreach (var key in keys.Where(k => k.Kind != PersonKey.Explicit))
            foreach (var brand in brands)
            {
                var point = ContactPoint.Of(key.Kind == PersonKey.Email ? ContactPoint.Email : ContactPoint.Sms, key.Value);
                streams.Add(point.On(brand));
                streams.Add(new(brand, Runs.Stream, $"{point.Kind}:{point.Address}"));
            }
        secrets.UnionWith(keys.Select(k => k.Kind == PersonKey.Explicit ? k.Value[(k.Value.IndexOf('/', StringComparison.Ordinal) + 1)..] : k.Value));
        secrets.UnionWith(keys.Where(k => k.Kind == PersonKey.Phone).Select(k => k.Value.TrimStart('+')).ToList());
        return new(realm, brands, people, keys, streams, [.. secrets.Where(s => s.Length > 1)], [.. words.Where(s => s.Length > 1)]);
    }

    private static async Task<(List<StreamId> Streams, HashSet<string> Secrets, HashSet<string> Words)> OrdersAsync(NpgsqlConnection connection, NpgsqlTransaction? transaction, string realm, List<string> brands, List<long> people, List<PersonKey> keys, CancellationToken cancel)
    {
        List<StreamId> streams = [];
        HashSet<string> secrets = new(StringComparer.OrdinalIgnoreCase), words = new(StringComparer.OrdinalIgnoreCase);
        var emails = keys.Where(k => k.Kind == PersonKey.Email).Select(k => k.Value).ToHashSet(StringComparer.OrdinalIgnoreCase);
        // Also those that bear the e-mail address and have not been linked yet.
        await using var read = new NpgsqlCommand("""
            SELECT s.brand, s.stream, s.state, o.linked FROM (SELECT brand, stream, true AS linked FROM person_order WHERE realm = $1 AND person = ANY($2)
              UNION ALL SELECT l.brand, l.stream, false FROM lookup l WHERE l.brand = ANY($3) AND l.term = ANY($4) AND NOT EXISTS (SELECT 1 FROM person_order p WHERE p.brand = l.brand AND p.stream = l.stream AND p.person IS NOT NULL)) o
            JOIN stream s USING (brand, stream) WHERE s.placed_at IS NOT NULL
            """, connection, transaction).With(Text(realm), Longs(people), Texts(brands), Texts(emails));
        var kind = StreamKinds.Find("order")!;
        await using var reader = await read.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
        {
            var order = ((OrderFile)kind.Load(reader.GetFieldValue<byte[]>(2))).Order;
            var buyer = order.Facts?.Buyer;
            // What an order was found by once stays findable: one whose e-mail was corrected is somebody else's.
            if (!reader.GetBoolean(3) && (buyer?.Email is not { } email || !emails.Contains(email.Trim()))) continue;
            streams.Add(StreamId.Parse(reader.GetString(0), reader.GetString(1)));
            foreach (var word in (string?[])[buyer?.Name, buyer?.Email, buyer?.Phone, buyer?.CustomerId]) Add(secrets, word);
            Add(words, order.Facts?.Note);
            foreach (var address in (Address?[])[order.Facts?.ShipTo, order.Facts?.BillTo, order.CorrectedShipTo])
            {
                foreach (var word in (string?[])[address?.Name, address?.Line1, address?.Line2, address?.PostalCode, address?.Phone]) Add(secrets, word);
                foreach (var word in (string?[])[address?.Company, address?.City, address?.Province]) Add(words, word);
            }
        }
        return (streams, secrets, words);

        static void Add(HashSet<string> to, string? word)
        {
            if (!string.IsNullOrWhiteSpace(word)) to.Add(word.Trim());
        }
    }
}
