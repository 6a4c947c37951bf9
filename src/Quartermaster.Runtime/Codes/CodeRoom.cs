using Npgsql;
using Quartermaster.Core;
using Quartermaster.Core.Codes;
using Quartermaster.Core.Flows;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Orders;
using Quartermaster.Runtime.Intake;
using Quartermaster.Runtime.Partitions;
using Quartermaster.Runtime.Switches;
using static Quartermaster.Runtime.Columns;

namespace Quartermaster.Runtime.Codes;

/// <summary>Says in one batch's transaction what codes mean, and writes down what was said of them.</summary>
/// <remarks>
/// A brand that has explained no code, and sells SKUs that this worker knows, is answered from memory. Whoever finds a code unknown takes the
/// SKU's lock and looks again, and keeps the lock until it stands in the queue: whoever explains or counts the code takes the same lock, so
/// one of the two sees the other.
/// </remarks>
internal sealed class CodeRoom(HubPlan plan, Switchboard switches, KnownSkus known, NpgsqlConnection connection, NpgsqlTransaction transaction)
{
    private readonly Dictionary<(string Brand, string Code, string Channel), CodeRequest.Keep> _kept = [];
    private readonly Dictionary<(string Brand, string Channel, string Code), IReadOnlyList<Part>> _read = [];

    /// <summary>Something was said of codes: orders may have to look again after the writes.</summary>
    public bool HasWord => _kept.Count > 0;

    /// <summary>Brands of which something was said.</summary>
    public IEnumerable<string> Brands => _kept.Keys.Select(k => k.Brand).Distinct();

    public async Task AnswerAsync(List<(OpenDecision Decision, Request Request)> asked, CancellationToken cancel)
    {
        List<(OpenDecision Decision, OrderRequest.ReadCodes Ask)>? readers = null;
        HashSet<(string Brand, string Channel, string Code)>? unread = null;
        var kept = _kept.Count;
        foreach (var (decision, request) in asked)
        {
            var brand = decision.Stream.Id.Brand;
            if (request is CodeRequest.Keep keep) _kept[(brand, keep.Code, keep.Channel)] = keep;
            else if (request is OrderRequest.ReadCodes ask)
            {
                (readers ??= []).Add((decision, ask));
                foreach (var line in ask.Lines)
                    if (!IsSurelyItself(brand, line.Code) && !_read.ContainsKey((brand, ask.Channel, line.Code))) (unread ??= []).Add((brand, ask.Channel, line.Code));
            }
        }
        if (_kept.Count > kept) await LockAsync(_kept.Keys.Select(k => (k.Brand, k.Code)), cancel);
        if (unread is not null) await ReadAsync([.. unread], cancel);
        foreach (var (decision, ask) in readers ?? []) decision.Signals.AddFirst(new OrderSignal.CodesRead(ask.Lines, Others(decision.Stream.Id.Brand, ask)));
    }

    /// <summary>Adds what was said of codes, and which orders wait to hear it.</summary>
    public void AddWrites(NpgsqlBatch batch, IEnumerable<StreamEntry> touched, DateTimeOffset now)
    {
        AddWaiting(batch, touched, now);
        if (_kept.Count == 0) return;
        var words = _kept.OrderBy(k => k.Key).Select(k => (k.Key.Brand, Word: k.Value)).ToList();
        // Only the code's own stream writes its rows, and its partition is locked.
        batch.Add("DELETE FROM meaning m USING unnest($1::text[], $2::text[], $3::text[]) AS u(brand, code, channel) WHERE m.brand = u.brand AND m.code = u.code AND m.channel = u.channel",
            Texts(words.Select(w => w.Brand)), Texts(words.Select(w => w.Word.Code)), Texts(words.Select(w => w.Word.Channel)));
        var parts = words.SelectMany(w => w.Word.Parts.Select(p => (w.Brand, w.Word, Part: p))).ToList();
        if (parts.Count > 0)
            batch.Add("INSERT INTO meaning(brand, code, channel, sku, units, by_whom, at) SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::int[], $6::text[], $7::timestamptz[])",
                Texts(parts.Select(p => p.Brand)), Texts(parts.Select(p => p.Word.Code)), Texts(parts.Select(p => p.Word.Channel)), Texts(parts.Select(p => p.Part.Sku)), Ints(parts.Select(p => p.Part.Units)), Texts(parts.Select(p => p.Word.By)), Instants(parts.Select(p => p.Word.At)));
        var offered = words.Where(w => plan.Publishes(w.Brand)).ToList();
        if (offered.Count > 0)
            batch.Add("INSERT INTO stock_mark(brand, sku, at) SELECT brand, code, $3 FROM unnest($1::text[], $2::text[]) AS u(brand, code)", Texts(offered.Select(w => w.Brand)), Texts(offered.Select(w => w.Word.Code)), Instant(now));
    }

    /// <summary>Tells the orders that wait for these codes, or have them and are not at a warehouse. Runs after the writes, so it sees this batch's own orders.</summary>
    public async Task<List<NewSignal>> WakeAsync(DateTimeOffset now, CancellationToken cancel)
    {
        var codes = _kept.Keys.Select(k => (k.Brand, k.Code)).Distinct().ToList();
        // Indexes: code_waiting_pkey; lookup_pkey and stream_pkey.
        await using var find = new NpgsqlCommand("""
            SELECT u.brand, u.code, w.stream FROM unnest($1::text[], $2::text[], $3::text[]) AS u(brand, code, term)
            CROSS JOIN LATERAL (SELECT stream FROM code_waiting c WHERE c.brand = u.brand AND c.code = u.code
              UNION SELECT l.stream FROM lookup l CROSS JOIN LATERAL (SELECT status FROM stream s WHERE s.brand = l.brand AND s.stream = l.stream AND NOT s.ended OFFSET 0) s
                    WHERE l.brand = u.brand AND l.term = u.term AND s.status = ANY ($4)) w
            """, connection, transaction);
        find.With(Texts(codes.Select(c => c.Brand)), Texts(codes.Select(c => c.Code)), Texts(codes.Select(c => c.Code.ToLowerInvariant())), Texts(OrderRow.NotAtWarehouse));
        List<NewSignal> woken = [];
        await using (var reader = await find.ExecuteReaderAsync(cancel))
        {
            while (await reader.ReadAsync(cancel)) woken.Add(Explained(reader.GetString(0), reader.GetString(2), reader.GetString(1)));
        }
        if (woken.Count == 0) return woken;
        await using var batch = new NpgsqlBatch(connection, transaction);
        batch.AddSignals(woken, now);
        await batch.ExecuteNonQueryAsync(cancel);
        return woken;
    }

    /// <summary>Tells an order that a code of its can be read now.</summary>
    internal static NewSignal Explained(string brand, string stream, string code) =>
        new(StreamId.Parse(brand, stream), Wire.KindOf(typeof(OrderSignal.CodeExplained)), CoreJson.Write(new OrderSignal.CodeExplained(code)), "codes");

    private bool IsSurelyItself(string brand, string code) => !switches.ExplainsCodes(brand) && known.Has(brand, code);

    private List<MeantLine> Others(string brand, OrderRequest.ReadCodes ask)
    {
        List<MeantLine> others = [];
        foreach (var line in ask.Lines)
            if (_read.TryGetValue((brand, ask.Channel, line.Code), out var parts) && !Part.IsItself(parts, line.Code)) others.Add(new(line.LineId, parts));
        return others;
    }

    private async Task ReadAsync(List<(string Brand, string Channel, string Code)> codes, CancellationToken cancel)
    {
        await LookAsync(codes, cancel);
        var strangers = codes.Where(c => _read[c].Count == 0).ToList();
        if (strangers.Count == 0) return;
        await LockAsync(strangers.Select(c => (c.Brand, c.Code)), cancel);
        await LookAsync(strangers, cancel);
    }

    /// <summary>What was said for the channel comes before what was said for all; a code nobody spoke of means the SKU of that name, if there ever was a position of it.</summary>
    private async Task LookAsync(List<(string Brand, string Channel, string Code)> codes, CancellationToken cancel)
    {
        // Indexes: meaning_pkey, position_pkey; no lock.
        await using var look = new NpgsqlCommand("""
            SELECT u.brand, u.channel, u.code, p.known, m.sku, m.units FROM unnest($1::text[], $2::text[], $3::text[]) AS u(brand, channel, code)
            CROSS JOIN LATERAL (SELECT EXISTS (SELECT 1 FROM position WHERE position.brand = u.brand AND position.sku = u.code) AS known OFFSET 0) p
            LEFT JOIN LATERAL (SELECT sku, units FROM meaning WHERE meaning.brand = u.brand AND meaning.code = u.code
              AND meaning.channel = (SELECT max(x.channel) FROM meaning x WHERE x.brand = u.brand AND x.code = u.code AND x.channel IN ('', u.channel)) OFFSET 0) m ON true
            ORDER BY u.brand, u.channel, u.code, m.sku
            """, connection, transaction);
        look.With(Texts(codes.Select(c => c.Brand)), Texts(codes.Select(c => c.Channel)), Texts(codes.Select(c => c.Code)));
        foreach (var code in codes) _read[code] = [];
        await using var reader = await look.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
        {
            var (brand, code) = (reader.GetString(0), reader.GetString(2));
            var key = (brand, reader.GetString(1), code);
            if (reader.GetBoolean(3)) known.Keep(brand, code);
            if (!reader.IsDBNull(4)) _read[key] = [.. _read[key], new(reader.GetString(4), reader.GetInt32(5))];
            else if (reader.GetBoolean(3)) _read[key] = [new(code, 1)];
        }
    }

    // The lock of a SKU without rows, as counts take it: class 79.
    private async Task LockAsync(IEnumerable<(string Brand, string Code)> codes, CancellationToken cancel)
    {
        await using var take = new NpgsqlCommand("SELECT pg_advisory_xact_lock(79, hashtext(k)) FROM unnest($1::text[]) k", connection, transaction);
        take.With(Texts(codes.Distinct().Order().Select(c => c.Brand + "/" + c.Code)));
        await take.ExecuteNonQueryAsync(cancel);
    }

    /// <summary>The queue of codes is a reading of the orders' states: whatever made an order wait, or wait no more, it follows.</summary>
    private static void AddWaiting(NpgsqlBatch batch, IEnumerable<StreamEntry> touched, DateTimeOffset now)
    {
        List<StreamId> gone = [];
        List<(StreamId Order, string Channel, string Code, string Title, int Units)> waits = [];
        foreach (var entry in touched)
        {
            if (!entry.Changed) continue;
            var after = OrderRow.UnknownCodes(entry.State);
            foreach (var (code, title, units) in after) waits.Add((entry.Id, ((OrderFile)entry.State).Order.Facts!.Channel, code, title, units));
            if (after.Count > 0 || OrderRow.UnknownCodes(entry.Stored).Count > 0) gone.Add(entry.Id);
        }
        if (gone.Count > 0)
            batch.Add("DELETE FROM code_waiting c USING unnest($1::text[], $2::text[]) AS u(brand, stream) WHERE c.brand = u.brand AND c.stream = u.stream AND NOT (c.brand || '/' || c.stream || '/' || c.code = ANY ($3))",
                Texts(gone.Select(g => g.Brand)), Texts(gone.Select(g => g.Key)), Texts(waits.Select(w => $"{w.Order.Brand}/{w.Order.Key}/{w.Code}")));
        if (waits.Count == 0) return;
        batch.Add("""
            INSERT INTO code_waiting AS c(brand, code, stream, channel, title, units, since) SELECT brand, code, stream, channel, title, units, $7 FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::int[]) AS u(brand, code, stream, channel, title, units)
            ON CONFLICT (brand, code, stream) DO UPDATE SET channel = excluded.channel, title = excluded.title, units = excluded.units
            """,
            Texts(waits.Select(w => w.Order.Brand)), Texts(waits.Select(w => w.Code)), Texts(waits.Select(w => w.Order.Key)), Texts(waits.Select(w => w.Channel)), Texts(waits.Select(w => w.Title)), Ints(waits.Select(w => w.Units)), Instant(now));
    }
}
