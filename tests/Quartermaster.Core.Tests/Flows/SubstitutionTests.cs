using Quartermaster.Core.Books;
using Quartermaster.Core.Flows;
using Quartermaster.Core.Fulfilment;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Orders;
using Quartermaster.Core.Rules;
using Quartermaster.Core.Stock;

namespace Quartermaster.Core.Tests.Flows;

/// <summary>What is not there is replaced by the brand's rules, and never in silence where the shopper has to agree.</summary>
public sealed class SubstitutionTests
{
    private static BrandTerms Terms(bool consent, decimal? most = 100m, params Substitute[] by) => Sample.Terms with
    {
        Substitutions = new Dictionary<string, SubstitutionTerms> { ["RED"] = new("RED", by.Length > 0 ? by : [new("DEAR", 900m), new("BLUE", 520m), new("GREEN", 500m)], most, consent) },
    };

    private static OrderStory Order(BrandTerms terms, params (string Sku, string Location, int OnHand)[] stock) =>
        new OrderStory(terms, stock).Reported(Sample.Facts(Sample.Line("1", "RED", 2), Sample.Line("2", "MUG", 1)));

    [Fact]
    public void The_first_that_is_there_and_costs_about_the_same_is_reserved_and_sent()
    {
        var story = Order(Terms(consent: false), ("RED", "BLR", 1), ("DEAR", "BLR", 9), ("BLUE", "BLR", 1), ("GREEN", "BLR", 9), ("MUG", "BLR", 9));
        story.Status.ShouldBe("allocated", story.Told());
        story.Planned<FulfilmentEffect.SubmitToWarehouse>().Single().Order.Lines.Select(l => (l.LineId, l.Sku, l.Quantity, l.Title)).ShouldBe([("1", "GREEN", 2, "GREEN instead of Item RED"), ("2", "MUG", 1, "Item MUG")]);
        story.Happened<OrderEvent.SkuSet>().Single().ShouldBe(new OrderEvent.SkuSet("1", "GREEN", "the hub", "RED"));
        (story.Desk.Find("GREEN", "BLR").Reserved, story.Desk.Find("RED", "BLR").Reserved).ShouldBe((2, 0));
        story.Notes.ShouldContain(n => n.Contains("GREEN is sent instead of RED"));

        story.AllDone().Shipped("T1", "BLR", ("GREEN", 2), ("MUG", 1)).AllDone();
        story.Planned<FulfilmentEffect.WriteFulfilment>().Single().Parcel.Lines.Select(l => (l.LineId, l.Quantity)).ShouldBe([("1", 2), ("2", 1)], "the channel hears of the line that it sold");
        story.Planned<BooksEffect.DraftInvoice>().Single().Draft.Lines.Where(l => l.Kind == InvoiceLineKind.Goods).Select(l => (l.Sku, l.Amount)).ShouldBe([("RED", 1000m), ("MUG", 500m)], "as it was sold");
    }

    [Fact]
    public void Nothing_is_replaced_that_is_there() =>
        Order(Terms(consent: false), ("RED", "BLR", 2), ("GREEN", "BLR", 9), ("MUG", "BLR", 9)).Planned<FulfilmentEffect.SubmitToWarehouse>().Single().Order.Lines[0].Sku.ShouldBe("RED");

    [Fact]
    public void Where_the_shopper_has_to_agree_a_person_is_told_and_nothing_is_reserved()
    {
        var story = Order(Terms(consent: true), ("RED", "BLR", 1), ("GREEN", "BLR", 9), ("MUG", "BLR", 9));
        story.Status.ShouldBe("backordered");
        var offered = story.Cases["stock/substitute"];
        (offered.Kind, offered.Detail.Contains("GREEN could be sent instead of RED")).ShouldBe(("stock.substitute_offered", true));
        story.Desk.Find("GREEN", "BLR").Reserved.ShouldBe(0);
        LineChoice.Of(story.File, story.Terms).Single().ShouldSatisfyAllConditions(c => c.NeedsConsent.ShouldBeTrue(), c => c.Skus.ShouldBe(["BLUE", "GREEN"]));

        story.Hear(new OrderSignal.LineMapped("1", "GREEN", "ann", "RED"));
        story.Status.ShouldBe("allocated", story.Told());
        story.Cases.ShouldNotContainKey("stock/substitute");
        LineChoice.Of(story.File, story.Terms).ShouldBeEmpty();
    }

    [Fact]
    public void One_that_is_too_dear_or_not_there_either_leaves_it_waiting_and_what_was_sold_is_sent_when_it_comes()
    {
        var story = Order(Terms(consent: false), ("RED", "BLR", 0), ("DEAR", "BLR", 9), ("BLUE", "BLR", 1), ("MUG", "BLR", 9));
        story.Status.ShouldBe("backordered", story.Told());
        story.Cases.ShouldNotContainKey("stock/substitute");
        story.Desk.Answer(new StockRequest.Adjust("RED", "BLR", 5, "found"), "test");
        story.Hear(new StockSignal.Arrived("RED"));
        story.Planned<FulfilmentEffect.SubmitToWarehouse>().Single().Order.Lines[0].Sku.ShouldBe("RED");
    }

    [Fact]
    public void A_rule_without_a_difference_takes_any_price() =>
        Order(Terms(consent: false, most: null, new Substitute("DEAR")), ("RED", "BLR", 0), ("DEAR", "BLR", 9), ("MUG", "BLR", 9)).Status.ShouldBe("allocated");

    [Fact]
    public void What_was_paid_in_another_currency_is_compared_with_no_price()
    {
        OrderStory In(string currency, decimal? most) => new OrderStory(Terms(consent: false, most), ("RED", "BLR", 0), ("GREEN", "BLR", 9))
            .Reported(Sample.Facts(Sample.Line("1", "RED", 2)) with { Currency = currency });
        In(Sample.Terms.Currency, 5m).Status.ShouldBe("allocated");
        In("SEK", 5m).Status.ShouldBe("backordered", "500 kronor are not 500 rupees");
        In("SEK", null).Status.ShouldBe("allocated", "no difference is too much");
    }

    [Fact]
    public void A_discount_is_taken_off_before_prices_are_compared()
    {
        var line = Sample.Line("1", "RED", 2) with { Discount = 20m };
        var story = new OrderStory(Terms(consent: false, most: 5m), ("RED", "BLR", 0), ("GREEN", "BLR", 9)).Reported(Sample.Facts(line));
        story.Status.ShouldBe("backordered", "490 was paid for one, and GREEN costs 500");
    }

    [Fact]
    public void What_a_rule_on_the_substitute_holds_is_not_handed_off_until_it_is_lifted()
    {
        var story = Order(With(Terms(consent: false), new() { Hold = new("Call the shopper first", "lead", null) }), ("RED", "BLR", 0), ("GREEN", "BLR", 9), ("MUG", "BLR", 9));
        (story.Status, story.Desk.Find("GREEN", "BLR").Reserved).ShouldBe(("held", 0), story.Told());
        story.Planned<FulfilmentEffect.SubmitToWarehouse>().ShouldBeEmpty("its units are free for others");
        story.Hear(new OrderSignal.HoldLiftAsked(HoldKind.ByRule, "lea", "Green"));
        (story.Status, story.Desk.Find("GREEN", "BLR").Reserved).ShouldBe(("allocated", 2), story.Told());
        story.Planned<FulfilmentEffect.SubmitToWarehouse>().Count().ShouldBe(1, story.Told());
    }

    [Fact]
    public void What_a_rule_sends_the_substitute_by_is_followed()
    {
        var terms = With(Terms(consent: false), new() { Pool = "north" }) with { Routing = new() { Pools = [new("north", ["DEL"], [])] } };
        var story = Order(terms, ("RED", "BLR", 0), ("GREEN", "BLR", 9), ("MUG", "BLR", 9), ("GREEN", "DEL", 9), ("MUG", "DEL", 9));
        story.Planned<FulfilmentEffect.SubmitToWarehouse>().Single().Order.Location.ShouldBe("DEL", story.Told());
        (story.Desk.Find("GREEN", "BLR").Reserved, story.Desk.Find("GREEN", "DEL").Reserved).ShouldBe((0, 2));
    }

    [Theory]
    [InlineData("RED"), InlineData("GREEN"), InlineData("TEA")]
    public void Two_lines_that_are_replaced_are_handed_off_once_whatever_rules_say_in_between(string sku)
    {
        foreach (var then in (Then[])[new() { Hold = new("Look", "lead", null) }, new() { Hold = new("Look", "lead", null), Approve = "lead" }, new() { Pool = "north" }])
        {
            var terms = With(Terms(consent: false), then, sku);
            terms = terms with { Routing = new() { Pools = [new("north", ["DEL"], [])] }, Substitutions = new Dictionary<string, SubstitutionTerms>(terms.Substitutions) { ["MUG"] = new("MUG", [new("TEA")], null, false) } };
            var story = Order(terms, ("GREEN", "BLR", 9), ("TEA", "BLR", 9), ("GREEN", "DEL", 9), ("TEA", "DEL", 9));
            foreach (var kind in (HoldKind[])[HoldKind.ByRule, HoldKind.Approval])
                if (story.File.Order.Has(kind)) story.Hear(new OrderSignal.HoldLiftAsked(kind, "lea", "Green"));
            story.Status.ShouldBe("allocated", story.Told());
            story.Planned<FulfilmentEffect.SubmitToWarehouse>().Count().ShouldBe(1, story.Told());
            (story.Desk.Find("GREEN", "BLR").Reserved + story.Desk.Find("GREEN", "DEL").Reserved, story.Desk.Find("TEA", "BLR").Reserved + story.Desk.Find("TEA", "DEL").Reserved).ShouldBe((2, 1), story.Told());
        }
    }

    [Fact]
    public void One_that_comes_later_is_sent_to_those_who_wait_already()
    {
        var story = Order(Terms(consent: false), ("RED", "BLR", 0), ("GREEN", "BLR", 0), ("MUG", "BLR", 9), ("MUG", "DEL", 9));
        story.Status.ShouldBe("backordered");
        var waits = story.Requests.OfType<StockRequest.Wait>().Last();
        (waits.Skus, waits.Units).ShouldSatisfyAllConditions(w => w.Skus.ShouldBe(["RED", "BLUE", "GREEN"]), w => w.Units.ShouldBe([2, 0, 0]));
        story.Desk.Answer(new StockRequest.Adjust("GREEN", "BLR", 5, "found"), "test");
        story.Hear(new StockSignal.Arrived("GREEN")).Planned<FulfilmentEffect.SubmitToWarehouse>().Single().Order.Lines[0].Sku.ShouldBe("GREEN");
        story.Requests.OfType<StockRequest.Wait>().Last().ShouldSatisfyAllConditions(w => w.Waiting.ShouldBeFalse(), w => w.Skus.ShouldBe(["RED", "BLUE", "GREEN"]));
    }

    [Fact]
    public void One_that_the_shopper_has_to_agree_to_is_offered_when_it_comes_and_not_when_it_is_gone_again()
    {
        var story = Order(Terms(consent: true), ("RED", "BLR", 0), ("GREEN", "BLR", 0), ("MUG", "BLR", 9));
        story.Cases.ShouldNotContainKey("stock/substitute");
        story.Desk.Answer(new StockRequest.Adjust("GREEN", "BLR", 5, "found"), "test");
        story.Hear(new StockSignal.Arrived("GREEN")).Cases.ShouldContainKey("stock/substitute");
        story.Hear(new StockSignal.Arrived("GREEN")).Last.Events.ShouldBe(0, "it was offered before");
        story.Desk.Answer(new StockRequest.Adjust("GREEN", "BLR", -5, "lost"), "test");
        story.Hear(new StockSignal.Arrived("RED")).Cases.ShouldNotContainKey("stock/substitute");
    }

    [Fact]
    public void An_offer_that_comes_or_goes_takes_no_place_in_a_queue_and_no_day_that_was_told()
    {
        var day = Sample.Monday.AddDays(20);
        var state = Allocation.Nothing with
        {
            Open = new([new Wanted("1", "RED", 2)], "IN", "560001", [], Instead: [new("1", ["GREEN"], true)]),
            Short = ["RED"],
            Expected = day,
        };
        foreach (var offers in (Offer[]?[])[[new("1", "GREEN")], null])
        {
            var decision = StockDecider.Decide(state, new StockSignal.ReserveDenied([], ["RED"], Offers: offers), Sample.At(Sample.Monday));
            var told = decision.Events.Single().ShouldBeOfType<StockEvent.Backordered>();
            (told.Expected, told.Again).ShouldBe((day, true));
            told.Offers.ShouldBe(offers);
            decision.Requests.ShouldBeEmpty();
            state = StockDecider.Evolve(state, told);
            state.Expected.ShouldBe(day);
        }
    }

    [Fact]
    public void Turned_down_by_the_warehouse_it_may_be_sent_as_it_was_sold_after_all()
    {
        var story = Order(Terms(consent: false), ("RED", "BLR", 0), ("GREEN", "BLR", 2), ("MUG", "BLR", 9), ("MUG", "DEL", 9)).AllDone();
        story.Desk.Answer(new StockRequest.Adjust("RED", "DEL", 5, "found"), "test");
        story.Hear(new FulfilmentSignal.Rejected(Sample.Stream.Id, "broken", "The green ones are broken.", story.Now));
        var sent = story.Planned<FulfilmentEffect.SubmitToWarehouse>().Last().Order;
        (sent.Location, sent.Lines[0].Sku, sent.Lines[0].Title).ShouldBe(("DEL", "RED", "Item RED"), story.Told());
        story.File.Order.SoldAs(story.File.Order.Facts!.Lines[0]).ShouldBe("RED");
        story.File.Order.MeantOf("1")!.Instead.ShouldBeNull();
    }

    [Theory]
    [InlineData(false), InlineData(true)]
    public void What_lies_where_nobody_packs_today_is_waited_for_and_not_replaced(bool full)
    {
        var terms = Terms(consent: false);
        terms = terms with { Locations = [.. terms.Locations.Select(l => l.Code == "BLR" ? full ? l with { Capacity = 1 } : l with { Paused = true } : l)] };
        var story = new OrderStory(terms, ("RED", "BLR", 5), ("MUG", "BLR", 9), ("GREEN", "DEL", 9), ("MUG", "DEL", 9));
        if (full) story.Load.Take([new("BLR", Sample.Terms.Locations[0].Calendar.Leaves(story.Now))]);
        story.Reported(Sample.Facts(Sample.Line("1", "RED", 2), Sample.Line("2", "MUG", 1)));
        (story.Status, story.Desk.Find("GREEN", "DEL").Reserved).ShouldBe(("backordered", 0), story.Told());
    }

    [Fact]
    public void What_only_a_location_has_that_turned_it_down_is_replaced()
    {
        var story = Order(Terms(consent: false), ("RED", "BLR", 5), ("MUG", "BLR", 9), ("GREEN", "DEL", 9), ("MUG", "DEL", 9)).AllDone();
        story.Hear(new FulfilmentSignal.Rejected(Sample.Stream.Id, "closed", "We are closed.", story.Now));
        var sent = story.Planned<FulfilmentEffect.SubmitToWarehouse>().Last().Order;
        (sent.Location, sent.Lines[0].Sku).ShouldBe(("DEL", "GREEN"), story.Told());
    }

    private static BrandTerms With(BrandTerms terms, Then then, string sku = "GREEN") =>
        terms with { Rules = new RuleBook([new("Green", new Condition.Text(RuleField.Find("sku")!, TextTest.Is, [sku]), then)]).Judge };

    [Fact]
    public void Saying_the_answer_again_changes_nothing()
    {
        var story = Order(Terms(consent: false), ("RED", "BLR", 0), ("GREEN", "BLR", 9), ("MUG", "BLR", 9));
        story.Hear(new OrderSignal.LineMapped("1", "GREEN", OrderDecider.TheHub, "RED"));
        story.Last.ShouldBe((0, 0, 0));
        story.Reported(Sample.Facts(Sample.Line("1", "RED", 2), Sample.Line("2", "MUG", 1)) with { UpdatedAt = Sample.Monday.AddMinutes(1) }, "orders/updated");
        story.Planned<FulfilmentEffect.SubmitToWarehouse>().Count().ShouldBe(1, story.Told());
    }
}
