using System.Text;
using System.Text.Json;
using Npgsql;
using Quartermaster.Core.Campaigns;
using Quartermaster.Core.Customers;
using Quartermaster.Core.Flows;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Orders;
using Quartermaster.Runtime.Operations;
using Quartermaster.Runtime.Partitions;
using static Quartermaster.Runtime.Columns;

namespace Quartermaster.Runtime.Customers;

/// <summary>What an erasure did.</summary>
/// <param name="Rows">Rows rewritten or deleted, by table.</param>
/// <param name="Left">Where their address still stands: <c>table.column</c>. In other people's orders, in the brand's own words, as a part of a longer address, or in <c>profile</c> until a marketing tool has deleted them.</param>
/// <param name="Told">Marketing tools that knew them and are told to delete them; what they answer is kept with the erasure.</param>
public sealed record ErasureReport(IReadOnlyDictionary<string, int> Rows, IReadOnlyList<string> Left, IReadOnlyList<string> Told);

/// <summary>Takes a person out of every table, in one transaction: goods and money stay, so that stock and books add up, and what is left can still be read.</summary>
/// <remarks>
/// Rows of the person's own orders and contact points are rewritten value by value; in everything else, whatever tables there are, e-mails and phone numbers
/// are. Orders of other people are not touched. An order that has not ended is not erased: somebody has to deliver it.
/// </remarks>
public sealed class Eraser(Database database, HubPlan plan, Pseudonyms pseudonyms, TimeProvider clock)
{
    // The people of the house, and what names no customer: an operator who shops keeps his sign-in.
    private static readonly HashSet<string> NotSearched = ["operator", "operator_session", "api_key", "supplier", "migration", "brand", "hub_value", "process", "lane", "switch", "person", "person_key", "person_order", "person_pair", "lookup", "suppressed", "consent", "marketing_sent", "erasure", "profile",
        // Words of the brand, which are never changed: somebody may have ordered with the shop's own address.
        "message_edition", "rule_edition", "held_text"];

    // Rewritten by name, or without a word that could be a person's.
    private static readonly HashSet<string> Done = ["signal", "effect_log", "effect", "decision", "stream", "timer", "open_case", "movement", "parked", "erased_stream", "trait"];

    /// <exception cref="InvalidOperationException">There is no such person, or an order is still under way; says which.</exception>
    public async Task<ErasureReport> EraseAsync(string realm, long person, string reason, string who, CancellationToken cancel)
    {
        await using var connection = await database.General.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        var subject = await ErasureSubject.ReadAsync(connection, transaction, plan, realm, person, cancel);
        await CheckAsync(connection, transaction, subject, cancel);
        var salt = await pseudonyms.SaltAsync(cancel);
        var redaction = new Redaction(subject.Secrets, subject.Words);
        var rows = new RowRewriter(connection, transaction, redaction);
        var everywhere = new RowRewriter(connection, transaction, new Redaction(subject.Marks)) { Rows = rows.Rows };
        await EverywhereAsync(connection, transaction, everywhere, subject, cancel);
        // From here on nothing of theirs is decided until this has committed, and a state that a worker holds does not stand any more.
        await LockAsync(connection, transaction, subject, cancel);
        await CheckAsync(connection, transaction, subject, cancel);
        await OwnAsync(connection, transaction, rows, subject, cancel);
        await ForgetAsync(connection, transaction, rows, subject, salt, cancel);
        long erasure;
        await using (var proof = new NpgsqlCommand("INSERT INTO erasure(realm, at, by_whom, reason, keys, rows) VALUES ($1, $2, $3, $4, $5, $6::jsonb) RETURNING id", connection, transaction))
        {
            proof.With(Text(realm), Instant(clock.GetUtcNow()), Text(who), Text(redaction.Text(reason)), Texts(subject.Keys.Select(k => Pseudonyms.Of(salt, realm, k.Value))), Text(JsonSerializer.Serialize(rows.Rows)));
            erasure = (long)(await proof.ExecuteScalarAsync(cancel))!;
        }
        var told = await ErasedProfiles.HandOverAsync(connection, transaction, plan, realm, subject.Addresses, erasure, salt, clock.GetUtcNow(), cancel);
        await Desk.AuditAsync(connection, transaction, who, "customer.erase", plan.Brands.ContainsKey(realm) ? realm : null, $"customer/{person}", redaction.Text(reason), cancel);
        await transaction.CommitAsync(cancel);
        // Reads the whole database: with the partitions let go again, so that no order waits for it.
        await using var search = await database.General.OpenConnectionAsync(cancel);
        var left = await Traces.FindAsync(search, null, subject.Marks, cancel);
        return new(rows.Rows, [.. left.Select(l => l.Where)], told);
    }

    /// <summary>What came for erased orders since is rewritten: a shop may tell of an old order again, with everything it knows.</summary>
    public async Task EraseNewsAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        var rows = new RowRewriter(connection, transaction, new Redaction([]));
        // Index: decision_pkey, a probe per erased order.
        await rows.RewriteAsync("signal", "seq IN (SELECT d.seq FROM erased_stream e JOIN decision d ON d.brand = e.brand AND d.stream = e.stream AND d.seq > e.seq)", own: true, [], cancel);
        await rows.RewriteAsync("decision", "(brand, stream, seq) IN (SELECT d.brand, d.stream, d.seq FROM erased_stream e JOIN decision d ON d.brand = e.brand AND d.stream = e.stream AND d.seq > e.seq)", own: true, [], cancel);
        await using var move = new NpgsqlCommand("UPDATE erased_stream e SET seq = n.seq FROM (SELECT d.brand, d.stream, max(d.seq) AS seq FROM erased_stream x JOIN decision d ON d.brand = x.brand AND d.stream = x.stream AND d.seq > x.seq GROUP BY 1, 2) n WHERE e.brand = n.brand AND e.stream = n.stream", connection, transaction);
        await move.ExecuteNonQueryAsync(cancel);
        await transaction.CommitAsync(cancel);
    }

    private static async Task CheckAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, ErasureSubject subject, CancellationToken cancel)
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
        if (reasons.Count > 0) throw new InvalidOperationException($"Not erased: {string.Join("; ", reasons)}. Ask again when that is over.");
    }

    private static async Task LockAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, ErasureSubject subject, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand("SELECT pg_advisory_xact_lock($1, p) FROM unnest($2::smallint[]) p", connection, transaction);
        await command.With(Int(ReadyBatch.LockClass), Shorts(subject.Streams.Select(s => s.Partition).Distinct().Order())).ExecuteNonQueryAsync(cancel);
    }

    /// <summary>E-mails and phone numbers, wherever the catalogue says that a text can stand. What belongs to an order is told by its own rows, or is another person's.</summary>
    private static async Task EverywhereAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, RowRewriter rows, ErasureSubject subject, CancellationToken cancel)
    {
        var forms = subject.Marks.SelectMany(Traces.Forms).Distinct().ToArray();
        if (forms.Length == 0) return;
        foreach (var table in (await Traces.ColumnsAsync(connection, transaction, cancel)).Where(c => !NotSearched.Contains(c.Table)).GroupBy(c => c.Table))
        {
            var hit = string.Join(" OR ", table.Select(c => $"EXISTS (SELECT 1 FROM unnest($1::text[]) f WHERE strpos({Traces.Shown(c)}, f) > 0)"));
            if (table.Key == "signal") await CheckUndecidedAsync(connection, transaction, new Redaction(subject.Marks), hit, forms, cancel);
            var decided = table.Key == "signal" ? $"{Decided} AND " : "";
            await rows.RewriteAsync(table.Key, table.First().HasStream ? $"{decided}stream NOT LIKE 'order/%' AND stream NOT LIKE 'contact/%' AND ({hit})" : hit, own: false, [Texts(forms)], cancel);
        }
    }

    // What nobody has decided on yet tells of others as well, and is read as it came.
    private const string Undecided = "(seq IN (SELECT seq FROM ready) OR seq IN (SELECT seq FROM parked))", Decided = $"NOT {Undecided}";

    private static async Task CheckUndecidedAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, Redaction marks, string hit, string[] forms, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand($"SELECT stream, body FROM signal WHERE {Undecided} AND stream NOT LIKE 'order/%' AND stream NOT LIKE 'contact/%' AND ({hit})", connection, transaction);
        command.CommandTimeout = 0;
        await using var reader = await command.With(Texts(forms)).ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
        {
            var body = reader.GetFieldValue<byte[]>(1);
            if (!body.AsSpan().SequenceEqual(marks.Raw(body)))
                throw new InvalidOperationException($"Not erased: something about them that came for {reader.GetString(0)} is still to be decided on, or is set apart. Ask again when that is over.");
        }
    }

    private async Task OwnAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, RowRewriter rows, ErasureSubject subject, CancellationToken cancel)
    {
        NpgsqlParameter[] Own() => [Texts(subject.Streams.Select(s => s.Brand)), Texts(subject.Streams.Select(s => s.Key))];
        const string ByStream = "(brand, stream) IN (SELECT * FROM unnest($1::text[], $2::text[]))";
        await using (var mark = new NpgsqlCommand("INSERT INTO erased_stream(brand, stream, seq) SELECT u.brand, u.stream, coalesce((SELECT max(d.seq) FROM decision d WHERE d.brand = u.brand AND d.stream = u.stream), 0) FROM unnest($1::text[], $2::text[]) AS u(brand, stream) WHERE u.stream LIKE 'order/%' ON CONFLICT (brand, stream) DO UPDATE SET seq = excluded.seq", connection, transaction))
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
        await MarkOrdersAsync(connection, transaction, subject, cancel);
        await rows.RunAsync("trait", $"DELETE FROM trait WHERE {ByStream}", Own(), cancel);
        // Whatever else belongs to one of their streams, in tables that came later than this.
        foreach (var table in (await Traces.ColumnsAsync(connection, transaction, cancel)).Where(c => c.HasStream).Select(c => c.Table).Distinct())
            if (!NotSearched.Contains(table) && !Done.Contains(table))
                await rows.RewriteAsync(table, ByStream, own: true, Own(), cancel);
    }

    private static NpgsqlParameter Customers(ErasureSubject subject) => Texts(subject.People.Select(p => $"customer/{p}"));

    private async Task MarkOrdersAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, ErasureSubject subject, CancellationToken cancel)
    {
        var kind = StreamKinds.Find("order")!;
        foreach (var stream in subject.Streams.Where(s => s.Kind == "order"))
        {
            await using var read = new NpgsqlCommand("SELECT state FROM stream WHERE brand = $1 AND stream = $2", connection, transaction).With(Text(stream.Brand), Text(stream.Key));
            if (await read.ExecuteScalarAsync(cancel) is not byte[] state) continue;
            // Read once more: a state that nobody could read would set the next signal of this order apart.
            var erased = (OrderFile)kind.Load(state) with { Erased = true };
            await using var write = new NpgsqlCommand("UPDATE stream SET state = $3, buyer_name = NULL, email = NULL, phone = NULL, version = version + 1, updated_at = $4 WHERE brand = $1 AND stream = $2", connection, transaction);
            await write.With(Text(stream.Brand), Text(stream.Key), new NpgsqlParameter<byte[]> { TypedValue = kind.Save(erased) }, Instant(clock.GetUtcNow())).ExecuteNonQueryAsync(cancel);
        }
    }

    // Signals and effects have no index by stream; decisions have, and name both.
    private static string ByDecision(string table) => table switch
    {
        "signal" => " AND seq IN (SELECT seq FROM decision WHERE brand = $1 AND stream IN ($2, $3))",
        "effect_log" => " AND id IN (SELECT unnest(effects) FROM decision WHERE brand = $1 AND stream IN ($2, $3))",
        _ => "",
    };

    // The key of a contact's stream, and of a customer's in campaigns, is the address itself. Nothing looks for it by its new name, which holds the customer's number: whoever comes back and is erased again is another one.
    private static async Task RenameAsync(RowRewriter rows, string brand, string address, string instead, CancellationToken cancel)
    {
        foreach (var kind in (string[])["email", "phone"])
        {
            // Nobody is written to any more. What came of the campaigns is still counted, and a code that was promised stays promised.
            var run = $"{Runs.Stream}/{kind}:{address}";
            foreach (var table in (string[])["timer", "stream"]) await rows.RunAsync(table, $"DELETE FROM {table} WHERE brand = $1 AND stream = $2", [Text(brand), Text(run)], cancel);
            await rows.RunAsync("run", "UPDATE run SET due_at = NULL, why = 'Gone', left_at = coalesce(left_at, entered_at) WHERE brand = $1 AND stream = $2 AND due_at IS NOT NULL", [Text(brand), Text(run)], cancel);
            await rows.RunAsync("effect_log", $"UPDATE effect_log SET key = replace(key, $4, $5) WHERE brand = $1 AND stream = $2{ByDecision("effect_log")}", [Text(brand), Text(run), Text(run), Text(address), Text(instead)], cancel);
            foreach (var stream in (string[])[ContactPoint.Stream, Runs.Stream])
                foreach (var table in (string[])["stream", "decision", "signal", "timer", "open_case", "effect_log", "run", "offer_given"])
                    await rows.RunAsync(table, $"UPDATE {table} SET stream = $3 WHERE brand = $1 AND stream = $2{ByDecision(table)}", [Text(brand), Text($"{stream}/{kind}:{address}"), Text($"{stream}/{kind}:{instead}")], cancel);
        }
    }

    /// <summary>What is only about them goes; who said no stays under a name that nobody can read, so that the no still counts.</summary>
    private static async Task ForgetAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, RowRewriter rows, ErasureSubject subject, byte[] salt, CancellationToken cancel)
    {
        foreach (var (brand, address) in subject.Brands.SelectMany(b => subject.Addresses.Select(a => (b, a))))
        {
            var instead = Pseudonyms.Of(salt, brand, address);
            // They may have been erased before: of two nos the stronger one stays, under the one name.
            await rows.RunAsync("suppressed", "UPDATE suppressed o SET what = 'all' FROM suppressed n WHERE o.brand = $1 AND o.address = $3 AND o.what <> 'all' AND n.brand = o.brand AND n.channel = o.channel AND n.address = $2 AND n.what = 'all'", [Text(brand), Text(address), Text(instead)], cancel);
            await rows.RunAsync("suppressed", "DELETE FROM suppressed n USING suppressed o WHERE n.brand = $1 AND n.address = $2 AND o.brand = n.brand AND o.channel = n.channel AND o.address = $3", [Text(brand), Text(address), Text(instead)], cancel);
            foreach (var table in (string[])["suppressed", "consent"])
            {
                await rows.RunAsync(table, $"UPDATE {table} SET address = $3 WHERE brand = $1 AND address = $2", [Text(brand), Text(address), Text(instead)], cancel);
                // The reason is a mail server's or their own sentence, which may name them.
                await rows.RewriteAsync(table, "brand = $1 AND address = $2", own: false, [Text(brand), Text(instead)], cancel, only: "why");
            }
            await rows.RunAsync("marketing_sent", "DELETE FROM marketing_sent WHERE brand = $1 AND address = $2", [Text(brand), Text(address)], cancel);
            await RenameAsync(rows, brand, address, $"{instead}/{subject.People.Min()}", cancel);
            await rows.RunAsync("audit", "UPDATE audit SET subject = $3 WHERE brand = $1 AND subject IN ('contact/email:' || $2, 'contact/phone:' || $2)", [Text(brand), Text(address), Text($"{ContactPoint.Stream}/{instead}")], cancel);
        }
        await rows.RunAsync("lookup", "DELETE FROM lookup WHERE brand = ANY($1) AND term = ANY($2) AND stream = ANY($3)", [Texts(subject.Brands), Texts(subject.Secrets.Concat(subject.Words).Select(s => s.ToLowerInvariant())), Texts(subject.Streams.Select(s => s.Key))], cancel);
        foreach (var sql in (string[])["person_pair SELECT WHERE realm = $1 AND (person = ANY($2) OR other = ANY($2))", "person_key SELECT WHERE realm = $1 AND person = ANY($2)", "person SELECT WHERE realm = $1 AND id = ANY($2)"])
            await rows.RunAsync(sql.Split(' ')[0], $"DELETE FROM {sql.Replace(" SELECT", "", StringComparison.Ordinal)}", [Text(subject.Realm), Longs(subject.People)], cancel);
        await rows.RunAsync("person_order", "UPDATE person_order SET person = NULL WHERE realm = $1 AND person = ANY($2)", [Text(subject.Realm), Longs(subject.People)], cancel);
    }
}
