using Quartermaster.Core.Connecting;
using Quartermaster.Core.Labels;
using Quartermaster.Core.Shipping;
using Quartermaster.Sandbox.Twins;

namespace Quartermaster.Connectors.Tests;

/// <summary>What every seller of labels has to withstand together with its twin, over real HTTP.</summary>
internal static class LabelRoundTrip
{
    public static Task<LoopbackHub> StartAsync(IConnector connector, (string Key, string Value)[] settings, CancellationToken cancel) =>
        LoopbackHub.StartAsync(cancel, (connector, "post", settings.ToDictionary(s => s.Key, s => s.Value)));

    /// <summary>Of forty purchases half the answers are lost; each label is bought once and found, and those that nobody wants are taken back.</summary>
    public static async Task LoseAnswersAsync<TTwin>(IConnector connector, Consignment parcel, (string Key, string Value)[] settings, CancellationToken cancel) where TTwin : LabelSeller
    {
        await using var hub = await StartAsync(connector, settings, cancel);
        await BuyFortyAsync<TTwin>(hub, parcel, cancel);
        for (var i = 1; i <= 40; i += 2) await hub.DoByLookUpAsync("post", new Work($"order/{i}/label_void/1", new LabelEffect.Void($"aurora.{i}.1", null), 1), cancel);
        (await hub.DoByLookUpAsync("post", new Work("order/99/label_void/1", new LabelEffect.Void("aurora.99.1", null), 1), cancel)).Outcome.ShouldBeOfType<Outcome.Done>("what was never bought is not there");
        hub.Sandbox.Twin<TTwin>("post").LeftBehind.ShouldBe(20);
    }

    /// <summary>The same of a carrier that takes no label back.</summary>
    public static async Task BuyOnceAsync<TTwin>(IConnector connector, Consignment parcel, (string Key, string Value)[] settings, CancellationToken cancel) where TTwin : LabelSeller
    {
        await using var hub = await StartAsync(connector, settings, cancel);
        await BuyFortyAsync<TTwin>(hub, parcel, cancel);
    }

    private static async Task BuyFortyAsync<TTwin>(LoopbackHub hub, Consignment parcel, CancellationToken cancel) where TTwin : LabelSeller
    {
        var faults = hub.Sandbox.FaultsOf("post");
        (faults.FailBefore, faults.FailAfter, faults.Reset) = (0.15, 0.3, 0.2);
        for (var i = 1; i <= 40; i++)
        {
            var one = parcel with { Reference = $"aurora.{i}.1", OrderRef = $"{i}" };
            var issued = await hub.DoByLookUpAsync("post", new Work($"order/{i}/label/1", new LabelEffect.Buy(one), 1), cancel);
            issued.Learned!.Single().Signal.ShouldBeOfType<LabelSignal.Issued>().Reference.ShouldBe(one.Reference);
        }
        hub.Sandbox.Twin<TTwin>("post").Sold.ShouldBe(40);
    }

    public static async Task BuyTwiceAsync<TTwin>(IConnector connector, Consignment parcel, (string Key, string Value)[] settings, CancellationToken cancel) where TTwin : LabelSeller
    {
        await using var hub = await StartAsync(connector, settings, cancel);
        for (var i = 0; i < 2; i++) await hub.DoByLookUpAsync("post", new Work("a", new LabelEffect.Buy(parcel), 1), cancel);
        hub.Sandbox.Twin<TTwin>("post").Sold.ShouldBe(2);
    }

    /// <summary>A label is bought, a warehouse sends a parcel with it, and the carrier is asked until it has ended.</summary>
    public static async Task FollowAsync<TTwin>(LoopbackHub hub, IConnector connector, Consignment parcel, CancellationToken cancel) where TTwin : LabelSeller
    {
        var issued = (await connector.ActAsync(hub.SessionOf("post"), [new Work("a", new LabelEffect.Buy(parcel), 1)], cancel)).Single().Learned!.Single().Signal.ShouldBeOfType<LabelSignal.Issued>().Label;
        await FollowAsync<TTwin>(hub, connector, issued.Tracking, "", cancel);
    }

    /// <summary>A warehouse hands a parcel to this carrier, and the carrier is asked until it has ended.</summary>
    public static async Task FollowAsync<TTwin>(LoopbackHub hub, IConnector connector, string tracking, string carrier, CancellationToken cancel) where TTwin : LabelSeller
    {
        var session = hub.SessionOf("post");
        ParcelToFind[] wanted = [new(tracking, DateTimeOffset.UtcNow)];
        (await connector.TrackAsync(session, wanted, cancel)).Single().ShouldSatisfyAllConditions(at => at.Trouble.ShouldBeNull(), at => at.Nearness.ShouldBe(Nearness.Unseen), at => at.Scans.ShouldBeEmpty());
        hub.Sandbox.Twin<TTwin>("post").SendOff(tracking, carrier);
        var told = Whereabouts.Unanswered(new Outcome.TryLater("not asked yet"));
        for (var i = 0; i < 400 && told.Nearness != Nearness.Over; i++)
        {
            await Task.Delay(10, cancel);
            told = (await connector.TrackAsync(session, wanted, cancel)).Single();
        }
        told.Scans.Cast<ShippingSignal.Scanned>().Select(s => s.Status).ShouldBe([ScanStatus.PickedUp, ScanStatus.OutForDelivery, ScanStatus.Delivered]);
    }
}
