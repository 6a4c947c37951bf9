using Microsoft.Extensions.Logging.Abstractions;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Kernel;
using Quartermaster.Runtime.Operations;
using Quartermaster.Runtime.Switches;
using Quartermaster.Runtime.Tests.Machine;
using Shouldly;

namespace Quartermaster.Runtime.Tests.Lanes;

/// <summary>A question about prices is a call like any other: paced, counted and stopped with its lane.</summary>
public sealed class PriceDeskTests
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;
    private static readonly PostalAddress Door = new("Jo", null, "Dam 1", null, "Amsterdam", null, "1012JS", "NL", null, null);
    private static readonly Consignment Parcel = new("ref", "order/o1", "#1", "", Door, Door, 500, null, [], null, "EUR");

    private readonly FakeConnector post = new() { Capabilities = [Capability.Carrier] };

    private static readonly StreamId Order = TestHub.Order("o1");

    [Fact]
    public async Task Carriers_are_asked_through_their_lane()
    {
        await using var test = await StartAsync();
        var asked = await AskAsync(test.Hub.Prices);
        asked.Offers.ShouldHaveSingleItem().Offer.Cost.ShouldBe(4.50m);
        asked.Silent.ShouldBeEmpty();
        post.Priced.ShouldHaveSingleItem().ShouldBeSameAs(test.Hub.Lanes!.Find("post")!.Session);
    }

    [Fact]
    public async Task A_seller_of_labels_that_tells_no_prices_is_not_left_out_in_silence()
    {
        await using var test = await StartAsync();
        post.TellsPrices = false;
        (await AskAsync(test.Hub.Prices)).ShouldSatisfyAllConditions(a => a.Offers.ShouldBeEmpty(), a => a.Silent.ShouldHaveSingleItem().ShouldBe(("post", "Fake tells no prices through this connection")));
    }

    [Fact]
    public async Task What_is_switched_off_is_not_asked_and_says_so_whoever_asks()
    {
        await using var test = await StartAsync();
        await test.Hub.Desk.SwitchAsync("connection/post", false, "a test", "ann", Cancel);
        for (var i = 0; i < 200 && !test.Hub.Switches.LaneStopped("post"); i++) await Task.Delay(50, Cancel);
        // A command has no lanes and reads the switches once.
        await using var read = new Switchboard(test.Hub.Database, test.Hub.Plan, test.Clock, NullLogger<Switchboard>.Instance);
        await read.ReadAsync(Cancel);
        foreach (var desk in (PriceDesk[])[test.Hub.Prices, new(test.Hub.Plan, read, test.Clock, _ => null)])
        {
            var asked = await AskAsync(desk);
            asked.Offers.ShouldBeEmpty();
            asked.Silent.ShouldHaveSingleItem().ShouldBe(("post", "it is switched off"));
        }
        await test.Hub.Desk.SetModeAsync(TestHub.Brand, BrandMode.Off, "ann", Cancel);
        await test.Hub.Desk.SwitchAsync("connection/post", true, "a test", "ann", Cancel);
        await read.ReadAsync(Cancel);
        (await AskAsync(new(test.Hub.Plan, read, test.Clock, _ => null))).Silent.ShouldHaveSingleItem().ShouldBe(("post", "its brand is off"));
        post.Priced.ShouldBeEmpty();
    }

    [Fact]
    public async Task Answers_are_kept_for_some_minutes_and_until_the_order_changes()
    {
        await using var test = await StartAsync();
        var clock = new SetClock(DateTimeOffset.UtcNow);
        var desk = new PriceDesk(test.Hub.Plan, test.Hub.Switches, clock, _ => null);
        desk.Of(Order, 3).ShouldBeNull("nobody asked");
        await AskAsync(desk);
        desk.Of(Order, 3)!.Value.At.ShouldBe(clock.GetUtcNow());
        desk.Of(Order, 4).ShouldBeNull("its parcels may be others");
        desk.Of(TestHub.Order("o2"), 3).ShouldBeNull();
        clock.Now += PriceDesk.Keeps;
        desk.Of(Order, 3).ShouldBeNull();
        post.Priced.Count.ShouldBe(1, "to look is not to ask");
    }

    private static async Task<AskedPrices> AskAsync(PriceDesk desk) => (await desk.AskAsync(Order, 3, [new("AMS", Parcel)], Cancel)).ShouldHaveSingleItem();

    private sealed class SetClock(DateTimeOffset now) : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = now;

        public override DateTimeOffset GetUtcNow() => Now;
    }

    private async Task<TestHub> StartAsync()
    {
        var test = await TestHub.NewAsync(Cancel);
        test.Change = plan => plan with { Connections = plan.Connections.Values.Append(new("post", TestHub.Brand, post, Settings.Empty, "", new Dictionary<string, string>(), null, Sandboxed: true)).ToDictionary(c => c.Key) };
        await test.StartAsync();
        for (var i = 0; i < 200 && test.Hub.Lanes!.Find("post")!.Token == 0; i++) await Task.Delay(50, Cancel);
        return test;
    }
}
