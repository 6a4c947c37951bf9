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

    [Fact]
    public void Without_a_time_of_the_warehouse_the_same_units_again_are_nothing_and_others_are_one_case()
    {
        var story = new OrderStory().Reported().AllDone().Shipped("T1", "BLR", ("SKU-A", 1));
        Undated(("SKU-A", 1)).Last.ShouldBe((0, 0, 0), "another unit of that SKU is still to be sent, and nobody says that it left");
        story.Cases.ShouldBeEmpty();
        Undated(("SKU-A", 1), ("SKU-B", 1)).Cases.ShouldContainKey(Case);
        Undated(("SKU-B", 1), ("SKU-A", 1)).Last.ShouldBe((0, 0, 0));
        story.Happened<FulfilmentEvent.ConfirmedAgain>().ShouldHaveSingleItem();
        // With a time it is said of another moment.
        story.Now = story.Now.AddHours(1);
        story.Shipped("T1", "BLR", ("SKU-A", 1)).Happened<FulfilmentEvent.ConfirmedAgain>().Count().ShouldBe(2);

        OrderStory Undated(params (string Sku, int Quantity)[] units)
        {
            story.Now = story.Now.AddMinutes(5);
            return story.Hear(new FulfilmentSignal.Shipped(Sample.Stream.Id, "BLR", "Delhivery", "T1", [.. units.Select(u => new SkuQuantity(u.Sku, u.Quantity))], story.Now, null, Undated: true));
        }
    }

    [Fact]
    public void Without_a_time_more_units_of_a_line_than_the_parcel_held_are_a_case()
    {
        var facts = Sample.Facts(Sample.Line("1", "SKU-A", 5));
        var story = new OrderStory().Reported(facts).AllDone().Shipped("T1", "BLR", ("SKU-A", 1));
        story.Hear(new FulfilmentSignal.Shipped(Sample.Stream.Id, "BLR", "Delhivery", "T1", [new("SKU-A", 3)], story.Now.AddHours(1), null, Undated: true));
        story.Cases.ShouldContainKey(Case);
    }
}
