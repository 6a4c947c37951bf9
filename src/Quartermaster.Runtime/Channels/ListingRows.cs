using Npgsql;
using Quartermaster.Core.Channels;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Kernel;
using static Quartermaster.Runtime.Columns;

namespace Quartermaster.Runtime.Channels;

/// <summary>What a turn of the publisher came to for one listing.</summary>
/// <param name="Said">The channel was asked and answered, or its number was known to be right.</param>
internal sealed record SettledListing(DueListing Of, Published Came, int Units, bool Said, bool Refused);

/// <summary>The statements of the publisher.</summary>
internal sealed class ListingRows(Database database)
{
    /// <summary>Turns marks into listings that are due. Returns false when there were none.</summary>
    public async Task<bool> TakeMarksAsync(string[] connections, DateTimeOffset now, CancellationToken cancel)
    {
        // A mark that commits later stays for the next look. A SKU is offered under its own code and under all that mean it. Indexes: meaning_sku, listing_sku.
        await using var take = database.General.CreateCommand("""
            WITH m AS (DELETE FROM stock_mark RETURNING brand, sku, at),
            k AS (SELECT brand, sku, at FROM m UNION ALL SELECT m.brand, x.code, m.at FROM m JOIN meaning x ON x.brand = m.brand AND x.sku = m.sku),
            s AS (SELECT brand, sku, min(at) AS at FROM k GROUP BY brand, sku),
            u AS (SELECT l.connection, l.item, l.place, s.at FROM s JOIN listing l USING (brand, sku) WHERE l.connection = ANY ($1) ORDER BY 1, 2, 3 FOR UPDATE OF l),
            d AS (UPDATE listing l SET due_at = $2, asked_at = coalesce(l.asked_at, u.at), marked = l.marked + 1 FROM u WHERE l.connection = u.connection AND l.item = u.item AND l.place = u.place)
            SELECT EXISTS (SELECT 1 FROM m)
            """).With(Texts(connections), Instant(now));
        return (bool)(await take.ExecuteScalarAsync(cancel))!;
    }

    /// <summary>Everything of a connection is compared with what may be sold: after a start its terms may be others, and after a read its numbers.</summary>
    // The same sum as StockTerms.Sellable; one that came out differently would only be looked at in vain.
    /// <param name="preorders">The brand has SKUs that may be sold before they are there.</param>
    /// <param name="wasRead">The whole catalogue was just read: what the channel refused may be mended there, and is tried once more.</param>
    public async Task CompareAllAsync(ConnectionPlan plan, BrandTerms terms, IReadOnlyList<(string Place, string Location)> shelves, DateTimeOffset now, bool preorders, bool wasRead, CancellationToken cancel)
    {
        await using var compare = database.General.CreateCommand("""
            WITH k AS (SELECT l.item, l.place, l.brand, coalesce(m.sku, l.sku) AS sku, coalesce(m.units, 1) AS per FROM listing l
                       LEFT JOIN meaning m ON m.brand = l.brand AND m.code = l.sku AND m.channel = (SELECT max(x.channel) FROM meaning x WHERE x.brand = l.brand AND x.code = l.sku AND x.channel IN ('', $1))
                       WHERE l.connection = $1 AND l.sku <> ''),
            f AS (SELECT k.item, k.place, k.brand, k.sku, k.per, sum(greatest(0, p.on_hand - p.reserved - p.safety)) AS units, array_agg(s.location) AS locations
                  FROM k JOIN unnest($3::text[], $4::text[]) AS s(place, location) ON s.place = k.place LEFT JOIN position p ON p.brand = k.brand AND p.sku = k.sku AND p.location = s.location GROUP BY k.item, k.place, k.brand, k.sku, k.per),
            p AS (SELECT f.item, f.place, f.per, CASE WHEN t.sku IS NULL THEN f.units ELSE coalesce(preorderable(f.brand, f.sku, f.locations, f.units, $9, $10, $11), f.units) END AS units
                  FROM f LEFT JOIN sold_out_terms t ON $8 AND t.brand = f.brand AND t.sku = f.sku),
            w AS (SELECT item, place, least($7, greatest(0, min(units / per) - $5) * $6 / 100) AS units FROM p GROUP BY item, place HAVING count(*) = count(units))
            UPDATE listing l SET due_at = $2, asked_at = coalesce(l.asked_at, $2) FROM w
            WHERE l.connection = $1 AND l.item = w.item AND l.place = w.place AND l.due_at IS NULL AND (NOT l.refused OR $12) AND (l.asks OR l.known IS DISTINCT FROM w.units)
            """).With(Text(plan.Key), Instant(now), Texts(shelves.Select(s => s.Place)), Texts(shelves.Select(s => s.Location)),
            Int(plan.Stock!.Buffer), Int(plan.Stock.Share), Int(plan.Stock.Most > 0 ? plan.Stock.Most : int.MaxValue), Bool(preorders), Day(terms.DayOf(now)), Text(terms.TimeZone), Bool(plan.Stock.Preorders), Bool(wasRead));
        await compare.ExecuteNonQueryAsync(cancel);
    }

    public async Task<List<DueListing>> DueAsync(ConnectionPlan plan, BrandTerms terms, IReadOnlyList<(string Place, string Location)> shelves, int most, DateTimeOffset now, bool preorders, CancellationToken cancel)
    {
        await using var find = database.General.CreateCommand("""
            SELECT d.item, d.place, d.sku, d.sent, d.known, d.told, d.marked, d.attempts, d.calm_until, p.units, d.asks, d.overwrites
            FROM (SELECT * FROM listing WHERE connection = $1 AND due_at <= $2 ORDER BY due_at LIMIT $3) d
            LEFT JOIN LATERAL (SELECT CASE WHEN count(*) = count(n.units) THEN min(n.units / k.units)::int END AS units FROM parts_of(d.brand, $1, d.sku) k
                               CROSS JOIN LATERAL (SELECT CASE WHEN $6 THEN coalesce(preorderable(d.brand, k.sku, array_agg(s.location), sum(greatest(0, p.on_hand - p.reserved - p.safety)), $7, $8, $9), sum(greatest(0, p.on_hand - p.reserved - p.safety)))
                                                     ELSE sum(greatest(0, p.on_hand - p.reserved - p.safety)) END AS units FROM unnest($4::text[], $5::text[]) AS s(place, location)
                                                   JOIN position p ON p.brand = d.brand AND p.sku = k.sku AND p.location = s.location WHERE s.place = d.place) n) p ON true
            """).With(Text(plan.Key), Instant(now), Int(most), Texts(shelves.Select(s => s.Place)), Texts(shelves.Select(s => s.Location)), Bool(preorders), Day(terms.DayOf(now)), Text(terms.TimeZone), Bool(plan.Stock!.Preorders));
        List<DueListing> due = [];
        await using var reader = await find.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
        {
            due.Add(new(new(reader.GetString(0), reader.GetString(1)), reader.GetString(2), Number(3), Number(4), reader.GetBoolean(5), reader.GetInt64(6), reader.GetInt32(7), reader.InstantOrNull(8), Number(9), reader.GetBoolean(10), Number(11)));
        }
        return due;

        int? Number(int column) => reader.IsDBNull(column) ? null : reader.GetInt32(column);
    }

    /// <summary>Writes what came of a turn, and whose product may have sold out or come back, in one transaction. A listing that was marked meanwhile stays due.</summary>
    /// <param name="asked">Before the call: what the channel tells of a later time is newer than its answer, however late that came.</param>
    public async Task SettleAsync(ConnectionPlan plan, List<SettledListing> all, DateTimeOffset asked, DateTimeOffset now, CancellationToken cancel)
    {
        if (all.Count == 0) return;
        all = [.. all.OrderBy(s => s.Of.Id.Item, StringComparer.Ordinal).ThenBy(s => s.Of.Id.Place, StringComparer.Ordinal)];
        await using var write = database.General.CreateBatch();
        write.Add("""
            UPDATE listing l SET sent = CASE WHEN u.has THEN u.units ELSE l.sent END, sent_at = CASE WHEN u.has AND l.sent IS DISTINCT FROM u.units THEN $2 ELSE l.sent_at END,
              known = CASE WHEN u.said AND (l.known_at IS NULL OR l.known_at < $14) THEN u.known ELSE l.known END, known_at = CASE WHEN u.said THEN greatest(l.known_at, $14) ELSE l.known_at END, told = l.told AND NOT u.has,
              word = u.word, word_at = $2, refused = u.refused, asks = u.asks, overwrites = CASE WHEN u.has THEN NULL ELSE l.overwrites END, attempts = CASE WHEN u.has OR u.due IS NULL THEN 0 ELSE l.attempts + 1 END,
              calm_until = CASE WHEN u.calm IS NULL THEN CASE WHEN u.has THEN NULL ELSE l.calm_until END ELSE u.calm END,
              due_at = CASE WHEN l.marked <> u.marked THEN $2 ELSE u.due END, asked_at = CASE WHEN l.marked <> u.marked OR u.due IS NOT NULL THEN l.asked_at END
            FROM unnest($3::text[], $4::text[], $5::int[], $6::int[], $7::boolean[], $8::boolean[], $9::boolean[], $10::text[], $11::timestamptz[], $12::timestamptz[], $13::bigint[], $15::boolean[])
              AS u(item, place, units, known, has, said, refused, word, due, calm, marked, asks)
            WHERE l.connection = $1 AND l.item = u.item AND l.place = u.place
            """, Text(plan.Key), Instant(now), Texts(all.Select(s => s.Of.Id.Item)), Texts(all.Select(s => s.Of.Id.Place)), Ints(all.Select(s => s.Units)), NullableInts(all.Select(s => s.Came.Known)),
            Bools(all.Select(s => s.Came.Sent)), Bools(all.Select(s => s.Said)), Bools(all.Select(s => s.Refused)), Texts(all.Select(s => s.Came.Word)), NullableInstants(all.Select(s => s.Came.Due)),
            NullableInstants(all.Select(s => s.Came.Due is { } d && s.Came.Known < s.Units ? d : (DateTimeOffset?)null)), Longs(all.Select(s => s.Of.Marked)), Instant(asked), Bools(all.Select(s => s.Came.Asks)));
        Showcase.AddMarks(write, plan, all, now);
        await write.ExecuteNonQueryAsync(cancel);
    }

    /// <summary>Keeps what the channel had instead of our number, each with its cause.</summary>
    public async Task DriftedAsync(ConnectionPlan plan, List<SettledListing> all, DateTimeOffset now, CancellationToken cancel)
    {
        if (all.Count == 0) return;
        List<(SettledListing Of, ChannelDrift Drift)> found = [];
        // Sold at one place of the channel and reserved at another of ours: that order explains a lower number, and it is no drift. Index: movement_of, from the newest entry backwards.
        await using (var look = database.General.CreateCommand("""
            SELECT u.ord::int, EXISTS (SELECT 1 FROM meaning x WHERE x.brand = $2 AND x.code = u.sku AND x.at >= l.sent_at),
              EXISTS (SELECT 1 FROM parts_of($2, $1, u.sku) k CROSS JOIN LATERAL (SELECT kind, reserved, at FROM movement WHERE brand = $2 AND sku = k.sku ORDER BY n DESC LIMIT 50) m
                      WHERE m.kind = 'reserved' AND m.reserved = (u.ours - u.theirs) * k.units AND m.at <= l.sent_at AND m.at > l.sent_at - $8::interval)
            FROM unnest($3::text[], $4::text[], $5::text[], $6::int[], $7::int[]) WITH ORDINALITY AS u(item, place, sku, ours, theirs, ord)
            JOIN listing l ON l.connection = $1 AND l.item = u.item AND l.place = u.place
            WHERE theirs > ours OR coalesce((SELECT max(m.at) FROM parts_of($2, $1, u.sku) k CROSS JOIN LATERAL (SELECT at FROM movement m WHERE m.brand = $2 AND m.sku = k.sku AND m.kind = 'reserved' ORDER BY m.n DESC LIMIT 1) m) < l.sent_at, true)
            """).With(Text(plan.Key), Text(plan.Brand), Texts(all.Select(s => s.Of.Id.Item)), Texts(all.Select(s => s.Of.Id.Place)), Texts(all.Select(s => s.Of.Sku)), Ints(all.Select(s => s.Of.Sent!.Value)), Ints(all.Select(s => s.Of.Known!.Value)),
            new() { Value = plan.Stock!.Calm }))
        await using (var reader = await look.ExecuteReaderAsync(cancel))
        {
            while (await reader.ReadAsync(cancel))
            {
                var of = all[reader.GetInt32(0) - 1];
                found.Add((of, new(of.Of.Sent!.Value, of.Of.Known!.Value, of.Of.Told, reader.GetBoolean(1), reader.GetBoolean(2))));
            }
        }
        await using var write = database.General.CreateBatch();
        write.AddDrift(plan, found.Select(f => new FoundDrift(f.Of.Of.Id.Item, f.Of.Of.Id.Place, f.Of.Of.Sku, f.Drift.Ours, f.Drift.Theirs, Drift.Of(f.Drift))), now);
        if (write.BatchCommands.Count > 0) await write.ExecuteNonQueryAsync(cancel);
    }

    /// <summary>What a read of the catalogue showed, as of <paramref name="asOf"/>. A number that we did not expect is given its calm.</summary>
    public async Task<int> SeenAsync(ConnectionPlan plan, List<ListingSeen> seen, DateTimeOffset begun, DateTimeOffset asOf, CancellationToken cancel)
    {
        seen = [.. seen.DistinctBy(s => s.Listing).OrderBy(s => s.Listing.Item, StringComparer.Ordinal).ThenBy(s => s.Listing.Place, StringComparer.Ordinal)];
        await using var write = database.General.CreateCommand("""
            WITH u AS (SELECT * FROM unnest($3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::int[]) AS u(item, place, sku, title, product, units)),
            o AS (SELECT count(*) AS n FROM u JOIN listing l ON l.connection = $1 AND l.item = u.item AND l.place = u.place WHERE l.known_at < $10 AND l.known IS DISTINCT FROM u.units),
            w AS (INSERT INTO listing AS l(connection, item, place, brand, sku, title, product, known, known_at, read_at) SELECT $1, item, place, $2, sku, title, product, units, $10, $9 FROM u
              ON CONFLICT (connection, item, place) DO UPDATE SET sku = excluded.sku, title = excluded.title, product = excluded.product, read_at = excluded.read_at,
                refused = l.refused AND l.known IS NOT DISTINCT FROM excluded.known,
                known = CASE WHEN l.known_at < $10 IS NOT FALSE THEN excluded.known ELSE l.known END, known_at = greatest(l.known_at, $10),
                told = l.told AND NOT (l.known_at < $10 IS NOT FALSE AND l.known IS DISTINCT FROM excluded.known),
                calm_until = CASE WHEN l.sent IS NOT NULL AND l.known_at < $10 AND l.known IS DISTINCT FROM excluded.known THEN $11 ELSE l.calm_until END)
            SELECT n FROM o
            """).With(Text(plan.Key), Text(plan.Brand), Texts(seen.Select(s => s.Listing.Item)), Texts(seen.Select(s => s.Listing.Place)), Texts(seen.Select(s => s.Sku)), Texts(seen.Select(s => s.Title)),
            Texts(seen.Select(s => s.Product)), NullableInts(seen.Select(s => s.Units)), Instant(begun), Instant(asOf), Instant(asOf + plan.Stock!.Calm));
        return (int)(long)(await write.ExecuteScalarAsync(cancel))!;
    }

    /// <summary>True when the catalogue is to be read now; the time of the try is kept.</summary>
    public async Task<bool> BeginReadAsync(string connection, TimeSpan every, DateTimeOffset now, CancellationToken cancel)
    {
        await using var begin = database.General.CreateCommand("""
            INSERT INTO catalogue AS c(connection, begun_at) VALUES ($1, $2) ON CONFLICT (connection) DO UPDATE SET begun_at = $2 WHERE c.begun_at IS NULL OR c.begun_at <= $3 RETURNING 1
            """).With(Text(connection), Instant(now), Instant(now - every));
        return await begin.ExecuteScalarAsync(cancel) is not null;
    }

    /// <summary>A whole read: what it did not show is not there any more.</summary>
    public async Task EndReadAsync(string connection, int listings, int changed, DateTimeOffset begun, DateTimeOffset now, string? error, CancellationToken cancel)
    {
        await using var batch = database.General.CreateBatch();
        batch.Add("UPDATE catalogue SET read_at = CASE WHEN $5::text IS NULL THEN $2 ELSE read_at END, listings = CASE WHEN $5::text IS NULL THEN $3 ELSE listings END, changed = CASE WHEN $5::text IS NULL THEN $4 ELSE changed END, error = $5 WHERE connection = $1",
            Text(connection), Instant(now), Int(listings), Int(changed), Text(error));
        if (error is null && listings > 0) batch.Add("DELETE FROM listing WHERE connection = $1 AND (read_at IS NULL AND coalesce(asked_at, $2) < $2 OR read_at < $2)", Text(connection), Instant(begun));
        await batch.ExecuteNonQueryAsync(cancel);
    }

    /// <summary>Listings whose number the channel will not take, and what it says of some. Index: listing_refused.</summary>
    public async Task<(int Count, IReadOnlyList<string> Some)> RefusedAsync(string connection, CancellationToken cancel)
    {
        await using var find = database.General.CreateCommand("SELECT count(*)::int, (array_agg(sku || ': ' || coalesce(word, 'refused') ORDER BY sku, item, place))[1:5] FROM listing WHERE connection = $1 AND refused").With(Text(connection));
        await using var reader = await find.ExecuteReaderAsync(cancel);
        return await reader.ReadAsync(cancel) && reader.GetInt32(0) is > 0 and var count ? (count, reader.GetFieldValue<string[]>(1)) : (0, []);
    }

    /// <summary>Listings whose number somebody changed at the channel, and of which a person is asked; some of them in words. Index: listing_asks.</summary>
    public async Task<(int Count, IReadOnlyList<string> Some)> AskedAsync(string connection, CancellationToken cancel)
    {
        await using var find = database.General.CreateCommand("SELECT count(*)::int, (array_agg(sku || ': ' || coalesce(known::text, '?') || ' instead of ' || coalesce(sent::text, '?') ORDER BY sku, item, place))[1:5] FROM listing WHERE connection = $1 AND asks").With(Text(connection));
        await using var reader = await find.ExecuteReaderAsync(cancel);
        return await reader.ReadAsync(cancel) && reader.GetInt32(0) is > 0 and var count ? (count, reader.GetFieldValue<string[]>(1)) : (0, []);
    }

    /// <summary>When the catalogue was read as a whole last, and why the newest try failed.</summary>
    public async Task<(DateTimeOffset? At, string? Error)> LastReadAsync(string connection, CancellationToken cancel)
    {
        await using var find = database.General.CreateCommand("SELECT read_at, error FROM catalogue WHERE connection = $1").With(Text(connection));
        await using var reader = await find.ExecuteReaderAsync(cancel);
        return await reader.ReadAsync(cancel) ? (reader.InstantOrNull(0), reader.TextOrNull(1)) : (null, null);
    }

    /// <summary>Since when the listing that waits longest is behind; null when none is.</summary>
    public async Task<DateTimeOffset?> BehindSinceAsync(string connection, CancellationToken cancel)
    {
        await using var find = database.General.CreateCommand("SELECT min(asked_at) FROM listing WHERE connection = $1 AND due_at IS NOT NULL AND (calm_until IS NULL OR calm_until < now())").With(Text(connection));
        return await find.ExecuteScalarAsync(cancel) is DateTime at ? new DateTimeOffset(at, TimeSpan.Zero) : null;
    }
}
