using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Orders;

/// <summary>What shoppers say when they are asked whether a cash order is wanted at its address, and what became of those orders.</summary>
internal static class ShopperAnswers
{
    public static Decision Hear(Order order, OrderSignal.ShopperAnswered a, Situation s)
    {
        if (!order.Has(HoldKind.Confirmation) || order.Question is not { } question) return Decision.Ignore("Nobody waits for the shopper's answer any more.");
        if (AskedAbout.Of(order).Print is var now && a.Of != now) return OutOfDate(question, a, now);
        if (question.State == a.Answer) return Decision.Ignore("The shopper has said so already.");
        var replied = Decision.Of(new OrderEvent.ShopperReplied(a.Answer, a.Via));
        return a.Answer switch
        {
            Confirmation.Confirmed => Lifted(order, replied.Because($"The shopper wants it ({a.Via})."), s),
            Confirmation.Corrected when a.ShipTo is not { IsDeliverable: true } => Decision.Ignore("The address that the shopper gave is not one that a carrier could go to."),
            Confirmation.Corrected => Lifted(order, (replied with { Events = [.. replied.Events, new OrderEvent.AddressSet(a.ShipTo!, OrderSignal.TheShopper)] }).Because($"The shopper corrected the address ({a.Via})."), s),
            Confirmation.Prepay => replied.Because("The shopper means to pay now; the order goes on when the money is there."),
            Confirmation.Declined => replied.And(OrderDecider.Cancel(order, "the shopper does not want it any more", OrderSignal.TheShopper)),
            _ => Decision.Ignore($"'{a.Answer}' is no answer of a shopper."),
        };
    }

    /// <summary>They answered something else than what the order is now: nothing follows from it, except that they are told to look again.</summary>
    private static Decision OutOfDate(Question question, OrderSignal.ShopperAnswered a, string now) => question is { Again: false } && question.Of == now
        ? Decision.Of(new OrderEvent.AskedAgain(a.Answer, a.Via)).Because("The order has changed since the shopper was asked that; they are asked to look again.")
        : Decision.Ignore("The order has changed since the shopper was asked that, and they are asked anew.");

    /// <summary>Nothing of it is decided here: it is a person's to answer, and the case keeps it until then.</summary>
    public static Decision Asks(Order order, OrderSignal.ShopperAsked a) => a switch
    {
        { Answer: not null } => Decision.Ignore("The shopper asked where the order is on its page, and read the answer there."),
        { Day: { } day } => Decision.Nothing.Tell(new CaseChange.Opened($"day/{a.Id}", "order.day_wished", "The shopper wants it on another day", $"The shopper wants it on {day:yyyy-MM-dd}.{(a.Text.Length > 0 ? $" “{a.Text}”" : "")} Ask whoever has it, the warehouse or the carrier, to deliver it then, and answer the shopper what comes of it."))
            .Because($"The shopper wants it on {day:yyyy-MM-dd}."),
        { Items.Count: > 0 } when order.ReturnsAsked?.Contains(a.Id) == true => Decision.Ignore("The shopper has asked that already."),
        { Items: { Count: > 0 } items } => Decision.Of(new OrderEvent.ReturnAsked(a.Id, items)).Tell(new CaseChange.Opened($"return/{a.Id}", "order.return_asked", "The shopper wants to send something back", $"{string.Join(", ", items)}. “{a.Text}” Answer the shopper how to send it back, or why it cannot be."))
            .Because("The shopper asks to send something back."),
        _ => Decision.Nothing.Tell(new CaseChange.Opened($"wrote/{a.Id}", "order.shopper_wrote", "The shopper wrote on the order's page", $"“{a.Text}” Answer the shopper here, which closes this case, or by phone, and close it then."))
            .Because("The shopper wrote on the order's page."),
    };

    /// <summary>No answer came in time: from here on it is a person's.</summary>
    public static Decision Lapse(Order order)
    {
        if (order.Question?.State == Confirmation.Unanswered) return Decision.Ignore("It is a person's already.");
        var hold = order.Holds!.First(h => h.Kind == HoldKind.Confirmation);
        return Decision.Of(new OrderEvent.QuestionLapsed())
            .Tell(new CaseChange.Opened(OrderHolds.Key(hold), HoldRules.CaseKind(hold.Kind), "The shopper did not confirm a cash order", HoldRules.WhatToDo(hold.Kind)))
            .Because("No answer came in time; a person decides.");
    }

    /// <summary>The order as it is once it is held: what it is asked is remembered from then on.</summary>
    /// <remarks>
    /// Held anew it waits anew: what lapsed before had its case closed with the hold, and the next lapse has to open one. What was answered about another
    /// amount or address says nothing of this one.
    /// </remarks>
    public static Order Asked(Order order, Hold hold) => (hold.Kind, order.Question) switch
    {
        (HoldKind.Confirmation, null) => order with { Question = new(order.Risk!.Score, Confirmation.Asked, Of: hold.Of) },
        (HoldKind.Confirmation, { } question) when question.Of != hold.Of => order with { Question = question with { State = Confirmation.Asked, Of = hold.Of, Again = false } },
        (HoldKind.Confirmation, { State: Confirmation.Unanswered } question) => order with { Question = question with { State = Confirmation.Asked } },
        _ => order,
    };

    public static Decision Count(Order order, OrderSignal.ParcelEnded e) => order.Question is { Counted: false } question
        ? Decision.Of(new OrderEvent.QuestionCounted(Assessment.BandOf(question.Score), question.State, e.Returned))
        : Decision.Nothing;

    private static Decision Lifted(Order order, Decision replied, Situation s) => OrderHolds.LiftNow(order, HoldKind.Confirmation, OrderSignal.TheShopper, s, replied);
}
