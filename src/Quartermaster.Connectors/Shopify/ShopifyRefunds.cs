using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Orders;

namespace Quartermaster.Connectors.Shopify;

/// <summary>A refund, told by itself or named in its order → how much money went back, and which goods with it.</summary>
internal static class ShopifyRefunds
{
    private static readonly BodyReader Read = new("shopify", "Shopify");

    /// <param name="told">When it was heard of, for one that names no time of its own.</param>
    /// <param name="order">Of an order that names it: a refund of nothing says no currency, and what the order counts is not from after the order.</param>
    public static OrderSignal.RefundReported SignalOf(RefundBody refund, Session session, DateTimeOffset told, OrderFacts? order = null)
    {
        var lines = (refund.RefundLineItems ?? []).OfType<RefundLineBody>().ToList();
        var shop = lines.Select(l => l.SubtotalSet?.ShopMoney?.CurrencyCode).OfType<string>().FirstOrDefault() ?? refund.TotalDutiesSet?.ShopMoney?.CurrencyCode ?? order?.Currency;
        var paidIn = refund.Transactions?.FirstOrDefault(t => t?.Kind is "refund")?.Currency;
        // Transactions may be in the shopper's currency. Then the lines, which also know the shop's money, say how much it was.
        var inShopMoney = shop is null || paidIn is null || paidIn == shop;
        var currency = Read.KnownCurrency(shop ?? paidIn, "currency");
        var amount = inShopMoney
            ? ShopifyOrderFacts.RefundedMoney(refund, currency)
            : lines.Sum(l => (l.SubtotalSet?.ShopMoney?.Amount ?? 0m) + (l.TotalTaxSet?.ShopMoney?.Amount ?? 0m));
        var at = (refund.ProcessedAt ?? refund.CreatedAt ?? told).ToUniversalTime();
        return new OrderSignal.RefundReported(Read.Need(refund.Id, "id"), amount, currency, order is not null && at > order.UpdatedAt ? order.UpdatedAt : at,
            [.. lines.Select((l, i) => LineOf(l, session, i))], refund.Note);
    }

    // "cancel" takes unshipped units off the order; nothing comes back from anywhere. Only a return brings goods.
    private static RefundedLine LineOf(RefundLineBody line, Session session, int index) => new(
        Read.Need(line.LineItemId, $"refund_line_items[{index}].line_item_id"),
        Read.Units(line.Quantity, $"refund_line_items[{index}].quantity"),
        line.RestockType is "return" or "legacy_restock",
        line.LocationId is null ? null : session.LocationOf(line.LocationId),
        Read.Amount(line.SubtotalSet?.ShopMoney?.Amount ?? line.Subtotal ?? 0m, $"refund_line_items[{index}].subtotal"),
        Read.Amount(line.TotalTaxSet?.ShopMoney?.Amount ?? line.TotalTax ?? 0m, $"refund_line_items[{index}].total_tax"));
}
