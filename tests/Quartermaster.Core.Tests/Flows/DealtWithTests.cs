using Quartermaster.Core.Kernel;
using Quartermaster.Core.Shipping;

namespace Quartermaster.Core.Tests.Flows;

/// <summary>What a person has dealt with does not keep the order among those that need a person, until it happens again.</summary>
public sealed class DealtWithTests
{
    private static readonly CaseSettled Called = new("scan/T1", "called the shopper", "ann");

    private static OrderStory Missed() => new OrderStory().Reported().AllDone().Shipped("T1", "BLR", ("SKU-A", 2), ("SKU-B", 1)).Scanned("T1", ScanStatus.FailedAttempt);

    [Fact]
    public void A_case_that_is_dealt_with_is_no_reason_any_more()
    {
        var story = Missed();
        story.Row.Attention.ShouldBe("The carrier has trouble with parcel T1.");
        story.Hear(Called).Row.Attention.ShouldBeNull();
    }

    [Fact]
    public void Only_that_case_is_dealt_with()
    {
        var story = Missed().Hear(new ShippingSignal.Scanned("delhivery", "T1", ScanStatus.Unmapped, "ZX-7", Sample.Monday.AddDays(1), null));
        story.Hear(Called).Row.Attention.ShouldBe("The carrier sent 'ZX-7', which nobody has mapped.");
        story.Hear(new CaseSettled("scan/T1/ZX-7", "means nothing", "ann")).Row.Attention.ShouldBeNull();
    }

    [Fact]
    public void When_it_happens_again_it_needs_a_person_again()
    {
        var story = Missed().Hear(Called).Scanned("T1", ScanStatus.OutForDelivery);
        story.Row.Attention.ShouldBeNull();
        story.Scanned("T1", ScanStatus.FailedAttempt).Row.Attention.ShouldBe("The carrier has trouble with parcel T1.");
        story.Cases.ShouldContainKey("scan/T1");
        story.Hear(Called).Row.Attention.ShouldBeNull();
    }
}
