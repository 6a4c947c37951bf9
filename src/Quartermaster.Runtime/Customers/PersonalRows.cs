using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Npgsql;
using static Quartermaster.Runtime.Columns;

namespace Quartermaster.Runtime.Customers;

/// <summary>Reads every row that is a person's, table by table as <see cref="PersonalTables"/> finds them: the very rows that an erasure goes through.</summary>
internal static class PersonalRows
{
    // The ledger has no index by stream, and is read through.
    private static readonly TimeSpan LongestLook = TimeSpan.FromMinutes(2);

    /// <param name="brands">Those that the reader may see; rows of other brands that share their customers are left out.</param>
    /// <returns>By table, its rows; a table without any is left out.</returns>
    public static async Task<JsonObject> ReadAsync(NpgsqlDataSource database, HubPlan plan, IReadOnlyList<string> brands, string realm, long person, CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        // One moment of the whole database, without a lock: who counts or links customers meanwhile does not wait for it.
        await using var transaction = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, cancel);
        var subject = await ErasureSubject.ReadAsync(connection, transaction, plan, realm, person, holds: false, cancel);
        var kept = new JsonObject();
        foreach (var table in (await Traces.ColumnsAsync(connection, transaction, cancel)).GroupBy(c => c.Table))
            if (Where(table.Key, PersonalTables.Of(table.Key, table.First().HasStream), subject, brands) is var (where, parameters) && await RowsAsync(connection, transaction, table.Key, [.. table.Where(c => c.Type == "bytea").Select(c => c.Name)], where, parameters, cancel) is { Count: > 0 } rows)
                kept[table.Key] = rows;
        return kept;
    }

    private static (string Where, NpgsqlParameter[] Parameters)? Where(string table, Whose whose, ErasureSubject subject, IReadOnlyList<string> brands)
    {
        var streams = subject.Streams.Where(s => brands.Contains(s.Brand)).ToList();
        NpgsqlParameter[] Streams() => [Texts(streams.Select(s => s.Brand)), Texts(streams.Select(s => s.Key))];
        const string ByStream = "(t.brand, t.stream) IN (SELECT * FROM unnest($1::text[], $2::text[]))";
        // People are a realm's, and who may not see all of its brands reads of them on the customer's page.
        var whole = subject.Brands.All(brands.Contains);
        return (whose, table) switch
        {
            // These have no index by stream; decisions have, and name both.
            (Whose.OfStreams, "signal") => ($"t.seq IN (SELECT d.seq FROM decision d WHERE {ByStream.Replace("t.", "d.", StringComparison.Ordinal)}) AND {ByStream}", Streams()),
            (Whose.OfStreams, "effect_log") => ($"t.id IN (SELECT unnest(d.effects) FROM decision d WHERE {ByStream.Replace("t.", "d.", StringComparison.Ordinal)}) AND {ByStream}", Streams()),
            (Whose.OfStreams, _) => (ByStream, Streams()),
            (Whose.OfAddresses, "profile") => ("t.brand = ANY ($1) AND t.email = ANY ($2)", [Texts(brands), Texts(subject.Addresses)]),
            (Whose.OfAddresses, _) => ("t.brand = ANY ($1) AND t.address = ANY ($2)", [Texts(brands), Texts(subject.Addresses)]),
            (Whose.OfPeople, "person_order") => ("t.brand = ANY ($1) AND t.realm = $2 AND t.person = ANY ($3)", [Texts(brands), Text(subject.Realm), Longs(subject.People)]),
            (Whose.OfPeople, "person") when whole => ("t.realm = $1 AND t.id = ANY ($2)", [Text(subject.Realm), Longs(subject.People)]),
            (Whose.OfPeople, "person_pair") when whole => ("t.realm = $1 AND (t.person = ANY ($2) OR t.other = ANY ($2))", [Text(subject.Realm), Longs(subject.People)]),
            (Whose.OfPeople, _) when whole => ("t.realm = $1 AND t.person = ANY ($2)", [Text(subject.Realm), Longs(subject.People)]),
            (Whose.OfSubjects, _) => ("(t.brand, t.subject) IN (SELECT * FROM unnest($1::text[], $2::text[])) OR ($4 AND t.subject = ANY ($3))", [.. Streams(), Texts(subject.People.Select(p => $"customer/{p}")), new NpgsqlParameter<bool> { TypedValue = whole }]),
            _ => null,
        };
    }

    private static async Task<JsonArray> RowsAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, string table, IReadOnlyList<string> bodies, string where, NpgsqlParameter[] parameters, CancellationToken cancel)
    {
        // What the hub keeps as bytes is JSON, in nearly every column: it is read as such beside the row.
        await using var read = new NpgsqlCommand($"SELECT (to_jsonb(t) - $%::text[])::text{string.Concat(bodies.Select(b => $", t.{Traces.Quoted(b)}"))} FROM {Traces.Quoted(table)} t WHERE {where}".Replace("$%", $"${parameters.Length + 1}", StringComparison.Ordinal), connection, transaction);
        read.CommandTimeout = (int)LongestLook.TotalSeconds;
        read.With([.. parameters, Texts(bodies)]);
        var rows = new JsonArray();
        await using var reader = await read.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
        {
            var row = (JsonObject)JsonNode.Parse(reader.GetString(0))!;
            for (var i = 0; i < bodies.Count; i++)
                if (!reader.IsDBNull(i + 1)) row[bodies[i]] = Body(reader.GetFieldValue<byte[]>(i + 1));
            rows.Add((JsonNode)row);
        }
        return rows;
    }

    /// <summary>A document of a carrier is no JSON: it is handed over as it is, in base64.</summary>
    private static JsonNode? Body(byte[] body)
    {
        try { return JsonNode.Parse(body); }
        catch (JsonException) { return Encoding.UTF8.GetString(body) is var text && !text.Contains('\uFFFD', StringComparison.Ordinal) ? text : Convert.ToBase64String(body); }
    }
}
