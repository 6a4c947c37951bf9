using Quartermaster.Core.Books;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Fulfilment;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Orders;
using Quartermaster.Core.Shipping;
using Quartermaster.Core.Stock;
using Shouldly;

namespace Quartermaster.Core.Tests.Flows;

/// <summary>A person or an app fulfils at the channel: what left a shelf is not promised again, and what is known already is not counted twice.</summary>
public sealed class ElsewhereTests
{
    private static readonly Outcome Done = new Outcome.Done("w");

    [Fact]
    public void A_fulfilment_that_is_undone_at_the_channel_never_left()
    {
        var story = new OrderStory().Reported().AllDone();
        OrderSignal.FulfilmentReported Fulfilled(string status) => new("F2", "Other", "X1", [new("1", "SKU-A", 2), new("2", "SKU-B", 1)], Sample.Monday.AddHours(1), status);
        story.Hear(Fulfilled("pending")).Happened<OrderEvent.FulfilledElsewhere>().ShouldBeEmpty("it has not left yet");
        story.Hear(Fulfilled("success")).Settle<FulfilmentEffect.WithdrawFromWarehouse>(Done).AllDone().Status.ShouldBe("closed");
        story.Hear(Fulfilled("cancelled")).Cases["undone/F2"].Kind.ShouldBe("order.fulfilment_undone");

        var open = new OrderStory().Reported().AllDone().Hear(Fulfilled("success")).Settle<FulfilmentEffect.WithdrawFromWarehouse>(Done).Hear(Fulfilled("cancelled"));
        open.Status.ShouldBe("allocated", "we send it after all");
        open.Cases.ShouldContainKey("undone/F2", "it had been invoiced");
    }

    [Fact]
    public void What_leaves_by_hand_while_an_order_is_held_is_invoiced()
    {
        var story = new OrderStory().Reported().AllDone().Hear(new OrderSignal.HoldAsked("asks for gift wrap", "ann", null)).Settle<FulfilmentEffect.WithdrawFromWarehouse>(Done);
        story.Status.ShouldBe("held");
        story.Hear(new OrderSignal.FulfilmentReported("F2", "Other", "X1", [new("1", "SKU-A", 2), new("2", "SKU-B", 1)], story.Now, "success")).AllDone();
        story.Planned<BooksEffect.DraftInvoice>().Sum(d => d.Draft.Total).ShouldBe(1550m);
        story.Planned<FulfilmentEffect.SubmitToWarehouse>().Count().ShouldBe(1, "nothing is handed off once more");
    }

    [Fact]
    public void An_echo_of_our_own_fulfilment_is_ignored_and_a_foreign_one_steps_in()
    {
        var story = new OrderStory().Reported().AllDone().Shipped("T1", "BLR", ("SKU-A", 2));
        story.Hear(new OrderSignal.FulfilmentReported("F1", "Delhivery", "T1", [new("1", "SKU-A", 2)], story.Now, "success"));
        story.Happened<OrderEvent.FulfilledElsewhere>().ShouldBeEmpty();
        story.Hear(new OrderSignal.FulfilmentReported("F2", "Other", "X1", [new("2", "SKU-B", 1)], story.Now, "success")).Settle<FulfilmentEffect.WithdrawFromWarehouse>(Done);
        story.Desk.Find("SKU-B", "BLR").ShouldBe(new Position("SKU-B", "BLR", 9, 0), "a person took it from the shelf where it was reserved");
        story.Planned<BooksEffect.DraftInvoice>().Sum(d => d.Draft.Total).ShouldBe(1550m);
        story.AllDone().Scanned("T1", ScanStatus.Delivered).Status.ShouldBe("closed");
    }

    [Fact]
    public void Our_own_fulfilment_is_known_even_with_a_number_that_was_corrected_before_its_answer_came()
    {
        var story = new OrderStory().Reported().AllDone().Shipped("T1", "BLR", ("SKU-A", 2));
        story.Hear(Fulfilled("F1", null, "T1-corrected", ("1", "SKU-A", 2))).Happened<OrderEvent.FulfilledElsewhere>().ShouldBeEmpty();
        story.Settle<FulfilmentEffect.WriteFulfilment>(new Outcome.Done("F1")).Hear(Fulfilled("F1", null, "T1-again", ("1", "SKU-A", 2)));
        story.Hear(Fulfilled("F2", null, "X1", ("1", "SKU-A", 2))).Happened<OrderEvent.FulfilledElsewhere>().Count().ShouldBe(1, "ours is written, so this is another");
    }

    [Fact]
    public void Units_that_left_from_where_they_were_reserved_leave_the_stock_once()
    {
        var story = new OrderStory().Reported().AllDone().Hear(Fulfilled("F1", "BLR", "X1", ("1", "SKU-A", 1)));
        story.Desk.Find("SKU-A", "BLR").ShouldBe(new Position("SKU-A", "BLR", 10, 2), "the warehouse may send it too");
        story.Settle<FulfilmentEffect.WithdrawFromWarehouse>(Done);
        story.Planned<FulfilmentEffect.SubmitToWarehouse>().Last().Order.Lines.Select(l => (l.Sku, l.Quantity)).ShouldBe([("SKU-A", 1), ("SKU-B", 1)]);
        story.Desk.Find("SKU-A", "BLR").ShouldBe(new Position("SKU-A", "BLR", 9, 1));
        story.Hear(Fulfilled("F1", "BLR", "X1", ("1", "SKU-A", 1))).Desk.Find("SKU-A", "BLR").ShouldBe(new Position("SKU-A", "BLR", 9, 1));
        story.Forwarded.ShouldBeEmpty();
    }

    [Fact]
    public void A_warehouse_that_fulfils_at_the_channel_itself_and_then_reports_the_parcel_takes_it_off_once()
    {
        var story = new OrderStory().Reported().AllDone().Hear(Fulfilled("F1", "BLR", "X1", ("1", "SKU-A", 2), ("2", "SKU-B", 1)));
        story.Settle<FulfilmentEffect.WithdrawFromWarehouse>(new Outcome.Refused("shipped", "It has left.")).Shipped("X1", "BLR", ("SKU-A", 2), ("SKU-B", 1));
        story.Desk.Find("SKU-A", "BLR").ShouldBe(new Position("SKU-A", "BLR", 8, 0));
        story.File.Stock.Away.ShouldBeNull();
    }

    [Fact]
    public void What_was_undone_before_the_warehouse_gave_it_back_never_left()
    {
        var story = new OrderStory().Reported().AllDone().Hear(Fulfilled("F1", "BLR", "X1", ("1", "SKU-A", 2)), Fulfilled("F1", "BLR", "X1", ("1", "SKU-A", 2)) with { Status = "cancelled" });
        story.Settle<FulfilmentEffect.WithdrawFromWarehouse>(Done).Desk.Find("SKU-A", "BLR").ShouldBe(new Position("SKU-A", "BLR", 10, 2));
        story.Forwarded.ShouldBeEmpty();
    }

    [Fact]
    public void What_was_undone_after_it_was_taken_off_is_put_back()
    {
        var story = new OrderStory().Reported().AllDone().Hear(Fulfilled("F1", null, "X1", ("1", "SKU-A", 2))).Settle<FulfilmentEffect.WithdrawFromWarehouse>(Done);
        story.Desk.Find("SKU-A", "BLR").OnHand.ShouldBe(8);
        story.Hear(Fulfilled("F1", null, "X1", ("1", "SKU-A", 2)) with { Status = "cancelled" });
        story.Forwarded.Select(f => (((StockSignal.Adjusted)f.Signal).Location, ((StockSignal.Adjusted)f.Signal).By)).ShouldBe([("BLR", 2)]);
    }

    [Fact]
    public void Units_that_left_from_another_location_are_taken_off_there_and_set_free_here()
    {
        var story = new OrderStory().Reported().AllDone().Hear(Fulfilled("F1", "DEL", "X1", ("1", "SKU-A", 2), ("2", "SKU-B", 1))).Settle<FulfilmentEffect.WithdrawFromWarehouse>(Done);
        story.Desk.Find("SKU-A", "BLR").ShouldBe(new Position("SKU-A", "BLR", 10, 0));
        story.Forwarded.Select(f => (f.To.Key, ((StockSignal.Adjusted)f.Signal).Location, ((StockSignal.Adjusted)f.Signal).By)).ShouldBe([("stock/SKU-A", "DEL", -2), ("stock/SKU-B", "DEL", -1)]);

        story.Hear(Fulfilled("F1", "DEL", "X1", ("1", "SKU-A", 2), ("2", "SKU-B", 1)) with { Status = "cancelled" });
        story.Forwarded.Skip(2).Select(f => (f.To.Key, ((StockSignal.Adjusted)f.Signal).Location, ((StockSignal.Adjusted)f.Signal).By)).ShouldBe([("stock/SKU-A", "DEL", 2), ("stock/SKU-B", "DEL", 1)]);
    }

    [Fact]
    public void A_held_order_that_a_person_sends_at_the_channel_takes_its_units_off_the_named_shelf()
    {
        var story = new OrderStory().Reported().AllDone().Hear(new OrderSignal.HoldAsked("ask", "ann", null)).Settle<FulfilmentEffect.WithdrawFromWarehouse>(Done);
        story.Hear(Fulfilled("F1", "BLR", "X1", ("2", "SKU-B", 1)));
        ((StockSignal.Adjusted)story.Forwarded.Single().Signal).ShouldBe(new StockSignal.Adjusted("SKU-B", "BLR", -1, "left by fulfilment F1 at the channel", "order/5600000001", "5600000001/F1/2/BLR", Sample.Monday.AddHours(1)));
    }

    [Fact]
    public void What_left_before_we_heard_of_the_order_is_nothing_that_we_count() =>
        new OrderStory().Hear(Fulfilled("F1", "BLR", "X1", ("1", "SKU-A", 2))).Reported().Forwarded.ShouldBeEmpty();

    [Theory]
    [InlineData(null, 10)]
    [InlineData(-1, 8)]
    [InlineData(0, 10)]
    [InlineData(1, 10)]
    public void A_count_has_seen_what_had_left_by_then(int? hoursAfter, int left)
    {
        var desk = new StockDesk((_, _) => throw new InvalidOperationException());
        desk.Load(new("SKU-A", "BLR", 10, 0));
        var item = StockItem.Unknown;
        var at = Sample.Monday;
        if (hoursAfter is { } hours) item = StockItemDecider.Evolve(item, new StockEvent.CountTaken("BLR", 10, "wms", at.AddHours(hours)));
        var decision = StockItemDecider.Decide(item, new StockSignal.Adjusted("SKU-A", "BLR", -2, "left", "order/1", "1", at), Sample.At(at.AddDays(1)));
        foreach (var request in decision.Requests) desk.Answer((StockRequest)request, "stock/SKU-A");
        desk.Find("SKU-A", "BLR").OnHand.ShouldBe(left);
    }

    private static OrderSignal.FulfilmentReported Fulfilled(string id, string? location, string tracking, params (string Line, string Sku, int Quantity)[] units) =>
        new(id, "Other", tracking, [.. units.Select(u => new FulfilledLine(u.Line, u.Sku, u.Quantity))], Sample.Monday.AddHours(1), "success", location);
}
