using Quartermaster.Core.Connecting;
using Quartermaster.Core.Fulfilment;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Orders;
using Quartermaster.Core.Shipping;

namespace Quartermaster.Core.Tests.Flows;

/// <summary>Money and wishes that come after an order's end: none of them vanishes.</summary>
public sealed class AfterTheEndTests
{
    private static readonly OrderFacts Unpaid = Sample.Facts() with { Payment = new(PaymentState.Pending, PaymentMethod.Prepaid, "bank transfer") };
    private static readonly OrderFacts Paid = Sample.Facts() with { UpdatedAt = Sample.Monday.AddDays(4) };

    private static OrderStory TimedOut() => new OrderStory().Reported(Unpaid).Hear(new OrderSignal.HoldLapsed(HoldKind.AwaitingPayment));

    [Fact]
    public void A_transfer_on_the_fourth_day_makes_the_order_go_on()
    {
        var story = TimedOut().Reported(Paid, "orders/paid");
        story.Status.ShouldBe("allocated");
        story.Happened<OrderEvent.Paid>().Count().ShouldBe(1);
        story.Planned<FulfilmentEffect.SubmitToWarehouse>().Count().ShouldBe(1);
        story.Settle<OrderEffect.CancelAtChannel>(new Outcome.Refused("paid_meanwhile", "paid")).Cases.ShouldBeEmpty("the order goes on, so nothing is to be cancelled");
    }

    [Fact]
    public void A_part_of_the_money_after_the_end_is_a_case_and_the_rest_makes_it_go_on()
    {
        var story = TimedOut().Reported(Paid with { Payment = new(PaymentState.PartiallyPaid, PaymentMethod.Prepaid, "bank transfer", 500m) });
        story.Status.ShouldBe("cancelled");
        story.Cases["cancel/paid"].Kind.ShouldBe("order.paid_after_cancel");
        story.Reported(Paid with { UpdatedAt = Paid.UpdatedAt.AddDays(1) }, "orders/paid").Status.ShouldBe("allocated");
        story.Cases.ShouldBeEmpty();
    }

    [Fact]
    public void Money_for_an_order_that_a_person_or_the_channel_cancelled_is_a_case_until_it_is_given_back()
    {
        var byPerson = new OrderStory().Reported(Unpaid).Hear(new OrderSignal.CancelAsked("changed her mind", "ann")).Reported(Paid, "orders/paid");
        byPerson.Status.ShouldBe("cancelled");
        byPerson.Cases.Keys.ShouldBe(["cancel/paid"]);
        byPerson.Reported(Paid with { UpdatedAt = Paid.UpdatedAt.AddHours(1), Payment = Paid.Payment with { State = PaymentState.Refunded } }).Cases.ShouldBeEmpty();

        var atChannel = TimedOut().Reported(Paid with { CancelledAt = Paid.UpdatedAt }, "orders/cancelled");
        atChannel.Status.ShouldBe("cancelled");
        atChannel.Cases.Keys.ShouldBe(["cancel/paid"]);
    }

    [Fact]
    public void An_order_that_was_paid_before_it_was_cancelled_is_no_case()
    {
        var story = new OrderStory().Reported().AllDone().Hear(new OrderSignal.CancelAsked("changed her mind", "ann"));
        story.Settle<FulfilmentEffect.WithdrawFromWarehouse>(new Outcome.Done()).Reported(Paid with { Tags = ["x"] }, "orders/updated");
        story.Status.ShouldBe("cancelled");
        story.Cases.ShouldBeEmpty();
    }

    [Fact]
    public void A_channel_that_does_not_cancel_is_a_case_until_it_did()
    {
        var story = TimedOut().Settle<OrderEffect.CancelAtChannel>(new Outcome.Refused("ACCESS", "no scope"));
        story.Cases["cancel/channel"].Kind.ShouldBe("order.not_cancelled_at_channel");
        story.Reported(Unpaid with { UpdatedAt = Paid.UpdatedAt, CancelledAt = Paid.UpdatedAt }, "orders/cancelled").Cases.ShouldBeEmpty();

        TimedOut().Settle<OrderEffect.CancelAtChannel>(new Outcome.Refused("ACCESS", "no scope")).Settle<OrderEffect.CancelAtChannel>(new Outcome.Done()).Cases.ShouldBeEmpty();
    }

    [Fact]
    public void What_a_person_cancels_is_cancelled_at_the_channel_too_and_the_echo_changes_nothing()
    {
        var cash = Sample.Facts() with { Payment = new(PaymentState.Pending, PaymentMethod.CashOnDelivery, "cod") };
        var story = new OrderStory().Reported(cash).AllDone().Hear(new OrderSignal.CancelAsked("changed her mind", "ann"));
        story.Planned<OrderEffect.CancelAtChannel>().ShouldBeEmpty("the warehouse may still keep it, and then it must not be cancelled there");

        story.Settle<FulfilmentEffect.WithdrawFromWarehouse>(new Outcome.Done());
        story.Planned<OrderEffect.CancelAtChannel>().Single().ShouldBe(new(cash.ExternalId, "changed her mind"));
        story.Settle<OrderEffect.CancelAtChannel>(new Outcome.Done()).Reported(cash with { UpdatedAt = Paid.UpdatedAt, CancelledAt = Paid.UpdatedAt, CancelReason = "other" }, "orders/cancelled");
        story.Planned<OrderEffect.CancelAtChannel>().Count().ShouldBe(1);
        (story.Status, story.Cases.Count).ShouldBe(("cancelled", 0));
    }

    [Fact]
    public void A_paid_order_that_a_person_cancels_is_a_case_until_the_channel_has_given_the_money_back()
    {
        var story = new OrderStory().Reported().Hear(new OrderSignal.CancelAsked("changed her mind", "ann"));
        story.Settle<OrderEffect.CancelAtChannel>(new Outcome.Refused("paid_meanwhile", "The shop says the order is paid."));
        story.Cases["cancel/channel"].Detail.ShouldContain("Cancel it at the channel and give the money back there.");
        story.Reported(Paid with { CancelledAt = Paid.UpdatedAt, Payment = Paid.Payment with { State = PaymentState.Refunded } }, "orders/cancelled").Cases.ShouldBeEmpty();
    }

    [Fact]
    public void What_the_channel_cancelled_or_the_warehouse_sends_after_all_is_not_cancelled_there()
    {
        new OrderStory().Reported().Reported(Paid with { CancelledAt = Paid.UpdatedAt }, "orders/cancelled").Planned<OrderEffect.CancelAtChannel>().ShouldBeEmpty();
        var kept = new OrderStory().Reported().AllDone().Hear(new OrderSignal.CancelAsked("changed her mind", "ann")).Settle<FulfilmentEffect.WithdrawFromWarehouse>(new Outcome.Refused("packed", "It is packed."));
        kept.Cases.Keys.ShouldContain("cancel/too_late");
        kept.Planned<OrderEffect.CancelAtChannel>().ShouldBeEmpty();
    }

    [Fact]
    public void A_review_comes_long_after_the_end_and_is_told_to_the_customers_flows()
    {
        var review = new Review("r1", "stars", 5m, Sample.Monday.AddDays(20), Text: "Lovely.");
        var story = new OrderStory().Reported().Shipped("T1", "BLR", ("SKU-A", 2), ("SKU-B", 1)).AllDone().Scanned("T1", ScanStatus.Delivered).Hear(new OrderSignal.ReviewTold(review), new OrderSignal.ReviewTold(review));
        story.Happened<OrderEvent.Reviewed>().Count().ShouldBe(1);
        var told = story.Forwarded.Single(f => f.Signal is Core.Campaigns.RunSignal.Reviewed);
        (told.To.Key, ((Core.Campaigns.RunSignal.Reviewed)told.Signal).Review).ShouldBe(("run/email:asha@example.com", review with { OrderRef = Sample.Stream.Id }));
        new OrderStory().Hear(new OrderSignal.ReviewTold(review)).Events.ShouldBeEmpty("an order that nobody has heard of");
    }

    [Fact]
    public void Units_added_after_it_was_closed_are_sent()
    {
        var story = new OrderStory().Reported().Shipped("T1", "BLR", ("SKU-A", 2), ("SKU-B", 1)).AllDone().Scanned("T1", ScanStatus.Delivered);
        story.Status.ShouldBe("closed");
        var more = Sample.Facts(Sample.Line("1", "SKU-A", 2), Sample.Line("2", "SKU-B", 2)) with { UpdatedAt = story.Now };
        story.Reported(more, "orders/edited").Planned<FulfilmentEffect.SubmitToWarehouse>().Last().Order.Lines.Select(l => (l.Sku, l.Quantity)).ShouldBe([("SKU-B", 1)]);
        story.Reported(more, "orders/edited").Last.ShouldBe((0, 0, 0));
        story.Shipped("T2", "BLR", ("SKU-B", 1)).AllDone().Scanned("T2", ScanStatus.Delivered).Status.ShouldBe("closed");
        story.File.Books.Billed.ShouldBe(2050m);
    }

    [Fact]
    public void Units_added_to_an_order_that_somebody_else_finished_wait_for_a_person()
    {
        var story = new OrderStory().Reported(Sample.Facts(Sample.Line("1", "SKU-A", 1) with { Fulfilled = 1 }));
        story.Status.ShouldBe("closed");
        story.Reported(Sample.Facts(Sample.Line("1", "SKU-A", 2) with { Fulfilled = 1 }) with { UpdatedAt = Paid.UpdatedAt }, "orders/edited").Status.ShouldBe("held");
        story.Hear(new OrderSignal.HoldLiftAsked(HoldKind.PlacedBeforeUs, "ann")).Planned<FulfilmentEffect.SubmitToWarehouse>().Single().Order.Lines.Single().Quantity.ShouldBe(1);
    }
}
