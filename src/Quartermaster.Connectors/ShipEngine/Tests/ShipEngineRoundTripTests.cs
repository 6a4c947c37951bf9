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
    public async Task Lost_answers_buy_each_label_once_and_find_it()
    {
        await using var hub = await StartAsync();
        var faults = hub.Sandbox.FaultsOf("post");
        (faults.FailBefore, faults.FailAfter, faults.Reset) = (0.15, 0.3, 0.2);
        var twin = hub.Sandbox.Twin<ShipEngineTwin>("post");
        for (var i = 1; i <= 40; i++)
        {
            var parcel = ShipEngineTests.Parcel with { Reference = $"aurora.{i}.1", OrderRef = $"{i}" };
            var issued = await hub.DoByLookUpAsync("post", new Work($"order/{i}/label/1", new LabelEffect.Buy(parcel), 1), Cancel);
            issued.Learned!.Single().Signal.ShouldBeOfType<LabelSignal.Issued>().Reference.ShouldBe(parcel.Reference);
        }
        twin.Sold.ShouldBe(40);

        for (var i = 1; i <= 40; i += 2) await hub.DoByLookUpAsync("post", new Work($"order/{i}/label_void/1", new LabelEffect.Void($"aurora.{i}.1", null), 1), Cancel);
        (await hub.DoByLookUpAsync("post", new Work("order/99/label_void/1", new LabelEffect.Void("aurora.99.1", null), 1), Cancel)).Outcome.ShouldBeOfType<Outcome.Done>("what was never bought is not there");
        twin.LeftBehind.ShouldBe(20);
    }

    // The guard above would be worth nothing if the twin sold under one reference only once by itself.
    [Fact]
    public async Task The_twin_notices_a_label_bought_twice()
    {
        await using var hub = await StartAsync();
        for (var i = 0; i < 2; i++) await hub.DoByLookUpAsync("post", new Work("a", new LabelEffect.Buy(ShipEngineTests.Parcel), 1), Cancel);
        hub.Sandbox.Twin<ShipEngineTwin>("post").Sold.ShouldBe(2);
    }

    [Fact]
    public async Task A_street_it_does_not_know_is_refused_with_its_own_words()
    {
        await using var hub = await StartAsync(("sandbox_unsold", "1"));
        (await hub.DoByLookUpAsync("post", new Work("a", new LabelEffect.Buy(ShipEngineTests.Parcel), 1), Cancel)).Outcome.ShouldBeOfType<Outcome.Refused>().Code.ShouldBe("invalid_address");
    }

    private static Task<LoopbackHub> StartAsync(params (string Key, string Value)[] knobs) =>
        LoopbackHub.StartAsync(Cancel, (Connector, "post", ShipEngineTests.Settings.Concat(knobs).ToDictionary(s => s.Item1, s => s.Item2)));
}
