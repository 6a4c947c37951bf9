using Quartermaster.Core.Fulfilment;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Messages;
using Quartermaster.Core.Orders;
using Quartermaster.Core.Stock;

namespace Quartermaster.Core.Tests.Flows;

public sealed class HoldTests
{
    private static readonly OrderFacts Unpaid = Sample.Facts() with { Payment = new(PaymentState.Pending, PaymentMethod.Prepaid, "razorpay") };

    [Fact]
    public void An_unpaid_order_waits_and_goes_on_when_it_is_paid()
    {
        var story = new OrderStory().Reported(Unpaid);
        story.Status.ShouldBe("held");
        story.Cases["hold/AwaitingPayment"].Kind.ShouldBe("order.awaiting_payment");
        story.Timers["hold/AwaitingPayment"].DueAt.ShouldBe(story.Now + Sample.Terms.PaymentPatience);

        story.Reported(Sample.Facts() with { UpdatedAt = Sample.Monday.AddMinutes(5) }, "orders/paid").Status.ShouldBe("allocated");
        story.Happened<OrderEvent.Paid>().Single().Amount.ShouldBe(1550m);
        story.Cases.ShouldBeEmpty();
        story.Timers.ShouldBeEmpty();
    }

    [Fact]
    public void Paid_before_created_places_it_once()
    {
        var story = new OrderStory().Reported(Sample.Facts() with { UpdatedAt = Sample.Monday.AddMinutes(1) }, "orders/paid").Reported(Unpaid);
        story.Status.ShouldBe("allocated");
        story.Happened<OrderEvent.Placed>().Count().ShouldBe(1);
        story.Notes[^1].ShouldContain("older than the one we hold");
    }

    [Fact]
    public void Payment_in_a_view_of_the_same_instant_counts()
    {
        var story = new OrderStory().Reported(Unpaid).Reported(Sample.Facts(), "orders/paid");
        story.Status.ShouldBe("allocated");
    }

    [Fact]
    public void An_order_that_is_never_paid_is_cancelled_and_the_shopper_hears_once()
    {
        var story = new OrderStory().Reported(Unpaid);
        story.Hear(story.Timers["hold/AwaitingPayment"].Signal!, new OrderSignal.HoldLapsed(HoldKind.AwaitingPayment)).Status.ShouldBe("cancelled");
        story.Planned<MessageEffect.Send>().Single().Template.ShouldBe("order_cancelled");
        story.Cases.ShouldBeEmpty();
        var cancel = story.Effects.Single(e => e.Effect is OrderEffect.CancelAtChannel);
        (cancel.Key, cancel.Connection).ShouldBe(("order/5600000001/cancel/1", "shop"));
    }

    [Theory]
    [InlineData(PaymentMethod.CashOnDelivery)]
    [InlineData(PaymentMethod.Invoice)]
    public void What_is_paid_later_does_not_wait_for_payment(PaymentMethod method) =>
        new OrderStory().Reported(Unpaid with { Payment = Unpaid.Payment with { Method = method } }).Status.ShouldBe("allocated");

    [Fact]
    public void Cash_on_delivery_is_collected_with_the_parcel()
    {
        var story = new OrderStory().Reported(Unpaid with { Payment = Unpaid.Payment with { Method = PaymentMethod.CashOnDelivery } });
        story.Planned<FulfilmentEffect.SubmitToWarehouse>().Single().Order.CollectOnDelivery.ShouldBe(1550m);
    }

    [Fact]
    public void Cash_on_delivery_that_was_paid_meanwhile_is_not_collected()
    {
        var cash = Unpaid with { Payment = Unpaid.Payment with { Method = PaymentMethod.CashOnDelivery } };
        var paid = cash with { UpdatedAt = Sample.Monday.AddHours(1), Payment = new(PaymentState.Paid, PaymentMethod.CashOnDelivery, "cod", 1550m) };
        var story = new OrderStory().Reported(cash).AllDone().Reported(paid, "orders/paid");
        story.Settle<FulfilmentEffect.WithdrawFromWarehouse>(new Connecting.Outcome.Done()).Status.ShouldBe("allocated");
        story.Planned<FulfilmentEffect.SubmitToWarehouse>().Select(s => s.Order.CollectOnDelivery).ShouldBe([1550m, null]);

        var late = new OrderStory().Reported(cash).AllDone().Reported(paid, "orders/paid").Settle<FulfilmentEffect.WithdrawFromWarehouse>(new Connecting.Outcome.Refused("too_late", "packed"));
        late.Cases.Keys.ShouldBe(["edit/too_late"]);
        new OrderStory().Reported(cash).Reported(cash with { UpdatedAt = paid.UpdatedAt, Tags = ["x"] }).Planned<FulfilmentEffect.WithdrawFromWarehouse>().ShouldBeEmpty();
    }

    [Fact]
    public void A_discount_changes_what_is_collected()
    {
        var cash = Unpaid with { Payment = Unpaid.Payment with { Method = PaymentMethod.CashOnDelivery } };
        var cheaper = cash with { UpdatedAt = Sample.Monday.AddHours(1), Total = 1500m, Lines = [cash.Lines[0] with { Discount = 50m }, cash.Lines[1]] };
        var story = new OrderStory().Reported(cash).AllDone().Reported(cheaper, "orders/updated").Settle<FulfilmentEffect.WithdrawFromWarehouse>(new Connecting.Outcome.Done());
        story.Planned<FulfilmentEffect.SubmitToWarehouse>().Last().Order.CollectOnDelivery.ShouldBe(1500m);
    }

    [Fact]
    public void Without_an_address_it_waits_until_somebody_types_one()
    {
        var story = new OrderStory().Reported(Sample.Facts() with { ShipTo = null });
        story.Row.Attention.ShouldNotBeNull();
        story.Hear(new OrderSignal.HoldLiftAsked(HoldKind.NoAddress, "ann")).Status.ShouldBe("held", "there is nowhere to send it");
        story.Hear(new OrderSignal.AddressCorrected(Sample.Home, "ann")).Status.ShouldBe("allocated");
        story.Planned<FulfilmentEffect.SubmitToWarehouse>().Single().Order.ShipTo.PostalCode.ShouldBe("560001");
    }

    [Fact]
    public void A_line_without_sku_waits_until_it_is_mapped()
    {
        var story = new OrderStory().Reported(Sample.Facts(Sample.Line("1", "", 1)));
        story.Cases["hold/UnmappedSku"].Kind.ShouldBe("order.unmapped_sku");
        story.Hear(new OrderSignal.LineMapped("1", "SKU-A", "ann")).Status.ShouldBe("allocated");
        story.File.Stock.Held!.Single().Sku.ShouldBe("SKU-A");
    }

    [Fact]
    public void A_total_that_does_not_add_up_is_held_and_a_cent_is_not()
    {
        new OrderStory().Reported(Sample.Facts() with { Total = 1549.95m }).Status.ShouldBe("allocated");
        new OrderStory().Reported(Sample.Facts() with { Total = 1549.94m }).Cases.ShouldContainKey("hold/TotalDoesNotAddUp");
    }

    [Theory]
    [InlineData(1001)]
    [InlineData(-1)]
    public void An_odd_quantity_is_held(int quantity) =>
        new OrderStory().Reported(Sample.Facts(Sample.Line("1", "SKU-A", quantity))).Cases.ShouldContainKey("hold/OddQuantity");

    [Fact]
    public void A_test_order_is_held()
    {
        var story = new OrderStory().Reported(Sample.Facts() with { Test = true });
        story.Cases.ShouldContainKey("hold/TestOrder");
        story.Hear(new OrderSignal.HoldLiftAsked(HoldKind.TestOrder, "lea")).Status.ShouldBe("allocated");
        story.Reported(Sample.Facts() with { Test = true, UpdatedAt = Sample.Monday.AddHours(1), Note = "x" }).Status.ShouldBe("allocated", "a lifted hold is not put on again");
    }

    [Fact]
    public void Holding_an_order_that_is_at_the_warehouse_takes_it_back()
    {
        var story = new OrderStory().Reported().AllDone().Hear(new OrderSignal.HoldAsked("fraud?", "ann", null));
        story.Planned<FulfilmentEffect.WithdrawFromWarehouse>().Count().ShouldBe(1);
        story.Settle<FulfilmentEffect.WithdrawFromWarehouse>(new Connecting.Outcome.Done()).Status.ShouldBe("held");
        story.Desk.Find("SKU-A", "BLR").Reserved.ShouldBe(0);
        story.Hear(new OrderSignal.HoldLiftAsked(HoldKind.ByPerson, "ann")).Status.ShouldBe("allocated");
        story.Effects.Select(e => e.Key).ShouldContain("order/5600000001/submit/2");
    }

    [Theory]
    [InlineData(PaymentState.Voided)]
    [InlineData(PaymentState.Refunded)]
    [InlineData(PaymentState.PartiallyPaid)]
    public void An_order_whose_money_is_gone_is_stopped_until_it_is_there_again(PaymentState state)
    {
        var story = new OrderStory().Reported().AllDone();
        story.Reported(Sample.Facts() with { UpdatedAt = Sample.Monday.AddHours(1), Payment = new(state, PaymentMethod.Prepaid, "razorpay", 10m) }, "orders/updated").Status.ShouldBe("held");
        story.Cases["hold/PaymentMissing"].Kind.ShouldBe("order.payment_missing");
        story.Settle<FulfilmentEffect.WithdrawFromWarehouse>(new Connecting.Outcome.Done()).Desk.Find("SKU-A", "BLR").Reserved.ShouldBe(0);
        story.Reported(Sample.Facts() with { UpdatedAt = Sample.Monday.AddHours(2) }, "orders/paid").Status.ShouldBe("allocated");
        story.Cases.ShouldBeEmpty();
    }

    [Fact]
    public void A_backordered_order_whose_money_was_given_back_is_not_sent_when_stock_arrives()
    {
        var story = new OrderStory(null, ("SKU-A", "BLR", 0), ("SKU-B", "BLR", 1)).Reported();
        story.Reported(Sample.Facts() with { UpdatedAt = Sample.Monday.AddHours(1), Payment = new(PaymentState.Refunded, PaymentMethod.Prepaid, "razorpay") }, "orders/updated");
        story.Hear(new StockSignal.Arrived("SKU-A")).Status.ShouldBe("held");
        story.Hear(new OrderSignal.HoldLiftAsked(HoldKind.PaymentMissing, "ann")).Status.ShouldBe("backordered", "a person may send it unpaid");
    }

    [Fact]
    public void Money_given_back_for_goods_that_have_left_holds_nothing()
    {
        var story = new OrderStory().Reported().Shipped("T1", "BLR", ("SKU-A", 2), ("SKU-B", 1));
        story.Reported(Sample.Facts() with { UpdatedAt = Sample.Monday.AddHours(1), Payment = new(PaymentState.Refunded, PaymentMethod.Prepaid, "razorpay") }, "orders/updated");
        story.Cases.ShouldBeEmpty();
    }

    [Fact]
    public void An_order_sent_unpaid_on_purpose_is_not_held_again()
    {
        var story = new OrderStory().Reported(Unpaid).Hear(new OrderSignal.HoldLiftAsked(HoldKind.AwaitingPayment, "ann"));
        story.Reported(Unpaid with { UpdatedAt = Sample.Monday.AddHours(1), Payment = Unpaid.Payment with { State = PaymentState.Voided } }, "orders/updated").Status.ShouldBe("allocated");
    }

    [Fact]
    public void An_order_imported_as_history_causes_nothing()
    {
        var story = new OrderStory().Hear(new OrderSignal.Imported(Sample.Facts(), "csv")).Reported().Hear(new OrderSignal.CancelAsked("x", "ann"));
        (story.Events.Count, story.Effects.Count, story.Requests.Count).ShouldBe((1, 0, 0));
        story.Row.Terms.ShouldContain("asha@example.com");
        story.Row.Ended.ShouldBeTrue();
    }

    [Fact]
    public void What_left_before_we_heard_of_it_is_not_sent_again()
    {
        OrderLine gone = Sample.Line("1", "SKU-A", 2) with { Fulfilled = 2 };
        var all = new OrderStory().Reported(Sample.Facts(gone));
        all.Status.ShouldBe("closed");
        all.Effects.ShouldBeEmpty();

        var part = new OrderStory().Reported(Sample.Facts(gone, Sample.Line("2", "SKU-B", 1)));
        part.Planned<FulfilmentEffect.SubmitToWarehouse>().Single().Order.Lines.Single().Sku.ShouldBe("SKU-B");
    }

    [Fact]
    public void What_was_cancelled_before_we_heard_of_it_does_nothing()
    {
        var story = new OrderStory().Reported(Sample.Facts() with { CancelledAt = Sample.Monday }, "orders/cancelled").Reported();
        story.Status.ShouldBe("cancelled");
        (story.Effects.Count, story.Requests.Count).ShouldBe((0, 0));
    }
}
