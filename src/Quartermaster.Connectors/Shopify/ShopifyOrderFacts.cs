using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Orders;

namespace Quartermaster.Connectors.Shopify;

/// <summary>Shopify's order → ours. Amounts are the shop's own money; what the shopper saw is kept beside the total.</summary>
internal static class ShopifyOrderFacts
{
    private static readonly BodyReader Read = new("shopify", "Shopify");

    /// <exception cref="NotUnderstoodException">Something indispensable is missing or impossible.</exception>
    public static OrderFacts From(OrderBody body, Session session, DateTimeOffset receivedAt)
    {
        var id = Read.Need(body.Id, "id");
        var currency = Read.KnownCurrency(body.Currency ?? body.TotalPriceSet?.ShopMoney?.CurrencyCode, "currency");
        var presentment = body.PresentmentCurrency is { Length: > 0 } seen && seen != currency ? Read.KnownCurrency(seen, "presentment_currency") : null;
        var total = Read.Amount(body.CurrentTotalPriceSet?.ShopMoney?.Amount ?? body.CurrentTotalPrice ?? body.TotalPriceSet?.ShopMoney?.Amount ?? body.TotalPrice, "total_price");
        var presentmentTotal = body.CurrentTotalPriceSet?.PresentmentMoney?.Amount ?? body.TotalPriceSet?.PresentmentMoney?.Amount;
        var ship = AddressOf(body.ShippingAddress);
        var bill = AddressOf(body.BillingAddress);
        var placed = body.CreatedAt ?? body.ProcessedAt ?? receivedAt;
        return new OrderFacts
        {
            ExternalId = id,
            Number = body.Name is { Length: > 0 } name ? name : "#" + id,
            Channel = session.Connection,
            PlacedAt = placed.ToUniversalTime(),
            UpdatedAt = (body.UpdatedAt ?? placed).ToUniversalTime(),
            Currency = currency,
            Total = total,
            Shipping = Shipping(body.ShippingLines),
            ShippingMethod = Method(body.ShippingLines),
            Tax = Read.Amount(body.CurrentTotalTaxSet?.ShopMoney?.Amount ?? body.CurrentTotalTax ?? body.TotalTax ?? 0m, "total_tax"),
            Discounts = Read.Amount(body.CurrentTotalDiscounts ?? body.TotalDiscounts ?? 0m, "total_discounts"),
            TaxesIncluded = body.TaxesIncluded ?? false,
            PresentmentCurrency = presentment,
            PresentmentTotal = presentment is null || presentmentTotal is null ? null : Read.Amount(presentmentTotal, "total_price_set.presentment_money"),
            Buyer = BuyerOf(body, ship ?? bill),
            ShipTo = ship,
            BillTo = bill,
            Lines = Lines(body, currency),
            Payment = PaymentOf(body, total, currency),
            Tags = body.Tags?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [],
            Note = Text(body.Note),
            Test = body.Test ?? false,
            CancelledAt = body.CancelledAt?.ToUniversalTime(),
            CancelReason = body.CancelReason,
        };
    }

    private static List<OrderLine> Lines(OrderBody body, string currency)
    {
        if (body.LineItems is null) throw Read.Wrong("missing", "'line_items' is missing; an order without a list of lines cannot be worked on.");
        var lines = new List<OrderLine>(body.LineItems.Length + 1);
        for (var i = 0; i < body.LineItems.Length; i++)
            lines.Add(LineOf(body.LineItems[i] ?? throw Read.Wrong("missing", $"'line_items[{i}]' is empty."), i, Currencies.DecimalsOf(currency)));
        Extra(lines, "tip", "Tip", body.TotalTipReceived);
        Extra(lines, "duties", "Import duties", body.CurrentTotalDutiesSet?.ShopMoney?.Amount);
        Extra(lines, "fees", "Additional fees", body.CurrentTotalAdditionalFeesSet?.ShopMoney?.Amount);
        return lines;
    }

    private static OrderLine LineOf(LineBody line, int index, int decimals)
    {
        var ordered = Read.Units(line.Quantity, $"line_items[{index}].quantity");
        var wanted = Read.Units(line.CurrentQuantity ?? ordered, $"line_items[{index}].current_quantity");
        var discount = line.DiscountAllocations is { Length: > 0 } allocations
            ? allocations.Sum(a => a.AmountSet?.ShopMoney?.Amount ?? a.Amount ?? 0m)
            : line.TotalDiscount ?? 0m;
        var tax = line.TaxLines?.Sum(t => t.PriceSet?.ShopMoney?.Amount ?? t.Price ?? 0m) ?? 0m;
        return new OrderLine
        {
            LineId = Read.Need(line.Id, $"line_items[{index}].id"),
            Sku = line.Sku?.Trim() ?? "",
            Title = Text(line.Name) ?? Text(line.Title) ?? "",
            Quantity = wanted,
            Fulfilled = Fulfilled(line, wanted, index),
            UnitPrice = Read.Amount(line.PriceSet?.ShopMoney?.Amount ?? line.Price, $"line_items[{index}].price"),
            Discount = Share(Read.Amount(discount, $"line_items[{index}].discount_allocations"), wanted, ordered, decimals),
            Tax = Share(Read.Amount(tax, $"line_items[{index}].tax_lines"), wanted, ordered, decimals),
            RequiresShipping = line.RequiresShipping ?? true,
            VariantId = line.VariantId,
            Grams = line.Grams ?? 0,
        };
    }

    // What can no longer be fulfilled and is still wanted has left, or another service has it in work. Webhooks say both, some exports only the word.
    private static int Fulfilled(LineBody line, int wanted, int index) =>
        line.FulfillmentStatus is "fulfilled" ? wanted
        : line.FulfillableQuantity is null || line.RequiresShipping == false ? 0
        : Math.Max(0, wanted - Read.Units(line.FulfillableQuantity, $"line_items[{index}].fulfillable_quantity"));

    // Discounts and taxes of a line are stated for the units first ordered; removed units take their share with them.
    private static decimal Share(decimal amount, int wanted, int ordered, int decimals) =>
        wanted >= ordered || amount == 0m ? amount : Math.Round(amount * wanted / ordered, decimals, MidpointRounding.AwayFromZero);

    // Shopify counts these in the total without giving them a line; without one the books would never add up.
    private static void Extra(List<OrderLine> lines, string id, string title, decimal? amount)
    {
        if (amount is not > 0m) return;
        lines.Add(new OrderLine { LineId = id, Sku = id.ToUpperInvariant(), Title = title, Quantity = 1, UnitPrice = Read.Amount(amount, id), RequiresShipping = false });
    }

    private static decimal Shipping(ShippingLineBody[]? lines) => lines?.Where(l => l is not null && l.IsRemoved != true)
        .Sum(l => Read.Amount(l.DiscountedPriceSet?.ShopMoney?.Amount ?? l.DiscountedPrice ?? l.PriceSet?.ShopMoney?.Amount ?? l.Price ?? 0m, "shipping_lines.price")) ?? 0m;

    // A second one is of another delivery group or was added by staff; a parcel travels by one, and the first is the shopper's.
    private static ShippingMethod? Method(ShippingLineBody[]? lines) => lines?.Where(l => l is not null && l.IsRemoved != true).Select(l => ShippingMethod.Of(l.Title, l.Code)).FirstOrDefault(m => m is not null);

    private static Payment PaymentOf(OrderBody body, decimal total, string currency)
    {
        var gateways = body.PaymentGatewayNames is { Length: > 0 } names ? names : [body.Gateway];
        var gateway = gateways.FirstOrDefault(CashOnDelivery.Is) ?? gateways.FirstOrDefault(g => !string.IsNullOrWhiteSpace(g));
        var method = CashOnDelivery.Is(gateway) ? PaymentMethod.CashOnDelivery
            : body.PaymentTerms is { ValueKind: System.Text.Json.JsonValueKind.Object } ? PaymentMethod.Invoice
            : PaymentMethod.Prepaid;
        var state = body.FinancialStatus?.ToLowerInvariant() switch
        {
            "pending" => PaymentState.Pending,
            "authorized" => PaymentState.Authorized,
            "partially_paid" => PaymentState.PartiallyPaid,
            "paid" => PaymentState.Paid,
            "partially_refunded" => PaymentState.PartiallyRefunded,
            "refunded" => PaymentState.Refunded,
            "voided" or "expired" => PaymentState.Voided,
            _ => PaymentState.Unknown,
        };
        var paid = body.TotalOutstanding is { } open ? decimal.Max(0m, total - Read.Amount(open, "total_outstanding")) : state is PaymentState.Paid ? total : 0m;
        var refunded = body.Refunds?.Where(r => r is not null).Sum(r => RefundedMoney(r, currency)) ?? 0m;
        return new Payment(state, method, Text(gateway), paid, refunded);
    }

    /// <summary>Money that a refund's transactions gave back, in one currency.</summary>
    public static decimal RefundedMoney(RefundBody refund, string currency) => refund.Transactions?
        .Where(t => t is not null && t.Kind is "refund" && t.Status is "success" && (t.Currency is null || t.Currency == currency))
        .Sum(t => Read.Amount(t.Amount, "transactions.amount")) ?? 0m;

    private static Buyer BuyerOf(OrderBody body, Address? address)
    {
        var name = Joined(body.Customer?.FirstName, body.Customer?.LastName) ?? address?.Name;
        var country = address?.Country;
        var phone = PhoneNumber.ToE164(body.Phone, country) ?? PhoneNumber.ToE164(body.Customer?.Phone, country) ?? address?.Phone;
        return new Buyer(body.Customer?.Id, name, Text(body.Email) ?? Text(body.ContactEmail) ?? Text(body.Customer?.Email), phone, Text(body.CustomerLocale));
    }

    private static Address? AddressOf(AddressBody? body)
    {
        if (body is null) return null;
        var country = Countries.OrEmpty(body.CountryCode);
        return new Address(Text(body.Name) ?? Joined(body.FirstName, body.LastName), Text(body.Company), Text(body.Address1), Text(body.Address2), Text(body.City),
            Text(body.Province), Text(body.Zip), country, PhoneNumber.ToE164(body.Phone, country));
    }

    private static string? Joined(string? first, string? last) => Text($"{first} {last}");

    private static string? Text(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
