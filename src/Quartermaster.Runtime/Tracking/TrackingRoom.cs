using Npgsql;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Shipping;
using Quartermaster.Runtime.Partitions;
using static Quartermaster.Runtime.Columns;

namespace Quartermaster.Runtime.Tracking;

/// <summary>Writes which parcels one batch wants to be asked for, and which no more, inside its transaction.</summary>
internal sealed class TrackingRoom(HubPlan plan)
{
    // By order too: what two orders of a shopper hold may travel in one box.
    private Dictionary<(string Connection, string Parcel, StreamId Order), ShippingRequest.AskAfter?>? _parcels;

    public void Take(List<(OpenDecision Decision, Request Request)> asked)
    {
        foreach (var (decision, request) in asked)
        {
            var order = decision.Stream.Id;
            if (request is ShippingRequest.AskAfter after) (_parcels ??= [])[(after.Connection, after.ParcelId, order)] = after;
            if (request is not ShippingRequest.AskNoMore over) continue;
            foreach (var tracker in plan.Brands[order.Brand].Terms.Trackers) (_parcels ??= [])[(tracker.Connection, over.ParcelId, order)] = null;
        }
    }

    /// <remarks>Locks: rows of these parcels, in key order; the rounds write theirs in the same order and hold nothing else.</remarks>
    public void AddWrites(NpgsqlBatch batch, DateTimeOffset now)
    {
        if (_parcels is null) return;
        var all = _parcels.OrderBy(p => p.Key.Connection, StringComparer.Ordinal).ThenBy(p => p.Key.Parcel, StringComparer.Ordinal).ThenBy(p => p.Key.Order.Key, StringComparer.Ordinal).ToList();
        var begun = all.Where(p => p.Value is not null).ToList();
        var over = all.Where(p => p.Value is null).ToList();
        if (begun.Count > 0)
        {
            batch.Add("""
                INSERT INTO tracked(connection, parcel, brand, stream, tracking, left_at, ask_at)
                SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::timestamptz[], $7::timestamptz[])
                ON CONFLICT (connection, parcel, stream) DO UPDATE SET tracking = excluded.tracking, left_at = excluded.left_at, ask_at = excluded.ask_at, asked_at = NULL, seen_at = NULL, word = NULL
                """,
                Texts(begun.Select(p => p.Key.Connection)), Texts(begun.Select(p => p.Key.Parcel)), Texts(begun.Select(p => p.Key.Order.Brand)), Texts(begun.Select(p => p.Key.Order.Key)),
                Texts(begun.Select(p => p.Value!.Tracking)), Instants(begun.Select(p => p.Value!.LeftAt)), Instants(begun.Select(p => now + First(p.Key.Connection))));
        }
        if (over.Count > 0)
            batch.Add("DELETE FROM tracked t USING unnest($1::text[], $2::text[], $3::text[]) AS u(connection, parcel, stream) WHERE t.connection = u.connection AND t.parcel = u.parcel AND t.stream = u.stream",
                Texts(over.Select(p => p.Key.Connection)), Texts(over.Select(p => p.Key.Parcel)), Texts(over.Select(p => p.Key.Order.Key)));
    }

    private TimeSpan First(string connection) => plan.Connections.TryGetValue(connection, out var found) ? TrackingPace.First(found.Sandboxed, found.Connector.Manifest.AskAfterSilence) : TrackingPace.First(played: false);
}
