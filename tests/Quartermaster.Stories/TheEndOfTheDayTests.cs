using Quartermaster.Core.Kernel;
using Quartermaster.Runtime.Dispatching;
using Quartermaster.Sandbox;
using Quartermaster.Sandbox.Twins;
using Shouldly;

namespace Quartermaster.Stories;

/// <summary>The last thing of a day: the carrier is told which parcels it gets, once, and whoever packs has the paper.</summary>
public sealed class TheEndOfTheDayTests
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    private static readonly PostalAddress Dock = new("Aurora Dispatch", "Aurora", "1 Dock Road", null, "Bengaluru", "Karnataka", "560100", "IN", "+919845034567", null);

    [Fact]
    public async Task A_carrier_that_loses_its_answers_gets_each_label_on_one_manifest()
    {
        await using var day = await BeginAsync("shipengine", "sandbox_ground", new() { ["api_key"] = "sandbox-key", ["carrier_id"] = "se-1", ["webhook_token"] = "sandbox-token" });
        for (var i = 0; i < 3; i++) day.Order();
        (await day.SoonAsync("SELECT CASE WHEN count(*) = 3 THEN 1 END FROM label WHERE left_at IS NOT NULL")).ShouldNotBeNull();
        day.FaultsOf("shipengine").FailAfter = 1;
        var desk = new DispatchDesk(day.Hub.Database, day.Hub.Plan, TimeProvider.System);
        List<string> lists = [];
        foreach (var location in day.Brand.Terms.Locations)
        {
            try { lists.AddRange(await desk.CloseAsync(day.Brand.Terms.Brand, location.Code, null, "mara", false, Cancel)); }
            catch (InvalidOperationException) { /* Nothing left from there today. */ }
        }
        (await day.SoonAsync($"SELECT CASE WHEN count(*) = {lists.Count} THEN 1 END FROM effect WHERE kind = 'dispatch.close.v1' AND doubts > 0")).ShouldNotBeNull();
        day.FaultsOf("shipengine").FailAfter = 0;
        (await day.SoonAsync($"SELECT CASE WHEN count(*) = {lists.Count} THEN 1 END FROM dispatch WHERE state = 'done' AND document LIKE 'https://labels.example/se-7%'")).ShouldNotBeNull();
        ((ShipEngineTwin)day.LabelShop).Manifests.ShouldBe(lists.Count, "what nobody heard of was found, not made again");
        (await day.ScalarAsync("SELECT count(*) FROM label WHERE dispatch IS NULL")).ShouldBe(0L);
        (await day.ScalarAsync("SELECT count(*) FROM effect_log WHERE kind = 'dispatch.close.v1' AND outcome = 'already_done'")).ShouldBe((long)lists.Count);
        (await day.ScalarAsync("SELECT count(*) FROM open_case WHERE closed_at IS NULL AND kind LIKE 'dispatch.%'")).ShouldBe(0L);
    }

    [Fact]
    public async Task An_Indian_courier_collects_what_is_owed_and_the_picture_of_its_label_is_kept()
    {
        await using var day = await BeginAsync("delhivery", "Surface", new() { ["token"] = "sandbox-token", ["pickup_location"] = "Aurora BLR" });
        // An order whose cash is to be collected, to an address that an Indian courier takes.
        var order = day.Order(o => o with
        {
            Paid = false,
            Gateway = "Cash on Delivery (COD)",
            Shopper = o.Shopper with { Phone = "+919812345678", Line1 = "7 Connaught Place", City = "New Delhi", Province = "Delhi", Zip = "110001", CountryCode = "IN", Country = "India" },
        });
        (await day.SoonAsync("SELECT 1 FROM label WHERE left_at IS NOT NULL")).ShouldNotBeNull();
        (await day.ScalarAsync("SELECT convert_from(body, 'UTF8')::json->'parcel'->>'collect' IS NOT NULL FROM effect_log WHERE kind = 'label.buy.v1'")).ShouldBe(true, "the courier is told what to collect");
        (await day.ScalarAsync("SELECT convert_from(substring(content FOR 4), 'UTF8') FROM paper WHERE media_type = 'application/pdf'")).ShouldBe("%PDF");
        ((string)(await day.ScalarAsync("SELECT convert_from(body, 'UTF8')::json->'order'->'label'->>'document' FROM effect_log WHERE kind = 'fulfilment.submit_to_warehouse.v1'"))!).ShouldContain("/paper/", customMessage: "the packer's system fetches it from the hub");
        var location = (string)(await day.ScalarAsync("SELECT location FROM label"))!;
        await new DispatchDesk(day.Hub.Database, day.Hub.Plan, TimeProvider.System).CloseAsync(day.Brand.Terms.Brand, location, null, "mara", false, Cancel);
        (await day.SoonAsync("SELECT 1 FROM dispatch WHERE state = 'done' AND remote_id = '9001'")).ShouldNotBeNull();
        ((DelhiveryTwin)day.LabelShop).Pickups.ShouldBe(1);
        await day.UntilAsync(order, "closed", 60);
    }

    private static Task<BusinessDay> BeginAsync(string connector, string service, Dictionary<string, string> settings)
    {
        var brand = DemoBrands.All[0];
        var labels = new LabelTerms("aurora-labels", service, service, Dock, 500, 80, new(30, 20, 10)) { Closes = true };
        brand = brand with
        {
            Terms = brand.Terms with { Locations = [.. brand.Terms.Locations.Select(l => l with { Labels = labels })], Trackers = connector == "delhivery" ? [new("aurora-labels", ["Delhivery"])] : brand.Terms.Trackers },
            Connections = [.. brand.Connections.Where(c => c.Connector != "carrier-rest"), new("aurora-labels", connector, settings, new Dictionary<string, string>())],
        };
        return BusinessDay.BeginAsync(brand, null, Cancel, units: 100, ("sandbox_short", "0"), ("sandbox_split", "0"), ("sandbox_reject", "0"), ("sandbox_missed", "0"));
    }
}
