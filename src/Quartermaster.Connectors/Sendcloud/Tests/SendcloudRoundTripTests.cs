using Quartermaster.Connectors.Tests;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Labels;
using Quartermaster.Sandbox.Twins;

namespace Quartermaster.Connectors.Sendcloud.Tests;

/// <summary>Connector and twin over real HTTP: however many answers get lost, each label is bought once and taken back when nobody wants it.</summary>
public sealed class SendcloudRoundTripTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Lost_answers_buy_each_label_once_and_take_it_back()
    {
        await using var hub = await LoopbackHub.StartAsync(Cancel, (new SendcloudConnector(), "post", SendcloudTests.Settings.ToDictionary(s => s.Item1, s => s.Item2)));
        var faults = hub.Sandbox.FaultsOf("post");
        (faults.FailBefore, faults.FailAfter, faults.Reset) = (0.15, 0.3, 0.2);
        for (var i = 1; i <= 40; i++)
        {
            var issued = await hub.DoByLookUpAsync("post", new Work($"order/{i}/label/1", new LabelEffect.Buy(SendcloudTests.Parcel with { Reference = $"aurora.{i}.1", OrderRef = $"{i}" }), 1), Cancel);
            issued.Learned!.Single().Signal.ShouldBeOfType<LabelSignal.Issued>().Reference.ShouldBe($"aurora.{i}.1");
        }
        var twin = hub.Sandbox.Twin<SendcloudTwin>("post");
        twin.Sold.ShouldBe(40);
        for (var i = 1; i <= 40; i += 2) (await hub.DoByLookUpAsync("post", new Work($"order/{i}/label_void/1", new LabelEffect.Void($"aurora.{i}.1", null), 1), Cancel)).Outcome.ShouldNotBeOfType<Outcome.Refused>();
        twin.LeftBehind.ShouldBe(20);
    }
}
