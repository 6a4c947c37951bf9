using System.Text.Json;
using Npgsql;
using Quartermaster.Core.Flows;
using Quartermaster.Runtime.Operations;
using Quartermaster.Runtime.Partitions;
using static Quartermaster.Runtime.Columns;

namespace Quartermaster.Runtime.Customers;

/// <summary>Takes a person out of every table, in one transaction: goods and money stay, so that stock and books add up, and what is left can still be read.</summary>
/// <remarks>
/// Rows of the person's own orders, parcels and contact points are rewritten value by value; in everything else, whatever tables there are, e-mails and phone
/// numbers are, and names and streets where more than a name says that it is them: a namesake is somebody else. Orders of other people are not touched, nor is an address that somebody else orders by. An order that has not ended is not erased: somebody has to deliver it.
/// Nobody links orders to people meanwhile: <see cref="Erasures"/> sees to that.
/// </remarks>
internal sealed class Eraser(HubPlan plan, Pseudonyms pseudonyms, TimeProvider clock)
{
    // Rewritten by name, or without a word that could be a person's.
    private static readonly HashSet<string> Done = ["signal", "effect_log", "effect", "decision", "stream", "timer", "open_case", "movement", "parked", "erased_stream", "trait"];

    /// <summary>What came for erased orders since is looked for from a little before the last look: a batch tells the time before it commits.</summary>
    private static readonly TimeSpan Unseen = TimeSpan.FromHours(1);

    private const int MostTries = 3;

    /// <returns>What keeps it from being done now; null = nothing does.</returns>
    /// <exception cref="InvalidOperationException">There is no such person.</exception>
    public async Task<string?> HindranceAsync(NpgsqlConnection connection, string realm, long person, CancellationToken cancel)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        return await HindranceAsync(connection, transaction, await ErasureSubject.ReadAsync(connection, transaction, plan, realm, person, holds: true, cancel), cancel);
    }

    /// <summary>Does it, and keeps the proof in every erasure that was asked for of them.</summary>
    /// <exception cref="InvalidOperationException">It cannot be done now; says why.</exception>
    public async Task EraseAsync(NpgsqlConnection connection, string realm, long person, CancellationToken cancel)
    {
        for (var attempt = 1; attempt <= MostTries; attempt++)
            if (await TryAsync(connection, realm, person, cancel)) return;
        throw new InvalidOperationException("Their orders change as fast as they are read");
    }

    private async Task<bool> TryAsync(NpgsqlConnection connection, string realm, long person, CancellationToken cancel)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        var subject = await ErasureSubject.ReadAsync(connection, transaction, plan, realm, person, holds: true, cancel);
        await CheckAsync(connection, transaction, subject, cancel);
        var redaction = new Redaction(subject.Secrets, subject.Words);
        var rows = new RowRewriter(connection, transaction, redaction);
        var everywhere = new RowRewriter(connection, transaction, Elsewhere(subject)) { Rows = rows.Rows };
        await EverywhereAsync(connection, transaction, everywhere, subject, cancel);
        // Nothing waits for a row of it until the end.
        var found = await SearchTerms.ReadAsync(connection, transaction, subject, cancel);
        // From here on nothing of theirs is decided until this has committed, and a state that a worker holds does not stand any more.
        await LockAsync(connection, transaction, subject, cancel);
        // The search took its time. What an order of theirs says by now may be something else.
        if (!subject.IsAs(await ErasureSubject.ReadAsync(connection, transaction, plan, realm, person, holds: true, cancel))) return false;
        await CheckAsync(connection, transaction, subject, cancel);
        await OwnAsync(connection, transaction, rows, subject, cancel);
        await SearchTerms.ForgetAsync(rows, subject, found, await MarkOrdersAsync(connection, transaction, subject, cancel), cancel);
        var salt = await pseudonyms.SaltAsync(cancel);
        await ContactTraces.ForgetAsync(rows, subject, salt, cancel);
        await rows.RewriteAsync("erasure", "realm = $1 AND person = ANY($2)", own: false, [Text(realm), Longs(subject.People)], cancel, only: "reason");
        long erasure;
        await using (var proof = new NpgsqlCommand("UPDATE erasure SET erased_at = $3, keys = $4, rows = $5::jsonb, marks = $6, words = $7::jsonb, waits_for = NULL WHERE realm = $1 AND person = ANY($2) AND erased_at IS NULL AND withdrawn_at IS NULL RETURNING id", connection, transaction))
        {
            proof.With(Text(realm), Longs(subject.People), Instant(clock.GetUtcNow()), Texts(subject.Keys.Select(k => Pseudonyms.Of(salt, realm, k))), Text(JsonSerializer.Serialize(rows.Rows)), Texts(subject.Marks.Concat(subject.Shared.Select(a => a.TrimStart('+')))), Text(subject.Sought.Write()));
            erasure = (long)(await proof.ExecuteScalarAsync(cancel))!;
        }
        await ErasedProfiles.HandOverAsync(connection, transaction, plan, realm, subject.Addresses, erasure, salt, clock.GetUtcNow(), cancel);
        await Desk.AuditAsync(connection, transaction, "hub", "customer.erased", plan.Brands.ContainsKey(realm) ? realm : null, $"customer/{person}", null, cancel);
        await transaction.CommitAsync(cancel);
        return true;
    }

    /// <summary>Reads the whole database for what is left, with nothing locked, and keeps where it is with the proof.</summary>
    public async Task SearchAsync(NpgsqlConnection connection, long erasure, IReadOnlyList<string> marks, Sought sought, CancellationToken cancel)
    {
        var left = (await Traces.FindAsync(connection, null, marks, cancel)).Select(l => l.Where).Where(w => w is not ("erasure.marks" or "erasure.words")).Concat(await WordSearch.FindAsync(connection, sought, cancel));
        await using var keep = new NpgsqlCommand("UPDATE erasure SET searched_at = $2, left_in = $3, searched = $4::jsonb, marks = NULL, words = NULL WHERE id = $1", connection);
        var searched = new Dictionary<string, int> { ["address"] = marks.Count, ["name"] = sought.Names.Count, ["street"] = sought.Streets.Count, ["id"] = sought.Ids.Count, ["name alone"] = sought.Alone.Count };
        await keep.With(Long(erasure), Instant(clock.GetUtcNow()), Texts(left), Text(JsonSerializer.Serialize(searched.Where(s => s.Value > 0).ToDictionary()))).ExecuteNonQueryAsync(cancel);
    }

    /// <summary>What came for erased orders since is rewritten: a shop may tell of an old order again, with everything it knows.</summary>
    public async Task EraseNewsAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        var rows = new RowRewriter(connection, transaction, new Redaction([]));
        // One look decides what is rewritten; what is decided meanwhile is younger than the next look goes back.
        var (brands, streams, signals) = await NewsAsync(connection, transaction, cancel);
        NpgsqlParameter[] News() => [Texts(brands), Texts(streams), Longs(signals)];
        await rows.RewriteAsync("signal", "seq = ANY($3) AND $1::text[] IS NOT NULL AND $2::text[] IS NOT NULL", own: true, News(), cancel);
        await rows.RewriteAsync("decision", "(brand, stream, seq) IN (SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[]))", own: true, News(), cancel);
        await using var looked = new NpgsqlCommand("UPDATE hub_value SET value = $1, at = $2 WHERE key = 'erasure.looked_at'", connection, transaction);
        await looked.With(Text(now.ToString("O")), Instant(now)).ExecuteNonQueryAsync(cancel);
        await transaction.CommitAsync(cancel);
    }

    // Index: decision_pkey, a probe per erased order.
    private static async Task<(List<string> Brands, List<string> Streams, List<long> Signals)> NewsAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, CancellationToken cancel)
    {
        await using var read = new NpgsqlCommand("""
            SELECT d.brand, d.stream, d.seq FROM erased_stream e JOIN decision d USING (brand, stream)
            WHERE d.at > (SELECT value::timestamptz FROM hub_value WHERE key = 'erasure.looked_at') - $1
            """, connection, transaction).With(new NpgsqlParameter<TimeSpan> { TypedValue = Unseen });
        (List<string> Brands, List<string> Streams, List<long> Signals) news = ([], [], []);
        await using var reader = await read.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
        {
            news.Brands.Add(reader.GetString(0));
            news.Streams.Add(reader.GetString(1));
            news.Signals.Add(reader.GetInt64(2));
        }
        return news;
    }

    private static async Task CheckAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, ErasureSubject subject, CancellationToken cancel)
    {
        if (await HindranceAsync(connection, transaction, subject, cancel) is { } why) throw new InvalidOperationException(why);
    }

    private static async Task<string?> HindranceAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, ErasureSubject subject, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand("""
            SELECT 'the order ' || coalesce(s.number, s.stream) || ' has not ended (' || coalesce(s.status, 'unknown') || ')' FROM stream s JOIN unnest($1::text[], $2::text[]) AS u(brand, stream) USING (brand, stream) WHERE s.stream LIKE 'order/%' AND NOT s.ended
            UNION ALL SELECT 'for ' || e.stream || ' something is still to be sent (' || e.kind || ')' FROM effect e JOIN unnest($1::text[], $2::text[]) AS u(brand, stream) USING (brand, stream)
            UNION ALL SELECT 'of ' || s.stream || ' a signal is still to be decided on' FROM ready r JOIN signal s USING (seq) JOIN unnest($1::text[], $2::text[]) AS u(brand, stream) ON u.brand = s.brand AND u.stream = s.stream
            UNION ALL SELECT 'of ' || p.stream || ' a signal is set apart (' || p.case_kind || ')' FROM parked p JOIN unnest($1::text[], $2::text[]) AS u(brand, stream) USING (brand, stream)
            LIMIT 3
            """, connection, transaction).With(Texts(subject.Streams.Select(s => s.Brand)), Texts(subject.Streams.Select(s => s.Key)));
        List<string> reasons = [];
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel)) reasons.Add(reader.GetString(0));
        return reasons.Count > 0 ? string.Join("; ", reasons) : null;
    }

    private static async Task LockAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, ErasureSubject subject, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand("SELECT pg_advisory_xact_lock($1, p) FROM unnest($2::smallint[]) p", connection, transaction);
        await command.With(Int(ReadyBatch.LockClass), Shorts(subject.Streams.Select(s => s.Partition).Distinct().Order())).ExecuteNonQueryAsync(cancel);
    }

    private static Redaction Elsewhere(ErasureSubject subject) => new(subject.Marks.Concat(subject.Sought.Everywhere));

    /// <summary>E-mails and phone numbers, wherever the catalogue says that a text can stand, and names and streets with whatever else says that they are this person's. What belongs to an order is told by its own rows, or is another person's.</summary>
    private static async Task EverywhereAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, RowRewriter rows, ErasureSubject subject, CancellationToken cancel)
    {
        static NpgsqlParameter Forms(params IEnumerable<string>[] of) => Texts(of.SelectMany(words => words).SelectMany(Traces.Forms).Distinct());
        // A carrier's webhook names who a parcel is for and where to, and often no address that they are written to by.
        NpgsqlParameter[] Wanted() => [Forms(subject.Marks), Forms(subject.Sought.Names), Forms(subject.Sought.Streets, subject.PostalCodes, subject.Sought.Ids, subject.Numbers), Forms(subject.Sought.Streets), Forms(subject.Numbers)];
        static string Any(int of) => $"EXISTS (SELECT 1 FROM unnest(${of}::text[]) f WHERE strpos(shown.x, f) > 0)";
        if (subject.Marks.Count == 0 && subject.Sought.Names.Count == 0 && subject.Sought.Streets.Count == 0) return;
        foreach (var table in (await Traces.ColumnsAsync(connection, transaction, cancel)).Where(c => PersonalTables.IsSearched(c.Table)).GroupBy(c => c.Table))
        {
            // Shown once for all that is looked for in it.
            var hit = $"EXISTS (SELECT 1 FROM (SELECT concat_ws(E'\n', {string.Join(", ", table.Select(Traces.Shown))}) AS x OFFSET 0) shown WHERE {Any(1)} OR ({Any(2)} AND {Any(3)}) OR ({Any(4)} AND {Any(5)}))";
            if (table.Key == "signal") await CheckUndecidedAsync(connection, transaction, Elsewhere(subject), hit, Wanted(), cancel);
            var decided = table.Key == "signal" ? $"{Decided} AND " : "";
            // Their own streams are read once more under lock, and say then what they say now.
            if (table.First().HasStream) await rows.RewriteAsync(table.Key, $"{decided}stream NOT LIKE 'order/%' AND stream NOT LIKE 'contact/%' AND (brand, stream) NOT IN (SELECT * FROM unnest($6::text[], $7::text[])) AND {hit}", own: false,
                [.. Wanted(), Texts(subject.Streams.Select(s => s.Brand)), Texts(subject.Streams.Select(s => s.Key))], cancel);
            else await rows.RewriteAsync(table.Key, hit, own: false, Wanted(), cancel);
        }
    }

    // What nobody has decided on yet tells of others as well, and is read as it came.
    private const string Undecided = "(seq IN (SELECT seq FROM ready) OR seq IN (SELECT seq FROM parked))", Decided = $"NOT {Undecided}";

    private static async Task CheckUndecidedAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, Redaction marks, string hit, NpgsqlParameter[] wanted, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand($"SELECT stream, body FROM signal WHERE {Undecided} AND stream NOT LIKE 'order/%' AND stream NOT LIKE 'contact/%' AND {hit}", connection, transaction);
        command.CommandTimeout = 0;
        await using var reader = await command.With(wanted).ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
        {
            var body = reader.GetFieldValue<byte[]>(1);
            if (!body.AsSpan().SequenceEqual(marks.Raw(body)))
                throw new InvalidOperationException($"something about them that came for {reader.GetString(0)} is still to be decided on, or is set apart");
        }
    }

    private static async Task OwnAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, RowRewriter rows, ErasureSubject subject, CancellationToken cancel)
    {
        NpgsqlParameter[] Own() => [Texts(subject.Streams.Select(s => s.Brand)), Texts(subject.Streams.Select(s => s.Key))];
        const string ByStream = "(brand, stream) IN (SELECT * FROM unnest($1::text[], $2::text[]))";
        await using (var mark = new NpgsqlCommand("INSERT INTO erased_stream(brand, stream) SELECT u.brand, u.stream FROM unnest($1::text[], $2::text[]) AS u(brand, stream) WHERE u.stream LIKE 'order/%' OR u.stream LIKE 'parcel/%' ON CONFLICT DO NOTHING", connection, transaction))
            await mark.With(Own()).ExecuteNonQueryAsync(cancel);
        await rows.RewriteAsync("signal", $"seq IN (SELECT seq FROM decision WHERE {ByStream}) AND {ByStream}", own: true, Own(), cancel);
        await rows.RewriteAsync("effect_log", $"id IN (SELECT unnest(effects) FROM decision WHERE {ByStream}) AND {ByStream}", own: true, Own(), cancel);
        foreach (var table in (string[])["decision", "stream", "timer", "open_case"]) await rows.RewriteAsync(table, ByStream, own: true, Own(), cancel);
        await rows.RewriteAsync("audit", "(brand, subject) IN (SELECT * FROM unnest($1::text[], $2::text[]))", own: true, Own(), cancel);
        await rows.RewriteAsync("audit", "subject = ANY($1)", own: true, [Customers(subject)], cancel);
        // A note is one of us speaking of them, in words that are in no order.
        await rows.RunAsync("audit", "UPDATE audit SET detail = 'erased' WHERE subject = ANY($1) AND action = 'customer.note' AND detail IS NOT NULL", [Customers(subject)], cancel);
        // A label is their address in a picture: nothing in it can be rewritten.
        await rows.RunAsync("paper", $"DELETE FROM paper WHERE {ByStream}", Own(), cancel);
        await rows.RunAsync("trait", $"DELETE FROM trait WHERE {ByStream}", Own(), cancel);
        // Whatever else belongs to one of their streams, in tables that came later than this.
        foreach (var table in (await Traces.ColumnsAsync(connection, transaction, cancel)).Where(c => c.HasStream).Select(c => c.Table).Distinct())
            if (PersonalTables.IsSearched(table) && !Done.Contains(table))
                await rows.RewriteAsync(table, ByStream, own: true, Own(), cancel);
    }

    private static NpgsqlParameter Customers(ErasureSubject subject) => Texts(subject.People.Select(p => $"customer/{p}"));

    /// <returns>By order, what it is still found by.</returns>
    private async Task<Dictionary<(string, string), IReadOnlyList<string>>> MarkOrdersAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, ErasureSubject subject, CancellationToken cancel)
    {
        var kind = StreamKinds.Find("order")!;
        Dictionary<(string, string), IReadOnlyList<string>> terms = [];
        foreach (var stream in subject.Streams.Where(s => s.Kind == "order"))
        {
            await using var read = new NpgsqlCommand("SELECT state FROM stream WHERE brand = $1 AND stream = $2", connection, transaction).With(Text(stream.Brand), Text(stream.Key));
            if (await read.ExecuteScalarAsync(cancel) is not byte[] state) continue;
            // Read once more: a state that nobody could read would set the next signal of this order apart.
            var erased = (OrderFile)kind.Load(state) with { Erased = true };
            terms[(stream.Brand, stream.Key)] = kind.Row(stream, erased)?.Terms ?? [];
            await using var write = new NpgsqlCommand("UPDATE stream SET state = $3, buyer_name = NULL, email = NULL, phone = NULL, version = version + 1, updated_at = $4 WHERE brand = $1 AND stream = $2", connection, transaction);
            await write.With(Text(stream.Brand), Text(stream.Key), new NpgsqlParameter<byte[]> { TypedValue = kind.Save(erased) }, Instant(clock.GetUtcNow())).ExecuteNonQueryAsync(cancel);
        }
        return terms;
    }
}
