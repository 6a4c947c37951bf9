using Quartermaster.Core.Fulfilment;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Shipping;
using Quartermaster.Runtime.Tests.Machine;
using Quartermaster.Runtime.Tracking;
using Shouldly;

namespace Quartermaster.Runtime.Tests.Tracking;

/// <summary>Parcels under way are compared with their lanes, and what is found is told once.</summary>
public sealed class DelayRoundsTests
{
    private const string Told = "SELECT count(*) FROM signal WHERE kind = 'shipping.delay_found.v1'";

    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_under_way_is_kept_until_it_ends_and_silence_is_told_once()
    {
        await using var test = await StartAsync(new() { SilentAfter = TimeSpan.FromHours(10) });
        await ShipAsync(test, "o1", "T1");
        await ShipAsync(test, "o2", "T2");
        await test.UntilAsync("SELECT count(*) FROM under_way WHERE seen_at IS NULL AND carrier = 'Delhivery' AND origin = 'AMS' AND zone = '1'", 2L);
        await test.Hub.LookForDelaysAsync(Cancel);
        (await test.ScalarAsync(Told)).ShouldBe(0L, "nine hours are not ten");

        await test.SendAsync(TestHub.Order("o1"), Scan("T1", ScanStatus.InTransit, 11));
        await test.UntilAsync("SELECT count(*) FROM under_way WHERE seen_at IS NOT NULL", 1L);
        await test.Hub.LookForDelaysAsync(Cancel);
        await test.Hub.LookForDelaysAsync(Cancel);
        await test.UntilAsync("SELECT count(*) FROM open_case WHERE kind = 'shipping.silent' AND closed_at IS NULL", 1L);
        (await test.ScalarAsync(Told)).ShouldBe(1L);
        (await test.ScalarAsync("SELECT sum(value) FROM tally WHERE name = 'delayed'")).ShouldBe(1m);

        await test.SendAsync(TestHub.Order("o1"), Scan("T1", ScanStatus.Delivered, 0));
        await test.SendAsync(TestHub.Order("o2"), new ShippingSignal.EndTold("T2", ParcelEnd.Lost, false, "gone", "ann"));
        await test.UntilAsync("SELECT count(*) FROM under_way", 0L);
        (await test.ScalarAsync("SELECT gap FROM journey WHERE parcel = 'T1'")).ShouldBe(11);
    }

    [Fact]
    public async Task Credit_is_offered_until_the_month_is_used_up()
    {
        await using var test = await StartAsync(new() { SilentAfter = TimeSpan.FromHours(1), Credit = new(10m, 10m, 25m) });
        foreach (var i in Enumerable.Range(1, 4)) await ShipAsync(test, $"o{i}", $"T{i}", isSeen: true);
        await test.UntilAsync("SELECT count(*) FROM under_way WHERE seen_at IS NOT NULL", 4L);
        await test.Hub.LookForDelaysAsync(Cancel);
        await test.UntilAsync("SELECT count(*) FROM open_case WHERE kind = 'shipping.silent'", 4L);
        (await test.ScalarAsync("SELECT count(*) FROM open_case WHERE kind = 'shipping.credit_offered'")).ShouldBe(2L);
        await ShipAsync(test, "o5", "T5", isSeen: true);
        await test.UntilAsync("SELECT count(*) FROM under_way WHERE seen_at IS NOT NULL", 5L);
        await test.Hub.LookForDelaysAsync(Cancel);
        await test.UntilAsync("SELECT count(*) FROM open_case WHERE kind = 'shipping.silent'", 5L);
        (await test.ScalarAsync("SELECT count(*) FROM open_case WHERE kind = 'shipping.credit_offered'")).ShouldBe(2L);
        (await test.ScalarAsync("SELECT count(*) FROM open_case WHERE kind = 'shipping.credit_to_approve'")).ShouldBe(0L, "nobody approves thousands of parcels one by one");
        const string UsedUp = "SELECT count(*) FROM open_case WHERE kind = 'shipping.credit_used_up' AND closed_at IS NULL AND detail LIKE '%For 3 late parcels%'";
        (await test.ScalarAsync(UsedUp)).ShouldBe(1L);
        await test.ScalarAsync("UPDATE tally SET value = 0 WHERE name = 'credit_offered'");
        await using var next = await test.Hub.Database.General.OpenConnectionAsync(Cancel);
        await ShipAsync(test, "o6", "T6", isSeen: true);
        await test.UntilAsync("SELECT count(*) FROM under_way WHERE seen_at IS NOT NULL", 6L);
        await new DelayRounds(test.Hub, TimeProvider.System).RunAsync(next, Cancel);
        (await test.ScalarAsync(UsedUp)).ShouldBe(0L, "a new month has room again");
    }

    [Fact]
    public async Task A_lane_is_late_as_a_whole_from_its_share_and_number_on()
    {
        await using var test = await StartAsync(new() { SilentAfter = TimeSpan.FromHours(1), LaneParcels = 3, LaneShare = 0.5m });
        foreach (var i in Enumerable.Range(1, 3)) await ShipAsync(test, $"o{i}", $"T{i}", isSeen: true);
        await ShipAsync(test, "o4", "T4", "PostNL", isSeen: true);
        await test.UntilAsync("SELECT count(*) FROM under_way WHERE seen_at IS NOT NULL", 4L);
        // Left forty days ago, and nobody told of its end.
        await ShipAsync(test, "o5", "T5", isSeen: true);
        await test.UntilAsync("SELECT count(*) FROM under_way WHERE seen_at IS NOT NULL", 5L);
        await test.ScalarAsync("UPDATE under_way SET left_at = now() - interval '40 days' WHERE parcel = 'T5'");
        await test.Hub.LookForDelaysAsync(Cancel);
        await test.UntilAsync("SELECT count(*) FROM open_case WHERE kind = 'shipping.lane_late' AND detail LIKE '3 of 3 parcels%'", 1L);
        (await test.ScalarAsync("SELECT count(*) FROM open_case WHERE kind = 'shipping.lane_late'")).ShouldBe(1L, "one parcel of the other lane is not its whole");
    }

    [Fact]
    public async Task Silence_that_only_we_could_not_hear_is_not_told()
    {
        await using var test = await StartAsync(new() { SilentAfter = TimeSpan.FromHours(1) }, new TrackerTerms("post", ["DHL"]));
        // No scan of the first carrier ever came; the second is asked after.
        await ShipAsync(test, "o1", "T1");
        await ShipAsync(test, "o2", "T2", "DHL");
        await test.UntilAsync("SELECT count(*) FROM under_way", 2L);
        await test.ScalarAsync("INSERT INTO tracked(connection, parcel, brand, stream, tracking, left_at, ask_at) SELECT 'post', parcel, brand, stream, parcel, left_at, now() + interval '1 hour' FROM under_way WHERE parcel = 'T2' ON CONFLICT DO NOTHING");
        await LookAgainAsync(test, "now() - interval '1 minute'", "asked_at = NULL");
        await LookAgainAsync(test, "now() - interval '1 minute'", "asked_at = now(), word = 'down'");
        await LookAgainAsync(test, "now() - interval '1 minute'", "asked_at = left_at + interval '30 minutes', word = NULL");
        (await test.ScalarAsync(Told)).ShouldBe(0L);
        (await test.ScalarAsync("SELECT count(*) FROM under_way WHERE late")).ShouldBe(0L);

        // Down for two hours, and now it answers.
        await LookAgainAsync(test, "now() - interval '2 hours'", "asked_at = now(), word = NULL");
        await LookAgainAsync(test, "now() - interval '1 minute'", "asked_at = now(), word = NULL");
        (await test.ScalarAsync(Told)).ShouldBe(0L, "what carriers kept for us comes in first");
        await test.ScalarAsync("UPDATE hub_value SET value = (now() - interval '7 hours')::text WHERE key LIKE 'delays.hears/%'");
        await LookAgainAsync(test, "now() - interval '1 minute'", "asked_at = now(), word = NULL");
        (await test.ScalarAsync(Told)).ShouldBe(1L);
    }

    [Fact]
    public async Task What_goes_silent_again_after_a_scan_is_told_to_its_order_again_without_credit_for_a_second_time()
    {
        await using var test = await StartAsync(new() { SilentAfter = TimeSpan.FromHours(1), Credit = new(10m, 10m, 20m) });
        await ShipAsync(test, "o1", "T1", isSeen: true);
        await test.UntilAsync("SELECT count(*) FROM under_way WHERE seen_at IS NOT NULL", 1L);
        await test.Hub.LookForDelaysAsync(Cancel);
        await test.UntilAsync("SELECT count(*) FROM open_case WHERE kind = 'shipping.silent' AND closed_at IS NULL", 1L);
        await test.SendAsync(TestHub.Order("o1"), Scan("T1", ScanStatus.InTransit, 3));
        await test.UntilAsync("SELECT count(*) FROM under_way WHERE NOT silent", 1L);
        await test.UntilAsync("SELECT count(*) FROM open_case WHERE kind = 'shipping.silent' AND closed_at IS NULL", 0L);
        await test.Hub.LookForDelaysAsync(Cancel);
        await test.UntilAsync("SELECT count(*) FROM open_case WHERE kind = 'shipping.silent' AND closed_at IS NULL", 1L);
        (await test.ScalarAsync("SELECT sum(value) FROM tally WHERE name = 'credit_offered'")).ShouldBe(10m);
    }

    [Fact]
    public async Task Credit_for_a_parcel_that_was_told_of_before_is_not_taken_from_the_month()
    {
        await using var test = await StartAsync(new() { SilentAfter = TimeSpan.FromHours(1), Credit = new(10m, 10m, 10m) });
        await ShipAsync(test, "o1", "T1", isSeen: true);
        await test.UntilAsync("SELECT count(*) FROM under_way WHERE seen_at IS NOT NULL", 1L);
        await test.ScalarAsync("UPDATE under_way SET past = true");
        await test.Hub.LookForDelaysAsync(Cancel);
        (await test.ScalarAsync("SELECT count(*) FROM signal WHERE kind = 'shipping.delay_found.v1' AND convert_from(body, 'UTF8') LIKE '%\"credit\":10%'")).ShouldBe(0L);
        await ShipAsync(test, "o2", "T2", isSeen: true);
        await test.UntilAsync("SELECT count(*) FROM under_way WHERE seen_at IS NOT NULL", 2L);
        await test.Hub.LookForDelaysAsync(Cancel);
        await test.UntilAsync("SELECT count(*) FROM open_case WHERE kind = 'shipping.credit_offered'", 1L);
    }

    [Fact]
    public async Task What_never_ends_is_forgotten_when_its_carrier_is_asked_no_more()
    {
        await using var test = await StartAsync(new());
        await ShipAsync(test, "o1", "T1");
        await ShipAsync(test, "o2", "T2");
        await test.UntilAsync("SELECT count(*) FROM under_way", 2L);
        await test.ScalarAsync("UPDATE under_way SET left_at = now() - interval '61 days' WHERE parcel = 'T1'");
        await test.Hub.TidyAsync(Cancel);
        (await test.ScalarAsync("SELECT parcel FROM under_way")).ShouldBe("T2");
    }

    [Fact]
    public async Task Rows_of_a_brand_that_no_longer_asks_for_it_go()
    {
        await using var test = await TestHub.NewAsync(Cancel);
        await test.StartAsync();
        await test.ScalarAsync($"INSERT INTO under_way(brand, stream, parcel, carrier, service, origin, country, zone, area, left_at, look_at) VALUES ('{TestHub.Order("o1").Brand}', 'order/o1', 'T1', 'DHL', '', 'AMS', 'NL', '1', '10', now(), now())");
        await test.Hub.TidyAsync(Cancel);
        (await test.ScalarAsync("SELECT count(*) FROM under_way")).ShouldBe(0L);
    }

    [Fact]
    public async Task A_brand_that_does_not_ask_for_it_keeps_nothing()
    {
        await using var test = await TestHub.NewAsync(Cancel);
        await test.StartAsync();
        await ShipAsync(test, "o1", "T1");
        await test.UntilAsync("SELECT status FROM stream WHERE stream = 'order/o1'", "shipped");
        await test.Hub.LookForDelaysAsync(Cancel);
        (await test.ScalarAsync("SELECT count(*) FROM under_way")).ShouldBe(0L);
    }

    private static async Task<TestHub> StartAsync(DelayTerms delays, params TrackerTerms[] trackers)
    {
        var test = await TestHub.NewAsync(Cancel);
        test.Change = plan => plan with { Brands = plan.Brands.ToDictionary(b => b.Key, b => b.Value with { Terms = b.Value.Terms with { Delays = delays, Trackers = trackers } }) };
        await test.StartAsync();
        return test;
    }

    /// <summary>The next round, after one at that time and with the tracker's row like that.</summary>
    private static async Task LookAgainAsync(TestHub test, string lastRound, string tracked)
    {
        await test.ScalarAsync($"UPDATE hub_value SET at = {lastRound} WHERE key LIKE 'delays.hears/%'");
        await test.ScalarAsync($"UPDATE tracked SET {tracked}");
        await test.ScalarAsync("UPDATE under_way SET look_at = now()");
        await test.Hub.LookForDelaysAsync(Cancel);
    }

    /// <summary>A parcel that left nine hours ago.</summary>
    private static async Task ShipAsync(TestHub test, string order, string parcel, string carrier = "Delhivery", bool isSeen = false)
    {
        await test.CountAsync("SKU-A", "AMS", 10);
        await test.PlaceAsync(order, ("SKU-A", 1));
        await test.UntilAsync($"SELECT count(*) FROM effect_log WHERE kind = 'fulfilment.submit_to_warehouse.v1' AND stream = 'order/{order}'", 1L);
        await test.SendAsync(TestHub.Order(order), new FulfilmentSignal.Shipped(order, "AMS", carrier, parcel, [new("SKU-A", 1)], DateTimeOffset.UtcNow.AddHours(-9), null));
        if (isSeen) await test.SendAsync(TestHub.Order(order), Scan(parcel, ScanStatus.PickedUp, 8));
    }

    private static ShippingSignal.Scanned Scan(string parcel, ScanStatus status, int hoursAgo) => new("delhivery", parcel, status, status.ToString(), DateTimeOffset.UtcNow.AddHours(-hoursAgo), null);
}
