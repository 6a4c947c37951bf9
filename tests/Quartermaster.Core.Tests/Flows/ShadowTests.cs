using Quartermaster.Core.Connecting;
using Quartermaster.Core.Fulfilment;
using Quartermaster.Core.Messages;
using Quartermaster.Core.Orders;
using Quartermaster.Core.Stock;
using Shouldly;

namespace Quartermaster.Core.Tests.Flows;

/// <summary>A brand goes from shadow to live: what the old flow began, the old flow finishes.</summary>
public sealed class ShadowTests
{
    private static OrderStory InShadow(params (string Sku, string Location, int OnHand)[] stock) => new(null, stock) { Shadow = true };

    private static OrderSignal.FulfilmentReported ByTheOldFlow(params (string Line, string Sku, int Quantity)[] lines) =>
        new("F1", "Other", "OTHER1", [.. lines.Select(l => new FulfilledLine(l.Line, l.Sku, l.Quantity))], Sample.Monday.AddHours(1), "success");

    private static int Reserved(OrderStory story) => new[] { "SKU-A", "SKU-B" }.Sum(sku => story.Desk.Find(sku, "BLR").Reserved + story.Desk.Find(sku, "DEL").Reserved);

    [Fact]
    public void An_order_that_began_in_shadow_sends_nothing_after_the_brand_went_live()
    {
        var story = InShadow(("SKU-A", "BLR", 0), ("SKU-B", "BLR", 10)).Reported();
        story.Status.ShouldBe("backordered");
        story.Shadow = false;
        story.Desk.Load(new("SKU-A", "BLR", 10, 0));
        story.Hear(new StockSignal.Arrived("SKU-A"));
        story.Status.ShouldBe("allocated");
        story.Hear(new OrderSignal.CancelAsked("changed her mind", "ann"));
        story.Planned<FulfilmentEffect.SubmitToWarehouse>().Count().ShouldBe(1);
        story.Sent.ShouldBeEmpty();
        story.Row.Shadow.ShouldBeTrue();
    }

    [Fact]
    public void What_the_old_flow_fulfils_frees_the_stock_and_closes_the_order()
    {
        var story = InShadow().Reported();
        Reserved(story).ShouldBe(3);
        story.Hear(ByTheOldFlow(("1", "SKU-A", 2), ("2", "SKU-B", 1)));
        Reserved(story).ShouldBe(0, story.Told());
        story.Status.ShouldBe("closed", story.Told());
        story.Planned<FulfilmentEffect.WithdrawFromWarehouse>().ShouldBeEmpty("no warehouse was ever asked");
        story.Sent.ShouldBeEmpty();
    }

    [Fact]
    public void What_the_old_flow_fulfils_in_part_stays_reserved_for_the_rest()
    {
        var story = InShadow().Reported().Hear(ByTheOldFlow(("1", "SKU-A", 2)));
        Reserved(story).ShouldBe(1, story.Told());
        story.Sent.ShouldBeEmpty();
    }

    [Fact]
    public void What_the_old_flow_cancels_frees_the_stock()
    {
        var story = InShadow().Reported().Reported(Sample.Facts() with { UpdatedAt = Sample.Monday.AddHours(1), CancelledAt = Sample.Monday.AddHours(1) }, "orders/cancelled");
        Reserved(story).ShouldBe(0, story.Told());
        story.Status.ShouldBe("cancelled");
    }

    [Fact]
    public void Taken_over_it_is_handed_off_for_real_and_never_twice()
    {
        var story = InShadow().Reported();
        story.Shadow = false;
        story.Hear(new OrderSignal.TakeOverAsked("ann"));
        story.Sent.Select(e => e.Effect).OfType<FulfilmentEffect.SubmitToWarehouse>().Count().ShouldBe(1, story.Told());
        Reserved(story).ShouldBe(3);
        story.Row.Shadow.ShouldBeFalse();
        story.Hear(new OrderSignal.TakeOverAsked("ann"));
        story.Last.ShouldBe((0, 0, 0));
        story.AllDone().Shipped("T1", "BLR", ("SKU-A", 2), ("SKU-B", 1)).Scanned("T1", Shipping.ScanStatus.Delivered).AllDone();
        story.Status.ShouldBe("closed", story.Told());
    }

    [Fact]
    public void It_cannot_be_taken_over_while_the_brand_itself_is_in_shadow()
    {
        var story = InShadow().Reported().Hear(new OrderSignal.TakeOverAsked("ann"));
        story.Last.ShouldBe((0, 0, 0));
        story.Row.Shadow.ShouldBeTrue();
    }

    [Fact]
    public void What_a_warehouse_has_all_the_same_is_not_handed_off_again()
    {
        var story = InShadow().Reported().Hear(new FulfilmentSignal.Accepted("5600000001", "W1", Sample.Monday.AddHours(1)));
        story.Shadow = false;
        story.Hear(new OrderSignal.TakeOverAsked("ann"));
        story.Sent.ShouldBeEmpty(story.Told());
        story.Status.ShouldBe("accepted");
    }

    [Fact]
    public void A_brand_handed_back_and_taken_up_again_leaves_alone_what_was_only_recorded_and_goes_on_with_the_rest()
    {
        OrderStory begun = new OrderStory().Reported().AllDone(), untouched = new OrderStory().Reported().AllDone();
        begun.Shadow = true;
        begun.Hear(new OrderSignal.CancelAsked("changed her mind", "ann"));
        begun.Shadow = false;
        begun.Row.Shadow.ShouldBeTrue();
        var sent = begun.Sent.Count;
        begun.Hear(new FulfilmentSignal.WithdrawalAnswered("5600000001", true, null));
        begun.Planned<MessageEffect.Send>().Last().Occasion.ShouldBe(Occasion.Cancelled);
        begun.Sent.Count.ShouldBe(sent, "the shopper heard it from the old flow");
        untouched.Row.Shadow.ShouldBeFalse();
        sent = untouched.Sent.Count;
        untouched.Shipped("T1", "BLR", ("SKU-A", 2), ("SKU-B", 1)).Sent.Count.ShouldBeGreaterThan(sent, untouched.Told());
    }
}
