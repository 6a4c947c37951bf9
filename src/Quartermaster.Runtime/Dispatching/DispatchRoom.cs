using Npgsql;
using Quartermaster.Core.Dispatching;
using Quartermaster.Core.Kernel;
using Quartermaster.Runtime.Partitions;
using static Quartermaster.Runtime.Columns;

namespace Quartermaster.Runtime.Dispatching;

/// <summary>Writes the tables of labels and of the lists that have them, as one batch leaves them, inside its transaction.</summary>
internal sealed class DispatchRoom(HubPlan plan)
{
    private Dictionary<(string Brand, string Reference), (StreamId Order, DispatchRequest.Enlist Label)>? _bought;
    private HashSet<(string Brand, string Reference)>? _struck, _left;
    private Dictionary<(string Brand, string Id), Dispatch>? _kept;

    public void Take(List<(OpenDecision Decision, Request Request)> asked)
    {
        foreach (var (decision, request) in asked)
        {
            var stream = decision.Stream.Id;
            switch (request)
            {
                case DispatchRequest.Enlist x when plan.Connections.GetValueOrDefault(x.Connection)?.Connector.Manifest.DispatchBatch is null or 0: break; // A carrier of one parcel only, that wants no list.
                case DispatchRequest.Enlist x: (_bought ??= [])[(stream.Brand, x.Label.Reference)] = (stream, x); break;
                case DispatchRequest.Strike x: (_struck ??= []).Add((stream.Brand, x.Reference)); break;
                case DispatchRequest.Left x: (_left ??= []).Add((stream.Brand, x.Reference)); break;
                case DispatchRequest.Keep x: (_kept ??= [])[(stream.Brand, stream.Id)] = x.Dispatch; break;
            }
        }
    }

    /// <remarks>Locks: rows of these labels in key order, as the desk takes them that claims labels for a list.</remarks>
    public void AddWrites(NpgsqlBatch batch, DateTimeOffset now)
    {
        if (_bought is null && _struck is null && _left is null && _kept is null) return;
        var free = (_kept ?? []).SelectMany(k => k.Value.Free().Select(f => (k.Key.Brand, f.Label.Reference, k.Key.Id, f.Why))).ToList();
        Lock(batch, [.. (_struck ?? []).Concat(_left ?? []).Concat(free.Select(f => (f.Brand, f.Reference))).Distinct()]);
        if (_bought is { } bought) AddBought(batch, [.. bought.OrderBy(b => b.Key)], now);
        if (_struck is { } struck) Update(batch, "struck = true", struck);
        if (_left is { } left) Update(batch, "left_at = $3", left, Instant(now));
        if (free.Count > 0)
            batch.Add("UPDATE label l SET dispatch = NULL, why = u.why FROM unnest($1::text[], $2::text[], $3::text[], $4::text[]) AS u(brand, reference, dispatch, why) WHERE l.brand = u.brand AND l.reference = u.reference AND l.dispatch = u.dispatch",
                Texts(free.Select(f => f.Brand)), Texts(free.Select(f => f.Reference)), Texts(free.Select(f => f.Id)), Texts(free.Select(f => f.Why)));
        foreach (var ((brand, id), dispatch) in (_kept ?? []).OrderBy(k => k.Key))
            batch.Add("UPDATE dispatch SET state = $3, left_out = $4, remote_id = $5, document = $6, why = $7, done_at = $8 WHERE brand = $1 AND id = $2",
                Text(brand), Text(id), Text(NameOf(dispatch.State)), Int(dispatch.LeftOut?.Count ?? 0), Text(dispatch.RemoteId), Text(dispatch.Document), Text(dispatch.Why), NullableInstant(dispatch.DoneAt));
    }

    internal static string NameOf(DispatchState state) => state switch
    {
        DispatchState.Asked => "asked",
        DispatchState.Done => "done",
        DispatchState.TurnedDown => "turned_down",
        _ => "unknown",
    };

    private static void AddBought(NpgsqlBatch batch, List<KeyValuePair<(string Brand, string Reference), (StreamId Order, DispatchRequest.Enlist Label)>> rows, DateTimeOffset now) => batch.Add("""
        INSERT INTO label(brand, reference, stream, connection, location, label_id, tracking, service, grams, bought_at)
        SELECT brand, reference, stream, connection, location, label_id, tracking, service, grams, $10
        FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::int[]) AS u(brand, reference, stream, connection, location, label_id, tracking, service, grams)
        ON CONFLICT DO NOTHING
        """,
        Texts(rows.Select(r => r.Key.Brand)), Texts(rows.Select(r => r.Key.Reference)), Texts(rows.Select(r => r.Value.Order.Key)), Texts(rows.Select(r => r.Value.Label.Connection)), Texts(rows.Select(r => r.Value.Label.Location)),
        Texts(rows.Select(r => r.Value.Label.Label.LabelId)), Texts(rows.Select(r => r.Value.Label.Label.Tracking)), Texts(rows.Select(r => r.Value.Label.Label.Service)), Ints(rows.Select(r => r.Value.Label.Label.Grams)), Instant(now));

    private static void Lock(NpgsqlBatch batch, List<(string Brand, string Reference)> rows)
    {
        if (rows.Count > 1)
            batch.Add("SELECT 1 FROM label WHERE (brand, reference) IN (SELECT * FROM unnest($1::text[], $2::text[])) ORDER BY brand, reference FOR UPDATE", Texts(rows.Select(r => r.Brand)), Texts(rows.Select(r => r.Reference)));
    }

    private static void Update(NpgsqlBatch batch, string set, IEnumerable<(string Brand, string Reference)> rows, params NpgsqlParameter[] more) =>
        batch.Add($"UPDATE label l SET {set} FROM unnest($1::text[], $2::text[]) AS u(brand, reference) WHERE l.brand = u.brand AND l.reference = u.reference", [Texts(rows.Select(r => r.Brand)), Texts(rows.Select(r => r.Reference)), .. more]);
}
