using static Quartermaster.Configuration.ConfigurationTestBed;

namespace Quartermaster.Configuration;

public sealed class SubstitutionSectionTests
{
    private const string Written = """
        brands:
          aurora:
            substitutions:
              - { sku: RED, max_difference: 100, consent: not, by: [ { sku: BLUE, price: 520 }, { sku: GREEN, price: 499.5 } ] }
              - { sku: MUG, by: [ { sku: CUP } ] }
        """;

    [Fact]
    public void What_is_written_is_what_may_be_sent_and_reads_back_as_the_same()
    {
        var read = Read(Written);
        var rules = read.Plan.Brands["aurora"].Terms.Substitutions;
        rules["RED"].ShouldSatisfyAllConditions(r => r.NeedsConsent.ShouldBeFalse(), r => r.For(450m).ShouldBe(["BLUE", "GREEN"]), r => r.For(410m).ShouldBe(["GREEN"]), r => r.For(1000m).ShouldBeEmpty());
        rules["MUG"].ShouldSatisfyAllConditions(r => r.NeedsConsent.ShouldBeTrue("what nobody decided about is never sent in silence"), r => r.For(1m).ShouldBe(["CUP"]));
        var shown = EffectiveConfiguration.Write(read);
        EffectiveConfiguration.Write(Read(shown)).ShouldBe(shown);
    }

    [Theory]
    [InlineData("consent: not", "consent: maybe", "Write required")]
    [InlineData("{ sku: BLUE, price: 520 }", "{ sku: BLUE }", "it needs a price")]
    [InlineData("{ sku: CUP }", "{ sku: MUG }", "cannot be sent instead of itself")]
    [InlineData("sku: MUG, by", "sku: RED, by", "RED has a rule already")]
    [InlineData(", by: [ { sku: CUP } ]", "", "nothing is named")]
    public void What_cannot_be_is_said_with_what_would_be_right(string written, string instead, string complaint) =>
        Mistakes(Written.Replace(written, instead, StringComparison.Ordinal)).ShouldContain(m => m.Contains(complaint));

    [Theory]
    [InlineData("brands: { aurora: { title: A, purchasing: { to: books } } }\nconnections: { books: { connector: ledger, brand: aurora } }", "takes no purchase orders")]
    [InlineData("brands: { aurora: { title: A } }\nconnections: { s: { connector: depot, brand: aurora, settings: { base_url: x }, stock: { hide_at_zero: true } } }", "hides no products")]
    public void What_a_connection_cannot_do_is_not_asked_of_it(string written, string complaint) => Mistakes(written).ShouldContain(m => m.Contains(complaint));
}
