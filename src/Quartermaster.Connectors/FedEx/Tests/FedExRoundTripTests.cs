using Quartermaster.Connectors.Tests;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Labels;
using Quartermaster.Sandbox.Twins;

namespace Quartermaster.Connectors.FedEx.Tests;

/// <summary>Connector and twin over real HTTP.</summary>
public sealed class FedExRoundTripTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_parcel_is_asked_for_until_it_is_over()
    {
        var connector = new FedExConnector();
        await using var hub = await LabelRoundTrip.StartAsync(connector, [.. FedExTests.Settings, ("sandbox_step_ms", "1"), ("sandbox_missed", "0")], Cancel);
        await LabelRoundTrip.FollowAsync<FedExTwin>(hub, connector, FedExTests.Parcel, Cancel);
    }

    [Fact]
    public async Task A_label_is_bought_and_taken_back()
    {
        var connector = new FedExConnector();
        await using var hub = await LabelRoundTrip.StartAsync(connector, FedExTests.Settings, Cancel);
        var session = hub.SessionOf("post");
        var sold = (await connector.ActAsync(session, [new Work("a", new LabelEffect.Buy(FedExTests.Parcel), 1)], Cancel)).Single().Outcome.ShouldBeOfType<Outcome.Done>();
        (await connector.QuoteAsync(session, FedExTests.Parcel, Cancel)).Count.ShouldBe(2);
        (await connector.ActAsync(session, [new Work("b", new LabelEffect.Void("r", sold.RemoteId), 1)], Cancel)).Single().Outcome.ShouldBe(new Outcome.Done());
        hub.Sandbox.Twin<FedExTwin>("post").LeftBehind.ShouldBe(0);
    }
}
