using Quartermaster.Core.Campaigns;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Orders;
using Quartermaster.Core.Shipping;

namespace Quartermaster.Core.Flows;

/// <summary>What a shopper buys, gets, gives back and thinks of it begins and ends the brand's campaigns. A brand without any sends on nothing but reviews, which are kept with the customer.</summary>
internal static class WhenOrderMovesTellItsCampaigns
{
    public static void React(OrderFile file, Event e, Situation s, Reactions next)
    {
        if ((s.Terms.Campaigns is null && e is not OrderEvent.Reviewed) || file.Order.Facts is not { Test: false } facts || SignalOf(file, e, facts, s) is not { } signal) return;
        if (RunStream.Of(s.Stream.Brand, facts.Buyer.Email, facts.Buyer.Phone ?? file.Order.ShipTo?.Phone) is { } customer) next.Forward(customer, signal);
    }

    private static RunSignal? SignalOf(OrderFile file, Event e, OrderFacts facts, Situation s) => e switch
    {
        OrderEvent.Placed when facts.CancelledAt is null => new RunSignal.Purchased(Who(file, facts, s), News(file, facts, s)),
        OrderEvent.Cancelled => new RunSignal.Undone(s.Stream.Id, Undoing.Cancelled, s.At),
        // Nobody is asked how they like what they are sending back.
        OrderEvent.ReturnAsked => new RunSignal.Undone(s.Stream.Id, Undoing.GoneBack, s.At),
        OrderEvent.Refunded => new RunSignal.Undone(s.Stream.Id, Undoing.GoneBack, s.At, new(PriceOfOrder.Kept(file.Order), facts.Currency)),
        OrderEvent.Reviewed r => new RunSignal.Reviewed(s.Stream.Id, r.Review.At, r.Review.Source, r.Review with { OrderRef = s.Stream.Id }),
        ShippingEvent.Delivered { AllParcels: true } d => new RunSignal.Delivered(Who(file, facts, s), News(file, facts, s), d.At),
        ShippingEvent.Moved { Status: ScanStatus.ReturnedToOrigin } m => new RunSignal.Undone(s.Stream.Id, Undoing.GoneBack, m.At),
        _ => null,
    };

    internal static Recipient Who(OrderFile file, OrderFacts facts, Situation s) => new(
        facts.Buyer.Name ?? file.Order.ShipTo?.Name, Written(facts.Buyer.Email), Written(facts.Buyer.Phone ?? file.Order.ShipTo?.Phone), facts.Buyer.Locale ?? s.Terms.Language,
        file.Order.ShipTo?.Country is { Length: 2 } country ? country : null);

    internal static OrderNews News(OrderFile file, OrderFacts facts, Situation s)
    {
        var order = PriceOfOrder.Shopper(file, s.Stream.Id, s.Terms.Language).Order;
        return new(s.Stream.Id, facts.Number, new(facts.Total, facts.Currency), facts.PlacedAt, order.Items, [.. facts.Lines.Select(l => l.Sku).Where(sku => sku.Length > 0).Distinct()], s.Shadow);
    }

    private static string? Written(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
