using static Quartermaster.Configuration.ConfigurationTestBed;

namespace Quartermaster.Configuration;

public sealed class ReplenishmentSectionTests
{
    private const string Written = """
        brands:
          aurora:
            replenishment: { low_units: 5, low_days: 10.5, demand_days: 56, service_level: 0.98, review_days: 14, drafts: false }
        """;

    [Fact]
    public void What_is_written_is_when_the_brand_hears_of_it_and_reads_back_as_the_same()
    {
        var read = Read(Written);
        read.Plan.Brands["aurora"].Terms.Replenishment.ShouldBe(new() { LowUnits = 5, LowDays = 10.5m, DemandDays = 56, ServiceLevel = 0.98m, ReviewDays = 14, Drafts = false });
        var shown = EffectiveConfiguration.Write(read);
        EffectiveConfiguration.Write(Read(shown)).ShouldBe(shown);
    }

    [Fact]
    public void A_brand_without_the_section_hears_nothing_and_one_with_an_empty_one_a_week_before()
    {
        Read("brands: { aurora: { title: A } }").Plan.Brands["aurora"].Terms.Replenishment.ShouldBeNull();
        Read("brands: { aurora: { replenishment: } }").Plan.Brands["aurora"].Terms.Replenishment.ShouldBe(new() { LowDays = 7 });
        Read("brands: { aurora: { replenishment: { low_units: 3 } } }").Plan.Brands["aurora"].Terms.Replenishment.ShouldBe(new() { LowUnits = 3 });
    }

    [Theory]
    [InlineData("service_level: 0.98", "service_level: 98", "is not a share between 0.5 and 0.999")]
    [InlineData("demand_days: 56", "demand_days: 3", "is not a whole number between 7 and 365")]
    [InlineData("low_units: 5", "low_unit: 5", "low_unit")]
    public void What_cannot_be_is_said_with_what_would_be_right(string written, string instead, string complaint) =>
        Mistakes(Written.Replace(written, instead, StringComparison.Ordinal)).ShouldContain(m => m.Contains(complaint));
}
