using Quartermaster.Core.Connecting;
using Quartermaster.Core.Flows;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Labels;
using Quartermaster.Core.Orders;
using Quartermaster.Core.Routing;
using Quartermaster.Core.Stock;

namespace Quartermaster.Core.Tests.Flows;

/// <summary>What is known of a SKU counts where the order does not say it: for the choice of a location, for rules, on labels.</summary>
public sealed class SkuFactsTests
{
    private static readonly AboutSku Known = sku => sku switch
    {
        "SKU-A" => new(400, new(30, 20, 10), "09023000", "IN"),
        "SKU-B" => new(150, null, "62052000", "BD"),
        _ => SkuFacts.Unknown,
    };

    private static readonly BrandTerms Terms = Sample.Terms with { Routing = new() { Rates = [new("Surface", [], "IN", 40m, 500, 20m)] } };

    private static string Reckoned(OrderStory story) => story.Happened<StockEvent.Allocated>().Single().Candidates.Single(c => c.Chosen).Terms.First(t => t.StartsWith("Surface", StringComparison.Ordinal));

    private static OrderStory Story(BrandTerms terms) => new(terms) { Skus = Known, Load = new(new RoutingKnowledge { Skus = Known }) };

    [Fact]
    public void An_order_without_weights_is_reckoned_by_what_its_goods_weigh()
    {
        Reckoned(Story(Terms).Reported()).ShouldBe("Surface to IN, 0.95 kg 60");
        Reckoned(new OrderStory(Terms).Reported()).ShouldBe("Surface to IN, 0 kg 40", "nothing is known of them");
    }

    [Fact]
    public void What_the_channel_says_of_a_weight_stands() =>
        Reckoned(Story(Terms).Reported(Sample.Facts(Sample.Line("1", "SKU-A", 2) with { Grams = 1000 }))).ShouldBe("Surface to IN, 2 kg 100");

    [Fact]
    public void Room_counts_by_the_size_of_the_goods_where_a_tariff_goes_by_it()
    {
        var terms = Terms with { Routing = new() { Rates = [Terms.Routing.Rates[0] with { VolumetricDivisor = 5000 }] } };
        Reckoned(Story(terms).Reported()).ShouldBe("Surface to IN, 2.4 kg by its room (0.95 kg) 120");
    }

    [Fact]
    public void Rules_see_the_weight() => RuleView.Of(Story(Terms).Reported().File.Order, Known).Weight.ShouldBe(0.95m);

    [Fact]
    public void A_label_tells_weight_tariff_number_and_origin()
    {
        var parcel = Story(LabelTests.Terms).Reported().Planned<LabelEffect.Buy>().Single().Parcel;
        parcel.Grams.ShouldBe(50 + 950, "goods and carton; without weights it would be the location's usual parcel");
        parcel.Items.ShouldBe([new("SKU-A", "Item SKU-A", 2, 500m, 400, "09023000", "IN"), new("SKU-B", "Item SKU-B", 1, 500m, 150, "62052000", "BD")]);
    }

    [Fact]
    public void A_part_of_a_kit_weighs_what_it_weighs_and_not_its_share()
    {
        var story = Story(LabelTests.Terms);
        story.Codes["KIT"] = [new("SKU-A", 1), new("SKU-B", 1)];
        var items = story.Reported(Sample.Facts(Sample.Line("1", "KIT", 1) with { Grams = 600 })).Planned<LabelEffect.Buy>().Single().Parcel.Items;
        items.Select(i => i.Grams).ShouldBe([400, 150]);
    }

    [Theory]
    [InlineData("0902.30", "090230")]
    [InlineData("0902 30 00", "09023000")]
    [InlineData("6205200000", "6205200000")]
    [InlineData("09023", null)]
    [InlineData("62052000001", null)]
    [InlineData("tea", null)]
    [InlineData(null, null)]
    public void A_tariff_number_is_its_digits(string? written, string? digits) => SkuFacts.Tariff(written).ShouldBe(digits);

    [Fact]
    public void The_longest_side_stands_first() => SkuFacts.SizeOf(10, 30, 20).ShouldBe(new(30, 20, 10));
}
