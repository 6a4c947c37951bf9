using Quartermaster.Core.Books;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Fulfilment;
using Quartermaster.Core.Messages;
using Quartermaster.Core.Orders;
using Quartermaster.Core.Shipping;
using Quartermaster.Core.Stock;

namespace Quartermaster.Core.Tests.Flows;

public sealed class ChangeTests
{
    private static readonly Outcome Done = new Outcome.Done();
    private static readonly Outcome No = new Outcome.Refused("late", "It is packed.");

    private static OrderFacts Edited(int a, int b) => Sample.Facts(Sample.Line("1", "SKU-A", a), Sample.Line("2", "SKU-B", b)) with { UpdatedAt = Sample.Monday.AddMinutes(9) };

    [Fact]
    public void An_edit_takes_it_back_and_hands_the_new_lines_off()
    {
        var story = new OrderStory().Reported().AllDone().Reported(Edited(1, 3), "orders/edited");
        story.Settle<FulfilmentEffect.WithdrawFromWarehouse>(Done);
        story.Planned<FulfilmentEffect.SubmitToWarehouse>().Last().Order.Lines.Select(l => (l.Sku, l.Quantity)).ShouldBe([("SKU-A", 1), ("SKU-B", 3)]);
        story.Desk.Find("SKU-A", "BLR").Reserved.ShouldBe(1);
        story.Planned<MessageEffect.Send>().Count(m => m.Occasion == Occasion.Confirmed).ShouldBe(1);
    }

    [Fact]
    public void An_edit_while_it_waits_for_stock_waits_for_the_new_lines()
    {
        var story = new OrderStory(null, ("SKU-A", "BLR", 1), ("SKU-B", "BLR", 5)).Reported();
        story.Status.ShouldBe("backordered");
        story.Reported(Edited(1, 1), "orders/edited").Status.ShouldBe("allocated");
        story.Requests.OfType<StockRequest.Wait>().Select(w => w.Waiting).ShouldBe([true, false]);
    }

    [Fact]
    public void An_edit_that_the_warehouse_will_not_take_is_a_case()
    {
        var story = new OrderStory().Reported().AllDone().Reported(Edited(1, 1), "orders/edited").Settle<FulfilmentEffect.WithdrawFromWarehouse>(No);
        story.Cases["edit/too_late"].Kind.ShouldBe("order.edit_too_late");
        story.Shipped("T1", "BLR", ("SKU-A", 2), ("SKU-B", 1)).Desk.Find("SKU-A", "BLR").ShouldBe(new Position("SKU-A", "BLR", 8, 0));
    }

    [Fact]
    public void A_new_address_goes_to_the_warehouse_anew()
    {
        var story = new OrderStory().Reported().AllDone().Hear(new OrderSignal.AddressCorrected(Sample.Home with { Line1 = "7 Park St" }, "ann"));
        story.Settle<FulfilmentEffect.WithdrawFromWarehouse>(Done);
        story.Planned<FulfilmentEffect.SubmitToWarehouse>().Last().Order.ShipTo.Line1.ShouldBe("7 Park St");
    }

    [Fact]
    public void A_cancelled_order_comes_back_from_the_warehouse_and_frees_its_stock()
    {
        var story = new OrderStory().Reported().AllDone().Hear(new OrderSignal.CancelAsked("changed her mind", "ann"));
        story.Planned<MessageEffect.Send>().ShouldNotContain(m => m.Occasion == Occasion.Cancelled, "the warehouse has not answered");
        story.Hear(new FulfilmentSignal.WithdrawalAnswered("5600000001", true, null)).Settle<FulfilmentEffect.WithdrawFromWarehouse>(Done);
        story.Status.ShouldBe("cancelled");
        story.Planned<MessageEffect.Send>().Count(m => m.Occasion == Occasion.Cancelled).ShouldBe(1);
        story.Desk.Find("SKU-A", "BLR").ShouldBe(new Position("SKU-A", "BLR", 10, 0));
    }

    [Fact]
    public void A_cancellation_after_packing_goes_to_a_person_and_the_order_goes_on()
    {
        var story = new OrderStory().Reported().AllDone().Hear(new OrderSignal.CancelAsked("x", "ann")).Settle<FulfilmentEffect.WithdrawFromWarehouse>(No);
        story.Cases["cancel/too_late"].Kind.ShouldBe("order.too_late_to_cancel");
        story.Shipped("T1", "BLR", ("SKU-A", 2), ("SKU-B", 1)).AllDone().Scanned("T1", ScanStatus.Delivered).Status.ShouldBe("closed");
        story.Planned<MessageEffect.Send>().ShouldNotContain(m => m.Occasion == Occasion.Cancelled);
    }

    [Fact]
    public void A_parcel_that_leaves_while_it_is_asked_back_answers_the_question()
    {
        var story = new OrderStory().Reported().AllDone().Hear(new OrderSignal.CancelAsked("x", "ann")).Shipped("T1", "BLR", ("SKU-A", 2), ("SKU-B", 1));
        story.Cases.ShouldContainKey("cancel/too_late");
        story.Status.ShouldBe("shipped");
    }

    [Fact]
    public void A_line_that_was_taken_out_while_it_left_gets_no_invoice_over_nothing()
    {
        var story = new OrderStory().Reported(Sample.Facts(Sample.Line("1", "SKU-A", 1), Sample.Line("2", "SKU-B", 1))).AllDone().Shipped("T1", "BLR", ("SKU-A", 1)).AllDone();
        story.Reported(Sample.Facts(Sample.Line("1", "SKU-A", 1)) with { UpdatedAt = Sample.Monday.AddMinutes(9) }, "orders/edited").Settle<FulfilmentEffect.WithdrawFromWarehouse>(No);
        story.Shipped("T2", "BLR", ("SKU-B", 1)).AllDone().Scanned("T1", ScanStatus.Delivered).Scanned("T2", ScanStatus.Delivered);
        story.Planned<BooksEffect.DraftInvoice>().Select(d => d.Draft.Total).ShouldBe([550m]);
        story.Status.ShouldBe("closed");
    }

    [Fact]
    public void What_is_given_away_is_sent_and_not_invoiced()
    {
        var story = new OrderStory().Reported(Sample.Facts(Sample.Line("1", "SKU-A", 1) with { Discount = 500m }) with { Shipping = 0m, Total = 0m }).AllDone().Shipped("T1", "BLR", ("SKU-A", 1)).AllDone();
        story.Scanned("T1", ScanStatus.Delivered).Status.ShouldBe("closed");
        story.Planned<BooksEffect.DraftInvoice>().ShouldBeEmpty();
    }

    [Fact]
    public void Two_parcels_get_two_invoices_that_come_to_the_total()
    {
        var facts = Sample.Facts(Sample.Line("1", "SKU-A", 3) with { Discount = 100m }, Sample.Line("2", "SKU-B", 1));
        var story = new OrderStory().Reported(facts).AllDone().Shipped("T1", "BLR", ("SKU-A", 1));
        story.Status.ShouldBe("partly_shipped");
        story.Shipped("T1", "BLR", ("SKU-A", 1)).Shipped("T2", "BLR", ("SKU-A", 2), ("SKU-B", 1));
        var drafts = story.Planned<BooksEffect.DraftInvoice>().Select(d => d.Draft).ToList();
        drafts.Select(d => d.Number).ShouldBe(["INV-1001", "INV-1001-2"]);
        drafts.Select(d => d.Total).ShouldBe([516.67m, 1433.33m]);
        drafts.Sum(d => d.Total).ShouldBe(facts.Total);
        story.Effects.Select(e => e.Key).ShouldContain("order/5600000001/fulfil/T2");
        story.AllDone().Scanned("T1", ScanStatus.Delivered).Status.ShouldBe("shipped");
        story.Scanned("T2", ScanStatus.Delivered).Status.ShouldBe("closed");
    }

    [Fact]
    public void Units_that_were_not_handed_off_are_a_case_and_never_lost()
    {
        var story = new OrderStory().Reported().AllDone().Shipped("T1", "BLR", ("SKU-A", 3), ("SKU-B", 1));
        story.Cases["parcel/T1"].Title.ShouldBe("BLR sent 1 × SKU-A that we had not handed off");
        story.Status.ShouldBe("shipped");
        new OrderStory().Shipped("T9", "BLR", ("SKU-A", 1)).Cases.ShouldContainKey("parcel/T9", "even for an order nobody knows");
    }

    [Fact]
    public void Delivered_before_shipped_is_told_in_the_right_order()
    {
        var story = new OrderStory().Reported().AllDone().Scanned("t 1", ScanStatus.Delivered);
        story.Status.ShouldBe("submitted");
        story.Shipped("T1", "BLR", ("SKU-A", 2), ("SKU-B", 1)).AllDone().Status.ShouldBe("closed");
        story.Planned<MessageEffect.Send>().Select(m => m.Occasion).ShouldBe([Occasion.Confirmed, Occasion.Shipped, Occasion.Delivered]);
    }

    [Fact]
    public void A_code_nobody_knows_goes_to_a_person_as_it_came()
    {
        var story = new OrderStory().Reported().Shipped("T1", "BLR", ("SKU-A", 2), ("SKU-B", 1)).Scanned("T1", ScanStatus.Unmapped, "ZX-7");
        story.Cases["scan/T1/ZX-7"].Title.ShouldContain("ZX-7");
        story.Row.Attention.ShouldNotBeNull().ShouldContain("ZX-7");
        story.Scanned("T1", ScanStatus.ReturnedToOrigin).Status.ShouldBe("returned");
        story.Cases["scan/T1"].Kind.ShouldBe("shipping.returned_to_origin");
    }

    [Fact]
    public void A_rejection_tries_every_other_location_once_and_then_waits_with_a_case()
    {
        var story = new OrderStory().Reported().Hear(new FulfilmentSignal.Rejected("5600000001", "closed", "Closed.", Sample.Monday.AddHours(1)));
        story.Planned<FulfilmentEffect.SubmitToWarehouse>().Select(x => x.Order.Location).ShouldBe(["BLR", "DEL"]);
        story.Settle<FulfilmentEffect.SubmitToWarehouse>(new Outcome.Refused("bad_zip", "We do not serve it.")).Status.ShouldBe("backordered");
        story.Cases["stock/short"].Kind.ShouldBe("stock.short_after_refusal");
        story.Desk.Find("SKU-A", "BLR").Reserved.ShouldBe(0);
        story.Desk.Find("SKU-A", "DEL").Reserved.ShouldBe(0);
    }

    [Fact]
    public void A_refusal_counts_for_the_order_as_it_was()
    {
        var one = Sample.Terms with { Locations = [Sample.Terms.Locations[0]] };
        var story = new OrderStory(one).Reported().Settle<FulfilmentEffect.SubmitToWarehouse>(new Outcome.Refused("bad_zip", "We do not serve it."));
        story.Status.ShouldBe("backordered");
        story.File.Stock.Short.ShouldBe(["SKU-A", "SKU-B"], "nothing is short, so it waits where the sweep finds it");
        story.Hear(new OrderSignal.AddressCorrected(Sample.Home with { PostalCode = "560002" }, "ann")).Status.ShouldBe("allocated");
        story.Cases.ShouldNotContainKey("stock/short");

        var again = new OrderStory(one).Reported().Settle<FulfilmentEffect.SubmitToWarehouse>(new Outcome.Refused("closed", "Stock-taking."));
        again.Hear(new OrderSignal.HoldAsked("ask them", "ann", null), new OrderSignal.HoldLiftAsked(HoldKind.ByPerson, "ann")).Status.ShouldBe("allocated", "a person sends it there again");
    }

    [Fact]
    public void Units_that_cannot_be_found_shut_out_nothing_else()
    {
        var story = new OrderStory(Sample.Terms with { Locations = [Sample.Terms.Locations[0]] }).Reported().AllDone();
        story.Hear(new FulfilmentSignal.ShortPicked("5600000001", "BLR", [new("SKU-A", 1)], Sample.Monday.AddHours(1), new("wms", "BLR")));
        story.File.Stock.Open!.Missed.ShouldBe([new NotFoundAt("BLR", "SKU-A", Sample.Monday.AddHours(1))], "it cannot find the unit there");
        story.Cases["stock/short"].Title.ShouldBe("BLR could not send it and no other location has it");
        story.Hear(new OrderSignal.RefundReported("R1", 500m, "INR", story.Now, [new("1", 1, false, null, 500m, 0m)], null));
        story.File.Missed().ShouldBeNull("the missing unit is not wanted any more");
    }

    [Fact]
    public void Units_that_could_not_be_found_are_sent_from_there_once_a_count_has_seen_some()
    {
        var shortAt = Sample.Monday.AddHours(1);
        var story = new OrderStory(Sample.Terms with { Locations = [Sample.Terms.Locations[0]] }).Reported().AllDone();
        story.Hear(new FulfilmentSignal.ShortPicked("5600000001", "BLR", [new("SKU-A", 1)], shortAt, new("wms", "BLR")));
        story.Hear(new StockSignal.Arrived("SKU-A")).Planned<FulfilmentEffect.SubmitToWarehouse>().Count().ShouldBe(1, "what the books say is what was not found");
        story.Desk.Answer(new StockRequest.SetCount("SKU-A", "BLR", 9, "counted", shortAt.AddMinutes(-1)), "test");
        story.Hear(new StockSignal.Arrived("SKU-A")).Planned<FulfilmentEffect.SubmitToWarehouse>().Count().ShouldBe(1, "counted before somebody looked in vain");
        story.Desk.Answer(new StockRequest.SetCount("SKU-A", "BLR", 9, "counted", shortAt.AddMinutes(1)), "test");
        story.Hear(new StockSignal.Arrived("SKU-A"));
        story.Planned<FulfilmentEffect.SubmitToWarehouse>().Last().Order.Lines.Single().ShouldSatisfyAllConditions(l => l.Sku.ShouldBe("SKU-A"), l => l.Quantity.ShouldBe(1));
    }

    [Fact]
    public void A_hold_that_comes_too_late_says_so()
    {
        var story = new OrderStory().Reported().AllDone().Hear(new OrderSignal.HoldAsked("fraud?", "ann", null)).Settle<FulfilmentEffect.WithdrawFromWarehouse>(No);
        story.Cases["edit/too_late"].Title.ShouldBe("The order was held after it had left");
    }

    [Fact]
    public void Units_that_cannot_be_found_come_from_elsewhere()
    {
        var story = new OrderStory().Reported().AllDone().Hear(new FulfilmentSignal.ShortPicked("5600000001", "BLR", [new("SKU-A", 1)], Sample.Monday.AddHours(1)));
        story.Desk.Find("SKU-A", "BLR").ShouldBe(new Position("SKU-A", "BLR", 9, 1));
        story.Planned<FulfilmentEffect.SubmitToWarehouse>().Last().Order.ShouldSatisfyAllConditions(o => o.Location.ShouldBe("DEL"), o => o.Lines.Single().Quantity.ShouldBe(1));
        story.Shipped("T1", "BLR", ("SKU-A", 1), ("SKU-B", 1)).Shipped("T2", "DEL", ("SKU-A", 1)).AllDone()
            .Scanned("T1", ScanStatus.Delivered).Scanned("T2", ScanStatus.Delivered).Status.ShouldBe("closed");
        story.Planned<BooksEffect.DraftInvoice>().Sum(d => d.Draft.Total).ShouldBe(1550m);
    }

    [Fact]
    public void A_backorder_is_told_once_and_goes_on_when_stock_arrives()
    {
        var story = new OrderStory(null, ("SKU-A", "BLR", 0), ("SKU-B", "BLR", 5)).Reported().Hear(new StockSignal.Arrived("SKU-A"), new StockSignal.Arrived("SKU-A"));
        story.Planned<MessageEffect.Send>().Select(m => m.Occasion).ShouldBe([Occasion.Backordered]);
        story.Desk.Answer(new StockRequest.SetCount("SKU-A", "BLR", 5, "counted", story.Now), "test");
        story.Hear(new StockSignal.Arrived("SKU-A")).Status.ShouldBe("allocated");
        story.Planned<MessageEffect.Send>().Select(m => m.Occasion).ShouldBe([Occasion.Backordered, Occasion.Confirmed]);
    }

    [Fact]
    public void An_order_with_nothing_to_ship_is_invoiced_and_closed()
    {
        var story = new OrderStory().Reported(Sample.Facts(Sample.Line("1", "GIFT", 1, ships: false)) with { ShipTo = null }).AllDone();
        story.Status.ShouldBe("closed");
        story.Planned<BooksEffect.DraftInvoice>().Single().Draft.Total.ShouldBe(550m);
    }
}
