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
    private const int Most = 2000;
    private static readonly TimeSpan LanesEvery = TimeSpan.FromMinutes(10);

    private readonly List<BrandTerms> _brands = [.. hub.Plan.Brands.Values.Select(b => b.Terms).Where(t => t.Delays is not null)];

    // What was offered and not counted yet, because the orders have not decided on it.
    private readonly Dictionary<(string Brand, int Month), decimal> _offered = [];
    private DateTimeOffset _lanesAt = DateTimeOffset.MinValue;

    public async Task RunAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var isLanes = now - _lanesAt >= LanesEvery;
        foreach (var terms in _brands)
        {
            if (hub.Switches.ModeOf(terms.Brand) == BrandMode.Off) continue;
            while (await ParcelsAsync(connection, terms, now, cancel) == Most) { }
            if (isLanes) await LanesAsync(connection, terms, now, cancel);
        }
        if (isLanes) _lanesAt = now;
    }

    private async Task<int> ParcelsAsync(NpgsqlConnection connection, BrandTerms terms, DateTimeOffset now, CancellationToken cancel)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        var due = await DueAsync(connection, terms.Brand, now, cancel);
        if (due.Count == 0) return 0;
        var room = await RoomAsync(connection, terms, now, cancel);
        List<NewSignal> signals = [];
        foreach (var row in due) room -= Look(row, terms, now, room, signals);
        await using var batch = new NpgsqlBatch(connection, transaction);
        batch.Add("""
            UPDATE under_way w SET look_at = u.look_at, silent = u.silent, past = u.past, late = u.late
            FROM unnest($1::text[], $2::text[], $3::timestamptz[], $4::boolean[], $5::boolean[], $6::boolean[]) AS u(stream, parcel, look_at, silent, past, late) WHERE w.brand = $7 AND w.stream = u.stream AND w.parcel = u.parcel
            """,
            Texts(due.Select(d => d.Stream)), Texts(due.Select(d => d.Way.ParcelId)), Instants(due.Select(d => d.LookAt)), Bools(due.Select(d => d.IsSilent)), Bools(due.Select(d => d.IsPast)), Bools(due.Select(d => d.IsLate)), Text(terms.Brand));
        if (signals.Count > 0) batch.AddSignals(signals, now);
        await batch.ExecuteNonQueryAsync(cancel);
        await transaction.CommitAsync(cancel);
        hub.Wakeup.Wake(signals);
        return due.Count;
    }

    /// <summary>What is to be said of one parcel, and when it is looked at again.</summary>
    /// <returns>Store credit that may be offered for it.</returns>
    private decimal Look(DueParcelRow row, BrandTerms terms, DateTimeOffset now, decimal room, List<NewSignal> signals)
    {
        var (way, times, delays) = (row.Way, hub.Times.Of(terms.Brand), terms.Delays!);
        var (silentFrom, isPast) = (way.SilentFrom(times, delays), way.IsPastPromise(times, terms, now));
        decimal? credit = delays.Credit is { } offer && offer.Amount <= room ? offer.Amount : null;
        var found = false;
        if (now >= silentFrom && !row.IsSilent) found = row.IsSilent = Tell(Delay.Silence);
        if (isPast && !row.IsPast) found = row.IsPast = Tell(Delay.PastPromise);
        row.IsLate = now >= silentFrom || way.IsLate(times, terms, now);
        row.LookAt = !row.IsSilent && silentFrom < now + UnderWayRows.LookEvery ? silentFrom : now + UnderWayRows.LookEvery;
        if (!found || credit is not { } offered) return 0m;
        _offered[Month(terms, now)] = _offered.GetValueOrDefault(Month(terms, now)) + offered;
        return offered;

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
            SELECT carrier, service, origin, country, zone, count(*)::int, (count(*) FILTER (WHERE late))::int FROM under_way WHERE brand = $1
            GROUP BY 1, 2, 3, 4, 5 HAVING count(*) FILTER (WHERE late) >= $2 AND count(*) FILTER (WHERE late) >= $3 * count(*)
            """, connection).With(Text(terms.Brand), Int(terms.Delays!.LaneParcels), new NpgsqlParameter { Value = terms.Delays.LaneShare });
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

    private static async Task<List<DueParcelRow>> DueAsync(NpgsqlConnection connection, string brand, DateTimeOffset now, CancellationToken cancel)
    {
        // Index: under_way_look. Lock: these rows; what a batch is writing is met a minute later.
        await using var find = new NpgsqlCommand("""
            SELECT stream, parcel, carrier, service, origin, country, zone, area, left_at, seen_at, due, silent, past FROM under_way WHERE brand = $1 AND look_at <= $2 ORDER BY look_at LIMIT $3 FOR UPDATE SKIP LOCKED
            """, connection).With(Text(brand), Instant(now), Int(Most));
        List<DueParcelRow> due = [];
        await using var r = await find.ExecuteReaderAsync(cancel);
        while (await r.ReadAsync(cancel))
            due.Add(new(r.GetString(0), new(r.GetString(1), new ParcelLane(r.GetString(2), r.GetString(3), r.GetString(4), r.GetString(5), r.GetString(6), r.GetString(7)), r.Instant(8), r.InstantOrNull(9), r.IsDBNull(10) ? null : r.GetFieldValue<DateOnly>(10)))
            {
                IsSilent = r.GetBoolean(11),
                IsPast = r.GetBoolean(12),
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
        return credit.MostPerMonth - decimal.Max((decimal)(await read.ExecuteScalarAsync(cancel))!, _offered.GetValueOrDefault(Month(terms, now)));
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
    }
}
