using Quartermaster.Core.Connecting;
using Quartermaster.Core.Flows;
using Quartermaster.Core.Fulfilment;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Orders;
using Quartermaster.Core.Risk;

namespace Quartermaster.Core.Tests.Flows;

/// <summary>An outside reviewer is asked before the release.</summary>
public sealed class OpinionTests
{
    private static readonly RiskTerms Risk = new()
    {
        Assess = new RiskScorer(new() { Postcodes = ["560"], Postcode = 40 }).Score, Review = 60, Lapses = TimeSpan.FromDays(1), Owner = "lead",
        Opinion = new() { Connection = "fraud", Title = "Fraud Inc", From = 30, Patience = TimeSpan.FromHours(2) },
    };

    private static readonly BrandTerms Asking = Sample.Terms with { Risk = Risk };

    [Fact]
    public void An_order_over_the_line_is_asked_about_and_waits_without_a_case()
    {
        var story = new OrderStory(Asking).Reported();
        story.Status.ShouldBe("held");
        story.Cases.ShouldBeEmpty("there is nothing for a person to do");
        var hold = story.File.Order.Holds!.Single();
        (hold.Kind, hold.MayLift, hold.Reason).ShouldBe((HoldKind.SecondOpinion, "lead", "Fraud Inc is asked: risk 40 of 100 (the postal code 560001 is on the brand's list (560))."));
        var (connection, ask) = story.Effects.Where(e => e.Effect is OrderEffect.AskOpinion).Select(e => (e.Connection, (OrderEffect.AskOpinion)e.Effect)).Single();
        (connection, ask.OrderId, ask.Facts.Total).ShouldBe(("fraud", "5600000001", Sample.Facts().Total));
    }

    [Fact]
    public void Approved_it_goes_on_whatever_the_score() =>
        Told(new OrderStory(Asking with { Risk = Risk with { Review = 40, Decline = 41 } }).Reported(), Verdict.Approved).Hear(new OrderSignal.StorefrontRiskTold(StorefrontRisk.Medium)).Status.ShouldBe("allocated", "it stands in for the order");

    [Fact]
    public void Declined_it_is_a_persons_with_owner_and_lapse()
    {
        var story = Told(new OrderStory(Asking).Reported(), Verdict.Declined, "stolen card");
        var hold = story.File.Order.Holds!.Single();
        (hold.Kind, hold.MayLift).ShouldBe((HoldKind.Risk, "lead"));
        hold.Reason.ShouldStartWith("Fraud Inc declines it (stolen card). Risk 40 of 100");
        story.Cases["hold/Risk"].Kind.ShouldBe("order.risky");
        story.Hear(story.Timers["hold/Risk"].Signal!).Status.ShouldBe("cancelled");
        story.Planned<OrderEffect.TellReviewerOfEnd>().Count().ShouldBe(1);

        Told(new OrderStory(Asking).Reported(), Verdict.Declined).Hear(new OrderSignal.HoldLiftAsked(HoldKind.Risk, "lea")).Status.ShouldBe("allocated", "a person stands above it");
    }

    [Fact]
    public void It_may_change_its_mind_as_long_as_something_is_left()
    {
        var story = Told(new OrderStory(Asking).Reported(), Verdict.Approved).AllDone();
        Told(story, Verdict.Declined).Planned<FulfilmentEffect.WithdrawFromWarehouse>().Count().ShouldBe(1);
        story.File.Order.Has(HoldKind.Risk).ShouldBeTrue();

        var approved = Told(new OrderStory(Asking).Reported(), Verdict.LeftToUs).Hear(new OrderSignal.HoldLiftAsked(HoldKind.Risk, "lea"));
        approved.Status.ShouldBe("allocated");
        Told(approved, Verdict.Declined).Status.ShouldBe("held", "who approved it did not know that");
    }

    [Fact]
    public void What_has_left_is_not_held_but_somebody_hears_of_it()
    {
        var story = Told(new OrderStory(Asking).Reported(), Verdict.Approved).AllDone().Shipped("T1", "BLR", ("SKU-A", 2), ("SKU-B", 1)).AllDone();
        Told(story, Verdict.Declined).File.Order.IsHeld.ShouldBeFalse();
        story.Cases["opinion/too_late"].Kind.ShouldBe("order.declined_too_late");
        story.Reported(Sample.Facts() with { UpdatedAt = Sample.Monday.AddMinutes(30), Note = "ring twice" }, "orders/updated").File.Order.IsHeld.ShouldBeFalse();
    }

    [Fact]
    public void A_word_that_nobody_knows_is_a_persons()
    {
        var story = Told(new OrderStory(Asking).Reported(), Verdict.LeftToUs, raw: "PONDER");
        story.File.Order.Holds!.Single().Reason.ShouldStartWith("Fraud Inc says 'PONDER', which leaves it to a person.");
        Told(new OrderStory(Asking).Reported(), Verdict.Waiting, raw: "HOLD").File.Order.Holds!.Single().Kind.ShouldBe(HoldKind.SecondOpinion, "somebody is looking");
    }

    [Fact]
    public void Silence_is_looked_up_and_then_a_persons()
    {
        var story = new OrderStory(Asking).Reported();
        story.Timers["hold/SecondOpinion"].DueAt.ShouldBe(story.Now.AddHours(2));
        story.Now = story.Now.AddHours(2);
        story.Hear(story.Timers["hold/SecondOpinion"].Signal!).Planned<OrderEffect.LookUpOpinion>().Count().ShouldBe(1);
        story.File.Order.Has(HoldKind.SecondOpinion).ShouldBeTrue();
        story.Hear(story.Timers["opinion/overdue"].Signal!).File.Order.Holds!.Single().Reason.ShouldStartWith("Fraud Inc gave no opinion (it did not answer in time).");
        story.Cases["hold/Risk"].Kind.ShouldBe("order.risky");
        Told(story, Verdict.Approved).Status.ShouldBe("allocated", "late is better than never");

        var trusting = new OrderStory(Asking with { Risk = Risk with { Opinion = Risk.Opinion! with { SilentGoesOn = true } } }).Reported();
        trusting.Hear(trusting.Timers["hold/SecondOpinion"].Signal!).Hear(trusting.Timers["opinion/overdue"].Signal!).Status.ShouldBe("allocated", "the brand's own line is higher");
    }

    [Fact]
    public void Refused_to_look_it_is_a_persons_at_once()
    {
        var story = new OrderStory(Asking).Reported().Settle<OrderEffect.AskOpinion>(new Outcome.Refused("400", "no currency"));
        story.File.Order.Holds!.Single().Reason.ShouldContain("no currency");
        story.Cases["hold/Risk"].Kind.ShouldBe("order.risky");
    }

    [Fact]
    public void Another_amount_or_address_is_another_question_and_an_older_answer_is_none_to_it()
    {
        var story = Told(new OrderStory(Asking).Reported(), Verdict.Approved);
        var before = story.Now;
        story.Hear(new OrderSignal.AddressCorrected(Sample.Home with { Line1 = "9 Brigade Road" }, "ann"));
        story.File.Order.Has(HoldKind.SecondOpinion).ShouldBeTrue();
        story.Planned<OrderEffect.AskOpinion>().Select(a => a.ShipTo!.Line1).ShouldBe(["12 MG Road", "9 Brigade Road"]);
        story.Hear(new OrderSignal.OpinionTold(Verdict.Approved, "ACCEPT", null, null, null, null, before)).File.Order.Has(HoldKind.SecondOpinion).ShouldBeTrue("it was decided before it was asked");
        story.Hear(new OrderSignal.OpinionTold(Verdict.Approved, "ACCEPT", null, null, null, null, story.Now, "0ther")).File.Order.Has(HoldKind.SecondOpinion).ShouldBeTrue();
        Told(story, Verdict.Approved).Status.ShouldBe("allocated");
    }

    [Fact]
    public void The_same_word_again_is_none_to_a_newer_question_however_far_ahead_the_reviewers_clock_is()
    {
        var story = new OrderStory(Asking).Reported();
        var word = new OrderSignal.OpinionTold(Verdict.Approved, "ACCEPT", null, 500m, "R1", null, story.Now.AddMinutes(5));
        story.Hear(word).Hear(new OrderSignal.AddressCorrected(Sample.Home with { Line1 = "9 Brigade Road" }, "ann"));
        story.Hear(word).File.Order.Has(HoldKind.SecondOpinion).ShouldBeTrue();
        story.Hear(word with { At = story.Now.AddMinutes(6) }).Status.ShouldBe("allocated");
    }

    [Fact]
    public void Who_thinks_again_is_waited_for_and_not_asked_once_more()
    {
        var story = Told(Told(new OrderStory(Asking).Reported(), Verdict.Approved), Verdict.Waiting, raw: "HOLD");
        story.File.Order.Has(HoldKind.SecondOpinion).ShouldBeTrue();
        story.Planned<OrderEffect.AskOpinion>().Count().ShouldBe(1);
        story.Hear(story.Timers["hold/SecondOpinion"].Signal!).Planned<OrderEffect.LookUpOpinion>().Count().ShouldBe(1);
        Told(Told(story, Verdict.Approved), Verdict.Waiting).Hear(story.Timers["hold/SecondOpinion"].Signal!).Planned<OrderEffect.LookUpOpinion>().Count().ShouldBe(2, "each wait has its end");
    }

    [Fact]
    public void A_payment_that_arrives_asks_nothing_anew()
    {
        var story = new OrderStory(Asking).Reported(Sample.Facts() with { Payment = new(PaymentState.Authorized, PaymentMethod.Prepaid, "card") });
        story.Reported(Sample.Facts() with { UpdatedAt = Sample.Monday.AddMinutes(5) }, "orders/paid").Planned<OrderEffect.AskOpinion>().Count().ShouldBe(1);
    }

    [Fact]
    public void Its_refunds_are_told_and_those_of_orders_that_nobody_asked_about_are_not()
    {
        var refund = new OrderSignal.RefundReported("R1", 500m, "INR", Sample.Monday.AddMinutes(5), [new("1", 1, false, null, 500m, 0m)], null);
        Told(new OrderStory(Asking).Reported(), Verdict.Approved).Hear(refund).Hear(refund).Planned<OrderEffect.TellReviewerOfRefund>().Single().ShouldBe(new OrderEffect.TellReviewerOfRefund("5600000001", "R1", 500m, "INR"));
        new OrderStory().Reported().Hear(refund, new OrderSignal.CancelAsked("no", "ann")).Effects.Select(e => e.Effect).ShouldNotContain(e => e is OrderEffect.TellReviewerOfRefund || e is OrderEffect.TellReviewerOfEnd);
    }

    [Theory]
    [InlineData(false, null, 2000, "allocated")]
    [InlineData(false, null, 1550, "held")]
    [InlineData(true, 0, null, "allocated")]
    public void The_line_may_be_a_total_and_cash_is_none_of_its_business(bool cash, int? from, int? total, string status)
    {
        var facts = cash ? Sample.Facts() with { Payment = new(PaymentState.Pending, PaymentMethod.CashOnDelivery, "COD") } : Sample.Facts();
        new OrderStory(Asking with { Risk = Risk with { Opinion = Risk.Opinion! with { From = from, Total = total } } }).Reported(facts).Status.ShouldBe(status);
    }

    [Fact]
    public void A_person_may_go_on_without_it_and_in_shadow_nobody_is_asked()
    {
        new OrderStory(Asking).Reported().Hear(new OrderSignal.HoldLiftAsked(HoldKind.SecondOpinion, "lea")).Status.ShouldBe("allocated");
        var shadow = new OrderStory(Asking) { Shadow = true }.Reported();
        shadow.Status.ShouldBe("allocated");
        shadow.Planned<OrderEffect.AskOpinion>().ShouldBeEmpty();
    }

    [Fact]
    public void What_was_released_before_anybody_was_asked_is_not_called_back()
    {
        var story = new OrderStory(Sample.Terms with { Risk = Risk with { Opinion = null } }).Reported();
        story.Status.ShouldBe("allocated");
        var turn = new OrderStream().Decide(story.File, new OrderSignal.AddressCorrected(Sample.Home with { Line2 = "2nd floor" }, "ann"), Sample.At(story.Now, Asking));
        turn.Events.OfType<OrderEvent.AddressSet>().Count().ShouldBe(1);
        turn.Events.OfType<OrderEvent.Held>().ShouldBeEmpty();
    }

    private static OrderStory Told(OrderStory story, Verdict verdict, string? why = null, string? raw = null) =>
        story.Hear(new OrderSignal.OpinionTold(verdict, raw ?? verdict.ToString(), why, 500m, "R1", verdict == Verdict.Approved ? 1550m : null, story.Now.AddSeconds(10)));
}
