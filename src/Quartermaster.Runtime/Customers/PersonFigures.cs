using Npgsql;
using static Quartermaster.Runtime.Columns;

namespace Quartermaster.Runtime.Customers;

/// <summary>How many orders people have and what they spent on them, less what was given back, in the realm's currency: counted anew from the orders' own rows: nothing is added up that could drift from them.</summary>
/// <remarks>Of whoever's figures changed, marketing tools are told: here everything about a customer passes that comes from orders, merges and their undoing.</remarks>
internal static class PersonFigures
{
    /// <param name="of">Those whose figures may have changed, or null for everybody.</param>
    public static async Task CountAsync(NpgsqlConnection connection, NpgsqlTransaction? transaction, HubPlan plan, IReadOnlyList<(string Realm, long Id)>? of, DateTimeOffset now, CancellationToken cancel)
    {
        if (of is { Count: 0 }) return;
        var roots = of is null
            ? "SELECT realm, id AS root FROM person WHERE id = root"
            : "SELECT DISTINCT p.realm, p.root FROM unnest($4::text[], $5::bigint[]) AS u(realm, id) JOIN person p USING (realm, id)";
        await using var command = new NpgsqlCommand($"""
            UPDATE person p SET orders = f.orders, spent = f.spent, first_at = f.first_at, last_at = f.last_at, counted_at = $3
            FROM (SELECT r.realm, r.root, count(s.stream) FILTER (WHERE s.status <> 'cancelled')::int AS orders, coalesce(sum(coalesce(s.kept, s.total)) FILTER (WHERE s.status <> 'cancelled' AND s.currency = z.currency), 0) AS spent, min(s.placed_at) AS first_at, max(s.placed_at) AS last_at
                  FROM ({roots}) r JOIN person m ON m.realm = r.realm AND m.root = r.root
                  LEFT JOIN person_order o ON o.realm = m.realm AND o.person = m.id LEFT JOIN stream s ON s.brand = o.brand AND s.stream = o.stream
                  LEFT JOIN unnest($1::text[], $2::text[]) AS z(brand, currency) ON z.brand = s.brand GROUP BY r.realm, r.root) f
            WHERE p.realm = f.realm AND p.id = f.root AND (p.orders, p.spent, p.first_at, p.last_at) IS DISTINCT FROM (f.orders, f.spent, f.first_at, f.last_at) {(plan.ProfileTools.Count > 0 ? "RETURNING p.realm, p.id" : "")}
            """, connection, transaction);
        command.With(Texts(plan.Brands.Keys), Texts(plan.Brands.Values.Select(b => MainCurrency(plan, b))), Instant(now));
        if (of is not null) command.With(Texts(of.Select(p => p.Realm)), Longs(of.Select(p => p.Id)));
        command.CommandTimeout = 300;
        if (plan.ProfileTools.Count == 0)
        {
            await command.ExecuteNonQueryAsync(cancel);
            return;
        }
        List<(string Realm, long Id)> changed = [];
        await using (var reader = await command.ExecuteReaderAsync(cancel))
            while (await reader.ReadAsync(cancel)) changed.Add((reader.GetString(0), reader.GetInt64(1)));
        await ProfileRows.MarkAsync(connection, transaction, plan, changed, now, cancel);
    }

    /// <summary>The currency in which a realm's people are compared: the brand's, or that of the first brand that shares its customers.</summary>
    public static string CurrencyOf(HubPlan plan, string realm) =>
        (realm == HubPlan.SharedRealm ? plan.Brands.GetValueOrDefault(plan.SharedCustomers is [var first, ..] ? first : "") : plan.Brands.GetValueOrDefault(realm))?.Terms.Currency ?? "";

    private static string MainCurrency(HubPlan plan, BrandPlan brand) => CurrencyOf(plan, plan.RealmOf(brand.Terms.Brand));
}
