using Quartermaster.Core.Books;
using Quartermaster.Core.Messages;
using Quartermaster.Core.Orders;

namespace Quartermaster.Core.Flows;

/// <summary>An order's money and buyer in the words of the books and of the correspondence.</summary>
internal static class PriceOfOrder
{
    /// <summary>What the order costs now. Refunded units that the channel has not yet taken off are taken off here.</summary>
    public static PricedOrder Of(OrderFile file, string orderRef)
    {
        var order = file.Order;
        var facts = order.Facts!;
        decimal total = facts.Total, tax = facts.Tax;
        var lines = new List<PricedLine>(facts.Lines.Count);
        foreach (var line in facts.Lines)
        {
            var net = line.UnitPrice * line.Quantity - line.Discount;
            // What left before us was invoiced by whoever sent it.
            var before = int.Min(order.CountedBefore(line.LineId), line.Quantity);
            if (before > 0)
            {
                total -= (net + (facts.TaxesIncluded ? 0m : line.Tax)) * before / line.Quantity;
                tax -= line.Tax * before / line.Quantity;
            }
            var promised = order.Promised(line) - before;
            if (promised <= 0) continue;
            lines.Add(promised == line.Quantity
                ? new(line.LineId, order.SoldAs(line), line.Title, promised, net, line.Tax)
                : new(line.LineId, order.SoldAs(line), line.Title, promised, net * promised / line.Quantity, line.Tax * promised / line.Quantity));
        }
        foreach (var refund in order.Refunds ?? [])
            if (refund.At > facts.UpdatedAt)
                foreach (var line in refund.Lines)
                {
                    total -= line.Subtotal + (facts.TaxesIncluded ? 0m : line.Tax);
                    tax -= line.Tax;
                }
        return new(orderRef, PrefixOf(orderRef, facts) + facts.Number, facts.Currency, total, facts.Shipping, tax, facts.TaxesIncluded, lines, Contact(order, orderRef));
    }

    // Two storefronts of one brand count their orders separately: what keeps their streams apart keeps their invoices apart.
    private static string PrefixOf(string orderRef, OrderFacts facts) =>
        orderRef.EndsWith(facts.ExternalId, StringComparison.Ordinal) ? orderRef[..^facts.ExternalId.Length] : "";

    public static Correspondent Shopper(OrderFile file, string orderRef, string brandLanguage)
    {
        var facts = file.Order.Facts!;
        var name = facts.Buyer.Name ?? file.Order.ShipTo?.Name;
        return new(orderRef, facts.Number, name, facts.Buyer.Email, facts.Buyer.Phone ?? file.Order.ShipTo?.Phone, Phrases.LanguageOf(facts.Buyer.Locale, brandLanguage));
    }

    private static BillContact Contact(Order order, string orderRef)
    {
        var facts = order.Facts!;
        var buyer = facts.Buyer;
        var at = facts.BillTo ?? order.ShipTo;
        return new(buyer.CustomerId ?? buyer.Email?.ToLowerInvariant() ?? orderRef, at?.Name ?? buyer.Name ?? buyer.Email ?? facts.Number, buyer.Email, at?.Country ?? "");
    }
}
