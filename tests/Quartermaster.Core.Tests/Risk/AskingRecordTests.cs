using Quartermaster.Core.Risk;

namespace Quartermaster.Core.Tests.Risk;

public sealed class AskingRecordTests
{
    [Fact]
    public void Asked_orders_are_compared_with_left_out_ones_of_their_band()
    {
        var band = new AskingRecord(2, 500, new(80, 8), new(20, 8), new(50, 16));
        band.Asked.ShouldBe(new Ends(100, 16));
        band.Lift.ShouldNotBeNull().Points.ShouldBe(16m, "32 % of those left out went back, and 16 % of those asked");
        band.Lift!.Margin.ShouldBeInRange(14.5m, 15.5m);
        band.Lift.IsClear.ShouldBeTrue();
    }

    [Fact]
    public void A_few_orders_prove_nothing() =>
        new AskingRecord(2, 5, new(3, 0), new(0, 0), new(2, 1)).Lift.ShouldNotBeNull().IsClear.ShouldBeFalse();

    [Fact]
    public void Bands_weigh_as_many_as_were_asked_in_them()
    {
        var lift = AskingRecord.Over([new(1, 0, new(100, 10), default, new(10, 2)), new(3, 0, new(300, 60), default, new(200, 60)), new(4, 0, new(7, 7), default, default)]).ShouldNotBeNull();
        lift.Points.ShouldBe(10m, "both compared bands gain ten points; the band of which nobody was left out says nothing");
        lift.Orders.ShouldBe(400);
        AskingRecord.Over([new(1, 9, new(100, 10), default, default)]).ShouldBeNull();
    }
}
