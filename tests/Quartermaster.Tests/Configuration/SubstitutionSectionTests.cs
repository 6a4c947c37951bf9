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

    private const string Categories = """
        brands:
          aurora:
            substitutions:
              - { category: black tea, max_difference: 60, consent: not, skus: [ { sku: ASSAM, price: 500 }, { sku: CEYLON, price: 520 }, { sku: DARJ, price: 900 } ] }
              - { sku: DARJ, by: [ { sku: CEYLON } ] }
        """;

    [Fact]
    public void Each_of_a_category_may_be_sent_instead_of_each_other_within_the_price_and_an_entry_of_its_own_stands_before_it()
    {
        var read = Read(Categories);
        var rules = read.Plan.Brands["aurora"].Terms.Substitutions;
        rules["ASSAM"].ShouldSatisfyAllConditions(r => r.NeedsConsent.ShouldBeFalse(), r => r.For(500m).ShouldBe(["CEYLON"]), r => r.For(880m).ShouldBe(["DARJ"]));
        rules["CEYLON"].For(480m).ShouldBe(["ASSAM"]);
        rules["DARJ"].ShouldSatisfyAllConditions(r => r.NeedsConsent.ShouldBeTrue(), r => r.For(900m).ShouldBe(["CEYLON"]));
        var shown = EffectiveConfiguration.Write(read);
        EffectiveConfiguration.Write(Read(shown)).ShouldBe(shown);
    }

    [Theory]
    [InlineData("{ sku: CEYLON, price: 520 }", "{ sku: ASSAM, price: 520 }", "each once")]
    [InlineData("{ sku: CEYLON, price: 520 }, { sku: DARJ, price: 900 }", "", "a category is 2 to 100 SKUs")]
    [InlineData("{ sku: CEYLON, price: 520 }", "{ sku: CEYLON }", "it needs a price")]
    [InlineData("- { sku: DARJ, by: [ { sku: CEYLON } ] }", "- { category: green tea, skus: [ { sku: DARJ }, { sku: SENCHA } ] }", "DARJ is in black tea already")]
    [InlineData("category: black tea, ", "category: black tea, sku: X, ", "sku")]
    public void What_cannot_be_of_a_category_is_said(string written, string instead, string complaint) =>
        Mistakes(Categories.Replace(written, instead, StringComparison.Ordinal)).ShouldContain(m => m.Contains(complaint));

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
    [InlineData("brands: { aurora: { title: A } }\nconnections: { s: { connector: depot, brand: aurora, settings: { base_url: \"https://s.example\" }, stock: { hide_at_zero: true } } }", "hides no products")]
    public void What_a_connection_cannot_do_is_not_asked_of_it(string written, string complaint) => Mistakes(written).ShouldContain(m => m.Contains(complaint));
}
