using Quartermaster.Core.Fulfilment;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Orders;
using Quartermaster.Core.Routing;
using Quartermaster.Core.Shipping;
using Quartermaster.Runtime.Routing;
using Quartermaster.Runtime.Tests.Machine;
using Shouldly;

namespace Quartermaster.Runtime.Tests.Routing;

/// <summary>The map and the past, from the database into the candidates of an order.</summary>
public sealed class KnowledgeTests
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    private static readonly RoutingTerms Terms = new()
    {
        PromiseDays = 2, LateCost = 5m, DamageCost = 100m, ReturnCost = 50m,
        Rates = [new("Parcel", ["AMS"], "NL", 5m, Days: 1) { Carrier = "PostNL" }, new("Paket", ["BER"], "NL", 7m, Days: 2) { Carrier = "DHL", WithinKm = 700 }],
    };

    private static async Task<TestHub> BeginAsync(params string[] before)
    {
        var test = await TestHub.NewAsync(Cancel);
        test.Change = plan =>
        {
            var brand = plan.Brands[TestHub.Brand];
            return plan with { Brands = new Dictionary<string, BrandPlan> { [TestHub.Brand] = brand with { Terms = brand.Terms with { Routing = Terms, Locations = [new("AMS", "Amsterdam", "wms", "NL"), new("BER", "Berlin", "wms", "DE") { PostalCode = "10115" }] } } } };
        };
        var table = new PostcodeTable(test.Postgres.Source);
        await table.ReplaceAsync("NL", [("1011", new PostalPoints.Point(52.37f, 4.90f))], DateTimeOffset.UtcNow, Cancel);
        await table.ReplaceAsync("DE", [("10115", new PostalPoints.Point(52.53f, 13.38f))], DateTimeOffset.UtcNow, Cancel);
        foreach (var sql in before) await test.ScalarAsync(sql);
        await test.StartAsync();
        foreach (var location in new[] { "AMS", "BER" }) await test.CountAsync("A", location, 100);
        await test.UntilAsync("SELECT count(*) FROM position WHERE on_hand = 100", 2L);
        return test;
    }

    private static string Parcels(int count, string carrier, string origin, string outcome, int hours, bool onDelivery, bool damaged = false) =>
        $"INSERT INTO journey(brand, stream, parcel, day, carrier, service, origin, country, zone, outcome, hours, on_time, first_try, damaged, area, on_delivery) SELECT 'acme', 'order/old', 'p', current_date - 3, '{carrier}', '', '{origin}', 'NL', '1', '{outcome}', {hours}, NULL, true, {damaged}, '10', {onDelivery} FROM generate_series(1, {count})";

    private static async Task<string> CandidatesAsync(TestHub test, string order) => (string)(await test.ScalarAsync($"SELECT convert_from(events, 'UTF8') FROM decision WHERE stream = 'order/{order}' AND position('\"stock.allocated.v1\"'::bytea IN events) > 0"))!;

    private static async Task PlaceAsync(TestHub test, string id, PaymentMethod method, string location)
    {
        var facts = TestHub.Facts(id, ("A", 1));
        await test.SendAsync(TestHub.Order(id), new OrderSignal.Reported(facts with { Payment = facts.Payment with { Method = method } }, "orders/create"));
        await test.UntilAsync($"SELECT location FROM stream WHERE stream = 'order/{id}'", location);
    }

    [Fact]
    public async Task What_carriers_did_sends_cash_orders_by_the_one_that_hands_them_over()
    {
        await using var test = await BeginAsync(
            Parcels(60, "PostNL", "AMS", "Delivered", 24, onDelivery: false), Parcels(60, "PostNL", "AMS", "Returned", 90, onDelivery: true), Parcels(40, "PostNL", "AMS", "Delivered", 24, onDelivery: true),
            Parcels(100, "DHL", "BER", "Delivered", 48, onDelivery: true));
        await PlaceAsync(test, "1", PaymentMethod.Prepaid, "AMS");
        (await CandidatesAsync(test, "1")).ShouldSatisfyAllConditions(
            c => c.ShouldContain("Paket to NL within 700 km (575 km)"),
            c => c.ShouldContain("(1 day by 100 parcels, 100 of them this way)"));
        await PlaceAsync(test, "2", PaymentMethod.CashOnDelivery, "BER");
        (await CandidatesAsync(test, "2")).ShouldContain("when paid at the door, 200 parcels there");
    }

    [Fact]
    public async Task A_parcel_that_comes_back_is_kept_with_its_payment_and_area_and_heard_of_at_the_next_look()
    {
        await using var test = await BeginAsync();
        (await test.ScalarAsync("SELECT count(*) FROM journey")).ShouldBe(0L);
        await PlaceAsync(test, "1", PaymentMethod.CashOnDelivery, "AMS");
        (await CandidatesAsync(test, "1")).ShouldNotContain("comes back");
        var left = DateTimeOffset.UtcNow.AddHours(-60);
        await test.UntilAsync("SELECT status FROM stream WHERE stream = 'order/1'", "submitted");
        await test.SendAsync(TestHub.Order("1"), new FulfilmentSignal.Shipped("1", "AMS", "PostNL", "T1", [new("A", 1)], left, null));
        await test.SendAsync(TestHub.Order("1"), new ShippingSignal.Scanned("postnl", "T1", ScanStatus.ReturnedToOrigin, "back", left.AddHours(50), null));
        await test.UntilAsync("SELECT outcome || ' ' || area || ' ' || on_delivery FROM journey", "Returned 10 true");

        await test.Hub.Knowledge.ReadAsync(Cancel);
        await PlaceAsync(test, "2", PaymentMethod.CashOnDelivery, "AMS");
        (await CandidatesAsync(test, "2")).ShouldContain("comes back 100.0 % when paid at the door, 1 parcel there 50");
    }

    [Fact]
    public async Task A_brand_without_rates_knows_nothing_and_reads_nothing()
    {
        await using var test = await TestHub.NewAsync(Cancel);
        var hub = await test.StartAsync();
        hub.Knowledge.Of(TestHub.Brand).ShouldBeNull();
    }
}
