using Quartermaster.Core.Books;
using Quartermaster.Core.Fulfilment;
using Quartermaster.Core.Messages;
using Quartermaster.Core.Orders;
using Quartermaster.Core.Shipping;
using Quartermaster.Core.Stock;

namespace Quartermaster.Core.Tests.Flows;

public sealed class SplitTests
{
    private static OrderStory Story() => new(Sample.Terms with { Routing = new() { MaxParcels = 2, SplitCost = 20m } }, ("SKU-A", "BLR", 10), ("SKU-B", "DEL", 10));

    [Fact]
    public void An_order_that_no_location_has_whole_leaves_in_two_parcels_and_is_billed_to_the_cent()
    {
        var story = Story().Reported();
        var handed = story.Planned<FulfilmentEffect.SubmitToWarehouse>().Select(e => e.Order).ToList();
        handed.Select(o => o.Location).ShouldBe(["BLR", "DEL"]);
        handed.Select(o => o.Lines.Single().Sku).ShouldBe(["SKU-A", "SKU-B"]);
        story.Effects.Where(e => e.Effect is FulfilmentEffect.SubmitToWarehouse).Select(e => e.Key).ShouldBeUnique();
        story.Notes.ShouldContain(n => n.StartsWith("Split over BLR and DEL"));

        story.AllDone().Shipped("T1", "BLR", ("SKU-A", 2)).Shipped("T2", "DEL", ("SKU-B", 1)).AllDone();
        story.Scanned("T1", ScanStatus.Delivered).Status.ShouldNotBe("closed");
        story.Scanned("T2", ScanStatus.Delivered).Status.ShouldBe("closed");
        story.Planned<BooksEffect.DraftInvoice>().Sum(i => i.Draft.Total).ShouldBe(1550m);
        story.Planned<MessageEffect.Send>().Count(m => m.Template == "order_confirmed").ShouldBe(1);
        story.Desk.Find("SKU-A", "BLR").ShouldBe(new Position("SKU-A", "BLR", 8, 0));
        story.Desk.Find("SKU-B", "DEL").ShouldBe(new Position("SKU-B", "DEL", 9, 0));
    }

    [Fact]
    public void Cash_is_collected_by_one_parcel_only()
    {
        var story = Story().Reported(Sample.Facts() with { Payment = new(PaymentState.Pending, PaymentMethod.CashOnDelivery, "cod") });
        story.Planned<FulfilmentEffect.SubmitToWarehouse>().Select(e => e.Order.CollectOnDelivery).ShouldBe([1550m, null]);
    }

    [Fact]
    public void A_cancelled_split_is_asked_back_from_both()
    {
        var story = Story().Reported().AllDone();
        story.Reported(Sample.Facts() with { CancelledAt = story.Now, UpdatedAt = story.Now.AddSeconds(5) }, "orders/cancelled");
        story.Planned<FulfilmentEffect.WithdrawFromWarehouse>().Count().ShouldBe(2);
    }
}
