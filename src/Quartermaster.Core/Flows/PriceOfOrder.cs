using Quartermaster.Core.Books;
using Quartermaster.Core.Fulfilment;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Messages;
using Quartermaster.Core.Orders;

namespace Quartermaster.Core.Flows;

/// <summary>An order's money and buyer in the words of the books and of the correspondence.</summary>
internal static class PriceOfOrder
{
    /// <summary>What the order costs now. Refunded units that the channel has not yet taken off are taken off here.</summary>
    /// <remarks>Every amount has the decimals of the currency: books refuse, or round by themselves, what has more.</remarks>
    public static PricedOrder Of(OrderFile file, string orderRef)
    {
        var order = file.Order;
        var facts = order.Facts!;
        decimal total = facts.Total, tax = facts.Tax;
        var lines = new List<PricedLine>(facts.Lines.Count);
        foreach (var line in facts.Lines)
        {
            var (net, lineTax) = (Currencies.Round(line.UnitPrice * line.Quantity - line.Discount, facts.Currency), Currencies.Round(line.Tax, facts.Currency));
            // What left before us was invoiced by whoever sent it.
            var before = int.Max(0, int.Min(order.CountedBefore(line.LineId), line.Quantity));
            var (netBefore, taxBefore) = (Share(net, before, line, facts), Share(lineTax, before, line, facts));
            total -= netBefore + (facts.TaxesIncluded ? 0m : taxBefore);
            tax -= taxBefore;
            var promised = order.Promised(line) - before;
            if (promised <= 0) continue;
            // The last units take what is left, so that no cent is lost between what left before us and what we send.
            lines.Add(promised == line.Quantity - before
                ? new(line.LineId, order.SoldAs(line), line.Title, promised, net - netBefore, lineTax - taxBefore)
                : new(line.LineId, order.SoldAs(line), line.Title, promised, Share(net, promised, line, facts), Share(lineTax, promised, line, facts)));
        }
        var (refunded, refundedTax) = RefundedSince(order, facts);
        total -= refunded;
        tax -= refundedTax;
        return new(orderRef, PrefixOf(orderRef, facts) + facts.Number, facts.Currency, total, facts.Shipping, tax, facts.TaxesIncluded, lines, Contact(order, orderRef));
    }

    private static decimal Share(decimal amount, int units, OrderLine line, OrderFacts facts) => units == 0 ? 0m : Currencies.Round(amount * units / line.Quantity, facts.Currency);

    /// <summary>What was refunded of lines since the channel last said what the order costs, in its own currency.</summary>
    private static (decimal Total, decimal Tax) RefundedSince(Order order, OrderFacts facts)
    {
        decimal total = 0, tax = 0;
        foreach (var refund in order.Refunds ?? [])
            if (refund.At > facts.UpdatedAt)
                foreach (var line in refund.Lines)
                {
                    total += line.Subtotal + (facts.TaxesIncluded ? 0m : line.Tax);
                    tax += line.Tax;
                }
        return (total, tax);
    }

    /// <summary>What the order brought in the end: its total less everything that went back, for units or as goodwill. In the order's currency, never below zero.</summary>
    /// <remarks>A channel takes refunded units off its total by itself and money without units not: of a refund that it has counted only what is beyond its units is taken off here.</remarks>
    public static decimal Kept(Order order)
    {
        var facts = order.Facts!;
        if (order.Phase == OrderPhase.History) return decimal.Max(0m, facts.Total - facts.Payment.Refunded);
        var kept = facts.Total;
        foreach (var refund in order.Refunds ?? [])
        {
            var units = 0m;
            foreach (var line in refund.Lines) units += line.Subtotal + (facts.TaxesIncluded ? 0m : line.Tax);
            kept -= refund.At > facts.UpdatedAt ? decimal.Max(refund.Amount, units) : decimal.Max(0m, refund.Amount - units);
        }
        return decimal.Max(0m, kept);
    }

    // Two storefronts of one brand count their orders separately: what keeps their streams apart keeps their invoices apart.
    private static string PrefixOf(string orderRef, OrderFacts facts) =>
        orderRef.EndsWith(facts.ExternalId, StringComparison.Ordinal) ? orderRef[..^facts.ExternalId.Length] : "";

    /// <param name="parcelId">The parcel that it is about; empty when it is about the order.</param>
    public static Correspondent Shopper(OrderFile file, string orderRef, string brandLanguage, string parcelId = "")
    {
        var facts = file.Order.Facts!;
        var name = facts.Buyer.Name ?? file.Order.ShipTo?.Name;
        return new(orderRef, facts.Number, name, facts.Buyer.Email, facts.Buyer.Phone ?? file.Order.ShipTo?.Phone, facts.Buyer.Locale ?? brandLanguage, new(Items(file, parcelId), Seen(file.Order, facts), file.Order.ShipTo?.City));
    }

    /// <summary>What is in the parcel, a kit where it is there in all its parts; what the shopper is still promised where no parcel of ours is meant.</summary>
    private static List<ItemFacts> Items(OrderFile file, string parcelId)
    {
        List<ItemFacts> items = [];
        var parcel = parcelId.Length == 0 ? null : file.Fulfilment.Find(parcelId);
        foreach (var line in file.Order.Facts!.Lines) Add(items, line.Title, parcel is null ? file.Order.Promised(line) : UnitsIn(parcel, line.LineId, file.Order.MeantOf(line.LineId)));
        return items;
    }

    private static int UnitsIn(SentParcel parcel, string lineId, MeantLine? meant)
    {
        if (meant is not { IsKit: true }) return Sent(lineId);
        var whole = int.MaxValue;
        foreach (var part in meant.Parts) whole = int.Min(whole, Sent(meant.IdOf(part)) / part.Units);
        return whole;

        int Sent(string id)
        {
            var units = 0;
            foreach (var line in parcel.Lines)
                if (line.LineId == id) units += line.Quantity;
            return units;
        }
    }

    private static void Add(List<ItemFacts> items, string title, int quantity)
    {
        if (quantity > 0 && !string.IsNullOrWhiteSpace(title)) items.Add(new(title, quantity));
    }

    /// <summary>What the order costs by what is left of it. A refund is told in the shop's currency: in the shopper's it takes off the same share.</summary>
    private static Money Seen(Order order, OrderFacts facts)
    {
        var left = facts.Total - RefundedSince(order, facts).Total;
        if (facts is not { PresentmentCurrency: { } currency, PresentmentTotal: { } total }) return new(left, facts.Currency);
        return new(left == facts.Total || facts.Total == 0 ? total : Currencies.Round(total * left / facts.Total, currency), currency);
    }

    private static BillContact Contact(Order order, string orderRef)
    {
        var facts = order.Facts!;
        var buyer = facts.Buyer;
        var at = facts.BillTo ?? order.ShipTo;
        return new(buyer.CustomerId ?? buyer.Email?.ToLowerInvariant() ?? orderRef, at?.Name ?? buyer.Name ?? buyer.Email ?? facts.Number, buyer.Email, at?.Country ?? "");
    }
}
