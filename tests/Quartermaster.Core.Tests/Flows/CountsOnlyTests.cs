using Quartermaster.Core.Books;
using Quartermaster.Core.Fulfilment;
using Quartermaster.Core.Orders;
using Quartermaster.Core.Shipping;

namespace Quartermaster.Core.Tests.Flows;

/// <summary>A poll counts what it does not name: what it counts beyond what we know of was told by a webhook that never came.</summary>
public sealed class CountsOnlyTests
{
    private static readonly OrderSignal.RefundReported Refund = new("R1", 500m, "INR", Sample.Monday.AddHours(2), [new("1", 1, true, null, 500m, 0m)], null);

    [Fact]
    public void Money_that_went_back_unheard_is_asked_for_even_after_the_end()
    {
        var story = Sent().Scanned("T1", ScanStatus.Delivered);
        story.Status.ShouldBe("closed");
        story.Hear(Polled(refunded: 500m)).Planned<FulfilmentEffect.FetchOrder>().Count().ShouldBe(1);
        story.Hear(new OrderSignal.Reported(Facts(500m, 0), "fetched", Fetched: true), Refund).Planned<BooksEffect.DraftCreditNote>().Count().ShouldBe(1);
        story.Desk.Find("SKU-A", "BLR").OnHand.ShouldBe(9, "two left, one came back");
        story.Hear(Polled(refunded: 500m), Refund).Planned<FulfilmentEffect.FetchOrder>().Count().ShouldBe(1, "it is known now");
        story.Planned<BooksEffect.DraftCreditNote>().Count().ShouldBe(1);
    }

    [Fact]
    public void A_refund_that_was_heard_is_not_asked_for() =>
        Sent().Hear(Refund, Polled(refunded: 500m)).Planned<FulfilmentEffect.FetchOrder>().ShouldBeEmpty();

    [Fact]
    public void Units_that_somebody_sent_by_hand_are_asked_for_before_we_send_them_again()
    {
        var story = new OrderStory(null, ("SKU-A", "BLR", 0), ("SKU-B", "BLR", 0)).Reported();
        story.Status.ShouldBe("backordered");
        story.Hear(Polled(fulfilled: 2)).Planned<FulfilmentEffect.FetchOrder>().Count().ShouldBe(1);
        story.Hear(new OrderSignal.FulfilmentReported("F1", "Other", "X1", [new("1", "SKU-A", 2)], story.Now, "success"), Polled(fulfilled: 2));
        story.Planned<FulfilmentEffect.FetchOrder>().Count().ShouldBe(1);
        story.File.StillWanted().ShouldHaveSingleItem().Sku.ShouldBe("SKU-B");
    }

    [Fact]
    public void Our_own_parcels_are_no_news() => Sent().Hear(Polled(fulfilled: 2)).Planned<FulfilmentEffect.FetchOrder>().ShouldBeEmpty();

    [Fact]
    public void A_view_that_names_what_it_counts_is_believed() =>
        Sent().Hear(new OrderSignal.Reported(Facts(500m, 2), "orders/updated")).Planned<FulfilmentEffect.FetchOrder>().ShouldBeEmpty();

    [Fact]
    public void What_had_left_when_we_first_heard_of_it_is_counted_and_not_asked_for() =>
        new OrderStory().Hear(Polled(fulfilled: 2)).Planned<FulfilmentEffect.FetchOrder>().ShouldBeEmpty();

    private static OrderStory Sent() => new OrderStory().Reported().AllDone().Shipped("T1", "BLR", ("SKU-A", 2), ("SKU-B", 1)).AllDone();

    private static OrderSignal.Reported Polled(decimal refunded = 0, int fulfilled = 0) => new(Facts(refunded, fulfilled), "orders/updated", CountsOnly: true);

    private static OrderFacts Facts(decimal refunded, int fulfilled)
    {
        var facts = Sample.Facts(Sample.Line("1", "SKU-A", 2) with { Fulfilled = fulfilled }, Sample.Line("2", "SKU-B", 1)) with { UpdatedAt = Sample.Monday.AddHours(3) };
        return refunded == 0 ? facts : facts with { Payment = facts.Payment with { State = PaymentState.PartiallyRefunded, Refunded = refunded } };
    }
}
