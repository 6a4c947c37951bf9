using Quartermaster.Core.Flows;
using Quartermaster.Core.Purchasing;

namespace Quartermaster.Tests.Dashboard;

/// <summary>Puts a supplier, a SKU that runs low and a draft for it into the database, as the machine leaves them there.</summary>
internal static class Buying
{
    public static async Task FillAsync(DashboardHost host, PurchaseSignal? then = null)
    {
        await host.Seed.SqlAsync("INSERT INTO position(brand, sku, location, on_hand, reserved, safety, updated_at) VALUES ('aurora', 'JKT-BLUE-M', 'BER', 12, 1, 2, now()), ('aurora', 'JKT-BLUE-M', 'ROT', 2, 0, 0, now()) ON CONFLICT DO NOTHING");
        await host.Seed.SqlAsync("INSERT INTO supplier(brand, code, title, email, lead_days, min_order, currency) VALUES ('aurora', 'mill', 'Porto Mill', 'orders@mill.example', 14, 5000, 'EUR')");
        await host.Seed.SqlAsync("INSERT INTO sku_terms(brand, sku, supplier, their_sku, pack, unit_cost) VALUES ('aurora', 'JKT-BLUE-M', 'mill', 'P-77', 12, 41.5)");
        await host.Seed.SqlAsync("INSERT INTO sold(brand, day, sku, location, units) SELECT 'aurora', current_date - d, 'JKT-BLUE-M', 'BER', d % 3 FROM generate_series(1, 60) d");
        await host.Seed.SqlAsync("INSERT INTO low_stock(brand, sku, since, why) VALUES ('aurora', 'JKT-BLUE-M', now() - interval '2 hours', '11 available, line at 12')");
        var (stream, terms) = (new Core.Kernel.StreamId("aurora", "purchase", "PO-1"), host.Plan.Brands["aurora"].Terms);
        var kind = new PurchaseStream();
        var order = (PurchaseOrder)kind.Decide(kind.Empty, new PurchaseSignal.Proposed(new("mill", "Porto Mill", "orders@mill.example", 14, 5000, "EUR"), "BER", [new("JKT-BLUE-M", 36, 12, 41.5m, "P-77", Why: "Sells 1 a day; 9 available.")], "replenishment"), new(stream, host.Seed.Now, terms)).State;
        if (then is not null) order = (PurchaseOrder)kind.Decide(order, then, new(stream, host.Seed.Now, terms)).State;
        await host.Seed.SqlAsync("INSERT INTO stream(brand, stream, version, updated_at, state) VALUES ('aurora', 'purchase/PO-1', 1, now(), $1)", kind.Save(order));
        var ordered = order.State == PurchaseState.Ordered;
        await host.Seed.SqlAsync("INSERT INTO purchase(brand, id, state, supplier, title, location, currency, total, units, missing, drafted_at, expected_at, late, sent, updated_at) VALUES ('aurora', 'PO-1', $1, 'mill', 'Porto Mill', 'BER', 'EUR', 1494, 36, $2, now(), $3, false, false, now())",
            ordered ? "ordered" : "draft", ordered ? 36 : 0, (object?)order.ExpectedAt ?? DBNull.Value);
        await host.Seed.SqlAsync("INSERT INTO purchase_line(brand, purchase, sku, location, quantity, received, damaged, missing, unit_cost) VALUES ('aurora', 'PO-1', 'JKT-BLUE-M', 'BER', 36, 0, 0, $1, 41.5)", ordered ? 36 : 0);
        if (!ordered) await host.Seed.SqlAsync("INSERT INTO drafted(brand, sku, location, purchase, supplier) VALUES ('aurora', 'JKT-BLUE-M', 'BER', 'PO-1', 'mill')");
    }
}
