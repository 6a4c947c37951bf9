using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Orders;

/// <summary>An order as rules see it: the channel's facts with what people corrected.</summary>
public static class RuleView
{
    /// <param name="about">Tells what units weigh of which the channel does not say it; null = nobody does.</param>
    /// <exception cref="ArgumentException">Nobody has told anything of the order yet.</exception>
    public static RuleFacts Of(Order order, AboutSku? about = null)
    {
        var facts = order.Facts ?? throw new ArgumentException("The order is not known yet.", nameof(order));
        var to = order.ShipTo;
        var (units, lines, largest, grams) = (0, 0, 0, 0L);
        List<string> skus = [], titles = [];
        foreach (var line in facts.Lines)
        {
            if (line.Quantity <= 0) continue;
            lines++;
            units += line.Quantity;
            largest = int.Max(largest, line.Quantity);
            grams += (long)line.Quantity * (line.Grams > 0 || about is null ? line.Grams : Known(order, line, about));
            if (order.SkuOf(line) is { Length: > 0 } sku) skus.Add(sku);
            if (order.MeantOf(line.LineId) is { IsKit: true } kit) skus.AddRange(kit.Parts.Select(p => p.Sku));
            titles.Add(line.Title);
        }
        return new()
        {
            Channel = facts.Channel, Currency = facts.Currency, Total = facts.Total, Shipping = facts.Shipping, Discounts = facts.Discounts,
            Country = to?.Country ?? "", Province = to?.Province ?? "", City = to?.City ?? "", Company = to?.Company ?? "",
            PostalCode = to?.PostalCode?.Replace(" ", "", StringComparison.Ordinal) ?? "",
            Units = units, Lines = lines, LargestLine = largest, Weight = grams / 1000m, Skus = skus, Titles = titles, Tags = facts.Tags,
            Payment = Of(facts.Payment.Method), PaymentState = Of(facts.Payment.State), Gateway = facts.Payment.Gateway ?? "",
            ShippingMethods = facts.ShippingMethod switch { null => [], { Code: { } code } method => [method.Title, code], var method => [method.Title] },
            Email = facts.Buyer.Email ?? "", Phone = facts.Buyer.Phone ?? to?.Phone ?? "", Customer = facts.Buyer.CustomerId ?? "", Note = facts.Note ?? "",
            BilledAbroad = facts.BillTo is { Country.Length: > 0 } bill && to is { Country.Length: > 0 } && !string.Equals(bill.Country, to.Country, StringComparison.OrdinalIgnoreCase),
        };
    }

    private static long Known(Order order, OrderLine line, AboutSku about)
    {
        if (order.MeantOf(line.LineId) is not { } meant) return about(line.Sku).Grams;
        var grams = 0L;
        foreach (var part in meant.Parts) grams += (long)part.Units * about(part.Sku).Grams;
        return grams;
    }

    private static string Of(PaymentMethod method) => method switch
    {
        PaymentMethod.Prepaid => "prepaid",
        PaymentMethod.CashOnDelivery => "cash_on_delivery",
        PaymentMethod.Invoice => "invoice",
        _ => throw new System.Diagnostics.UnreachableException(method.ToString()),
    };

    private static string Of(PaymentState state) => state switch
    {
        PaymentState.Pending => "pending",
        PaymentState.Authorized => "authorized",
        PaymentState.PartiallyPaid => "partially_paid",
        PaymentState.Paid => "paid",
        PaymentState.PartiallyRefunded => "partially_refunded",
        PaymentState.Refunded => "refunded",
        PaymentState.Voided => "voided",
        PaymentState.Unknown => "unknown",
        _ => throw new System.Diagnostics.UnreachableException(state.ToString()),
    };
}
