using Quartermaster.Core.Connecting;
using Quartermaster.Core.Fulfilment;
using Quartermaster.Core.Orders;

namespace Quartermaster.Core.Tests.Flows;

/// <summary>When the channel is asked what an order is now, and what its answer counts for.</summary>
public sealed class FetchTests
{
    private static readonly OrderSignal.ChangeAnnounced Announced = new("shop", "5600000001", "fulfillment_events/create");
    private static readonly OrderFacts Other = Sample.Facts() with { ShipTo = Sample.Home with { Line1 = "7 Park St" } };

    [Fact]
    public void An_announcement_while_it_is_fetched_is_fetched_after_that()
    {
        var story = new OrderStory().Reported().Hear(Announced);
        story.Now = story.Now.AddSeconds(-9);
        story.Hear(Announced).Planned<FulfilmentEffect.FetchOrder>().Count().ShouldBe(1);
        var due = story.Timers["fetch"];
        story.Now = due.DueAt.AddSeconds(-10);
        story.Hear(due.Signal!).Planned<FulfilmentEffect.FetchOrder>().Count().ShouldBe(2);
    }

    [Fact]
    public void Of_two_views_of_one_second_the_fetched_one_counts()
    {
        var story = new OrderStory().Reported().Reported(Other, "orders/updated");
        story.File.Order.ShipTo.ShouldBe(Sample.Home);
        story.Planned<FulfilmentEffect.FetchOrder>().Count().ShouldBe(1);
        story.Hear(new OrderSignal.Reported(Other, "fetched", Fetched: true)).File.Order.ShipTo!.Line1.ShouldBe("7 Park St");
        story.Hear(new OrderSignal.Reported(Other, "fetched", Fetched: true)).Last.ShouldBe((0, 0, 0));
    }

    [Fact]
    public void A_second_view_of_one_second_that_says_the_same_is_not_fetched()
    {
        var story = new OrderStory().Reported().Reported(Sample.Facts() with { Payment = new(PaymentState.Pending, PaymentMethod.Prepaid, "razorpay") }, "orders/create");
        story.Planned<FulfilmentEffect.FetchOrder>().ShouldBeEmpty();
    }

    [Fact]
    public void A_cancellation_in_a_view_of_the_same_second_counts_at_once() =>
        new OrderStory().Reported().Reported(Other with { CancelledAt = Sample.Monday }, "orders/cancelled").Status.ShouldBe("cancelled");

    [Fact]
    public void A_fetch_that_failed_is_a_case_until_the_channel_is_heard()
    {
        var story = new OrderStory().Reported().Hear(Announced).Settle<FulfilmentEffect.FetchOrder>(new Outcome.Refused("x", "no"));
        story.Cases.Keys.ShouldBe(["fetch"]);
        story.Reported(Sample.Facts() with { UpdatedAt = Sample.Monday.AddHours(1) }, "orders/updated").Cases.ShouldBeEmpty();
    }
}
