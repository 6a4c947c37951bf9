using System.Text.Json.Serialization;

namespace Quartermaster.Core.Purchasing;

/// <summary>Goods of one supplier for one location: proposed, approved by a person, and received.</summary>
public sealed record PurchaseOrder
{
    public static readonly PurchaseOrder Unknown = new();

    public PurchaseState State { get; init; }
    public SupplierTerms? Supplier { get; init; }

    /// <summary>Code of the location that receives it.</summary>
    public string? Location { get; init; }

    /// <summary>One per SKU.</summary>
    public IReadOnlyList<PurchaseLine>? Lines { get; init; }
    public DateTimeOffset? DraftedAt { get; init; }

    /// <summary>Who approved or rejected it, and when.</summary>
    public string? DecidedBy { get; init; }
    public DateTimeOffset? DecidedAt { get; init; }
    public DateTimeOffset? ExpectedAt { get; init; }
    public bool Late { get; init; }

    /// <summary>The supplier's mailbox took it.</summary>
    public bool Sent { get; init; }

    /// <summary>Its id in the accounting system; null = it is not there.</summary>
    public string? BookedAs { get; init; }

    /// <summary>Receipts that were counted.</summary>
    public IReadOnlyList<string>? Receipts { get; init; }

    [JsonIgnore]
    public decimal Total => (Lines ?? []).Sum(l => l.Quantity * l.UnitCost);

    /// <summary>Units of a SKU that are still to come; what nobody approved, and what was closed short, is not expected.</summary>
    public int Expected(PurchaseLine line) => State == PurchaseState.Ordered ? line.Missing : 0;

    public PurchaseLine? Line(string sku)
    {
        foreach (var line in Lines ?? [])
            if (line.Sku == sku) return line;
        return null;
    }
}

[JsonConverter(typeof(JsonStringEnumConverter<PurchaseState>))]
public enum PurchaseState
{
    Unknown,

    /// <summary>Proposed; a person decides.</summary>
    Draft,

    /// <summary>Approved: its units are expected.</summary>
    Ordered,

    /// <summary>Everything has come.</summary>
    Received,

    /// <summary>Something has not come and nobody waits for it any more.</summary>
    ClosedShort,

    Rejected,
}

/// <summary>Who goods are bought from, as it was when the order was drafted.</summary>
/// <param name="Code">Our key of it.</param>
/// <param name="LeadDays">Calendar days from order to shelf.</param>
/// <param name="MinOrder">Least value of one order, in <paramref name="Currency"/>; 0 = none.</param>
public sealed record SupplierTerms(string Code, string Title, string? Email, int LeadDays, decimal MinOrder, string Currency);

/// <summary>Units of one SKU in a purchase order.</summary>
/// <param name="Pack">Units that come together.</param>
/// <param name="UnitCost">In the supplier's currency.</param>
/// <param name="TheirSku">What the supplier calls it.</param>
/// <param name="LeadDays">Longer or shorter than the supplier's usual; null = as usual.</param>
/// <param name="Why">Why so many, in words.</param>
public sealed record PurchaseLine(string Sku, int Quantity, int Pack, decimal UnitCost, string? TheirSku = null, int? LeadDays = null, string? Why = null)
{
    /// <summary>Came and can be sold.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Received { get; init; }

    /// <summary>Came and cannot be sold.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Damaged { get; init; }

    [JsonIgnore]
    public int Missing => int.Max(0, Quantity - Received - Damaged);
}
