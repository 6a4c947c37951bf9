using Quartermaster.Core.Flows;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Shipping;

namespace Quartermaster.Core.Tests.Flows;

/// <summary>How a carrier did with a parcel is kept once, when its way ends; and a bare number finds the order it belongs to.</summary>
public sealed class JourneyTests
{
    private static readonly BrandTerms Promising = Sample.Terms with { Routing = Sample.Terms.Routing with { PromiseDays = 2 } };

    private static OrderStory Left(BrandTerms? terms = null) => new OrderStory(terms).Reported().AllDone().Shipped("T1", "BLR", ("SKU-A", 2), ("SKU-B", 1));

    private static ShippingEvent.JourneyEnded Ended(OrderStory story) => story.Happened<ShippingEvent.JourneyEnded>().ShouldHaveSingleItem();

    [Fact]
    public void A_delivery_at_the_first_try_and_in_time()
    {
        var story = Left(Promising);
        story.Now = Sample.Monday.AddDays(2);
        story.Scanned("T1", ScanStatus.Delivered).Scanned("T1", ScanStatus.Delivered);
        Ended(story).ShouldBe(new("T1", new("Delhivery", "", "BLR", "IN", "5"), JourneyEnd.Delivered, 48, true, true, false, new("560", false), 47));
    }

    [Fact]
    public void A_delivery_at_the_second_try_after_the_promised_day()
    {
        var story = Left(Promising);
        story.Now = Sample.Monday.AddDays(2);
        story.Scanned("T1", ScanStatus.FailedAttempt);
        story.Now = Sample.Monday.AddDays(3);
        story.Scanned("T1", ScanStatus.Delivered);
        var ended = Ended(story);
        (ended.OnTime, ended.FirstTry, ended.End).ShouldBe((false, false, JourneyEnd.Delivered));
    }

    [Fact]
    public void Without_a_promise_nothing_is_late() => Ended(Left().Scanned("T1", ScanStatus.Delivered)).OnTime.ShouldBeNull();

    [Fact]
    public void A_parcel_that_goes_back_was_not_delivered_and_counts_once()
    {
        var story = Left(Promising).Scanned("T1", ScanStatus.FailedAttempt).Scanned("T1", ScanStatus.ReturnedToOrigin);
        Ended(story.Scanned("T1", ScanStatus.Delivered)).ShouldSatisfyAllConditions(e => e.End.ShouldBe(JourneyEnd.Returned), e => e.OnTime.ShouldBe(false), e => e.FirstTry.ShouldBeFalse());
    }

    [Fact]
    public void A_lost_parcel_is_the_carriers_and_one_that_was_damaged_says_so()
    {
        var story = Left().Hear(new ShippingSignal.Scanned("delhivery", "T1", ScanStatus.Exception, "DMG", Sample.Monday.AddDays(1), null, Damaged: true));
        story.Hear(new ShippingSignal.EndTold("T1", ParcelEnd.Lost, false, "searched for", "ann"));
        (Ended(story).End, Ended(story).Damaged).ShouldBe((JourneyEnd.Lost, true));
    }

    [Fact]
    public void A_delivery_that_was_scanned_before_the_warehouse_told_of_the_parcel_counts_too()
    {
        var story = new OrderStory().Reported().AllDone().Scanned("T1", ScanStatus.Delivered).Shipped("T1", "BLR", ("SKU-A", 2), ("SKU-B", 1));
        Ended(story).Hours.ShouldBe(0);
    }

    private static readonly StreamId Number = new("aurora", Waybill.Stream, "T1");
    private static readonly ShippingSignal.Scanned Early = new("usps", "T 1", ScanStatus.InTransit, "IT", Sample.Monday, null);

    private static Turn Hear(object state, Signal signal)
    {
        var kind = new ParcelStream();
        var turn = kind.Decide(state, signal, new(Number, Sample.Monday, Sample.Terms));
        return turn with { State = kind.Load(kind.Save(turn.State)) };
    }

    [Fact]
    public void A_scan_of_a_bare_number_goes_on_to_its_order_also_when_it_came_first()
    {
        var kept = Hear(Waybill.Unknown, Early);
        kept.Forwarded.ShouldBeEmpty();
        Hear(kept.State, Early).Events.ShouldBeEmpty("saying it again changes nothing");
        var claimed = Hear(kept.State, new WaybillSignal.BelongsTo("5600000001"));
        claimed.Forwarded.ShouldBe([new(Sample.Stream, Early)]);
        Hear(claimed.State, new WaybillSignal.BelongsTo("5600000001")).Forwarded.ShouldBeEmpty();
        var later = Early with { Status = ScanStatus.Delivered };
        Hear(claimed.State, later).Forwarded.ShouldBe([new(Sample.Stream, later)]);
    }

    [Fact]
    public void A_number_that_carriers_give_out_again_belongs_to_the_newest_order()
    {
        var first = Hear(Waybill.Unknown, new WaybillSignal.BelongsTo("1"));
        var second = Hear(first.State, new WaybillSignal.BelongsTo("2"));
        Hear(second.State, Early).Forwarded.Single().To.Id.ShouldBe("2");
    }

    [Fact]
    public void Scans_of_a_parcel_that_is_nobodys_do_not_pile_up()
    {
        object state = Waybill.Unknown;
        for (var i = 0; i < 100; i++) state = Hear(state, Early with { At = Sample.Monday.AddMinutes(i) }).State;
        ((Waybill)state).Early!.Count.ShouldBe(Waybill.MostEarly);
        ((Waybill)state).Early![^1].At.ShouldBe(Sample.Monday.AddMinutes(99));
    }

    [Fact]
    public void A_label_that_is_bought_claims_its_number()
    {
        var story = new OrderStory(LabelTests.Terms).Reported();
        story.Hear(new Labels.LabelSignal.Issued("aurora.5600000001.1", new("se-1", "usps", null, "T 1", null, null, null, null)));
        story.Forwarded.ShouldContain(new Forwarded(Number, new WaybillSignal.BelongsTo("5600000001")));
    }
}
