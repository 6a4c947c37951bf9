using Npgsql;
using Quartermaster.Core;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Purchasing;
using Quartermaster.Runtime.Intake;
using Quartermaster.Runtime.Purchasing;
using Quartermaster.Runtime.Switches;
using static Quartermaster.Runtime.Columns;

namespace Quartermaster.Runtime.Replenishment;

/// <summary>Looks at the shelves now and then: counts what was sold, tells what runs low, drafts what has to be ordered.</summary>
/// <remarks>One process at a time; a second run, or one that was cut off, changes nothing twice, because each brand's look is one transaction.</remarks>
internal sealed class Replenisher(HubPlan plan, Switchboard switches, Wakeup wakeup, TimeProvider clock)
{
    /// <summary>Most SKUs named in one signal; the page lists all.</summary>
    private const int MostTold = 200;

    public const string By = "replenishment";

    public async Task RunAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        await new SalesCount(plan, SalesCount.UsualMargin).AddAsync(connection, cancel);
        await LookAsync(connection, cancel);
    }

    /// <summary>Looks at every brand that wants it.</summary>
    public async Task LookAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        await Proposals.FreeAsync(connection, clock.GetUtcNow(), cancel);
        var brands = plan.Brands.Values.Select(b => b.Terms).Where(t => t.Replenishment is not null && switches.ModeOf(t.Brand) != BrandMode.Off).ToList();
        foreach (var terms in brands) await LookAsync(connection, terms, terms.Replenishment!, cancel);
        await using var others = new NpgsqlCommand("DELETE FROM low_stock WHERE NOT (brand = ANY ($1))", connection).With(Texts(plan.Brands.Values.Where(b => b.Terms.Replenishment is not null).Select(b => b.Terms.Brand)));
        await others.ExecuteNonQueryAsync(cancel);
    }

    private async Task LookAsync(NpgsqlConnection connection, BrandTerms terms, ReplenishmentTerms rules, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        await NoteEmptyAsync(connection, terms, now, cancel);
        var locations = switches.RoutingOf(terms.Brand).Locations.Where(l => !l.Paused).Select(l => l.Code).ToHashSet();
        var was = await ToldAsync(connection, terms.Brand, cancel);
        List<(SkuFigures Sku, string Why)> low = [];
        Dictionary<(string Supplier, string Location), (SupplierTerms Supplier, List<PurchaseLine> Lines)> needed = [];
        await foreach (var sku in Figures.ReadAsync(connection, terms, null, now, cancel))
        {
            if (sku.Low(rules, was.Contains(sku.Sku)) is { } why) low.Add((sku, why));
            if (!rules.Drafts) continue;
            foreach (var shelf in sku.Shelves)
            {
                if (!locations.Contains(shelf.Location) || sku.Needed(shelf, rules) is not { } line) continue;
                var key = (sku.Supplier!.Code, shelf.Location);
                if (!needed.TryGetValue(key, out var order)) needed[key] = order = (sku.Supplier, []);
                order.Lines.Add(line);
            }
        }
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        List<NewSignal> signals = [];
        if (await TellAsync(connection, transaction, terms.Brand, low, now, cancel) is { } told) signals.Add(told);
        foreach (var ((_, location), (supplier, lines)) in needed.OrderBy(n => n.Key))
            if (await Proposals.AddAsync(connection, transaction, terms.Brand, supplier, location, lines, By, byPerson: false, now, cancel) is { } proposed) signals.Add(proposed.Signal);
        await transaction.CommitAsync(cancel);
        wakeup.Wake(signals);
    }

    // Once a day, soon after it began: the day stands beside what was noted, so that neither a restart nor another process takes its afternoon for its beginning. What has not
    // sold for as long as anybody looks back is left out: its empty shelf is no news. Indexes: hub_value_pkey, position_pkey by brand, sold_sku, waiting_pkey.
    private static async Task NoteEmptyAsync(NpgsqlConnection connection, BrandTerms terms, DateTimeOffset now, CancellationToken cancel)
    {
        await using var note = new NpgsqlCommand("""
            WITH begun AS (INSERT INTO hub_value AS v(key, value, at) VALUES ($3, $2::text, $4) ON CONFLICT (key) DO UPDATE SET value = excluded.value, at = excluded.at WHERE v.value::date < $2 RETURNING 1),
            old AS (DELETE FROM empty_day WHERE brand = $1 AND day < $2 - 400 AND EXISTS (SELECT FROM begun))
            INSERT INTO empty_day(brand, day, sku, location) SELECT p.brand, $2, p.sku, p.location FROM position p
            WHERE EXISTS (SELECT FROM begun) AND p.brand = $1 AND p.on_hand - p.reserved - p.safety <= 0 AND EXISTS (SELECT 1 FROM sold s WHERE s.brand = p.brand AND s.sku = p.sku AND s.location = p.location AND s.day >= $2 - 365)
              AND NOT EXISTS (SELECT 1 FROM waiting w WHERE w.brand = p.brand AND w.sku = p.sku AND w.units > 0) ON CONFLICT DO NOTHING
            """, connection).With(Text(terms.Brand), Day(terms.DayOf(now)), Text("empty_day/" + terms.Brand), Instant(now));
        note.CommandTimeout = 300;
        await note.ExecuteNonQueryAsync(cancel);
    }

    private static async Task<HashSet<string>> ToldAsync(NpgsqlConnection connection, string brand, CancellationToken cancel)
    {
        await using var read = new NpgsqlCommand("SELECT sku FROM low_stock WHERE brand = $1", connection).With(Text(brand));
        HashSet<string> told = [];
        await using var reader = await read.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel)) told.Add(reader.GetString(0));
        return told;
    }

    /// <summary>Keeps the list of SKUs that are low, and tells of those that were not on it.</summary>
    private static async Task<NewSignal?> TellAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, string brand, List<(SkuFigures Sku, string Why)> low, DateTimeOffset now, CancellationToken cancel)
    {
        await using var recovered = new NpgsqlCommand("DELETE FROM low_stock WHERE brand = $1 AND NOT (sku = ANY ($2))", connection, transaction).With(Text(brand), Texts(low.Select(l => l.Sku.Sku)));
        await recovered.ExecuteNonQueryAsync(cancel);
        await using var keep = new NpgsqlCommand("""
            INSERT INTO low_stock AS l(brand, sku, since, why) SELECT $1, sku, $4, why FROM unnest($2::text[], $3::text[]) AS u(sku, why)
            ON CONFLICT (brand, sku) DO UPDATE SET why = excluded.why WHERE l.why <> excluded.why RETURNING sku, xmax = 0
            """, connection, transaction).With(Text(brand), Texts(low.Select(l => l.Sku.Sku)), Texts(low.Select(l => (string?)l.Why)), Instant(now));
        HashSet<string> fresh = [];
        await using (var reader = await keep.ExecuteReaderAsync(cancel))
            while (await reader.ReadAsync(cancel)) if (reader.GetBoolean(1)) fresh.Add(reader.GetString(0));
        if (fresh.Count == 0) return null;
        var skus = low.Where(l => fresh.Contains(l.Sku.Sku)).OrderBy(l => l.Sku.Cover ?? decimal.MaxValue).ThenBy(l => l.Sku.Sku, StringComparer.Ordinal).Take(MostTold)
            .Select(l => new LowSku(l.Sku.Sku, l.Sku.Available, l.Sku.Incoming, l.Why)).ToList();
        var ran = new ReplenishmentSignal.RanLow(now, skus);
        var signal = new NewSignal(new(brand, "replenishment", "low-stock"), Wire.KindOf(ran.GetType()), CoreJson.Write(ran), By);
        await using var batch = new NpgsqlBatch(connection, transaction);
        batch.AddSignals([signal], now);
        await batch.ExecuteNonQueryAsync(cancel);
        return signal;
    }
}
