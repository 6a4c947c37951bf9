using Npgsql;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Orders;
using Quartermaster.Runtime.Partitions;
using static Quartermaster.Runtime.Columns;

namespace Quartermaster.Runtime.Risk;

/// <summary>Says in one batch's transaction what is known of buyers, for all orders of the batch at once. Only brands that score orders ask.</summary>
/// <remarks>
/// Read without a lock from what searches use anyway, so nothing is kept for it. Orders that another worker decides at this very moment are not seen;
/// those of this batch are.
/// </remarks>
internal sealed class BuyerRoom(UsualOrders usual, TraitRoom traits, NpgsqlConnection connection, NpgsqlTransaction transaction)
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
            one.Decision.Signals.AddFirst(new OrderSignal.HistoryRead(known with { Usual = usual.Of(one.Brand, one.Ask.Currency), Shared = shared?.GetValueOrDefault(one) }));
            if (!one.IsNew) continue;
            // It may ask twice in one batch, when what it says of itself changed; it is one order all the same.
            _new.RemoveAll(n => n.Brand == one.Brand && n.Stream == one.Stream);
            _new.Add(one);
        }
    }

    private async Task<Dictionary<int, BuyerHistory>> ReadAsync(List<Asking> asking, DateTimeOffset now, CancellationToken cancel)
    {
        // Indexes: lookup_pkey backwards, the newest orders of a term; stream_pkey and open_case_pkey, one probe for each of them.
        await using var read = new NpgsqlCommand("""
            SELECT u.n, count(*) FILTER (WHERE o.status <> 'cancelled')::int, count(*) FILTER (WHERE o.placed_at >= $6)::int,
              count(*) FILTER (WHERE o.status IN ('delivered', 'closed') AND NOT o.back)::int, count(*) FILTER (WHERE o.back)::int
            FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::timestamptz[]) WITH ORDINALITY AS u(brand, stream, email, phone, since, n)
            CROSS JOIN LATERAL (
              (SELECT stream FROM lookup WHERE brand = u.brand AND term = u.email AND stream <> u.stream ORDER BY brand, term, stream DESC LIMIT $7)
              UNION (SELECT stream FROM lookup WHERE brand = u.brand AND term = u.phone AND stream <> u.stream ORDER BY brand, term, stream DESC LIMIT $7)) l
            CROSS JOIN LATERAL (
              SELECT s.status, s.placed_at, s.status = 'returned' OR EXISTS (SELECT 1 FROM open_case c WHERE c.brand = u.brand AND c.stream = l.stream AND c.kind = 'shipping.returned_to_origin') AS back
              FROM stream s WHERE s.brand = u.brand AND s.stream = l.stream AND s.placed_at >= u.since OFFSET 0) o
            GROUP BY u.n
            """, connection, transaction);
        read.With(Texts(asking.Select(a => a.Brand)), Texts(asking.Select(a => a.Stream)), Texts(asking.Select(a => a.Ask.Email)), Texts(asking.Select(a => a.Ask.Phone)),
            Instants(asking.Select(a => now.AddDays(-a.Ask.Days))), Instant(now - Lately), Int(MostOrders));
        Dictionary<int, BuyerHistory> found = [];
        await using var reader = await read.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel)) found[(int)reader.GetInt64(0) - 1] = new(reader.GetInt32(1), reader.GetInt32(2), reader.GetInt32(3), reader.GetInt32(4));
        return found;
    }

    private sealed record Asking(OpenDecision Decision, OrderRequest.ReadHistory Ask)
    {
        public string Brand => Decision.Stream.Id.Brand;

        public string Stream => Decision.Stream.Id.Key;

        /// <summary>Nothing of it is stored yet, so no query finds it.</summary>
        public bool IsNew => ReferenceEquals(Decision.Stream.Stored, Decision.Stream.Kind.Empty);

        public bool IsBuyerOf(Asking other) =>
            Brand == other.Brand && Stream != other.Stream && ((Ask.Email is not null && Ask.Email == other.Ask.Email) || (Ask.Phone is not null && Ask.Phone == other.Ask.Phone));
    }
}
