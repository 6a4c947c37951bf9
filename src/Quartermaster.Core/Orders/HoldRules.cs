using System.Globalization;
using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Orders;

/// <summary>Which facts stop an order, and what a person should do about it. A hold is put on and lifted by the same rule.</summary>
public static class HoldRules
{
    /// <summary>The holds that the present facts ask for, a person's waivers taken off.</summary>
    public static List<Hold> Of(Order order, Situation s)
    {
        var holds = new List<Hold>();
        var facts = order.Facts!;
        if (!order.WasReleased && !IsSettled(facts.Payment)) Add(HoldKind.AwaitingPayment, Unpaid(facts), s.At + s.Terms.PaymentPatience);
        // Put on by a flow, which knows whether anything is left to send; here it only stays as long as its reason does.
        if (order.Has(HoldKind.PaymentMissing) && IsMissing(order)) Add(HoldKind.PaymentMissing, Unpaid(facts));
        if (facts.Test) Add(HoldKind.TestOrder, "It is a test order of the shop's owner.");
        if (!AddsUp(facts, s.Terms.RoundingLimit, out var computed))
            Add(HoldKind.TotalDoesNotAddUp, string.Create(CultureInfo.InvariantCulture, $"The lines come to {computed:0.00##} {facts.Currency}, the channel charged {facts.Total:0.00##}."));

        var ships = false;
        foreach (var line in facts.Lines)
        {
            if (line.Quantity < 0 || line.Quantity > s.Terms.OddQuantity)
                Add(HoldKind.OddQuantity, string.Create(CultureInfo.InvariantCulture, $"{line.Quantity} × '{line.Title}' is more than the {s.Terms.OddQuantity} that pass without a look."));
            if (!line.RequiresShipping || line.Quantity <= 0) continue;
            ships = true;
            if (order.MeantOf(line.LineId) is { IsUnknown: true }) Add(HoldKind.UnknownCode, $"'{line.Title}' is sold as {line.Sku}, and nobody has said which SKU that is.");
            else if (string.IsNullOrWhiteSpace(order.SkuOf(line))) Add(HoldKind.UnmappedSku, $"'{line.Title}' has no SKU.");
        }
        if (ships && order.ShipTo is not { IsDeliverable: true }) Add(HoldKind.NoAddress, "Street, place or country of the delivery address is missing.");
        if (order.Ruled is not null) holds.AddRange(RuleHolds.Of(order, s));
        if (order.Risk is not null && RiskHolds.Of(order, s) is { } risky) holds.Add(risky);
        return holds;

        void Add(HoldKind kind, string reason, DateTimeOffset? lapses = null)
        {
            if (order.Waived?.Contains(kind) == true) return;
            foreach (var hold in holds)
                if (hold.Kind == kind) return;
            holds.Add(new(kind, reason, MayLift(kind), lapses));
        }
    }

    /// <summary>The least role that may lift a hold.</summary>
    public static string MayLift(HoldKind kind) => kind is HoldKind.TestOrder or HoldKind.TotalDoesNotAddUp ? "lead" : "agent";

    /// <summary>Holds that come and go with the facts; the others are a person's or another stream's.</summary>
    public static bool FollowsFacts(HoldKind kind) =>
        kind is HoldKind.AwaitingPayment or HoldKind.NoAddress or HoldKind.UnmappedSku or HoldKind.UnknownCode or HoldKind.TotalDoesNotAddUp or HoldKind.OddQuantity or HoldKind.TestOrder or HoldKind.PaymentMissing
            or HoldKind.Risk or HoldKind.Confirmation or HoldKind.SecondOpinion || RuleHolds.IsOne(kind);

    /// <summary>Money is there, promised by the card, or due on delivery or by invoice.</summary>
    public static bool IsSettled(Payment payment) =>
        payment.Method is PaymentMethod.CashOnDelivery or PaymentMethod.Invoice
        || payment.State is PaymentState.Paid or PaymentState.Authorized or PaymentState.PartiallyRefunded;

    /// <summary>It was released, and the money for it was given back, voided, or no longer covers it. Who lifted the wait for payment meant it to go unpaid.</summary>
    public static bool IsMissing(Order order) =>
        order is { WasReleased: true, Facts.Payment: { Method: PaymentMethod.Prepaid } payment } && order.Waived?.Contains(HoldKind.PaymentMissing) != true
        && (payment.State is PaymentState.Refunded || (payment.State is PaymentState.Voided or PaymentState.PartiallyPaid && order.Waived?.Contains(HoldKind.AwaitingPayment) != true));

    public static Hold PaymentMissing(OrderFacts facts) => new(HoldKind.PaymentMissing, Unpaid(facts), "agent");

    /// <summary>Lines less discounts, with shipping, and with tax where prices do not contain it, come to the total.</summary>
    private static bool AddsUp(OrderFacts facts, decimal limit, out decimal computed)
    {
        computed = facts.Shipping + (facts.TaxesIncluded ? 0m : facts.Tax);
        foreach (var line in facts.Lines) computed += line.UnitPrice * line.Quantity - line.Discount;
        return facts.Total >= 0 && decimal.Abs(computed - facts.Total) <= limit;
    }

    /// <summary>What a person should do about a hold.</summary>
    public static string WhatToDo(HoldKind kind) => kind switch
    {
        HoldKind.AwaitingPayment => "It goes on by itself when the payment arrives and is cancelled when it does not. Lift the hold to ship unpaid.",
        HoldKind.PaymentMissing => "It goes on by itself when the money is there again. Ask the shopper, cancel the order, or lift the hold to send it unpaid.",
        HoldKind.NoAddress => "Type the address, or have it corrected at the channel.",
        HoldKind.UnmappedSku => "Say which SKU the line means, or lift the hold to go on without the line.",
        HoldKind.UnknownCode => "Say once what the code means, under Stock › Codes: all orders with it go on by themselves. Lift the hold to go on without the line.",
        HoldKind.TotalDoesNotAddUp => "Compare the amounts with the channel; lift the hold when the channel's total is right.",
        HoldKind.OddQuantity => "Ask the shopper whether the quantity is meant; lift the hold or cancel.",
        HoldKind.TestOrder => "Cancel it, or lift the hold to let it run through to the warehouse.",
        HoldKind.ByRule => "Do what the rule asks for, then lift the hold. Lifted, it stays off as long as the values that the rule asked about stay as they are.",
        HoldKind.Approval => "Look at the order, then approve it by lifting the hold, or cancel it.",
        HoldKind.Risk => "Look at the reasons and at the order. Approve it and it goes on, or decline it and it is cancelled here and at its channel.",
        HoldKind.SecondOpinion => "The reviewer was asked and has not answered yet. Lift the hold to go on without its word; the brand's own lines then count.",
        HoldKind.Confirmation => "The shopper was asked and has not answered. Call; correct the address if need be, then lift the hold, or cancel.",
        HoldKind.PlacedBeforeUs => "Lift the hold when the hub should send it. It closes by itself when the channel says that it was fulfilled or cancelled.",
        _ => "Lift the hold when its reason is gone.",
    };

    /// <summary>Groups the cases of one kind of hold; the runbook page has the same name.</summary>
    public static string CaseKind(HoldKind kind) => kind switch
    {
        HoldKind.AwaitingPayment => "order.awaiting_payment",
        HoldKind.PaymentMissing => "order.payment_missing",
        HoldKind.NoAddress => "order.no_address",
        HoldKind.UnmappedSku => "order.unmapped_sku",
        HoldKind.UnknownCode => "code.unknown",
        HoldKind.TotalDoesNotAddUp => "order.total_does_not_add_up",
        HoldKind.OddQuantity => "order.odd_quantity",
        HoldKind.TestOrder => "order.test_order",
        HoldKind.PlacedBeforeUs => "order.placed_before_us",
        HoldKind.ByRule => "order.held_by_rule",
        HoldKind.Approval => "order.needs_approval",
        HoldKind.Risk or HoldKind.SecondOpinion => "order.risky",
        HoldKind.Confirmation => "order.not_confirmed",
        _ => "order.held_by_person",
    };

    private static string Unpaid(OrderFacts facts) => facts.Payment.State switch
    {
        PaymentState.PartiallyPaid => string.Create(CultureInfo.InvariantCulture, $"{facts.Payment.Paid:0.00##} of {facts.Total:0.00##} {facts.Currency} is paid."),
        PaymentState.Refunded => "The payment was given back.",
        PaymentState.Voided => "The payment was voided.",
        _ => "The payment has not arrived.",
    };
}
