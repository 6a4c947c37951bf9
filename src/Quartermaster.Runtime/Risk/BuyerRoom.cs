using Npgsql;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Orders;
using Quartermaster.Runtime.Partitions;
using Quartermaster.Runtime.Routing;
using static Quartermaster.Runtime.Columns;

namespace Quartermaster.Runtime.Risk;

/// <summary>Says in one batch's transaction what is known of buyers, for all orders of the batch at once. Only brands that score orders ask.</summary>
/// <remarks>
/// Read without a lock from what searches use anyway, so nothing is kept for it. Orders that another worker decides at this very moment are not seen;
/// those of this batch are.
/// </remarks>
internal sealed class BuyerRoom(UsualOrders usual, KnowledgeShelf knowledge, TraitRoom traits, NpgsqlConnection connection, NpgsqlTransaction transaction)
{
    // A phone number of a marketplace may stand in a hundred thousand orders.
    private const int MostOrders = 50;

    private static readonly TimeSpan Lately = TimeSpan.FromHours(24);

    private readonly List<Asking> _new = [];

    public async Task AnswerAsync(List<(OpenDecision Decision, Request Request)> asked, DateTimeOffset now, CancellationToken cancel)
    {
        List<Asking>? asking = null;
        foreach (var (decision, request) in asked)
            if (request is OrderRequest.ReadHistory ask) (asking ??= []).Add(new(decision, ask));
        if (asking is null) return;
        var found = await ReadAsync(asking, now, cancel);
        var tracing = asking.FindAll(a => a.Ask.Traced is not null);
        var shared = tracing.Count == 0 ? null : tracing.Zip(await traits.AnswerAsync(tracing.ConvertAll(a => (a.Decision.Stream.Id, a.Ask)), cancel)).ToDictionary(t => t.First, t => t.Second);
        for (var i = 0; i < asking.Count; i++)
        {
            var one = asking[i];
            var known = found.GetValueOrDefault(i, BuyerHistory.None);
            foreach (var other in _new)
                if (other.IsBuyerOf(one)) known = known with { Orders = known.Orders + 1, Lately = known.Lately + 1 };
            one.Decision.Signals.AddFirst(new OrderSignal.HistoryRead(known with
            {
                Usual = usual.Of(one.Brand, one.Ask.Currency),
                Shared = shared?.GetValueOrDefault(one),
                There = one.Ask.To is { } to ? knowledge.Of(one.Brand)?.Returns.There(to.OnDelivery, to.Country, to.PostalCode) : null,
            }));
            if (!one.IsNew) continue;
            // It may ask twice in one batch, when what it says of itself changed; it is one order all the same.
            _new.RemoveAll(n => n.Brand == one.Brand && n.Stream == one.Stream);
            _new.Add(one);
        }
    }

    private async Task<Dictionary<int, BuyerHistory>> ReadAsync(List<Asking> asking, DateTimeOffset now, CancellationToken cancel)
    {
        var terms = asking.SelectMany((a, n) => a.Terms.Select(term => (N: n, Asking: a, Term: term))).ToList();
        // Indexes: lookup_pkey backwards, the newest orders of a term; stream_pkey and open_case_pkey, one probe for each of them.
        await using var read = new NpgsqlCommand("""
            SELECT l.n, count(*) FILTER (WHERE o.status <> 'cancelled')::int, count(*) FILTER (WHERE o.placed_at >= $7)::int, count(*) FILTER (WHERE o.stayed)::int, count(*) FILTER (WHERE o.back)::int,
              count(*) FILTER (WHERE o.stayed AND o.currency = l.currency)::int, avg(o.total) FILTER (WHERE o.stayed AND o.currency = l.currency)
            FROM (SELECT DISTINCT u.n, u.brand, u.since, u.currency, x.stream
              FROM unnest($1::int[], $2::text[], $3::text[], $4::text[], $5::timestamptz[], $6::text[]) AS u(n, brand, stream, term, since, currency)
              CROSS JOIN LATERAL (SELECT stream FROM lookup WHERE brand = u.brand AND term = u.term AND stream <> u.stream ORDER BY brand, term, stream DESC LIMIT $8) x) l
            CROSS JOIN LATERAL (
              SELECT s.status, s.placed_at, s.total, s.currency, b.back, s.status IN ('delivered', 'closed') AND NOT b.back AS stayed
              FROM stream s CROSS JOIN LATERAL (SELECT s.status = 'returned' OR EXISTS (SELECT 1 FROM open_case c WHERE c.brand = l.brand AND c.stream = l.stream AND c.kind = 'shipping.returned_to_origin') AS back) b
              WHERE s.brand = l.brand AND s.stream = l.stream AND s.placed_at >= l.since OFFSET 0) o
            GROUP BY l.n
            """, connection, transaction);
        read.With(Ints(terms.Select(t => t.N)), Texts(terms.Select(t => t.Asking.Brand)), Texts(terms.Select(t => t.Asking.Stream)), Texts(terms.Select(t => t.Term)),
            Instants(terms.Select(t => now.AddDays(-t.Asking.Ask.Days))), Texts(terms.Select(t => t.Asking.Ask.Currency)), Instant(now - Lately), Int(MostOrders));
        Dictionary<int, BuyerHistory> found = [];
        await using var reader = await read.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
            found[reader.GetInt32(0)] = new(reader.GetInt32(1), reader.GetInt32(2), reader.GetInt32(3), reader.GetInt32(4),
                Own: reader.GetInt32(5) is >= OwnOrders.Fewest and var orders ? new(decimal.Round(reader.GetDecimal(6), 2), orders) : null);
        return found;
    }

    private sealed record Asking(OpenDecision Decision, OrderRequest.ReadHistory Ask)
    {
        public string Brand => Decision.Stream.Id.Brand;

        public string Stream => Decision.Stream.Id.Key;

        /// <summary>However the address is written; null when the order names none.</summary>
        public string? Mailbox { get; } = Ask.Email is null ? null : Core.Orders.Mailbox.Of(Ask.Email);

        /// <summary>Under what the buyer's other orders are found: those of the same mailbox stand under their own address, or under its term.</summary>
        public IEnumerable<string> Terms => new[] { Ask.Email, Mailbox, Mailbox is null ? null : Core.Orders.Mailbox.TermOf(Mailbox), Ask.Phone }.OfType<string>().Distinct();

        /// <summary>Nothing of it is stored yet, so no query finds it.</summary>
        public bool IsNew => ReferenceEquals(Decision.Stream.Stored, Decision.Stream.Kind.Empty);

        public bool IsBuyerOf(Asking other) =>
            Brand == other.Brand && Stream != other.Stream && ((Mailbox is not null && Mailbox == other.Mailbox) || (Ask.Phone is not null && Ask.Phone == other.Ask.Phone));
    }
}
