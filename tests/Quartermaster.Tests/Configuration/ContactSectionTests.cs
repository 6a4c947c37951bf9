using Quartermaster.Core.Kernel;
using Quartermaster.Runtime;
using static Quartermaster.Configuration.ConfigurationTestBed;

namespace Quartermaster.Configuration;

public sealed class ContactSectionTests
{
    private const string Written = """
        brands:
          aurora:
            customers: { marketing: opt_out, quiet_hours: "20:30-09:00", most: 2, days: 30, across_brands: true }
          banyan:
            customers: { quiet_hours: none, across_brands: true }
          cedar: {}
        """;

    [Fact]
    public void What_is_written_is_kept_to_and_reads_back_as_the_same()
    {
        var read = Read(Written);
        read.Plan.Brands["aurora"].Terms.Contact.ShouldBe(new(false, new(new(20, 30), new(9, 0)), 2, 30) { AcrossBrands = true });
        read.Plan.Brands["banyan"].Terms.Contact.Quiet.ShouldBeNull();
        read.Plan.Brands["cedar"].Terms.Contact.ShouldBe(ContactTerms.Usual);
        var shown = EffectiveConfiguration.Write(read);
        EffectiveConfiguration.Write(Read(shown)).ShouldBe(shown);
    }

    [Fact]
    public void Brands_that_share_their_customers_do_so_with_each_other_and_with_nobody_else()
    {
        var plan = Read(Written).Plan;
        (plan.RealmOf("aurora"), plan.RealmOf("banyan"), plan.RealmOf("cedar")).ShouldBe((HubPlan.SharedRealm, HubPlan.SharedRealm, "cedar"));
    }

    [Theory]
    [InlineData("opt_out", "double", "is not a kind of consent")]
    [InlineData("20:30-09:00", "nine to five", "are no hours")]
    [InlineData("most: 2", "most: 0", "is not a whole number between 1 and 100")]
    [InlineData("days: 30", "day: 30", "day")]
    public void What_cannot_be_is_said_with_what_would_be_right(string written, string instead, string complaint) =>
        Mistakes(Written.Replace(written, instead, StringComparison.Ordinal)).ShouldContain(m => m.Contains(complaint));
}
