using System.Net;
using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Orders;

namespace Quartermaster.Connectors.WooCommerce;

/// <summary>WooCommerce's order → ours.</summary>
/// <remarks>
/// Its lines are always told without tax, whatever the shop's prices contain. Where prices contain it, both are added up again: then
/// amounts are the round ones that the shopper saw, and not their net parts, whose roundings would not come to the total.
/// </remarks>
internal static class WooOrderFacts
{
    private static BodyReader Body => WooInbound.Body;

    /// <param name="refunds">The order's refunds with their lines.</param>
    /// <exception cref="NotUnderstoodException">Something indispensable is missing or impossible.</exception>
    public static OrderFacts From(OrderBody order, IReadOnlyList<RefundBody> refunds, Session session, DateTimeOffset receivedAt)
    {
        var id = Body.Id(order.Id, "id");
        var currency = Body.KnownCurrency(order.Currency, "currency");
        var gross = order.PricesIncludeTax ?? false;
        var gone = WooRefunds.Removed(refunds);
        var goods = Lines(order, gone, currency, gross, session.Settings);
        var placed = order.DateCreatedGmt ?? receivedAt;
        var updated = refunds.Select(r => r.DateCreatedGmt).Append(order.DateModifiedGmt).Append(placed).Max()!.Value;
        var (bill, ship) = (AddressOf(order.Billing), AddressOf(order.Shipping));
        return new OrderFacts
        {
            ExternalId = id,
            Number = "#" + (Text(order.Number) ?? id),
            Channel = session.Connection,
            PlacedAt = placed.ToUniversalTime(),
            UpdatedAt = updated.ToUniversalTime(),
            Currency = currency,
            Total = Body.Amount(order.Total, "total") - gone.Values.Sum(g => g.Net + g.Tax),
            Shipping = Sum(order.ShippingTotal, order.ShippingTax, gross, "shipping_total"),
            ShippingMethod = Method(order),
            Tax = Body.Amount(order.TotalTax ?? 0m, "total_tax") - gone.Values.Sum(g => g.Tax),
            Discounts = goods.Sum(l => l.Discount),
            TaxesIncluded = gross,
            Buyer = BuyerOf(order, bill ?? ship),
            ShipTo = ship,
            BillTo = bill,
            Lines = [.. goods, .. (order.FeeLines ?? []).OfType<FeeBody>().Select((fee, i) => Fee(fee, gross, i))],
            Payment = PaymentOf(order, session.Settings),
            Note = Text(order.CustomerNote),
            CancelledAt = order.Status is "cancelled" or "trash" ? updated.ToUniversalTime() : null,
            CancelReason = order.Status switch { "cancelled" => "cancelled in the shop", "trash" => "moved to the bin in the shop", _ => null },
        };
    }

    private static List<OrderLine> Lines(OrderBody order, IReadOnlyDictionary<string, WooRefunds.Gone> gone, string currency, bool gross, Settings settings)
    {
        if (order.LineItems is null) throw Body.Wrong("missing", "'line_items' is missing; an order without a list of lines cannot be worked on.");
        var ships = Ships(order);
        var never = Listed(settings.Get("not_shipped", ""));
        var lines = new List<OrderLine>(order.LineItems.Length);
        for (var i = 0; i < order.LineItems.Length; i++)
        {
            var line = order.LineItems[i] ?? throw Body.Wrong("missing", $"'line_items[{i}]' is empty.");
            var id = Body.Id(line.Id, $"line_items[{i}].id");
            var made = LineOf(line, id, i, gone.GetValueOrDefault(id), Currencies.DecimalsOf(currency), gross);
            lines.Add(made with { RequiresShipping = ships && !never.Contains(made.Sku), Fulfilled = 0 });
        }
        return WooParcels.CountFulfilled(order, lines, settings);
    }

    private static OrderLine LineOf(LineBody line, string id, int index, WooRefunds.Gone gone, int decimals, bool gross)
    {
        var ordered = Body.Units(line.Quantity, $"line_items[{index}].quantity");
        var total = Sum(Body.Amount(line.Total, $"line_items[{index}].total"), line.TotalTax, gross, $"line_items[{index}].total_tax");
        // Staff may raise a line above what it cost first; then there is no discount.
        var before = Math.Max(total, Sum(line.Subtotal ?? line.Total, line.Subtotal is null ? line.TotalTax : line.SubtotalTax, gross, $"line_items[{index}].subtotal"));
        var (price, wanted) = (PriceOf(before, ordered, decimals), Math.Max(0, ordered - gone.Units));
        return new OrderLine
        {
            LineId = id,
            Sku = line.Sku?.Trim() ?? "",
            Title = WebUtility.HtmlDecode(Text(line.Name) ?? ""),
            Quantity = wanted,
            UnitPrice = price,
            Discount = price * wanted - (total - gone.Net - (gross ? gone.Tax : 0m)),
            Tax = Body.Amount(line.TotalTax ?? 0m, $"line_items[{index}].total_tax") - gone.Tax,
            VariantId = line.VariationId is { Length: > 0 } and not "0" ? line.VariationId : line.ProductId,
        };
    }

    /// <summary>The price of one unit. One that does not come out even is rounded up, and the discount takes the difference.</summary>
    private static decimal PriceOf(decimal before, int units, int decimals)
    {
        if (units == 0) return before;
        var exact = Math.Round(before / units, 4);
        if (exact * units == before) return exact / 1.000000000000000000000000000000000m;
        var power = decimals switch { 0 => 1m, 3 => 1000m, _ => 100m };
        return Math.Ceiling(before / units * power) / power;
    }

    /// <summary>A fee is a line that nobody ships; a negative one is a discount.</summary>
    private static OrderLine Fee(FeeBody fee, bool gross, int index)
    {
        var amount = Sum(fee.Total, fee.TotalTax, gross, $"fee_lines[{index}].total");
        return new OrderLine
        {
            LineId = Body.Id(fee.Id, $"fee_lines[{index}].id"),
            Sku = "FEE",
            Title = WebUtility.HtmlDecode(Text(fee.Name) ?? "Fee"),
            Quantity = 1,
            UnitPrice = Math.Max(0m, amount),
            Discount = Math.Max(0m, -amount),
            Tax = Body.Amount(fee.TotalTax ?? 0m, $"fee_lines[{index}].total_tax"),
            RequiresShipping = false,
        };
    }

    private static decimal Sum(decimal? net, decimal? tax, bool gross, string where) =>
        Body.Amount(Body.Amount(net ?? 0m, where) + (gross ? Body.Amount(tax ?? 0m, where) : 0m), where);

    // The order does not say which goods are virtual. Without a way of shipping and without an address nothing is to be sent; what is picked up in the shop is not sent either.
    private static bool Ships(OrderBody order) => order.ShippingLines is { Length: > 0 } ways
        ? !ways.All(w => w?.MethodId is "local_pickup" or "pickup_location")
        : AddressOf(order.Shipping) is not null;

    /// <summary>Its code is what the shop calls the rate: <c>flat_rate:3</c>, the third flat rate of its zones.</summary>
    private static ShippingMethod? Method(OrderBody order) => (order.ShippingLines ?? []).OfType<ShippingLineBody>()
        .Select(way => ShippingMethod.Of(WebUtility.HtmlDecode(way.MethodTitle), way is { MethodId: { Length: > 0 } kind, InstanceId: { Length: > 0 } and not "0" and var one } ? $"{kind}:{one}" : way.MethodId))
        .FirstOrDefault(method => method is not null);

    private static Payment PaymentOf(OrderBody order, Settings settings)
    {
        var total = Body.Amount(order.Total, "total");
        var refunded = (order.Refunds ?? []).Sum(r => Math.Abs(Body.Amount(r?.Total ?? 0m, "refunds.total")));
        var paid = order.DatePaidGmt is not null;
        // The status says whether the shop lets an order go on. Before that nothing counts as promised, cash on delivery included: staff put such an order on hold to ring the shopper up.
        var goesOn = Listed(settings.Get("released_statuses", WooConnector.DefaultReleasedStatuses)).Contains(order.Status ?? "") || WooParcels.IsSent(order, settings);
        var state = order.Status switch
        {
            "refunded" => PaymentState.Refunded,
            "on-hold" or "pending" or "failed" => PaymentState.Pending,
            "cancelled" or "trash" when !paid => PaymentState.Voided,
            _ when paid => refunded == 0m ? PaymentState.Paid : refunded >= total ? PaymentState.Refunded : PaymentState.PartiallyRefunded,
            _ => goesOn ? PaymentState.Pending : PaymentState.Unknown,
        };
        var method = !goesOn ? PaymentMethod.Prepaid
            : Listed(settings.Get("cash_methods", WooConnector.DefaultCashMethods)).Contains(order.PaymentMethod ?? "") || !paid && CashOnDelivery.Is(order.PaymentMethodTitle) ? PaymentMethod.CashOnDelivery
            : paid ? PaymentMethod.Prepaid
            : PaymentMethod.Invoice;
        return new Payment(state, method, Text(order.PaymentMethodTitle) ?? Text(order.PaymentMethod), paid ? total : 0m, refunded);
    }

    private static Buyer BuyerOf(OrderBody order, Address? address) => new(
        order.CustomerId is { Length: > 0 } and not "0" ? order.CustomerId : null, address?.Name, Text(order.Billing?.Email), address?.Phone, null);

    /// <summary>Null where every member is empty: the shop fills the country in by itself.</summary>
    private static Address? AddressOf(AddressBody? body)
    {
        if (body is null || Text(body.Address1) is null && Text(body.City) is null && Text(body.Postcode) is null && Text(body.LastName) is null) return null;
        var country = Countries.OrEmpty(body.Country);
        return new Address(Text($"{body.FirstName} {body.LastName}"), Text(body.Company), Text(body.Address1), Text(body.Address2), Text(body.City), Text(body.State),
            Text(body.Postcode), country, PhoneNumber.ToE164(body.Phone, country));
    }

    private static HashSet<string> Listed(string setting) => [.. setting.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];

    private static string? Text(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
