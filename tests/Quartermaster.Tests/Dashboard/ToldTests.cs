using Quartermaster.Core.Stock;
using Quartermaster.Dashboard.Shown;
using Quartermaster.Runtime;
using Quartermaster.Sandbox;
using Shouldly;
using Xunit;

namespace Quartermaster.Tests.Dashboard;

public sealed class ToldTests
{
    // The day of a purchase order is the brand's midnight, which east of UTC is the evening before there.
    [Fact]
    public void The_day_that_a_pre_order_was_told_is_that_of_its_brand()
    {
        var aurora = DemoBrands.All[0].Terms;
        var times = new TimeText(new(new Dictionary<string, BrandPlan> { [aurora.Brand] = new(aurora, BrandMode.Live) }, new Dictionary<string, ConnectionPlan>()), TimeProvider.System);
        var day = times.StartOf(new(2091, 12, 20), aurora.Brand);
        day.Day.ShouldBe(19, "the sample is east of UTC");
        Told.Of(new StockEvent.Backordered([], ["A"], [], day), at => times.Day(at, aurora.Brand)).Detail.ShouldBe("A on the way is its own, expected on 20 Dec 2091");
    }
}
