using Quartermaster.Core.Connecting;
using Quartermaster.Core.Dispatching;
using Quartermaster.Core.Fulfilment;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Labels;
using Quartermaster.Core.Orders;
using Quartermaster.Core.Stock;

namespace Quartermaster.Core.Tests.Flows;

/// <summary>A location whose labels the hub buys: nothing is handed over before its label is there, and no label is left behind.</summary>
public sealed class LabelTests
{
    internal static readonly PostalAddress From = new("Aurora", "Aurora GmbH", "Lagerstr. 1", null, "Bengaluru", "KA", "560100", "IN", "+918000000000", null);

    internal static readonly BrandTerms Terms = Sample.Terms with
    {
        Locations = [.. Sample.Terms.Locations.Select(l => l with { Labels = new("post", "surface", "world", From, 500, 50, new(30, 20, 10)) })],
    };

    private static OrderStory Bought(OrderFacts? facts = null) => Issue(new OrderStory(Terms).Reported(facts));

    private static OrderStory Issue(OrderStory story, string tracking = "T 1") => story.Is<LabelEffect.Buy>(EffectPlace.Ended).Hear(new LabelSignal.Issued(Buy(story).Reference, Label(tracking)));

    /// <summary>One label of two is refused while the other is being bought.</summary>
    private static OrderStory Split(int refused = 1)
    {
        var story = new OrderStory(Terms with { Routing = new() { MaxParcels = 2, SplitCost = 20m } }, ("SKU-A", "BLR", 10), ("SKU-B", "DEL", 10)).Reported();
        var effect = story.Effects.Where(e => e.Effect is LabelEffect.Buy).ElementAt(refused - 1);
        return story.Hear(new EffectSettled(effect.Key, Wire.KindOf(typeof(LabelEffect.Buy)), new Outcome.Refused("no_funds", "The balance is used up.")));
    }

    private static IssuedLabel Label(string tracking) => new($"se-{tracking}", "delhivery", "surface", tracking, $"https://track/{tracking}", "https://labels/1.pdf", 61.20m, "INR");

    private static Consignment Buy(OrderStory story) => story.Planned<LabelEffect.Buy>().Last().Parcel;

    private static LabelPhase Phase(OrderStory story, int attempt = 1) => story.File.Labels!.Of(attempt)!.Phase;

    [Fact]
    public void The_hand_off_waits_for_its_label_and_takes_it_along()
    {
        var story = new OrderStory(Terms).Reported();
        story.Status.ShouldBe("allocated");
        story.Planned<FulfilmentEffect.SubmitToWarehouse>().ShouldBeEmpty("the warehouse would pack what has no label");
        Issue(story);
        story.Planned<FulfilmentEffect.SubmitToWarehouse>().Single().Order.Label.ShouldBe(new("delhivery", "surface", "T 1", "https://track/T 1", "https://labels/1.pdf"));
        story.AllDone().Shipped("T1", "BLR", ("SKU-A", 2), ("SKU-B", 1));
        Phase(story).ShouldBe(LabelPhase.Used);
        story.Planned<LabelEffect.Void>().ShouldBeEmpty();
        story.Cases.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(true, null, true)]
    [InlineData(false, null, true)] // Nobody has said that it wants no list.
    [InlineData(false, true, true)]
    [InlineData(true, false, false)] // Where the brand always buys there, no day is closed.
    public void A_label_of_another_carrier_stands_on_that_ones_list(bool closes, bool? closesElsewhere, bool listed)
    {
        var terms = Terms with { Locations = [.. Terms.Locations.Select(l => l with { Labels = l.Labels! with { Closes = closes } })] };
        if (closesElsewhere is { } elsewhere) terms = terms with { Locations = [.. terms.Locations, new("HQ", "Office", "wms", "IN", "5", 9m) { Labels = new("ups", "07", "07", From, 500) { Closes = elsewhere } }] };
        var story = new OrderStory(terms).Reported().Settle<LabelEffect.Buy>(new Outcome.Refused("no_service", "Not there.")).Hear(new LabelSignal.AgainAsked("ann", 1, "ups", "07"));
        Issue(story).AllDone().Shipped("T1", "BLR", ("SKU-A", 2), ("SKU-B", 1));
        story.Requests.OfType<DispatchRequest.Enlist>().Select(e => e.Connection).ShouldBe(listed ? ["ups"] : []);
        story.Requests.OfType<DispatchRequest.Left>().Count().ShouldBe(listed ? 1 : 0);
    }

    [Fact]
    public void Where_the_carrier_collects_nothing_a_cash_order_goes_without_our_label_and_the_others_with_it()
    {
        var terms = Terms with { Locations = [.. Terms.Locations.Select(l => l with { Labels = l.Labels! with { CashWithout = true } })] };
        var cash = new OrderStory(terms).Reported(Sample.Facts() with { Payment = new(PaymentState.Pending, PaymentMethod.CashOnDelivery, "cod") });
        cash.Planned<LabelEffect.Buy>().ShouldBeEmpty();
        cash.Planned<FulfilmentEffect.SubmitToWarehouse>().Single().Order.ShouldSatisfyAllConditions(o => o.Label.ShouldBeNull(), o => o.CollectOnDelivery.ShouldNotBeNull());
        new OrderStory(terms).Reported().Planned<LabelEffect.Buy>().ShouldHaveSingleItem();
        new OrderStory(Terms).Reported(Sample.Facts() with { Payment = new(PaymentState.Pending, PaymentMethod.CashOnDelivery, "cod") }).Planned<LabelEffect.Buy>().ShouldHaveSingleItem().Parcel.Collect.ShouldNotBeNull();
    }

    [Fact]
    public void A_brand_that_buys_no_labels_hands_off_at_once()
    {
        var story = new OrderStory().Reported();
        story.Planned<FulfilmentEffect.SubmitToWarehouse>().Single().Order.Label.ShouldBeNull();
        story.File.Labels.ShouldBeNull();
    }

    [Fact]
    public void The_carrier_is_told_what_the_parcel_is()
    {
        var facts = Sample.Facts(Sample.Line("1", "SKU-A", 2) with { Grams = 200, Discount = 100m }, Sample.Line("2", "SKU-B", 1) with { Grams = 100 });
        var story = new OrderStory(Terms).Reported(facts with { Payment = new(PaymentState.Pending, PaymentMethod.CashOnDelivery, "cod") });
        var parcel = Buy(story);
        parcel.Reference.ShouldBe("aurora.5600000001.1");
        parcel.Grams.ShouldBe(550, "goods and carton");
        parcel.Items.ShouldBe([new("SKU-A", "Item SKU-A", 2, 450m, 200), new("SKU-B", "Item SKU-B", 1, 500m, 100)]);
        parcel.To.Line1.ShouldBe("12 MG Road");
        parcel.Collect.ShouldBe(facts.Total);
        parcel.Service.ShouldBe("surface");
        parcel.Size.ShouldBe(new(30, 20, 10));
    }

    [Fact]
    public void Goods_of_unknown_weight_weigh_what_the_location_says_and_abroad_goes_by_another_service()
    {
        var story = new OrderStory(Terms).Reported(Sample.Facts() with { ShipTo = Sample.Home with { Country = "DE", PostalCode = "10115" } });
        Buy(story).Grams.ShouldBe(500);
        Buy(story).Service.ShouldBe("world");
    }

    [Fact]
    public void What_is_given_away_abroad_is_worth_its_price_to_customs()
    {
        var facts = Sample.Facts();
        facts = facts with { Lines = [.. facts.Lines.Select(l => l with { Discount = l.UnitPrice * l.Quantity })], Total = facts.Shipping };
        Buy(new OrderStory(Terms).Reported(facts)).Items[0].UnitValue.ShouldBe(0m);
        Buy(new OrderStory(Terms).Reported(facts with { ShipTo = Sample.Home with { Country = "DE", PostalCode = "10115" } })).Items[0].UnitValue.ShouldBe(facts.Lines[0].UnitPrice);
    }

    [Fact]
    public void What_has_no_price_is_worth_to_customs_what_the_brand_says_of_it()
    {
        var abroad = Sample.Home with { Country = "DE", PostalCode = "10115" };
        var facts = Sample.Facts(Sample.Line("1", "SKU-A", 2, price: 0m), Sample.Line("2", "SKU-B", 1)) with { ShipTo = abroad };
        OrderStory Story(OrderFacts of) => new OrderStory(Terms) { Skus = sku => sku == "SKU-A" ? new SkuFacts(Value: 12.5m) : SkuFacts.Unknown }.Reported(of);
        Buy(Story(facts)).Items.Select(i => i.UnitValue).ShouldBe([12.5m, 500m]);
        Buy(Story(facts with { ShipTo = Sample.Home })).Items[0].UnitValue.ShouldBe(0m, "nobody asks at home");
        Buy(Story(facts with { Currency = "EUR" })).Items[0].UnitValue.ShouldBe(0m, "it was said in another currency");
        Buy(new OrderStory(Terms).Reported(facts)).Items[0].UnitValue.ShouldBe(0m, "nobody has said it, and no label is bought over a border");
    }

    [Fact]
    public void A_refused_address_is_a_case_and_its_correction_buys_the_label_anew()
    {
        var story = new OrderStory(Terms).Reported().Settle<LabelEffect.Buy>(new Outcome.Refused("invalid_address", "No such street."));
        story.Cases["label/1"].Kind.ShouldBe("shipping.label_refused");
        story.Row.Attention.ShouldBe("No label could be bought: No such street.");
        story.Hear(new OrderSignal.AddressCorrected(Sample.Home with { Line1 = "14 MG Road" }, "ann"));
        story.Cases.ShouldBeEmpty();
        story.Planned<LabelEffect.Void>().ShouldBeEmpty("what was refused was never bought");
        Buy(story).Reference.ShouldBe("aurora.5600000001.2");
        Buy(story).To.Line1.ShouldBe("14 MG Road");
        Issue(story).Planned<FulfilmentEffect.SubmitToWarehouse>().Single().Order.ShipTo.Line1.ShouldBe("14 MG Road");
    }

    [Fact]
    public void What_else_stood_in_the_way_is_mended_and_the_label_bought_again()
    {
        var story = new OrderStory(Terms).Reported().Settle<LabelEffect.Buy>(new Outcome.Refused("no_funds", "The balance is used up."));
        story.Hear(new LabelSignal.AgainAsked("ann"));
        Buy(story).Reference.ShouldBe("aurora.5600000001.1-2");
        story.Cases.ShouldBeEmpty();
        Issue(story).Planned<FulfilmentEffect.SubmitToWarehouse>().Count().ShouldBe(1);
    }

    [Fact]
    public void A_purchase_that_a_person_stopped_may_exist_and_is_taken_back_before_the_next()
    {
        var story = new OrderStory(Terms).Reported().Settle<LabelEffect.Buy>(new Outcome.Refused(Outcome.Refused.ByPerson, "ann: enough"));
        story.Hear(new LabelSignal.AgainAsked("ann"));
        story.Planned<LabelEffect.Void>().Single().ShouldBe(new("aurora.5600000001.1", null));
        Buy(story).Reference.ShouldBe("aurora.5600000001.1-2");
    }

    [Fact]
    public void A_person_may_hand_it_over_without_our_label()
    {
        var story = new OrderStory(Terms).Reported().Settle<LabelEffect.Buy>(new Outcome.Refused("no_service", "Not there.")).Hear(new LabelSignal.SkipAsked("ann"));
        story.Planned<FulfilmentEffect.SubmitToWarehouse>().Single().Order.Label.ShouldBeNull();
        Phase(story).ShouldBe(LabelPhase.Dropped);
        story.Cases.ShouldBeEmpty();
    }

    [Fact]
    public void Of_a_split_order_the_refused_label_is_bought_again()
    {
        var story = Split().Hear(new LabelSignal.AgainAsked("ann"));
        Buy(story).Reference.ShouldBe("aurora.5600000001.1-2");
        story.Cases.ShouldBeEmpty();
    }

    [Fact]
    public void Of_a_split_order_the_refused_label_is_gone_without()
    {
        var story = Split(refused: 2).Hear(new LabelSignal.SkipAsked("ann"));
        story.Planned<FulfilmentEffect.SubmitToWarehouse>().Single().Order.Location.ShouldBe("DEL");
        (Phase(story, 1), Phase(story, 2)).ShouldBe((LabelPhase.Asked, LabelPhase.Dropped));
    }

    [Fact]
    public void A_cancelled_order_takes_its_label_back()
    {
        var story = Bought().Hear(new OrderSignal.CancelAsked("changed her mind", "ann"));
        story.Planned<LabelEffect.Void>().Single().ShouldBe(new("aurora.5600000001.1", "se-T 1"));
        story.Settle<LabelEffect.Void>(new Outcome.Done());
        Phase(story).ShouldBe(LabelPhase.Voided);
        story.Status.ShouldBe("cancelled");
    }

    [Fact]
    public void An_order_cancelled_while_it_waits_for_its_label_buys_none()
    {
        var story = new OrderStory(Terms).Reported().Hear(new OrderSignal.CancelAsked("changed her mind", "ann"));
        story.Status.ShouldBe("cancelled");
        Phase(story).ShouldBe(LabelPhase.Dropped);
        story.Planned<LabelEffect.Void>().ShouldBeEmpty();
        story.Planned<FulfilmentEffect.WithdrawFromWarehouse>().ShouldBeEmpty("the warehouse had not heard of it");
    }

    [Fact]
    public void A_purchase_of_unknown_fate_is_taken_back_by_its_reference()
    {
        var story = new OrderStory(Terms).Reported().Is<LabelEffect.Buy>(EffectPlace.Tried).Hear(new OrderSignal.CancelAsked("changed her mind", "ann"));
        story.Planned<LabelEffect.Void>().Single().ShouldBe(new("aurora.5600000001.1", null));
    }

    [Fact]
    public void A_purchase_under_way_is_waited_for_and_then_taken_back()
    {
        var story = new OrderStory(Terms).Reported().Is<LabelEffect.Buy>(EffectPlace.UnderWay).Hear(new OrderSignal.CancelAsked("changed her mind", "ann"));
        story.Planned<LabelEffect.Void>().ShouldBeEmpty("the answer is awaited");
        story.Timers.ShouldContainKey("label/1");
        Issue(story);
        story.Planned<LabelEffect.Void>().Single().LabelId.ShouldBe("se-T 1");
        story.Planned<FulfilmentEffect.SubmitToWarehouse>().ShouldBeEmpty();
    }

    [Fact]
    public void A_parcel_that_leaves_with_another_label_frees_ours()
    {
        var story = Bought().AllDone().Shipped("OTHER", "BLR", ("SKU-A", 2), ("SKU-B", 1));
        story.Planned<LabelEffect.Void>().Single().LabelId.ShouldBe("se-T 1");
    }

    [Fact]
    public void The_first_of_two_parcels_carries_our_label_and_the_second_its_own()
    {
        var story = Bought().AllDone().Shipped("T1", "BLR", ("SKU-A", 2));
        Phase(story).ShouldBe(LabelPhase.Used);
        story.Shipped("T2", "BLR", ("SKU-B", 1)).Planned<LabelEffect.Void>().ShouldBeEmpty();
    }

    [Fact]
    public void A_vendor_that_keeps_the_money_is_a_case()
    {
        var story = Bought().Hear(new OrderSignal.CancelAsked("changed her mind", "ann")).Settle<LabelEffect.Void>(new Outcome.Refused("too_old", "The period is over."));
        story.Cases["label/1"].Kind.ShouldBe("shipping.label_not_voided");
        Phase(story).ShouldBe(LabelPhase.Kept);
    }

    [Fact]
    public void A_parcel_that_leaves_with_a_label_taken_back_needs_a_person()
    {
        var story = Bought().AllDone().Hear(new OrderSignal.CancelAsked("changed her mind", "ann")).Settle<FulfilmentEffect.WithdrawFromWarehouse>(new Outcome.Done());
        story.Settle<LabelEffect.Void>(new Outcome.Done()).Shipped("T1", "BLR", ("SKU-A", 2), ("SKU-B", 1));
        story.Cases["label/1"].Kind.ShouldBe("shipping.label_used_after_void");
        Phase(story).ShouldBe(LabelPhase.Used);
    }

    [Fact]
    public void In_shadow_nothing_is_bought_and_nothing_waits()
    {
        var story = new OrderStory(Terms) { Shadow = true }.Reported();
        story.Planned<LabelEffect.Buy>().Count().ShouldBe(1, "it is recorded");
        story.Planned<FulfilmentEffect.SubmitToWarehouse>().Count().ShouldBe(1);
        story.Sent.ShouldBeEmpty();
        story.Shadow = false;
        story.Hear(new OrderSignal.TakeOverAsked("ann"));
        story.Sent.Select(e => e.Effect).OfType<LabelEffect.Buy>().Single().Parcel.Reference.ShouldBe("aurora.5600000001.2");
        story.Planned<LabelEffect.Void>().ShouldBeEmpty();
        Phase(story).ShouldBe(LabelPhase.Dropped);
    }

    [Theory]
    [InlineData("aurora", "eu-1", "aurora-eu", "1")]
    [InlineData("a", "b.1", "a", "b")]
    public void No_two_orders_share_a_reference(string brand, string id, string otherBrand, string otherId)
    {
        string[] all = [.. from attempt in Enumerable.Range(1, 3) from purchase in Enumerable.Range(1, 3) from o in (StreamId[])[new(brand, "order", id), new(otherBrand, "order", otherId)] select LabelDecider.ReferenceOf(o, attempt, purchase)];
        all.ShouldBeUnique();
        LabelDecider.ReferenceOf(new(brand, "order", new string('9', 80)), 1, 1).Length.ShouldBe(Consignment.LongestReference);
    }
}
