using Npgsql;
using Quartermaster.Core.Channels;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Kernel;
using Quartermaster.Runtime.Partitions;
using static Quartermaster.Runtime.Columns;

namespace Quartermaster.Runtime.Channels;

/// <summary>Writes what one batch concluded about listings, inside its transaction.</summary>
internal sealed class ListingRoom(HubPlan plan)
{
    private readonly Dictionary<(string Channel, string Product), ListingRequest.OfProduct> _products = [];
    private readonly Dictionary<(string Channel, ListingId Listing), (ListingRequest.Seen Seen, bool Unclear)> _seen = [];

    public void Take(List<(OpenDecision Decision, Request Request)> asked)
    {
        foreach (var (_, request) in asked)
        {
            if (request is ListingRequest.OfProduct product) _products[(product.Channel, product.ProductId)] = product;
            else if (request is ListingRequest.Seen seen)
            {
                var key = (seen.Channel, new ListingId(seen.Item, seen.Place));
                _seen[key] = (seen, _seen.TryGetValue(key, out var before) && before.Seen.At == seen.At && (before.Unclear || before.Seen.Units != seen.Units));
            }
        }
    }

    /// <remarks>Locks: listing rows in key order. The publisher updates single rows in the same order and holds nothing else.</remarks>
    public void AddWrites(NpgsqlBatch batch, DateTimeOffset now)
    {
        if (_products.Count > 0) AddProducts(batch, now);
        if (_seen.Count == 0) return;
        var seen = _seen.OrderBy(s => s.Key.Channel, StringComparer.Ordinal).ThenBy(s => s.Key.Listing.Item, StringComparer.Ordinal).ThenBy(s => s.Key.Listing.Place, StringComparer.Ordinal).Select(s => s.Value).ToList();
        // A number that we did not expect is looked at again after a calm. Channels tell whole seconds and not in order: of two numbers of one
        // second nobody can say which stands, so neither is believed and the channel is asked.
        batch.Add("""
            UPDATE listing l SET known = CASE WHEN u.unclear OR l.known_at >= u.at AND l.known IS DISTINCT FROM u.units THEN NULL ELSE u.units END, known_at = greatest(l.known_at, u.at), told = true,
              calm_until = CASE WHEN u.unclear OR l.known IS DISTINCT FROM u.units THEN u.calm ELSE l.calm_until END,
              due_at = CASE WHEN l.due_at IS NULL AND (u.unclear OR l.known IS DISTINCT FROM u.units) AND l.sku <> '' THEN u.calm ELSE l.due_at END
            FROM unnest($1::text[], $2::text[], $3::text[], $4::int[], $5::timestamptz[], $6::timestamptz[], $7::boolean[]) AS u(connection, item, place, units, at, calm, unclear)
            WHERE l.connection = u.connection AND l.item = u.item AND l.place = u.place AND (l.known_at IS NULL OR l.known_at < u.at + interval '1 second')
            """,
            Texts(seen.Select(s => s.Seen.Channel)), Texts(seen.Select(s => s.Seen.Item)), Texts(seen.Select(s => s.Seen.Place)), NullableInts(seen.Select(s => s.Seen.Units)), Instants(seen.Select(s => s.Seen.At)),
            Instants(seen.Select(s => now + (plan.Connections.GetValueOrDefault(s.Seen.Channel)?.Stock?.Calm ?? TimeSpan.Zero))), Bools(seen.Select(s => s.Unclear)));
    }

    private void AddProducts(NpgsqlBatch batch, DateTimeOffset now)
    {
        List<(string Connection, string Item, string Place, string Brand, string Sku, string Title, string Product)> rows = [];
        foreach (var product in _products.Values)
        {
            if (!plan.Connections.TryGetValue(product.Channel, out var connection)) continue;
            foreach (var item in product.Items)
                foreach (var place in connection.Places())
                    rows.Add((product.Channel, item.Item, place, connection.Brand, item.Sku, item.Title.Length == 0 ? product.Title : $"{product.Title} · {item.Title}", product.ProductId));
        }
        batch.Add("DELETE FROM listing l USING unnest($1::text[], $2::text[]) AS p(connection, product) WHERE l.connection = p.connection AND l.product = p.product AND NOT (l.connection || '/' || l.item = ANY ($3))",
            Texts(_products.Keys.Select(k => k.Channel)), Texts(_products.Keys.Select(k => k.Product)), Texts(rows.Select(r => $"{r.Connection}/{r.Item}")));
        if (rows.Count == 0) return;
        rows = [.. rows.DistinctBy(r => (r.Connection, r.Item, r.Place)).OrderBy(r => r.Connection, StringComparer.Ordinal).ThenBy(r => r.Item, StringComparer.Ordinal).ThenBy(r => r.Place, StringComparer.Ordinal)];
        batch.Add("""
            INSERT INTO listing AS l(connection, item, place, brand, sku, title, product, due_at, asked_at)
            SELECT connection, item, place, brand, sku, title, product, $8, $8 FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[]) AS u(connection, item, place, brand, sku, title, product)
            ON CONFLICT (connection, item, place) DO UPDATE SET title = excluded.title, product = excluded.product, sku = excluded.sku,
              due_at = CASE WHEN l.sku <> excluded.sku THEN $8 ELSE l.due_at END, asked_at = CASE WHEN l.sku <> excluded.sku THEN $8 ELSE l.asked_at END
            """,
            Texts(rows.Select(r => r.Connection)), Texts(rows.Select(r => r.Item)), Texts(rows.Select(r => r.Place)), Texts(rows.Select(r => r.Brand)), Texts(rows.Select(r => r.Sku)), Texts(rows.Select(r => r.Title)), Texts(rows.Select(r => r.Product)), Instant(now));
    }
}
