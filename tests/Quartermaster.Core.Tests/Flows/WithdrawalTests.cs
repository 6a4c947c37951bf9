using Quartermaster.Core.Connecting;
using Quartermaster.Core.Fulfilment;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Messages;
using Quartermaster.Core.Orders;
using Quartermaster.Core.Stock;

namespace Quartermaster.Core.Tests.Flows;

/// <summary>An order is taken back from wherever its hand-off is: still with us, on the wire, or at the warehouse.</summary>
public sealed class WithdrawalTests
{
    private const string Order = "5600000001";
    private static readonly Outcome Done = new Outcome.Done();
    private static readonly OrderSignal.CancelAsked Cancel = new("changed her mind", "ann");

    /// <summary>Two buildings that belong to two companies.</summary>
    private static readonly BrandTerms TwoWarehouses = Sample.Terms with { Locations = [new("BLR", "Bengaluru", "wms-a", "IN", "5", 40m), new("DEL", "Delhi", "wms-b", "IN", "1", 40m)] };

    private static FulfilmentSignal.ShortPicked Short => new(Order, "BLR", [new("SKU-A", 1)], Sample.Monday.AddHours(1), new("wms-a", "BLR"));

    [Fact]
    public void A_hand_off_that_was_never_sent_is_called_off_and_the_warehouse_hears_nothing()
    {
        var story = new OrderStory().Reported().Hear(Cancel);
        story.Planned<FulfilmentEffect.WithdrawFromWarehouse>().ShouldBeEmpty();
        story.Requests.OfType<CallOff>().ShouldHaveSingleItem().EffectKey.ShouldBe("order/5600000001/submit/1");
        story.Status.ShouldBe("cancelled");
        story.Desk.Find("SKU-A", "BLR").Reserved.ShouldBe(0);
        story.Planned<MessageEffect.Send>().Count(m => m.Occasion == Occasion.Cancelled).ShouldBe(1);
    }

    [Fact]
    public void A_hand_off_that_waits_for_its_retry_is_called_off_before_the_warehouse_is_asked()
    {
        var story = new OrderStory().Reported().Is<FulfilmentEffect.SubmitToWarehouse>(EffectPlace.Tried).Hear(Cancel);
        story.Places["order/5600000001/submit/1"].ShouldBe(EffectPlace.Ended, "nothing of it may go out later");
        story.Planned<FulfilmentEffect.WithdrawFromWarehouse>().ShouldHaveSingleItem().HandoffKey.ShouldBe("order/5600000001/submit/1");
        story.Planned<MessageEffect.Send>().ShouldNotContain(m => m.Occasion == Occasion.Cancelled, "the warehouse may know of it");
        story.Settle<FulfilmentEffect.WithdrawFromWarehouse>(Done).Planned<MessageEffect.Send>().Count(m => m.Occasion == Occasion.Cancelled).ShouldBe(1);
    }

    [Fact]
    public void A_hand_off_on_the_wire_is_waited_for_and_then_asked_back()
    {
        var story = new OrderStory().Reported().Is<FulfilmentEffect.SubmitToWarehouse>(EffectPlace.UnderWay).Hear(Cancel);
        story.Planned<FulfilmentEffect.WithdrawFromWarehouse>().ShouldBeEmpty("asked now, the warehouse would say that it does not have it");
        story.Timers["call_off/1"].Signal.ShouldBe(new FulfilmentSignal.CallOffDue(1));
        story.Settle<FulfilmentEffect.SubmitToWarehouse>(Done).Planned<FulfilmentEffect.WithdrawFromWarehouse>().Count().ShouldBe(1);
        story.Hear(new FulfilmentSignal.CallOffDue(1)).Last.ShouldBe((0, 0, 0), "it has ended");
    }

    [Fact]
    public void A_hand_off_that_came_back_from_the_wire_without_a_word_is_found_by_the_timer()
    {
        var story = new OrderStory().Reported().Is<FulfilmentEffect.SubmitToWarehouse>(EffectPlace.UnderWay).Hear(Cancel);
        story.Hear(new FulfilmentSignal.CallOffDue(1)).Timers["call_off/1"].DueAt.ShouldBe(story.Now.AddSeconds(10), "still on the wire");
        story.Is<FulfilmentEffect.SubmitToWarehouse>(EffectPlace.Tried).Hear(new FulfilmentSignal.CallOffDue(1));
        story.Planned<FulfilmentEffect.WithdrawFromWarehouse>().Count().ShouldBe(1);
    }

    [Fact]
    public void A_hand_off_that_is_refused_while_it_is_called_off_was_taken_back()
    {
        var story = new OrderStory().Reported().Is<FulfilmentEffect.SubmitToWarehouse>(EffectPlace.UnderWay).Hear(Cancel);
        story.Settle<FulfilmentEffect.SubmitToWarehouse>(new Outcome.Refused("bad_zip", "We do not serve it.")).Planned<FulfilmentEffect.WithdrawFromWarehouse>().ShouldBeEmpty();
        story.Planned<MessageEffect.Send>().Count(m => m.Occasion == Occasion.Cancelled).ShouldBe(1);
    }

    [Fact]
    public void An_edit_before_the_hand_off_was_sent_goes_out_once_with_the_new_lines()
    {
        var story = new OrderStory().Reported().Reported(Sample.Facts(Sample.Line("1", "SKU-A", 1)) with { UpdatedAt = Sample.Monday.AddMinutes(9) }, "orders/edited");
        story.Planned<FulfilmentEffect.WithdrawFromWarehouse>().ShouldBeEmpty();
        story.Places["order/5600000001/submit/1"].ShouldBe(EffectPlace.Ended);
        story.Planned<FulfilmentEffect.SubmitToWarehouse>().Last().Order.Lines.ShouldHaveSingleItem().Quantity.ShouldBe(1);
    }

    [Fact]
    public void A_rejection_by_event_stops_the_hand_off_that_waits_for_its_retry()
    {
        var story = new OrderStory().Reported().Is<FulfilmentEffect.SubmitToWarehouse>(EffectPlace.Tried);
        story.Hear(new FulfilmentSignal.Rejected(Order, "closed", "Closed.", Sample.Monday.AddHours(1), new("wms", "BLR")));
        story.Places["order/5600000001/submit/1"].ShouldBe(EffectPlace.Ended, "it is sent from elsewhere");
        story.Planned<FulfilmentEffect.SubmitToWarehouse>().Select(x => x.Order.Location).ShouldBe(["BLR", "DEL"]);
    }

    [Fact]
    public void What_one_warehouse_says_is_not_taken_for_the_word_of_another()
    {
        var story = new OrderStory(TwoWarehouses).Reported().AllDone().Hear(Short).AllDone();
        story.Planned<FulfilmentEffect.SubmitToWarehouse>().Last().Order.Connection.ShouldBe("wms-b");
        story.Hear(new FulfilmentSignal.Rejected(Order, "closed", "Closed.", Sample.Monday.AddHours(2), new("wms-a")));
        story.Happened<FulfilmentEvent.TurnedDown>().ShouldHaveSingleItem().Location.ShouldBe("BLR");
        story.Desk.Find("SKU-A", "DEL").Reserved.ShouldBeGreaterThan(0, "the other one sends what it was given");
    }

    [Fact]
    public void Of_two_buildings_of_one_company_the_named_hand_off_is_meant()
    {
        var story = new OrderStory().Reported().AllDone().Hear(Short with { Meant = new("wms", "BLR") }).AllDone();
        story.Hear(new FulfilmentSignal.Rejected(Order, "closed", "Closed.", Sample.Monday.AddHours(2), new("wms", null, "order/5600000001/submit/1")));
        story.Happened<FulfilmentEvent.TurnedDown>().ShouldHaveSingleItem().Attempt.ShouldBe(1);
        story.Hear(new FulfilmentSignal.Accepted(Order, "W2", Sample.Monday.AddHours(2), new("wms", "DEL")));
        story.Happened<FulfilmentEvent.TakenOn>().ShouldHaveSingleItem().Attempt.ShouldBe(2);
    }

    [Fact]
    public void A_cancellation_waits_for_every_warehouse()
    {
        var story = new OrderStory(TwoWarehouses).Reported().AllDone().Hear(Short).AllDone().Hear(Cancel);
        story.Hear(new FulfilmentSignal.WithdrawalAnswered(Order, true, null, new("wms-a")));
        story.Planned<MessageEffect.Send>().ShouldNotContain(m => m.Occasion == Occasion.Cancelled, "the other one has not answered");
        story.Desk.Find("SKU-A", "DEL").Reserved.ShouldBe(1);
        story.Hear(new FulfilmentSignal.WithdrawalAnswered(Order, true, null, new("wms-b")));
        story.Planned<MessageEffect.Send>().Count(m => m.Occasion == Occasion.Cancelled).ShouldBe(1);
        story.Desk.Find("SKU-A", "DEL").Reserved.ShouldBe(0);
    }

    [Fact]
    public void An_answer_by_event_stops_the_question_that_would_be_asked_again()
    {
        var story = new OrderStory().Reported().AllDone().Hear(Cancel).Is<FulfilmentEffect.WithdrawFromWarehouse>(EffectPlace.Tried);
        story.Hear(new FulfilmentSignal.WithdrawalAnswered(Order, true, null, new("wms")));
        story.Places["order/5600000001/withdraw/1"].ShouldBe(EffectPlace.Ended, "asked again it could hit a later hand-off of the order");
    }

    [Fact]
    public void A_second_rejection_counts_although_the_warehouse_has_a_slow_clock()
    {
        var story = new OrderStory().Reported().Settle<FulfilmentEffect.SubmitToWarehouse>(new Outcome.Refused("bad_zip", "We do not serve it."));
        story.Settle<FulfilmentEffect.SubmitToWarehouse>(Done);
        story.Hear(new FulfilmentSignal.Rejected(Order, "closed", "Closed.", Sample.Monday.AddHours(-1), new("wms", "DEL")));
        story.Happened<FulfilmentEvent.TurnedDown>().Select(x => x.Location).ShouldBe(["BLR", "DEL"]);
    }

    [Fact]
    public void What_a_warehouse_kept_and_then_rejects_is_free_again()
    {
        var story = new OrderStory().Reported().AllDone().Hear(Cancel).Settle<FulfilmentEffect.WithdrawFromWarehouse>(new Outcome.Refused("too_late", "It is packed."));
        story.Hear(new FulfilmentSignal.Rejected(Order, "damaged", "It fell.", Sample.Monday.AddHours(1), new("wms", "BLR")));
        story.Desk.Find("SKU-A", "BLR").ShouldBe(new Position("SKU-A", "BLR", 10, 0));
    }
}
