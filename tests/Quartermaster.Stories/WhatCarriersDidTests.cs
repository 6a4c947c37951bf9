using Quartermaster.Core.Kernel;
using Quartermaster.Sandbox;
using Quartermaster.Sandbox.Twins;
using Shouldly;

namespace Quartermaster.Stories;

/// <summary>A carrier whose cash parcels come back from a town loses them to another, and the operator reads why.</summary>
public sealed class WhatCarriersDidTests
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Cash_orders_leave_by_the_carrier_that_hands_them_over_and_paid_ones_by_the_cheaper()
    {
        var demo = DemoBrands.All[0];
        await using var day = await BusinessDay.BeginAsync(demo with
        {
            Terms = demo.Terms with
            {
                Locations = [.. demo.Terms.Locations.Where(l => l.Code is "BLR" or "DEL").Select(l => l with { Cost = 0m })],
                Routing = new() { ReturnCost = 200m, Rates = [new("Surface", ["BLR"], "IN", 50m) { Carrier = "BlueDart" }, new("Surface", ["DEL"], "IN", 60m) { Carrier = "Delhivery" }] },
            },
        }, null, Cancel, units: 100, ("sandbox_short", "0"), ("sandbox_split", "0"), ("sandbox_reject", "0"), ("sandbox_missed", "0"));
        var first = day.Order(Cash);
        await day.UntilAsync(first, "closed");
        (await LocationAsync(day, first)).ShouldBe("BLR");
        (await day.ScalarAsync("SELECT on_delivery FROM journey")).ShouldBe(true);

        // A bad month in that town: four of five of one carrier's cash parcels came back, none of the other's.
        foreach (var (carrier, outcome, parcels) in ((string, string, int)[])[("BlueDart", "Returned", 80), ("BlueDart", "Delivered", 20), ("Delhivery", "Delivered", 100)])
            await day.ScalarAsync($"INSERT INTO journey SELECT brand, stream, parcel, day, '{carrier}', '', origin, country, zone, '{outcome}', hours, on_time, first_try, damaged, area, on_delivery FROM (SELECT * FROM journey LIMIT 1) one, generate_series(1, {parcels})");
        await day.Hub.Knowledge.ReadAsync(Cancel);

        var cash = day.Order(o => Cash(o) with { Shopper = first.Placed.Shopper });
        await day.UntilAsync(cash, "closed");
        (await LocationAsync(day, cash)).ShouldBe("DEL");
        (await day.ScalarAsync($"SELECT string_agg(convert_from(events, 'UTF8'), '') FROM decision WHERE stream = 'order/{BusinessDay.IdOf(cash)}' AND events IS NOT NULL")).ShouldBeOfType<string>().ShouldContain("when paid at the door, 201 parcels there");
        var paid = day.Order(o => o with { Shopper = first.Placed.Shopper });
        await day.UntilAsync(paid, "closed");
        (await LocationAsync(day, paid)).ShouldBe("BLR");
    }

    private static NewOrder Cash(NewOrder order) => order with { Paid = false, Gateway = "Cash on Delivery (COD)" };

    private static Task<object?> LocationAsync(BusinessDay day, ShopOrder order) => day.ScalarAsync($"SELECT location FROM movement WHERE stream = 'order/{BusinessDay.IdOf(order)}' AND kind = 'reserved' LIMIT 1");
}
