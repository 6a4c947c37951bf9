using Quartermaster.Core.Connecting;
using Quartermaster.Core.Kernel;
using Quartermaster.Runtime.Operations;
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

    [Fact]
    public async Task Carriers_are_asked_through_their_lane()
    {
        await using var test = await StartAsync();
        var (offers, silent) = await DeskOf(test).AskAsync(TestHub.Brand, Parcel, Cancel);
        offers.ShouldHaveSingleItem().Offer.Cost.ShouldBe(4.50m);
        silent.ShouldBeEmpty();
        post.Priced.ShouldHaveSingleItem().ShouldBeSameAs(test.Hub.Lanes!.Find("post")!.Session);
    }

    [Fact]
    public async Task What_is_switched_off_is_not_asked_and_says_so()
    {
        await using var test = await StartAsync();
        await test.Hub.Desk.SwitchAsync("connection/post", false, "a test", "ann", Cancel);
        for (var i = 0; i < 200 && !test.Hub.Switches.LaneStopped("post"); i++) await Task.Delay(50, Cancel);
        var (offers, silent) = await DeskOf(test).AskAsync(TestHub.Brand, Parcel, Cancel);
        offers.ShouldBeEmpty();
        silent.ShouldHaveSingleItem().ShouldBe(("post", "it is switched off"));
        post.Priced.ShouldBeEmpty();
    }

    private static PriceDesk DeskOf(TestHub test) => new(test.Hub.Plan, test.Clock, test.Hub);

    private async Task<TestHub> StartAsync()
    {
        var test = await TestHub.NewAsync(Cancel);
        test.Change = plan => plan with { Connections = plan.Connections.Values.Append(new("post", TestHub.Brand, post, Settings.Empty, "", new Dictionary<string, string>(), null, Sandboxed: true)).ToDictionary(c => c.Key) };
        await test.StartAsync();
        for (var i = 0; i < 200 && test.Hub.Lanes!.Find("post")!.Token == 0; i++) await Task.Delay(50, Cancel);
        return test;
    }
}
