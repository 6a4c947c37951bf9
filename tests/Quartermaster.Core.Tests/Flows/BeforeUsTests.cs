using Quartermaster.Core.Books;
using Quartermaster.Core.Fulfilment;
using Quartermaster.Core.Messages;
using Quartermaster.Core.Orders;

namespace Quartermaster.Core.Tests.Flows;

/// <summary>Orders that existed before the hub worked for their storefront: somebody else may be finishing them.</summary>
public sealed class BeforeUsTests
{
    private static readonly OrderLine Sent = Sample.Line("1", "SKU-A", 2) with { Fulfilled = 2 };
    private static readonly OrderLine Open = Sample.Line("2", "SKU-B", 1);

    private static OrderStory Connected() => new() { TakesFrom = new Dictionary<string, DateTimeOffset> { ["shop"] = Sample.Monday.AddHours(1) } };

    [Fact]
    public void An_order_from_before_the_storefront_was_connected_is_never_sent_by_itself()
    {
        var story = Connected().Reported();
        story.Status.ShouldBe("held");
        story.Cases["hold/PlacedBeforeUs"].Kind.ShouldBe("order.placed_before_us");
        story.Reported(Sample.Facts() with { UpdatedAt = Sample.Monday.AddHours(2), Note = "x", Tags = ["vip"] }, "orders/updated").Status.ShouldBe("held");
        story.Hear(new OrderSignal.AddressCorrected(Sample.Home with { Line2 = "2nd floor" }, "ann")).Status.ShouldBe("held");
        (story.Effects.Count, story.Requests.Count).ShouldBe((0, 0));
    }

    [Fact]
    public void A_person_may_take_it_over()
    {
        var story = Connected().Reported().Hear(new OrderSignal.HoldLiftAsked(HoldKind.PlacedBeforeUs, "ann"));
        story.Status.ShouldBe("allocated");
        story.Cases.ShouldBeEmpty();
    }

    [Fact]
    public void An_import_takes_it_over_before_and_after_the_hold()
    {
        var import = new OrderSignal.Reported(Sample.Facts(), "import", TakeOver: true);
        Connected().Hear(import).Status.ShouldBe("allocated");
        Connected().Reported().Hear(import).Status.ShouldBe("allocated");
    }

    [Fact]
    public void An_order_placed_after_the_storefront_was_connected_goes_on()
    {
        var at = Sample.Monday.AddHours(1);
        Connected().Reported(Sample.Facts() with { PlacedAt = at, UpdatedAt = at }).Status.ShouldBe("allocated");
        new OrderStory { TakesFrom = new Dictionary<string, DateTimeOffset> { ["shop"] = at.AddMilliseconds(900) } }
            .Reported(Sample.Facts() with { PlacedAt = at, UpdatedAt = at }).Status.ShouldBe("allocated", "the channel tells whole seconds");
    }

    [Fact]
    public void The_brands_own_day_counts_before_the_day_of_connecting()
    {
        new OrderStory(Sample.Terms with { OrdersFrom = Sample.Monday }) { TakesFrom = Connected().TakesFrom }.Reported().Status.ShouldBe("allocated");
        new OrderStory(Sample.Terms with { OrdersFrom = Sample.Monday.AddDays(1) }).Reported().Status.ShouldBe("held");
    }

    [Fact]
    public void The_brands_own_day_does_not_reach_back_over_a_time_in_which_it_was_off()
    {
        var back = Sample.Monday.AddHours(1);
        var off = new OrderStory(Sample.Terms with { OrdersFrom = Sample.Monday.AddDays(-1) }) { OnSince = back };
        off.Reported().Status.ShouldBe("held");
        off.Cases.Values.Select(c => c.Kind).ShouldBe(["order.placed_before_us"]);
        new OrderStory(off.Terms) { OnSince = back }.Reported(Sample.Facts() with { PlacedAt = back, UpdatedAt = back }).Status.ShouldBe("allocated");
        new OrderStory(Sample.Terms with { OrdersFrom = back.AddHours(1) }) { OnSince = back }.Reported(Sample.Facts() with { PlacedAt = back, UpdatedAt = back }).Status.ShouldBe("held", "the later of the two");
    }

    [Fact]
    public void An_old_unpaid_order_is_not_cancelled_by_our_patience()
    {
        var story = Connected().Reported(Sample.Facts() with { Payment = new(PaymentState.Pending, PaymentMethod.Prepaid, "razorpay") });
        story.Timers.ShouldBeEmpty();
        story.Hear(new OrderSignal.HoldLiftAsked(HoldKind.PlacedBeforeUs, "ann")).Cases.ShouldContainKey("hold/AwaitingPayment");
    }

    [Fact]
    public void It_closes_in_silence_when_whoever_had_it_sends_it()
    {
        var told = Connected().Reported().Hear(Fulfilled("F1", 2, "SKU-A", "1", 3), Fulfilled("F2", 1, "SKU-B", "2", 4));
        told.Status.ShouldBe("closed");
        told.Cases.ShouldBeEmpty();
        told.Effects.ShouldBeEmpty();

        var counted = Connected().Reported().Reported(Sample.Facts(Sent, Open with { Fulfilled = 1 }) with { UpdatedAt = Sample.Monday.AddHours(2) }, "orders/updated");
        counted.Status.ShouldBe("closed");
        counted.Effects.ShouldBeEmpty();
    }

    [Fact]
    public void It_closes_in_silence_when_the_channel_cancels_it()
    {
        var story = Connected().Reported().Reported(Sample.Facts() with { UpdatedAt = Sample.Monday.AddHours(2), CancelledAt = Sample.Monday.AddHours(2) }, "orders/cancelled");
        story.Status.ShouldBe("closed");
        story.Cases.ShouldBeEmpty();
        story.Planned<MessageEffect.Send>().ShouldBeEmpty();
    }

    [Fact]
    public void Units_that_the_channel_counted_and_names_later_are_counted_once()
    {
        var story = new OrderStory().Reported(Sample.Facts(Sent with { Fulfilled = 1 }, Open)).Hear(Fulfilled("F1", 1, "SKU-A", "1", 0));
        story.File.Order.SentElsewhere("1").ShouldBe(1);
        story.Planned<FulfilmentEffect.SubmitToWarehouse>().Single().Order.Lines.Select(l => (l.Sku, l.Quantity)).ShouldBe([("SKU-A", 1), ("SKU-B", 1)]);
        story.Hear(Fulfilled("F2", 1, "SKU-A", "1", 5)).File.Order.SentElsewhere("1").ShouldBe(2, "a later fulfilment was not among them");
    }

    [Fact]
    public void Units_that_had_left_before_us_are_not_invoiced_here() =>
        new OrderStory().Reported(Sample.Facts(Sent, Open)).Planned<BooksEffect.DraftInvoice>().ShouldBeEmpty();

    private static OrderSignal.FulfilmentReported Fulfilled(string id, int units, string sku, string line, int hours) =>
        new(id, "Other", "T" + id, [new(line, sku, units)], Sample.Monday.AddHours(hours), "success");

    [Fact]
    public void What_left_before_us_is_invoiced_by_whoever_sent_it()
    {
        var story = new OrderStory().Reported(Sample.Facts(Sample.Line("1", "SKU-A", 2) with { Fulfilled = 1 }, Sample.Line("2", "SKU-B", 1))).AllDone();
        story.Shipped("T1", "BLR", ("SKU-A", 1), ("SKU-B", 1));
        story.Planned<BooksEffect.DraftInvoice>().ShouldHaveSingleItem().Draft.Total.ShouldBe(1050m, "one of three units at 500 is somebody else's");
        story.Cases.ShouldBeEmpty();
    }
}
