namespace Quartermaster.Sandbox.Twins;

/// <summary>What a shopper puts into the shop.</summary>
/// <param name="Id">Number of the order at the shop; above 2^53, as real ones are.</param>
/// <param name="Gateway">Name of the payment gateway, as Shopify would show it.</param>
/// <param name="TaxRate">0.12 = 12 %, contained in the prices.</param>
/// <param name="Method">How it is to be sent, as the shopper read it.</param>
public sealed record NewOrder(
    long Id, string Name, string Currency, Shopper Shopper, IReadOnlyList<NewLine> Lines, decimal Shipping, string Gateway, bool Paid, decimal TaxRate, string? Note = null, string Tags = "", NewVisit? Visit = null, string Method = NewOrder.Standard)
{
    public const string Standard = "Standard";
}

/// <summary>The browser that a shopper orders with, and the card that pays.</summary>
/// <param name="Card">The first six digits and the last four: <c>424242/4242</c>; null = none is told.</param>
public sealed record NewVisit(string Ip, string Browser = "Mozilla/5.0 (X11; Linux x86_64)", string Language = "en", string? Card = null, string? Holder = null);

/// <param name="Tariff">The product's number in the Harmonised System, as the shop's owner wrote it; null = none.</param>
/// <param name="Origin">The country it was made in; null = nobody wrote it.</param>
public sealed record NewLine(string Sku, string Title, decimal Price, int Quantity, int Grams, decimal Discount = 0, string? Tariff = null, string? Origin = null);

public sealed record Shopper(
    long Id, string First, string Last, string? Email, string? Phone, string Line1, string? Line2, string City, string Province, string Zip, string CountryCode, string Country, string Locale);

/// <summary>Store credit that a customer was given.</summary>
public sealed record GivenCredit(long Id, long Customer, decimal Amount, string Currency, DateTimeOffset CreatedAt);

/// <summary>An order as the shop holds it. Guarded by the twin's lock.</summary>
public sealed class ShopOrder
{
    internal ShopOrder(NewOrder placed, DateTimeOffset now)
    {
        Placed = placed;
        PlacedAt = UpdatedAt = now;
        FinancialStatus = placed.Paid ? "paid" : "pending";
        Lines = [.. placed.Lines.Select((l, i) => new ShopLine(placed.Id * 10 + i, l))];
    }

    public NewOrder Placed { get; }
    public long Id => Placed.Id;
    public DateTimeOffset PlacedAt { get; }
    public DateTimeOffset UpdatedAt { get; internal set; }
    public string FinancialStatus { get; internal set; }
    public DateTimeOffset? CancelledAt { get; internal set; }
    public string? CancelReason { get; internal set; }
    public IReadOnlyList<ShopLine> Lines { get; }
    public IReadOnlyList<ShopFulfilment> Fulfilments => Parcels;
    public IReadOnlyList<ShopRefund> Refunds => GivenBack;
    public decimal RefundedMoney => GivenBack.Sum(r => r.Amount);

    /// <summary>What the shop thinks of its risk: HIGH, MEDIUM, LOW; null = nothing yet.</summary>
    public string? Risk { get; internal set; }

    internal List<ShopFulfilment> Parcels { get; } = [];
    internal List<ShopRefund> GivenBack { get; } = [];

    public decimal Total => Lines.Sum(l => l.Net) + Placed.Shipping;
    public decimal Tax => Lines.Sum(l => l.Tax(Placed.TaxRate)) + Contained(Placed.Shipping, Placed.TaxRate);
    public decimal Discounts => Lines.Sum(l => l.Discount);
    public decimal Outstanding => FinancialStatus is "paid" or "refunded" or "partially_refunded" or "voided" ? 0m : Total;
    public bool IsOpen => CancelledAt is null && Lines.Any(l => l.Remaining > 0);

    internal static decimal Contained(decimal gross, decimal rate) => Math.Round(gross * rate / (1 + rate), 2);
}

public sealed class ShopLine(long id, NewLine placed)
{
    public long Id { get; } = id;
    public NewLine Placed { get; } = placed;

    /// <summary>Units still wanted.</summary>
    public int Current { get; internal set; } = placed.Quantity;
    public int Fulfilled { get; internal set; }
    public int Remaining => Math.Max(0, Current - Fulfilled);

    /// <summary>Discount of the units still wanted.</summary>
    public decimal Discount => Math.Round(Placed.Discount * Current / Placed.Quantity, 2);
    public decimal Net => Placed.Price * Current - Discount;

    public decimal Tax(decimal rate) => ShopOrder.Contained(Net, rate);

    /// <summary>Tax of the units first ordered, as Shopify's tax lines have it.</summary>
    public decimal TaxAsOrdered(decimal rate) => ShopOrder.Contained(Placed.Price * Placed.Quantity - Placed.Discount, rate);
}

public sealed record ShopFulfilment(long Id, string? Company, string? Tracking, string? Url, IReadOnlyList<(ShopLine Line, int Quantity)> Lines, DateTimeOffset CreatedAt);

/// <param name="GoodsBack">The units came back and can be sold again.</param>
public sealed record ShopRefund(long Id, ShopLine Line, int Quantity, decimal Amount, decimal Tax, bool GoodsBack, DateTimeOffset At);
