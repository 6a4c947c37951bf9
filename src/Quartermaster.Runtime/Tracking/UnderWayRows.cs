using Npgsql;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Flows;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Routing;
using Quartermaster.Runtime.Partitions;
using static Quartermaster.Runtime.Columns;

namespace Quartermaster.Runtime.Tracking;

/// <summary>Keeps which parcels are on their way, in the transaction that decides it: a reading of the orders' states, so whatever moves a parcel, it follows.</summary>
/// <remarks>A batch without an order of a brand that wants to hear of delays adds no statement.</remarks>
internal static class UnderWayRows
{
    /// <summary>A parcel is compared with its lane so often, whether or not anything happened.</summary>
    public static readonly TimeSpan LookEvery = TimeSpan.FromHours(6);

    // Carriers' names come from warehouses, and nothing bounds them there.
    private const int Longest = 100;

    public static void AddWrites(NpgsqlBatch batch, HubPlan plan, IEnumerable<StreamEntry> touched, DateTimeOffset now)
    {
        if (!plan.WatchesParcels) return;
        List<(StreamId Order, UnderWay Way, DateTimeOffset LookAt)>? moved = null;
        List<(StreamId Order, string Parcel)>? ended = null;
        foreach (var entry in touched)
        {
            if (!entry.Changed || entry.State is not OrderFile after || entry.Stored is not OrderFile before || ReferenceEquals(after.Shipping, before.Shipping)) continue;
            if (plan.Brands[entry.Id.Brand].Terms is not { Delays: { } delays } terms) continue;
            var (was, ways) = (UnderWay.Of(before, terms), UnderWay.Of(after, terms));
            foreach (var way in ways)
                if (!was.Contains(way)) (moved ??= []).Add((entry.Id, way, Earlier(way.HeardAt + delays.SilentAfter, now + LookEvery)));
            foreach (var way in was)
                if (!ways.Any(w => w.ParcelId == way.ParcelId)) (ended ??= []).Add((entry.Id, way.ParcelId));
        }
        // After a scan it can be silent anew, also where the order heard of the scan before it heard of the silence.
        // Only the order's own stream writes its rows, and its partition is locked; the rounds skip what is locked.
        if (moved is not null)
            batch.Add("""
                INSERT INTO under_way(brand, stream, parcel, carrier, service, origin, country, zone, area, left_at, seen_at, due, look_at)
                SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::timestamptz[], $11::timestamptz[], $12::date[], $13::timestamptz[])
                ON CONFLICT (brand, stream, parcel) DO UPDATE SET carrier = excluded.carrier, service = excluded.service, origin = excluded.origin, country = excluded.country, zone = excluded.zone, area = excluded.area,
                  left_at = excluded.left_at, seen_at = excluded.seen_at, due = excluded.due, look_at = excluded.look_at,
                  silent = under_way.silent AND under_way.seen_at IS NOT DISTINCT FROM excluded.seen_at
                """,
                Texts(moved.Select(m => m.Order.Brand)), Texts(moved.Select(m => m.Order.Key)), Texts(moved.Select(m => m.Way.ParcelId)),
                Names(moved, l => l.Carrier), Names(moved, l => l.Service), Names(moved, l => l.From), Names(moved, l => l.Country), Names(moved, l => l.Zone), Names(moved, l => l.Area),
                Instants(moved.Select(m => m.Way.LeftAt)), NullableInstants(moved.Select(m => m.Way.SeenAt)), NullableDays(moved.Select(m => m.Way.Due)), Instants(moved.Select(m => m.LookAt)));
        if (ended is not null)
            batch.Add("DELETE FROM under_way w USING unnest($1::text[], $2::text[], $3::text[]) AS u(brand, stream, parcel) WHERE w.brand = u.brand AND w.stream = u.stream AND w.parcel = u.parcel",
                Texts(ended.Select(e => e.Order.Brand)), Texts(ended.Select(e => e.Order.Key)), Texts(ended.Select(e => e.Parcel)));
    }

    private static NpgsqlParameter Names(List<(StreamId Order, UnderWay Way, DateTimeOffset LookAt)> rows, Func<ParcelLane, string> name) => Texts(rows.Select(r => Storable.Cut(name(r.Way.Lane), Longest)));

    private static DateTimeOffset Earlier(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;
}
