using Npgsql;
using Quartermaster.Core.Customers;
using Quartermaster.Runtime.Partitions;
using static Quartermaster.Runtime.Columns;

namespace Quartermaster.Runtime.Customers;

/// <summary>Keeps who may not be written to, and every word about it as proof, in the transaction that decides it. A batch that hears nothing of contacts writes nothing.</summary>
internal static class ContactRows
{
    /// <param name="closed">Gets the brands of which somebody may not be written to.</param>
    public static void AddWrites(NpgsqlBatch batch, HubPlan plan, BatchDecision decided, HashSet<string> closed)
    {
        List<Word>? words = null;
        List<(string Brand, string Channel, string Address, DateTimeOffset Since)>? rests = null;
        HashSet<StreamEntry>? asked = null;
        foreach (var d in decided.Decisions)
        {
            if (d.Stream.State is not Contact) continue;
            foreach (var e in d.Events)
            {
                if (Of(d, (ContactEvent)e) is { } word) (words ??= []).Add(word);
                else if (e is ContactEvent.Rests r && ContactPoint.Parse(d.Stream.Id.Id) is { } point) (rests ??= []).Add((d.Stream.Id.Brand, r.Channel, point.Address, r.At));
                if (e is ContactEvent.Preferred) (asked ??= []).Add(d.Stream);
            }
        }
        if (rests is not null) AddRests(batch, rests);
        if (asked is not null) AddPreferences(batch, asked);
        if (words is null) return;
        AddProof(batch, words);
        AddStandings(batch, words, closed);
        if (plan.ProfileTools.Count > 0) ProfileRows.AddMarks(batch, plan, words.Select(w => w.Of.Id));
    }

    private static Word? Of(OpenDecision d, ContactEvent e)
    {
        if (ContactPoint.Parse(d.Stream.Id.Id) is not { } point) return null;
        return e switch
        {
            ContactEvent.Closed c => new(d.Stream, c.Channel, point.Address, d.Cause.Seq, NameOf(c.Cause), NameOf(c.What), c.Why, c.By, c.At),
            ContactEvent.Consented c => new(d.Stream, c.Channel, point.Address, d.Cause.Seq, ConsentWords.OptedIn, null, c.How, null, c.At),
            ContactEvent.Lifted l => new(d.Stream, l.Channel, point.Address, d.Cause.Seq, ConsentWords.Lifted, null, l.Reason, l.By, l.At),
            _ => null,
        };
    }

    // By primary key, in its order.
    private static void AddRests(NpgsqlBatch batch, List<(string Brand, string Channel, string Address, DateTimeOffset Since)> rests)
    {
        var newest = rests.GroupBy(r => (r.Brand, r.Channel, r.Address), r => r.Since).OrderBy(r => r.Key).ToList();
        batch.Add("""
            INSERT INTO marketing_rest(brand, channel, address, since) SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::timestamptz[])
            ON CONFLICT (brand, channel, address) DO UPDATE SET since = greatest(marketing_rest.since, excluded.since)
            """, Texts(newest.Select(r => r.Key.Brand)), Texts(newest.Select(r => r.Key.Channel)), Texts(newest.Select(r => r.Key.Address)), Instants(newest.Select(r => r.Max())));
    }

    // A signal says one thing about one channel, so its number is the key; decided again, it says the same.
    private static void AddProof(NpgsqlBatch batch, List<Word> words) => batch.Add("""
        INSERT INTO consent(brand, channel, address, seq, word, what, why, by_whom, at)
        SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::text[], $6::text[], $7::text[], $8::text[], $9::timestamptz[]) ON CONFLICT DO NOTHING
        """,
        Texts(words.Select(w => w.Of.Id.Brand)), Texts(words.Select(w => w.Channel)), Texts(words.Select(w => w.Address)), Longs(words.Select(w => w.Seq)), Texts(words.Select(w => w.Said)),
        Texts(words.Select(w => w.What)), Texts(words.Select(w => w.Why)), Texts(words.Select(w => w.By)), Instants(words.Select(w => w.At)));

    // By primary key, in its order. What a channel's strongest reason is comes from the state, so that a row can never differ from it for good.
    private static void AddStandings(NpgsqlBatch batch, List<Word> words, HashSet<string> closed)
    {
        List<(string Brand, string Channel, string Address, No? No)> rows = [];
        foreach (var (of, channel, address) in words.Select(w => (w.Of, w.Channel, w.Address)).Distinct())
            rows.Add((of.Id.Brand, channel, address, ((Contact)of.State).At(channel).Strongest));
        rows = [.. rows.OrderBy(r => (r.Brand, r.Channel, r.Address))];
        batch.Add("DELETE FROM suppressed s USING unnest($1::text[], $2::text[], $3::text[]) AS u(brand, channel, address) WHERE s.brand = u.brand AND s.channel = u.channel AND s.address = u.address",
            Texts(rows.Select(r => r.Brand)), Texts(rows.Select(r => r.Channel)), Texts(rows.Select(r => r.Address)));
        var stopped = rows.Where(r => r.No is not null).ToList();
        if (stopped.Count == 0) return;
        foreach (var row in stopped) closed.Add(row.Brand);
        batch.Add("INSERT INTO suppressed(brand, channel, address, what, why, since) SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::timestamptz[])",
            Texts(stopped.Select(r => r.Brand)), Texts(stopped.Select(r => r.Channel)), Texts(stopped.Select(r => r.Address)),
            Texts(stopped.Select(r => NameOf(r.No!.What))), Texts(stopped.Select(r => r.No!.Why)), Instants(stopped.Select(r => r.No!.At)));
    }

    // By primary key, in its order.
    private static void AddPreferences(NpgsqlBatch batch, IEnumerable<StreamEntry> of)
    {
        List<(string Brand, string Address, Preference Said)> rows = [];
        foreach (var stream in of)
            if (ContactPoint.Parse(stream.Id.Id) is { } point && ((Contact)stream.State).Prefers is { } said) rows.Add((stream.Id.Brand, point.Address, said));
        rows = [.. rows.OrderBy(r => (r.Brand, r.Address))];
        batch.Add("""
            INSERT INTO preference(brand, address, channel, said_at) SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::timestamptz[])
            ON CONFLICT (brand, address) DO UPDATE SET channel = excluded.channel, said_at = excluded.said_at, changed_at = clock_timestamp()
            """, Texts(rows.Select(r => r.Brand)), Texts(rows.Select(r => r.Address)), Texts(rows.Select(r => r.Said.Channel ?? "")), Instants(rows.Select(r => r.Said.At)));
    }

    private static string NameOf(Extent what) => what == Extent.All ? "all" : "marketing";

    private static string NameOf(Cause cause) => cause switch
    {
        Cause.OptOut => ConsentWords.OptedOut,
        Cause.Bounce => ConsentWords.Bounced,
        Cause.Complaint => ConsentWords.Complained,
        _ => ConsentWords.ByPerson,
    };

    private sealed record Word(StreamEntry Of, string Channel, string Address, long Seq, string Said, string? What, string Why, string? By, DateTimeOffset At);
}

/// <summary>Words of the column <c>consent.word</c>.</summary>
public static class ConsentWords
{
    public const string OptedIn = "opted_in", Lifted = "lifted", OptedOut = "opt_out", Bounced = "bounce", Complained = "complaint", ByPerson = "person";
}
