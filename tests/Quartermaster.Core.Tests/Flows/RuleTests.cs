using Quartermaster.Core.Flows;
using Quartermaster.Core.Fulfilment;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Messages;
using Quartermaster.Core.Orders;
using Quartermaster.Core.Rules;
using Quartermaster.Core.Stock;

namespace Quartermaster.Core.Tests.Flows;

/// <summary>What a brand's rules do to an order on its way.</summary>
public sealed class RuleTests
{
    private static readonly OrderFacts Big = Sample.Facts(Sample.Line("1", "SKU-A", 5));

    private static Condition AtLeast(decimal total) => new Condition.Number(RuleField.Find("total")!, NumberTest.AtLeast, total);

    private static Condition Tagged(string tag) => new Condition.Text(RuleField.Find("tag")!, TextTest.Is, [tag]);

    private static BrandTerms With(params Rule[] rules) => Sample.Terms with
    {
        Rules = new RuleBook(rules).Judge,
        Routing = new() { Pools = [new("north", ["DEL"], []), new("south", ["BLR"], [])], Rates = [new("Surface", [], "IN", 50m), new("Express", ["DEL"], "IN", 90m, Days: 1)] },
    };

    private static readonly Rule HoldBig = new("Big", AtLeast(2000m), new() { Hold = new("Call the shopper first", "lead", TimeSpan.FromDays(2)) });

    [Fact]
    public void A_rule_holds_an_order_when_it_is_placed_and_its_hold_lapses()
    {
        var story = new OrderStory(With(HoldBig)).Reported(Big);
        story.Status.ShouldBe("held");
        story.Requests.OfType<StockRequest>().ShouldBeEmpty("nothing is reserved before the rules were asked");
        story.File.Order.Holds!.Single().ShouldBe(new Hold(HoldKind.ByRule, "Call the shopper first", "lead", story.Now.AddDays(2), "Big"));
        story.Cases["hold/ByRule"].Kind.ShouldBe("order.held_by_rule");
        story.File.Order.Ruled!.Matches.Single().Because.ShouldBe(["total 2550, at least 2000"]);

        story.Now = story.Now.AddDays(2);
        story.Hear(story.Timers["hold/ByRule"].Signal!).Status.ShouldBe("allocated");
        story.Cases.ShouldBeEmpty();
    }

    [Fact]
    public void A_hold_that_a_person_lifted_comes_back_only_when_its_facts_change()
    {
        var story = new OrderStory(With(HoldBig)).Reported(Big).Hear(new OrderSignal.HoldLiftAsked(HoldKind.ByRule, "lea", "Big"));
        story.Status.ShouldBe("allocated");
        story.Reported(Big with { UpdatedAt = Sample.Monday.AddHours(1), Note = "ring twice", Tags = ["x"] }, "orders/updated").Status.ShouldBe("allocated");
        var more = Big with { UpdatedAt = Sample.Monday.AddHours(2), Total = 3050m, Lines = [Big.Lines[0] with { Quantity = 6 }], Payment = Big.Payment with { Paid = 3050m } };
        story.Reported(more, "orders/edited");
        story.File.Order.Has(HoldKind.ByRule).ShouldBeTrue("3050 is another total than the one that was agreed to");
    }

    [Fact]
    public void A_lift_that_meant_one_rules_hold_leaves_another_rules_hold()
    {
        var small = new Rule("Small", new Condition.Number(RuleField.Find("total")!, NumberTest.LessThan, 2000m), new() { Hold = new("Is that all?", "agent", null) });
        var story = new OrderStory(With(small, HoldBig)).Reported();
        story.File.Order.Holds!.Single().Rule.ShouldBe("Small");
        // Ann may lift that one; before her click is decided, the order is edited and another rule holds it, whose hold only a lead may lift.
        story.Reported(Big with { UpdatedAt = Sample.Monday.AddHours(1) }, "orders/edited").Hear(new OrderSignal.HoldLiftAsked(HoldKind.ByRule, "ann", "Small"));
        story.File.Order.Holds!.Single().Rule.ShouldBe("Big");
        story.Notes[^1].ShouldContain("Another rule holds the order now: 'Big'");
        story.Hear(new OrderSignal.HoldLiftAsked(HoldKind.ByRule, "ann")).Status.ShouldBe("held", "a lift that names no rule lifts no rule's hold");
        story.Hear(new OrderSignal.HoldLiftAsked(HoldKind.ByRule, "lea", "Big")).Status.ShouldBe("allocated");
    }

    [Fact]
    public void A_hold_goes_when_the_rule_matches_no_more()
    {
        var story = new OrderStory(With(HoldBig)).Reported(Big);
        var small = Sample.Facts() with { UpdatedAt = Sample.Monday.AddHours(1) };
        story.Reported(small, "orders/edited").Status.ShouldBe("allocated");
        story.Cases.ShouldBeEmpty();
        story.Timers.ShouldBeEmpty();
        story.File.Order.Ruled!.Matches.ShouldBeEmpty();
    }

    [Fact]
    public void An_approval_names_who_approves_and_never_lapses()
    {
        var story = new OrderStory(With(new Rule("Board", AtLeast(2000m), new() { Approve = "admin" }))).Reported(Big);
        var hold = story.File.Order.Holds!.Single();
        (hold.Kind, hold.MayLift, hold.LapsesAt).ShouldBe((HoldKind.Approval, "admin", null));
        hold.Reason.ShouldContain("total 2550, at least 2000");
        story.Timers.ShouldBeEmpty();
        story.Hear(new OrderSignal.HoldLiftAsked(HoldKind.Approval, "adi", "Board")).Status.ShouldBe("allocated");
    }

    [Fact]
    public void A_new_rule_calls_no_order_back_that_was_released_before()
    {
        var before = new OrderStory().Reported(Big).AllDone();
        var kind = new OrderStream();
        var again = new OrderSignal.Reported(Big with { UpdatedAt = Sample.Monday.AddHours(1) }, "orders/updated");
        kind.Decide(before.File, again, Sample.At(before.Now, With(HoldBig))).Events.ShouldAllBe(e => !(e is OrderEvent.Held));
        var edited = again with { Facts = again.Facts with { Note = "bring it to the back door", Total = 2600m, Shipping = 100m } };
        kind.Decide(before.File, edited, Sample.At(before.Now, With(HoldBig))).Events.ShouldContain(e => e is OrderEvent.Held);
    }

    [Fact]
    public void A_rule_sends_an_order_from_a_pool_and_by_a_service()
    {
        var story = new OrderStory(With(new Rule("North", Tagged("north"), new() { Pool = "north" }), new Rule("Fast", Tagged("fast"), new() { Service = "Express" })));
        story.Reported(Sample.Facts() with { Tags = ["north"] });
        story.File.Stock.Held!.ShouldAllBe(u => u.Location == "DEL");
        story.Happened<StockEvent.Allocated>().Single().Candidates.Single(c => c.Location == "BLR").Missing.ShouldBe(["not in pool north"]);

        var fast = new OrderStory(story.Terms).Reported(Sample.Facts() with { Tags = ["fast"] });
        var candidates = fast.Happened<StockEvent.Allocated>().Single().Candidates;
        candidates.Single(c => c.Chosen).Terms.ShouldContain(t => t.StartsWith("Express to IN"));
        candidates.Single(c => c.Location == "BLR").Missing.ShouldBe(["no rate of Express takes 0 kg there"]);
    }

    [Fact]
    public void A_rules_service_is_the_one_its_label_is_bought_for()
    {
        var terms = LabelTests.Terms with { Rules = new RuleBook([new("Fast", Tagged("fast"), new() { Service = "express" })]).Judge, Routing = new() { Rates = [new("surface", [], "IN", 50m), new("express", [], "IN", 90m)] } };
        new OrderStory(terms).Reported().Planned<Core.Labels.LabelEffect.Buy>().Single().Parcel.Service.ShouldBe("surface");
        new OrderStory(terms).Reported(Sample.Facts() with { Tags = ["fast"] }).Planned<Core.Labels.LabelEffect.Buy>().Single().Parcel.Service.ShouldBe("express");
    }

    [Fact]
    public void An_edit_that_turns_the_rule_round_turns_the_way_round()
    {
        var story = new OrderStory(With(new Rule("North", Tagged("north"), new() { Pool = "north" }))).Reported().AllDone();
        story.File.Stock.Held!.ShouldAllBe(u => u.Location == "BLR");
        story.Reported(Sample.Facts() with { UpdatedAt = Sample.Monday.AddHours(1), Tags = ["north"], Note = "x", Buyer = Sample.Facts().Buyer with { Name = "Asha R" } }, "orders/updated");
        story.Settle<FulfilmentEffect.WithdrawFromWarehouse>(new Connecting.Outcome.Done());
        story.File.Stock.Held!.ShouldAllBe(u => u.Location == "DEL");
    }

    [Fact]
    public void The_team_hears_of_a_match_once()
    {
        var terms = With(new Rule("Big", AtLeast(2000m), new() { Notify = "Somebody ordered a lot", Tags = ["big"] }));
        var story = new OrderStory(terms).Reported(Big);
        var alert = story.Effects.Single(e => e.Effect is MessageEffect.Alert);
        (alert.Key, alert.Connection).ShouldBe(("order/5600000001/rule/Big", "slack"));
        story.Reported(Big with { UpdatedAt = Sample.Monday.AddHours(1), Total = 2600m, Shipping = 100m }, "orders/edited");
        story.Planned<MessageEffect.Alert>().Count().ShouldBe(1);
        story.File.Order.Ruled!.Tags.ShouldBe(["big"]);
    }

    [Fact]
    public void An_order_of_a_brand_without_rules_keeps_nothing_of_them()
    {
        var story = new OrderStory().Reported(Big);
        story.File.Order.Ruled.ShouldBeNull();
        story.Events.ShouldAllBe(e => !(e is OrderEvent.Ruled));
    }

    [Fact]
    public void Rules_are_tried_on_past_orders_without_a_trace()
    {
        var trial = new RuleTrial(RuleBook.Empty, new([HoldBig, new("All", new Condition.All([]), new() { Tags = ["seen"] })]), mostShown: 1);
        trial.Take("order/1", "#1", new() { Facts = Big });
        trial.Take("order/2", "#2", new() { Facts = Sample.Facts() });
        (trial.Orders, trial.Matched, trial.Different).ShouldBe((2, 2, 2));
        trial.Matches.ShouldBe(new Dictionary<string, int> { ["Big"] = 1, ["All"] = 2 });
        trial.Shown.Single().Differs.ShouldBe(["hold: Call the shopper first", "tag seen"]);
    }
}
