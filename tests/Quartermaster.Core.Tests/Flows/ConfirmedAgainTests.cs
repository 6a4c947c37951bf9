using Quartermaster.Core.Fulfilment;
using Quartermaster.Core.Shipping;
using Quartermaster.Core.Stock;

namespace Quartermaster.Core.Tests.Flows;

/// <summary>A warehouse confirms twice under one tracking number: a repeat is nothing, and what may be another consignment is a person's.</summary>
public sealed class ConfirmedAgainTests
{
    private const string Case = "again/T1";

    private static OrderStory Half() => new OrderStory().Reported().AllDone().Shipped("T1", "BLR", ("SKU-A", 2));

    [Fact]
    public void A_second_consignment_under_a_number_that_has_left_is_a_case_and_books_nothing()
    {
        var story = Half();
        var second = new FulfilmentSignal.Shipped(Sample.Stream.Id, "BLR", "Delhivery", "T1", [new("SKU-B", 1)], story.Now.AddHours(1), null);
        story.Hear(second);
        story.Cases[Case].ShouldSatisfyAllConditions(c => c.Kind.ShouldBe("fulfilment.confirmed_again"), c => c.Detail.ShouldContain("1 × SKU-B"));
        story.Row.Attention.ShouldBe("More was confirmed under the number of parcel T1.");
        story.Happened<FulfilmentEvent.ParcelLeft>().ShouldHaveSingleItem();
        story.Happened<StockEvent.Shipped>().ShouldHaveSingleItem();
        story.File.Fulfilment.IsOpen.ShouldBeTrue();
        story.Hear(second).Last.ShouldBe((0, 0, 0));
        // Confirmed once more under a number of its own it is a parcel like any other.
        story.Shipped("T1-2", "BLR", ("SKU-B", 1)).File.Fulfilment.IsOpen.ShouldBeFalse();
        story.Happened<FulfilmentEvent.ParcelLeft>().Count().ShouldBe(2);
    }

    [Fact]
    public void The_same_confirmation_again_is_nothing_and_neither_is_one_of_what_nobody_waits_for()
    {
        var story = Half();
        story.Shipped("T1", "BLR", ("SKU-A", 2)).Last.ShouldBe((0, 0, 0));
        story.Now = story.Now.AddHours(1);
        story.Shipped("T1", "BLR", ("SKU-A", 2)).Last.ShouldBe((0, 0, 0));
        story.Cases.ShouldBeEmpty();
    }
}
