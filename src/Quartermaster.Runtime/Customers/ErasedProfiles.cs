using System.Text.Json;
using Npgsql;
using static Quartermaster.Runtime.Columns;

namespace Quartermaster.Runtime.Customers;

/// <summary>Whom marketing tools know of somebody who is erased: they are told to delete them, and until then the row says nothing of who it was.</summary>
internal static class ErasedProfiles
{
    /// <returns>The tools that are told.</returns>
    public static async Task<IReadOnlyList<string>> HandOverAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, HubPlan plan, string realm, IReadOnlyList<string> addresses, long erasure, byte[] salt, DateTimeOffset now, CancellationToken cancel)
    {
        List<(string Connection, string Brand, string Email)> known = [];
        // A first call that is under way has written down that it began, and one that has not finds nobody any more: Begin waits for these rows.
        await using (var read = new NpgsqlCommand("SELECT connection, brand, email, remote_id IS NULL AND begun_at IS NULL FROM profile WHERE realm = $1 AND email = ANY ($2) AND erasure IS NULL ORDER BY connection, email FOR UPDATE", connection, transaction).With(Text(realm), Texts(addresses)))
        await using (var reader = await read.ExecuteReaderAsync(cancel))
            while (await reader.ReadAsync(cancel))
                if (!reader.GetBoolean(3)) known.Add((reader.GetString(0), reader.GetString(1), reader.GetString(2)));
        var (told, gone) = (known.Where(k => plan.Connections.ContainsKey(k.Connection)).ToList(), known.Where(k => !plan.Connections.ContainsKey(k.Connection)).ToList());
        await using var batch = new NpgsqlBatch(connection, transaction);
        // Without the tool's id there is nothing else by which it could be told whom to delete, so the address stays in this one row until it has.
        batch.Add("""
            UPDATE profile p SET email = CASE WHEN p.remote_id IS NULL THEN p.email ELSE u.instead END, print = NULL, word = 'to be deleted', word_at = $5, attempts = 0, held = false, due_at = $5, marked = p.marked + 1, erasure = $4
            FROM unnest($1::text[], $2::text[], $3::text[]) AS u(connection, email, instead) WHERE p.connection = u.connection AND p.email = u.email
            """, Texts(told.Select(k => k.Connection)), Texts(told.Select(k => k.Email)), Texts(told.Select(k => $"{Pseudonyms.Of(salt, k.Brand, k.Email)}/{erasure}")), Long(erasure), Instant(now));
        batch.Add("DELETE FROM profile WHERE realm = $1 AND email = ANY ($2) AND erasure IS NULL", Text(realm), Texts(addresses));
        batch.Add("UPDATE erasure SET told = $2::jsonb WHERE id = $1", Long(erasure), Text(JsonSerializer.Serialize(
            told.Select(k => (k.Connection, Said: "asked to delete them")).Concat(gone.Select(k => (k.Connection, Said: "no longer connected: to be deleted there by hand"))).DistinctBy(k => k.Connection).ToDictionary(k => k.Connection, k => k.Said))));
        await batch.ExecuteNonQueryAsync(cancel);
        return [.. told.Select(k => k.Connection).Distinct()];
    }
}
