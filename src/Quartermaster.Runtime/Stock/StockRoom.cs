using Npgsql;
using Quartermaster.Core;
using Quartermaster.Core.Campaigns;
using Quartermaster.Core.Channels;
using Quartermaster.Core.Codes;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Dispatching;
using Quartermaster.Core.Flows;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Orders;
using Quartermaster.Core.Purchasing;
using Quartermaster.Core.Shipping;
using Quartermaster.Core.Stock;
using Quartermaster.Runtime.Codes;
using Quartermaster.Runtime.Intake;
using Quartermaster.Runtime.Partitions;
using Quartermaster.Runtime.Routing;
using Quartermaster.Runtime.Switches;
using static Quartermaster.Runtime.Columns;

namespace Quartermaster.Runtime.Stock;

/// <summary>Answers the stock requests of one batch inside its transaction: locks the rows, lets the desk decide, writes sums and ledger.</summary>
/// <remarks>
/// Lock, then decide: availability is exact, a hot SKU is locked once per batch and not once per order. Rows are locked in
/// (brand, SKU, location) order. The table's CHECK stands underneath and refuses what a mistake would do.
/// </remarks>
internal sealed class StockRoom(HubPlan plan, Switchboard switches, KnowledgeShelf knowledge, NpgsqlConnection connection, NpgsqlTransaction transaction)
{
    private const int MostWoken = 5000;

    /// <summary>Beyond what is free, so many are woken of those that would only take it instead of something else: some of them will not want it after all.</summary>
    private const int MostInstead = 100;

    /// <summary>Entries of a SKU's ledger that are looked through for what moved after a late count; one that is later than that is as good as none.</summary>
    private const int LongestLook = 2000;

    private static readonly StockStream Items = new();

    private readonly Dictionary<string, StockDesk> _desks = [];
    private readonly RoutingLoads _loads = new(plan, knowledge, connection, transaction);
    private readonly Preorders _preorders = new(plan, switches, connection, transaction);
    private readonly OddCountRoom _odd = new(connection, transaction);
    private readonly HashSet<(string Brand, string Sku)> _locked = [];
    private readonly HashSet<(string Brand, string Sku, string Location)> _looked = [];
    private readonly List<(string Brand, string Stream, long Seq, Movement Movement)> _ledger = [];
    private readonly Dictionary<(string Brand, string Sku, string Location), DateTimeOffset> _counted = [];
    private int _places;

    /// <summary>SKUs that have a position for the first time: that there is none of them is news too.</summary>
    private readonly HashSet<(string Brand, string Sku)> _first = [];
    private readonly Dictionary<(string Brand, string Sku, string Stream), (bool Waits, int Place, int Units, bool Promised)> _queue = [];

    /// <summary>More can be promised of something than before: orders may have to be woken after the writes.</summary>
    public bool HasRisen => _desks.Values.Any(d => d.Risen.Count > 0);

    /// <summary>Whether a day of a location filled up meanwhile, once the batch is written.</summary>
    public bool WasOvertaken(NpgsqlBatch written) => _loads.WasOvertaken(written);

    /// <summary>Something that channels offer has changed, and was marked for the publisher.</summary>
    public bool HasMarks { get; private set; }

    public async Task AnswerAsync(List<(OpenDecision Decision, Request Request)> asked, DateTimeOffset now, CancellationToken cancel)
    {
        await LockAsync(asked, now, cancel);
        await LookBackAsync(asked, cancel);
        await _odd.ReadAsync(asked, Desk, now, cancel);
        await ReadSeenAsync(asked, cancel);
        await _loads.ReadAsync(asked, now, cancel);
        Dictionary<OpenDecision, List<Signal>> answers = [];
        List<Denied>? denied = null;
        foreach (var (decision, request) in asked)
        {
            if (request is CallOff or ListingRequest or PurchaseRequest or OrderRequest or CodeRequest or ShippingRequest or DispatchRequest or RunRequest) continue; // Theirs is another room.
            var stream = decision.Stream.Id;
            if (request is StockRequest.Wait wait)
            {
                Queue(stream, wait);
                continue;
            }
            if (request is StockRequest.LeaveDays leave) _loads.Leave(stream.Brand, leave.Places);
            if (request is not StockRequest stock) throw new PoisonException(decision.Cause.Seq, $"nobody answers a {request.GetType().Name}");
            if (Answer(decision, stock) is not { } answer) continue;
            var list = answers.TryGetValue(decision, out var before) ? before : answers[decision] = [];
            var at = list.Count;
            list.Add(answer);
            if (answer is StockSignal.ReserveDenied no && stock is StockRequest.Reserve { Kept: false } unmet && _preorders.Takes(stream.Brand)) (denied ??= []).Add(new(stream.Brand, stream.Key, unmet, no, told => list[at] = told));
        }
        if (denied is not null) await _preorders.PromiseAsync(denied, (brand, sku) => Desk(brand).Free(sku), now, cancel);
        // Answers come before whatever else the signal's body said, in the order of the questions.
        foreach (var (decision, list) in answers)
        {
            for (var i = list.Count - 1; i >= 0; i--) decision.Signals.AddFirst(list[i]);
        }
    }

    /// <summary>Adds the statements that write positions, ledger and queue.</summary>
    public void AddWrites(NpgsqlBatch batch, DateTimeOffset now)
    {
        List<(string Brand, Position Position)> changed = [];
        foreach (var (brand, desk) in _desks) foreach (var position in desk.Changed) changed.Add((brand, position));
        if (changed.Count > 0)
        {
            // The rows are locked since the batch asked for them.
            batch.Add("""
                UPDATE position p SET on_hand = u.on_hand, reserved = u.reserved, safety = u.safety, short = u.short, updated_at = $7
                FROM unnest($1::text[], $2::text[], $3::text[], $4::int[], $5::int[], $6::int[], $8::int[]) AS u(brand, sku, location, on_hand, reserved, short, safety)
                WHERE p.brand = u.brand AND p.sku = u.sku AND p.location = u.location
                """,
                Texts(changed.Select(c => c.Brand)), Texts(changed.Select(c => c.Position.Sku)), Texts(changed.Select(c => c.Position.Location)), Ints(changed.Select(c => c.Position.OnHand)),
                Ints(changed.Select(c => c.Position.Reserved)), Ints(changed.Select(c => c.Position.Short)), Instant(now), Ints(changed.Select(c => c.Position.Safety)));
        }
        var plain = DamagedRows.Without(_ledger);
        if (plain.Count > 0)
        {
            batch.Add("""
                INSERT INTO movement(brand, sku, location, seq, stream, at, kind, on_hand, reserved, why, happened_at)
                SELECT brand, sku, location, seq, stream, $6, kind, on_hand, reserved, why, happened_at
                FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::text[], $7::text[], $8::int[], $9::int[], $10::text[], $11::timestamptz[])
                  AS u(brand, sku, location, seq, stream, kind, on_hand, reserved, why, happened_at)
                """,
                Texts(plain.Select(m => m.Brand)), Texts(plain.Select(m => m.Movement.Sku)), Texts(plain.Select(m => m.Movement.Location)), Longs(plain.Select(m => m.Seq)), Texts(plain.Select(m => m.Stream)), Instant(now),
                Texts(plain.Select(m => NameOf(m.Movement.Kind))), Ints(plain.Select(m => m.Movement.OnHand)), Ints(plain.Select(m => m.Movement.Reserved)), Texts(plain.Select(m => (string?)m.Movement.Reason)), NullableInstants(plain.Select(m => m.Movement.At)));
        }
        if (_counted.Count > 0)
            batch.Add("UPDATE position p SET counted_at = greatest(p.counted_at, u.at) FROM unnest($1::text[], $2::text[], $3::text[], $4::timestamptz[]) AS u(brand, sku, location, at) WHERE p.brand = u.brand AND p.sku = u.sku AND p.location = u.location",
                Texts(_counted.Keys.Select(k => k.Brand)), Texts(_counted.Keys.Select(k => k.Sku)), Texts(_counted.Keys.Select(k => k.Location)), Instants(_counted.Values));
        DamagedRows.AddWrites(batch, _ledger, changed, now);
        AddExpected(batch);
        OddCountRoom.AddWrites(batch, _desks, now);
        _loads.AddWrites(batch);
        AddQueue(batch);
        AddMarks(batch, now);
    }

    // The rows are locked since the batch asked for them; the table refuses what would fall below nothing.
    private void AddExpected(NpgsqlBatch batch)
    {
        if (_desks.Values.All(d => d.Expected.Count == 0)) return;
        var changes = _desks.SelectMany(d => d.Value.Expected.Select(e => (Brand: d.Key, e.Key.Sku, e.Key.Location, By: e.Value))).Where(c => c.By != 0).ToList();
        if (changes.Count == 0) return;
        batch.Add("UPDATE position p SET incoming = p.incoming + u.by FROM unnest($1::text[], $2::text[], $3::text[], $4::int[]) AS u(brand, sku, location, by) WHERE p.brand = u.brand AND p.sku = u.sku AND p.location = u.location",
            Texts(changes.Select(c => c.Brand)), Texts(changes.Select(c => c.Sku)), Texts(changes.Select(c => c.Location)), Ints(changes.Select(c => c.By)));
    }

    /// <summary>Wakes the orders that wait for what has risen, oldest first. Runs after the writes, so it sees this batch's own waiters.</summary>
    /// <remarks>
    /// Who ordered it comes before who would only take it instead of something else, however long that one waits; and of those no more than it could
    /// serve, or each unit of a common substitute would wake all that wait for a bestseller. The sweep of every ten minutes finds the others.
    /// Workers take up the woken at the same time, and a younger one may be quicker: what an older one was promised is not given to it.
    /// </remarks>
    public async Task<List<NewSignal>> WakeAsync(DateTimeOffset now, CancellationToken cancel)
    {
        var risen = _desks.SelectMany(d => d.Value.Risen.Select(sku => (Brand: d.Key, Sku: sku, Free: d.Value.Free(sku)))).ToList();
        // Index: waiting_pkey.
        await using var find = new NpgsqlCommand("""
            SELECT u.brand, u.sku, w.stream, w.unknown FROM unnest($1::text[], $2::text[], $4::int[]) AS u(brand, sku, most)
            CROSS JOIN LATERAL ((SELECT stream, since, false AS unknown, false AS instead FROM waiting WHERE waiting.brand = u.brand AND waiting.sku = u.sku AND units > 0 ORDER BY since, stream LIMIT $3)
              UNION ALL (SELECT stream, since, false, true FROM waiting WHERE waiting.brand = u.brand AND waiting.sku = u.sku AND units = 0 ORDER BY since, stream LIMIT u.most)
              UNION ALL SELECT stream, since, true, false FROM code_waiting WHERE code_waiting.brand = u.brand AND code_waiting.code = u.sku) w ORDER BY w.instead, w.since, w.stream
            """, connection, transaction);
        find.With(Texts(risen.Select(r => r.Brand)), Texts(risen.Select(r => r.Sku)), Int(MostWoken), Ints(risen.Select(r => (int)long.Min(MostWoken, r.Free + MostInstead))));
        List<NewSignal> woken = [];
        HashSet<(string, string)> once = [];
        await using (var reader = await find.ExecuteReaderAsync(cancel))
        {
            while (await reader.ReadAsync(cancel))
            {
                if (!once.Add((reader.GetString(0), reader.GetString(2)))) continue;
                // What is counted is a SKU of ours, and its orders have not asked for stock yet.
                woken.Add(reader.GetBoolean(3) ? CodeRoom.Explained(reader.GetString(0), reader.GetString(2), reader.GetString(1)) : Woken(reader.GetString(0), reader.GetString(2), reader.GetString(1)));
            }
        }
        if (woken.Count == 0) return woken;
        await using var batch = new NpgsqlBatch(connection, transaction);
        batch.AddSignals(woken, now);
        await batch.ExecuteNonQueryAsync(cancel);
        return woken;
    }

    /// <summary>Tells an order that something of what it waits for is there.</summary>
    internal static NewSignal Woken(string brand, string stream, string sku) =>
        new(StreamId.Parse(brand, stream), Wire.KindOf(typeof(StockSignal.Arrived)), CoreJson.Write(new StockSignal.Arrived(sku)), "stock");

    private void Queue(StreamId stream, StockRequest.Wait wait)
    {
        // What would be taken for something else was promised to nobody.
        var promised = wait.Waiting && _preorders.WasPromised(stream.Brand, stream.Key);
        for (var i = 0; i < wait.Skus.Count; i++) _queue[(stream.Brand, wait.Skus[i], stream.Key)] = (wait.Waiting, _places++, wait.Units?[i] ?? 0, promised && wait.Units?[i] > 0);
        if (!_preorders.Takes(stream.Brand)) return;
        _preorders.Note(stream.Brand, stream.Key, wait);
        for (var i = 0; i < wait.Skus.Count; i++)
            if (wait.Waiting) Desk(stream.Brand).Join(new(wait.Skus[i], stream.Key, wait.Units?[i] ?? 0, promised && wait.Units?[i] > 0));
            else Desk(stream.Brand).Leave(wait.Skus[i], stream.Key);
    }

    private StockSignal? Answer(OpenDecision decision, StockRequest request)
    {
        var (brand, stream) = (decision.Stream.Id.Brand, decision.Stream.Id.Key);
        var desk = Desk(brand);
        var before = desk.Movements.Count;
        StockSignal? answer;
        try { answer = desk.Answer(request, stream); }
        catch (InvalidOperationException e) { throw new PoisonException(decision.Cause.Seq, e.Message); }
        for (var i = before; i < desk.Movements.Count; i++) _ledger.Add((brand, stream, decision.Cause.Seq, desk.Movements[i]));
        if (answer is StockSignal.PositionSet { Count: { } count } counted) _counted[(brand, counted.Sku, counted.Location)] = count.At;
        return answer;
    }

    private async Task LockAsync(List<(OpenDecision Decision, Request Request)> asked, DateTimeOffset now, CancellationToken cancel)
    {
        HashSet<(string Brand, string Sku)> wanted = [];
        HashSet<(string Brand, string Sku, string Location)> needed = [];
        foreach (var (decision, request) in asked)
        {
            if (request is not StockRequest stock) continue;
            var brand = decision.Stream.Id.Brand;
            foreach (var sku in StockDesk.SkusOf(stock)) if (!_locked.Contains((brand, sku))) wanted.Add((brand, sku));
            // Whoever leaves a queue in which units are kept may leave some for the next.
            if (stock is StockRequest.Wait { Waiting: false } left && _preorders.Takes(brand)) foreach (var sku in left.Skus) if (!_locked.Contains((brand, sku))) wanted.Add((brand, sku));
            switch (stock)
            {
                case StockRequest.SetCount c: needed.Add((brand, c.Sku, c.Location)); break;
                case StockRequest.SetSafety a: needed.Add((brand, a.Sku, a.Location)); break;
                case StockRequest.Adjust a: needed.Add((brand, a.Sku, a.Location)); break;
                case StockRequest.MoveDamaged d: needed.Add((brand, d.Sku, d.Location)); break;
                case StockRequest.Receive r: needed.Add((brand, r.Sku, r.Location)); break;
                case StockRequest.Expect e: foreach (var u in e.Units) needed.Add((brand, u.Sku, u.Location)); break;
                case StockRequest.TakeBack t: foreach (var u in t.Units) needed.Add((brand, u.Sku, u.Location)); break;
            }
        }
        if (wanted.Count == 0 && needed.Count == 0) return;
        await using var batch = new NpgsqlBatch(connection, transaction);
        if (needed.Count > 0)
        {
            var rows = needed.Order().ToList();
            AddSkuLocks(batch, rows.Select(r => (r.Brand, r.Sku)).Distinct().ToList());
            batch.Add("INSERT INTO position(brand, sku, location, on_hand, updated_at) SELECT brand, sku, location, 0, $4 FROM unnest($1::text[], $2::text[], $3::text[]) AS u(brand, sku, location) ON CONFLICT DO NOTHING RETURNING brand, sku",
                Texts(rows.Select(r => r.Brand)), Texts(rows.Select(r => r.Sku)), Texts(rows.Select(r => r.Location)), Instant(now));
        }
        var missing = await LoadAsync(batch, wanted, cancel);
        var idle = OnlyInstead(asked);
        idle.IntersectWith(missing);
        missing.ExceptWith(idle);
        if (missing.Count > 0)
        {
            // No row, so nothing to lock: without this lock a first count could commit between our look and our place in the
            // queue, and nobody would wake the order.
            await using var again = new NpgsqlBatch(connection, transaction);
            AddSkuLocks(again, missing.Order().ToList());
            await LoadAsync(again, missing, cancel);
        }
        wanted.ExceptWith(idle);
        _locked.UnionWith(wanted);
    }

    /// <summary>SKUs that are only asked for instead of others.</summary>
    /// <remarks>One of them that nobody ever counted is not waited for: its lock would be taken after those of rows, the other way round than whoever counts it. A first count that comes just now is found by the sweep.</remarks>
    private static HashSet<(string Brand, string Sku)> OnlyInstead(List<(OpenDecision Decision, Request Request)> asked)
    {
        HashSet<(string, string)> instead = [];
        foreach (var (decision, request) in asked)
            if (request is StockRequest.Reserve { Instead: { } others }) foreach (var other in others) foreach (var sku in other.Skus) instead.Add((decision.Stream.Id.Brand, sku));
        if (instead.Count == 0) return instead;
        foreach (var (decision, request) in asked)
            if (request is StockRequest stock) instead.ExceptWith((stock is StockRequest.Reserve r ? r.Lines.Select(l => l.Sku) : StockDesk.SkusOf(stock)).Select(sku => (decision.Stream.Id.Brand, sku)));
        return instead;
    }

    // Nearly no order came up short somewhere, so nearly no batch asks. Indexes: stream_pkey; movement_of from the newest entry backwards.
    private async Task ReadSeenAsync(List<(OpenDecision Decision, Request Request)> asked, CancellationToken cancel)
    {
        var missed = asked.Where(a => a.Request is StockRequest.Reserve { Missed: not null }).SelectMany(a => ((StockRequest.Reserve)a.Request).Missed!.Select(m => (a.Decision.Stream.Id.Brand, m.Sku))).Distinct().ToList();
        if (missed.Count == 0) return;
        await using var batch = new NpgsqlBatch(connection, transaction);
        batch.Add("SELECT s.brand, u.sku, s.state FROM unnest($1::text[], $2::text[]) AS u(brand, sku) JOIN stream s ON s.brand = u.brand AND s.stream = 'stock/' || u.sku", Texts(missed.Select(m => m.Brand)), Texts(missed.Select(m => m.Sku)));
        batch.Add("""
            SELECT u.brand, u.sku, m.location, max(coalesce(m.happened_at, m.at)) FROM unnest($1::text[], $2::text[]) AS u(brand, sku)
            CROSS JOIN LATERAL (SELECT location, kind, on_hand, happened_at, at FROM movement WHERE brand = u.brand AND sku = u.sku ORDER BY n DESC LIMIT $3) m
            WHERE m.on_hand > 0 AND m.kind IN ('received', 'returned', 'adjusted') GROUP BY u.brand, u.sku, m.location
            """, Texts(missed.Select(m => m.Brand)), Texts(missed.Select(m => m.Sku)), Int(LongestLook));
        await using var reader = await batch.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
            foreach (var count in ((StockItem)Items.Load(reader.GetFieldValue<byte[]>(2))).Counts ?? []) if (count.OnHand > 0) Desk(reader.GetString(0)).LoadSeen(reader.GetString(1), count.Location, count.At);
        await reader.NextResultAsync(cancel);
        while (await reader.ReadAsync(cancel)) Desk(reader.GetString(0)).LoadSeen(reader.GetString(1), reader.GetString(2), reader.GetFieldValue<DateTimeOffset>(3));
    }

    // A count is asked about after its rows are locked, so nothing moves between this look and its answer. Positions that have not changed since
    // the count need no look. Index: movement_of, from the newest entry backwards; no lock beyond the rows' own.
    private async Task LookBackAsync(List<(OpenDecision Decision, Request Request)> asked, CancellationToken cancel)
    {
        var counts = asked.Where(a => a.Request is StockRequest.SetCount).Select(a => (a.Decision.Stream.Id.Brand, Count: (StockRequest.SetCount)a.Request))
            .GroupBy(a => (a.Brand, a.Count.Sku, a.Count.Location)).Where(g => _looked.Add(g.Key)).Select(g => (g.Key.Brand, g.Key.Sku, g.Key.Location, At: g.Min(a => a.Count.Doubt?.Asked is { } earlier && earlier.Count.At < a.Count.At ? earlier.Count.At : a.Count.At))).ToList();
        if (counts.Count == 0) return;
        await using var look = new NpgsqlCommand("""
            SELECT p.brand, p.sku, p.location, m.on_hand, m.moved_at
            FROM unnest($1::text[], $2::text[], $3::text[], $4::timestamptz[]) AS u(brand, sku, location, at)
            JOIN position p ON p.brand = u.brand AND p.sku = u.sku AND p.location = u.location AND p.updated_at > u.at
            CROSS JOIN LATERAL (SELECT location, kind, on_hand, coalesce(happened_at, at) AS moved_at FROM movement WHERE brand = u.brand AND sku = u.sku ORDER BY n DESC LIMIT $5) m
            WHERE m.location = u.location AND m.on_hand <> 0 AND m.kind <> 'counted' AND m.moved_at > u.at
            """, connection, transaction);
        look.With(Texts(counts.Select(c => c.Brand)), Texts(counts.Select(c => c.Sku)), Texts(counts.Select(c => c.Location)), Instants(counts.Select(c => c.At)), Int(LongestLook));
        await using var reader = await look.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel)) Desk(reader.GetString(0)).LoadMoved(reader.GetString(1), reader.GetString(2), reader.GetInt32(3), reader.GetFieldValue<DateTimeOffset>(4));
    }

    private static void AddSkuLocks(NpgsqlBatch batch, List<(string Brand, string Sku)> skus) =>
        batch.Add("SELECT pg_advisory_xact_lock(79, hashtext(k)) FROM unnest($1::text[]) k", Texts(skus.Select(s => s.Brand + "/" + s.Sku)));

    /// <summary>Locks the rows of the SKUs at all their locations, in key order, and reads who was promised what is on its way. Returns the SKUs that have none.</summary>
    private async Task<HashSet<(string Brand, string Sku)>> LoadAsync(NpgsqlBatch batch, HashSet<(string Brand, string Sku)> skus, CancellationToken cancel)
    {
        batch.Add("SELECT p.brand, p.sku, p.location, p.on_hand, p.reserved, p.safety, p.damaged, p.short FROM unnest($1::text[], $2::text[]) AS u(brand, sku) JOIN position p USING (brand, sku) ORDER BY p.brand, p.sku, p.location FOR UPDATE OF p",
            Texts(skus.Select(w => w.Brand)), Texts(skus.Select(w => w.Sku)));
        // A statement sees what was committed before it began: with the locks, the queue cannot grow behind it.
        if (skus.Any(w => _preorders.Takes(w.Brand))) Preorders.AddQueues(batch, skus);
        HashSet<(string, string)> missing = [.. skus];
        await using var reader = await batch.ExecuteReaderAsync(cancel);
        do
        {
            if (reader.FieldCount == 2) while (await reader.ReadAsync(cancel)) _first.Add((reader.GetString(0), reader.GetString(1)));
            if (reader.FieldCount == 5) while (await reader.ReadAsync(cancel)) Desk(reader.GetString(0)).Join(new(reader.GetString(1), reader.GetString(2), reader.GetInt32(3), reader.GetBoolean(4)));
            if (reader.FieldCount == 3) while (await reader.ReadAsync(cancel)) Desk(reader.GetString(0)).LoadComing(reader.GetString(1), reader.GetInt64(2));
            if (reader.FieldCount != 8) continue;
            while (await reader.ReadAsync(cancel))
            {
                missing.Remove((reader.GetString(0), reader.GetString(1)));
                Desk(reader.GetString(0)).Load(new(reader.GetString(1), reader.GetString(2), reader.GetInt32(3), reader.GetInt32(4), reader.GetInt32(5), reader.GetInt32(6), reader.GetInt32(7)));
            }
        }
        while (await reader.NextResultAsync(cancel));
        return missing;
    }

    // Only ever inserted here: a hot SKU waits for nobody's row, and the publisher takes many marks of it as one.
    private void AddMarks(NpgsqlBatch batch, DateTimeOffset now)
    {
        var marks = _desks.Where(d => plan.Publishes(d.Key)).SelectMany(d => d.Value.Shifted.Select(sku => (Brand: d.Key, Sku: sku))).Union(_first.Where(f => plan.Publishes(f.Brand))).ToList();
        // Of what may be pre-ordered, the queue and what is on its way count too.
        var preordering = _desks.Keys.Concat(_queue.Keys.Select(q => q.Brand)).Where(b => plan.Publishes(b) && switches.TakesPreorders(b)).ToHashSet();
        if (preordering.Count > 0)
            marks = [.. marks.Union(_queue.Keys.Select(q => (q.Brand, q.Sku)).Concat(_desks.SelectMany(d => d.Value.Expected.Keys.Select(e => (d.Key, e.Sku)))).Where(m => preordering.Contains(m.Item1)))];
        if (marks.Count > 0) batch.Add("INSERT INTO stock_mark(brand, sku, at) SELECT brand, sku, $3 FROM unnest($1::text[], $2::text[]) AS u(brand, sku)", Texts(marks.Select(m => m.Brand)), Texts(marks.Select(m => m.Sku)), Instant(now));
        HasMarks = marks.Count > 0;
    }

    private void AddQueue(NpgsqlBatch batch)
    {
        if (_queue.Count == 0) return;
        var join = _queue.Where(q => q.Value.Waits).OrderBy(q => q.Key).ToList();
        var leave = _queue.Where(q => !q.Value.Waits).OrderBy(q => q.Key).ToList();
        if (join.Count > 0)
        {
            // By the database's clock, under the locks of the SKUs' rows: who was told first that goods on their way are his stands first. A batch's own time is older than its locks.
            batch.Add("INSERT INTO waiting AS w(brand, sku, stream, since, units, promised) SELECT brand, sku, stream, clock_timestamp() + place * interval '1 microsecond', units, promised FROM unnest($1::text[], $2::text[], $3::text[], $4::int[], $5::int[], $6::boolean[]) AS u(brand, sku, stream, place, units, promised) ON CONFLICT (brand, sku, stream) DO UPDATE SET units = excluded.units, promised = excluded.promised WHERE (w.units, w.promised) <> (excluded.units, excluded.promised)",
                Texts(join.Select(q => q.Key.Brand)), Texts(join.Select(q => q.Key.Sku)), Texts(join.Select(q => q.Key.Stream)), Ints(join.Select(q => q.Value.Place)), Ints(join.Select(q => q.Value.Units)), Bools(join.Select(q => q.Value.Promised)));
        }
        if (leave.Count > 0)
        {
            batch.Add("DELETE FROM waiting w USING unnest($1::text[], $2::text[], $3::text[]) AS u(brand, sku, stream) WHERE w.brand = u.brand AND w.sku = u.sku AND w.stream = u.stream",
                Texts(leave.Select(q => q.Key.Brand)), Texts(leave.Select(q => q.Key.Sku)), Texts(leave.Select(q => q.Key.Stream)));
        }
    }

    private StockDesk Desk(string brand) => _desks.TryGetValue(brand, out var desk) ? desk : _desks[brand] = ChooseLocation.Desk(switches.RoutingOf(brand), () => _loads.Of(brand));

    private static string NameOf(MovementKind kind) => kind switch
    {
        MovementKind.Reserved => "reserved",
        MovementKind.Released => "released",
        MovementKind.Shipped => "shipped",
        MovementKind.Returned => "returned",
        MovementKind.Counted => "counted",
        MovementKind.Received => "received",
        MovementKind.Damaged => "damaged",
        _ => "adjusted",
    };
}
