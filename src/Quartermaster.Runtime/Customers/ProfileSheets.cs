using Npgsql;
using Quartermaster.Core.Customers;
using static Quartermaster.Runtime.Columns;

namespace Quartermaster.Runtime.Customers;

/// <summary>What a marketing tool is told of somebody, as it is now.</summary>
/// <param name="Push">Null: there is nobody by that address any more who ordered at the brand.</param>
/// <param name="ToldByTool">Channels of which the newest word came through the tool that is to be told.</param>
internal sealed record ProfileSheet(CustomerEffect.Push? Push, IReadOnlyCollection<string> ToldByTool);

/// <summary>Reads whole profiles for one tool: a few statements for a batch, whatever its size.</summary>
/// <remarks>Figures are those of the tool's own brand, also where brands share their customers: what somebody buys at one is nothing to another's tool (ADR 28).</remarks>
internal sealed class ProfileSheets(Database database, Pseudonyms pseudonyms)
{
    /// <returns>One per address, in order.</returns>
    public async Task<IReadOnlyList<ProfileSheet>> ReadAsync(ConnectionPlan tool, string realm, IReadOnlyList<string> emails, DateTimeOffset now, CancellationToken cancel)
    {
        var pushes = await PeopleAsync(tool.Brand, realm, emails, now, cancel);
        var words = await WordsAsync(tool, pushes, cancel);
        return [.. pushes.Select((push, n) => push is null ? new ProfileSheet(null, []) : new ProfileSheet(push with { Consents = [.. words[n].Select(w => w.Consent)] }, [.. words[n].Where(w => w.ByTool).Select(w => w.Consent.Channel)]))];
    }

    // Indexes: person_key_pkey, person_root, person_order_of, stream_pkey.
    private async Task<CustomerEffect.Push?[]> PeopleAsync(string brand, string realm, IReadOnlyList<string> emails, DateTimeOffset now, CancellationToken cancel)
    {
        await using var read = database.General.CreateCommand("""
            SELECT u.n, r.name, r.language, r.country, (SELECT min(h.value) FROM person_key h WHERE h.realm = k.realm AND h.person = k.person AND h.kind = 'phone' AND NOT h.common),
              f.orders, f.first_at, f.last_at, f.currencies, f.amounts
            FROM unnest($1::text[]) WITH ORDINALITY AS u(email, n) JOIN person_key k ON k.realm = $2 AND k.kind = 'email' AND k.value = u.email AND NOT k.common
            JOIN person p ON p.realm = k.realm AND p.id = k.person JOIN person r ON r.realm = p.realm AND r.id = p.root
            CROSS JOIN LATERAL (SELECT sum(x.orders)::int AS orders, min(x.first_at) AS first_at, max(x.last_at) AS last_at, array_agg(x.currency ORDER BY x.currency) AS currencies, array_agg(x.spent ORDER BY x.currency) AS amounts
                FROM (SELECT s.currency, count(*) FILTER (WHERE s.status <> 'cancelled') AS orders, coalesce(sum(coalesce(s.kept, s.total)) FILTER (WHERE s.status <> 'cancelled'), 0) AS spent,
                        min(s.placed_at) FILTER (WHERE s.status <> 'cancelled') AS first_at, max(s.placed_at) FILTER (WHERE s.status <> 'cancelled') AS last_at
                      FROM person m JOIN person_order o ON o.realm = m.realm AND o.person = m.id JOIN stream s ON s.brand = o.brand AND s.stream = o.stream
                      WHERE m.realm = r.realm AND m.root = r.id AND o.brand = $3 GROUP BY s.currency) x) f
            """).With(Texts(emails), Text(realm), Text(brand));
        var found = new CustomerEffect.Push?[emails.Count];
        await using var reader = await read.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
        {
            // No order at this brand at all; one that was cancelled is an order.
            if (reader.IsDBNull(5)) continue;
            var n = (int)reader.GetInt64(0) - 1;
            var (orders, first, last) = (reader.GetInt32(5), reader.InstantOrNull(6), reader.InstantOrNull(7));
            var spent = reader.GetFieldValue<string?[]>(8).Zip(reader.GetFieldValue<decimal[]>(9), (currency, amount) => new Lifetime(currency ?? "", amount)).Where(l => l.Currency.Length > 0 && l.Amount != 0);
            found[n] = new(emails[n], reader.TextOrNull(4), reader.TextOrNull(1), reader.TextOrNull(2), reader.TextOrNull(3), orders, [.. spent], first, last, Segments.Of(orders, first, last, now), []);
        }
        return found;
    }

    /// <summary>What holds for each channel of each: who is not written to, and otherwise whether we have their yes.</summary>
    /// <remarks>Somebody who was erased and had said no is still not written to, as at the gate before a message.</remarks>
    // Indexes: suppressed_pkey, consent_pkey, signal_pkey.
    private async Task<IReadOnlyList<List<(Consent Consent, bool ByTool)>>> WordsAsync(ConnectionPlan tool, CustomerEffect.Push?[] pushes, CancellationToken cancel)
    {
        var salt = await pseudonyms.SaltAsync(cancel);
        var points = pushes.SelectMany((p, n) => PointsOf(p).Select(at => (N: (long)n, at.Channel, at.Address))).ToList();
        await using var read = database.General.CreateCommand("""
            SELECT u.n, u.channel, no.what, no.why, no.since, yes.why, yes.at, coalesce(via.source = $2, false)
            FROM unnest($3::bigint[], $4::text[], $5::text[], $6::text[]) AS u(n, channel, address, erased)
            LEFT JOIN LATERAL (SELECT s.what, s.why, s.since FROM suppressed s WHERE s.brand = $1 AND s.channel = u.channel AND s.address = ANY (ARRAY[u.address, u.erased])
                AND (s.address = u.address OR NOT EXISTS (SELECT 1 FROM consent c WHERE c.brand = $1 AND c.channel = u.channel AND c.address = u.address AND c.word = 'opted_in' AND c.at > s.since)) ORDER BY s.what LIMIT 1) no ON true
            LEFT JOIN LATERAL (SELECT c.why, c.at FROM consent c WHERE c.brand = $1 AND c.channel = u.channel AND c.address = u.address AND c.word = 'opted_in' ORDER BY c.at DESC LIMIT 1) yes ON true
            LEFT JOIN LATERAL (SELECT c.seq FROM consent c WHERE c.brand = $1 AND c.channel = u.channel AND c.address = u.address ORDER BY c.seq DESC LIMIT 1) said ON true
            LEFT JOIN signal g ON g.seq = said.seq
            LEFT JOIN LATERAL (SELECT CASE WHEN g.source LIKE 'flow/%' THEN (SELECT o.source FROM signal o WHERE o.seq = substr(g.source, 6)::bigint) ELSE g.source END AS source) via ON true
            """).With(Text(tool.Brand), Text(tool.Key), Longs(points.Select(p => p.N)), Texts(points.Select(p => p.Channel)), Texts(points.Select(p => p.Address)), Texts(points.Select(p => Pseudonyms.Of(salt, tool.Brand, p.Address))));
        List<(Consent, bool)>[] words = [.. pushes.Select(_ => new List<(Consent, bool)>())];
        await using var reader = await read.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel)) words[reader.GetInt64(0)].Add((Word(reader), reader.GetBoolean(7)));
        foreach (var of in words) of.Sort((a, b) => string.CompareOrdinal(a.Item1.Channel, b.Item1.Channel));
        return words;
    }

    private static Consent Word(NpgsqlDataReader reader) => (reader.GetString(1), reader.TextOrNull(2)) switch
    {
        (var channel, { } what) => new(channel, what == "all" ? Wish.Nothing : Wish.NoMarketing, reader.GetString(3), reader.Instant(4)),
        (var channel, null) when reader.TextOrNull(5) is { } how => new(channel, Wish.Marketing, how, reader.Instant(6)),
        (var channel, null) => new(channel, Wish.Unsaid),
    };

    private static IEnumerable<(string Channel, string Address)> PointsOf(CustomerEffect.Push? push)
    {
        if (push is null) yield break;
        foreach (var channel in ContactPoint.Channels)
            if ((channel == ContactPoint.Email ? push.Email : push.Phone) is { } address) yield return (channel, address);
    }
}
