using Quartermaster.Connectors.Tests;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Labels;
using Quartermaster.Sandbox.Twins;

namespace Quartermaster.Connectors.ShipEngine.Tests;

/// <summary>Connector and twin over real HTTP: however many answers get lost, each label is bought once and taken back when nobody wants it.</summary>
public sealed class ShipEngineRoundTripTests
{
    private static readonly ShipEngineConnector Connector = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public Task Lost_answers_buy_each_label_once_and_find_it() => LabelRoundTrip.LoseAnswersAsync<ShipEngineTwin>(Connector, ShipEngineTests.Parcel, ShipEngineTests.Settings, Cancel);

    // The guard above would be worth nothing if the twin sold under one reference only once by itself.
    [Fact]
    public Task The_twin_notices_a_label_bought_twice() => LabelRoundTrip.BuyTwiceAsync<ShipEngineTwin>(Connector, ShipEngineTests.Parcel, ShipEngineTests.Settings, Cancel);

    [Fact]
    public async Task A_street_it_does_not_know_is_refused_with_its_own_words()
    {
        await using var hub = await LabelRoundTrip.StartAsync(Connector, [.. ShipEngineTests.Settings, ("sandbox_unsold", "1")], Cancel);
        (await hub.DoByLookUpAsync("post", new Work("a", new LabelEffect.Buy(ShipEngineTests.Parcel), 1), Cancel)).Outcome.ShouldBeOfType<Outcome.Refused>().Code.ShouldBe("invalid_address");
    }
}
