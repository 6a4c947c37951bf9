using Quartermaster.Core.Kernel;
using Quartermaster.Sandbox;
using Quartermaster.Sandbox.Twins;
using Shouldly;

namespace Quartermaster.Stories;

/// <summary>One shopper pays for Express, the next takes what is cheapest: each parcel travels as it was paid for and reckoned with.</summary>
public sealed class WhatTheShopperPaidForTests
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    private static readonly (string, string)[] Calm = [("sandbox_short", "0"), ("sandbox_split", "0"), ("sandbox_missed", "0"), ("sandbox_reject", "0")];

    [Fact]
    public async Task The_warehouse_is_told_what_was_paid_for_and_the_parcel_leaves_with_that_carrier()
    {
        await using var day = await BusinessDay.BeginAsync(Reckoning(DemoBrands.All[0]), null, Cancel, 100, Calm);
        var (usual, express) = (day.Order(), day.Order(o => o with { Method = "Express" }));
        await day.UntilAsync(usual, "closed");
        await day.UntilAsync(express, "closed");
        day.Warehouse.TravelsBy(BusinessDay.IdOf(usual)).ShouldBe(("Surface", "Delhivery"), "the cheapest, which its cost was reckoned with");
        day.Warehouse.TravelsBy(BusinessDay.IdOf(express)).ShouldBe(("Air", "BlueDart"));
        (await day.ScalarAsync("SELECT string_agg(lower(carrier), ',' ORDER BY lower(carrier)) FROM journey WHERE outcome = 'Delivered'")).ShouldBe("bluedart,delhivery");
    }

    [Fact]
    public async Task The_label_is_bought_for_the_service_that_was_paid_for()
    {
        await using var day = await BusinessDay.BeginAsync(BuyingLabels(Reckoning(DemoBrands.All[0])), null, Cancel, 100, Calm);
        var (usual, express) = (day.Order(), day.Order(o => o with { Method = "Express" }));
        await day.UntilAsync(usual, "closed");
        await day.UntilAsync(express, "closed");
        (await day.ScalarAsync("SELECT string_agg(service, ',' ORDER BY service) FROM journey")).ShouldBe("sandbox_express,sandbox_ground");
        day.LabelShop.LeftBehind.ShouldBe(0);
    }

    private static DemoBrand Reckoning(DemoBrand brand) => brand with
    {
        CashShare = 0,
        Terms = brand.Terms with
        {
            Routing = new()
            {
                Rates = [new("Surface", [], "*", 40m, Days: 5) { Carrier = "Delhivery" }, new("Air", [], "*", 90m, Days: 1) { Carrier = "BlueDart" }],
                Methods = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase) { ["Express"] = "Air" },
            },
        },
    };

    private static DemoBrand BuyingLabels(DemoBrand brand)
    {
        var from = new PostalAddress("Aurora Dispatch", "Aurora", "1 Dock Road", null, "Bengaluru", "KA", "560100", "IN", "+918000000000", null);
        var labels = new LabelTerms("aurora-labels", "sandbox_ground", "sandbox_ground", from, 500, 80, new(30, 20, 10)) { Services = new Dictionary<string, string> { ["Air"] = "sandbox_express" } };
        return brand with
        {
            Terms = brand.Terms with { Locations = [.. brand.Terms.Locations.Select(l => l with { Labels = labels })] },
            Connections = [.. brand.Connections.Where(c => c.Connector != "carrier-rest"), new("aurora-labels", "shipengine", new Dictionary<string, string>
            {
                ["api_key"] = "sandbox-key", ["carrier_id"] = "se-1", ["webhook_token"] = "sandbox-token",
            }, new Dictionary<string, string>())],
        };
    }
}
