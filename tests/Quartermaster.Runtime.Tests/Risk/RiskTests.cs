using Quartermaster.Core.Kernel;
using Quartermaster.Core.Orders;
using Quartermaster.Core.Risk;
using Quartermaster.Core.Shipping;
using Quartermaster.Runtime.Hosting;
using Quartermaster.Runtime.ReadModels;
using Quartermaster.Runtime.Risk;
using Quartermaster.Runtime.Tests.Machine;
using Shouldly;

namespace Quartermaster.Runtime.Tests.Risk;

/// <summary>What is known of buyers, on the whole machine.</summary>
public sealed class RiskTests
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_buyers_earlier_orders_are_known_by_mail_or_phone()
    {
        await using var test = await ShopAsync(new() { FirstCashOrder = 15, Velocity = 0, KnownBuyer = 7, ReturnedBefore = 40 });
        await PlaceAsync(test, "1", "ada@example.test", "+31600000001");
        (await ScoreAsync(test, "1")).ShouldBe(15, "nobody has heard of the buyer");
        await PlaceAsync(test, "2", "Ada@Example.test", null);
        (await ScoreAsync(test, "2")).ShouldBe(0, "known by the address, however it is written");
        await PlaceAsync(test, "3", "other@example.test", "+31600000001");
        (await ScoreAsync(test, "3")).ShouldBe(0, "known by the phone");
        await PlaceAsync(test, "4", "stranger@example.test", "+31600000009");
        (await ScoreAsync(test, "4")).ShouldBe(15);

        await test.SendAsync(TestHub.Order("1"), new OrderSignal.CancelAsked("test", "ann"));
        await test.UntilAsync("SELECT status FROM stream WHERE stream = 'order/1'", "cancelled");
        await PlaceAsync(test, "5", null, "+31600000001");
        (await ScoreAsync(test, "5")).ShouldBe(0, "one of the two by this phone still stands");

        await test.SendAsync(TestHub.Order("4"), new ShippingSignal.Scanned("dhl", "T4", ScanStatus.ReturnedToOrigin, "RTO", DateTimeOffset.UtcNow, null));
        await test.UntilAsync("SELECT count(*) FROM open_case WHERE kind = 'shipping.returned_to_origin'", 1L);
        await PlaceAsync(test, "6", "stranger@example.test", null);
        (await ScoreAsync(test, "6")).ShouldBe(40);
    }

    [Fact]
    public async Task A_mailbox_is_one_buyer_however_its_address_is_written()
    {
        await using var test = await ShopAsync(new() { FirstCashOrder = 15, Velocity = 25, VelocityOrders = 3 });
        await PlaceAsync(test, "1", "a.da+one@gmail.com", null);
        (await ScoreAsync(test, "1")).ShouldBe(15);
        await PlaceAsync(test, "2", "Ada@googlemail.com", null);
        (await ScoreAsync(test, "2")).ShouldBe(0, "the second order of one mailbox");
        await PlaceAsync(test, "3", "ada@gmail.com", null);
        (await ScoreAsync(test, "3")).ShouldBe(25, "the third within a day");
        await PlaceAsync(test, "4", "ad.a@gmail.com", null);
        (await ScoreAsync(test, "4")).ShouldBe(25, "the plain address is found too");
        await PlaceAsync(test, "5", "ada@example.test", null);
        (await ScoreAsync(test, "5")).ShouldBe(15, "another mailbox");
        (await test.ScalarAsync("SELECT string_agg(stream || ' ' || term, ',' ORDER BY stream) FROM lookup WHERE term ^@ 'mailbox:'"))
            .ShouldBe("order/1 mailbox:ada@gmail.com,order/2 mailbox:ada@gmail.com,order/4 mailbox:ada@gmail.com", "an address that is the mailbox's own needs none");
    }

    [Fact]
    public async Task What_a_buyer_usually_spends_is_what_stayed_with_him()
    {
        await using var test = await ShopAsync(new() { FirstCashOrder = 0, Velocity = 0, KnownBuyer = 0, Amount = 20 });
        await test.ScalarAsync("""
            INSERT INTO stream(brand, stream, version, updated_at, state, ended, placed_at, status, currency, total, units)
            SELECT 'acme', 'order/old' || n, 1, now(), '{}'::bytea, true, now() - interval '9 days', CASE WHEN n < 4 THEN 'closed' ELSE 'cancelled' END, CASE WHEN n = 5 THEN 'IDR' ELSE 'EUR' END, CASE WHEN n < 4 THEN 2 ELSE 900000 END, 1 FROM generate_series(1, 5) n
            """);
        await test.ScalarAsync("INSERT INTO lookup(brand, term, stream) SELECT 'acme', 'ada@example.test', 'order/old' || n FROM generate_series(1, 5) n");
        await PlaceAsync(test, "1", "ada@example.test", null);
        (await ScoreAsync(test, "1")).ShouldBe(20, "10 EUR is five times the 2 EUR of three orders; no usual order of the brand is known yet");
        await test.ScalarAsync("UPDATE stream SET total = 5 WHERE stream ^@ 'order/old' AND total = 2");
        await PlaceAsync(test, "2", "ada@example.test", null);
        (await ScoreAsync(test, "2")).ShouldBe(0);
    }

    [Fact]
    public async Task A_score_knows_how_often_parcels_come_back_from_there_also_where_no_router_does()
    {
        await using var test = await TestHub.NewAsync(Cancel);
        test.Change = plan => plan with { Brands = plan.Brands.ToDictionary(b => b.Key, b => b.Value with { Terms = b.Value.Terms with { Risk = new() { Assess = new RiskScorer(new() { FirstCashOrder = 0, NoPhone = 0, AreaReturns = 60 }).Score, Review = 90, WeighsReturns = true } } }) };
        await test.ScalarAsync("INSERT INTO position(brand, sku, location, on_hand, updated_at) VALUES ('acme', 'TEA', 'AMS', 100, now())");
        foreach (var (area, outcome, count) in new[] { ("10", "Returned", 60), ("10", "Delivered", 20), ("90", "Delivered", 160) })
            await test.ScalarAsync($"INSERT INTO journey(brand, stream, parcel, day, carrier, service, origin, country, zone, outcome, hours, on_time, first_try, damaged, area, on_delivery) SELECT 'acme', 'order/old', 'p', current_date - 3, 'PostNL', '', 'AMS', 'NL', '1', '{outcome}', 30, NULL, true, false, '{area}', true FROM generate_series(1, {count})");
        await test.StartAsync(Roles.Intake | Roles.Decide);
        await PlaceAsync(test, "1", "ada@example.test", null);
        (await ScoreAsync(test, "1")).ShouldBe(24, "(60 + 20 × 0.25) of 100 are to be expected back, 25 of 100 are usual");
        (await test.ScalarAsync("SELECT convert_from(state, 'UTF8') LIKE '%65.0 \\% are to be expected back when paid at the door (25.0 \\% is usual; 80 were seen there)%' FROM stream WHERE stream = 'order/1'")).ShouldBe(true);
    }

    [Fact]
    public async Task Orders_of_one_batch_see_each_other()
    {
        await using var test = await ShopAsync(new() { FirstCashOrder = 0, Velocity = 25, VelocityOrders = 3 }, Roles.Intake);
        // One partition, so one worker; decided only when all have come, so one batch.
        var ids = Enumerable.Range(0, 5000).Select(n => $"b{n}").Where(id => TestHub.Order(id).Partition == 7).Take(5).ToList();
        foreach (var id in ids) await test.SendAsync(TestHub.Order(id), Reported(id, "quick@example.test", null));
        await test.StartAsync(Roles.Decide);
        await test.UntilAsync("SELECT count(*) FROM stream WHERE placed_at IS NOT NULL", 5L);
        var scores = new List<int>();
        foreach (var id in ids) scores.Add(await ScoreAsync(test, id));
        scores.ShouldBe([0, 0, 25, 25, 25]);
    }

    [Fact]
    public async Task An_order_that_is_told_of_twice_in_one_batch_is_one_order()
    {
        await using var test = await ShopAsync(new() { FirstCashOrder = 0, Velocity = 25, VelocityOrders = 3 }, Roles.Intake);
        var ids = Enumerable.Range(0, 5000).Select(n => $"t{n}").Where(id => TestHub.Order(id).Partition == 7).Take(2).ToList();
        var first = Reported(ids[0], "quick@example.test", null);
        await test.SendAsync(TestHub.Order(ids[0]), first);
        await test.SendAsync(TestHub.Order(ids[0]), first with { Topic = "orders/updated", Facts = first.Facts with { Total = 11m, UpdatedAt = first.Facts.UpdatedAt.AddMinutes(1) } });
        await test.SendAsync(TestHub.Order(ids[1]), Reported(ids[1], "quick@example.test", null));
        await test.StartAsync(Roles.Decide);
        await test.UntilAsync("SELECT count(*) FROM stream WHERE placed_at IS NOT NULL", 2L);
        (await ScoreAsync(test, ids[1])).ShouldBe(0, "the second of two");
    }

    [Fact]
    public async Task What_is_usual_is_told_by_currency_and_known_before_the_first_order()
    {
        await using var test = await ShopAsync(new() { FirstCashOrder = 0, Velocity = 0, Amount = 20 }, Roles.Intake);
        await test.ScalarAsync("""
            INSERT INTO tally(brand, day, name, shard, value) VALUES ('acme', current_date, 'placed', 1, 60), ('acme', current_date, 'placed/IDR', 1, 30), ('acme', current_date, 'placed/USD', 1, 2),
              ('acme', current_date, 'placed_total/EUR', 1, 280), ('acme', current_date, 'placed_total/IDR', 1, 9000000), ('acme', current_date, 'placed_total/USD', 1, 2)
            """);
        foreach (var (id, total, currency) in new[] { ("1", 29m, "EUR"), ("2", 31m, "EUR"), ("3", 310000m, "IDR"), ("4", 900000m, "IDR"), ("5", 5000m, "USD") })
        {
            var order = Reported(id, $"{id}@example.test", null);
            await test.SendAsync(TestHub.Order(id), order with { Facts = order.Facts with { Total = total, Currency = currency, Lines = [order.Facts.Lines[0] with { UnitPrice = total }] } });
        }
        await test.StartAsync(Roles.Decide);
        await test.UntilAsync("SELECT count(*) FROM stream WHERE placed_at IS NOT NULL", 5L);
        var scores = new List<int>();
        foreach (var id in new[] { "1", "2", "3", "4", "5" }) scores.Add(await ScoreAsync(test, id));
        scores.ShouldBe([0, 20, 0, 20, 0], "three times 10 EUR, three times 300000 IDR, and two orders in USD tell nothing");
        await test.UntilAsync("SELECT sum(value)::int FROM tally WHERE name = 'placed/IDR'", 32);
        await test.UntilAsync("SELECT count(*) FROM tally WHERE name = 'placed/EUR'", 0L);
    }

    [Fact]
    public async Task A_brand_that_scores_nothing_keeps_and_asks_nothing()
    {
        await using var test = await TestHub.NewAsync(Cancel);
        await test.StartWithoutLanesAsync();
        await PlaceAsync(test, "1", "ada@example.test", null);
        (await test.ScalarAsync("SELECT convert_from(state, 'UTF8') LIKE '%risk%' FROM stream WHERE stream = 'order/1'")).ShouldBe(false);
        (await test.ScalarAsync("SELECT count(*) FROM tally WHERE name LIKE 'scored/%'")).ShouldBe(0L);
    }

    [Fact]
    public async Task Scores_and_ends_are_counted_and_read_by_band()
    {
        await using var test = await ShopAsync(new() { FirstCashOrder = 35 });
        await PlaceAsync(test, "1", "ada@example.test", null);
        await test.UntilAsync("SELECT sum(value)::int FROM tally WHERE name = 'scored/1'", 1);
        var reads = new RiskReads(test.Hub.Database.General);
        var today = DateOnly.FromDateTime(DateTime.UtcNow);
        (await reads.BandsAsync(TestHub.Brand, today.AddDays(-1), today.AddDays(1), Cancel)).ShouldHaveSingleItem().ShouldBe(new AskingRecord(1, 1, default, default, default));
    }

    [Fact]
    public async Task A_link_is_for_one_order_and_cannot_be_made_up()
    {
        await using var test = await TestHub.NewAsync(Cancel);
        await using var database = new Database(test.Postgres.ConnectionString);
        var links = new ShopperLinks(database, new Uri("https://hub.example/sub/"));
        await links.OpenAsync(Cancel);
        var order = new StreamId("acme", "order", "b2b-5600/1");
        var token = links.TokenOf(order);
        links.To!(order).ShouldBe($"https://hub.example/sub/confirm/{token}");
        links.Read(token).ShouldBe(order);
        for (var i = 0; i < token.Length; i++) links.Read(token[..i] + (token[i] == 'a' ? 'b' : 'a') + token[(i + 1)..]).ShouldBeNull($"changed at {i}");
        foreach (var nonsense in new[] { "", "x", new string('!', 60), new string('A', 23), new string('A', 5000) }) links.Read(nonsense).ShouldBeNull();
    }

    private static async Task<TestHub> ShopAsync(RiskPoints points, Roles roles = Roles.Intake | Roles.Decide)
    {
        var test = await TestHub.NewAsync(Cancel);
        test.Change = plan => plan with { Brands = plan.Brands.ToDictionary(b => b.Key, b => b.Value with { Terms = b.Value.Terms with { Risk = new() { Assess = new RiskScorer(points with { NoPhone = 0 }).Score, Review = 90 } } }) };
        // Without a shelf its code would be one that nobody knows, and what waits for that is not scored.
        await test.ScalarAsync("INSERT INTO position(brand, sku, location, on_hand, updated_at) VALUES ('acme', 'TEA', 'AMS', 100, now())");
        await test.StartAsync(roles);
        return test;
    }

    private static async Task PlaceAsync(TestHub test, string id, string? email, string? phone)
    {
        await test.SendAsync(TestHub.Order(id), Reported(id, email, phone));
        await test.UntilAsync($"SELECT count(*) FROM stream WHERE stream = 'order/{id}'", 1L);
    }

    private static OrderSignal.Reported Reported(string id, string? email, string? phone)
    {
        var facts = TestHub.Facts(id, ("TEA", 1));
        return new(facts with { PlacedAt = DateTimeOffset.UtcNow, UpdatedAt = DateTimeOffset.UtcNow, Buyer = facts.Buyer with { Email = email, Phone = phone }, Payment = new(PaymentState.Pending, PaymentMethod.CashOnDelivery, "cod") }, "orders/create");
    }

    private static async Task<int> ScoreAsync(TestHub test, string id) =>
        int.Parse((string)(await test.ScalarAsync($"SELECT convert_from(state, 'UTF8')::jsonb #>> '{{order,risk,score}}' FROM stream WHERE stream = 'order/{id}'"))!, System.Globalization.CultureInfo.InvariantCulture);
}
