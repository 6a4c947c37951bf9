using Quartermaster.Core.Campaigns;
using Quartermaster.Core.Flows;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Shipping;

namespace Quartermaster.Core.Tests.Flows;

/// <summary>What a campaign that nobody has saved yet would make of the orders that are there.</summary>
public sealed class CampaignTrialTests
{
    private static readonly DateTimeOffset Now = Sample.Monday.AddDays(30);

    private static readonly Situation Today = new(new("aurora", "order", "1"), Now, Sample.Terms);

    private static Campaign Of(CampaignTrigger trigger, int days = 10) => new("try", "Try", trigger, [new(TimeSpan.FromDays(days), "thank_you")]) { HoldOut = 0m };

    private static Acquaintance Known(params DateTimeOffset[] ordered) => new(ordered, ordered.Length, false, 0, []);

    [Fact]
    public void An_order_begins_what_it_would_have_begun_at_the_time_it_did()
    {
        var placed = new OrderStory(Sample.Terms).Reported();
        var bought = CampaignTrial.Of(placed.File, Of(CampaignTrigger.Purchased), Today)!;
        (bought.Run.EnteredAt, bought.Run.DueAt, bought.Run.About.OrderRef).ShouldBe((placed.File.Order.Facts!.PlacedAt, placed.File.Order.Facts.PlacedAt.AddDays(10), "1"));
        CampaignTrial.Of(placed.File, Of(CampaignTrigger.Delivered), Today).ShouldBeNull("nothing of it has come");
        CampaignTrial.Of(placed.File, Of(CampaignTrigger.CheckoutLeft), Today).ShouldBeNull();

        var sent = new OrderStory(Sample.Terms).Reported().AllDone().Shipped("T1", "BLR", ("SKU-A", 2), ("SKU-B", 1));
        CampaignTrial.Of(sent.File, Of(CampaignTrigger.Delivered), Today).ShouldBeNull("it is on its way");
        sent.Scanned("T1", ScanStatus.Delivered);
        CampaignTrial.Of(sent.File, Of(CampaignTrigger.Delivered), Today)!.Run.EnteredAt.ShouldBe(sent.File.Shipping.All![0].LastAt!.Value);
    }

    [Fact]
    public void Who_has_bought_since_is_neither_silent_nor_due_and_whose_silence_is_long_enough_is_written_to_now()
    {
        var tried = CampaignTrial.Of(new OrderStory(Sample.Terms).Reported().File, Of(CampaignTrigger.Silent), Today)!;
        var at = tried.Order.At;
        CampaignTrial.With(tried, Known(at), Of(CampaignTrigger.Silent), Now)!.Run.DueAt.ShouldBe(Now, "it was due long ago");
        CampaignTrial.With(tried, Known(at.AddDays(1), at), Of(CampaignTrigger.Silent), Now).ShouldBeNull();
        CampaignTrial.With(tried, Known(at), Of(CampaignTrigger.ReorderDue) with { Usual = TimeSpan.FromDays(40) }, Now)!.Run.DueAt.ShouldBe(at.AddDays(50), "40 days by what is usual, and the step's own 10");
        CampaignTrial.With(tried, Known(at.AddDays(1)), Of(CampaignTrigger.Purchased), Now).ShouldBe(tried);
    }
}
