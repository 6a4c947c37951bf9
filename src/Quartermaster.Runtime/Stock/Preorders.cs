using Npgsql;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Stock;
using Quartermaster.Runtime.Switches;
using static Quartermaster.Runtime.Columns;

namespace Quartermaster.Runtime.Stock;

/// <summary>An order that nothing was reserved for, and what it is told.</summary>
internal sealed record Denied(string Brand, string Stream, StockRequest.Reserve Ask, StockSignal.ReserveDenied Answer, Action<StockSignal.ReserveDenied> Tell);

/// <summary>Says of orders that got nothing whether goods on their way are theirs, and when, inside one batch's transaction.</summary>
/// <remarks>
/// Asked under the rows' locks that the reservation took. Whoever joins a queue or changes how much is expected holds them too until it commits, so the
/// queue and the goods are those of this moment (a new day of theirs may be a batch late); what this batch itself adds to a queue is counted from memory.
/// </remarks>
internal sealed class Preorders(HubPlan plan, Switchboard switches, NpgsqlConnection connection, NpgsqlTransaction transaction)
{
    // Units by order that this batch joined a queue with; 0 = it left.
    private readonly Dictionary<(string Brand, string Sku, string Stream), int> _claims = [];

    // What was last told to those that this batch gave nothing.
    private readonly Dictionary<(string Brand, string Stream), bool> _promised = [];

    public bool WasPromised(string brand, string stream) => _promised.GetValueOrDefault((brand, stream));

    public bool Takes(string brand) => switches.TakesPreorders(brand);

    public void Note(string brand, string stream, StockRequest.Wait wait)
    {
        for (var i = 0; i < wait.Skus.Count; i++) _claims[(brand, wait.Skus[i], stream)] = wait.Units?[i] ?? 0;
    }

    /// <summary>Adds what the desk must know to keep for pre-orders what they were promised: the queues in which one stands, and what is on its way.</summary>
    // Indexes: waiting_promised, waiting_pkey, purchase_line_sku.
    public static void AddQueues(NpgsqlBatch batch, IReadOnlyCollection<(string Brand, string Sku)> skus)
    {
        const string Promised = "FROM unnest($1::text[], $2::text[]) AS u(brand, sku) WHERE EXISTS (SELECT 1 FROM waiting x WHERE x.brand = u.brand AND x.sku = u.sku AND x.promised)";
        batch.Add($"SELECT w.brand, w.sku, w.stream, w.units, w.promised FROM (SELECT u.brand, u.sku {Promised}) q JOIN waiting w USING (brand, sku) ORDER BY w.brand, w.sku, w.since, w.stream", Texts(skus.Select(s => s.Brand)), Texts(skus.Select(s => s.Sku)));
        batch.Add($"SELECT u.brand, u.sku, (SELECT coalesce(sum(l.missing), 0) FROM purchase_line l WHERE l.brand = u.brand AND l.sku = u.sku AND l.missing > 0) {Promised}", Texts(skus.Select(s => s.Brand)), Texts(skus.Select(s => s.Sku)));
    }

    /// <param name="free">Units of a brand's SKU that may be promised now.</param>
    public async Task PromiseAsync(List<Denied> denied, Func<string, string, long> free, DateTimeOffset now, CancellationToken cancel)
    {
        if (denied.Count == 0) return;
        var skus = denied.SelectMany(d => d.Answer.Short.Select(sku => (d.Brand, Sku: sku))).Distinct().ToList();
        var open = await ReadAsync(skus, denied, now, cancel);
        foreach (var one in denied)
        {
            DateTimeOffset? expected = DateTimeOffset.MinValue;
            foreach (var sku in one.Answer.Short)
            {
                var units = one.Ask.Lines.Where(l => l.Sku == sku).Sum(l => l.Quantity);
                var when = open.TryGetValue((one.Brand, sku), out var queue) ? When(one, sku, units, queue, free(one.Brand, sku)) : null;
                expected = when is null || expected is null ? null : when > expected ? when : expected;
                _claims[(one.Brand, sku, one.Stream)] = units;
            }
            _promised[(one.Brand, one.Stream)] = expected > DateTimeOffset.MinValue;
            // All of it is there and no location has all: that is no pre-order.
            if (expected > DateTimeOffset.MinValue) one.Tell(one.Answer with { Expected = expected });
        }
    }

    private DateTimeOffset? When(Denied one, string sku, int units, Queue queue, long free)
    {
        var before = queue.Waiting;
        foreach (var (key, claimed) in _claims)
            if (key.Brand == one.Brand && key.Sku == sku && key.Stream != one.Stream) before += claimed;
        var expected = Promise.When(free, queue.Coming, before, units);
        return expected > DateTimeOffset.MinValue && queue.Most is { } most && before + units - free > most ? null : expected;
    }

    // Indexes: sold_out_terms_pkey, waiting_pkey, purchase_line_sku. No lock beyond those of the positions.
    private async Task<Dictionary<(string Brand, string Sku), Queue>> ReadAsync(List<(string Brand, string Sku)> skus, List<Denied> denied, DateTimeOffset now, CancellationToken cancel)
    {
        var ours = _claims.Keys.Concat(denied.SelectMany(d => d.Answer.Short.Select(sku => (d.Brand, Sku: sku, d.Stream)))).Distinct().ToList();
        await using var read = new NpgsqlCommand("""
            SELECT t.brand, t.sku, t.preorder_by, t.preorder_most,
              (SELECT coalesce(sum(w.units), 0) FROM waiting w WHERE w.brand = t.brand AND w.sku = t.sku AND NOT EXISTS (SELECT 1 FROM unnest($3::text[], $4::text[], $5::text[]) o(brand, sku, stream) WHERE o.brand = w.brand AND o.sku = w.sku AND o.stream = w.stream)),
              c.units, c.at
            FROM unnest($1::text[], $2::text[]) AS u(brand, sku) JOIN sold_out_terms t USING (brand, sku)
            CROSS JOIN LATERAL (SELECT coalesce(array_agg(l.missing ORDER BY p.expected_at, p.id), '{}') AS units, coalesce(array_agg(p.expected_at ORDER BY p.expected_at, p.id), '{}') AS at
              FROM purchase_line l JOIN purchase p ON p.brand = l.brand AND p.id = l.purchase WHERE l.brand = t.brand AND l.sku = t.sku AND l.missing > 0) c
            WHERE t.preorder
            """, connection, transaction);
        read.With(Texts(skus.Select(s => s.Brand)), Texts(skus.Select(s => s.Sku)), Texts(ours.Select(o => o.Brand)), Texts(ours.Select(o => o.Sku)), Texts(ours.Select(o => o.Stream)));
        Dictionary<(string, string), Queue> found = [];
        await using var reader = await read.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
        {
            var terms = plan.Brands[reader.GetString(0)].Terms;
            var by = reader.IsDBNull(2) ? (DateOnly?)null : reader.GetFieldValue<DateOnly>(2);
            if (by < terms.DayOf(now)) continue;
            var (units, at) = (reader.GetFieldValue<int[]>(5), reader.GetFieldValue<DateTime[]>(6));
            var coming = units.Select((u, i) => new Coming(u, new DateTimeOffset(at[i], TimeSpan.Zero))).Where(c => by is null || terms.DayOf(c.At) <= by).ToList();
            found[(reader.GetString(0), reader.GetString(1))] = new(reader.GetInt64(4), coming, reader.IsDBNull(3) ? null : reader.GetInt32(3));
        }
        return found;
    }

    private sealed record Queue(long Waiting, IReadOnlyList<Coming> Coming, int? Most);
}
