using Quartermaster.Core.Rules;
using static Quartermaster.Configuration.ConfigurationTestBed;

namespace Quartermaster.Configuration;

public sealed class RulesSectionTests
{
    private const string Written = """
        brands:
          aurora:
            alerts: bell
            locations:
              BLR: { country: IN, warehouse: depot }
              DEL: { country: IN, warehouse: depot }
            routing:
              rates: [ { service: Surface, to: IN, first: 58 }, { service: Express, to: IN, first: 90 } ]
              pools:
                south: { locations: [BLR], channels: [aurora-shop] }
            rules:
              - name: Big cash orders
                when: { payment: cash_on_delivery, total: { at_least: 5000 }, country: [IN, LK] }
                then:
                  tag: [check, cash]
                  hold: { reason: "Call the shopper, first", owner: lead, lapses: 2d }
              - name: Gifts
                when:
                  any:
                    - { note: { contains: "gift wrap" } }
                    - { sku: { starts_with: [GIFT-, BOX-] }, units: { between: [1, 3] } }
                    - { none: [ { channel: aurora-shop }, { billed_abroad: true } ] }
                then: { pool: south, service: Express, approve: admin, notify: "A gift, wrap it" }
              - name: Everything
                when: { all: [] }
                then: { hold: Look at it }
        connections:
          depot: { connector: depot, brand: aurora, settings: { base_url: "https://depot.example" } }
          bell: { connector: bell, brand: aurora }
          aurora-shop: { connector: shop, brand: aurora, settings: { shop: aurora.example, token: x } }
        """;

    [Fact]
    public void What_is_written_is_what_is_asked()
    {
        var plan = Read(Written).Plan.Brands["aurora"];
        plan.Rules.Rules.Select(r => (r.Name, r.When.ToString())).ShouldBe(
        [
            ("Big cash orders", "payment is cash_on_delivery; total at least 5000; country one of IN, LK"),
            ("Gifts", "any of (note contains gift wrap; sku starts with GIFT- or BOX-; units between 1 and 3; none of (channel is aurora-shop; billed_abroad yes))"),
            ("Everything", ""),
        ]);
        plan.Rules.Rules.Select(r => string.Join(" | ", r.Then.Words())).ShouldBe(
        [
            "tag check | tag cash | hold: Call the shopper, first (lead, for 2 days)", "approval by admin | from pool south | by service Express | notify: A gift, wrap it", "hold: Look at it (agent)",
        ]);
        plan.Terms.Rules.ShouldNotBeNull();
        plan.Terms.Routing.Pools.Single().ShouldSatisfyAllConditions(p => p.Name.ShouldBe("south"), p => p.Locations.ShouldBe(["BLR"]), p => p.Channels.ShouldBe(["aurora-shop"]));
    }

    [Fact]
    public void What_is_shown_reads_back_as_the_same_rules()
    {
        var shown = EffectiveConfiguration.Write(Read(Written));
        var again = Read(shown);
        EffectiveConfiguration.Write(again).ShouldBe(shown);
        again.Plan.Brands["aurora"].Rules.Version.ShouldBe(Read(Written).Plan.Brands["aurora"].Rules.Version);
    }

    [Theory]
    [InlineData("at_least: 5000", "at_leest: 5000", "'at_leest' is no test for total, which is a number. Did you mean 'at_least'?")]
    [InlineData("at_least: 5000", "at_least: lots", "'lots' is not a number")]
    [InlineData("at_least: 5000", "starts_with: 5", "'starts_with' is no test for total, which is a number")]
    [InlineData("{ at_least: 5000 }", "[1, 2]", "is a number and cannot be one of a list")]
    [InlineData("between: [1, 3]", "between: [3, 1]", "the first number is the larger one")]
    [InlineData("between: [1, 3]", "between: 3", "two numbers are needed here")]
    [InlineData("payment: cash_on_delivery", "payment: cash", "'cash' is not a value of payment")]
    [InlineData("payment: cash_on_delivery", "paymant: prepaid", "'paymant' is nothing that a rule can ask about. Did you mean 'payment'?")]
    [InlineData("[IN, LK]", "[IN, Ceylon]", "'Ceylon' is not a country")]
    [InlineData("channel: aurora-shop }", "channel: aurora-shoq }", "'aurora-shoq' is not a storefront of this brand. Did you mean 'aurora-shop'?")]
    [InlineData("billed_abroad: true", "billed_abroad: maybe", "'maybe' is neither true nor false")]
    [InlineData("{ all: [] }", "{}", "the condition is empty")]
    [InlineData("when: { all: [] }", "wenn: { all: [] }", "brands.aurora.rules[2].when: it is missing")]
    [InlineData("{ hold: Look at it }", "{}", "nothing follows from the rule")]
    [InlineData("name: Everything", "name: Gifts", "there is a rule 'Gifts' already")]
    [InlineData("owner: lead", "owner: boss", "'boss' is not a role that may lift it")]
    [InlineData("lapses: 2d", "lapses: soon", "'soon' is not a length of time")]
    [InlineData("{ pool: south", "{ pool: sauth", "'sauth' is not a pool of this brand. Did you mean 'south'?")]
    [InlineData("service: Express, approve", "service: Expres, approve", "'Expres' is not a service of this brand's rates. Did you mean 'Express'?")]
    [InlineData("alerts: bell", "# alerts: bell", "this brand has nobody to tell")]
    [InlineData("locations: [BLR]", "locations: [BRL]", "'BRL' is not a location of this brand")]
    [InlineData("channels: [aurora-shop]", "channels: [bell]", "'bell' is not a storefront of this brand")]
    public void What_is_wrong_is_told_with_its_place(string right, string wrong, string said)
    {
        Written.ShouldContain(right);
        Mistakes(Written.Replace(right, wrong, StringComparison.Ordinal)).ShouldContain(m => m.Contains(said) && m.StartsWith("quartermaster.yaml:", StringComparison.Ordinal));
    }

    [Fact]
    public void A_mistake_in_what_a_person_typed_names_its_line()
    {
        var plan = Read(Written).Plan;
        var typed = "- name: Mine\n  when: { tag: vip }\n  then: { pool: nord }\n";
        Should.Throw<ConfigurationException>(() => DashboardRules.Read(plan, "aurora", typed)).Problems.Single().ShouldSatisfyAllConditions(p => p.Place.Line.ShouldBe(3), p => p.Key.ShouldBe("rules[0].then.pool"));
        Should.Throw<ConfigurationException>(() => DashboardRules.Read(plan, "aurora", "rules:\n- { name: Gifts, when: { tag: a }, then: { tag: b } }")).Message.ShouldContain("there is a rule 'Gifts' already");
        DashboardRules.Read(plan, "aurora", "rules: []").ShouldBeEmpty();
        DashboardRules.Read(plan, "aurora", "rules:\n- { name: Mine, when: { tag: a }, then: { tag: b } }").Single().Origin.ShouldBe(Rule.TheDashboard);
    }

    [Theory]
    [InlineData("- name: Mine\n  when: &a { tag: vip }\n  then: { tag: b }\n", 2, "anchors (&) and aliases (*) are not read")]
    [InlineData("rules:\n- &a x\n- *a\n", 2, "anchors (&) and aliases (*) are not read")]
    [InlineData("rules:\n- *a\n", 2, "anchors (&) and aliases (*) are not read")]
    [InlineData("rules:\n- name: Mine\n  when: [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]\n", 3, "more than 30 levels deep")]
    public void Text_that_can_mean_more_than_it_says_is_refused_with_its_line(string typed, int line, string said)
    {
        var plan = Read(Written).Plan;
        Should.Throw<ConfigurationException>(() => DashboardRules.Read(plan, "aurora", typed)).Problems.Single().ShouldSatisfyAllConditions(p => p.Place.Line.ShouldBe(line), p => p.Wrong.ShouldContain(said));
        Mistakes(typed).Single().ShouldContain(said);
    }

    [Fact]
    public void Brackets_without_end_do_not_end_the_process() =>
        Should.Throw<ConfigurationException>(() => DashboardRules.Read(Read(Written).Plan, "aurora", new string('[', RuleText.Longest))).Message.ShouldContain("more than 30 levels deep");
}
