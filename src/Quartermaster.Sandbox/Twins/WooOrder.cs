namespace Quartermaster.Sandbox.Twins;

/// <summary>An order as a WooCommerce shop holds it. Guarded by the twin's lock.</summary>
public sealed class WooOrder
{
    internal WooOrder(NewOrder placed, DateTimeOffset now)
    {
        Placed = placed;
        (PlacedAt, ModifiedAt) = (now, now);
        var cash = placed.Gateway.Contains("cash", StringComparison.OrdinalIgnoreCase);
        (PaymentMethod, Status, PaidAt) = cash ? ("cod", "processing", null) : placed.Paid ? ("stripe", "processing", (DateTimeOffset?)now) : ("stripe", "pending", null);
        Lines = [.. placed.Lines.Select((l, i) => new ShopLine(placed.Id * 10 + i, l))];
    }

    public NewOrder Placed { get; }
    public long Id => Placed.Id;
    public DateTimeOffset PlacedAt { get; }
    public DateTimeOffset ModifiedAt { get; internal set; }
    public DateTimeOffset? PaidAt { get; internal set; }
    public DateTimeOffset? CompletedAt { get; internal set; }
    public string Status { get; internal set; }
    public string PaymentMethod { get; }
    public IReadOnlyList<ShopLine> Lines { get; }
    public IReadOnlyList<WooRefund> Refunds => RefundList;

    /// <summary>Notes for the staff, oldest first.</summary>
    public IReadOnlyList<string> Notes => NoteList;

    /// <summary>Hidden entries by their keys, as JSON.</summary>
    public IReadOnlyDictionary<string, string> Meta => MetaData;

    internal bool TookStock { get; set; }
    internal List<WooRefund> RefundList { get; } = [];
    internal List<string> NoteList { get; } = [];
    internal Dictionary<string, string> MetaData { get; } = new(StringComparer.Ordinal);

    // A shop adds up with tax and takes the tax out again, as the prices contain it.
    public decimal Total => Lines.Sum(l => l.Net) + Placed.Shipping;
    public decimal Tax => Lines.Sum(l => l.Tax(Placed.TaxRate)) + ShopOrder.Contained(Placed.Shipping, Placed.TaxRate);
}

/// <param name="Line">Null when money alone was given back.</param>
public sealed record WooRefund(long Id, ShopLine? Line, int Units, decimal Amount, decimal Tax, DateTimeOffset At);

/// <summary>Something the shop sells. Its number is its own where <paramref name="counted"/>.</summary>
/// <param name="parent">The product whose variation this is; 0 for a product.</param>
public sealed class WooProduct(long id, long parent, string sku, string title, bool counted, int units)
{
    public long Id { get; } = id;
    public long Parent { get; } = parent;
    public string Sku { get; } = sku;
    public string Title { get; } = title;
    public bool IsCounted { get; internal set; } = counted;
    public int Units { get; internal set; } = units;

    /// <summary>In kilograms, as the shop's owner typed it; empty = nobody did.</summary>
    public string Weight { get; set; } = "";

    /// <summary>Length, width and height in centimetres, likewise.</summary>
    public (string Length, string Width, string Height) Sides { get; set; } = ("", "", "");

    /// <summary>Where shoppers find it: <c>visible</c>, <c>catalog</c>, <c>search</c>, <c>hidden</c>.</summary>
    public string Visibility { get; internal set; } = "visible";

    /// <summary><c>publish</c>, or <c>draft</c>, <c>pending</c>, <c>private</c>.</summary>
    public string Status { get; internal set; } = "publish";
    public string Item => Parent == 0 ? $"{Id}" : $"{Parent}/{Id}";
}
