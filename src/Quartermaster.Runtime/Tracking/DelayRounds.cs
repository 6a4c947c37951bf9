using Npgsql;
using Quartermaster.Core;
using Quartermaster.Core.Flows;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Routing;
using Quartermaster.Core.Shipping;
using Quartermaster.Runtime.Hosting;
using Quartermaster.Runtime.Intake;
using static Quartermaster.Runtime.Columns;

namespace Quartermaster.Runtime.Tracking;

/// <summary>Compares parcels under way with what is usual on their lanes, and tells their orders, or the team, what it finds. One process at a time.</summary>
/// <remarks>A scan only moves its parcel's row; what is found is decided by the order, once (decision 29).</remarks>
internal sealed class DelayRounds(HubRuntime hub, TimeProvider clock)
{
    private const string By = "delays";
    private const string CreditStream = "delays/credit", UsedUp = "used_up";
    private const int Most = 2000;
    private static readonly TimeSpan LanesEvery = TimeSpan.FromMinutes(10);

    // A tracker asks for a parcel every few hours: its answer is looked for sooner than the lane is compared again.
    private static readonly TimeSpan AnswerEvery = TimeSpan.FromHours(1);

    // Without a round for so long nobody could hear; what carriers and trackers kept back comes in within a look after that.
    private static readonly TimeSpan Break = TimeSpan.FromHours(1);

    // Orders decide within seconds; what they did not grant by then they do not grant.
    private static readonly TimeSpan OfferedFor = TimeSpan.FromMinutes(10);

    /// <summary>Whatever is on its way for longer says nothing of how its lane is now: the longest that a way is told apart.</summary>
    private static readonly TimeSpan LaneCounts = TimeSpan.FromHours(LaneTimes.StepHours * LaneTimes.LongestSteps);

    private readonly List<BrandTerms> _brands = [.. hub.Plan.Brands.Values.Select(b => b.Terms).Where(t => t.Delays is not null)];

    // What is spent with what was offered and not counted yet, because the orders have not decided on it. Forgotten soon: not all that is offered is granted.
    private readonly Dictionary<(string Brand, int Month), (DateTimeOffset From, decimal Spent)> _offered = [];
    private readonly HashSet<string> _hasRoom = [];
    private DateTimeOffset _lanesAt = DateTimeOffset.MinValue;

    public async Task RunAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var isLanes = now - _lanesAt >= LanesEvery;
        foreach (var terms in _brands)
        {
            if (hub.Switches.ModeOf(terms.Brand) == BrandMode.Off) continue;
            var hears = await HearsAsync(connection, terms.Brand, now, cancel);
            while (await ParcelsAsync(connection, terms, hears, now, cancel) == Most) { }
            if (isLanes) await LanesAsync(connection, terms, now, cancel);
        }
        if (isLanes) _lanesAt = now;
    }

    private async Task<int> ParcelsAsync(NpgsqlConnection connection, BrandTerms terms, bool hears, DateTimeOffset now, CancellationToken cancel)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        var due = await DueAsync(connection, terms, now, cancel);
        if (due.Count == 0) return 0;
        var room = await RoomAsync(connection, terms, now, cancel);
        List<NewSignal> signals = [];
        var without = 0;
        foreach (var row in due)
        {
            var (offered, isOver) = Look(row, terms, hears, now, room, signals);
            room -= offered;
            if (isOver) without++;
        }
        await using var batch = new NpgsqlBatch(connection, transaction);
        batch.Add("""
            UPDATE under_way w SET look_at = u.look_at, silent = u.silent, past = u.past, late = u.late
            FROM unnest($1::text[], $2::text[], $3::timestamptz[], $4::boolean[], $5::boolean[], $6::boolean[]) AS u(stream, parcel, look_at, silent, past, late) WHERE w.brand = $7 AND w.stream = u.stream AND w.parcel = u.parcel
            """,
            Texts(due.Select(d => d.Stream)), Texts(due.Select(d => d.Way.ParcelId)), Instants(due.Select(d => d.LookAt)), Bools(due.Select(d => d.IsSilent)), Bools(due.Select(d => d.IsPast)), Bools(due.Select(d => d.IsLate)), Text(terms.Brand));
        if (signals.Count > 0) batch.AddSignals(signals, now);
        await batch.ExecuteNonQueryAsync(cancel);
        if (terms.Delays?.Credit is { } credit) await TellOfMonthAsync(connection, terms, credit, without, room, now, cancel);
        await transaction.CommitAsync(cancel);
        hub.Wakeup.Wake(signals);
        return due.Count;
    }

    /// <summary>Whether the hub has been listening for long enough that silence is the carrier's: it was not down, nor the brand off, until a moment ago.</summary>
    private static async Task<bool> HearsAsync(NpgsqlConnection connection, string brand, DateTimeOffset now, CancellationToken cancel)
    {
        // Index: hub_value_pkey. Value: since when without a break, from the first round on for ever; at: the newest round.
        await using var note = new NpgsqlCommand("""
            INSERT INTO hub_value AS h (key, value, at) VALUES ($1, $2, $3)
            ON CONFLICT (key) DO UPDATE SET value = CASE WHEN h.at < $4 THEN $5 ELSE h.value END, at = excluded.at RETURNING value::timestamptz
            """, connection).With(Text($"delays.hears/{brand}"), Text($"{DateTimeOffset.UnixEpoch:O}"), Instant(now), Instant(now - Break), Text($"{now:O}"));
        await using var reader = await note.ExecuteReaderAsync(cancel);
        await reader.ReadAsync(cancel);
        return reader.Instant(0) + UnderWayRows.LookEvery <= now;
    }

    // A carrier on strike makes thousands of parcels late: one case says that the month's credit is used up, and for how many.
    private async Task TellOfMonthAsync(NpgsqlConnection connection, BrandTerms terms, CreditTerms credit, int without, decimal room, DateTimeOffset now, CancellationToken cancel)
    {
        if (without > 0)
        {
            _hasRoom.Remove(terms.Brand);
            // Index: hub_value_pkey. One row a brand and month.
            await using var count = new NpgsqlCommand("INSERT INTO hub_value AS h (key, value, at) VALUES ($1, $2::int::text, $3) ON CONFLICT (key) DO UPDATE SET value = (h.value::int + $2::int)::text, at = excluded.at RETURNING value::int", connection)
                .With(Text($"delays.without/{terms.Brand}/{terms.DayOf(now):yyyy-MM}"), Int(without), Instant(now));
            var all = (int)(await count.ExecuteScalarAsync(cancel))!;
            await hub.Cases.OpenAsync(terms.Brand, CreditStream, UsedUp, "shipping.credit_used_up", "This month's store credit for late parcels is used up",
                $"{new Money(credit.MostPerMonth, terms.Currency)} may be offered in a month, and has been. For {all:N0} late parcels of {terms.DayOf(now):yyyy-MM} nothing was offered. Raise most_per_month if they should have some, and give it at the storefront.", now, cancel);
        }
        else if (room >= credit.Amount && _hasRoom.Add(terms.Brand)) await hub.Cases.CloseAsync(terms.Brand, CreditStream, UsedUp, now, cancel);
    }

    /// <summary>What is to be said of one parcel, and when it is looked at again.</summary>
    /// <returns>Store credit that is offered for it, or that it goes without any because the month's limit does not hold it.</returns>
    private (decimal Offered, bool IsOver) Look(DueParcelRow row, BrandTerms terms, bool hears, DateTimeOffset now, decimal room, List<NewSignal> signals)
    {
        var (way, times, delays) = (row.Way, hub.Times.Of(terms.Brand), terms.Delays!);
        var (silentFrom, isPast) = (way.SilentFrom(times, delays), way.IsPastPromise(times, terms, now));
        // An order grants it once for a parcel: what was told of before has had its chance.
        decimal? credit = delays.Credit is { } offer && !row.IsSilent && !row.IsPast ? offer.Amount : null;
        var isOver = credit > room;
        if (isOver) credit = null;
        var found = false;
        var isSilent = now >= silentFrom && hears && (row.IsTracked ? row.AnsweredAt >= silentFrom : way.IsHeardOf(times));
        if (isSilent && !row.IsSilent) found = row.IsSilent = Tell(Delay.Silence);
        if (isPast && !row.IsPast) found = row.IsPast = Tell(Delay.PastPromise);
        row.IsLate = isSilent || way.IsLate(times, terms, now);
        var next = now + (now >= silentFrom && !isSilent && row.IsTracked ? AnswerEvery : UnderWayRows.LookEvery);
        row.LookAt = silentFrom > now && silentFrom < next ? silentFrom : next;
        if (!found || credit is not { } offered) return (0m, found && isOver);
        var (from, spent) = _offered[Month(terms, now)];
        _offered[Month(terms, now)] = (from, spent + offered);
        return (offered, false);

        bool Tell(Delay kind)
        {
            var signal = new ShippingSignal.DelayFound(way.ParcelId, kind, way.HeardAt, Tomorrow(way.Expected(times, terms, now)), credit);
            signals.Add(new(StreamId.Parse(terms.Brand, row.Stream), Wire.KindOf(signal.GetType()), CoreJson.Write(signal), By));
            return true;
        }

        // Whoever reads that a parcel is late does not read that it comes within the hour.
        DateOnly? Tomorrow(DateOnly? day) => day is { } d && terms.DayOf(now).AddDays(1) is var least && d < least ? least : day;
    }

    private async Task LanesAsync(NpgsqlConnection connection, BrandTerms terms, DateTimeOffset now, CancellationToken cancel)
    {
        await using var find = new NpgsqlCommand("""
            SELECT carrier, service, origin, country, zone, count(*)::int, (count(*) FILTER (WHERE late))::int FROM under_way WHERE brand = $1 AND left_at > $4
            GROUP BY 1, 2, 3, 4, 5 HAVING count(*) FILTER (WHERE late) >= $2 AND count(*) FILTER (WHERE late) >= $3 * count(*)
            """, connection).With(Text(terms.Brand), Int(terms.Delays!.LaneParcels), new NpgsqlParameter { Value = terms.Delays.LaneShare }, Instant(now - LaneCounts));
        List<NewSignal> signals = [];
        await using (var reader = await find.ExecuteReaderAsync(cancel))
        {
            while (await reader.ReadAsync(cancel))
            {
                var late = new LaneSignal.RanLate(new(reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.GetString(3), reader.GetString(4)), terms.DayOf(now), reader.GetInt32(5), reader.GetInt32(6));
                signals.Add(new(LaneNotice.Of(terms.Brand, late.Lane), Wire.KindOf(late.GetType()), CoreJson.Write(late), By));
            }
        }
        if (signals.Count == 0) return;
        await using var batch = new NpgsqlBatch(connection);
        batch.AddSignals(signals, now);
        await batch.ExecuteNonQueryAsync(cancel);
        hub.Wakeup.Wake(signals);
    }

    private static async Task<List<DueParcelRow>> DueAsync(NpgsqlConnection connection, BrandTerms terms, DateTimeOffset now, CancellationToken cancel)
    {
        // Index: under_way_look, and tracked_pkey for each. Lock: these rows; what a batch is writing is met a minute later.
        await using var find = new NpgsqlCommand("""
            SELECT stream, parcel, carrier, service, origin, country, zone, area, left_at, seen_at, due, silent, past,
              EXISTS (SELECT FROM tracked t WHERE t.connection = ANY ($4) AND t.parcel = w.parcel AND t.stream = w.stream),
              (SELECT max(t.asked_at) FROM tracked t WHERE t.connection = ANY ($4) AND t.parcel = w.parcel AND t.stream = w.stream AND t.word IS NULL)
            FROM under_way w WHERE brand = $1 AND look_at <= $2 ORDER BY look_at LIMIT $3 FOR UPDATE OF w SKIP LOCKED
            """, connection).With(Text(terms.Brand), Instant(now), Int(Most), Texts(terms.Trackers.Select(t => t.Connection)));
        List<DueParcelRow> due = [];
        await using var r = await find.ExecuteReaderAsync(cancel);
        while (await r.ReadAsync(cancel))
            due.Add(new(r.GetString(0), new(r.GetString(1), new ParcelLane(r.GetString(2), r.GetString(3), r.GetString(4), r.GetString(5), r.GetString(6), r.GetString(7)), r.Instant(8), r.InstantOrNull(9), r.IsDBNull(10) ? null : r.GetFieldValue<DateOnly>(10)))
            {
                IsSilent = r.GetBoolean(11),
                IsPast = r.GetBoolean(12),
                IsTracked = r.GetBoolean(13),
                AnsweredAt = r.InstantOrNull(14),
            });
        return due;
    }

    /// <summary>What may still be offered this month.</summary>
    private async Task<decimal> RoomAsync(NpgsqlConnection connection, BrandTerms terms, DateTimeOffset now, CancellationToken cancel)
    {
        if (terms.Delays?.Credit is not { } credit) return 0m;
        var today = terms.DayOf(now);
        // Index: tally_pkey.
        await using var read = new NpgsqlCommand("SELECT coalesce(sum(value), 0) FROM tally WHERE brand = $1 AND day >= $2 AND name = $3", connection)
            .With(Text(terms.Brand), Day(new(today.Year, today.Month, 1)), Text(ReadModels.Tallies.CreditOffered));
        var counted = (decimal)(await read.ExecuteScalarAsync(cancel))!;
        var (from, spent) = _offered.TryGetValue(Month(terms, now), out var offered) && now - offered.From < OfferedFor ? (offered.From, decimal.Max(counted, offered.Spent)) : (now, counted);
        _offered[Month(terms, now)] = (from, spent);
        return credit.MostPerMonth - spent;
    }

    private static (string Brand, int Month) Month(BrandTerms terms, DateTimeOffset now) => terms.DayOf(now) is var day ? (terms.Brand, (day.Year * 12) + day.Month) : default;

    private sealed class DueParcelRow(string stream, UnderWay way)
    {
        public string Stream { get; } = stream;
        public UnderWay Way { get; } = way;
        public DateTimeOffset LookAt { get; set; }

        /// <summary>Its order was told that nobody scans it.</summary>
        public bool IsSilent { get; set; }

        /// <summary>Its order was told that it comes after the promise.</summary>
        public bool IsPast { get; set; }

        public bool IsLate { get; set; }

        /// <summary>A connection is asked where it is.</summary>
        public bool IsTracked { get; init; }

        /// <summary>When that last answered; null = never, or the last question got none.</summary>
        public DateTimeOffset? AnsweredAt { get; init; }
    }
}
