using Quartermaster.Core.Connecting;
using Quartermaster.Core.Orders;
using Quartermaster.Core.Shipping;
using Quartermaster.Core.Stock;

namespace Quartermaster.Core.Tests.Flows;

/// <summary>Parcels that no scan tells of any more: a person says what became of them, and the order comes to its end.</summary>
public sealed class ParcelEndTests
{
    [Theory]
    [InlineData(ParcelEnd.Lost)]
    [InlineData(ParcelEnd.Arrived)]
    public void Nothing_more_is_waited_for(ParcelEnd end)
    {
        var story = Sent().Scanned("T1", ScanStatus.Exception, "LOST?");
        story.Cases.ShouldContainKey("scan/T1");
        story.Row.Attention.ShouldNotBeNull();
        story.Hear(End(end)).Status.ShouldBe("closed");
        story.Cases.ShouldBeEmpty();
        story.Row.Attention.ShouldBeNull();
        story.Hear(End(end)).Last.Events.ShouldBe(0);
    }

    [Fact]
    public void What_came_back_is_on_the_shelf_again_where_a_person_says_so()
    {
        var story = Sent();
        var before = story.Desk.Find("SKU-A", "BLR").OnHand;
        story.Scanned("T1", ScanStatus.ReturnedToOrigin).Status.ShouldBe("returned");
        story.Hear(End(ParcelEnd.CameBack, restock: true)).Status.ShouldBe("closed");
        story.Desk.Find("SKU-A", "BLR").OnHand.ShouldBe(before + 2);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_a_person_put_back_and_a_refund_brings_back_is_on_the_shelf_once(bool personFirst)
    {
        var story = Sent();
        var before = story.Desk.Find("SKU-A", "BLR").OnHand;
        var refund = new OrderSignal.RefundReported("R1", 500m, "INR", Sample.Monday.AddHours(1), [new RefundedLine("1", 1, true, null, 500m, 0m)], null);
        story.Scanned("T1", ScanStatus.ReturnedToOrigin).Hear(personFirst ? [End(ParcelEnd.CameBack, restock: true), refund] : [refund, End(ParcelEnd.CameBack, restock: true)]);
        story.Desk.Find("SKU-A", "BLR").OnHand.ShouldBe(before + 2);
    }

    [Fact]
    public void What_came_back_damaged_is_kept_apart()
    {
        var story = Sent();
        var before = story.Desk.Find("SKU-A", "BLR").OnHand;
        story.Hear(End(ParcelEnd.CameBack) with { Damaged = true }).Status.ShouldBe("closed");
        story.Desk.Find("SKU-A", "BLR").OnHand.ShouldBe(before);
        story.Forwarded.Select(f => f.Signal).OfType<StockSignal.DamageTold>().Select(d => (d.Sku, d.Location, d.Units, d.What)).ShouldBe([("SKU-A", "BLR", 2, Damage.Came), ("SKU-B", "BLR", 1, Damage.Came)]);
    }

    [Theory]
    [InlineData(true, "Came 2")]
    [InlineData(false, "Came 1,Found 1")]
    public void What_came_back_broken_is_for_sale_nowhere_whoever_says_it_first(bool personFirst, string told)
    {
        var story = Sent();
        var before = story.Desk.Find("SKU-A", "BLR").OnHand;
        var refund = new OrderSignal.RefundReported("R1", 500m, "INR", Sample.Monday.AddHours(1), [new RefundedLine("1", 1, true, null, 500m, 0m)], null);
        var broken = new ShippingSignal.EndTold("T1", ParcelEnd.CameBack, false, "crushed", "ann", Damaged: true);
        story.Scanned("T1", ScanStatus.ReturnedToOrigin).Hear(personFirst ? [broken, refund] : [refund, broken]);
        story.Desk.Find("SKU-A", "BLR").OnHand.ShouldBe(before + (personFirst ? 0 : 1), "the SKU's own stream takes off what was found");
        string.Join(",", story.Forwarded.Select(f => f.Signal).OfType<StockSignal.DamageTold>().Where(d => d.Sku == "SKU-A").Select(d => $"{d.What} {d.Units}")).ShouldBe(told);
    }

    [Fact]
    public void A_lost_parcel_puts_nothing_back()
    {
        var story = Sent();
        var before = story.Desk.Find("SKU-A", "BLR").OnHand;
        story.Hear(End(ParcelEnd.Lost, restock: true));
        story.Desk.Find("SKU-A", "BLR").OnHand.ShouldBe(before);
    }

    [Fact]
    public void A_delivered_parcel_and_one_that_nobody_knows_stay_as_they_are()
    {
        var story = Sent().Scanned("T1", ScanStatus.Delivered);
        story.Hear(End(ParcelEnd.Lost)).Last.Events.ShouldBe(0);
        story.Hear(new ShippingSignal.EndTold("T9", ParcelEnd.Lost, false, "x", "ann")).Last.Events.ShouldBe(0);
    }

    private static OrderStory Sent() => new OrderStory().Reported().AllDone().Shipped("T1", "BLR", ("SKU-A", 2), ("SKU-B", 1)).AllDone();

    private static ShippingSignal.EndTold End(ParcelEnd end, bool restock = false) => new("T1", end, restock, "The carrier says so.", "ann");
}
