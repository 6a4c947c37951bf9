using System.Text.Json.Nodes;
using Npgsql;
using Quartermaster.Core.Campaigns;
using Quartermaster.Core.Customers;
using Quartermaster.Core.Messages;
using Quartermaster.Runtime.Customers;

namespace Quartermaster.Runtime.ReadModels;

/// <param name="Realm">The brand, or <see cref="HubPlan.SharedRealm"/>.</param>
/// <param name="Spent">What was ordered and not cancelled, less what was given back, in <paramref name="Currency"/>; other currencies stand on the customer's own page.</param>
public sealed record CustomerRow(string Realm, long Id, string? Name, string? Country, string? Language, int Orders, decimal Spent, string Currency, DateTimeOffset? FirstAt, DateTimeOffset? LastAt, string? Email, string? Phone, string? Note);

public sealed record CustomerKeyRow(string Kind, string Value, long Person, string Stream, bool Common);

public sealed record CustomerOrderRow(string Brand, string Stream, string Number, string Status, string Currency, decimal Total, DateTimeOffset PlacedAt);

public sealed record CustomerMessageRow(string Brand, string Stream, string Lane, string To, string Subject, string Text, string Outcome, string? Why, DateTimeOffset At);

public sealed record ConsentRow(string Brand, string Channel, string Address, string Word, string? What, string Why, string? ByWhom, DateTimeOffset At, long Seq);

public sealed record SuppressedRow(string Brand, string Channel, string Address, string What, string Why, DateTimeOffset Since);

/// <param name="Channel">Null = they do not mind any more.</param>
public sealed record PreferenceRow(string Brand, string Address, string? Channel, DateTimeOffset SaidAt);

public sealed record CustomerCaseRow(string Brand, string Stream, string Key, string Kind, string Title, string Detail, DateTimeOffset OpenedAt, DateTimeOffset? ClosedAt);

/// <summary>Somebody who was merged into a customer.</summary>
public sealed record CustomerPart(long Id, string? Name);

/// <param name="Other">The one that is not the customer that was asked for.</param>
public sealed record CustomerPairRow(long Person, long Other, string? OtherName, string Kind, string Value, string State, string? ByWhom, DateTimeOffset At);

/// <summary>What a marketing tool was told of an address, and what it said to that.</summary>
/// <param name="SentAt">When it last took what it was told; null = never.</param>
/// <param name="Word">What came of the last look, at <paramref name="WordAt"/>.</param>
/// <param name="DueAt">When it is told, or looked at, next; null = when something changes.</param>
/// <param name="Attempts">How often it was tried in a row without success.</param>
/// <param name="Held">Not told, because the brand is in shadow.</param>
public sealed record ToldProfileRow(string Connection, string Brand, string Email, DateTimeOffset? SentAt, string? Word, DateTimeOffset? WordAt, DateTimeOffset? DueAt, int Attempts, bool Held);

/// <param name="What">A word of <see cref="ConsentWords"/>, or another that <see cref="ComplianceWords"/> knows.</param>
/// <param name="Channel">The channel, or the connection where it is about one; empty = neither.</param>
public sealed record ComplianceRow(string What, string Channel, long Count);

/// <summary>A customer's way through a flow.</summary>
/// <param name="Why">Why it ended; null = it has not.</param>
/// <param name="Code">The code that they were promised.</param>
public sealed record CustomerRunRow(string Brand, string Stream, string Run, string Campaign, DateTimeOffset EnteredAt, DateTimeOffset? DueAt, bool HeldOut, int Sent, string? Why, DateTimeOffset? LeftAt, DateTimeOffset? BoughtAt, string? Code);

/// <param name="OrderRef">The order that it is about; null = not known.</param>
public sealed record CustomerReviewRow(string Brand, string? OrderRef, string? Sku, decimal Rating, string? Text, string Source, DateTimeOffset At);

/// <summary>Everything that is known of one customer.</summary>
/// <param name="Parts">People that were merged into this one: number and name.</param>
public sealed record CustomerProfile(
    CustomerRow Customer, IReadOnlyList<CustomerKeyRow> Keys, IReadOnlyList<CustomerPart> Parts, IReadOnlyList<CustomerPairRow> Pairs, IReadOnlyList<CustomerOrderRow> Orders, IReadOnlyList<CustomerMessageRow> Messages,
    IReadOnlyList<CustomerCaseRow> Cases, IReadOnlyList<SuppressedRow> Suppressed, IReadOnlyList<ConsentRow> Consent, IReadOnlyList<ToldProfileRow> Told, IReadOnlyList<CustomerRunRow> Flows)
{
    /// <summary>By which channels they asked to be written to, newest first; of two the newer holds.</summary>
    public IReadOnlyList<PreferenceRow> Preferences { get; init; } = [];

    /// <summary>What they wrote of what they bought, newest first.</summary>
    public IReadOnlyList<CustomerReviewRow> Reviews { get; init; } = [];

    /// <summary>Addresses that are theirs alone, as channels reach them.</summary>
    public IEnumerable<ContactPoint> Points() => Keys.Where(k => k is { Common: false, Kind: "email" or "phone" }).Select(k => new ContactPoint(k.Kind, k.Value));
}

/// <summary>Finds customers and shows what is known of them, of the brands that the reader may see.</summary>
public sealed class CustomerReads(NpgsqlDataSource database, HubPlan plan)
{
    /// <summary>Words of the segment filter.</summary>
    public static readonly IReadOnlyList<string> Segments = [.. Core.Customers.Segments.All, "high"];

    public const int NewDays = Core.Customers.Segments.NewDays, LapsedDays = Core.Customers.Segments.LapsedDays;

    /// <summary>Of orders, messages and cases a page shows so many; a document that is handed over leaves nothing out.</summary>
    private const int MostShown = 200, MostKept = 1_000_000;

    private static string Columns(string ofKey) => $"""
        p.realm, p.id, p.name, p.country, p.language, p.orders, p.spent, p.first_at, p.last_at, p.note,
        (SELECT min(k.value) FROM person m JOIN person_key k ON k.realm = m.realm AND k.person = m.id AND k.kind = 'email' WHERE m.realm = p.realm AND m.root = p.id AND {ofKey}),
        (SELECT min(k.value) FROM person m JOIN person_key k ON k.realm = m.realm AND k.person = m.id AND k.kind = 'phone' WHERE m.realm = p.realm AND m.root = p.id AND {ofKey})
        """;

    /// <summary>Those who ordered last first; of people that brands share, those who ordered at one of these, with what they ordered there.</summary>
    /// <param name="text">The beginning of a name, an e-mail address or a phone number.</param>
    public Task<List<CustomerRow>> FindAsync(IReadOnlyList<string> brands, string? text, string? segment, int skip, int take, DateTimeOffset now, CancellationToken cancel)
    {
        var which = segment switch
        {
            "new" => "p.orders = 1 AND p.first_at >= $4",
            "returning" => "p.orders > 1 AND p.last_at >= $5",
            "lapsed" => "p.orders > 0 AND p.last_at < $5",
            "high" => "p.orders > 0 AND p.spent >= (SELECT h.spent FROM h WHERE h.realm = p.realm)",
            _ => "true",
        };
        var like = string.IsNullOrWhiteSpace(text) ? null : text.Trim().ToLowerInvariant().Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal) + "%";
        var (people, ofKey) = (People(brands, "$7", "$8"), OfKey(brands, "$7"));
        // One look at everybody for each realm: asked within the rows it would be one for each of them.
        var high = segment == "high" ? $"WITH h AS MATERIALIZED (SELECT x.realm, percentile_disc(0.9) WITHIN GROUP (ORDER BY x.spent) AS spent FROM {people} x WHERE x.realm = ANY ($1) AND x.id = x.root AND x.orders > 0 GROUP BY x.realm)" : "";
        return database.ListAsync($"""
            {high} SELECT {Columns(ofKey)} FROM {people} p WHERE p.realm = ANY ($1) AND p.id = p.root AND ({which}) AND ($4 IS NOT NULL AND $5 IS NOT NULL AND $7::text[] IS NOT NULL AND $8::text IS NOT NULL)
              AND ($2::text IS NULL OR lower(p.name) LIKE $2 OR (p.realm, p.id) IN (SELECT m.realm, m.root FROM person_key k JOIN person m ON m.realm = k.realm AND m.id = k.person
                WHERE k.realm = ANY ($1) AND k.kind IN ('email', 'phone') AND (k.value LIKE $2 OR k.value LIKE '+' || $2) AND {ofKey}))
            ORDER BY p.last_at DESC NULLS LAST, p.id DESC OFFSET $3 LIMIT $6
            """, Row, cancel, RealmsOf(brands), like, skip, now.AddDays(-NewDays), now.AddDays(-LapsedDays), take, brands.ToArray(), PersonFigures.CurrencyOf(plan, HubPlan.SharedRealm));
    }

    /// <summary>The customer whose order it is; null when nobody knows yet.</summary>
    public async Task<(string Realm, long Id)?> OfOrderAsync(string brand, string stream, CancellationToken cancel) =>
        (await database.ListAsync("SELECT p.realm, p.root FROM person_order o JOIN person p ON p.realm = o.realm AND p.id = o.person WHERE o.brand = $1 AND o.stream = $2", r => (r.GetString(0), r.GetInt64(1)), cancel, brand, stream)) is [var one] ? one : null;

    /// <summary>The newest of everything, as a page shows it.</summary>
    /// <returns>Null when there is none whom these brands may see.</returns>
    public Task<CustomerProfile?> OfAsync(IReadOnlyList<string> brands, string realm, long id, CancellationToken cancel) => OfAsync(brands, realm, id, MostShown, cancel);

    private async Task<CustomerProfile?> OfAsync(IReadOnlyList<string> brands, string realm, long id, int most, CancellationToken cancel)
    {
        if (!RealmsOf(brands).Contains(realm)) return null;
        string[] of = [.. brands.Where(b => plan.RealmOf(b) == realm)];
        var ofKey = OfKey(brands, "$3");
        var row = await database.ListAsync($"SELECT {Columns(ofKey)} FROM {People(brands, "$3", "$4")} p WHERE p.realm = $1 AND p.id = (SELECT root FROM person WHERE realm = $1 AND id = $2) AND $3::text[] IS NOT NULL AND $4::text IS NOT NULL",
            Row, cancel, realm, id, of, PersonFigures.CurrencyOf(plan, HubPlan.SharedRealm));
        if (row is not [var customer]) return null;
        const string Parts = "SELECT id FROM person WHERE realm = $1 AND root = $2";
        var keys = await database.ListAsync($"SELECT k.kind, k.value, k.person, {StreamOfKey(brands, "$3")}, k.common FROM person_key k WHERE k.realm = $1 AND k.kind <> 'guest' AND k.person IN ({Parts}) AND {ofKey} AND $3::text[] IS NOT NULL ORDER BY k.kind, k.value",
            r => new CustomerKeyRow(r.GetString(0), r.GetString(1), r.GetInt64(2), r.GetString(3), r.GetBoolean(4)), cancel, realm, customer.Id, of);
        var parts = await database.ListAsync($"SELECT p.id, p.name FROM person p WHERE p.realm = $1 AND p.root = $2 AND p.id <> p.root AND {Ordered(brands, "p.id", "$3")} AND $3::text[] IS NOT NULL ORDER BY p.id", r => new CustomerPart(r.GetInt64(0), r.Text(1)), cancel, realm, customer.Id, of);
        var pairs = await database.ListAsync($"""
            SELECT p.person, p.other, o.name, p.kind, p.value, p.state, p.by_whom, p.at FROM person_pair p JOIN person o ON o.realm = p.realm AND o.id = CASE WHEN p.person IN ({Parts}) THEN p.other ELSE p.person END
            WHERE p.realm = $1 AND (p.person IN ({Parts}) OR p.other IN ({Parts})) AND {Ordered(brands, "p.person", "$3")} AND {Ordered(brands, "p.other", "$3")} AND $3::text[] IS NOT NULL ORDER BY p.at DESC LIMIT $4
            """, r => new CustomerPairRow(r.GetInt64(0), r.GetInt64(1), r.Text(2), r.GetString(3), r.GetString(4), r.GetString(5), r.Text(6), r.At(7)), cancel, realm, customer.Id, of, most);
        var orders = await database.ListAsync($"SELECT s.brand, s.stream, s.number, s.status, s.currency, s.total, s.placed_at FROM person_order o JOIN stream s USING (brand, stream) WHERE o.realm = $1 AND o.person IN ({Parts}) AND o.brand = ANY ($3) ORDER BY s.placed_at DESC LIMIT $4",
            r => new CustomerOrderRow(r.GetString(0), r.GetString(1), r.GetString(2), r.GetString(3), r.GetString(4), r.GetDecimal(5), r.At(6)), cancel, realm, customer.Id, of, most);
        string[] addresses = [.. keys.Where(k => k.Kind != PersonKey.Explicit && !k.Common).Select(k => k.Value)];
        string[] runs = [.. addresses.Select(a => $"{Runs.Stream}/{KindOf(a)}:{a}")];
        string[] streams = [.. orders.Select(o => o.Stream), .. addresses.Select(a => $"{ContactPoint.Stream}/{KindOf(a)}:{a}"), .. runs];
        return new(customer, keys, parts, pairs, orders, await MessagesAsync(of, streams, most, cancel), await CasesAsync(of, streams, most, cancel),
            await database.ListAsync("SELECT brand, channel, address, what, why, since FROM suppressed WHERE brand = ANY ($1) AND address = ANY ($2) ORDER BY since DESC", r => new SuppressedRow(r.GetString(0), r.GetString(1), r.GetString(2), r.GetString(3), r.GetString(4), r.At(5)), cancel, of, addresses),
            await database.ListAsync("SELECT brand, channel, address, word, what, why, by_whom, at, seq FROM consent WHERE brand = ANY ($1) AND address = ANY ($2) ORDER BY at DESC, seq DESC", r => new ConsentRow(r.GetString(0), r.GetString(1), r.GetString(2), r.GetString(3), r.Text(4), r.GetString(5), r.Text(6), r.At(7), r.GetInt64(8)), cancel, of, addresses),
            await ToldAsync(of, addresses, cancel), await RunsAsync(of, runs, most, cancel))
        {
            // Index: preference_pkey.
            Preferences = await database.ListAsync("SELECT brand, address, channel, said_at FROM preference WHERE brand = ANY ($1) AND address = ANY ($2) ORDER BY said_at DESC", r => new PreferenceRow(r.GetString(0), r.GetString(1), r.GetString(2) is { Length: > 0 } channel ? channel : null, r.At(3)), cancel, of, addresses),
            // Index: stream_pkey.
            Reviews = [.. (await database.ListAsync("SELECT brand, state FROM stream WHERE brand = ANY ($1) AND stream = ANY ($2)", r => (Brand: r.GetString(0), State: r.Bytes(1)!), cancel, of, runs))
                .SelectMany(r => (CampaignReads.Load(r.State).Runs.Reviews ?? []).Select(w => new CustomerReviewRow(r.Brand, w.OrderRef, w.Sku, w.Rating, w.Text, w.Source, w.At))).OrderByDescending(w => w.At)],
        };
    }

    private static string KindOf(string address) => address.Contains('@', StringComparison.Ordinal) ? "email" : "phone";

    // Index: run_pkey.
    private Task<List<CustomerRunRow>> RunsAsync(string[] brands, string[] streams, int most, CancellationToken cancel) =>
        database.ListAsync("SELECT brand, stream, id, campaign, entered_at, due_at, held_out, sent, why, left_at, bought_at, code FROM run WHERE brand = ANY ($1) AND stream = ANY ($2) ORDER BY entered_at DESC, id LIMIT $3",
            r => new CustomerRunRow(r.GetString(0), r.GetString(1), r.GetString(2), r.GetString(3), r.At(4), r.MaybeAt(5), r.GetBoolean(6), r.GetInt32(7), r.Text(8), r.MaybeAt(9), r.MaybeAt(10), r.Text(11)), cancel, brands, streams, most);

    // Index: profile_pkey, a probe per tool and address.
    private async Task<IReadOnlyList<ToldProfileRow>> ToldAsync(string[] brands, string[] addresses, CancellationToken cancel)
    {
        string[] tools = [.. plan.ProfileTools.Where(t => brands.Contains(t.Brand)).Select(t => t.Key)];
        return tools.Length == 0 ? [] : await database.ListAsync("SELECT connection, brand, email, sent_at, word, word_at, due_at, attempts, held FROM profile WHERE connection = ANY ($1) AND email = ANY ($2) ORDER BY connection, email",
            r => new ToldProfileRow(r.GetString(0), r.GetString(1), r.GetString(2), r.MaybeAt(3), r.Text(4), r.MaybeAt(5), r.MaybeAt(6), r.GetInt32(7), r.GetBoolean(8)), cancel, tools, addresses);
    }

    /// <summary>
    /// What a brand has to answer for: who said no and who came back in a stretch of time, who is not written to now, what was sent that no order made necessary, what its channels hold against
    /// its texts, and what they told of its messages. What is so now is so whenever the stretch was.
    /// </summary>
    public Task<List<ComplianceRow>> ComplianceAsync(string brand, DateTimeOffset from, DateTimeOffset until, CancellationToken cancel) => database.ListAsync("""
        SELECT word, channel, count(*) FROM consent WHERE brand = $1 AND at >= $2 AND at < $3 GROUP BY 1, 2
        UNION ALL SELECT 'suppressed_' || what, channel, count(*) FROM suppressed WHERE brand = $1 GROUP BY 1, 2
        UNION ALL SELECT 'marketing', channel, count(*) FROM marketing_sent WHERE brand = $1 AND at >= $2 AND at < $3 GROUP BY 1, 2
        UNION ALL SELECT 'rested', channel, count(*) FROM marketing_rest WHERE brand = $1 AND since >= $2 AND since < $3 GROUP BY 1, 2
        UNION ALL SELECT 'erased', '', count(*) FROM erasure WHERE realm = $4 AND erased_at >= $2 AND erased_at < $3 HAVING count(*) > 0
        UNION ALL SELECT 'editions_approved', '', count(*) FROM message_edition WHERE brand = $1 AND from_at >= $2 AND from_at < $3 HAVING count(*) > 0
        UNION ALL SELECT 'editions_waiting', '', count(*) FROM message_edition WHERE brand = $1 AND decided_by IS NULL HAVING count(*) > 0
        UNION ALL SELECT 'text ' || lower(status), connection, count(*) FROM held_text WHERE connection = ANY ($5) GROUP BY 1, 2
        UNION ALL SELECT 'quality ' || lower(quality), connection, count(*) FROM held_text WHERE connection = ANY ($5) AND quality IS NOT NULL GROUP BY 1, 2
        UNION ALL SELECT 'held ' || lower(status) || ' ' || name || ' in ' || language, connection, 1 FROM held_text WHERE connection = ANY ($5) AND status <> 'APPROVED'
        UNION ALL SELECT 'rated ' || lower(quality) || ' ' || name || ' in ' || language, connection, 1 FROM held_text WHERE connection = ANY ($5) AND status = 'APPROVED' AND quality IN ('YELLOW', 'RED')
        UNION ALL SELECT 'number ' || coalesce(lower(quality), 'unknown') || ' ' || coalesce(most_a_day::text, ''), connection, used FROM sender WHERE connection = ANY ($5) AND read_at IS NOT NULL
        UNION ALL SELECT 'told ' || what, connection, sum(count)::bigint FROM told WHERE connection = ANY ($5) AND day >= ($2 AT TIME ZONE 'UTC')::date AND day <= ($3 AT TIME ZONE 'UTC')::date GROUP BY 1, 2 ORDER BY 1, 2
        """, r => new ComplianceRow(r.GetString(0), r.GetString(1), r.GetInt64(2)), cancel, brand, from, until, plan.RealmOf(brand),
        plan.Brands.TryGetValue(brand, out var of) ? of.Terms.MessageChannels.Select(c => c.Connection).Distinct().ToArray() : []);

    /// <summary>Everything that is kept of a customer, as one document to hand over: what pages show of them, and in <c>kept</c> every row that an erasure would take them out of.</summary>
    public async Task<JsonObject?> ExportAsync(IReadOnlyList<string> brands, string realm, long id, DateTimeOffset now, CancellationToken cancel)
    {
        if (await OfAsync(brands, realm, id, MostKept, cancel) is not { } profile) return null;
        var export = (JsonObject)System.Text.Json.JsonSerializer.SerializeToNode(profile, ExportOptions)!;
        export["exportedAt"] = now;
        string[] of = [.. brands.Where(b => plan.RealmOf(b) == realm)];
        export["orderDetails"] = new JsonArray([.. (await database.ListAsync("SELECT stream, state FROM stream WHERE brand = ANY ($1) AND stream = ANY ($2)", r => (Stream: r.GetString(0), State: r.Bytes(1)!), cancel, of, profile.Orders.Select(o => o.Stream).ToArray()))
            .Select(o => (JsonNode)new JsonObject { ["order"] = o.Stream, ["facts"] = JsonNode.Parse(o.State)?["order"]?["facts"]?.DeepClone() })]);
        string[] contacts = [.. profile.Keys.Where(k => k.Kind != PersonKey.Explicit && !k.Common).Select(k => $"{ContactPoint.Stream}/{k.Kind}:{k.Value}")];
        export["wrote"] = new JsonArray([.. (await database.ListAsync("SELECT s.at, s.kind, s.body FROM decision d JOIN signal s ON s.seq = d.seq WHERE d.brand = ANY ($1) AND d.stream = ANY ($2) AND NOT s.raw AND s.kind LIKE 'contact.%' ORDER BY s.seq", r => (At: r.At(0), Kind: r.GetString(1), Body: r.Bytes(2)!), cancel, of, contacts))
            .Select(s => (JsonNode)new JsonObject { ["at"] = s.At, ["kind"] = s.Kind, ["said"] = JsonNode.Parse(s.Body) })]);
        export["kept"] = await PersonalRows.ReadAsync(database, plan, of, realm, id, cancel);
        return export;
    }

    private static readonly System.Text.Json.JsonSerializerOptions ExportOptions = new(System.Text.Json.JsonSerializerDefaults.Web) { IncludeFields = true };

    // A message has no index by order; the decision that planned it names it.
    private Task<List<CustomerMessageRow>> MessagesAsync(string[] brands, string[] streams, int most, CancellationToken cancel) =>
        database.ListAsync("""
            SELECT l.brand, l.stream, l.lane, l.body, l.outcome, l.why, l.done_at, l.kind FROM decision d JOIN effect_log l ON l.id = ANY (d.effects)
            WHERE d.brand = ANY ($1) AND d.stream = ANY ($2) AND d.effects IS NOT NULL AND l.kind IN ('message.send.v1', 'message.answer.v1') ORDER BY l.done_at DESC LIMIT $3
            """, r =>
        {
            var (to, subject, text) = Core.CoreJson.Read(r.GetString(7), r.Bytes(3)!) switch
            {
                MessageEffect.Send sent => (sent.To, sent.Subject, sent.Text),
                MessageEffect.Answer answer => (answer.To, "Answer to what they wrote", answer.Text),
                var other => throw new System.Diagnostics.UnreachableException(other.GetType().Name),
            };
            return new CustomerMessageRow(r.GetString(0), r.GetString(1), r.GetString(2), to, subject, text, r.GetString(4), r.Text(5), r.At(6));
        }, cancel, brands, streams, most);

    private Task<List<CustomerCaseRow>> CasesAsync(string[] brands, string[] streams, int most, CancellationToken cancel) =>
        database.ListAsync("SELECT brand, stream, key, kind, title, detail, opened_at, closed_at FROM open_case WHERE brand = ANY ($1) AND stream = ANY ($2) ORDER BY closed_at IS NOT NULL, opened_at DESC LIMIT $3",
            r => new CustomerCaseRow(r.GetString(0), r.GetString(1), r.GetString(2), r.GetString(3), r.GetString(4), r.GetString(5), r.At(6), r.MaybeAt(7)), cancel, brands, streams, most);

    private bool SeesAll(IReadOnlyList<string> brands) => plan.SharedCustomers.All(brands.Contains);

    /// <summary>The people whom these brands may see, with the figures of what was ordered there. Who sees every brand that shares its customers reads them as they are counted.</summary>
    // Indexes: person_order_of, stream_pkey.
    private string People(IReadOnlyList<string> brands, string these, string currency) => SeesAll(brands) ? "person" : $"""
        (SELECT r.realm, r.id, r.root, r.name, r.country, r.language, r.note, f.orders, f.spent, f.first_at, f.last_at FROM person r
           JOIN (SELECT m.root, count(*) FILTER (WHERE s.status <> 'cancelled')::int AS orders, coalesce(sum(coalesce(s.kept, s.total)) FILTER (WHERE s.status <> 'cancelled' AND s.currency = {currency}), 0) AS spent, min(s.placed_at) AS first_at, max(s.placed_at) AS last_at
                 FROM person_order o JOIN person m ON m.realm = o.realm AND m.id = o.person JOIN stream s ON s.brand = o.brand AND s.stream = o.stream
                 WHERE o.realm = '{HubPlan.SharedRealm}' AND o.brand = ANY ({these}) GROUP BY m.root) f ON f.root = r.id WHERE r.realm = '{HubPlan.SharedRealm}'
         UNION ALL SELECT realm, id, root, name, country, language, note, orders, spent, first_at, last_at FROM person WHERE realm <> '{HubPlan.SharedRealm}')
        """;

    /// <summary>Is the key <c>k</c> from an order of one of these brands?</summary>
    // A key keeps the order that it was found in first, which may be another brand's; that it stands in one of these as well, lookup knows.
    private string OfKey(IReadOnlyList<string> brands, string these) => SeesAll(brands) ? "true" : $"(k.realm <> '{HubPlan.SharedRealm}' OR {FoundIn(these)} OR EXISTS (SELECT 1 FROM lookup l WHERE l.brand = ANY ({these}) AND l.term = k.value))";

    private string StreamOfKey(IReadOnlyList<string> brands, string these) => SeesAll(brands) ? "k.stream"
        : $"CASE WHEN k.realm <> '{HubPlan.SharedRealm}' OR {FoundIn(these)} THEN k.stream ELSE coalesce((SELECT min(l.stream) FROM lookup l WHERE l.brand = ANY ({these}) AND l.term = k.value), '') END";

    private static string FoundIn(string these) => $"EXISTS (SELECT 1 FROM person_order o WHERE o.realm = k.realm AND o.person = k.person AND o.stream = k.stream AND o.brand = ANY ({these}))";

    /// <summary>Did this person of the row <c>p</c> order at one of these brands?</summary>
    private string Ordered(IReadOnlyList<string> brands, string person, string these) => SeesAll(brands) ? "true"
        : $"(p.realm <> '{HubPlan.SharedRealm}' OR EXISTS (SELECT 1 FROM person_order w WHERE w.realm = p.realm AND w.person = {person} AND w.brand = ANY ({these})))";

    private string[] RealmsOf(IReadOnlyList<string> brands) => [.. brands.Select(plan.RealmOf).Distinct()];

    private CustomerRow Row(NpgsqlDataReader r) => new(r.GetString(0), r.GetInt64(1), r.Text(2), r.Text(3), r.Text(4), r.GetInt32(5), r.GetDecimal(6), PersonFigures.CurrencyOf(plan, r.GetString(0)), r.MaybeAt(7), r.MaybeAt(8), r.Text(10), r.Text(11), r.Text(9));
}
