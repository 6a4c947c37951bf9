using System.Data.Common;
using Npgsql;
using Quartermaster.Core.Kernel;
using Quartermaster.Runtime.Operations;
using Quartermaster.Runtime.ReadModels;
using static Quartermaster.Runtime.Columns;

namespace Quartermaster.Runtime.Goods;

/// <summary>What is known of a SKU, and who said it.</summary>
/// <param name="Source">A storefront connection, or a person.</param>
/// <param name="ByHand">A person said something of it: storefronts only fill in what is missing.</param>
public sealed record SkuFactsRow(string Sku, SkuFacts Facts, string Source, bool ByHand, DateTimeOffset ChangedAt);

/// <summary>How what is told goes together with what is known.</summary>
public enum FactsFrom
{
    /// <summary>A storefront: stands before its own older word, and fills in what nobody else has said.</summary>
    Shop,

    /// <summary>A person's file: what it names stands before everything, what it leaves out stays.</summary>
    File,

    /// <summary>A person's form: it is all of what is known.</summary>
    Form,
}

/// <summary>What one unit of each SKU weighs and measures, and what customs asks of it.</summary>
public sealed class SkuFactsTable(NpgsqlDataSource database)
{
    /// <summary>Key in <c>hub_value</c>: changed by every change, so that running hubs read anew.</summary>
    private const string Stamp = "sku_facts";

    private const string Held = "SELECT sku, grams, length_cm, width_cm, height_cm, tariff_code, origin, source, by_hand, changed_at, value FROM sku_facts";

    /// <returns>How many of them are known otherwise than before.</returns>
    public async Task<int> SaveAsync(string brand, IReadOnlyCollection<(string Sku, SkuFacts Facts)> told, string source, FactsFrom from, DateTimeOffset now, CancellationToken cancel)
    {
        if (told.Count == 0) return 0;
        await using var connection = await database.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        var held = await HeldAsync(brand, [.. told.Select(t => t.Sku)], connection, transaction, cancel);
        var changed = told.GroupBy(t => t.Sku).Select(t => Merge(held.GetValueOrDefault(t.Key), t.Key, t.Last().Facts, source, from, now)).OfType<SkuFactsRow>().OrderBy(r => r.Sku, StringComparer.Ordinal).ToList();
        if (changed.Count == 0) return 0;
        await using (var batch = new NpgsqlBatch(connection, transaction))
        {
            batch.Add("""
                INSERT INTO sku_facts(brand, sku, grams, length_cm, width_cm, height_cm, tariff_code, origin, source, by_hand, value, changed_at)
                SELECT $1, u.*, $10 FROM unnest($2::text[], $3::int[], $4::int[], $5::int[], $6::int[], $7::text[], $8::text[], $9::text[], $11::bool[], $12::numeric[]) AS u
                ON CONFLICT (brand, sku) DO UPDATE SET grams = excluded.grams, length_cm = excluded.length_cm, width_cm = excluded.width_cm, height_cm = excluded.height_cm,
                  tariff_code = excluded.tariff_code, origin = excluded.origin, source = excluded.source, by_hand = excluded.by_hand, value = excluded.value, changed_at = excluded.changed_at
                """,
                Text(brand), Texts(changed.Select(c => c.Sku)), NullableInts(changed.Select(c => c.Facts.Grams > 0 ? c.Facts.Grams : (int?)null)),
                NullableInts(changed.Select(c => c.Facts.Size?.Length)), NullableInts(changed.Select(c => c.Facts.Size?.Width)), NullableInts(changed.Select(c => c.Facts.Size?.Height)),
                Texts(changed.Select(c => c.Facts.TariffCode)), Texts(changed.Select(c => c.Facts.Origin)), Texts(changed.Select(c => c.Source)), Instant(now), Bools(changed.Select(c => c.ByHand)), NullableDecimals(changed.Select(c => c.Facts.Value > 0 ? c.Facts.Value : (decimal?)null)));
            batch.Add("INSERT INTO hub_value(key, value, at) VALUES ($1, gen_random_uuid()::text, $2) ON CONFLICT (key) DO UPDATE SET value = excluded.value, at = excluded.at", Text(Stamp), Instant(now));
            await batch.ExecuteNonQueryAsync(cancel);
        }
        if (from != FactsFrom.Shop)
            await Desk.AuditAsync(connection, transaction, source, "sku_facts.saved", brand, changed is [var one] ? one.Sku : null, changed is [var only] ? Words(only.Facts) : $"{changed.Count} SKUs from a file", cancel);
        await transaction.CommitAsync(cancel);
        return changed.Count;
    }

    public async Task<SkuFactsRow?> FindAsync(string brand, string sku, CancellationToken cancel)
    {
        await using var find = database.CreateCommand($"{Held} WHERE brand = $1 AND sku = $2").With(Text(brand), Text(sku));
        await using var reader = await find.ExecuteReaderAsync(cancel);
        return await reader.ReadAsync(cancel) ? Row(reader, 0) : null;
    }

    /// <summary>For who asks of a few orders, in a process that keeps nothing of it in memory.</summary>
    /// <param name="skus">Null = all of the brand.</param>
    public async Task<AboutSku> AboutAsync(string brand, IReadOnlyCollection<string>? skus, CancellationToken cancel)
    {
        // Index: sku_facts_pkey.
        await using var read = database.CreateCommand(skus is null ? $"{Held} WHERE brand = $1" : $"{Held} WHERE brand = $1 AND sku = ANY ($2)").With(Text(brand));
        if (skus is not null) read.With(Texts(skus));
        Dictionary<string, SkuFacts> known = [];
        await using var reader = await read.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel)) known[reader.GetString(0)] = Row(reader, 0).Facts;
        return sku => known.GetValueOrDefault(sku, SkuFacts.Unknown);
    }

    /// <summary>What codes of a channel mean, where each is one unit of one SKU; the others are left out.</summary>
    internal async Task<Dictionary<string, string>> MeantAsync(string brand, string channel, IReadOnlyCollection<string> codes, CancellationToken cancel)
    {
        // Index: meaning_pkey, one probe per code.
        await using var read = database.CreateCommand("SELECT c.code, p.sku FROM unnest($3::text[]) AS c(code) CROSS JOIN LATERAL (SELECT min(sku) AS sku FROM parts_of($1, $2, c.code) HAVING count(*) = 1 AND min(units) = 1) p")
            .With(Text(brand), Text(channel), Texts(codes));
        Dictionary<string, string> meant = [];
        await using var reader = await read.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel)) meant[reader.GetString(0)] = reader.GetString(1);
        return meant;
    }

    /// <summary>What tells one state of the table from another; empty before the first change.</summary>
    internal async Task<string> StampAsync(CancellationToken cancel) =>
        (await database.ListAsync("SELECT value FROM hub_value WHERE key = $1", r => r.GetString(0), cancel, Stamp)).FirstOrDefault() ?? "";

    /// <param name="since">Null = all there is.</param>
    internal async Task<List<(string Brand, SkuFactsRow Row)>> ChangedAsync(DateTimeOffset? since, CancellationToken cancel)
    {
        // Index: sku_facts_changed.
        await using var read = database.CreateCommand($"{Held.Replace("SELECT sku", "SELECT brand, sku", StringComparison.Ordinal)}{(since is null ? "" : " WHERE changed_at >= $1")}");
        if (since is { } at) read.With(Instant(at));
        List<(string, SkuFactsRow)> rows = [];
        await using var reader = await read.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel)) rows.Add((reader.GetString(0), Row(reader, 1)));
        return rows;
    }

    /// <summary>In words, for the audit and for people: <c>250 g, 10 x 8 x 5 cm, tariff 090230, from IN</c>.</summary>
    public static string Words(SkuFacts facts)
    {
        List<string> words = [];
        if (facts.Grams > 0) words.Add($"{facts.Grams} g");
        if (facts.Size is { } size) words.Add($"{size.Length} x {size.Width} x {size.Height} cm");
        if (facts.TariffCode is { } tariff) words.Add($"tariff {tariff}");
        if (facts.Origin is { } origin) words.Add($"from {origin}");
        if (facts.Value > 0) words.Add(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"worth {facts.Value:0.00##}"));
        return words.Count == 0 ? "nothing is known" : string.Join(", ", words);
    }

    /// <returns>Null when nothing is known otherwise than before.</returns>
    internal static SkuFactsRow? Merge(SkuFactsRow? held, string sku, SkuFacts told, string source, FactsFrom from, DateTimeOffset now)
    {
        var facts = from switch
        {
            FactsFrom.Form => told,
            FactsFrom.File => Over(told, held?.Facts),
            _ when held is { ByHand: false } && held.Source == source => Over(told, held.Facts),
            _ => held is null ? told : Over(held.Facts, told),
        };
        if (held is null ? facts == SkuFacts.Unknown : facts == held.Facts) return null;
        return new(sku, facts, from == FactsFrom.Shop ? held?.Source ?? source : source, from != FactsFrom.Shop || held is { ByHand: true }, now);
    }

    private static SkuFacts Over(SkuFacts first, SkuFacts? then) => then is null ? first
        : new(first.Grams > 0 ? first.Grams : then.Grams, first.Size ?? then.Size, first.TariffCode ?? then.TariffCode, first.Origin ?? then.Origin, first.Value > 0 ? first.Value : then.Value);

    // Rows in key order, as every writer locks them.
    private static async Task<Dictionary<string, SkuFactsRow>> HeldAsync(string brand, string[] skus, NpgsqlConnection connection, NpgsqlTransaction transaction, CancellationToken cancel)
    {
        await using var lockThem = new NpgsqlCommand($"{Held} WHERE brand = $1 AND sku = ANY ($2) ORDER BY sku FOR UPDATE", connection, transaction).With(Text(brand), Texts(skus));
        Dictionary<string, SkuFactsRow> held = [];
        await using var reader = await lockThem.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel)) held[reader.GetString(0)] = Row(reader, 0);
        return held;
    }

    private static SkuFactsRow Row(DbDataReader r, int at) => new(
        r.GetString(at),
        new(r.IsDBNull(at + 1) ? 0 : r.GetInt32(at + 1), r.IsDBNull(at + 2) ? null : new(r.GetInt32(at + 2), r.GetInt32(at + 3), r.GetInt32(at + 4)), r.IsDBNull(at + 5) ? null : r.GetString(at + 5), r.IsDBNull(at + 6) ? null : r.GetString(at + 6), r.IsDBNull(at + 10) ? 0m : r.GetDecimal(at + 10)),
        r.GetString(at + 7), r.GetBoolean(at + 8), r.Instant(at + 9));
}
