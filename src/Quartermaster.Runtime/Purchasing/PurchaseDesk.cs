using Npgsql;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Purchasing;
using Quartermaster.Runtime.Operations;
using Quartermaster.Runtime.ReadModels;
using Quartermaster.Runtime.Replenishment;
using Quartermaster.Runtime.Switches;
using static Quartermaster.Runtime.Columns;

namespace Quartermaster.Runtime.Purchasing;

/// <summary>What a person may do about buying: propose, change, approve, receive, and keep suppliers and terms. Audited in the same transaction.</summary>
public sealed class PurchaseDesk(Database database, HubPlan plan, Desk desk, TimeProvider clock)
{
    private const string SaveSupplier = """
        INSERT INTO supplier(brand, code, title, email, lead_days, min_order, currency)
        SELECT $1, * FROM unnest($2::text[], $3::text[], $4::text[], $5::int[], $6::numeric[], $7::text[])
        ON CONFLICT (brand, code) DO UPDATE SET title = excluded.title, email = excluded.email, lead_days = excluded.lead_days, min_order = excluded.min_order, currency = excluded.currency
        """;

    private const string SaveTerms = """
        INSERT INTO sku_terms(brand, sku, supplier, their_sku, pack, least, unit_cost, lead_days, low_units, low_days, quiet)
        SELECT $1, * FROM unnest($2::text[], $3::text[], $4::text[], $5::int[], $6::int[], $7::numeric[], $8::int[], $9::int[], $10::numeric[], $11::boolean[])
        ON CONFLICT (brand, sku) DO UPDATE SET supplier = excluded.supplier, their_sku = excluded.their_sku, pack = excluded.pack, least = excluded.least, unit_cost = excluded.unit_cost,
          lead_days = excluded.lead_days, low_units = excluded.low_units, low_days = excluded.low_days, quiet = excluded.quiet
        """;

    /// <summary>Puts units of a SKU on a draft for a location, as the job does when they are needed.</summary>
    /// <returns>The number of the draft.</returns>
    /// <exception cref="InvalidOperationException">The brand is off, or the SKU has no supplier, or stands on a draft already.</exception>
    public async Task<string> ProposeAsync(string brand, string sku, string location, int units, string who, CancellationToken cancel)
    {
        await using var connection = await database.General.OpenConnectionAsync(cancel);
        await RefuseWhenOffAsync(connection, brand, cancel);
        var (terms, supplier) = await TermsOfAsync(connection, brand, sku, cancel);
        if (supplier is null) throw new InvalidOperationException($"{sku} has no supplier: name one under its terms first.");
        var line = new SkuFigures(sku, [], terms, supplier).Line(units, $"{who} asked for it.");
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        if (await Proposals.AddAsync(connection, transaction, brand, supplier, location, [line], who, byPerson: true, clock.GetUtcNow(), cancel) is not { } proposed)
            throw new InvalidOperationException($"{sku} stands on a draft for {location} already: change its quantity there.");
        await Desk.AuditAsync(connection, transaction, who, "purchase.proposed", brand, "purchase/" + proposed.Number, $"{units} × {sku} for {location}", cancel);
        await Desk.Notify(connection, transaction, cancel);
        await transaction.CommitAsync(cancel);
        return proposed.Number;
    }

    /// <summary>Sends a person's word to a purchase order that exists.</summary>
    /// <exception cref="InvalidOperationException">There is none of that number.</exception>
    public async Task<long> SendAsync(string brand, string number, PurchaseSignal signal, string who, CancellationToken cancel)
    {
        await using var find = database.General.CreateCommand("SELECT 1 FROM purchase WHERE brand = $1 AND id = $2").With(Text(brand), Text(number));
        // A signal to one that does not exist would make a stream of nothing but this click.
        if (await find.ExecuteScalarAsync(cancel) is null) throw new InvalidOperationException($"There is no purchase order {number}.");
        return await desk.SendAsync(new(brand, "purchase", number), signal, who, cancel);
    }

    public Task SaveAsync(string brand, IReadOnlyList<SupplierTerms> suppliers, string who, CancellationToken cancel) => SaveAsync(brand, "supplier.saved", suppliers.Select(s => s.Code), who,
        new NpgsqlCommand(SaveSupplier).With(Text(brand), Texts(suppliers.Select(s => s.Code)), Texts(suppliers.Select(s => s.Title)), Texts(suppliers.Select(s => s.Email)), Ints(suppliers.Select(s => s.LeadDays)),
            Decimals(suppliers.Select(s => s.MinOrder)), Texts(suppliers.Select(s => s.Currency))), cancel);

    /// <exception cref="InvalidOperationException">A supplier that is named does not exist.</exception>
    public async Task SaveAsync(string brand, IReadOnlyList<(string Sku, SkuTerms Terms)> terms, string who, CancellationToken cancel)
    {
        var known = (await new PurchaseReads(database.General, plan, clock).SuppliersAsync([brand], cancel)).Select(s => s.Supplier.Code).ToHashSet();
        if (terms.FirstOrDefault(t => t.Terms.Supplier is { } code && !known.Contains(code)) is { Sku: { } sku } wrong) throw new InvalidOperationException($"{sku}: there is no supplier '{wrong.Terms.Supplier}'.");
        await SaveAsync(brand, "sku_terms.saved", terms.Select(t => t.Sku), who, new NpgsqlCommand(SaveTerms).With(Text(brand), Texts(terms.Select(t => t.Sku)), Texts(terms.Select(t => t.Terms.Supplier)), Texts(terms.Select(t => t.Terms.TheirSku)),
            Ints(terms.Select(t => t.Terms.Pack)), Ints(terms.Select(t => t.Terms.Least)), Decimals(terms.Select(t => t.Terms.UnitCost)), NullableInts(terms.Select(t => t.Terms.LeadDays)), NullableInts(terms.Select(t => t.Terms.LowUnits)),
            NullableDecimals(terms.Select(t => t.Terms.LowDays)), Bools(terms.Select(t => t.Terms.Quiet))), cancel);
    }

    private async Task SaveAsync(string brand, string action, IEnumerable<string> what, string who, NpgsqlCommand command, CancellationToken cancel)
    {
        var names = what.ToList();
        if (names.Count == 0) return;
        await using var connection = await database.General.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await using (command)
        {
            (command.Connection, command.Transaction) = (connection, transaction);
            await command.ExecuteNonQueryAsync(cancel);
        }
        await Desk.AuditAsync(connection, transaction, who, action, brand, names.Count == 1 ? names[0] : null, names.Count == 1 ? null : $"{names.Count}: {string.Join(", ", names.Take(10))}", cancel);
        await transaction.CommitAsync(cancel);
    }

    // What is proposed to a brand that is off is stored and not decided on: there would be a claim, and no draft.
    private async Task RefuseWhenOffAsync(NpgsqlConnection connection, string brand, CancellationToken cancel)
    {
        await using var read = new NpgsqlCommand("SELECT mode FROM brand WHERE brand = $1", connection).With(Text(brand));
        // The configured mode is what a brand starts with.
        if (((string?)await read.ExecuteScalarAsync(cancel) ?? Switchboard.NameOf(plan.Brands[brand].Mode)) == Switchboard.NameOf(BrandMode.Off))
            throw new InvalidOperationException($"{brand} is off: nothing is decided for it, so nothing can be drafted. Put it in shadow or live first.");
    }

    // Also of a SKU that no location has yet.
    private static async Task<(SkuTerms Terms, SupplierTerms? Supplier)> TermsOfAsync(NpgsqlConnection connection, string brand, string sku, CancellationToken cancel)
    {
        await using var read = new NpgsqlCommand($"SELECT {PurchaseReads.TermsColumns} FROM sku_terms t LEFT JOIN supplier v ON v.brand = t.brand AND v.code = t.supplier WHERE t.brand = $1 AND t.sku = $2", connection).With(Text(brand), Text(sku));
        await using var reader = await read.ExecuteReaderAsync(cancel);
        return await reader.ReadAsync(cancel) ? (PurchaseReads.Terms(reader, 0), PurchaseReads.Supplier(reader, 0)) : (SkuTerms.Plain, null);
    }
}
