using Quartermaster.Connectors.CarrierRest;
using Quartermaster.Connectors.Tests;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Fulfilment;
using Quartermaster.Core.Shipping;
using Quartermaster.Core.Stock;
using Quartermaster.Sandbox.Twins;

namespace Quartermaster.Connectors.WarehouseRest.Tests;

/// <summary>Connector and twin over real HTTP: an order goes to the warehouse, leaves it, and is delivered, however badly the network behaves.</summary>
public sealed class WarehouseRoundTripTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Lost_answers_and_resets_hand_each_order_over_exactly_once()
    {
        await using var hub = await StartAsync();
        var faults = hub.Sandbox.FaultsOf("wms");
        (faults.FailBefore, faults.FailAfter, faults.Reset, faults.Duplicate, faults.Reorder) = (0.15, 0.2, 0.3, 0.3, 0.2);
        var refs = Enumerable.Range(1, 60).Select(i => $"56000000000{i:D2}").ToArray();
        var rounds = 0;
        foreach (var batch in refs.Chunk(5))
        {
            var (outcomes, took) = await hub.DoAsync("wms", [.. batch.Select(r => Submit(r))], Cancel);
            outcomes.ShouldAllBe(o => o is Outcome.Done || o is Outcome.AlreadyDone);
            rounds += took;
        }
        rounds.ShouldBeGreaterThan(12, "the faults struck");
        refs.Select(r => hub.Sandbox.Twin<WarehouseTwin>("wms").HandoffsOf(r)).ShouldAllBe(n => n == 1);

        await hub.UntilAsync(() => hub.Signals.Values.OfType<ShippingSignal.Scanned>().Count(s => s.Status == ScanStatus.Delivered) == 60, Cancel);
        // Some webhooks are held back so that later ones overtake them.
        await hub.Sandbox.DeliveredAsync(Cancel);
        hub.Signals.Values.OfType<FulfilmentSignal.Accepted>().Select(a => a.OrderRef).Order().ShouldBe(refs);
        hub.Signals.Values.OfType<FulfilmentSignal.Shipped>().Select(s => s.OrderRef).Order().ShouldBe(refs);
        hub.Refused.ShouldBeEmpty();
    }

    // The guard above would be worth nothing if the twin merged orders by their reference alone.
    [Fact]
    public async Task The_twin_notices_an_order_handed_over_under_two_keys()
    {
        await using var hub = await StartAsync();
        await hub.DoAsync("wms", [Submit("1", attemptKey: "a"), Submit("1", attemptKey: "b")], Cancel);
        hub.Sandbox.Twin<WarehouseTwin>("wms").HandoffsOf("1").ShouldBe(2);
    }

    [Fact]
    public async Task A_cancellation_is_granted_before_the_parcel_leaves_and_too_late_after()
    {
        await using var hub = await StartAsync(shipMs: "600000");
        var connector = new WarehouseRestConnector();
        await hub.DoAsync("wms", [Submit("1")], Cancel);
        (await WithdrawAsync("1")).ShouldBe(new Outcome.Done());
        (await WithdrawAsync("1")).ShouldBe(new Outcome.Done(), "asking again gets the same answer");
        (await WithdrawAsync("never-seen")).ShouldBe(new Outcome.Done());

        await using var quick = await StartAsync();
        await quick.DoAsync("wms", [Submit("1")], Cancel);
        await quick.UntilAsync(() => quick.Signals.Values.OfType<FulfilmentSignal.Shipped>().Any(), Cancel);
        (await WithdrawAsync("1", quick)).ShouldBe(new Outcome.Refused("too_late", "It has left the building."));

        async Task<Outcome> WithdrawAsync(string orderRef, LoopbackHub? at = null)
        {
            var work = new Work($"order/{orderRef}:withdraw", new FulfilmentEffect.WithdrawFromWarehouse(orderRef, "BLR", "changed my mind", $"order/{orderRef}:submit:1"), 1);
            return (await connector.ActAsync((at ?? hub).SessionOf("wms"), [work], Cancel)).Single().Outcome;
        }
    }

    [Fact]
    public async Task Short_picks_split_parcels_and_refusals_are_told()
    {
        await using var hub = await StartAsync(("sandbox_short", "1"), ("sandbox_split", "1"));
        await hub.DoAsync("wms", [Submit("1")], Cancel);
        await hub.UntilAsync(() => hub.Signals.Values.OfType<FulfilmentSignal.Shipped>().Count() == 2, Cancel);
        hub.Signals.Values.OfType<FulfilmentSignal.ShortPicked>().ShouldHaveSingleItem().Missing.ShouldBe([new SkuQuantity("TEA-250", 1)]);
        hub.Signals.Values.OfType<FulfilmentSignal.Shipped>().SelectMany(s => s.Lines).OrderBy(l => l.Sku).ShouldBe([new("MUG-RED", 1), new SkuQuantity("TEA-250", 1)]);

        await using var strict = await StartAsync(("sandbox_reject", "1"));
        await strict.DoAsync("wms", [Submit("1")], Cancel);
        await strict.UntilAsync(() => !strict.Signals.IsEmpty, Cancel);
        strict.Signals.Values.ShouldHaveSingleItem().ShouldBeOfType<FulfilmentSignal.Rejected>().Code.ShouldBe("cannot_pack");
    }

    [Fact]
    public async Task A_count_is_told_and_found()
    {
        await using var hub = await StartAsync();
        hub.Sandbox.Twin<WarehouseTwin>("wms").CountShelf(new("TEA-250", "BLR", 7));
        await hub.UntilAsync(() => !hub.Signals.IsEmpty, Cancel);
        var told = hub.Signals.Values.ShouldHaveSingleItem().ShouldBeOfType<StockSignal.Counted>();
        var connector = new WarehouseRestConnector();
        var found = await connector.PollAsync(hub.SessionOf("wms"), DateTimeOffset.UtcNow.AddMinutes(-5), Cancel).ToListAsync(Cancel);
        var read = connector.Read(hub.SessionOf("wms"), found.ShouldHaveSingleItem().Topic, found[0].Body, DateTimeOffset.UtcNow).Signals.Single().Signal;
        read.ShouldBe(told);
    }

    [Fact]
    public async Task Asked_for_an_order_the_warehouse_tells_again_what_it_told_of_it_under_the_same_ids()
    {
        await using var hub = await StartAsync(("sandbox_split", "1"));
        await hub.DoAsync("wms", [Submit("1")], Cancel);
        await hub.UntilAsync(() => hub.Signals.Values.OfType<FulfilmentSignal.Shipped>().Count() == 2, Cancel);
        var connector = new WarehouseRestConnector();
        var seen = (await connector.AskHandoffAsync(hub.SessionOf("wms"), "1", Cancel)).ShouldNotBeNull();
        seen.Word.ShouldBe("shipped");
        seen.Told.Select(t => ("wms", t.DeliveryId)).ShouldBe(hub.Signals.Where(s => s.Value is FulfilmentSignal).Select(s => s.Key), ignoreOrder: true);
        foreach (var told in seen.Told)
            connector.Read(hub.SessionOf("wms"), told.Topic, told.Body, DateTimeOffset.UtcNow).Signals.Single().Signal.ShouldBeEquivalentTo(hub.Signals[("wms", told.DeliveryId)]);
        (await connector.AskHandoffAsync(hub.SessionOf("wms"), "never-seen", Cancel)).ShouldNotBeNull().ShouldSatisfyAllConditions(s => s.Word.ShouldBeNull(), s => s.Told.ShouldBeEmpty());
    }

    [Fact]
    public async Task The_carrier_knows_a_parcel_that_the_warehouse_sent()
    {
        await using var hub = await StartAsync();
        await hub.DoAsync("wms", [Submit("1")], Cancel);
        await hub.UntilAsync(() => hub.Signals.Values.OfType<ShippingSignal.Scanned>().Any(s => s.Status == ScanStatus.Delivered), Cancel);
        hub.Signals.Values.OfType<ShippingSignal.Scanned>().OrderBy(s => s.At).Select(s => s.Status).ShouldBe(
            [ScanStatus.PickedUp, ScanStatus.InTransit, ScanStatus.OutForDelivery, ScanStatus.Delivered]);
        (await new CarrierRestConnector().TestAsync(hub.SessionOf("carrier"), Cancel)).Outcome.ShouldBeOfType<Outcome.Done>();
    }

    [Fact]
    public async Task A_box_that_crashed_goes_on_with_what_it_had_begun()
    {
        var journal = Path.Combine(Path.GetTempPath(), $"qm-box-{Guid.NewGuid():N}", "wms.jsonl");
        try
        {
            await using (var before = await StartAsync("600000", ("sandbox_journal", journal))) await before.DoAsync("wms", [Submit("1"), Submit("2")], Cancel);
            await File.AppendAllTextAsync(journal, "{\"Id\":\"cut off by the cra", Cancel);
            await using (var after = await StartAsync(("sandbox_journal", journal)))
            {
                await after.UntilAsync(() => after.Signals.Values.OfType<FulfilmentSignal.Shipped>().Count() == 2, Cancel);
                after.Signals.Values.OfType<FulfilmentSignal.Shipped>().Select(s => s.OrderRef).Order().ShouldBe(["1", "2"]);
            }
            await using var again = await StartAsync(("sandbox_journal", journal));
            again.Sandbox.Twin<WarehouseTwin>("wms").HandoffsOf("1").ShouldBe(0, "what is finished is not begun again");
        }
        finally
        {
            Directory.Delete(Path.GetDirectoryName(journal)!, recursive: true);
        }
    }

    private static Task<LoopbackHub> StartAsync(params (string Key, string Value)[] knobs) => StartAsync("20", knobs);

    private static Task<LoopbackHub> StartAsync(string shipMs, params (string Key, string Value)[] knobs)
    {
        var wms = new Dictionary<string, string>
        {
            ["callback_secret"] = "wms-secret", ["sandbox_accept_ms"] = "10", ["sandbox_ship_ms"] = shipMs, ["sandbox_short"] = "0", ["sandbox_split"] = "0",
        };
        foreach (var (key, value) in knobs) wms[key] = value;
        var carrier = new Dictionary<string, string>
        {
            ["callback_secret"] = "carrier-secret", ["sandbox_step_ms"] = "20", ["sandbox_missed"] = "0", ["sandbox_returned"] = "0",
        };
        return LoopbackHub.StartAsync(Cancel, (new WarehouseRestConnector(), "wms", wms), (new CarrierRestConnector(), "carrier", carrier));
    }

    private static Work Submit(string orderRef, string attemptKey = "1") => new($"order/{orderRef}:submit:{attemptKey}", new FulfilmentEffect.SubmitToWarehouse(new HandoffOrder(
        orderRef, "#1001", "shop", orderRef, "BLR", "wms", [new("L1", "TEA-250", 2, "Assam tea"), new("L2", "MUG-RED", 1, "Mug")],
        new("Asha Rao", null, "12 MG Road", null, "Bengaluru", "KA", "560001", "IN", null, null), null, null, "INR")), 1);
}
