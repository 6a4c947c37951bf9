using Quartermaster.Connectors.Tests;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Labels;
using Quartermaster.Sandbox.Twins;

namespace Quartermaster.Connectors.Ups.Tests;

/// <summary>Connector and twin over real HTTP: however many answers get lost, each label is bought once and taken back when nobody wants it.</summary>
public sealed class UpsRoundTripTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public Task Lost_answers_buy_each_label_once_and_find_it() => LabelRoundTrip.LoseAnswersAsync<UpsTwin>(new UpsConnector(), UpsTests.Parcel, [.. UpsTests.Settings, ("absent_codes", UpsTwin.Absent)], Cancel);

    // The guard above would be worth nothing if the twin sold under one reference only once by itself.
    [Fact]
    public Task The_twin_notices_a_label_bought_twice() => LabelRoundTrip.BuyTwiceAsync<UpsTwin>(new UpsConnector(), UpsTests.Parcel, UpsTests.Settings, Cancel);

    [Fact]
    public async Task Without_a_word_for_nothing_a_lost_purchase_goes_to_a_person_and_is_not_repeated()
    {
        var connector = new UpsConnector();
        await using var hub = await LabelRoundTrip.StartAsync(connector, UpsTests.Settings, Cancel);
        var work = new Work("a", new LabelEffect.Buy(UpsTests.Parcel), 1);
        // With a token in hand the purchase itself is what gets lost.
        await connector.TestAsync(hub.SessionOf("post"), Cancel);
        hub.Sandbox.FaultsOf("post").FailBefore = 1;
        (await connector.ActAsync(hub.SessionOf("post"), [work], Cancel)).Single().Outcome.ShouldBeOfType<Outcome.Unsure>();
        hub.Sandbox.FaultsOf("post").FailBefore = 0;
        (await connector.LookUpAsync(hub.SessionOf("post"), work, Cancel)).Outcome.ShouldBeOfType<Outcome.Unsure>();
        hub.Sandbox.Twin<UpsTwin>("post").Sold.ShouldBe(0);
    }

    [Fact]
    public async Task A_token_that_was_revoked_is_asked_for_anew()
    {
        var connector = new UpsConnector();
        await using var hub = await LabelRoundTrip.StartAsync(connector, UpsTests.Settings, Cancel);
        (await connector.TestAsync(hub.SessionOf("post"), Cancel)).Outcome.ShouldBe(new Outcome.Done());
        hub.Sandbox.Twin<UpsTwin>("post").RevokeTokens();
        (await connector.TestAsync(hub.SessionOf("post"), Cancel)).Outcome.ShouldBe(new Outcome.Done());
    }

    [Fact]
    public async Task A_parcel_is_asked_for_until_it_is_over()
    {
        var connector = new UpsConnector();
        await using var hub = await LabelRoundTrip.StartAsync(connector, [.. UpsTests.Settings, ("sandbox_step_ms", "1"), ("sandbox_missed", "0")], Cancel);
        await LabelRoundTrip.FollowAsync<UpsTwin>(hub, connector, UpsTests.Parcel, Cancel);
    }
}
