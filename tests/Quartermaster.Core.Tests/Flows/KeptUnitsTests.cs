using Quartermaster.Core.Fulfilment;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Orders;
using Quartermaster.Core.Stock;

namespace Quartermaster.Core.Tests.Flows;

/// <summary>An order that waits for its payment keeps its units for a while, where the brand wants that.</summary>
public sealed class KeptUnitsTests
{
    private static readonly OrderFacts Unpaid = Sample.Facts() with { Payment = new(PaymentState.Pending, PaymentMethod.Prepaid, "razorpay") };
    private static readonly BrandTerms Keeping = Sample.Terms with { ReserveUnpaidFor = TimeSpan.FromMinutes(30) };

    [Fact]
    public void Units_are_kept_and_no_warehouse_hears_of_them_before_it_is_paid()
    {
        var story = new OrderStory(Keeping).Reported(Unpaid);
        story.Status.ShouldBe("held");
        Reserved(story).ShouldBe(3);
        story.Planned<FulfilmentEffect>().ShouldBeEmpty();
        story.Timers["stock/kept"].DueAt.ShouldBe(story.Now.AddMinutes(30));
        story.Notes[^1].ShouldContain("for its payment.");

        story.Reported(Sample.Facts() with { UpdatedAt = Sample.Monday.AddMinutes(5) }, "orders/paid").Status.ShouldBe("allocated");
        Reserved(story).ShouldBe(3);
        story.Planned<FulfilmentEffect.SubmitToWarehouse>().Count().ShouldBe(1);
        story.Timers.ShouldNotContainKey("stock/kept");
    }

    [Fact]
    public void Kept_long_enough_they_are_free_and_the_order_goes_on_waiting()
    {
        var story = new OrderStory(Keeping).Reported(Unpaid);
        story.Hear(story.Timers["stock/kept"].Signal!).Status.ShouldBe("held");
        Reserved(story).ShouldBe(0);
        story.Timers.ShouldContainKey("hold/AwaitingPayment");
        story.Reported(Sample.Facts() with { UpdatedAt = Sample.Monday.AddMinutes(5) }, "orders/paid").Status.ShouldBe("allocated");
    }

    [Fact]
    public void The_lapse_of_an_earlier_keeping_does_not_take_what_is_reserved_for_good()
    {
        var story = new OrderStory(Keeping).Reported(Unpaid);
        var lapse = story.Timers["stock/kept"].Signal!;
        story.Reported(Sample.Facts() with { UpdatedAt = Sample.Monday.AddMinutes(5) }, "orders/paid").Hear(lapse);
        Reserved(story).ShouldBe(3);
    }

    [Fact]
    public void What_is_not_there_is_not_queued_for_and_the_shopper_hears_nothing()
    {
        var story = new OrderStory(Keeping, ("SKU-A", "BLR", 1)).Reported(Unpaid);
        story.Status.ShouldBe("held");
        story.File.Stock.ShouldSatisfyAllConditions(a => a.Open.ShouldBeNull(), a => a.Short.ShouldBeNull(), a => a.Held.ShouldBeNull());
        story.Requests.ShouldNotContain(r => r is StockRequest.Wait);
        story.Effects.ShouldBeEmpty();
        story.Notes[^1].ShouldContain("Nothing is kept for it");
    }

    [Fact]
    public void Another_quantity_before_the_payment_keeps_that_and_no_longer()
    {
        var story = new OrderStory(Keeping).Reported(Unpaid);
        var until = story.Timers["stock/kept"].DueAt;
        story.Reported(Sample.Facts(Sample.Line("1", "SKU-A", 1)) with { UpdatedAt = Sample.Monday.AddMinutes(1), Payment = Unpaid.Payment }, "orders/edited");
        Reserved(story).ShouldBe(1);
        story.Timers["stock/kept"].DueAt.ShouldBe(until);
    }

    [Fact]
    public void Cancelled_it_gives_them_back()
    {
        var story = new OrderStory(Keeping).Reported(Unpaid).Hear(new OrderSignal.CancelAsked("changed her mind", "ann"));
        Reserved(story).ShouldBe(0);
        story.Timers.ShouldNotContainKey("stock/kept");
    }

    [Fact]
    public void Sent_by_the_shop_in_the_meantime_they_leave_the_stock_instead_of_being_free_again()
    {
        var story = new OrderStory(Keeping, ("SKU-A", "BLR", 10), ("SKU-B", "BLR", 10)).Reported(Unpaid);
        story.Hear(new OrderSignal.FulfilmentReported("F1", "Other", "X1", [new("1", "SKU-A", 2), new("2", "SKU-B", 1)], story.Now, "success"));
        story.Hear(story.Timers["stock/kept"].Signal!);
        (story.Desk.Find("SKU-A", "BLR"), story.Desk.Find("SKU-B", "BLR")).ShouldBe((new("SKU-A", "BLR", 8, 0), new("SKU-B", "BLR", 9, 0)));
    }

    private static int Reserved(OrderStory story) =>
        (from sku in (string[])["SKU-A", "SKU-B"] from location in (string[])["BLR", "DEL"] select story.Desk.Find(sku, location).Reserved).Sum();
}
