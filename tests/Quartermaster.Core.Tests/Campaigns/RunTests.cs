using Quartermaster.Core.Campaigns;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Flows;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Messages;

namespace Quartermaster.Core.Tests.Campaigns;

/// <summary>The five flows, told as what one customer hears.</summary>
public sealed class RunTests
{
    private static Customer Only(string campaign, Func<Campaign, Campaign>? change = null, Func<BrandTerms, BrandTerms>? brand = null)
    {
        var flow = ShippedCampaigns.Find(campaign)! with { HoldOut = 0m };
        var terms = Customer.Brand with { Campaigns = new([change is null ? flow : change(flow)]) };
        return new(brand is null ? terms : brand(terms));
    }

    private static IEnumerable<Occasion> Occasions(Customer customer) => customer.Said.Select(s => s.Occasion);

    [Fact]
    public void Whoever_got_an_order_is_thanked_and_asked_for_a_review_and_reminded_twice()
    {
        var asha = new Customer(Customer.Brand with { Campaigns = new([ShippedCampaigns.ThankYou with { HoldOut = 0m }, ShippedCampaigns.Review with { HoldOut = 0m }]) }).Gets("1");
        Occasions(asha.Days(0.9)).ShouldBeEmpty("it has only just come");
        Occasions(asha.Days(30)).ShouldBe([Occasion.ThankYou, Occasion.ReviewRequest, Occasion.ReviewReminder, Occasion.ReviewReminder]);
        asha.Said.ShouldAllBe(s => s.Class == LegalClass.Marketing && s.To == "asha@example.com" && s.Country == "IN");
        asha.Keys.ShouldBeUnique();
        asha.Runs.All!.ShouldAllBe(r => r.Left == Leaving.Finished && r.DueAt == null);
        asha.TimerAt.ShouldBeNull();
    }

    [Fact]
    public void A_review_a_return_and_an_open_case_each_end_the_asking()
    {
        Occasions(Only("review").Gets("1").Days(10).Hears(new RunSignal.Reviewed("1", Customer.Monday.AddDays(11), "judge")).Days(20)).ShouldBe([Occasion.ReviewRequest]);
        Occasions(Only("review").Gets("1").Days(10).Hears(new RunSignal.Undone("1", Undoing.GoneBack, Customer.Monday.AddDays(11))).Days(20)).ShouldBe([Occasion.ReviewRequest]);
        var waiting = Only("review").Gets("1").Days(10);
        waiting.Known = waiting.Known with { OpenCase = true };
        Occasions(waiting.Days(20)).ShouldBe([Occasion.ReviewRequest]);
        waiting.Run("review").Left.ShouldBe(Leaving.CaseOpen);
        Only("review").Gets("1").Hears(new RunSignal.Reviewed("2", Customer.Monday, "judge")).Run("review").IsUnderWay.ShouldBeTrue("that was another order's");
    }

    [Fact]
    public void Who_has_had_enough_of_advertisements_today_hears_it_by_no_other_channel()
    {
        foreach (var later in new[] { false, true })
        {
            var asha = Only("win-back", brand: b => b with { MessageChannels = [new("whatsapp", "wa"), new("email", "mail")] });
            asha.Known = asha.Known with { Channels = [new("whatsapp", true, false), new("email", true, false)] };
            asha.Buys("1").Days(121).Said.ShouldHaveSingleItem().To.ShouldBe("+919800000001");
            asha.Hears(later ? new MessageSignal.NotDelivered(asha.Keys[0], "whatsapp", MessageEffect.NotToday, "enough") : new EffectSettled(asha.Keys[0], "message.send.v1", new Outcome.Refused(MessageEffect.NotToday, "enough")));
            asha.Said.Count.ShouldBe(1);
            asha.Events.OfType<MessageEvent.Unreachable>().ShouldHaveSingleItem().Why.ShouldBe("enough (not_today)");
        }
    }

    [Fact]
    public void Who_unsubscribes_or_complains_hears_no_more_and_a_bounce_closes_one_channel_only()
    {
        foreach (var (word, why) in new[] { ("opt_out", Leaving.Unsubscribed), ("complaint", Leaving.Complained) })
        {
            var asha = Only("review").Gets("1").Days(10);
            asha.Known = asha.Known with { Channels = [new("email", true, true, word, Customer.Monday.AddDays(11)), new("whatsapp", true, false)] };
            asha.Days(20).Run("review").Left.ShouldBe(why);
            asha.Said.Count.ShouldBe(1);
        }
        var bounced = Only("review").Gets("1");
        bounced.Known = bounced.Known with { Channels = [new("email", true, true, "bounce", Customer.Monday.AddDays(1)), new("whatsapp", true, false)] };
        bounced.Days(10).Said.ShouldHaveSingleItem().To.ShouldBe("+919800000001");
    }

    [Fact]
    public void A_checkout_that_changes_in_the_second_in_which_it_is_bought_is_bought()
    {
        var asha = Only("checkout").LeavesCheckout().After(TimeSpan.FromMinutes(5));
        asha.Hears(new RunSignal.CheckoutSeen(Customer.Who, new("tok", Customer.Monday, asha.Now, new(1200m, "INR"), [new("Tea", 3)], "https://shop.example/c/tok")));
        asha.Buys("1").Run("checkout").Left.ShouldBe(Leaving.Purchased);
        asha.Days(5).Said.ShouldBeEmpty();

        var late = Only("checkout").LeavesCheckout();
        late.Known = late.Known with { OrderedAt = [Customer.Monday.AddMinutes(1)], Orders = 1 };
        late.Hears(new RunSignal.CheckoutSeen(Customer.Who, new("tok", Customer.Monday, Customer.Monday.AddMinutes(1), new(1200m, "INR"), [new("Tea", 3)], "https://shop.example/c/tok"))).Days(5);
        (late.Said.Count, late.Run("checkout").Left).ShouldBe((0, (Leaving?)Leaving.Purchased), "they bought by another address in that second");
    }

    [Fact]
    public void A_step_says_it_by_its_own_channels_in_their_order_and_whoever_has_none_of_them_is_passed_over_left_out_or_not()
    {
        Campaign By(Campaign c, params string[] by) => c with { Steps = [c.Steps[0] with { By = by }] };
        ChannelStanding[] both = [new("email", true, false), new("whatsapp", true, false)];
        foreach (var (by, to) in ((string[], string)[])[(["email", "whatsapp"], "asha@example.com"), (["whatsapp", "email"], "+919800000001"), (["whatsapp"], "+919800000001")])
        {
            var asha = Only("review", c => By(c, by)).Gets("1");
            asha.Known = asha.Known with { Channels = both };
            asha.Days(11).Said.ShouldHaveSingleItem().To.ShouldBe(to, string.Join(", ", by));
        }
        foreach (var share in new[] { 0m, 1m })
        {
            var nobody = Only("review", c => By(c, "whatsapp") with { HoldOut = share }).Gets("1");
            nobody.Days(11).Said.ShouldBeEmpty();
            nobody.Events.OfType<RunEvent.StepPassed>().ShouldHaveSingleItem().Why.ShouldBe(Passing.NoChannel, "she agreed to mail alone, and who could not be written to is in neither group");
            nobody.Run("review").FirstAt.ShouldBeNull();
        }
    }

    [Fact]
    public void Nobody_is_written_to_who_did_not_agree_and_nobody_beyond_the_cap()
    {
        var asha = Only("review").Gets("1");
        asha.Known = asha.Known with { Channels = [new("email", false, false), new("whatsapp", false, false)] };
        asha.Days(30).Said.ShouldBeEmpty();
        asha.Run("review").Left.ShouldBe(Leaving.NoConsent);

        var busy = Only("review").Gets("1");
        busy.Known = busy.Known with { Told = 10 };
        busy.Days(12).Said.ShouldBeEmpty();
        busy.Known = busy.Known with { Told = 0 };
        Occasions(busy.Days(20)).ShouldBe([Occasion.ReviewReminder, Occasion.ReviewReminder]);
    }

    [Fact]
    public void A_left_checkout_gets_three_touches_with_its_goods_and_its_link_and_stops_on_a_purchase()
    {
        var asha = Only("checkout").LeavesCheckout().Days(5);
        Occasions(asha).ShouldBe([Occasion.CheckoutLeft, Occasion.CheckoutLeft, Occasion.CheckoutOffer]);
        asha.Said[0].Text.ShouldContain("3 × Tea");
        asha.Said[0].Text.ShouldContain("https://shop.example/c/tok");
        asha.Said[2].Text.ShouldNotContain("code", Case.Insensitive, "the brand offers nothing");

        var buyer = Only("checkout").LeavesCheckout().Days(0.5).Buys("7", 1200m).Days(10);
        Occasions(buyer).ShouldBe([Occasion.CheckoutLeft]);
        buyer.Run("checkout").ShouldSatisfyAllConditions(r => r.Left.ShouldBe(Leaving.Purchased), r => r.Bought!.Total.ShouldBe(new Money(1200m, "INR")));
    }

    [Fact]
    public void A_checkout_that_goes_on_is_left_anew_and_one_that_was_paid_or_comes_late_is_none()
    {
        var asha = Only("checkout").LeavesCheckout().After(TimeSpan.FromMinutes(40)).LeavesCheckout();
        asha.After(TimeSpan.FromMinutes(40)).Said.ShouldBeEmpty();
        asha.After(TimeSpan.FromMinutes(30)).Said.Count.ShouldBe(1);

        var paid = Only("checkout").LeavesCheckout();
        paid.Hears(new RunSignal.CheckoutSeen(Customer.Who, new("tok", Customer.Monday, Customer.Monday.AddMinutes(5), new(1200m, "INR"), [], null, Customer.Monday.AddMinutes(5)))).Days(5).Said.ShouldBeEmpty();

        var late = Only("checkout").Buys("7");
        late.Now = late.Now.AddMinutes(1);
        late.LeavesCheckout("old", Customer.Monday.AddMinutes(-10)).Days(5).Said.ShouldBeEmpty("they had begun it before they bought");
    }

    [Fact]
    public void A_code_is_promised_where_the_brand_has_one_left_and_told_again_without_being_given_again()
    {
        var offer = new OfferTerms(["TEN"], new Dictionary<string, string> { [""] = "10 % off" }, 5, Until: new(2026, 12, 31));
        Customer Shop()
        {
            var flow = ShippedCampaigns.Checkout with { HoldOut = 0m, Steps = [.. ShippedCampaigns.Checkout.Steps.Select(s => s with { Occasion = "checkout_offer", Offer = s.Wait.TotalHours > 2 ? "ten" : null })] };
            return new(Customer.Brand with { Campaigns = new([flow]) { Offers = new Dictionary<string, OfferTerms> { ["ten"] = offer } } });
        }
        var asha = Shop();
        asha.Codes["ten"] = "TEN";
        asha.LeavesCheckout().Days(5);
        asha.Said.Select(s => s.Text.Contains("TEN (10 % off)", StringComparison.Ordinal)).ShouldBe([false, true, true]);
        asha.Events.OfType<RunEvent.StepSent>().Count(e => e.Offer is not null).ShouldBe(1);

        var none = Shop().LeavesCheckout().Days(5);
        none.Said.Count.ShouldBe(3);
        none.Said.ShouldAllBe(s => !s.Text.Contains("TEN", StringComparison.Ordinal));
    }

    [Fact]
    public void A_reorder_comes_by_the_customers_own_interval_and_a_purchase_begins_it_anew()
    {
        var asha = Only("reorder");
        asha.Known = asha.Known with { OrderedAt = [Customer.Monday.AddDays(-20), Customer.Monday.AddDays(-40), Customer.Monday.AddDays(-60), Customer.Monday.AddDays(-80)], Orders = 4 };
        asha.Buys("5");
        // Four gaps of 20 days, and 45 of anybody: (4 × 20 + 2 × 45) ÷ 6.
        asha.Run("reorder").DueAt.ShouldBe(Customer.Monday.AddDays(28));
        asha.Days(20).Buys("6").Runs.All!.Count(r => r.IsUnderWay).ShouldBe(1);
        asha.Said.ShouldBeEmpty();
        asha.Days(60);
        Occasions(asha).ShouldBe([Occasion.ReorderDue, Occasion.ReorderDue]);
    }

    [Fact]
    public void Who_is_silent_for_long_is_won_back_also_when_they_bought_before_there_were_flows()
    {
        Occasions(Only("win-back").Buys("1").Days(121)).ShouldBe([Occasion.WinBack]);
        Only("win-back").Buys("1").Days(100).Buys("2").Days(100).Said.ShouldBeEmpty();

        var old = Only("win-back").Hears(new RunSignal.Enrolled(Customer.Who, "9", Customer.Monday.AddDays(-300)));
        old.TimerAt.ShouldBe(Customer.Monday);
        Occasions(old.Days(1)).ShouldBe([Occasion.WinBack]);
        old.Hears(new RunSignal.Enrolled(Customer.Who, "9", Customer.Monday.AddDays(-300))).Runs.All!.Count.ShouldBe(1);
    }

    [Fact]
    public void Who_is_left_out_gets_nothing_and_is_compared_by_the_same_purchase()
    {
        var asha = Only("review", c => c with { HoldOut = 1m }).Gets("1").Days(30);
        asha.Said.ShouldBeEmpty();
        asha.Run("review").ShouldSatisfyAllConditions(r => r.HeldOut.ShouldBeTrue(), r => r.FirstAt.ShouldBe(Customer.Monday.AddDays(10)), r => r.Left.ShouldBe(Leaving.Finished));

        var buyer = Only("review", c => c with { HoldOut = 1m }).Gets("1").Days(11).Buys("2", 500m);
        buyer.Run("review").Bought!.Total.Amount.ShouldBe(500m);
        buyer.Hears(new RunSignal.Undone("2", Undoing.Cancelled, buyer.Now)).Run("review").Bought!.Undone.ShouldBeTrue();
        buyer.Buys("2").Run("review").Bought!.Undone.ShouldBeTrue("the same order, told again");
        buyer.Buys("3").Run("review").Bought!.OrderRef.ShouldBe("3");
    }

    [Fact]
    public void A_review_ends_what_it_was_asked_for_and_is_kept_once()
    {
        var review = new Review("r1", "stars", 4m, Customer.Monday.AddDays(11), "TEA", "Lovely.", "1");
        var asha = Only("review").Gets("1").Days(11).Hears(new RunSignal.Reviewed("1", review.At, "stars", review));
        asha.Run("review").Left.ShouldBe(Leaving.Reviewed);
        asha.Runs.Reviews.ShouldBe([review]);
        asha.Hears(new RunSignal.Reviewed("1", review.At, "stars", review)).Runs.Reviews.ShouldBe([review]);
        Occasions(asha.Days(30)).ShouldBe([Occasion.ReviewRequest]);
        var stranger = Only("review").Hears(new RunSignal.Reviewed(null, review.At, "stars", review with { Id = "r2", OrderRef = null }));
        stranger.Runs.Reviews!.Single().Id.ShouldBe("r2", "whoever has the address may become a customer");
    }

    [Fact]
    public void What_was_given_back_lessens_what_a_flow_brought_in_and_all_of_it_makes_it_no_purchase()
    {
        var asha = Only("review").Gets("1").Days(11).Buys("2", 500m);
        var given = new RunSignal.Undone("2", Undoing.GoneBack, asha.Now, new(320m, "INR"));
        asha.Hears(given).Run("review").Bought!.ShouldSatisfyAllConditions(b => b.Total.ShouldBe(new Money(320m, "INR")), b => b.Undone.ShouldBeFalse());
        var state = asha.Runs;
        asha.Hears(given).Runs.ShouldBe(state, "told again");
        asha.Hears(new RunSignal.Undone("2", Undoing.GoneBack, asha.Now)).Run("review").Bought!.Total.Amount.ShouldBe(320m, "a parcel that comes back has given nothing back yet");
        asha.Hears(new RunSignal.Undone("2", Undoing.GoneBack, asha.Now, new(0m, "INR"))).Run("review").Bought!.Undone.ShouldBeTrue();
    }

    [Fact]
    public void Who_is_left_out_is_drawn_from_the_address_and_is_about_as_many_as_the_brand_says()
    {
        var flow = ShippedCampaigns.Review with { HoldOut = 0.1m };
        string[] people = [.. Enumerable.Range(0, 20_000).Select(i => $"email:somebody{i}@example.com")];
        var left = people.Where(p => flow.HoldsOut("aurora", p)).ToHashSet();
        ((double)left.Count).ShouldBe(2000, 150);
        people.Where(p => flow.HoldsOut("aurora", p)).ShouldBe(left, "always the same");
        var (another, nobody) = (flow with { Id = "win-back" }, flow with { HoldOut = 0m });
        ((double)people.Count(p => left.Contains(p) && another.HoldsOut("aurora", p))).ShouldBe(200, 60, "another flow leaves others out");
        people.ShouldAllBe(p => !nobody.HoldsOut("aurora", p));
    }

    [Fact]
    public void A_channel_that_fails_is_followed_by_the_next_one_that_may_be_used_and_then_the_message_counts_as_lost()
    {
        var asha = Only("review").Gets("1");
        asha.Known = asha.Known with { Channels = [new("email", true, false), new("whatsapp", true, false)] };
        asha.Days(10).Keys.ShouldHaveSingleItem().ShouldEndWith("whatsapp");
        asha.Hears(new EffectSettled(asha.Keys[0], "message.send.v1", new Outcome.Refused("131026", "no WhatsApp"))).Keys[1].ShouldEndWith("email");
        asha.Hears(new EffectSettled(asha.Keys[1], "message.send.v1", new Outcome.Refused("550", "nobody there")));
        asha.Run("review").ShouldSatisfyAllConditions(r => r.Sent!.ShouldBeEmpty(), r => r.Lost.ShouldBe([0]), r => r.IsUnderWay.ShouldBeTrue());
        var by = Only("review").Gets("1").Days(10);
        by.Hears(new EffectSettled(by.Keys[0], "message.send.v1", new Outcome.Refused("550", "nobody there"))).Keys.Count.ShouldBe(1, "WhatsApp was not agreed to");
    }

    [Fact]
    public void A_flow_that_is_off_is_entered_by_nobody_and_left_at_the_next_step()
    {
        var asha = Only("review").Gets("1").Days(10);
        asha.Paused.Add("review");
        asha.Days(20).Run("review").Left.ShouldBe(Leaving.SwitchedOff);
        asha.Said.Count.ShouldBe(1);
        asha.Days(60).Gets("2").Runs.All!.Count.ShouldBe(1);
    }

    [Fact]
    public void What_began_in_shadow_says_nothing_once_the_brand_is_live_and_what_is_too_old_begins_nothing()
    {
        Only("review").Hears(new RunSignal.Delivered(Customer.Who, Customer.Order("1", Customer.Monday) with { Shadow = true }, Customer.Monday)).Runs.All.ShouldBeNull();
        Only("review").Hears(new RunSignal.Delivered(Customer.Who, Customer.Order("1", Customer.Monday), Customer.Monday.AddDays(-13))).Runs.All.ShouldBeNull();
        var shadow = new RunStream().Decide(RunFile.Empty, new RunSignal.Delivered(Customer.Who, Customer.Order("1", Customer.Monday) with { Shadow = true }, Customer.Monday),
            new(new("aurora", "run", "email:asha@example.com"), Customer.Monday, Customer.Brand) { Shadow = true });
        ((RunFile)shadow.State).Runs.All!.ShouldAllBe(r => r.Shadow);
    }

    [Fact]
    public void A_step_is_said_only_to_whom_it_is_meant_for()
    {
        var asha = Only("review", c => c with { Steps = [c.Steps[0], c.Steps[1] with { Only = new(TotalFrom: 1000m) }, c.Steps[2]] }).Gets("1").Days(30);
        Occasions(asha).ShouldBe([Occasion.ReviewRequest, Occasion.ReviewReminder]);
        Only("review", c => c with { Only = new(Countries: ["NL"]) }).Gets("1").Days(30).Run("review").Left.ShouldBe(Leaving.NotMeant);
        Only("review", c => c with { Rest = TimeSpan.FromDays(30) }).Gets("1").Days(25).Gets("2").Runs.All!.Count.ShouldBe(1);
        Only("review", c => c with { Rest = TimeSpan.FromDays(30) }).Gets("1").Days(35).Gets("2").Runs.All!.Count.ShouldBe(2);
    }

    [Fact]
    public void An_order_tells_its_brands_flows_and_a_brand_without_any_sends_nothing_on()
    {
        Turn Placed(BrandTerms terms) => new OrderStream().Decide(OrderFile.Empty, new Core.Orders.OrderSignal.Reported(Sample.Facts(), "orders/create"), Sample.At(Customer.Monday, terms));
        Placed(Sample.Terms).Forwarded.ShouldBeEmpty();
        var told = Placed(Customer.Brand).Forwarded.ShouldHaveSingleItem();
        told.To.ShouldBe(new StreamId("aurora", "run", "email:asha@example.com"));
        told.Signal.ShouldBeOfType<RunSignal.Purchased>().Order.Skus.ShouldBe(["SKU-A", "SKU-B"]);
    }
}
