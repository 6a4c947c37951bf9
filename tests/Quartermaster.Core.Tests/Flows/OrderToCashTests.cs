using Quartermaster.Core.Books;
using Quartermaster.Core.Fulfilment;
using Quartermaster.Core.Messages;
using Quartermaster.Core.Orders;
using Quartermaster.Core.Shipping;
using Quartermaster.Core.Stock;

namespace Quartermaster.Core.Tests.Flows;

public sealed class OrderToCashTests
{
    [Theory]
    [InlineData("HH-5609741", "hh-5609741", "5609741")]
    [InlineData("#1001", "1001", "1001")]
    [InlineData("B2B-1001-DE", "b2b-1001-de", "1001")]
    public void It_is_found_by_its_whole_number_and_by_the_bare_digits(string number, string whole, string digits)
    {
        var found = new OrderStory().Reported(Sample.Facts() with { Number = number }).Row.Terms;
        found.ShouldContain(whole);
        found.ShouldContain(digits);
    }

    [Fact]
    public void A_paid_order_runs_from_placed_to_closed()
    {
        var story = new OrderStory().Reported();
        story.Status.ShouldBe("allocated");
        story.Planned<FulfilmentEffect.SubmitToWarehouse>().Single().Order.Location.ShouldBe("BLR");
        story.Notes.ShouldContain("Reserved at BLR: cheapest of 2 that can serve it (40.00).");

        story.AllDone().Status.ShouldBe("submitted");
        story.Hear(new FulfilmentSignal.Accepted(Sample.Stream.Id, "W1", story.Now)).Status.ShouldBe("accepted");
        story.Shipped("T1", "BLR", ("SKU-A", 2), ("SKU-B", 1)).Status.ShouldBe("shipped");
        story.AllDone().Scanned("T1", ScanStatus.OutForDelivery).Scanned("T1", ScanStatus.Delivered).Status.ShouldBe("closed");

        story.Planned<BooksEffect.DraftInvoice>().Single().Draft.Total.ShouldBe(1550m);
        story.Planned<FulfilmentEffect.WriteFulfilment>().Single().Parcel.Tracking.ShouldBe("T1");
        story.Planned<MessageEffect.Send>().Select(m => m.Template).ShouldBe(["order_confirmed", "order_shipped", "order_out_for_delivery", "order_delivered"]);
        story.Desk.Find("SKU-A", "BLR").ShouldBe(new Position("SKU-A", "BLR", 8, 0));
        story.Cases.ShouldBeEmpty();
        story.Happened<OrderEvent.Closed>().Count().ShouldBe(1);
    }
}
