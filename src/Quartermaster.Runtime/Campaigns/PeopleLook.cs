using Npgsql;
using Quartermaster.Core.Campaigns;
using Quartermaster.Core.Customers;
using Quartermaster.Core.Kernel;
using Quartermaster.Runtime.Customers;
using static Quartermaster.Runtime.Columns;

namespace Quartermaster.Runtime.Campaigns;

/// <summary>Reads what is known of customers when a step of a campaign is due: what they bought by whichever address, and whether they may be written to.</summary>
/// <remarks>Two queries for however many; read without a lock, like everything that is only looked at. The gate in the lane looks once more before a message goes.</remarks>
internal sealed class PeopleLook(HubPlan plan, OrderGaps gaps)
{
    /// <summary>An interval is told by so many orders and no more.</summary>
    private const int MostOrders = 12;

    public async Task<Acquaintance[]> ReadAsync(NpgsqlConnection connection, NpgsqlTransaction? transaction, IReadOnlyList<(string Brand, Recipient Of)> people, DateTimeOffset now, CancellationToken cancel)
    {
        var standings = await ReadStandingsAsync(connection, transaction, people, cancel);
        var found = new Acquaintance[people.Count];
        // Indexes: person_key_pkey, person_root, person_order_of, stream_pkey; open_case_pkey; marketing_sent_pkey.
        // What they asked to send back is still on its way when whoever answered them has closed the case: for thirty days it counts as open.
        await using var read = new NpgsqlCommand("""
            SELECT u.n, coalesce(o.orders, 0), o.at, coalesce(o.in_case, false) OR EXISTS (SELECT FROM open_case c WHERE c.brand = u.brand AND c.stream = ANY (u.contacts::text[]) AND c.closed_at IS NULL),
              (SELECT count(DISTINCT m.key)::int FROM marketing_sent m WHERE m.brand = u.brand AND m.address = ANY (ARRAY[u.email, u.phone]) AND m.at > u.since)
            FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::timestamptz[]) WITH ORDINALITY AS u(brand, realm, email, phone, contacts, since, n)
            LEFT JOIN LATERAL (
              SELECT count(*)::int AS orders, (array_agg(s.placed_at ORDER BY s.placed_at DESC))[1:$7] AS at,
                bool_or(EXISTS (SELECT FROM open_case c WHERE c.brand = s.brand AND c.stream = s.stream AND (c.closed_at IS NULL OR (c.key LIKE 'return/%' AND c.closed_at > now() - interval '30 days')))) AS in_case
              FROM person_key k JOIN person p ON p.realm = k.realm AND p.id = k.person JOIN person m ON m.realm = p.realm AND m.root = p.root
              JOIN person_order o ON o.realm = m.realm AND o.person = m.id AND o.brand = u.brand JOIN stream s ON s.brand = o.brand AND s.stream = o.stream
              WHERE k.realm = u.realm AND k.kind = CASE WHEN u.email IS NULL THEN 'phone' ELSE 'email' END AND k.value = coalesce(u.email, u.phone) AND NOT k.common AND s.status <> 'cancelled') o ON true
            """, connection, transaction);
        read.With(Texts(people.Select(p => p.Brand)), Texts(people.Select(p => plan.RealmOf(p.Brand))), Texts(people.Select(p => Email(p.Of))), Texts(people.Select(p => Phone(p.Of))),
            Texts(people.Select(p => Contacts(p.Of))), Instants(people.Select(p => now.AddDays(-TermsOf(p.Brand).Contact.Days))), Int(MostOrders));
        await using var reader = await read.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
        {
            var i = (int)reader.GetInt64(0) - 1;
            DateTime[] orders = reader.IsDBNull(2) ? [] : reader.GetFieldValue<DateTime[]>(2);
            found[i] = new([.. orders.Select(at => new DateTimeOffset(at, TimeSpan.Zero))], reader.GetInt32(1), reader.GetBoolean(3), reader.GetInt32(4), standings[i], gaps.Of(people[i].Brand));
        }
        return found;
    }

    private async Task<List<ChannelStanding>[]> ReadStandingsAsync(NpgsqlConnection connection, NpgsqlTransaction? transaction, IReadOnlyList<(string Brand, Recipient Of)> people, CancellationToken cancel)
    {
        List<(int Person, string Brand, string Channel, string Address)> asked = [];
        for (var i = 0; i < people.Count; i++)
            foreach (var channel in TermsOf(people[i].Brand).MessageChannels)
                if ((channel.Kind == ContactPoint.Email ? Email(people[i].Of) : Phone(people[i].Of)) is { } address) asked.Add((i, people[i].Brand, channel.Kind, address));
        var found = new List<ChannelStanding>[people.Count];
        for (var i = 0; i < found.Length; i++) found[i] = [];
        if (asked.Count == 0) return found;
        // Indexes: consent_pkey, suppressed_pkey.
        await using var read = new NpgsqlCommand("""
            SELECT u.n, EXISTS (SELECT FROM consent c WHERE c.brand = u.brand AND c.channel = u.channel AND c.address = u.address AND c.word = 'opted_in'),
              EXISTS (SELECT FROM suppressed s WHERE s.brand = u.brand AND s.channel = u.channel AND s.address = u.address), w.word, w.at
            FROM unnest($1::text[], $2::text[], $3::text[]) WITH ORDINALITY AS u(brand, channel, address, n)
            LEFT JOIN LATERAL (SELECT word, at FROM consent c WHERE c.brand = u.brand AND c.channel = u.channel AND c.address = u.address ORDER BY c.at DESC, c.seq DESC LIMIT 1) w ON true
            """, connection, transaction);
        read.With(Texts(asked.Select(a => a.Brand)), Texts(asked.Select(a => a.Channel)), Texts(asked.Select(a => a.Address)));
        await using var reader = await read.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
        {
            var (person, _, channel, _) = asked[(int)reader.GetInt64(0) - 1];
            found[person].Add(new(channel, reader.GetBoolean(1), reader.GetBoolean(2), reader.TextOrNull(3), reader.InstantOrNull(4)));
        }
        return found;
    }

    private BrandTerms TermsOf(string brand) => plan.Brands[brand].Terms;

    private static string? Email(Recipient of) => of.Email is { } email ? ContactPoint.Of(ContactPoint.Email, email).Address : null;

    private static string? Phone(Recipient of) => of.Phone is { } phone ? ContactPoint.Of(ContactPoint.Sms, phone).Address : null;

    // As an array's text, because an array of arrays has to be square.
    private static string Contacts(Recipient of) => "{" + string.Join(',', new[] { Email(of) is { } email ? $"{ContactPoint.Stream}/{ContactPoint.Email}:{email}" : null, Phone(of) is { } phone ? $"{ContactPoint.Stream}/phone:{phone}" : null }
        .OfType<string>().Select(key => $"\"{key.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"")) + "}";
}
