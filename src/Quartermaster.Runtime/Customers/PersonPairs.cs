using Npgsql;
using static Quartermaster.Runtime.Columns;

namespace Quartermaster.Runtime.Customers;

/// <summary>People who may be one: proposed, merged and taken apart again. Keys and orders stay with whom they were found for, so nothing is lost by any of it.</summary>
internal static class PersonPairs
{
    /// <summary>A phone number that would merge more people than this is a shop's or a marketplace's.</summary>
    private const int MostByOnePhone = 5;

    public const string ByRule = "rule";

    /// <summary>Keeps new pairs as proposals; those are merged at once of which one has the channel's own account and no e-mail address that could contradict.</summary>
    public static async Task KeepAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyList<PersonPair> pairs, DateTimeOffset now, CancellationToken cancel)
    {
        if (pairs.Count == 0) return;
        List<(string Realm, long Person, long Other)> sure = [];
        await using (var insert = new NpgsqlCommand("""
            WITH n AS (INSERT INTO person_pair(realm, person, other, kind, value, state, at)
              SELECT realm, person, other, kind, value, 'proposed', $6 FROM unnest($1::text[], $2::bigint[], $3::bigint[], $4::text[], $5::text[]) AS u(realm, person, other, kind, value)
              WHERE (SELECT root FROM person p WHERE p.realm = u.realm AND p.id = u.person) <> (SELECT root FROM person p WHERE p.realm = u.realm AND p.id = u.other)
              ON CONFLICT DO NOTHING RETURNING realm, person, other, kind)
            SELECT realm, person, other FROM n WHERE kind NOT IN ('phone', 'guest')
              AND (NOT EXISTS (SELECT 1 FROM person_key k WHERE k.realm = n.realm AND k.person = n.person AND k.kind = 'email') OR NOT EXISTS (SELECT 1 FROM person_key k WHERE k.realm = n.realm AND k.person = n.other AND k.kind = 'email'))
            """, connection, transaction))
        {
            insert.With(Texts(pairs.Select(p => p.Realm)), Longs(pairs.Select(p => p.Person)), Longs(pairs.Select(p => p.Other)), Texts(pairs.Select(p => p.Key.Kind)), Texts(pairs.Select(p => p.Key.Value)), Instant(now));
            await using var reader = await insert.ExecuteReaderAsync(cancel);
            while (await reader.ReadAsync(cancel)) sure.Add((reader.GetString(0), reader.GetInt64(1), reader.GetInt64(2)));
        }
        foreach (var (realm, person, other) in sure) await MergeAsync(connection, transaction, realm, person, other, ByRule, now, cancel);
        await ForgetCommonAsync(connection, transaction, pairs, cancel);
    }

    /// <summary>The one with the higher number becomes part of the other.</summary>
    /// <returns>False: they are one already.</returns>
    public static async Task<bool> MergeAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, string realm, long person, long other, string who, DateTimeOffset now, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand("""
            WITH r AS MATERIALIZED (SELECT min(root) AS keeps, max(root) AS joins FROM (SELECT root FROM person WHERE realm = $1 AND id IN ($2, $3) ORDER BY id FOR UPDATE) x),
            k AS (INSERT INTO person_pair(realm, person, other, kind, value, state, by_whom, at) SELECT $1, least($2, $3), greatest($2, $3), 'person', '', 'merged', $4, $5 WHERE $2 <> $3
                  ON CONFLICT (realm, person, other) DO UPDATE SET state = 'merged', by_whom = $4, at = $5)
            UPDATE person p SET root = r.keeps, merged_into = CASE WHEN p.id = r.joins THEN r.keeps ELSE p.merged_into END FROM r WHERE p.realm = $1 AND p.root = r.joins AND r.keeps <> r.joins
            """, connection, transaction);
        return await command.With(Text(realm), Long(person), Long(other), Text(who), Instant(now)).ExecuteNonQueryAsync(cancel) > 0;
    }

    /// <summary>Takes somebody out of whom they were merged into, with everybody who is part of them.</summary>
    /// <returns>False: they are part of nobody.</returns>
    public static async Task<bool> UndoAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, string realm, long person, string who, DateTimeOffset now, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand("""
            WITH RECURSIVE t AS (SELECT id, root FROM person WHERE realm = $1 AND id = $2 AND merged_into IS NOT NULL UNION ALL SELECT p.id, p.root FROM person p JOIN t ON p.merged_into = t.id WHERE p.realm = $1),
            k AS (UPDATE person_pair SET state = 'apart', by_whom = $3, at = $4 WHERE realm = $1 AND state = 'merged' AND (person IN (SELECT id FROM t)) <> (other IN (SELECT id FROM t)) AND EXISTS (SELECT 1 FROM t))
            UPDATE person p SET root = $2, merged_into = CASE WHEN p.id = $2 THEN NULL ELSE p.merged_into END FROM t WHERE p.realm = $1 AND p.id = t.id
            """, connection, transaction);
        return await command.With(Text(realm), Long(person), Text(who), Instant(now)).ExecuteNonQueryAsync(cancel) > 0;
    }

    // A marketplace's number stands in a hundred thousand orders: nobody is to be asked a hundred thousand times.
    private static async Task ForgetCommonAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyList<PersonPair> pairs, CancellationToken cancel)
    {
        var phones = pairs.Where(p => p.Key.Kind == PersonKey.Phone).Select(p => (p.Realm, p.Key.Value)).Distinct().ToList();
        if (phones.Count == 0) return;
        await using var command = new NpgsqlCommand("""
            WITH c AS (SELECT u.realm, u.value FROM unnest($1::text[], $2::text[]) AS u(realm, value) JOIN person_key k ON k.realm = u.realm AND k.kind = 'phone' AND k.value = u.value
                       WHERE (SELECT count(*) FROM person_pair p WHERE p.realm = u.realm AND k.person IN (p.person, p.other) AND p.kind = 'phone' AND p.value = u.value) > $3),
            m AS (UPDATE person_key k SET common = true FROM c WHERE k.realm = c.realm AND k.kind = 'phone' AND k.value = c.value)
            DELETE FROM person_pair p USING c WHERE p.realm = c.realm AND p.kind = 'phone' AND p.value = c.value AND p.state = 'proposed'
            """, connection, transaction);
        await command.With(Texts(phones.Select(p => p.Realm)), Texts(phones.Select(p => p.Value)), Int(MostByOnePhone)).ExecuteNonQueryAsync(cancel);
    }
}
