using Quartermaster.Core.Connecting;
using Quartermaster.Core.Fulfilment;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Shipping;
using Quartermaster.Runtime.Tests.Machine;
using Shouldly;

namespace Quartermaster.Runtime.Tests.Tracking;

/// <summary>A carrier that tells nothing by itself is asked, and each thing it answers is told once.</summary>
public sealed class TrackingRoundsTests
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;
    private static readonly DateTimeOffset Left = DateTimeOffset.UtcNow.AddHours(-5);

    private readonly FakeConnector post = new() { TrackBatch = 2 };

    [Fact]
    public async Task A_parcel_is_asked_for_until_it_has_arrived_and_each_scan_is_told_once()
    {
        await using var test = await StartAsync();
        List<Signal> way = [Scan(ScanStatus.PickedUp, 60)];
        post.Where = _ => new(Nearness.Underway, [.. way]);
        await ShipAsync(test, "o1", "T1");
        await test.UntilAsync("SELECT count(*) FROM signal WHERE kind = 'shipping.scanned.v1'", 1L);
        var asked = post.AskedFor.Count;
        await UntilAskedAsync(asked + 2);
        (await test.ScalarAsync("SELECT count(*) FROM signal WHERE kind = 'shipping.scanned.v1'")).ShouldBe(1L, "an answer without news is none");

        way.Add(Scan(ScanStatus.Delivered, 10));
        post.Where = _ => new(Nearness.Over, [.. way]);
        await test.UntilAsync("SELECT count(*) FROM tracked", 0L);
        await test.UntilAsync("SELECT count(*) FROM signal WHERE kind = 'shipping.scanned.v1'", 2L);
        await test.UntilAsync("SELECT status FROM stream WHERE stream = 'order/o1'", "closed");
        asked = post.AskedFor.Count;
        await Task.Delay(600, Cancel);
        post.AskedFor.Count.ShouldBe(asked, "what has ended is asked for no more");
    }

    [Fact]
    public async Task Parcels_of_other_carriers_and_those_a_person_has_ended_are_not_asked_for()
    {
        await using var test = await StartAsync();
        post.Where = _ => new(Nearness.Unseen, []);
        await ShipAsync(test, "o1", "T1", "PostNL");
        await ShipAsync(test, "o2", "T2");
        await test.UntilAsync("SELECT min(parcel) || count(*) FROM tracked", "T21");
        await test.SendAsync(TestHub.Order("o2"), new ShippingSignal.EndTold("T2", ParcelEnd.Lost, false, "gone", "ann"));
        await test.UntilAsync("SELECT count(*) FROM tracked", 0L);
        post.AskedFor.ShouldNotContain(p => p.Tracking == "T1");
    }

    [Fact]
    public async Task Trouble_is_kept_and_asked_past_and_holds_no_other_parcel_up()
    {
        await using var test = await StartAsync();
        post.Where = p => p.Tracking == "T1" ? Whereabouts.Unanswered(new Outcome.TryLater("busy", TimeSpan.FromMilliseconds(100))) : new(Nearness.Over, [Scan(ScanStatus.Delivered, 10, p.Tracking)]);
        await ShipAsync(test, "o1", "T1");
        await ShipAsync(test, "o2", "T2");
        await test.UntilAsync("SELECT parcel || ' ' || word FROM tracked WHERE word IS NOT NULL AND (SELECT count(*) FROM tracked) = 1", "T1 busy");
        post.Where = _ => new(Nearness.Over, []);
        await test.UntilAsync("SELECT count(*) FROM tracked", 0L);
    }

    [Fact]
    public async Task Refused_credentials_are_a_case_until_they_are_taken_again()
    {
        await using var test = await StartAsync();
        post.Where = _ => Whereabouts.Unanswered(new Outcome.NotConnected("the key is wrong"));
        await ShipAsync(test, "o1", "T1");
        await test.UntilAsync("SELECT count(*) FROM open_case WHERE kind = 'connection.not_connected' AND closed_at IS NULL", 1L);
        post.Where = _ => new(Nearness.Underway, []);
        await test.UntilAsync("SELECT count(*) FROM open_case WHERE kind = 'connection.not_connected' AND closed_at IS NULL", 0L);
    }

    [Fact]
    public async Task The_last_owner_of_a_number_does_not_end_our_parcel()
    {
        await using var test = await StartAsync();
        post.Where = _ => new(Nearness.Over, [new ShippingSignal.Scanned("dhl", "T1", ScanStatus.Delivered, "OK", Left.AddYears(-1), null)]);
        await ShipAsync(test, "o1", "T1");
        await UntilAskedAsync(2);
        (await test.ScalarAsync("SELECT count(*) FROM tracked")).ShouldBe(1L);
        (await test.ScalarAsync("SELECT count(*) FROM signal WHERE kind = 'shipping.scanned.v1'")).ShouldBe(0L);
    }

    [Fact]
    public async Task A_delivery_that_is_told_late_still_ends_the_order()
    {
        await using var test = await StartAsync();
        List<Signal> way = [Scan(ScanStatus.PickedUp, 200), Scan(ScanStatus.Exception, 60)];
        post.Where = _ => new(Nearness.Troubled, [.. way]);
        await ShipAsync(test, "o1", "T1");
        await test.UntilAsync("SELECT count(*) FROM signal WHERE kind = 'shipping.scanned.v1'", 2L);
        way.Insert(1, Scan(ScanStatus.Delivered, 120));
        await test.UntilAsync("SELECT count(*) FROM tracked", 0L);
        await test.UntilAsync("SELECT status FROM stream WHERE stream = 'order/o1'", "closed");
    }

    [Fact]
    public async Task A_code_that_nobody_knows_hides_nothing_that_happened_before_it()
    {
        await using var test = await StartAsync();
        List<Signal> way = [Scan(ScanStatus.Unmapped, 30)];
        post.Where = _ => new(Nearness.Unseen, [.. way]);
        await ShipAsync(test, "o1", "T1");
        await test.UntilAsync("SELECT count(*) FROM signal WHERE kind = 'shipping.scanned.v1'", 1L);
        await UntilAskedAsync(2);
        way.Insert(0, Scan(ScanStatus.ReturnedToOrigin, 60));
        post.Where = _ => new(Nearness.Over, [.. way]);
        await test.UntilAsync("SELECT count(*) FROM tracked", 0L);
        (await test.ScalarAsync("SELECT count(*) FROM signal WHERE kind = 'shipping.scanned.v1'")).ShouldBe(2L);
    }

    [Fact]
    public async Task Two_orders_in_one_box_are_both_asked_for_and_ended_by_themselves()
    {
        await using var test = await StartAsync();
        post.Where = _ => new(Nearness.Unseen, []);
        await ShipAsync(test, "o1", "T1");
        await ShipAsync(test, "o2", "T1");
        await test.UntilAsync("SELECT count(*) FROM tracked", 2L);
        await test.SendAsync(TestHub.Order("o1"), new ShippingSignal.EndTold("T1", ParcelEnd.Lost, false, "gone", "ann"));
        await test.UntilAsync("SELECT min(stream) || count(*) FROM tracked", "order/o21");
        post.Where = _ => new(Nearness.Over, [Scan(ScanStatus.Delivered, 10)]);
        await test.UntilAsync("SELECT count(*) FROM tracked", 0L);
        await test.UntilAsync("SELECT status FROM stream WHERE stream = 'order/o2'", "closed");
    }

    [Fact]
    public async Task A_vendor_that_tells_by_itself_is_asked_only_after_its_silence_and_what_it_lost_is_told()
    {
        // At a twin an hour lasts a second: these are three.
        var broker = new FakeConnector { TrackBatch = 2, AskAfterSilence = TimeSpan.FromHours(3) };
        await using var test = await StartAsync(broker);
        broker.Where = _ => new(Nearness.Underway, []);
        await ShipAsync(test, "o1", "T1");
        await test.UntilAsync("SELECT count(*) FROM tracked WHERE asked_at IS NULL", 1L);
        // It speaks: nobody asks as long as it does.
        for (var i = 0; i < 4; i++)
        {
            await test.SendAsync(TestHub.Order("o1"), new ShippingSignal.Scanned("dhl", "T1", ScanStatus.InTransit, $"seen {i}", DateTimeOffset.UtcNow, null));
            await Task.Delay(500, Cancel);
        }
        broker.AskedFor.ShouldBeEmpty();
        (await test.ScalarAsync("SELECT asked_at FROM tracked")).ShouldBeNull("put off is not asked");
        // It falls silent, and what it did not tell is found.
        broker.Where = _ => new(Nearness.Over, [new ShippingSignal.Scanned("dhl", "T1", ScanStatus.Delivered, "DE", DateTimeOffset.UtcNow, null)]);
        await test.UntilAsync("SELECT count(*) FROM tracked", 0L);
        await test.UntilAsync("SELECT status FROM stream WHERE stream = 'order/o1'", "closed");
        broker.AskedFor.ShouldHaveSingleItem().Tracking.ShouldBe("T1");

        await ShipAsync(test, "o2", "T2");
        await test.SendAsync(TestHub.Order("o2"), new ShippingSignal.Scanned("dhl", "T2", ScanStatus.Delivered, "DE", DateTimeOffset.UtcNow, null));
        await test.UntilAsync("SELECT status FROM stream WHERE stream = 'order/o2'", "closed");
        await test.UntilAsync("SELECT count(*) FROM tracked", 0L);
        broker.AskedFor.Count.ShouldBe(1, "what has arrived is asked for no more");
    }

    [Fact]
    public async Task All_that_a_vendor_is_silent_about_is_asked_for_once_a_few_at_a_time()
    {
        var broker = new FakeConnector { TrackBatch = 2, AskAfterSilence = TimeSpan.FromHours(6) };
        await using var test = await StartAsync(broker);
        broker.Where = _ => new(Nearness.Underway, []);
        for (var i = 1; i <= 5; i++) await ShipAsync(test, $"o{i}", $"T{i}");
        await test.UntilAsync("SELECT count(*) FROM tracked WHERE asked_at IS NOT NULL", 5L, 30);
        broker.AskedFor.Select(p => p.Tracking).Order(StringComparer.Ordinal).ShouldBe(["T1", "T2", "T3", "T4", "T5"]);
    }

    [Fact]
    public async Task A_brand_without_such_a_connection_keeps_nothing()
    {
        await using var test = await TestHub.NewAsync(Cancel);
        await test.StartAsync();
        await ShipAsync(test, "o1", "T1");
        await test.UntilAsync("SELECT status FROM stream WHERE stream = 'order/o1'", "shipped");
        (await test.ScalarAsync("SELECT count(*) FROM tracked")).ShouldBe(0L);
    }

    private async Task<TestHub> StartAsync(FakeConnector? other = null)
    {
        var test = await TestHub.NewAsync(Cancel);
        test.Change = plan => plan with
        {
            Brands = plan.Brands.ToDictionary(b => b.Key, b => b.Value with { Terms = b.Value.Terms with { Trackers = [new("post", ["DHL"])] } }),
            Connections = plan.Connections.Values.Append(new("post", TestHub.Brand, other ?? post, Settings.Empty, "", new Dictionary<string, string>(), null, Sandboxed: true)).ToDictionary(c => c.Key),
        };
        await test.StartAsync();
        return test;
    }

    private static async Task ShipAsync(TestHub test, string order, string tracking, string carrier = "DHL Express")
    {
        await test.CountAsync("A", "AMS", 10);
        await test.PlaceAsync(order, ("A", 1));
        await test.UntilAsync($"SELECT count(*) FROM stream WHERE stream = 'order/{order}' AND location = 'AMS'", 1L);
        await test.SendAsync(TestHub.Order(order), new FulfilmentSignal.Shipped(order, "AMS", carrier, tracking, [new("A", 1)], Left, null));
    }

    private static ShippingSignal.Scanned Scan(ScanStatus status, int minutesAgo, string tracking = "T1") => new("dhl", tracking, status, "raw", Left.AddHours(4).AddMinutes(-minutesAgo), null);

    private async Task UntilAskedAsync(int times)
    {
        for (var i = 0; i < 400 && post.AskedFor.Count < times; i++) await Task.Delay(50, Cancel);
        post.AskedFor.Count.ShouldBeGreaterThanOrEqualTo(times);
    }
}
