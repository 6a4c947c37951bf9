using Npgsql;
using Quartermaster.Core.Customers;
using Quartermaster.Core.Kernel;
using static Quartermaster.Runtime.Columns;

namespace Quartermaster.Runtime.Customers;

/// <summary>A profile whose turn it is.</summary>
/// <param name="Email">The address by which the tool knows them; what stands for it when they were erased.</param>
/// <param name="Marked">As it was when it was read.</param>
/// <param name="MayStand">The tool may know of them: it said so, or a call found no clear end.</param>
/// <param name="Erasure">The erasure because of which they are to be deleted there; null = they are to be told.</param>
internal sealed record ProfileTurn(string Email, long Marked, bool MayStand, long? Erasure, DueProfile Due);

/// <summary>What a turn came to.</summary>
/// <param name="MayStand">The tool may know of them now.</param>
/// <param name="Held">Not told, because the brand is in shadow.</param>
internal sealed record SettledProfile(ProfileTurn Of, Told Came, bool MayStand, bool Held = false);

/// <summary>The statements of the <see cref="ProfileTeller"/>. All of them lock rows in the order of their addresses.</summary>
internal sealed class ProfileRows(Database database)
{
    // A first order brings a second change within moments: its payment, its number, the end of a test.
    private static readonly TimeSpan Calm = TimeSpan.FromSeconds(5);

    /// <summary>Something was said about contact points: whoever is behind them is told anew. No key and no lock, so that the hot path waits for nobody.</summary>
    public static void AddMarks(NpgsqlBatch batch, HubPlan plan, IEnumerable<StreamId> contacts)
    {
        var told = contacts.Distinct().Where(c => plan.ProfileTools.Any(t => t.Brand == c.Brand)).Select(c => (c.Brand, Point: ContactPoint.Parse(c.Id)!.Value)).ToList();
        if (told.Count == 0) return;
        batch.Add("INSERT INTO profile_mark(brand, kind, address) SELECT * FROM unnest($1::text[], $2::text[], $3::text[])", Texts(told.Select(t => t.Brand)), Texts(told.Select(t => t.Point.Kind)), Texts(told.Select(t => t.Point.Address)));
    }

    /// <summary>These people have changed: every tool of their brands is told after a calm, under each of their addresses.</summary>
    public static async Task MarkAsync(NpgsqlConnection connection, NpgsqlTransaction? transaction, HubPlan plan, IReadOnlyList<(string Realm, long Id)> people, DateTimeOffset now, CancellationToken cancel)
    {
        if (people.Count == 0) return;
        // Where brands share their customers a tool hears of those who bought from its own brand. Indexes: person_root, person_key_of, person_order_of.
        await using var mark = new NpgsqlCommand("""
            INSERT INTO profile AS p (connection, email, brand, realm, due_at)
            SELECT DISTINCT c.connection, k.value, c.brand, k.realm, $6::timestamptz FROM unnest($1::text[], $2::bigint[]) AS u(realm, id) JOIN person t ON t.realm = u.realm AND t.id = u.id
              JOIN person m ON m.realm = t.realm AND m.root = t.root JOIN person_key k ON k.realm = m.realm AND k.person = m.id AND k.kind = 'email' AND NOT k.common
              JOIN unnest($3::text[], $4::text[], $5::text[]) AS c(connection, brand, realm) ON c.realm = k.realm
            WHERE c.brand = c.realm OR EXISTS (SELECT FROM person b JOIN person_order o ON o.realm = b.realm AND o.person = b.id WHERE b.realm = t.realm AND b.root = t.root AND o.brand = c.brand) ORDER BY 1, 2
            ON CONFLICT (connection, email) DO UPDATE SET due_at = least(coalesce(p.due_at, excluded.due_at), excluded.due_at), marked = p.marked + 1
            """, connection, transaction);
        mark.With(Texts(people.Select(p => p.Realm)), Longs(people.Select(p => p.Id)), Texts(plan.ProfileTools.Select(t => t.Key)), Texts(plan.ProfileTools.Select(t => t.Brand)), Texts(plan.ProfileTools.Select(t => plan.RealmOf(t.Brand))), Instant(now + Calm));
        mark.CommandTimeout = 300;
        await mark.ExecuteNonQueryAsync(cancel);
    }

    /// <summary>Turns marks into profiles that are due at once. A mark that commits later stays for the next look.</summary>
    // Indexes: person_key_pkey, person_root, person_key_of, profile_pkey.
    public async Task<bool> TakeMarksAsync(HubPlan plan, DateTimeOffset now, CancellationToken cancel)
    {
        await using var take = database.General.CreateCommand("""
            WITH m AS (DELETE FROM profile_mark RETURNING brand, kind, address),
            u AS (SELECT p.connection, p.email FROM profile p JOIN (
                    SELECT DISTINCT c.connection, e.value FROM m JOIN unnest($1::text[], $2::text[], $3::text[]) AS c(connection, brand, realm) ON c.brand = m.brand
                      JOIN person_key k ON k.realm = c.realm AND k.kind = m.kind AND k.value = m.address JOIN person t ON t.realm = k.realm AND t.id = k.person
                      JOIN person a ON a.realm = t.realm AND a.root = t.root JOIN person_key e ON e.realm = a.realm AND e.person = a.id AND e.kind = 'email') x
                    ON x.connection = p.connection AND x.value = p.email ORDER BY 1, 2 FOR UPDATE OF p),
            d AS (UPDATE profile p SET due_at = $4, marked = p.marked + 1 FROM u WHERE p.connection = u.connection AND p.email = u.email)
            SELECT EXISTS (SELECT 1 FROM m)
            """).With(Texts(plan.ProfileTools.Select(t => t.Key)), Texts(plan.ProfileTools.Select(t => t.Brand)), Texts(plan.ProfileTools.Select(t => plan.RealmOf(t.Brand))), Instant(now));
        return (bool)(await take.ExecuteScalarAsync(cancel))!;
    }

    /// <summary>Everybody with an address of whom this tool has no row: it was connected after they ordered.</summary>
    public async Task FindAsync(ConnectionPlan tool, string realm, DateTimeOffset now, CancellationToken cancel)
    {
        await using var find = database.General.CreateCommand("""
            INSERT INTO profile(connection, email, brand, realm, due_at) SELECT $1, k.value, $2, $3, $4 FROM person_key k WHERE k.realm = $3 AND k.kind = 'email' AND NOT k.common
              AND NOT EXISTS (SELECT 1 FROM profile p WHERE p.connection = $1 AND p.email = k.value)
              AND ($2 = $3 OR EXISTS (SELECT FROM person a JOIN person b ON b.realm = a.realm AND b.root = a.root JOIN person_order o ON o.realm = b.realm AND o.person = b.id WHERE a.realm = k.realm AND a.id = k.person AND o.brand = $2)) ORDER BY k.value ON CONFLICT DO NOTHING
            """).With(Text(tool.Key), Text(tool.Brand), Text(realm), Instant(now));
        find.CommandTimeout = 300;
        await find.ExecuteNonQueryAsync(cancel);
    }

    /// <summary>The brand has gone live: what was held back in shadow is told.</summary>
    public async Task LetGoAsync(string connection, DateTimeOffset now, CancellationToken cancel)
    {
        await using var let = database.General.CreateCommand("WITH p AS (SELECT email FROM profile WHERE connection = $1 AND held ORDER BY email FOR UPDATE) UPDATE profile r SET held = false, due_at = $2 FROM p WHERE r.connection = $1 AND r.email = p.email").With(Text(connection), Instant(now));
        let.CommandTimeout = 300;
        await let.ExecuteNonQueryAsync(cancel);
    }

    /// <param name="tells">Customers may be told of now.</param>
    /// <param name="forgets">Erased ones may be deleted now.</param>
    public async Task<List<ProfileTurn>> DueAsync(string connection, int most, bool tells, bool forgets, DateTimeOffset now, CancellationToken cancel)
    {
        await using var find = database.General.CreateCommand("SELECT email, marked, begun_at IS NOT NULL, erasure, print, remote_id, attempts FROM profile WHERE connection = $1 AND due_at <= $2 AND CASE WHEN erasure IS NULL THEN $4 ELSE $5 END ORDER BY due_at LIMIT $3")
            .With(Text(connection), Instant(now), Int(most), Bool(tells), Bool(forgets));
        List<ProfileTurn> due = [];
        await using var reader = await find.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
            due.Add(new(reader.GetString(0), reader.GetInt64(1), reader.GetBoolean(2), reader.IsDBNull(3) ? null : reader.GetInt64(3), new(reader.TextOrNull(4), reader.TextOrNull(5), reader.GetInt32(6))));
        return due;
    }

    /// <summary>Writes down that these are told now, before they are.</summary>
    /// <returns>Those that still stand: somebody who was erased this very moment does not.</returns>
    public async Task<HashSet<string>> BeginAsync(string connection, IReadOnlyList<ProfileTurn> turns, DateTimeOffset now, CancellationToken cancel)
    {
        await using var begin = database.General.CreateCommand("""
            WITH p AS (SELECT email FROM profile WHERE connection = $1 AND email = ANY ($2) AND erasure IS NULL ORDER BY email FOR UPDATE)
            UPDATE profile r SET begun_at = $3 FROM p WHERE r.connection = $1 AND r.email = p.email RETURNING r.email
            """).With(Text(connection), Texts(turns.Select(t => t.Email)), Instant(now));
        HashSet<string> stand = [];
        await using var reader = await begin.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel)) stand.Add(reader.GetString(0));
        return stand;
    }

    /// <summary>Writes what came of a look. One that was marked meanwhile stays due.</summary>
    public async Task SettleAsync(string connection, IReadOnlyList<SettledProfile> all, DateTimeOffset now, CancellationToken cancel)
    {
        if (all.Count == 0) return;
        all = [.. all.OrderBy(a => a.Of.Email, StringComparer.Ordinal)];
        await using var settle = database.General.CreateCommand("""
            WITH l AS (SELECT email FROM profile WHERE connection = $1 AND email = ANY ($3) ORDER BY email FOR UPDATE)
            UPDATE profile p SET print = u.print, remote_id = u.remote, sent_at = CASE WHEN u.sent THEN $2 ELSE p.sent_at END, word = u.word, word_at = $2, attempts = CASE WHEN u.failed THEN p.attempts + 1 ELSE 0 END,
              begun_at = CASE WHEN u.stands THEN coalesce(p.begun_at, $2) END, held = u.held, due_at = CASE WHEN p.marked <> u.marked THEN coalesce(p.due_at, $2) ELSE u.due END
            FROM unnest($3::text[], $4::text[], $5::text[], $6::boolean[], $7::text[], $8::boolean[], $9::boolean[], $10::timestamptz[], $11::bigint[], $12::boolean[]) AS u(email, print, remote, sent, word, failed, stands, due, marked, held) JOIN l ON l.email = u.email
            WHERE p.connection = $1 AND p.email = u.email AND p.erasure IS NULL
            """);
        settle.With(Text(connection), Instant(now), Texts(all.Select(a => a.Of.Email)), Texts(all.Select(a => a.Came.Print)), Texts(all.Select(a => a.Came.RemoteId)), Bools(all.Select(a => a.Came.Sent)), Texts(all.Select(a => a.Came.Word)),
            Bools(all.Select(a => a.Came.Failed)), Bools(all.Select(a => a.MayStand)), NullableInstants(all.Select(a => a.Came.Due)), Longs(all.Select(a => a.Of.Marked)), Bools(all.Select(a => a.Held)));
        await settle.ExecuteNonQueryAsync(cancel);
    }

    /// <summary>What a tool answered that was told to delete somebody: the proof of it stands with the erasure, and where it is done nothing else does.</summary>
    public async Task ForgottenAsync(string connection, ProfileTurn turn, Told came, DateTimeOffset now, CancellationToken cancel)
    {
        await using var batch = database.General.CreateBatch();
        batch.Add("UPDATE erasure SET told = told || jsonb_build_object($2::text, $3::text) WHERE id = $1", Long(turn.Erasure!.Value), Text(connection), Text($"{now.UtcDateTime:yyyy-MM-dd HH:mm} UTC: {came.Word}"));
        if (came.Sent)
        {
            batch.Add("DELETE FROM profile WHERE connection = $1 AND email = $2 AND marked = $3", Text(connection), Text(turn.Email), Long(turn.Marked));
            // Somebody with that address has ordered again meanwhile, and is a new customer.
            batch.Add("UPDATE profile SET erasure = NULL, print = NULL, remote_id = NULL, begun_at = NULL, sent_at = NULL, attempts = 0, due_at = $3 WHERE connection = $1 AND email = $2", Text(connection), Text(turn.Email), Instant(now));
        }
        else batch.Add("UPDATE profile SET due_at = $3, attempts = attempts + 1, word = $4, word_at = $5 WHERE connection = $1 AND email = $2", Text(connection), Text(turn.Email), NullableInstant(came.Due), Text(came.Word), Instant(now));
        await batch.ExecuteNonQueryAsync(cancel);
    }

    /// <summary>How many profiles a tool has not taken in so many tries, or a no that it refused, and how many it has not deleted although it was told to.</summary>
    // Index: profile_trouble.
    public async Task<(long Untold, long NotForgotten)> TroubleAsync(string connection, int attempts, CancellationToken cancel)
    {
        await using var find = database.General.CreateCommand("SELECT count(*) FILTER (WHERE erasure IS NULL AND ((attempts >= $2 AND due_at IS NOT NULL) OR due_at > now() + interval '1 hour')), count(*) FILTER (WHERE erasure IS NOT NULL AND (attempts >= $2 OR due_at > now() + interval '1 hour')) FROM profile WHERE connection = $1 AND attempts > 0").With(Text(connection), Int(attempts));
        await using var reader = await find.ExecuteReaderAsync(cancel);
        await reader.ReadAsync(cancel);
        return (reader.GetInt64(0), reader.GetInt64(1));
    }

    /// <summary>A person wants somebody told again. Words that the tool has heard are no news all the same: who took theirs back there is not subscribed once more.</summary>
    public static async Task<bool> TellAgainAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, string realm, long person, DateTimeOffset now, CancellationToken cancel)
    {
        await using var again = new NpgsqlCommand("""
            WITH p AS (SELECT p.connection, p.email FROM profile p JOIN person_key k ON k.realm = p.realm AND k.kind = 'email' AND k.value = p.email JOIN person m ON m.realm = k.realm AND m.id = k.person
                       WHERE p.realm = $1 AND p.erasure IS NULL AND m.root = (SELECT root FROM person WHERE realm = $1 AND id = $2) ORDER BY 1, 2 FOR UPDATE OF p)
            UPDATE profile r SET due_at = $3, marked = r.marked + 1, print = regexp_replace(r.print, '^[^ ]*', 'again') FROM p WHERE r.connection = p.connection AND r.email = p.email
            """, connection, transaction);
        return await again.With(Text(realm), Long(person), Instant(now)).ExecuteNonQueryAsync(cancel) > 0;
    }
}
