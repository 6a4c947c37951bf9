using Quartermaster.Core.Kernel;
using static Quartermaster.Configuration.ConfigurationTestBed;

namespace Quartermaster.Configuration;

public sealed class LookAndDelaySectionTests
{
    private const string Written = """
        brands:
          aurora:
            delays: { silent_after: 36h, lane_share: 0.5, lane_parcels: 4, credit: { amount: 100, most_per_order: 150, most_per_month: 5000 } }
            look: { name: Aurora, colour: "#7A2E3A", logo: "https://shop.example/logo.svg" }
          banyan: { delays: {} }
          cedar: { title: Cedar }
        """;

    [Fact]
    public void What_is_written_is_what_is_done_and_reads_back_as_the_same()
    {
        var read = Read(Written);
        read.Plan.Brands["aurora"].Terms.Delays.ShouldBe(new DelayTerms { SilentAfter = TimeSpan.FromHours(36), LaneShare = 0.5m, LaneParcels = 4, Credit = new(100m, 150m, 5000m) });
        read.Plan.Brands["aurora"].Terms.Look.ShouldBe(new BrandLook { Name = "Aurora", Colour = "#7a2e3a", Logo = new("https://shop.example/logo.svg") });
        (read.Plan.Brands["banyan"].Terms.Delays, read.Plan.Brands["cedar"].Terms.Delays, read.Plan.Brands["cedar"].Terms.Look).ShouldBe((new DelayTerms(), null, BrandLook.Plain));
        read.Plan.WatchesParcels.ShouldBeTrue();
        Read("brands: { cedar: { title: Cedar } }").Plan.WatchesParcels.ShouldBeFalse();
        var shown = EffectiveConfiguration.Write(read);
        EffectiveConfiguration.Write(Read(shown)).ShouldBe(shown);
    }

    [Theory]
    [InlineData("look: { colour: \"#ffcc00\" }", "look.colour", "cannot be read by everybody")]
    [InlineData("look: { colour: blue }", "look.colour", "not a colour")]
    [InlineData("look: { logo: \"http://shop.example/logo.svg\" }", "look.logo", "not where a browser could fetch a picture")]
    [InlineData("delays: { silent_after: 0h }", "delays.silent_after", "silent at once")]
    [InlineData("delays: { lane_share: 2 }", "delays.lane_share", "share of the parcels")]
    [InlineData("delays: { credit: { amount: 100, most_per_month: 50 } }", "delays.credit.most_per_month", "nothing could be offered")]
    [InlineData("delays: { credit: { amount: 100, most_per_order: 50, most_per_month: 500 } }", "delays.credit.most_per_order", "nothing could be offered")]
    [InlineData("delays: { credit: { amount: 100 } }", "delays.credit.most_per_month", "it is missing")]
    public void What_cannot_be_meant_is_told_with_its_key(string written, string key, string wrong) =>
        Mistakes($"brands: {{ aurora: {{ {written} }} }}").ShouldContain(m => m.Contains(key) && m.Contains(wrong));

    [Fact]
    public void A_colour_that_cannot_be_read_gets_a_darker_tone_that_can_and_a_page_in_the_dark_a_lighter_one()
    {
        BrandLook.Contrast(BrandLook.Darker("#ffcc00"), "#ffffff").ShouldBeGreaterThanOrEqualTo(BrandLook.Readable);
        BrandLook.Contrast("#ffffff", "#000000").ShouldBe(21, 0.01);
        foreach (var colour in new[] { "#1f5fae", "#7a2e3a", "#000000", "#004d00" })
            BrandLook.Contrast(new BrandLook { Colour = colour }.OnDark, "#1f242a").ShouldBeGreaterThanOrEqualTo(BrandLook.Readable, colour);
    }
}
