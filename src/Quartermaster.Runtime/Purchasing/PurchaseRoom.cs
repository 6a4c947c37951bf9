using Npgsql;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Purchasing;
using Quartermaster.Runtime.Partitions;
using Quartermaster.Runtime.Switches;
using static Quartermaster.Runtime.Columns;

namespace Quartermaster.Runtime.Purchasing;

/// <summary>Writes the tables of purchase orders as one batch leaves them, inside its transaction.</summary>
internal sealed class PurchaseRoom(HubPlan plan, Switchboard switches)
{
    private readonly Dictionary<(string Brand, string Id), PurchaseOrder> _kept = [];

    public void Take(List<(OpenDecision Decision, Request Request)> asked)
    {
        foreach (var (decision, request) in asked)
            if (request is PurchaseRequest.Keep keep) _kept[(decision.Stream.Id.Brand, decision.Stream.Id.Id)] = keep.Order;
    }

    /// <remarks>Locks: rows of these purchase orders only. A stream is decided by one worker at a time, so nobody else writes them; proposals insert claims and touch no other.</remarks>
    public void AddWrites(NpgsqlBatch batch, DateTimeOffset now)
    {
        foreach (var ((brand, id), order) in _kept.OrderBy(k => k.Key))
        {
            AddOrder(batch, brand, id, order, now);
            AddLines(batch, brand, id, order);
            AddClaims(batch, brand, id, order, now);
            // Another day may put its units before or behind the day until which channels may sell them.
            if (plan.Publishes(brand) && switches.TakesPreorders(brand))
                batch.Add("INSERT INTO stock_mark(brand, sku, at) SELECT $1, sku, $2 FROM unnest($3::text[]) AS u(sku)", Text(brand), Instant(now), Texts(order.Lines!.Select(l => l.Sku)));
        }
    }

    internal static string NameOf(PurchaseState state) => state switch
    {
        PurchaseState.Draft => "draft",
        PurchaseState.Ordered => "ordered",
        PurchaseState.Received => "received",
        PurchaseState.ClosedShort => "closed_short",
        _ => "rejected",
    };

    private static void AddOrder(NpgsqlBatch batch, string brand, string id, PurchaseOrder order, DateTimeOffset now) => batch.Add("""
        INSERT INTO purchase(brand, id, state, supplier, title, location, currency, total, units, missing, drafted_at, expected_at, late, sent, updated_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
        ON CONFLICT (brand, id) DO UPDATE SET state = excluded.state, total = excluded.total, units = excluded.units, missing = excluded.missing, expected_at = excluded.expected_at,
          late = excluded.late, sent = excluded.sent, updated_at = excluded.updated_at
        """,
        Text(brand), Text(id), Text(NameOf(order.State)), Text(order.Supplier!.Code), Text(order.Supplier.Title), Text(order.Location), Text(order.Supplier.Currency), new NpgsqlParameter<decimal> { TypedValue = order.Total },
        Int(order.Lines!.Sum(l => l.Quantity)), Int(order.Lines!.Sum(order.Expected)), Instant(order.DraftedAt!.Value), NullableInstant(order.ExpectedAt),
        new NpgsqlParameter<bool> { TypedValue = order.Late }, new NpgsqlParameter<bool> { TypedValue = order.Sent }, Instant(now));

    private static void AddLines(NpgsqlBatch batch, string brand, string id, PurchaseOrder order)
    {
        var lines = order.Lines!;
        batch.Add("""
            INSERT INTO purchase_line(brand, purchase, sku, location, quantity, received, damaged, missing, unit_cost)
            SELECT $1, $2, sku, $3, quantity, received, damaged, missing, cost FROM unnest($4::text[], $5::int[], $6::int[], $7::int[], $8::int[], $9::numeric[]) AS u(sku, quantity, received, damaged, missing, cost)
            ON CONFLICT (brand, purchase, sku) DO UPDATE SET quantity = excluded.quantity, received = excluded.received, damaged = excluded.damaged, missing = excluded.missing
            """,
            Text(brand), Text(id), Text(order.Location), Texts(lines.Select(l => l.Sku)), Ints(lines.Select(l => l.Quantity)), Ints(lines.Select(l => l.Received)), Ints(lines.Select(l => l.Damaged)),
            Ints(lines.Select(order.Expected)), Decimals(lines.Select(l => l.UnitCost)));
    }

    // A draft keeps the claims of its SKUs. Decided on, it gives them free; what a person turned down is left alone until the next review.
    private void AddClaims(NpgsqlBatch batch, string brand, string id, PurchaseOrder order, DateTimeOffset now)
    {
        var stays = order.State == PurchaseState.Draft ? order.Lines! : [];
        var turnedDown = order.State == PurchaseState.Draft ? [] : order.Lines!.Where(l => order.State == PurchaseState.Rejected || l.Quantity == 0);
        var until = now.AddDays(plan.Brands.GetValueOrDefault(brand)?.Terms.Replenishment?.ReviewDays ?? 7);
        batch.Add("UPDATE drafted SET until = $4 WHERE brand = $1 AND purchase = $2 AND sku = ANY ($3) AND until IS NULL", Text(brand), Text(id), Texts(turnedDown.Select(l => l.Sku)), Instant(until));
        batch.Add("DELETE FROM drafted WHERE brand = $1 AND purchase = $2 AND until IS NULL AND NOT (sku = ANY ($3))", Text(brand), Text(id), Texts(stays.Select(l => l.Sku)));
    }
}
