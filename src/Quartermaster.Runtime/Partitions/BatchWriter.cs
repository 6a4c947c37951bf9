using Npgsql;
using Quartermaster.Core;
using Quartermaster.Core.Kernel;
using Quartermaster.Runtime.Campaigns;
using Quartermaster.Runtime.Channels;
using Quartermaster.Runtime.Codes;
using Quartermaster.Runtime.Customers;
using Quartermaster.Runtime.Dispatching;
using Quartermaster.Runtime.Intake;
using Quartermaster.Runtime.Lanes;
using Quartermaster.Runtime.Purchasing;
using Quartermaster.Runtime.ReadModels;
using Quartermaster.Runtime.Risk;
using Quartermaster.Runtime.Stock;
using Quartermaster.Runtime.Switches;
using Quartermaster.Runtime.Tracking;
using static Quartermaster.Runtime.Columns;
using Timer = Quartermaster.Core.Kernel.Timer;

namespace Quartermaster.Runtime.Partitions;

/// <summary>Everything a batch concluded, as one set of statements: all of it commits or none.</summary>
internal sealed class BatchWriter(HubPlan plan, Switchboard switches, LaneOwner? lanes, EffectIds ids, short shard)
{
    /// <summary>Adds the statements. What is returned is handed to lanes, or given back, once the fate of the commit is known.</summary>
    public async Task<Written> AddAsync(NpgsqlBatch batch, BatchDecision decided, StockRoom stock, ListingRoom listings, PurchaseRoom purchases, TrackingRoom tracking, DispatchRoom dispatches, CodeRoom codes, TraitRoom traits, List<ReadySignal> read, CancellationToken cancel)
    {
        var now = decided.Now;
        var written = new Written();
        try
        {
            await PlanEffectsAsync(batch, decided, written, now, cancel);
            AddDecisions(batch, decided, now);
            AddStreams(batch, decided, written, now);
            stock.AddWrites(batch, now);
            listings.AddWrites(batch, now);
            purchases.AddWrites(batch, now);
            tracking.AddWrites(batch, now);
            dispatches.AddWrites(batch, now);
            codes.AddWrites(batch, decided.Touched, now);
            traits.AddWrites(batch);
            AddTimers(batch, decided);
            AddCases(batch, decided, now);
            AddTallies(batch, decided);
            JourneyRows.AddWrites(batch, plan, decided);
            UnderWayRows.AddWrites(batch, plan, decided.Touched, now);
            ContactRows.AddWrites(batch, plan, decided, written.Closed);
            RunRows.AddWrites(batch, plan, decided.Touched);
            AddParked(batch, decided, now);
            foreach (var d in decided.Decisions)
            {
                foreach (var f in d.Forwarded) written.Signals.Add(new(f.To, Wire.KindOf(f.Signal.GetType()), CoreJson.Write(f.Signal), "flow/" + d.Cause.Seq));
            }
            batch.AddSignals(written.Signals, now);
            // Safe by row address: only the holder of the partition's lock touches these rows.
            batch.Add("DELETE FROM ready WHERE ctid = ANY ($1::text[]::tid[])", Texts(read.Select(r => r.Row)));
            return written;
        }
        catch
        {
            written.GiveBack();
            throw;
        }
    }

    private async Task PlanEffectsAsync(NpgsqlBatch batch, BatchDecision decided, Written written, DateTimeOffset now, CancellationToken cancel)
    {
        var count = 0;
        foreach (var d in decided.Decisions) count += d.Effects.Count;
        if (count == 0) return;
        var all = new long[count];
        await ids.TakeAsync(all, cancel);
        List<EffectRow> live = new(count);
        List<(EffectRow Row, string Outcome)> unsent = [];
        var next = 0;
        foreach (var d in decided.Decisions)
        {
            if (d.Effects.Count == 0) continue;
            d.EffectIds = new long[d.Effects.Count];
            for (var i = 0; i < d.Effects.Count; i++)
            {
                var id = d.EffectIds[i] = all[next++];
                var why = d.CalledOff.GetValueOrDefault(d.Effects[i].Key);
                var kind = Wire.KindOf(d.Effects[i].Effect.GetType());
                var isLive = d.Live || EffectKinds.GoesOutInShadow(kind);
                var row = Row(id, d, d.Effects[i], kind, isLive && why is null, written, now);
                if (why is not null) unsent.Add((row with { Why = why }, "cancelled"));
                else if (!isLive) unsent.Add((row, "shadow"));
                else live.Add(row);
            }
        }
        if (live.Count > 0)
        {
            (written.Effects, written.EffectStatement) = (live.Count, batch.BatchCommands.Count);
            AddEffects(batch, live, now);
        }
        if (unsent.Count > 0) AddUnsent(batch, unsent, now);
    }

    private EffectRow Row(long id, OpenDecision d, PlannedEffect planned, string kind, bool live, Written written, DateTimeOffset now)
    {
        var stream = d.Stream.Id;
        var body = CoreJson.Write(planned.Effect);
        var row = new EffectRow(id, stream.Brand, stream.Key, planned.Connection, kind, planned.Key, d.Cause.Seq, 0, 0, now, planned.NotAfter, null, body);
        if (!plan.Connections.TryGetValue(planned.Connection, out var connection) || !connection.Connector.Manifest.Does.Contains(kind))
        {
            return row with { State = 3, Next = DateTimeOffset.MaxValue, Why = connection is null ? $"The connection '{planned.Connection}' is not configured." : $"The connector '{connection.Connector.Manifest.Key}' does not do {kind}." };
        }
        if (!live) return row;
        // Born claimed: the owner of the lane sits in this process and has room, so the effect need not be claimed again.
        if (lanes?.Find(planned.Connection) is { } lane && switches.MaySend(stream.Brand, planned.Connection, kind) && lane.TryReserve(out var token))
        {
            var lease = now + lane.Lease;
            written.Handed.Add((lane, new(id, stream.Brand, row.Stream, planned.Connection, kind, planned.Key, token, 0, 0, planned.NotAfter, now, lease, planned.Effect)));
            return row with { State = 1, Token = token, Next = lease };
        }
        written.LeftInTable = true;
        return row;
    }

    // The unique index (brand, key) makes a second plan of a live key a no-op.
    private static void AddEffects(NpgsqlBatch batch, List<EffectRow> rows, DateTimeOffset now) => batch.Add("""
        INSERT INTO effect(id, brand, stream, lane, kind, key, seq, state, token, next_at, not_after, planned_at, why, body)
        SELECT id, brand, stream, lane, kind, key, seq, state, token, next_at, not_after, $13, why, body
        FROM unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::bigint[], $8::smallint[], $9::bigint[], $10::timestamptz[], $11::timestamptz[], $12::text[], $14::bytea[])
          AS u(id, brand, stream, lane, kind, key, seq, state, token, next_at, not_after, why, body)
        ON CONFLICT (brand, key) DO NOTHING
        """,
        Longs(rows.Select(r => r.Id)), Texts(rows.Select(r => r.Brand)), Texts(rows.Select(r => r.Stream)), Texts(rows.Select(r => r.Lane)), Texts(rows.Select(r => r.Kind)), Texts(rows.Select(r => r.Key)),
        Longs(rows.Select(r => r.Seq)), Shorts(rows.Select(r => r.State)), Longs(rows.Select(r => r.Token)), Instants(rows.Select(r => r.Next)), NullableInstants(rows.Select(r => r.NotAfter)), Texts(rows.Select(r => r.Why)),
        Instant(now), Blobs(rows.Select(r => (byte[]?)r.Body)));

    // In shadow, or called off by a later signal of this very batch.
    private static void AddUnsent(NpgsqlBatch batch, List<(EffectRow Row, string Outcome)> rows, DateTimeOffset now) => batch.Add("""
        INSERT INTO effect_log(id, brand, stream, lane, kind, key, seq, outcome, why, attempts, planned_at, done_at, body)
        SELECT id, brand, stream, lane, kind, key, seq, outcome, why, 0, $8, $8, body
        FROM unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::bigint[], $9::bytea[], $10::text[], $11::text[]) AS u(id, brand, stream, lane, kind, key, seq, body, outcome, why)
        """,
        Longs(rows.Select(r => r.Row.Id)), Texts(rows.Select(r => r.Row.Brand)), Texts(rows.Select(r => r.Row.Stream)), Texts(rows.Select(r => r.Row.Lane)), Texts(rows.Select(r => r.Row.Kind)), Texts(rows.Select(r => r.Row.Key)),
        Longs(rows.Select(r => r.Row.Seq)), Instant(now), Blobs(rows.Select(r => (byte[]?)r.Row.Body)), Texts(rows.Select(r => r.Outcome)), Texts(rows.Select(r => r.Row.Why)));

    // The primary key (brand, stream, seq) refuses a second decision on the same signal even if the partition lock were broken.
    private static void AddDecisions(NpgsqlBatch batch, BatchDecision decided, DateTimeOffset now)
    {
        var rows = decided.Decisions;
        if (rows.Count == 0) return;
        batch.Add("""
            INSERT INTO decision(brand, stream, seq, version, at, events, effects, note)
            SELECT brand, stream, seq, version, $5, events, effects::bigint[], note
            FROM unnest($1::text[], $2::text[], $3::bigint[], $4::int[], $6::bytea[], $7::text[], $8::text[]) AS u(brand, stream, seq, version, events, effects, note)
            """,
            Texts(rows.Select(d => d.Stream.Id.Brand)), Texts(rows.Select(d => d.Stream.Id.Key)), Longs(rows.Select(d => d.Cause.Seq)), Ints(rows.Select(d => d.VersionAfter)), Instant(now),
            Blobs(rows.Select(d => d.Events.Count == 0 ? null : CoreJson.WriteEvents(d.Events))),
            Texts(rows.Select(d => d.EffectIds.Length == 0 ? null : "{" + string.Join(',', d.EffectIds) + "}")),
            Texts(rows.Select(d => d.Notes.Count == 0 ? null : d.Notes.Count == 1 ? d.Notes[0] : string.Join(' ', d.Notes))));
    }

    // The version is the second fence: a row that moved on since it was read is not overwritten, and the count shows it.
    private static void AddStreams(NpgsqlBatch batch, BatchDecision decided, Written written, DateTimeOffset now)
    {
        List<(StreamEntry Entry, byte[] State, StreamRow? Row)> rows = [];
        List<(string Brand, string Term, string Stream)> terms = [];
        foreach (var entry in decided.Touched)
        {
            if (!entry.Changed) continue;
            var row = entry.Row = entry.Kind.Row(entry.Id, entry.State);
            rows.Add((entry, entry.Kind.Save(entry.State), row));
            if (row is null || !ListedAnew(decided, entry)) continue;
            var known = entry.Kind.Row(entry.Id, entry.Stored)?.Terms ?? [];
            // What is longer than a search may be is no term of anybody's, and an index row has its limit.
            foreach (var term in row.Terms) if (term.Length <= OrderList.LongestTerm && !known.Contains(term)) terms.Add((entry.Id.Brand, term, entry.Id.Key));
        }
        if (rows.Count == 0) return;
        written.Streams = rows.Count;
        written.StreamStatement = batch.BatchCommands.Count;
        batch.Add("""
            INSERT INTO stream AS t(brand, stream, version, updated_at, state, ended, placed_at, number, status, channel, currency, total, buyer_name, email, phone, country, location, units, attention, shadow, kept)
            SELECT brand, stream, version, $4, state, ended, placed_at, number, status, channel, currency, total, buyer_name, email, phone, country, location, units, attention, shadow, kept
            FROM unnest($1::text[], $2::text[], $3::int[], $5::bytea[], $6::boolean[], $7::timestamptz[], $8::text[], $9::text[], $10::text[], $11::text[], $12::numeric[], $13::text[], $14::text[], $15::text[], $16::text[], $17::text[], $18::int[], $19::text[], $20::boolean[], $21::numeric[])
              AS u(brand, stream, version, state, ended, placed_at, number, status, channel, currency, total, buyer_name, email, phone, country, location, units, attention, shadow, kept)
            ON CONFLICT (brand, stream) DO UPDATE SET version = excluded.version, updated_at = excluded.updated_at, state = excluded.state, ended = excluded.ended,
              placed_at = excluded.placed_at, number = excluded.number, status = excluded.status, channel = excluded.channel, currency = excluded.currency, total = excluded.total,
              buyer_name = excluded.buyer_name, email = excluded.email, phone = excluded.phone, country = excluded.country, location = excluded.location, units = excluded.units, attention = excluded.attention, shadow = excluded.shadow, kept = excluded.kept
            WHERE t.version < excluded.version
            """,
            Texts(rows.Select(r => r.Entry.Id.Brand)), Texts(rows.Select(r => r.Entry.Id.Key)), Ints(rows.Select(r => r.Entry.Version)), Instant(now), Blobs(rows.Select(r => (byte[]?)r.State)),
            Bools(rows.Select(r => r.Row?.Ended ?? false)), NullableInstants(rows.Select(r => r.Row?.PlacedAt)), Texts(rows.Select(r => r.Row?.Number)), Texts(rows.Select(r => r.Row?.Status)),
            Texts(rows.Select(r => r.Row?.Channel)), Texts(rows.Select(r => r.Row?.Currency)), NullableDecimals(rows.Select(r => r.Row?.Total)), Texts(rows.Select(r => r.Row?.BuyerName)),
            Texts(rows.Select(r => r.Row?.Email)), Texts(rows.Select(r => r.Row?.Phone)), Texts(rows.Select(r => r.Row?.Country)), Texts(rows.Select(r => r.Row?.Location)),
            NullableInts(rows.Select(r => r.Row?.Units)), Texts(rows.Select(r => r.Row?.Attention)), Bools(rows.Select(r => r.Row?.Shadow ?? false)), NullableDecimals(rows.Select(r => r.Row?.Kept)));
        if (terms.Count == 0) return;
        batch.Add("INSERT INTO lookup(brand, term, stream) SELECT * FROM unnest($1::text[], $2::text[], $3::text[]) ON CONFLICT DO NOTHING",
            Texts(terms.Select(t => t.Brand)), Texts(terms.Select(t => t.Term)), Texts(terms.Select(t => t.Stream)));
    }

    private static bool ListedAnew(BatchDecision decided, StreamEntry entry)
    {
        foreach (var d in decided.Decisions)
        {
            if (d.Stream != entry) continue;
            foreach (var e in d.Events) if (Listing.ChangesTerms(e)) return true;
        }
        return false;
    }

    private static void AddTimers(NpgsqlBatch batch, BatchDecision decided)
    {
        Dictionary<(string, string, string), Timer> last = [];
        foreach (var d in decided.Decisions) foreach (var t in d.Timers) last[(d.Stream.Id.Brand, d.Stream.Id.Key, t.Key)] = t;
        if (last.Count == 0) return;
        var set = last.Where(t => t.Value.Signal is not null).OrderBy(t => t.Key).ToList();
        var gone = last.Where(t => t.Value.Signal is null).OrderBy(t => t.Key).ToList();
        if (set.Count > 0)
        {
            batch.Add("""
                INSERT INTO timer(brand, stream, key, due_at, kind, body) SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::timestamptz[], $5::text[], $6::bytea[])
                ON CONFLICT (brand, stream, key) DO UPDATE SET due_at = excluded.due_at, kind = excluded.kind, body = excluded.body
                """,
                Texts(set.Select(t => t.Key.Item1)), Texts(set.Select(t => t.Key.Item2)), Texts(set.Select(t => t.Key.Item3)), Instants(set.Select(t => t.Value.DueAt)),
                Texts(set.Select(t => Wire.KindOf(t.Value.Signal!.GetType()))), Blobs(set.Select(t => (byte[]?)CoreJson.Write(t.Value.Signal!))));
        }
        if (gone.Count > 0)
        {
            batch.Add("DELETE FROM timer t USING unnest($1::text[], $2::text[], $3::text[]) AS u(brand, stream, key) WHERE t.brand = u.brand AND t.stream = u.stream AND t.key = u.key",
                Texts(gone.Select(t => t.Key.Item1)), Texts(gone.Select(t => t.Key.Item2)), Texts(gone.Select(t => t.Key.Item3)));
        }
    }

    private static void AddCases(NpgsqlBatch batch, BatchDecision decided, DateTimeOffset now)
    {
        Dictionary<(string, string, string), (CaseChange Change, long Seq)> last = [];
        foreach (var d in decided.Decisions) foreach (var c in d.Cases) last[(d.Stream.Id.Brand, d.Stream.Id.Key, c.Key)] = (c, d.Cause.Seq);
        if (last.Count == 0) return;
        var opened = last.Where(c => c.Value.Change is CaseChange.Opened).OrderBy(c => c.Key).ToList();
        var closed = last.Where(c => c.Value.Change is CaseChange.Closed).OrderBy(c => c.Key).ToList();
        if (opened.Count > 0)
        {
            batch.Add("""
                INSERT INTO open_case(brand, stream, key, kind, title, detail, seq, opened_at)
                SELECT brand, stream, key, kind, title, detail, seq, $8 FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::bigint[]) AS u(brand, stream, key, kind, title, detail, seq)
                ON CONFLICT (brand, stream, key) DO UPDATE SET kind = excluded.kind, title = excluded.title, detail = excluded.detail, seq = excluded.seq,
                  opened_at = CASE WHEN open_case.closed_at IS NULL THEN open_case.opened_at ELSE excluded.opened_at END, closed_at = NULL
                """,
                Texts(opened.Select(c => c.Key.Item1)), Texts(opened.Select(c => c.Key.Item2)), Texts(opened.Select(c => c.Key.Item3)), Texts(opened.Select(c => ((CaseChange.Opened)c.Value.Change).Kind)),
                Texts(opened.Select(c => ((CaseChange.Opened)c.Value.Change).Title)), Texts(opened.Select(c => ((CaseChange.Opened)c.Value.Change).Detail)), Longs(opened.Select(c => c.Value.Seq)), Instant(now));
        }
        if (closed.Count > 0)
        {
            batch.Add("UPDATE open_case c SET closed_at = $4 FROM unnest($1::text[], $2::text[], $3::text[]) AS u(brand, stream, key) WHERE c.brand = u.brand AND c.stream = u.stream AND c.key = u.key AND c.closed_at IS NULL",
                Texts(closed.Select(c => c.Key.Item1)), Texts(closed.Select(c => c.Key.Item2)), Texts(closed.Select(c => c.Key.Item3)), Instant(now));
        }
    }

    // Rows are written in key order and belong to this worker's shard: no waiting for others, no deadlock with them.
    private void AddTallies(NpgsqlBatch batch, BatchDecision decided)
    {
        var counts = new Tallies(plan);
        foreach (var d in decided.Decisions) counts.Count(d.Stream.Id.Brand, d.Events, decided.Now);
        foreach (var s in decided.Touched) if (s.Row is { } row) counts.Moved(s.Id.Brand, s.StatusBefore, row.Status);
        var rows = counts.Rows();
        if (rows.Count == 0) return;
        batch.Add("""
            INSERT INTO tally AS t(brand, day, name, shard, value) SELECT brand, day, name, $4, value FROM unnest($1::text[], $2::text[], $3::date[], $5::numeric[]) AS u(brand, name, day, value)
            ON CONFLICT (brand, day, name, shard) DO UPDATE SET value = t.value + excluded.value
            """,
            Texts(rows.Select(r => r.Brand)), Texts(rows.Select(r => r.Name)), Days(rows.Select(r => r.Day)), Int(shard), Decimals(rows.Select(r => r.Value)));
    }

    private static void AddParked(NpgsqlBatch batch, BatchDecision decided, DateTimeOffset now)
    {
        var rows = decided.Parked;
        if (rows.Count == 0) return;
        batch.Add("""
            INSERT INTO parked(seq, part, brand, stream, kind, source, case_kind, reason, behind, alone, at)
            SELECT seq, part, brand, stream, kind, source, case_kind, reason, behind, alone, $10 FROM unnest($1::bigint[], $2::smallint[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::boolean[], $11::boolean[])
              AS u(seq, part, brand, stream, kind, source, case_kind, reason, behind, alone)
            ON CONFLICT (seq) DO UPDATE SET case_kind = excluded.case_kind, reason = excluded.reason, behind = excluded.behind, alone = excluded.alone, at = excluded.at
            """,
            Longs(rows.Select(p => p.Signal.Seq)), Shorts(rows.Select(p => p.Signal.Part)), Texts(rows.Select(p => p.Signal.Brand)), Texts(rows.Select(p => p.Signal.Stream)),
            Texts(rows.Select(p => p.Signal.Kind)), Texts(rows.Select(p => p.Signal.Source)), Texts(rows.Select(p => p.CaseKind)), Texts(rows.Select(p => p.Reason.Replace('\0', ' '))), Bools(rows.Select(p => p.Behind)), Instant(now), Bools(rows.Select(p => p.Alone)));
    }

    private readonly record struct EffectRow(long Id, string Brand, string Stream, string Lane, string Kind, string Key, long Seq, short State, long Token, DateTimeOffset Next, DateTimeOffset? NotAfter, string? Why, byte[] Body);
}

/// <summary>What a batch left to do once it has committed.</summary>
internal sealed class Written
{
    public List<(Lane Lane, LaneItem Item)> Handed { get; } = [];
    public List<NewSignal> Signals { get; } = [];
    public bool LeftInTable { get; set; }

    /// <summary>Brands of which some contact point may not be written to from now on.</summary>
    public HashSet<string> Closed { get; } = [];
    public int Streams { get; set; }
    public int StreamStatement { get; set; } = -1;
    public int Effects { get; set; }
    public int EffectStatement { get; set; } = -1;

    /// <summary>An effect whose key is under way already was not planned a second time: no lane may do it for that.</summary>
    public async Task KeepPlannedAsync(NpgsqlBatch done, NpgsqlConnection connection, NpgsqlTransaction transaction, CancellationToken cancel)
    {
        if (EffectStatement < 0 || done.BatchCommands[EffectStatement].RecordsAffected == Effects || Handed.Count == 0) return;
        HashSet<long> planned = [];
        await using (var command = new NpgsqlCommand("SELECT id FROM effect WHERE id = ANY($1)", connection, transaction).With(Longs(Handed.Select(h => h.Item.Id))))
        {
            await using var reader = await command.ExecuteReaderAsync(cancel);
            while (await reader.ReadAsync(cancel)) planned.Add(reader.GetInt64(0));
        }
        foreach (var (lane, _) in Handed.Where(h => !planned.Contains(h.Item.Id))) lane.GiveBack();
        Handed.RemoveAll(h => !planned.Contains(h.Item.Id));
    }

    /// <summary>The commit failed, or its answer was lost: places are free again, and rows that may exist are nobody's.</summary>
    public void GiveBack(LaneOwner? lanes = null)
    {
        foreach (var (lane, _) in Handed) lane.GiveBack();
        if (Handed.Count > 0) lanes?.Abandon(Handed.Select(h => h.Item));
        Handed.Clear();
    }
}
