using Quartermaster.Core.Kernel;
using Quartermaster.Core.Orders;

namespace Quartermaster.Core.Tests;

/// <summary>One brand, its two warehouses and one shopper, as every test here knows them.</summary>
internal static class Sample
{
    public static readonly DateTimeOffset Monday = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);

    public static readonly StreamId Stream = new("aurora", "order", "5600000001");

    public static readonly BrandTerms Terms = new()
    {
        Brand = "aurora",
        Title = "Aurora",
        Currency = "INR",
        Locations = [new("BLR", "Bengaluru", "wms", "IN", "5", 40m), new("DEL", "Delhi", "wms", "IN", "1", 40m)],
        Accounting = "xero",
        Alerts = "slack",
        MessageChannels = [new("whatsapp", "wa"), new("email", "mail")],
    };

    public static readonly Address Home = new("Asha Rao", null, "12 MG Road", null, "Bengaluru", "KA", "560001", "IN", "+919800000001");

    public static Situation At(DateTimeOffset at, BrandTerms? terms = null) => new(Stream, at, terms ?? Terms);

    public static OrderLine Line(string id, string sku, int quantity, decimal price = 500m, bool ships = true) =>
        new() { LineId = id, Sku = sku, Title = $"Item {sku}", Quantity = quantity, UnitPrice = price, RequiresShipping = ships };

    /// <summary>Two of SKU-A and one of SKU-B at 500 each with 50 for shipping, tax contained, paid.</summary>
    public static OrderFacts Facts(params OrderLine[] lines)
    {
        if (lines.Length == 0) lines = [Line("1", "SKU-A", 2), Line("2", "SKU-B", 1)];
        var total = lines.Sum(l => l.UnitPrice * l.Quantity - l.Discount) + 50m;
        return new OrderFacts
        {
            ExternalId = "5600000001",
            Number = "#1001",
            Channel = "shop",
            PlacedAt = Monday,
            UpdatedAt = Monday,
            Currency = "INR",
            Total = total,
            Shipping = 50m,
            TaxesIncluded = true,
            Buyer = new("c1", "Asha Rao", "asha@example.com", "+919800000001", "en-IN"),
            ShipTo = Home,
            Lines = lines,
            Payment = new(PaymentState.Paid, PaymentMethod.Prepaid, "razorpay", total),
        };
    }
}
