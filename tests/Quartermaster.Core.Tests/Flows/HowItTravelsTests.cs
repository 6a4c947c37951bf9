using Quartermaster.Core.Connecting;
using Quartermaster.Core.Flows;
using Quartermaster.Core.Fulfilment;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Labels;
using Quartermaster.Core.Orders;
using Quartermaster.Core.Rules;
using Quartermaster.Core.Stock;

namespace Quartermaster.Core.Tests.Flows;

/// <summary>What the shopper paid for, what a rule says and what routing reckoned with is what the parcel travels by.</summary>
public sealed class HowItTravelsTests
{
    private static readonly RoutingTerms Routing = new()
    {
        Rates = [new("Surface", [], "IN", 40m, Days: 5) { Carrier = "Delhivery" }, new("Air", [], "IN", 90m, Days: 1) { Carrier = "BlueDart" }],
        Methods = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase) { ["Express"] = "Air", ["free_shipping:4"] = "Surface" },
    };

    internal static readonly BrandTerms Terms = Sample.Terms with { Routing = Routing };

    internal static readonly BrandTerms Buying = LabelTests.Terms with
    {
        Routing = Routing,
        Locations = [.. LabelTests.Terms.Locations.Select(l => l with { Labels = l.Labels! with { Services = new Dictionary<string, string> { ["Air"] = "overnight" } } })],
    };

    private static OrderFacts Wants(string? title, string? code = null) => Sample.Facts() with { ShippingMethod = ShippingMethod.Of(title, code) };

    private static Carriage? Told(OrderStory story) => story.Planned<FulfilmentEffect.SubmitToWarehouse>().Last().Order.By;

    private static string Bought(OrderStory story) => story.Planned<LabelEffect.Buy>().Last().Parcel.Service;

    [Fact]
    public void What_routing_reckoned_with_is_what_the_warehouse_is_told()
    {
        var story = new OrderStory(Terms).Reported();
        Told(story).ShouldBe(new("Surface", "Delhivery"));
        story.Happened<StockEvent.Allocated>().Single().Candidates.Single(c => c.Chosen).By.ShouldBe(new("Surface", "Delhivery"));
    }

    [Theory]
    [InlineData("express", null)]
    [InlineData("Tomorrow at your door", "EXPRESS")]
    public void What_the_shopper_paid_for_is_how_it_travels_by_the_title_or_by_the_code(string title, string? code) =>
        Told(new OrderStory(Terms).Reported(Wants(title, code))).ShouldBe(new("Air", "BlueDart"));

    [Fact]
    public void A_way_of_sending_that_means_nothing_here_goes_as_it_costs_least() => Told(new OrderStory(Terms).Reported(Wants("Whatever", "x"))).ShouldBe(new("Surface", "Delhivery"));

    [Fact]
    public void A_rule_stands_before_what_the_shopper_paid_for()
    {
        var rules = new RuleBook([new("Fragile", new Condition.Text(RuleField.Find("shipping_method")!, TextTest.Is, ["EXPRESS"]), new() { Service = "Surface" })]);
        var story = new OrderStory(Terms with { Rules = rules.Judge }).Reported(Wants("Tomorrow", "express"));
        Told(story).ShouldBe(new("Surface", "Delhivery"));
        story.File.Order.Ruled!.Matches.Single().Because.ShouldBe(["shipping_method is express"]);
    }

    [Fact]
    public void Where_nobody_offers_what_was_paid_for_it_waits_and_says_why()
    {
        var story = new OrderStory(Terms with { Routing = Routing with { Rates = [Routing.Rates[0]] } }).Reported(Wants("Express"));
        story.Status.ShouldBe("backordered");
        story.Happened<StockEvent.Backordered>().Single().Candidates[0].Missing.Single().ShouldStartWith("no rate of Air takes");
    }

    [Fact]
    public void A_brand_without_rates_tells_the_warehouse_what_was_paid_for_and_nothing_else()
    {
        var terms = Sample.Terms with { Routing = Routing with { Rates = [] } };
        Told(new OrderStory(terms).Reported(Wants("Express"))).ShouldBe(new("Air"));
        Told(new OrderStory(terms).Reported(Wants("Post"))).ShouldBeNull();
        System.Text.Encoding.UTF8.GetString(CoreJson.Write(new OrderStory().Reported(Wants("Express")).Planned<FulfilmentEffect.SubmitToWarehouse>().Single())).ShouldNotContain("\"by\"");
    }

    [Fact]
    public void Another_way_of_sending_brings_it_back_from_the_warehouse_and_sends_it_that_way()
    {
        var story = new OrderStory(Terms).Reported(Wants("Post")).AllDone();
        story.Reported(Wants("Express") with { UpdatedAt = Sample.Monday.AddHours(1) }, "orders/edited").Settle<FulfilmentEffect.WithdrawFromWarehouse>(new Outcome.Done());
        Told(story).ShouldBe(new("Air", "BlueDart"));
        story.File.Fulfilment.Tries!.Count.ShouldBe(2);
        story.File.Order.Facts!.ShippingMethod.ShouldBe(new("Express"));
    }

    [Fact]
    public void A_way_of_sending_that_is_worded_anew_moves_no_parcel()
    {
        var story = new OrderStory(Terms).Reported(Wants("Express")).AllDone().Reported(Wants("Express (1-2 days)", "express") with { UpdatedAt = Sample.Monday.AddHours(1) }, "orders/edited");
        story.Planned<FulfilmentEffect.WithdrawFromWarehouse>().ShouldBeEmpty();
        story.File.Order.Facts!.ShippingMethod.ShouldBe(new("Express (1-2 days)", "express"));
    }

    [Fact]
    public void Where_ways_of_sending_mean_nothing_another_one_moves_no_parcel()
    {
        var story = new OrderStory().Reported(Wants("Post")).AllDone().Reported(Wants("Express") with { UpdatedAt = Sample.Monday.AddHours(1) }, "orders/edited");
        story.Planned<FulfilmentEffect.WithdrawFromWarehouse>().ShouldBeEmpty();
        story.File.Order.Facts!.ShippingMethod.ShouldBe(new("Express"));
    }

    [Theory]
    [InlineData("Express", "overnight")] // Paid for, and the location knows the vendor's name.
    [InlineData("free_shipping:4", "Surface")] // Paid for, and the vendor calls it the same.
    [InlineData(null, "surface")] // Only reckoned with, and the location names no service for it: the usual one.
    public void The_label_is_bought_for_what_was_paid_for(string? method, string service) => Bought(new OrderStory(Buying).Reported(Wants(method))).ShouldBe(service);

    [Fact]
    public void The_label_is_bought_for_what_was_reckoned_with_where_the_location_names_a_service_for_it()
    {
        var terms = Buying with { Routing = Routing with { Rates = [Routing.Rates[1]] } };
        Bought(new OrderStory(terms).Reported()).ShouldBe("overnight");
    }

    [Fact]
    public void A_label_says_how_it_travels_and_without_one_the_warehouse_is_told()
    {
        var story = new OrderStory(Buying).Reported(Wants("Express"));
        var without = new OrderStory(Buying).Reported(Wants("Express")).Settle<LabelEffect.Buy>(new Outcome.Refused("no_service", "Not there.")).Hear(new LabelSignal.SkipAsked("ann"));
        Told(without).ShouldBe(new("Air", "BlueDart"));
        story.Hear(new LabelSignal.Issued(story.Planned<LabelEffect.Buy>().Single().Parcel.Reference, new("se-1", "bluedart", "overnight", "T 1", null, null, 61m, "INR")));
        var order = story.Planned<FulfilmentEffect.SubmitToWarehouse>().Single().Order;
        (order.Label!.Service, order.By).ShouldBe(("overnight", null));
    }

    [Fact]
    public void A_person_buys_the_price_that_was_picked()
    {
        var story = new OrderStory(Buying).Reported(Wants("Express")).Settle<LabelEffect.Buy>(new Outcome.Refused("no_service", "Not there."));
        ParcelToQuote.Of(story.File, Sample.At(story.Now, Buying)).Single().Refused.ShouldBe(1);
        story.Hear(new LabelSignal.AgainAsked("ann", 1, "ups", "07"));
        var buy = story.Effects.Last(e => e.Effect is LabelEffect.Buy);
        (buy.Connection, ((LabelEffect.Buy)buy.Effect).Parcel.Service).ShouldBe(("ups", "07"));
        story.File.Labels!.Of(1)!.Connection.ShouldBe("ups");
        story.Cases.ShouldBeEmpty();
        ParcelToQuote.Of(story.File, Sample.At(story.Now, Buying)).Single().Refused.ShouldBeNull("it is being bought");
        story.Hear(new LabelSignal.AgainAsked("ann", 1, "fedex", "X")).Last.ShouldBe((0, 0, 0));
    }

    [Theory]
    [InlineData("Express", "express", "Express", null)]
    [InlineData(" ", "flat_rate:3", "flat_rate:3", null)]
    [InlineData("Express", "EXP-1", "Express", "EXP-1")]
    public void A_code_that_says_no_more_than_the_title_is_not_kept(string title, string code, string kept, string? named) => ShippingMethod.Of(title, code).ShouldBe(new(kept, named));

    [Fact]
    public void A_channel_that_says_nothing_names_no_way_of_sending() => ShippingMethod.Of("", null).ShouldBeNull();
}
