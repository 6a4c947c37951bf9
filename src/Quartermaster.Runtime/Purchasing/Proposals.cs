using System.Globalization;
using Npgsql;
using Quartermaster.Core;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Purchasing;
using Quartermaster.Runtime.Intake;
using static Quartermaster.Runtime.Columns;

namespace Quartermaster.Runtime.Purchasing;

/// <summary>Puts SKUs on a draft purchase order: the open one of their supplier and location, or a new one.</summary>
/// <remarks>
/// The claim of a SKU and the signal that drafts it commit together, and the key of the claim lets only one stand per SKU and location: however
/// many processes and people propose at once, and however late the signal is decided on, no SKU is drafted twice.
/// </remarks>
internal static class Proposals
{
    private const string Prefix = "PO-";

    /// <summary>A proposal is decided on within seconds; one that waited this long was stored by a brand that is off, or was dropped by a person.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromDays(1);

    // Looked up first, so that a SKU which nobody may draft now uses up no number at every look.
    private const string Free = "SELECT sku FROM unnest($1::text[]) AS u(sku) WHERE NOT EXISTS (SELECT 1 FROM drafted d WHERE d.brand = $2 AND d.sku = u.sku AND d.location = $3 AND (d.until IS NULL OR d.until > $4)) ORDER BY sku";

    // Locks: unique key of drafted, in order of SKU. A claim that ended, because a person turned it down long ago, is taken over.
    private const string Claim = """
        INSERT INTO drafted AS d(brand, sku, location, purchase, supplier, since) SELECT $1, sku, $2, $3, $4, $7 FROM unnest($5::text[]) AS u(sku) ORDER BY sku
        ON CONFLICT (brand, sku, location) DO UPDATE SET purchase = excluded.purchase, supplier = excluded.supplier, since = excluded.since, until = NULL WHERE d.until <= $6
        RETURNING sku
        """;

    // One whose signal was set apart is kept until a person has replayed or dropped it. Indexes: purchase_line_pkey, parked_stream.
    private const string Vain = """
        DELETE FROM drafted d WHERE d.until IS NULL AND d.since < $1
          AND NOT EXISTS (SELECT 1 FROM purchase_line l WHERE l.brand = d.brand AND l.purchase = d.purchase AND l.sku = d.sku)
          AND NOT EXISTS (SELECT 1 FROM parked p WHERE p.brand = d.brand AND p.stream = 'purchase/' || d.purchase)
        """;

    /// <param name="by">Who proposes: <c>replenishment</c>, or a person.</param>
    /// <param name="byPerson">That somebody turned it down lately does not count.</param>
    /// <returns>The draft's number and the signal that drafts, or null when all of it is on a draft already.</returns>
    public static async Task<(string Number, NewSignal Signal)?> AddAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, string brand, SupplierTerms supplier, string location, IReadOnlyList<PurchaseLine> lines, string by, bool byPerson, DateTimeOffset now, CancellationToken cancel)
    {
        var patience = Instant(byPerson ? DateTimeOffset.MaxValue : now);
        await using var look = new NpgsqlCommand(Free, connection, transaction).With(Texts(lines.Select(l => l.Sku).Distinct()), Text(brand), Text(location), patience);
        var free = await ListAsync(look, cancel);
        if (free.Count == 0) return null;
        // Two who propose for one supplier at once join one draft.
        await using var alone = new NpgsqlCommand("SELECT pg_advisory_xact_lock(81, hashtext($1))", connection, transaction).With(Text($"{brand}/{supplier.Code}/{location}"));
        await alone.ExecuteNonQueryAsync(cancel);
        var number = await OpenDraftAsync(connection, transaction, brand, supplier.Code, location, cancel) ?? await NextNumberAsync(connection, transaction, cancel);
        await using var claim = new NpgsqlCommand(Claim, connection, transaction).With(
            Text(brand), Text(location), Text(number), Text(supplier.Code), Texts(free), patience.Clone(), Instant(now));
        var claimed = await ListAsync(claim, cancel);
        if (claimed.Count == 0) return null;
        var proposed = new PurchaseSignal.Proposed(supplier, location, [.. lines.Where(l => claimed.Contains(l.Sku))], by);
        var signal = new NewSignal(new(brand, "purchase", number), Wire.KindOf(proposed.GetType()), CoreJson.Write(proposed), byPerson ? "operator/" + by : by);
        await using var batch = new NpgsqlBatch(connection, transaction);
        batch.AddSignals([signal], now);
        await batch.ExecuteNonQueryAsync(cancel);
        return (number, signal);
    }

    /// <summary>Gives free the SKUs whose proposal came to nothing; else nobody could ever propose them again.</summary>
    public static async Task FreeAsync(NpgsqlConnection connection, DateTimeOffset now, CancellationToken cancel)
    {
        await using var free = new NpgsqlCommand(Vain, connection).With(Instant(now - Patience));
        await free.ExecuteNonQueryAsync(cancel);
    }

    private static async Task<List<string>> ListAsync(NpgsqlCommand command, CancellationToken cancel)
    {
        List<string> skus = [];
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel)) skus.Add(reader.GetString(0));
        return skus;
    }

    // A draft that is not decided on yet stands in its claims alone. Index: drafted_pkey, by brand.
    private static async Task<string?> OpenDraftAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, string brand, string supplier, string location, CancellationToken cancel)
    {
        await using var find = new NpgsqlCommand("SELECT purchase FROM drafted WHERE brand = $1 AND supplier = $2 AND location = $3 AND until IS NULL LIMIT 1", connection, transaction);
        return (string?)await find.With(Text(brand), Text(supplier), Text(location)).ExecuteScalarAsync(cancel);
    }

    private static async Task<string> NextNumberAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, CancellationToken cancel)
    {
        await using var next = new NpgsqlCommand("SELECT nextval('purchase_number')", connection, transaction);
        return Prefix + ((long)(await next.ExecuteScalarAsync(cancel))!).ToString(CultureInfo.InvariantCulture);
    }
}
