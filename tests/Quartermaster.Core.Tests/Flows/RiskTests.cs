using Quartermaster.Core.Connecting;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Messages;
using Quartermaster.Core.Orders;
using Quartermaster.Core.Risk;
using Quartermaster.Core.Shipping;

namespace Quartermaster.Core.Tests.Flows;

public sealed class RiskTests
{
    private static readonly RiskTerms Risk = new() { Assess = new RiskScorer(new() { Postcodes = ["560"] }).Score, Review = 60, Owner = "lead", Confirm = new() { From = 30 } };

    private static readonly BrandTerms Scoring = Sample.Terms with { Risk = Risk };

    private static readonly OrderFacts Cash = Sample.Facts() with { Payment = new(PaymentState.Pending, PaymentMethod.CashOnDelivery, "Cash on Delivery") };

    private static readonly OrderFacts Doubtful = Cash with { Buyer = Cash.Buyer with { Email = "x@mailinator.com" } };

    [Fact]
    public void A_brand_without_the_section_asks_nothing()
    {
        var story = new OrderStory().Reported(Doubtful);
        story.Status.ShouldBe("allocated");
        story.Requests.OfType<OrderRequest.ReadHistory>().ShouldBeEmpty();
        story.File.Order.Risk.ShouldBeNull();
        story.Hear(new OrderSignal.StorefrontRiskTold(StorefrontRisk.High)).Last.Events.ShouldBe(0);
    }

    [Fact]
    public void An_ordinary_order_is_scored_and_goes_on_in_the_same_breath()
    {
        var story = new OrderStory(Scoring).Reported();
        story.Status.ShouldBe("allocated");
        story.Happened<OrderEvent.RiskAssessed>().Single().Assessment.Score.ShouldBe(20);
        story.Requests.OfType<OrderRequest.ReadHistory>().Single().ShouldBe(new OrderRequest.ReadHistory("asha@example.com", "+919800000001", 365, "INR"));
        story.Reported(Sample.Facts() with { UpdatedAt = Sample.Monday.AddMinutes(5), Note = "ring twice" }, "orders/updated");
        story.Requests.OfType<OrderRequest.ReadHistory>().Count().ShouldBe(1, "nothing that the score stands on changed");
    }

    [Fact]
    public void A_risky_order_waits_for_a_person_who_sees_every_reason()
    {
        var story = new OrderStory(Scoring).Reported(Doubtful);
        story.Status.ShouldBe("held");
        var hold = story.File.Order.Holds!.Single();
        (hold.Kind, hold.MayLift).ShouldBe((HoldKind.Risk, "lead"));
        hold.Reason.ShouldBe("Risk 65 of 100: the postal code 560001 is on the brand's list (560); mailinator.com gives away mailboxes for minutes; the buyer's first order, cash on delivery.");
        story.Cases["hold/Risk"].Kind.ShouldBe("order.risky");
        story.Planned<MessageEffect.Send>().ShouldBeEmpty("who may be a thief is not written to");
    }

    [Fact]
    public void Declined_it_is_cancelled_here_and_at_the_channel()
    {
        var story = new OrderStory(Scoring).Reported(Doubtful).Hear(new OrderSignal.DeclineAsked("known thief", "lea"));
        story.Status.ShouldBe("cancelled");
        story.Planned<OrderEffect.CancelAtChannel>().Single().Why.ShouldBe("declined as risky: known thief");
        story.Cases.ShouldBeEmpty();
        new OrderStory(Scoring).Reported().Hear(new OrderSignal.DeclineAsked("too late", "lea")).Status.ShouldBe("allocated", "only what is held for its risk can be declined");
    }

    [Fact]
    public void Declined_its_money_goes_back_with_the_cancellation_or_by_hand()
    {
        var paid = Sample.Facts() with { Buyer = Doubtful.Buyer, ShipTo = Doubtful.ShipTo, Payment = new(PaymentState.PartiallyRefunded, PaymentMethod.Prepaid, "razorpay", 1550m, 50m) };
        OrderStory Declined(PaymentState state = PaymentState.PartiallyRefunded) => new OrderStory(Sample.Terms with { Risk = Risk with { Review = 30 } }).Reported(paid with { Payment = paid.Payment with { State = state } }).Hear(new OrderSignal.DeclineAsked("stolen card", "lea"));
        Declined().Planned<OrderEffect.CancelAtChannel>().Single().GiveBack.ShouldBe(new Money(1500m, "INR"));
        Declined(PaymentState.Authorized).Planned<OrderEffect.CancelAtChannel>().Single().GiveBack.ShouldBe(Money.Zero("INR"), "nothing was captured, and what was authorised is let go");

        var refused = Declined().Settle<OrderEffect.CancelAtChannel>(new Outcome.Refused("NO_REFUND_PERMISSION", "The app may not refund."));
        refused.Cases["cancel/refund"].ShouldSatisfyAllConditions(c => c.Kind.ShouldBe("order.refund_by_hand"), c => c.Title.ShouldBe("Declined: 1500.00 INR to be given back by hand"), c => c.Detail.ShouldContain("The app may not refund."));
        refused.Cases.Keys.ShouldBe(["cancel/refund"]);
        refused.Reported(paid with { UpdatedAt = refused.Now, CancelledAt = refused.Now, Payment = paid.Payment with { State = PaymentState.Refunded, Refunded = 1550m } }, "orders/cancelled").Cases.ShouldBeEmpty();

        var done = Declined().Settle<OrderEffect.CancelAtChannel>(new Outcome.Done());
        done.Cases.ShouldBeEmpty();
        done.Reported(paid with { UpdatedAt = done.Now, CancelledAt = done.Now }, "orders/cancelled").Hear(done.Timers["cancel/refund"].Signal!);
        done.Cases["cancel/refund"].Detail.ShouldContain("1500.00 INR", customMessage: "a gateway may refuse after the shop has taken it on");

        var back = Declined().Settle<OrderEffect.CancelAtChannel>(new Outcome.Done());
        back.Hear(new OrderSignal.RefundReported("r1", 1500m, "INR", back.Now, [], null), back.Timers["cancel/refund"].Signal!).Cases.ShouldBeEmpty();
    }

    [Fact]
    public void Over_the_last_line_and_when_nobody_decided_the_money_goes_back_as_well()
    {
        var paid = Sample.Facts() with { Buyer = Doubtful.Buyer };
        var over = new OrderStory(Sample.Terms with { Risk = Risk with { Decline = 30 } }).Reported(paid);
        over.Planned<OrderEffect.CancelAtChannel>().Single().GiveBack.ShouldBe(new Money(1550m, "INR"));
        var lapsed = new OrderStory(Sample.Terms with { Risk = Risk with { Review = 30, Lapses = TimeSpan.FromDays(1) } }).Reported(paid);
        lapsed.Hear(lapsed.Timers["hold/Risk"].Signal!).Planned<OrderEffect.CancelAtChannel>().Single().GiveBack.ShouldBe(new Money(1550m, "INR"));
        new OrderStory().Reported(paid).Hear(new OrderSignal.CancelAsked("changed her mind", "ann")).Planned<OrderEffect.CancelAtChannel>().Single().GiveBack.ShouldBeNull("whoever cancels for another reason says there what becomes of the money");
    }

    [Fact]
    public void Approved_the_shopper_of_a_cash_order_is_asked_next()
    {
        var story = new OrderStory(Scoring).Reported(Doubtful).Hear(new OrderSignal.HoldLiftAsked(HoldKind.Risk, "lea"));
        story.File.Order.Holds!.Single().Kind.ShouldBe(HoldKind.Confirmation);
        story.Planned<MessageEffect.Send>().Single().Template.ShouldBe("order_to_confirm");
        story.Answered(Confirmation.Confirmed, "whatsapp").Status.ShouldBe("allocated");
    }

    [Fact]
    public void An_approval_stands_until_the_score_rises()
    {
        var story = new OrderStory(Sample.Terms with { Risk = Risk with { Confirm = null } }).Reported(Doubtful).Hear(new OrderSignal.HoldLiftAsked(HoldKind.Risk, "lea"));
        story.Status.ShouldBe("allocated");
        story.Reported(Doubtful with { UpdatedAt = Sample.Monday.AddMinutes(5), ShipTo = Sample.Home with { Line1 = "14 MG Road" } }, "orders/updated").Status.ShouldBe("allocated");
        story.Hear(new OrderSignal.StorefrontRiskTold(StorefrontRisk.High)).Status.ShouldBe("held");
        story.Happened<OrderEvent.Held>().Count().ShouldBe(2);
    }

    [Fact]
    public void Nobody_decided_in_time()
    {
        var patient = Sample.Terms with { Risk = Risk with { Lapses = TimeSpan.FromDays(1) } };
        var story = new OrderStory(patient).Reported(Doubtful);
        story.Timers["hold/Risk"].DueAt.ShouldBe(story.Now.AddDays(1));
        story.Hear(story.Timers["hold/Risk"].Signal!).Status.ShouldBe("cancelled");
        story.File.Order.TimedOut.ShouldBeFalse("a later payment does not bring it back");

        var trusting = new OrderStory(Sample.Terms with { Risk = Risk with { Lapses = TimeSpan.FromDays(1), LapseApproves = true, Confirm = null } }).Reported(Doubtful);
        trusting.Hear(trusting.Timers["hold/Risk"].Signal!).Status.ShouldBe("allocated");
    }

    [Fact]
    public void Over_the_last_line_nobody_is_asked()
    {
        var story = new OrderStory(Sample.Terms with { Risk = Risk with { Decline = 75 } }) { History = new(2, 0, 0, 2) }.Reported(Doubtful);
        story.Status.ShouldBe("cancelled");
        story.Planned<OrderEffect.CancelAtChannel>().Single().Why.ShouldStartWith("declined as too risky (80)");
        story.Cases.ShouldBeEmpty();
    }

    [Fact]
    public void What_waits_for_its_payment_is_not_looked_at_before_it_is_paid()
    {
        var story = new OrderStory(Scoring).Reported(Sample.Facts() with { Payment = new(PaymentState.Pending, PaymentMethod.Prepaid, "razorpay") });
        story.Requests.OfType<OrderRequest.ReadHistory>().ShouldBeEmpty();
        story.Reported(Sample.Facts() with { UpdatedAt = Sample.Monday.AddMinutes(5) }, "orders/paid").Status.ShouldBe("allocated");
        story.File.Order.Risk.ShouldNotBeNull();
    }

    [Fact]
    public void The_storefronts_late_word_takes_an_order_back_from_the_warehouse()
    {
        var story = new OrderStory(Scoring).Reported().AllDone();
        story.Hear(new OrderSignal.StorefrontRiskTold(StorefrontRisk.High)).Planned<Fulfilment.FulfilmentEffect.WithdrawFromWarehouse>().Count().ShouldBe(1);
        story.File.Order.Has(HoldKind.Risk).ShouldBeTrue();
        story.Happened<OrderEvent.RiskAssessed>().Last().Assessment.Words.ShouldContain("the storefront itself calls the risk high");
    }

    [Fact]
    public void The_storefronts_word_may_come_before_the_order()
    {
        var story = new OrderStory(Scoring).Hear(new OrderSignal.StorefrontRiskTold(StorefrontRisk.High)).Reported();
        story.Status.ShouldBe("held");
        story.Requests.OfType<OrderRequest.ReadHistory>().Count().ShouldBe(1);
    }

    [Fact]
    public void What_an_order_shares_with_others_is_asked_of_brands_that_count_it_only()
    {
        var told = new OrderSignal.TraitsTold([new(TraitKind.Card, "c1"), new(TraitKind.Network, "n1")]);
        new OrderStory(Scoring).Hear(told).Reported().Requests.OfType<OrderRequest.ReadHistory>().Single().Traced.ShouldBeNull();

        var story = new OrderStory(Counting).Hear(told).Reported();
        var traced = story.Requests.OfType<OrderRequest.ReadHistory>().Single().Traced.ShouldNotBeNull();
        (traced.Mailbox, traced.Name, traced.Place, traced.PlacedAt).ShouldBe(("asha@example.com", "Asha Rao", "IN 560001 12 MG Road", Sample.Facts().PlacedAt));
        traced.Traits.Select(t => t.Hash).ShouldBe(["c1", "n1"]);
        story.Status.ShouldBe("allocated");
        story.Hear(told).Last.ShouldBe((0, 0, 0));
        story.Reported(Sample.Facts() with { UpdatedAt = Sample.Monday.AddMinutes(5), CancelledAt = Sample.Monday.AddMinutes(5) }, "orders/cancelled").File.Order.Traits.ShouldBeNull("nobody compares it any more");
        story.Hear(told).File.Order.Traits.ShouldBeNull();
    }

    [Fact]
    public void A_card_that_is_told_late_takes_the_order_back()
    {
        var story = new OrderStory(Counting).Reported().AllDone();
        story.History = new(0, 0, 0, 0, Shared: [new(TraitKind.Card, TimeSpan.FromHours(1), 2, 2, 2, 2)]);
        story.Hear(new OrderSignal.TraitsTold([new(TraitKind.Card, "c1")])).Planned<Fulfilment.FulfilmentEffect.WithdrawFromWarehouse>().Count().ShouldBe(1);
        story.File.Order.Holds!.Single().Reason.ShouldContain("3rd order with this card within an hour, 3 different names");
    }

    [Fact]
    public void A_shopper_who_tries_card_after_card_is_known_by_the_first_ones()
    {
        var story = new OrderStory(Counting).Reported();
        for (var i = 0; i < 20; i++) story.Hear(new OrderSignal.TraitsTold([new(TraitKind.Card, $"c{i}")]));
        story.File.Order.Traits!.Count.ShouldBe(10);
    }

    [Theory]
    [InlineData("Asha.Rao+shop@Gmail.com", "asharao@gmail.com")]
    [InlineData("asha.rao@googlemail.com", "asharao@gmail.com")]
    [InlineData("asha.rao+1@example.com", "asha.rao@example.com")]
    [InlineData("+x@example.com", "@example.com")]
    [InlineData("nonsense", "nonsense")]
    public void However_an_address_is_written_it_is_one_mailbox(string email, string mailbox) =>
        new OrderStory(Counting).Reported(Sample.Facts() with { Buyer = Sample.Facts().Buyer with { Email = email } }).Requests.OfType<OrderRequest.ReadHistory>().Single().Traced!.Mailbox.ShouldBe(mailbox);

    private static BrandTerms Counting => Sample.Terms with { Risk = Risk with { Assess = new RiskScorer(new() { Postcodes = ["560"], Shared = VelocityLine.Usual }).Score, Velocity = VelocityLine.Usual, Confirm = null } };

    [Fact]
    public void What_has_left_is_not_held_any_more()
    {
        var story = new OrderStory(Scoring).Reported().AllDone().Shipped("T1", "BLR", ("SKU-A", 2), ("SKU-B", 1)).AllDone();
        story.Hear(new OrderSignal.StorefrontRiskTold(StorefrontRisk.High)).File.Order.IsHeld.ShouldBeFalse();
        story.Status.ShouldBe("shipped");
    }

    [Fact]
    public void A_cash_order_over_the_line_is_asked_about_with_buttons_and_a_link()
    {
        var story = new OrderStory(Scoring).Reported(Cash);
        story.Status.ShouldBe("held");
        story.Cases.ShouldBeEmpty("as long as the shopper has time to answer there is nothing for a person to do");
        var (key, connection, effect) = story.Effects.Where(e => e.Effect is MessageEffect.Send).Select(e => (e.Key, e.Connection, (MessageEffect.Send)e.Effect)).Single();
        (key, connection).ShouldBe(($"order/5600000001/msg/to_confirm/{Print(story)}/whatsapp", "wa"));
        effect.Parameters.ShouldBe(["#1001", "Asha Rao", "₹1,550.00", "12 MG Road, Bengaluru, 560001, IN", "https://hub.example/confirm/5600000001"]);
        effect.Buttons.ShouldBe([$"confirmed.{Print(story)}", $"declined.{Print(story)}"]);
        effect.Text.ShouldEndWith("https://hub.example/confirm/5600000001");

        story.Settle<MessageEffect.Send>(new Outcome.Refused("131026", "no WhatsApp"));
        story.Effects[^1].Connection.ShouldBe("mail");
        ((MessageEffect.Send)story.Effects[^1].Effect).Text.ShouldContain("₹1,550.00, cash on delivery");
    }

    [Fact]
    public void Corrected_it_goes_to_the_new_address()
    {
        var better = Sample.Home with { Line1 = "9 Brigade Road", PostalCode = "560025" };
        var story = new OrderStory(Scoring).Reported(Cash).Answered(Confirmation.Corrected, "link", better);
        story.Status.ShouldBe("allocated");
        story.Planned<Fulfilment.FulfilmentEffect.SubmitToWarehouse>().Single().Order.ShipTo.Line1.ShouldBe("9 Brigade Road");
        story.File.Order.Question!.State.ShouldBe(Confirmation.Corrected);
        new OrderStory(Scoring).Reported(Cash).Answered(Confirmation.Corrected, "link", better with { City = "" }).Status.ShouldBe("held");
    }

    [Fact]
    public void Who_rather_pays_now_gets_it_when_the_money_is_there()
    {
        var story = new OrderStory(Scoring).Reported(Cash).Answered(Confirmation.Prepay, "link");
        story.Status.ShouldBe("held");
        story.Reported(Cash with { UpdatedAt = Sample.Monday.AddMinutes(5), Payment = new(PaymentState.Paid, PaymentMethod.CashOnDelivery, "Cash on Delivery", 1550m) }, "orders/paid").Status.ShouldBe("allocated");
        story.Planned<Fulfilment.FulfilmentEffect.SubmitToWarehouse>().Single().Order.CollectOnDelivery.ShouldBeNull();
        story.Timers.ShouldNotContainKey("hold/Confirmation");
    }

    [Fact]
    public void Who_does_not_want_it_is_sent_nothing()
    {
        var story = new OrderStory(Scoring).Reported(Cash).Answered(Confirmation.Declined, "whatsapp");
        story.Status.ShouldBe("cancelled");
        story.Planned<OrderEffect.CancelAtChannel>().Single().Why.ShouldBe("the shopper does not want it any more");
    }

    [Fact]
    public void No_answer_in_time_is_a_persons_case()
    {
        var story = new OrderStory(Scoring).Reported(Cash);
        story.Timers["hold/Confirmation"].DueAt.ShouldBe(story.Now.AddHours(24));
        story.Hear(story.Timers["hold/Confirmation"].Signal!).Status.ShouldBe("held");
        story.Cases["hold/Confirmation"].Kind.ShouldBe("order.not_confirmed");
        story.Answered(Confirmation.Confirmed, "link").Status.ShouldBe("allocated", "late is better than never");
        story.Cases.ShouldBeEmpty();
    }

    [Fact]
    public void Held_a_second_time_its_silence_is_a_persons_case_again()
    {
        var story = new OrderStory(Scoring).Reported(Cash);
        story.Hear(story.Timers["hold/Confirmation"].Signal!).Hear(new OrderSignal.StorefrontRiskTold(StorefrontRisk.High)).Hear(new OrderSignal.HoldLiftAsked(HoldKind.Risk, "lea"));
        story.File.Order.Holds!.Single().Kind.ShouldBe(HoldKind.Confirmation);
        story.Cases.ShouldBeEmpty();
        story.Hear(story.Timers["hold/Confirmation"].Signal!);
        story.Cases["hold/Confirmation"].Kind.ShouldBe("order.not_confirmed");
    }

    [Fact]
    public void Changed_while_its_shopper_is_asked_it_is_asked_about_anew()
    {
        var story = new OrderStory(Scoring).Reported(Cash);
        var (old, lapses) = (Print(story), story.Timers["hold/Confirmation"].DueAt);
        story.Reported(Dearer, "orders/edited");
        var asked = story.Planned<MessageEffect.Send>().ToList();
        asked.Count.ShouldBe(2);
        asked[1].Text.ShouldStartWith("Hello Asha Rao, your order has changed, so please confirm");
        asked[1].Parameters[2].ShouldBe("₹1,650.00");
        story.Timers["hold/Confirmation"].DueAt.ShouldBeGreaterThan(lapses, "there is time again to answer");

        story.Hear(new OrderSignal.ShopperAnswered(Confirmation.Confirmed, "whatsapp", old)).Status.ShouldBe("held", "nobody wanted it at this price");
        story.Hear(new OrderSignal.ShopperAnswered(Confirmation.Declined, "whatsapp", old)).Status.ShouldBe("held");
        story.Planned<MessageEffect.Send>().Count().ShouldBe(3, "told to look again, once");
        story.Answered(Confirmation.Confirmed, "whatsapp").Status.ShouldBe("allocated");
    }

    [Fact]
    public void A_corrected_street_is_another_question_too()
    {
        var story = new OrderStory(Scoring).Reported(Cash);
        var old = Print(story);
        story.Hear(new OrderSignal.AddressCorrected(Sample.Home with { Line2 = "2nd floor" }, "ann"), new OrderSignal.ShopperAnswered(Confirmation.Confirmed, "link", old)).Status.ShouldBe("held");
        story.Answered(Confirmation.Confirmed, "link").Planned<Fulfilment.FulfilmentEffect.SubmitToWarehouse>().Single().Order.ShipTo.Line2.ShouldBe("2nd floor");
    }

    [Fact]
    public void Changed_after_its_question_had_lapsed_it_waits_for_the_shopper_again()
    {
        var story = new OrderStory(Scoring).Reported(Cash);
        story.Hear(story.Timers["hold/Confirmation"].Signal!).Cases.ShouldContainKey("hold/Confirmation");
        story.Reported(Dearer, "orders/edited").Cases.ShouldBeEmpty();
        story.File.Order.Question!.State.ShouldBe(Confirmation.Asked);
        story.Hear(story.Timers["hold/Confirmation"].Signal!).Cases.ShouldContainKey("hold/Confirmation");
    }

    [Fact]
    public void What_the_shopper_is_not_asked_any_more_is_said_by_no_other_channel()
    {
        var story = new OrderStory(Scoring).Reported(Cash);
        var first = story.Effects.Single(e => e.Effect is MessageEffect.Send);
        story.Reported(Dearer, "orders/edited");
        story.Hear(new EffectSettled(first.Key, "message.send.v1", new Outcome.Refused("131026", "no WhatsApp"))).Planned<MessageEffect.Send>().Count().ShouldBe(2);
        story.Settle<MessageEffect.Send>(new Outcome.Refused("131026", "no WhatsApp"));
        story.Effects[^1].Connection.ShouldBe("mail");
    }

    [Fact]
    public void An_order_that_became_doubtful_is_a_persons_before_its_shopper_is_asked_about_it()
    {
        var story = new OrderStory(Scoring).Reported(Cash);
        story.Reported(Dearer with { Buyer = Doubtful.Buyer }, "orders/edited");
        story.File.Order.Holds!.Single().Kind.ShouldBe(HoldKind.Risk);
        story.Planned<MessageEffect.Send>().Count().ShouldBe(1, "who may be a thief is not written to");
    }

    [Fact]
    public void In_shadow_nobody_is_asked_and_nothing_waits_for_an_answer() =>
        new OrderStory(Scoring) { Shadow = true }.Reported(Cash).Status.ShouldBe("allocated");

    [Fact]
    public void Left_out_it_is_sent_unasked_and_counted()
    {
        var story = new OrderStory(Sample.Terms with { Risk = Risk with { Confirm = new() { From = 30, HoldOut = 1m } } }).Reported(Cash);
        story.Status.ShouldBe("allocated");
        story.Happened<OrderEvent.RiskAssessed>().Single().HeldOut.ShouldBeTrue();
        story.AllDone().Shipped("T1", "BLR", ("SKU-A", 2), ("SKU-B", 1)).AllDone().Scanned("T1", ScanStatus.ReturnedToOrigin);
        story.Happened<OrderEvent.QuestionCounted>().Single().ShouldBe(new OrderEvent.QuestionCounted(1, Confirmation.HeldOut, true));
    }

    [Fact]
    public void What_became_of_a_confirmed_order_is_counted_once()
    {
        var story = new OrderStory(Scoring).Reported(Cash).Answered(Confirmation.Confirmed, "whatsapp").AllDone();
        story.Shipped("T1", "BLR", ("SKU-A", 2)).Shipped("T2", "BLR", ("SKU-B", 1)).AllDone().Scanned("T1", ScanStatus.Delivered).Scanned("T2", ScanStatus.Delivered).AllDone();
        story.Happened<OrderEvent.QuestionCounted>().Single().ShouldBe(new OrderEvent.QuestionCounted(1, Confirmation.Confirmed, false));
        story.Status.ShouldBe("closed");
    }

    private static OrderFacts Dearer => Cash with { UpdatedAt = Sample.Monday.AddMinutes(5), Total = Cash.Total + 100m, Shipping = Cash.Shipping + 100m };

    private static string Print(OrderStory story) => AskedAbout.Of(story.File.Order).Print;

    [Theory]
    [InlineData("IN", "560001", true)]
    [InlineData("IN", "56001", false)]
    [InlineData("IN", "060001", false)]
    [InlineData("NL", "1012 ab", true)]
    [InlineData("DE", "1011", false)]
    [InlineData("US", "94105-1234", true)]
    [InlineData("IE", null, true)]
    [InlineData("IE", "D02 AF30", true)]
    [InlineData("GB", "sw1a 1aa", true)]
    [InlineData("GB", "M1 1AE", true)]
    [InlineData("GB", "SW1A", false)]
    [InlineData("CA", "K1A-0B1", true)]
    [InlineData("CA", "K1A 0BB", false)]
    [InlineData("JP", "100-0001", true)]
    [InlineData("BR", "01310-100", true)]
    [InlineData("BR", "0131010", false)]
    [InlineData("AU", "0800", true)]
    [InlineData("LV", "LV-5101", true)]
    [InlineData("DE", "D-10115", true)]
    [InlineData("DE", null, false)]
    [InlineData("AR", "C1425ABC", true)]
    [InlineData("AE", null, true)]
    public void Postal_codes_look_like_those_of_their_country(string country, string? code, bool fits) => PostalShapes.Fits(country, code).ShouldBe(fits);
}
