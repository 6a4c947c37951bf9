using Npgsql;
using NpgsqlTypes;
using Quartermaster.Core;
using Quartermaster.Core.Flows;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Orders;
using Quartermaster.Core.Stock;
using Quartermaster.Runtime;

namespace Quartermaster.Tests.Dashboard;

/// <summary>Puts orders into the database the way the machine leaves them there, by asking the real deciders.</summary>
internal sealed class Seed(NpgsqlDataSource database, HubPlan plan)
{
    private static readonly OrderStream Orders = new();

    private readonly Dictionary<StreamId, (object State, int Version)> _states = [];
    private long _seq = 1000;
    private long _effect = 5000;

    public DateTimeOffset Now { get; set; } = DateTimeOffset.UtcNow.AddHours(-3);

    public static OrderFacts Facts(string number, string channel = "aurora-shopify", string name = "Mara Lind", string title = "Rain jacket, blue", string currency = "EUR", string sku = "JKT-BLUE-M",
        bool paid = true, DateTimeOffset? at = null, bool address = true, string country = "DE", int quantity = 1, decimal price = 129.00m) => new()
        {
            ExternalId = number.TrimStart('#') + "00000000001", Number = number, Channel = channel, PlacedAt = at ?? DateTimeOffset.UtcNow.AddHours(-3), UpdatedAt = at ?? DateTimeOffset.UtcNow.AddHours(-3),
            Currency = currency, Total = price * quantity + 4.90m, Shipping = 4.90m, Tax = 21.38m, TaxesIncluded = true,
            Buyer = new("77", name, "mara@example.com", "+4915112345678", "de-DE"),
            ShipTo = address ? new(name, null, "Lindenweg 4", null, "Berlin", null, "10115", country, "+4915112345678") : null,
            Lines = [new() { LineId = "1", Sku = sku, Title = title, Quantity = quantity, UnitPrice = price, Tax = 20.60m }],
            Payment = new(paid ? PaymentState.Paid : PaymentState.Pending, PaymentMethod.Prepaid, "shopify_payments", paid ? price * quantity + 4.90m : 0),
        };

    public Task<StreamId> PlaceAsync(OrderFacts facts, string brand = "aurora", bool inStock = true) => PlaceAsync(facts, new StreamId(brand, "order", facts.ExternalId), inStock);

    public async Task<StreamId> PlaceAsync(OrderFacts facts, StreamId order, bool inStock)
    {
        Now = facts.PlacedAt;
        await SayAsync(order, new OrderSignal.Reported(facts, "orders/create"), facts.Channel, inStock);
        return order;
    }

    /// <summary>One signal and everything that the deciders conclude from it, rows included.</summary>
    public async Task<Turn> SayAsync(StreamId stream, Signal signal, string source, bool inStock = true, string effects = "done")
    {
        var terms = plan.Brands[stream.Brand].Terms;
        var (state, version) = _states.GetValueOrDefault(stream, (Orders.Empty, 0));
        var before = Orders.Row(stream, state)?.Status;
        var turn = Orders.Decide(state, signal, new(stream, Now, terms));
        Queue<Request> asked = new(turn.Requests);
        while (asked.TryDequeue(out var request))
        {
            // Every code is a SKU of ours here.
            Signal? answer = request is OrderRequest.ReadCodes codes ? new OrderSignal.CodesRead(codes.Lines, []) : request is OrderRequest.ReadHistory ? new OrderSignal.HistoryRead(BuyerHistory.None) : request is StockRequest.Reserve reserve ? Answer(reserve, terms, inStock) : null;
            if (answer is null) continue;
            var more = Orders.Decide(turn.State, answer, new(stream, Now, terms));
            foreach (var next in more.Requests) asked.Enqueue(next);
            turn = more with { Events = [.. turn.Events, .. more.Events], Effects = [.. turn.Effects, .. more.Effects], Cases = [.. turn.Cases, .. more.Cases], Note = $"{turn.Note} {more.Note}".Trim() };
        }

        _states[stream] = (turn.State, version + 1);
        await WriteAsync(stream, signal, source, turn, version + 1, before, effects);
        Now = Now.AddSeconds(7);
        return turn;
    }

    public async Task SqlAsync(string sql, params object[] values)
    {
        await using var command = database.CreateCommand(sql);
        foreach (var value in values) command.Parameters.Add(new() { Value = value });
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    private static Signal Answer(StockRequest.Reserve reserve, BrandTerms terms, bool inStock)
    {
        var candidates = terms.Locations.Select((l, i) => new Candidate(l.Code, inStock ? l.Cost + 5 * i : null, inStock ? [$"base {l.Cost}", .. i > 0 ? new[] { $"zone +{5 * i}" } : []] : [], inStock ? [] : [$"{reserve.Lines[0].Sku}: 0 of {reserve.Lines[0].Quantity}"])).ToArray();
        return inStock
            ? new StockSignal.ReserveGranted([.. reserve.Lines.Select(l => new Units(l.LineId, l.Sku, l.Quantity, terms.Locations[0].Code))], candidates)
            : new StockSignal.ReserveDenied(candidates, [.. reserve.Lines.Select(l => l.Sku)]);
    }

    private async Task WriteAsync(StreamId stream, Signal signal, string source, Turn turn, int version, string? before, string outcome)
    {
        var seq = ++_seq;
        await SqlAsync("INSERT INTO signal(seq, at, brand, stream, raw, kind, source, body) VALUES ($1, $2, $3, $4, false, $5, $6, $7)", seq, Now, stream.Brand, stream.Key, Wire.KindOf(signal.GetType()), source, CoreJson.Write(signal));
        var ids = turn.Effects.Select(_ => ++_effect).ToArray();
        await SqlAsync("INSERT INTO decision(brand, stream, seq, version, at, events, effects, note) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            stream.Brand, stream.Key, seq, version, Now.AddMilliseconds(40), CoreJson.WriteEvents(turn.Events), ids, (object?)turn.Note ?? DBNull.Value);
        foreach (var (effect, id) in turn.Effects.Zip(ids)) await WriteEffectAsync(stream, effect, id, seq, outcome);
        foreach (var opened in turn.Cases.OfType<CaseChange.Opened>())
        {
            await SqlAsync("INSERT INTO open_case(brand, stream, key, kind, title, detail, seq, opened_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING",
                stream.Brand, stream.Key, opened.Key, opened.Kind, opened.Title, opened.Detail, seq, Now);
        }

        if (Orders.Row(stream, turn.State) is not { } row) return;
        await WriteRowAsync(stream, turn.State, row, version);
        if (before == row.Status) return;
        if (before is not null) await TallyAsync(stream.Brand, "status/" + before, -1);
        await TallyAsync(stream.Brand, "status/" + row.Status, 1);
    }

    private Task WriteEffectAsync(StreamId stream, PlannedEffect effect, long id, long seq, string outcome)
    {
        var (kind, body) = (Wire.KindOf(effect.Effect.GetType()), CoreJson.Write(effect.Effect));
        const string request = "POST /api/orders/batch HTTP/1.1\n\n{\"orders\":[…]}", answer = "HTTP/1.1 200\n\n{\"accepted\":true}";
        return outcome == "done"
            ? SqlAsync("INSERT INTO effect_log(id, brand, stream, lane, kind, key, seq, outcome, remote_id, attempts, planned_at, done_at, body, request, answer) VALUES ($1,$2,$3,$4,$5,$6,$7,'done',$8,1,$9,$10,$11,$12,$13)",
                id, stream.Brand, stream.Key, effect.Connection, kind, effect.Key, seq, "R-" + id, Now, Now.AddSeconds(1), body, request, answer)
            : SqlAsync("INSERT INTO effect(id, brand, stream, lane, kind, key, seq, state, token, attempts, next_at, planned_at, why, request, answer, body) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,0,2,$9,$9,$10,$11,$12,$13)",
                id, stream.Brand, stream.Key, effect.Connection, kind, effect.Key, seq, (short)Array.IndexOf(["planned", "claimed", "waiting", "refused", "unsure", "gave_up"], outcome), Now, $"The warehouse said no to order {stream.Id}: SKU is blocked", request, "HTTP/1.1 422\n\n{\"error\":\"blocked\"}", body);
    }

    private async Task WriteRowAsync(StreamId stream, object state, StreamRow row, int version)
    {
        await using var command = database.CreateCommand("""
            INSERT INTO stream(brand, stream, version, updated_at, state, ended, placed_at, number, status, channel, currency, total, buyer_name, email, phone, country, location, units, attention)
            VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17,$18,$19)
            ON CONFLICT (brand, stream) DO UPDATE SET version = excluded.version, updated_at = excluded.updated_at, state = excluded.state, ended = excluded.ended, status = excluded.status, location = excluded.location, attention = excluded.attention, total = excluded.total
            """);
        foreach (var value in new object?[] { stream.Brand, stream.Key, version, Now, Orders.Save(state), row.Ended, row.PlacedAt, row.Number, row.Status, row.Channel, row.Currency, row.Total, row.BuyerName, row.Email, row.Phone, row.Country, row.Location, row.Units, row.Attention })
            command.Parameters.Add(value is null ? new NpgsqlParameter { Value = DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text } : new NpgsqlParameter { Value = value });
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        foreach (var term in row.Terms) await SqlAsync("INSERT INTO lookup(brand, term, stream) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING", stream.Brand, term, stream.Key);
    }

    public Task TallyAsync(string brand, string name, decimal value, DateOnly? day = null) =>
        SqlAsync("INSERT INTO tally AS t(brand, name, day, shard, value) VALUES ($1, $2, $3, 0, $4) ON CONFLICT (brand, day, name, shard) DO UPDATE SET value = t.value + excluded.value", brand, name, day ?? DateOnly.MinValue, value);
}
