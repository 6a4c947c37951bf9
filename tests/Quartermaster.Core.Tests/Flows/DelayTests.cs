using Quartermaster.Core.Connecting;
using Quartermaster.Core.Flows;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Messages;
using Quartermaster.Core.Routing;
using Quartermaster.Core.Shipping;

namespace Quartermaster.Core.Tests.Flows;

/// <summary>A parcel that takes longer than usual: the shopper hears of it once, with a day that is honest.</summary>
public sealed class DelayTests
{
    private static readonly BrandTerms Watching = Sample.Terms with { Delays = new() { Credit = new(100m, 150m, 1000m) }, Routing = Sample.Terms.Routing with { PromiseDays = 4 } };

    private static OrderStory Left(BrandTerms? terms = null) => new OrderStory(terms ?? Watching).Reported().AllDone().Shipped("T1", "BLR", ("SKU-A", 2), ("SKU-B", 1)).Scanned("T1", ScanStatus.InTransit);

    private static ShippingSignal.DelayFound Silent(OrderStory story, DateOnly? expected = null, decimal? credit = null) => new("T1", Delay.Silence, story.File.Shipping.Find("T1")!.LastAt!.Value, expected, credit);

    private static IEnumerable<MessageEffect.Send> Said(OrderStory story, Occasion occasion) => story.Effects.Select(e => e.Effect).OfType<MessageEffect.Send>().Where(m => m.Occasion == occasion);

    [Fact]
    public void Silence_is_told_once_with_the_day_and_the_next_scan_closes_the_case()
    {
        var story = Left();
        var found = Silent(story, new(2026, 3, 9));
        story.Hear(found, found, found with { Kind = Delay.PastPromise, Expected = new(2026, 3, 12) });
        Said(story, Occasion.Delayed).ShouldHaveSingleItem().Text.ShouldContain("The carrier has not scanned your parcel since Monday, 2 March.");
        story.Happened<ShippingEvent.FellBehind>().Count().ShouldBe(2, "both are kept, one is told");
        story.Cases.ShouldContainKey("silent/T1");
        story.Row.Attention.ShouldBe("Parcel T1 has not been scanned for longer than usual.");
        story.Scanned("T1", ScanStatus.InTransit);
        story.Cases.ShouldNotContainKey("silent/T1");
        story.Row.Attention.ShouldBeNull();
    }

    [Theory]
    [InlineData("mr-IN", null, "hi", "सोमवार, 2 मार्च")]
    [InlineData("hi-IN", "en", "en", "The carrier has not scanned your parcel since Monday, 2 March.")]
    [InlineData("id", null, "id", "Senin, 2 Maret")]
    public void The_reason_is_in_the_language_of_the_words_around_it(string locale, string? only, string language, string reason)
    {
        var facts = Sample.Facts(Sample.Line("1", "SKU-A", 2), Sample.Line("2", "SKU-B", 1));
        var voice = new VoiceTerms { Languages = only is null ? null : [only], Fallback = new Dictionary<string, string> { ["mr"] = "hi" } };
        var story = new OrderStory(Watching with { Voice = voice }).Reported(facts with { Buyer = facts.Buyer with { Locale = locale } }).AllDone().Shipped("T1", "BLR", ("SKU-A", 2), ("SKU-B", 1)).Scanned("T1", ScanStatus.InTransit);
        story.Hear(Silent(story));
        var said = Said(story, Occasion.Delayed).ShouldHaveSingleItem();
        said.Language.ShouldBe(language);
        said.Text.ShouldContain(reason);
    }

    [Fact]
    public void Where_we_have_no_words_of_a_language_the_reason_is_left_out()
    {
        const string german = "class: transactional\n--- subject\n{{number}}\n--- mail\nx\n--- text\nSpäter{{#if reason}} weil: {{reason}}{{/if}}\n--- whatsapp order_delayed";
        var facts = Sample.Facts(Sample.Line("1", "SKU-A", 2), Sample.Line("2", "SKU-B", 1));
        var story = new OrderStory(Watching) { Voice = new Voice(Watching, TemplateBook.Shipped.With([MessageTemplate.Read(Occasion.Delayed, "de", german)])) }
            .Reported(facts with { Buyer = facts.Buyer with { Locale = "de" } }).AllDone().Shipped("T1", "BLR", ("SKU-A", 2), ("SKU-B", 1)).Scanned("T1", ScanStatus.InTransit);
        story.Hear(Silent(story));
        Said(story, Occasion.Delayed).ShouldHaveSingleItem().Text.ShouldBe("Später");
    }

    [Fact]
    public void A_scan_that_came_meanwhile_and_an_end_make_it_no_news()
    {
        var story = Left();
        var found = Silent(story);
        story.Scanned("T1", ScanStatus.InTransit).Hear(found);
        story.Happened<ShippingEvent.FellBehind>().ShouldBeEmpty();
        story.Scanned("T1", ScanStatus.Delivered).Hear(new ShippingSignal.DelayFound("T1", Delay.PastPromise, Sample.Monday, null), new ShippingSignal.DelayFound("T9", Delay.Silence, Sample.Monday, null));
        story.Happened<ShippingEvent.FellBehind>().ShouldBeEmpty();
    }

    [Fact]
    public void The_next_channel_tells_of_the_same()
    {
        var story = Left();
        story.Hear(Silent(story, new(2026, 3, 9)));
        story.Settle<MessageEffect.Send>(new Connecting.Outcome.Refused("131026", "Not on WhatsApp."));
        var (first, second) = (Said(story, Occasion.Delayed).First(), Said(story, Occasion.Delayed).Last());
        second.To.ShouldBe("asha@example.com");
        foreach (var said in new[] { first, second })
            said.Text.ShouldSatisfyAllConditions(text => text.ShouldContain("The carrier has not scanned your parcel since Monday, 2 March."), text => text.ShouldContain("We now expect it on Monday, 9 March."));
    }

    [Fact]
    public void The_next_channel_tells_nothing_that_has_passed()
    {
        var refused = new Connecting.Outcome.Refused("131026", "Not on WhatsApp.");
        var days = Left();
        days.Hear(Silent(days, new(2026, 3, 3)));
        days.Now = days.Now.AddDays(2);
        days.Settle<MessageEffect.Send>(refused);
        Said(days, Occasion.Delayed).Last().ShouldSatisfyAllConditions(m => m.To.ShouldBe("asha@example.com"), m => m.Text.ShouldNotContain("3 March"));

        foreach (var after in new[] { ScanStatus.InTransit, ScanStatus.Delivered })
        {
            var story = Left();
            story.Hear(Silent(story, new(2026, 3, 9)));
            var told = story.Effects.Single(e => e.Effect is MessageEffect.Send { Occasion: Occasion.Delayed });
            story.Scanned("T1", after).Hear(new Connecting.EffectSettled(told.Key, "message.send.v1", refused));
            Said(story, Occasion.Delayed).ShouldHaveSingleItem($"it was {after} meanwhile").To.ShouldNotBe("asha@example.com");
        }
    }

    [Fact]
    public void A_day_that_passed_before_it_was_decided_is_not_told()
    {
        var story = Left();
        story.Now = story.Now.AddDays(3);
        story.Hear(Silent(story, new(2026, 3, 3)));
        story.Happened<ShippingEvent.FellBehind>().ShouldHaveSingleItem().Expected.ShouldBeNull();
    }

    [Fact]
    public void A_second_silence_is_the_teams_and_not_the_shoppers()
    {
        var story = Left();
        story.Hear(Silent(story, credit: 100m)).Scanned("T1", ScanStatus.InTransit);
        story.Cases.ShouldNotContainKey("silent/T1");
        var again = Silent(story, credit: 100m);
        story.Hear(again, again);
        story.Cases.ShouldContainKey("silent/T1");
        story.Row.Attention.ShouldBe("Parcel T1 has not been scanned for longer than usual.");
        Said(story, Occasion.Delayed).ShouldHaveSingleItem();
        story.Happened<ShippingEvent.FellBehind>().Sum(b => b.Credit ?? 0m).ShouldBe(100m);
        story.Scanned("T1", ScanStatus.InTransit).Cases.ShouldNotContainKey("silent/T1");
    }

    [Fact]
    public void Who_ordered_ahead_was_promised_another_day()
    {
        var story = Left();
        var ahead = story.File with { Messages = new Correspondence { All = [.. story.File.Messages.All ?? [], new(Occasion.Preordered, "", "email")] } };
        UnderWay.Of(story.File, Watching).ShouldHaveSingleItem().Due.ShouldNotBeNull();
        var way = UnderWay.Of(ahead, Watching).ShouldHaveSingleItem();
        way.Due.ShouldBeNull();
        way.IsPastPromise(LaneTimes.Unknown, Watching, Sample.Monday.AddDays(60)).ShouldBeFalse();
    }

    [Fact]
    public void A_failed_attempt_customs_and_a_return_are_told_where_the_brand_wants_that()
    {
        foreach (var (scan, occasion) in new[] { (ScanStatus.FailedAttempt, Occasion.AttemptFailed), (ScanStatus.HeldAtCustoms, Occasion.HeldAtCustoms), (ScanStatus.ReturnedToOrigin, Occasion.ComingBack) })
        {
            Said(Left().Scanned("T1", scan), occasion).ShouldHaveSingleItem();
            Said(Left(Sample.Terms).Scanned("T1", scan), occasion).ShouldBeEmpty($"{scan}: the brand did not ask for it");
        }
        Said(Left().Scanned("T1", ScanStatus.FailedAttempt).Scanned("T1", ScanStatus.InTransit).Scanned("T1", ScanStatus.FailedAttempt), Occasion.AttemptFailed).ShouldHaveSingleItem("once for a parcel");
        Said(Left().Scanned("T1", ScanStatus.Delivered).Scanned("T1", ScanStatus.ReturnedToOrigin), Occasion.ComingBack).ShouldBeEmpty("the shopper had it and sent it back");
    }

    [Fact]
    public void Customs_is_a_case_that_the_next_scan_closes()
    {
        var story = Left().Scanned("T1", ScanStatus.HeldAtCustoms);
        story.Cases["scan/T1"].Kind.ShouldBe("shipping.held_at_customs");
        story.Scanned("T1", ScanStatus.InTransit).Cases.ShouldNotContainKey("scan/T1");
    }

    [Fact]
    public void Credit_is_offered_to_a_person_within_the_orders_own_limit()
    {
        var story = Left();
        story.Hear(Silent(story, credit: 100m), new ShippingSignal.DelayFound("T1", Delay.PastPromise, Sample.Monday, null, 100m));
        story.Cases["credit/T1"].Detail.ShouldContain("100.00 INR");
        story.Happened<ShippingEvent.FellBehind>().Sum(b => b.Credit ?? 0m).ShouldBe(100m, "once for a parcel");
        var small = Left(Watching with { Delays = new() { Credit = new(100m, 99m, 1000m) } });
        small.Hear(Silent(small, credit: 100m));
        small.Cases.ShouldNotContainKey("credit/T1");
        small.Cases["credit-approval/T1"].Kind.ShouldBe("shipping.credit_to_approve", "above the limits a lead decides");
    }

    [Fact]
    public void Credit_that_was_given_is_told_to_the_shopper_once_and_nothing_of_it_is_decided_again()
    {
        var story = Left();
        story.Hear(Silent(story, credit: 100m));
        var given = new ShippingSignal.CreditDecided("T1", CreditAnswer.Given, "ann");
        story.Hear(given, given, new ShippingSignal.CreditDecided("T1", CreditAnswer.NotGiven, "bob"));
        story.Happened<ShippingEvent.CreditGiven>().ShouldHaveSingleItem().Amount.ShouldBe(100m);
        story.Happened<ShippingEvent.CreditNotGiven>().ShouldBeEmpty();
        story.Cases.ShouldNotContainKey("credit/T1");
        Said(story, Occasion.CreditGiven).ShouldHaveSingleItem().Text.ShouldContain("₹100.00 of store credit");
    }

    [Fact]
    public void Above_the_limits_it_is_approved_before_it_is_given_and_what_is_not_given_is_free_again()
    {
        var little = Watching with { Delays = new() { Credit = new(100m, 99m, 1000m) } };
        var story = Left(little);
        story.Hear(Silent(story, credit: 100m), new ShippingSignal.CreditDecided("T1", CreditAnswer.Given, "ann"));
        story.Happened<ShippingEvent.CreditGiven>().ShouldBeEmpty("nobody has approved it");
        story.Hear(new ShippingSignal.CreditDecided("T1", CreditAnswer.Approved, "lea"));
        story.Cases.Keys.Where(k => k.StartsWith("credit", StringComparison.Ordinal)).ShouldBe(["credit/T1"]);
        story.Hear(new ShippingSignal.CreditDecided("T1", CreditAnswer.NotGiven, "ann"));
        story.Happened<ShippingEvent.CreditNotGiven>().ShouldHaveSingleItem().OfferedAt.ShouldBe(story.Happened<ShippingEvent.CreditApproved>().Single().At);
        story.Cases.Keys.ShouldNotContain(k => k.StartsWith("credit", StringComparison.Ordinal));
        Said(story, Occasion.CreditGiven).ShouldBeEmpty();
        var refused = Left(little);
        refused.Hear(Silent(refused, credit: 100m), new ShippingSignal.CreditDecided("T1", CreditAnswer.NotGiven, "lea"));
        refused.Happened<ShippingEvent.CreditNotGiven>().ShouldHaveSingleItem().OfferedAt.ShouldBeNull("it had taken nothing of the month");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Credit_that_nobody_decides_on_lapses_with_its_term_and_cannot_be_given_afterwards(bool toApprove)
    {
        var story = Left(Watching with { Delays = new() { Credit = new(100m, toApprove ? 99m : 150m, 1000m) { Keeps = TimeSpan.FromDays(3) } } });
        story.Hear(Silent(story, credit: 100m));
        var (term, key) = (story.Timers["credit/T1"], toApprove ? "credit-approval/T1" : "credit/T1");
        (term.DueAt - story.Now).ShouldBe(TimeSpan.FromDays(3));
        story.Cases[key].Detail.ShouldContain($"it lapses on {story.Terms.DayOf(term.DueAt):yyyy-MM-dd}");
        story.Hear(term.Signal!, term.Signal!, new ShippingSignal.CreditDecided("T1", CreditAnswer.Approved, "lea"), new ShippingSignal.CreditDecided("T1", CreditAnswer.Given, "ann"));
        var lapsed = story.Happened<ShippingEvent.CreditLapsed>().ShouldHaveSingleItem();
        (lapsed.Amount, lapsed.OfferedAt is null).ShouldBe((100m, toApprove), "what it took of the month is free again");
        story.Cases.Keys.ShouldNotContain(k => k.StartsWith("credit", StringComparison.Ordinal));
        story.Happened<ShippingEvent.CreditApproved>().ShouldBeEmpty();
        story.Happened<ShippingEvent.CreditGiven>().ShouldBeEmpty();
        DelayCredit.WhyNot(story.File.Shipping, "T1", CreditAnswer.Approved)!.ShouldContain("It lapsed");
        Said(story, Occasion.CreditGiven).ShouldBeEmpty();
    }

    [Fact]
    public void An_approval_begins_the_term_anew_and_a_decision_ends_it()
    {
        var story = Left(Watching with { Delays = new() { Credit = new(100m, 99m, 1000m) } });
        story.Hear(Silent(story, credit: 100m));
        story.Now = story.Now.AddDays(6);
        story.Hear(new ShippingSignal.CreditDecided("T1", CreditAnswer.Approved, "lea"));
        (story.Timers["credit/T1"].DueAt - story.Now).ShouldBe(TimeSpan.FromDays(7));
        var over = story.Timers["credit/T1"].Signal!;
        story.Hear(new ShippingSignal.CreditDecided("T1", CreditAnswer.Given, "ann"));
        story.Timers.ShouldNotContainKey("credit/T1");
        story.Hear(over);
        story.Happened<ShippingEvent.CreditLapsed>().ShouldBeEmpty();
    }

    private static readonly ShippingSignal.CreditDecided Issue = new("T1", CreditAnswer.Issue, "ann");

    [Fact]
    public void Credit_is_given_by_the_storefront_once_and_the_shopper_hears_of_it_when_it_is_there()
    {
        var story = Left(Watching with { CreditGivers = [Sample.Facts().Channel] });
        story.Hear(Silent(story, credit: 100m));
        story.Hear(Issue, Issue, new ShippingSignal.CreditDecided("T1", CreditAnswer.Given, "bob"));
        var planned = story.Effects.Where(e => e.Effect is ShippingEffect.GiveCredit).ShouldHaveSingleItem();
        (planned.Connection, ((ShippingEffect.GiveCredit)planned.Effect).Amount, ((ShippingEffect.GiveCredit)planned.Effect).ExternalId).ShouldBe((Sample.Facts().Channel, 100m, Sample.Facts().ExternalId));
        story.Cases.ShouldNotContainKey("credit/T1");
        story.Timers.ShouldNotContainKey("credit/T1");
        Said(story, Occasion.CreditGiven).ShouldBeEmpty("it is not there yet");
        story.Settle<ShippingEffect.GiveCredit>(new Outcome.Unsure("no answer"));
        story.Happened<ShippingEvent.CreditGiven>().ShouldBeEmpty("nobody knows");
        story.Settle<ShippingEffect.GiveCredit>(new Outcome.Done("9")).Settle<ShippingEffect.GiveCredit>(new Outcome.Done("9"));
        story.Happened<ShippingEvent.CreditGiven>().ShouldHaveSingleItem().Amount.ShouldBe(100m);
        Said(story, Occasion.CreditGiven).ShouldHaveSingleItem();
    }

    [Fact]
    public void Credit_that_the_storefront_refused_is_a_persons_again_and_may_be_tried_again()
    {
        var story = Left(Watching with { CreditGivers = [Sample.Facts().Channel] });
        story.Hear(Silent(story, credit: 100m), Issue).Settle<ShippingEffect.GiveCredit>(new Outcome.Refused("no_customer", "The shop has no customer for this order."));
        story.Cases["credit/T1"].Detail.ShouldContain("The storefront did not give it: The shop has no customer for this order.");
        story.Timers.ShouldContainKey("credit/T1");
        story.Hear(Issue);
        story.Effects.Where(e => e.Effect is ShippingEffect.GiveCredit).Select(e => e.Key).Distinct().Count().ShouldBe(2, "another try is another effect");
        story.Planned<ShippingEffect.GiveCredit>().Select(c => c.Since).Distinct().ShouldHaveSingleItem("what the first try gave after all is found by the second");
        story.Planned<ShippingEffect.GiveCredit>().Select(c => c.First).ShouldBe([true, false]);
        story.Settle<ShippingEffect.GiveCredit>(new Outcome.Refused("no_customer", "Still none.")).Hear(new ShippingSignal.CreditDecided("T1", CreditAnswer.Given, "bob"));
        story.Happened<ShippingEvent.CreditGiven>().ShouldHaveSingleItem().By.ShouldBe("bob");
    }

    private static OrderStory TwoLate()
    {
        var story = new OrderStory(Watching with { CreditGivers = [Sample.Facts().Channel], Delays = new() { Credit = new(100m, 300m, 1000m) } }).Reported().AllDone();
        foreach (var (parcel, sku, units) in (((string, string, int)[])[("T1", "SKU-A", 2), ("T2", "SKU-B", 1)]))
            story.Shipped(parcel, "BLR", (sku, units)).Scanned(parcel, ScanStatus.InTransit).Hear(new ShippingSignal.DelayFound(parcel, Delay.Silence, story.Now, null, 100m));
        return story;
    }

    [Fact]
    public void Of_two_parcels_each_has_its_credit_and_the_second_knows_which_was_the_firsts()
    {
        var story = TwoLate().Hear(Issue).Settle<ShippingEffect.GiveCredit>(new Outcome.Done("9"));
        story.Hear(Issue with { ParcelId = "T2" }).Settle<ShippingEffect.GiveCredit>(new Outcome.AlreadyDone("10"));
        story.Planned<ShippingEffect.GiveCredit>().Select(c => (c.First, string.Join(',', c.Others ?? ["unknown"]))).ShouldBe([(true, "unknown"), (true, "9")]);
        story.Happened<ShippingEvent.CreditGiven>().Select(g => (g.ParcelId, g.RemoteId)).ShouldBe([("T1", "9"), ("T2", "10")]);
        Said(story, Occasion.CreditGiven).Count().ShouldBe(2);
    }

    [Fact]
    public void While_one_is_being_given_no_other_of_the_order_is_and_what_a_person_gave_is_told_by_no_id()
    {
        var story = TwoLate().Hear(Issue);
        var second = Issue with { ParcelId = "T2" };
        foreach (var said in (ShippingSignal.CreditDecided[])[second, second with { Answer = CreditAnswer.Given }])
            story.Hear(said).Notes[^1].ShouldContain("Store credit for parcel T1 of this order is being given");
        story.Cases.ShouldContainKey("credit/T2");
        // Somebody found that it is there; which of the customer's credits that is he did not say.
        story.Settle<ShippingEffect.GiveCredit>(new Outcome.AlreadyDone()).Hear(second);
        story.Planned<ShippingEffect.GiveCredit>().Select(c => c.Others).ShouldBe([null, null]);
        story.Hear(second with { Answer = CreditAnswer.NotGiven });
        story.Happened<ShippingEvent.CreditOrdered>().Select(o => o.ParcelId).ShouldBe(["T1", "T2"]);
    }

    [Fact]
    public void Where_no_storefront_takes_it_from_the_hub_a_person_gives_it_and_in_shadow_nothing_is_given()
    {
        var byHand = Left();
        byHand.Hear(Silent(byHand, credit: 100m), Issue);
        byHand.Notes[^1].ShouldContain("takes no store credit from the hub");
        byHand.Cases["credit/T1"].Detail.ShouldNotContain("have the hub give it");
        var shadow = Left(Watching with { CreditGivers = [Sample.Facts().Channel] });
        shadow.Hear(Silent(shadow, credit: 100m));
        shadow.Shadow = true;
        shadow.Hear(Issue);
        foreach (var story in (OrderStory[])[byHand, shadow])
        {
            story.Planned<ShippingEffect.GiveCredit>().ShouldBeEmpty();
            story.Cases.ShouldContainKey("credit/T1");
        }
    }

    [Fact]
    public void The_longest_gap_between_scans_is_kept_with_the_journey()
    {
        var story = Left();
        story.Now = story.Now.AddHours(30);
        story.Scanned("T1", ScanStatus.OutForDelivery);
        story.Now = story.Now.AddHours(5);
        story.Scanned("T1", ScanStatus.Delivered);
        story.Happened<ShippingEvent.JourneyEnded>().ShouldHaveSingleItem().Gap.ShouldBe(30);
    }

    [Fact]
    public void A_lane_that_is_late_as_a_whole_is_told_once_a_day()
    {
        var kind = new LaneStream();
        var lane = new Journey("BlueDart", "Surface", "BLR", "IN", "5");
        var (stream, today) = (LaneNotice.Of("aurora", lane), new DateOnly(2026, 3, 2));
        var situation = new Situation(stream, Sample.Monday, Sample.Terms);
        var first = kind.Decide(kind.Empty, new LaneSignal.RanLate(lane, today, 40, 15), situation);
        first.Cases.OfType<CaseChange.Opened>().ShouldHaveSingleItem().Title.ShouldBe("BlueDart Surface from BLR to IN 5… is late as a whole");
        first.Effects.ShouldHaveSingleItem().Effect.ShouldBeOfType<MessageEffect.Alert>().Text.ShouldBe("15 of 40 parcels under way are late.");
        var state = kind.Load(kind.Save(first.State));
        kind.Decide(state, new LaneSignal.RanLate(lane, today, 44, 20), situation).Effects.ShouldBeEmpty();
        kind.Decide(state, new LaneSignal.RanLate(lane, today.AddDays(1), 44, 20), situation).Effects.ShouldHaveSingleItem();
    }

    private static readonly ParcelLane Lane = new("Delhivery", "", "BLR", "IN", "5", "560");

    /// <summary>So many parcels of a lane that took two days each, with a day between two scans.</summary>
    internal static LanePast TwoDays(int parcels, ParcelLane? lane = null, int days = 2)
    {
        var (ways, gaps) = (new int[LaneTimes.LongestSteps + 1], new int[LaneTimes.LongestSteps + 1]);
        ways[days * 4] = gaps[4] = parcels;
        return new(lane ?? Lane, ways, gaps);
    }

    [Fact]
    public void A_day_is_told_from_what_parcels_like_it_took_and_none_when_too_few_were()
    {
        var way = UnderWay.Of(Left().File, Watching).ShouldHaveSingleItem();
        way.Lane.ShouldBe(Lane);
        way.Due.ShouldBe(new DateOnly(2026, 3, 6));
        way.Expected(LaneTimes.Unknown, Watching, Sample.Monday).ShouldBeNull();
        way.Expected(new([TwoDays(LaneTimes.LeastParcels - 1)]), Watching, Sample.Monday).ShouldBeNull();
        LaneTimes known = new([TwoDays(60), TwoDays(30, days: 6)]);
        way.Expected(known, Watching, Sample.Monday, 0.5).ShouldBe(new DateOnly(2026, 3, 4));
        way.Expected(known, Watching, Sample.Monday).ShouldBe(new DateOnly(2026, 3, 8), "a third of them took six days");
        way.IsPastPromise(known, Watching, Sample.Monday).ShouldBeFalse();
        way.IsPastPromise(known, Watching, Sample.Monday.AddDays(3)).ShouldBeTrue("whoever has not come after three days takes six");
        way.Expected(known, Watching, Sample.Monday.AddDays(7)).ShouldBeNull("none of them took so long");
    }

    [Fact]
    public void Silence_is_measured_against_the_lane_and_never_shorter_than_the_brand_says()
    {
        var way = UnderWay.Of(Left().File, Watching).Single();
        var terms = new DelayTerms { SilentAfter = TimeSpan.FromHours(12) };
        way.SilentFrom(LaneTimes.Unknown, terms).ShouldBe(way.HeardAt.AddHours(12));
        way.SilentFrom(new([TwoDays(60)]), terms).ShouldBe(way.HeardAt.AddHours(30), "a day between two scans is usual there");
        way.SilentFrom(new([TwoDays(60)]), terms with { SilentAfter = TimeSpan.FromHours(48) }).ShouldBe(way.HeardAt.AddHours(48));
    }

    [Fact]
    public void A_town_with_few_parcels_is_drawn_towards_its_carrier()
    {
        LaneTimes times = new([TwoDays(2, days: 9), TwoDays(200, Lane with { From = "DEL", Zone = "1", Area = "110" })]);
        times.Of(Lane)!.Within(0.8, TimeSpan.Zero).ShouldBe(TimeSpan.FromHours(54), "two slow parcels do not make a slow town");
        LaneTimes many = new([TwoDays(200, days: 9), TwoDays(200, Lane with { From = "DEL", Zone = "1", Area = "110" })]);
        many.Of(Lane)!.Within(0.8, TimeSpan.Zero).ShouldBe(TimeSpan.FromHours(222));
    }

    [Fact]
    public void A_shopper_is_not_told_that_something_arrived_of_which_nobody_knows_that()
    {
        ShopperStage StageOf(OrderStory story) => ShopperView.Of(story.File, story.Events.OfType<ShippingEvent>(), Watching, LaneTimes.Unknown, story.Now)!.Stage;
        StageOf(Left().Scanned("T1", ScanStatus.Delivered)).ShouldBe(ShopperStage.Delivered);
        StageOf(Left().Hear(new ShippingSignal.EndTold("T1", ParcelEnd.Lost, false, "searched for", "ann"))).ShouldBe(ShopperStage.OnItsWay);
        StageOf(Left().Scanned("T1", ScanStatus.ReturnedToOrigin)).ShouldBe(ShopperStage.ComingBack);
        var elsewhere = new OrderStory(Watching).Reported().Hear(new Orders.OrderSignal.FulfilmentReported("F9", "Other", "OTHER1", [new("1", "SKU-A", 2), new("2", "SKU-B", 1)], Sample.Monday.AddMinutes(7), "success"));
        StageOf(elsewhere).ShouldBe(ShopperStage.OnItsWay, "somebody else sent it, and no scan of it reaches us");
    }

    [Fact]
    public void What_a_shopper_is_answered_in_three_languages()
    {
        foreach (var (locale, words) in new[] { ("en-IN", "Order #1001: Your order is on its way."), ("hi-IN", "ऑर्डर #1001: आपका ऑर्डर रास्ते में है."), ("id-ID", "Pesanan #1001: Pesanan Anda dalam perjalanan.") })
        {
            var facts = Sample.Facts();
            var story = new OrderStory(Watching).Reported(facts with { Buyer = facts.Buyer with { Locale = locale } }).AllDone().Shipped("T1", "BLR", ("SKU-A", 2), ("SKU-B", 1)).Scanned("T1", ScanStatus.InTransit);
            var view = ShopperView.Of(story.File, story.Events.OfType<ShippingEvent>(), Watching, new([TwoDays(60)]), story.Now)!;
            var answer = WhereIsMyOrder.Answer(view, Watching, "https://hub.example/t/abc");
            answer.ShouldContain(words);
            answer.ShouldContain("Delhivery");
            answer.ShouldContain("https://hub.example/t/abc");
            answer.ShouldNotContain("{");
        }
    }
}
