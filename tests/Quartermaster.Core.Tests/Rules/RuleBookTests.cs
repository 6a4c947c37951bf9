using Quartermaster.Core.Kernel;
using Quartermaster.Core.Orders;
using Quartermaster.Core.Rules;

namespace Quartermaster.Core.Tests.Rules;

public sealed class RuleBookTests
{
    private static readonly RuleFacts Order = RuleView.Of(Order_(Sample.Facts() with { Tags = ["vip"], Note = "gift wrap, please", Buyer = Sample.Facts().Buyer with { Email = "a@MAILINATOR.com" } }));

    private static Core.Orders.Order Order_(OrderFacts facts) => new() { Facts = facts };

    private static RuleField Field(string name) => RuleField.Find(name)!;

    private static Condition Is(string field, params string[] values) => new Condition.Text(Field(field), values.Length == 1 ? TextTest.Is : TextTest.In, values);

    private static Rule Rule(string name, Condition when, Then then) => new(name, when, then);

    public static TheoryData<Condition, bool> Conditions => new()
    {
        { Is("country", "in"), true },
        { Is("country", "DE", "IN"), true },
        { new Condition.Text(Field("country"), TextTest.IsNot, ["IN"]), false },
        { new Condition.Text(Field("postal_code"), TextTest.StartsWith, ["11", "56"]), true },
        { new Condition.Text(Field("email_domain"), TextTest.Is, ["mailinator.com"]), true },
        { new Condition.Text(Field("email"), TextTest.EndsWith, [".COM"]), true },
        { new Condition.Text(Field("note"), TextTest.Contains, ["GIFT"]), true },
        { Is("sku", "SKU-B"), true },
        { new Condition.Text(Field("sku"), TextTest.IsNot, ["SKU-B"]), false },
        { new Condition.Text(Field("sku"), TextTest.NotIn, ["X", "Y"]), true },
        { Is("tag", "VIP"), true },
        { Is("company", "Acme"), false },
        { Is("payment", "prepaid"), true },
        { Is("payment_state", "paid"), true },
        { new Condition.Number(Field("total"), NumberTest.AtLeast, 1550m), true },
        { new Condition.Number(Field("total"), NumberTest.MoreThan, 1550m), false },
        { new Condition.Number(Field("total"), NumberTest.Between, 1000m, 1550m), true },
        { new Condition.Number(Field("units"), NumberTest.Is, 3m), true },
        { new Condition.Number(Field("largest_line"), NumberTest.LessThan, 2m), false },
        { new Condition.YesNo(Field("billed_abroad"), false), true },
        { new Condition.All([]), true },
        { new Condition.Any([]), false },
        { new Condition.Any([Is("country", "DE"), Is("tag", "vip")]), true },
        { new Condition.None([Is("country", "DE"), Is("tag", "vip")]), false },
    };

    [Theory]
    [MemberData(nameof(Conditions))]
    public void A_condition_is_met_or_not(Condition condition, bool met) => condition.IsMet(Order).ShouldBe(met, condition.ToString());

    [Fact]
    public void All_matching_rules_run_and_the_first_that_decides_wins()
    {
        var book = new RuleBook(
        [
            Rule("No one", Is("country", "DE"), new() { Pool = "north" }),
            Rule("Cash check", new Condition.All([Is("country", "IN"), new Condition.Number(Field("total"), NumberTest.AtLeast, 1000m)]), new() { Hold = new("Call first", "lead", TimeSpan.FromDays(1)), Tags = ["check"] }),
            Rule("By tag", Is("tag", "check"), new() { Hold = new("Look at it", "agent", null), Pool = "south", Notify = "Big order" }),
            Rule("Later", Is("country", "IN"), new() { Pool = "west", Service = "Express", Approve = "lead", Tags = ["check", "late"] }),
        ]);

        var ruling = book.Say(Order);

        ruling.Version.ShouldBe(book.Version);
        ruling.Matches.Select(m => m.Rule).ShouldBe(["Cash check", "By tag", "Later"]);
        ruling.Matches[0].Because.ShouldBe(["country is IN", "total 1550, at least 1000"]);
        ruling.Hold.ShouldBe(new RuleHold("Cash check", "Call first", "lead", "country is IN; total 1550, at least 1000", TimeSpan.FromDays(1)));
        (ruling.Pool, ruling.Service, ruling.Approval!.MayLift).ShouldBe(("south", "Express", "lead"));
        ruling.Tags.ShouldBe(["check", "late"]);
        ruling.Notices.ShouldBe([new RuleNotice("By tag", "Big order")]);
        ruling.Matches[1].Lost.ShouldBe(["hold: Look at it (agent), because 'Cash check' came first"]);
        ruling.Matches[2].Lost.ShouldBe(["from pool west, because 'By tag' came first"]);
    }

    [Fact]
    public void A_version_is_the_same_for_the_same_rules_and_no_other()
    {
        Rule[] rules = [Rule("One", new Condition.Any([Is("country", "IN"), Is("tag", "a", "b")]), new() { Tags = ["x"] })];
        var version = new RuleBook(rules).Version;
        new RuleBook([.. rules]).Version.ShouldBe(version);
        new RuleBook(rules, 4).Version.ShouldBe($"{version}, dashboard 4");
        new RuleBook([rules[0] with { When = new Condition.Any([Is("country", "IN"), Is("tag", "a", "c")]) }]).Version.ShouldNotBe(version);
        new RuleBook([rules[0] with { When = new Condition.All([Is("country", "IN"), Is("tag", "a", "b")]) }]).Version.ShouldNotBe(version);
        RuleBook.Empty.Judge.ShouldBeNull("a brand without rules is not asked");
    }

    [Fact]
    public void Every_field_reads_something_and_every_word_of_a_closed_field_is_one_an_order_can_have()
    {
        RuleField.All.Select(f => f.Name).ShouldBeUnique();
        foreach (var method in Enum.GetValues<PaymentMethod>())
            Field("payment").Values.ShouldContain(RuleView.Of(Order_(Sample.Facts() with { Payment = new(PaymentState.Paid, method, null) })).Payment);
        foreach (var state in Enum.GetValues<PaymentState>())
            Field("payment_state").Values.ShouldContain(RuleView.Of(Order_(Sample.Facts() with { Payment = new(state, PaymentMethod.Prepaid, null) })).PaymentState);
    }
}
