using Npgsql;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Orders;
using static Quartermaster.Runtime.Columns;

namespace Quartermaster.Runtime.Risk;

/// <summary>Finds, in one batch's transaction, the orders that share a device, a card, a network or an e-mail address, and writes down those of the batch. Only brands that count them come here.</summary>
/// <remarks>
/// Orders of this batch see each other; what another worker decides at this very moment is not seen. A row is an order's for good, under the time at which it
/// was placed, so that an order that is scored again is still one.
/// </remarks>
internal sealed class TraitRoom(HubPlan plan, TraitHash hash, NpgsqlConnection connection, NpgsqlTransaction transaction)
{
    // Beyond that it is a call centre's network or a test shop's card, and more tells no more.
    private const int MostRows = 200;

    private readonly Dictionary<(string Brand, string Hash), List<Sighting>> _new = [];

    /// <summary>For each order, in order: what others have in common with it, by kind and window; null where nothing.</summary>
    public async Task<IReadOnlyList<IReadOnlyList<SharedTrait>?>> AnswerAsync(IReadOnlyList<(StreamId Of, OrderRequest.ReadHistory Ask)> asked, CancellationToken cancel)
    {
        var wanted = asked.Select(a => Sightings(a.Of, a.Ask)).ToList();
        var known = await ReadAsync([.. wanted.SelectMany(w => w)], cancel);
        var answers = new List<IReadOnlyList<SharedTrait>?>(asked.Count);
        for (var i = 0; i < asked.Count; i++)
        {
            answers.Add(Shared(wanted[i], known, plan.Brands[asked[i].Of.Brand].Terms.Risk!.Velocity));
            foreach (var sighting in wanted[i])
            {
                if (!_new.TryGetValue(sighting.Trait, out var seen)) _new[sighting.Trait] = seen = [];
                // It may be scored twice in one batch, and is one order all the same.
                if (!seen.Exists(s => s.Stream == sighting.Stream)) seen.Add(sighting);
            }
        }
        return answers;
    }

    /// <summary>One row per order and trait; an order that is scored again has its rows already.</summary>
    public void AddWrites(NpgsqlBatch batch)
    {
        if (_new.Count == 0) return;
        var rows = _new.Values.SelectMany(s => s).ToList();
        // The rows of an order are written by whoever holds its partition: nobody waits for anybody.
        batch.Add("""
            INSERT INTO trait(brand, trait, at, stream, name, email, place) SELECT * FROM unnest($1::text[], $2::text[], $3::timestamptz[], $4::text[], $5::bigint[], $6::bigint[], $7::bigint[])
            ON CONFLICT DO NOTHING
            """,
            Texts(rows.Select(r => r.Brand)), Texts(rows.Select(r => r.Hash)), Instants(rows.Select(r => r.At)), Texts(rows.Select(r => r.Stream)), Longs(rows.Select(r => r.Name)), Longs(rows.Select(r => r.Email)), Longs(rows.Select(r => r.Place)));
    }

    private List<Sighting> Sightings(StreamId of, OrderRequest.ReadHistory ask)
    {
        if (ask.Traced is not { } traced || hash.Of(of.Brand) is not { } hashed) return [];
        var (name, email, place) = (hash.NumberOf(of.Brand, "name", traced.Name), hash.NumberOf(of.Brand, "email", traced.Mailbox ?? ""), hash.NumberOf(of.Brand, "place", traced.Place));
        List<Sighting> sightings = [.. traced.Traits.Select(t => Of(t.Kind, t.Hash))];
        if (traced.Mailbox is { } mailbox) sightings.Add(Of(TraitKind.Email, hashed($"{TraitKind.Email}|{mailbox}")));
        return sightings;

        Sighting Of(TraitKind kind, string trait) => new(of.Brand, trait, traced.PlacedAt.ToUniversalTime(), of.Key, name, email, place, kind);
    }

    private async Task<ILookup<(string Brand, string Hash), Sighting>> ReadAsync(List<Sighting> wanted, CancellationToken cancel)
    {
        if (wanted.Count == 0) return Array.Empty<Sighting>().ToLookup(s => s.Trait);
        var keep = wanted.Select(w => plan.Brands[w.Brand].Terms.Risk!.KeepTraits).ToList();
        // Index: trait_pkey backwards, a short run for each trait.
        await using var read = new NpgsqlCommand("""
            SELECT u.brand, u.trait, t.at, t.stream, t.name, t.email, t.place FROM (SELECT DISTINCT brand, trait, since, until FROM unnest($1::text[], $2::text[], $3::timestamptz[], $4::timestamptz[]) AS x(brand, trait, since, until)) u
            CROSS JOIN LATERAL (SELECT * FROM trait r WHERE r.brand = u.brand AND r.trait = u.trait AND r.at > u.since AND r.at < u.until ORDER BY r.at DESC LIMIT $5) t
            """, connection, transaction).With(Texts(wanted.Select(w => w.Brand)), Texts(wanted.Select(w => w.Hash)), Instants(wanted.Select((w, i) => w.At - keep[i])), Instants(wanted.Select((w, i) => w.At + keep[i])), Int(MostRows));
        List<Sighting> rows = [];
        await using var reader = await read.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
            rows.Add(new(reader.GetString(0), reader.GetString(1), reader.Instant(2), reader.GetString(3), reader.GetInt64(4), reader.GetInt64(5), reader.GetInt64(6), default));
        return rows.ToLookup(r => r.Trait);
    }

    private List<SharedTrait>? Shared(List<Sighting> own, ILookup<(string Brand, string Hash), Sighting> known, IReadOnlyList<VelocityLine> lines)
    {
        List<SharedTrait>? shared = null;
        foreach (var kind in own.GroupBy(o => o.Kind))
            foreach (var line in lines)
            {
                // Of two devices or cards of one order the one that more others share.
                SharedTrait? most = null;
                foreach (var mine in kind)
                {
                    var others = known[mine.Trait].Concat(_new.GetValueOrDefault(mine.Trait) ?? [])
                        .Where(o => o.Stream != mine.Stream && (o.At - mine.At).Duration() < line.Within).DistinctBy(o => o.Stream).ToList();
                    if (others.Count > (most?.Orders ?? 0)) most = new(kind.Key, line.Within, others.Count, Different(others, o => o.Name, mine), Different(others, o => o.Email, mine), Different(others, o => o.Place, mine));
                }
                if (most is not null) (shared ??= []).Add(most);
            }
        return shared;
    }

    private static int Different(List<Sighting> others, Func<Sighting, long> what, Sighting mine) => others.Select(what).Where(w => w != 0 && w != what(mine)).Distinct().Count();

    /// <summary>One order with one trait.</summary>
    private sealed record Sighting(string Brand, string Hash, DateTimeOffset At, string Stream, long Name, long Email, long Place, TraitKind Kind)
    {
        public (string Brand, string Hash) Trait => (Brand, Hash);
    }
}
