using Quartermaster.Connectors.Tests;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Orders;
using Quartermaster.Sandbox.Twins;

namespace Quartermaster.Connectors.ReviewsRest.Tests;

/// <summary>Connector and twin over real HTTP.</summary>
public sealed class ReviewsRoundTripTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_somebody_writes_at_the_tool_is_told_signed_and_read_as_one_review()
    {
        await using var hub = await LoopbackHub.StartAsync(Cancel, (new ReviewsRestConnector(), "stars", new() { ["callback_secret"] = "reviews-secret" }));
        var tool = hub.Sandbox.Twin<ReviewsTwin>("stars");
        tool.Write("5600000000001", 4, null);
        tool.Write("5600000000001", 4, null);
        await hub.Sandbox.DeliveredAsync(Cancel);
        hub.Refused.ShouldBeEmpty();
        hub.Signals.Values.ShouldHaveSingleItem().ShouldBeOfType<OrderSignal.ReviewTold>().Review.ShouldSatisfyAllConditions(r => r.Rating.ShouldBe(4m), r => r.Text.ShouldBe("Very good, and quick."), r => r.Source.ShouldBe("stars"));
        (await new ReviewsRestConnector().TestAsync(hub.SessionOf("stars"), Cancel)).Outcome.ShouldBeOfType<Outcome.Done>();
    }
}
