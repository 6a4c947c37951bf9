using System.Text.Json.Serialization;

namespace Quartermaster.Core.Orders;

/// <summary>Everything a sales channel says about an order at one moment, in neutral words.</summary>
/// <remarks>A channel re-sends the whole order on every change; the decider compares two of these to see what happened.</remarks>
public sealed record OrderFacts
{
    /// <summary>The channel's own id, as text; ids above 2^53 survive.</summary>
    public required string ExternalId { get; init; }

    /// <summary>What the shopper sees: <c>#1001</c>.</summary>
    public required string Number { get; init; }

    /// <summary>The connection it came through.</summary>
    public required string Channel { get; init; }

    public required DateTimeOffset PlacedAt { get; init; }

    /// <summary>When the channel last changed it; an older report than the one we hold is ignored.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>ISO 4217 of all amounts here: the shop's own currency, the one its books are kept in.</summary>
    public required string Currency { get; init; }

    /// <summary>What the shopper owes in all, tax and shipping included, discounts taken off.</summary>
    public required decimal Total { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public decimal Shipping { get; init; }
    /// <summary>How the shopper wants it sent, and paid for it; null = the channel does not say.</summary>
    public ShippingMethod? ShippingMethod { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public decimal Tax { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public decimal Discounts { get; init; }

    /// <summary>True when line prices already contain the tax.</summary>
    public bool TaxesIncluded { get; init; }

    /// <summary>What the shopper saw, when it differs from <see cref="Currency"/>.</summary>
    public string? PresentmentCurrency { get; init; }
    public decimal? PresentmentTotal { get; init; }

    public required Buyer Buyer { get; init; }
    public Address? ShipTo { get; init; }
    public Address? BillTo { get; init; }
    public required IReadOnlyList<OrderLine> Lines { get; init; }
    public required Payment Payment { get; init; }
    public IReadOnlyList<string> Tags { get; init; } = [];
    public string? Note { get; init; }

    /// <summary>A test order of the shop's owner: it is held, never shipped by itself.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Test { get; init; }

    public DateTimeOffset? CancelledAt { get; init; }
    public string? CancelReason { get; init; }
}

/// <summary>A way of sending that the shopper chose at the channel.</summary>
/// <param name="Title">What the shopper read: <c>Express, 1 to 2 days</c>.</param>
/// <param name="Code">The channel's own name of it; null where that says no more than the title.</param>
public sealed record ShippingMethod(string Title, string? Code = null)
{
    /// <summary>Null when neither says anything.</summary>
    public static ShippingMethod? Of(string? title, string? code)
    {
        var (said, named) = (title?.Trim() ?? "", code?.Trim() ?? "");
        if (said.Length == 0) return named.Length == 0 ? null : new(named);
        return new(said, named.Length == 0 || named.Equals(said, StringComparison.OrdinalIgnoreCase) ? null : named);
    }

    public override string ToString() => Code is null ? Title : $"{Title} ({Code})";
}

/// <summary>One line of an order: some units of one SKU at one price.</summary>
public sealed record OrderLine
{
    public required string LineId { get; init; }

    /// <summary>Our SKU; empty when the channel sent none, which holds the order.</summary>
    public required string Sku { get; init; }
    public required string Title { get; init; }

    /// <summary>Units that are still wanted: ordered less removed.</summary>
    public required int Quantity { get; init; }

    /// <summary>Units that the channel counts as fulfilled already, whoever did it.</summary>
    /// <remarks>Looked at only until we work on the order: what left before us is not shipped again.</remarks>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Fulfilled { get; init; }

    /// <summary>Price of one unit before discount, with or without tax as <see cref="OrderFacts.TaxesIncluded"/> says.</summary>
    public required decimal UnitPrice { get; init; }

    /// <summary>Discount on the whole line, its share of order-wide discounts included.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public decimal Discount { get; init; }

    /// <summary>Tax on the whole line.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public decimal Tax { get; init; }
    public bool RequiresShipping { get; init; } = true;
    public string? VariantId { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Grams { get; init; }
}

/// <summary>Who bought; every part may be missing.</summary>
/// <param name="Phone">E.164 when it could be read as a number, otherwise null.</param>
/// <param name="Locale">BCP 47, e.g. <c>en-IN</c>.</param>
public sealed record Buyer(string? CustomerId, string? Name, string? Email, string? Phone, string? Locale);

/// <summary>A postal address as the channel gave it.</summary>
/// <param name="Country">ISO 3166-1 alpha-2, upper case; empty when unknown.</param>
public sealed record Address(string? Name, string? Company, string? Line1, string? Line2, string? City, string? Province, string? PostalCode, string Country, string? Phone)
{
    /// <summary>Enough for a carrier to try: a street, a place and a country.</summary>
    [JsonIgnore]
    public bool IsDeliverable => !string.IsNullOrWhiteSpace(Line1) && !string.IsNullOrWhiteSpace(City) && Country.Length == 2;
}

/// <summary>How the order is paid.</summary>
/// <param name="Gateway">The channel's gateway name, as it came.</param>
public sealed record Payment(PaymentState State, PaymentMethod Method, string? Gateway, decimal Paid = 0, decimal Refunded = 0);

[JsonConverter(typeof(JsonStringEnumConverter<PaymentState>))]
public enum PaymentState { Pending, Authorized, PartiallyPaid, Paid, PartiallyRefunded, Refunded, Voided, Unknown }

[JsonConverter(typeof(JsonStringEnumConverter<PaymentMethod>))]
public enum PaymentMethod { Prepaid, CashOnDelivery, Invoice }
