using Quartermaster.Core.Shipping;

namespace Quartermaster.Core.Tests.Flows;

public sealed class ScanCaseTests
{
    [Theory]
    [InlineData(ScanStatus.FailedAttempt, ScanStatus.Delivered)]
    [InlineData(ScanStatus.Exception, ScanStatus.Delivered)]
    [InlineData(ScanStatus.FailedAttempt, ScanStatus.InTransit)]
    public void Trouble_with_a_parcel_is_over_when_it_moves_again(ScanStatus trouble, ScanStatus then)
    {
        var story = new OrderStory().Reported().Shipped("T1", "BLR", ("SKU-A", 2), ("SKU-B", 1)).AllDone().Scanned("T1", trouble);
        story.Cases.Keys.ShouldBe(["scan/T1"]);
        story.Scanned("T1", then).Cases.ShouldBeEmpty();
    }
}
