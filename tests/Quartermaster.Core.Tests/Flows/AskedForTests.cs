using Quartermaster.Core.Connecting;
using Quartermaster.Core.Fulfilment;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Labels;
using Quartermaster.Core.Shipping;

namespace Quartermaster.Core.Tests.Flows;

/// <summary>A parcel whose carrier tells nothing by itself is asked for at the right connection, and only there.</summary>
public sealed class AskedForTests
{
    [Fact]
    public void Where_scans_name_the_number_alone_it_leads_to_its_order_whoever_bought_the_label()
    {
        List<Forwarded> Claims(BrandTerms terms) => [.. new OrderStory(terms).Reported().AllDone().Shipped("t 1", "BLR", ("SKU-A", 2), ("SKU-B", 1)).Forwarded.Where(f => f.Signal is WaybillSignal)];
        Claims(Sample.Terms with { ScansByNumber = true }).ShouldBe([new(new("aurora", "parcel", "T1"), new WaybillSignal.BelongsTo(Sample.Stream.Id))]);
        Claims(Sample.Terms).ShouldBeEmpty("nobody asks by number, so nothing is kept for it");
    }

    private static readonly BrandTerms Terms = Sample.Terms with { Trackers = [new("fedex", ["FedEx"]), new("dlv", ["Delhivery", "Delhivery Express"])] };

    [Fact]
    public void A_parcel_is_asked_for_at_the_connection_that_knows_its_carrier()
    {
        var story = new OrderStory(Terms).Reported().AllDone().Shipped("T 1", "BLR", ("SKU-A", 2), ("SKU-B", 1));
        story.AskedFor.ShouldBe(new Dictionary<string, string> { ["T1"] = "dlv" });
        story.Requests.OfType<ShippingRequest.AskAfter>().Single().ShouldBe(new("dlv", "T1", "T 1", story.Happened<FulfilmentEvent.ParcelLeft>().Single().Parcel.ShippedAt));
        story.Shipped("T 1", "BLR", ("SKU-A", 2), ("SKU-B", 1)).Last.Requests.ShouldBe(0, "it left once");
    }

    [Fact]
    public void A_brand_without_such_a_connection_asks_for_nothing() =>
        new OrderStory().Reported().AllDone().Shipped("T1", "BLR", ("SKU-A", 2), ("SKU-B", 1)).Hear(new ShippingSignal.EndTold("T1", ParcelEnd.Lost, false, "gone", "ann")).Requests.OfType<ShippingRequest>().ShouldBeEmpty();

    [Theory]
    [InlineData("dlv", "dlv")]
    [InlineData("broker", null)]
    public void A_label_of_ours_is_asked_for_where_it_was_bought_and_a_brokers_tells_by_itself(string seller, string? asked)
    {
        var terms = Terms with { Locations = [.. Terms.Locations.Select(l => l with { Labels = new(seller, "surface", "world", LabelTests.From, 500) })] };
        var story = new OrderStory(terms).Reported();
        story.Is<LabelEffect.Buy>(EffectPlace.Ended).Hear(new LabelSignal.Issued(story.Planned<LabelEffect.Buy>().Single().Parcel.Reference, new("l-1", "delhivery", null, "T1", null, null, null, null)));
        story.AllDone().Shipped("T1", "BLR", ("SKU-A", 2), ("SKU-B", 1));
        story.AskedFor.GetValueOrDefault("T1").ShouldBe(asked);
    }

    [Fact]
    public void What_was_delivered_before_it_left_is_not_asked_for() =>
        new OrderStory(Terms).Reported().AllDone().Scanned("T1", ScanStatus.Delivered).Shipped("T1", "BLR", ("SKU-A", 2), ("SKU-B", 1)).AskedFor.ShouldBeEmpty();

    [Fact]
    public void What_a_person_has_ended_is_asked_for_no_more() =>
        new OrderStory(Terms).Reported().AllDone().Shipped("T1", "BLR", ("SKU-A", 2), ("SKU-B", 1)).Hear(new ShippingSignal.EndTold("T1", ParcelEnd.Lost, false, "gone", "ann")).AskedFor.ShouldBeEmpty();

    [Theory]
    [InlineData("UPS", true)]
    [InlineData("ups Ground", true)]
    [InlineData("UPS_WORLDWIDE", true)]
    [InlineData("Upstart", false)]
    [InlineData("DHL", false)]
    public void A_carrier_is_known_by_its_name_with_or_without_a_service(string carrier, bool known) => new TrackerTerms("x", ["UPS"]).Carries(carrier).ShouldBe(known);
}
