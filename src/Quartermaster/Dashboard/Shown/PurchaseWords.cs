using System.Globalization;
using System.Text;
using Quartermaster.Core.Purchasing;
using Quartermaster.Dashboard.Actions;

namespace Quartermaster.Dashboard.Shown;

/// <summary>The dashboard's words for purchase orders and for what sells.</summary>
public static class PurchaseWords
{
    public static readonly IReadOnlyList<(string Value, string Label)> Filters =
        [("", "Open"), ("draft", "Drafts"), ("ordered", "On order"), ("received", "Received"), ("closed_short", "Closed short"), ("rejected", "Rejected"), ("all", "All")];

    public static string Link(string brand, string number) => $"/purchasing/{Uri.EscapeDataString(brand)}/{Uri.EscapeDataString(number)}";

    public static Badge State(string state, bool late) => state switch
    {
        "draft" => new("Draft", "yellow", "pencil", "Proposed; a person approves or rejects it."),
        "ordered" when late => new("Late", "red", "clock", "It should have come by now."),
        "ordered" => new("On order", "blue", "truck", "Approved; its units are expected."),
        "received" => new("Received", "green", "circle-check", "Everything has come."),
        "closed_short" => new("Closed short", "secondary", "circle-x", "Not everything has come, and nobody waits for the rest."),
        _ => new("Rejected", "secondary", "x", "A person turned the draft down."),
    };

    /// <summary>Days that stock lasts.</summary>
    public static string Cover(decimal? days) => days switch
    {
        null => "–",
        > 365 => "over a year",
        { } d => d.ToString(d < 10 ? "0.#" : "0", CultureInfo.InvariantCulture) + (d == 1 ? " day" : " days"),
    };

    public static string Packs(PurchaseLine line) => line.Quantity % line.Pack == 0 ? Words.Count(line.Quantity / line.Pack, "pack") : "not whole packs";

    /// <summary>From where on a SKU is low.</summary>
    public static string Lines(SkuTerms terms) => (terms.LowUnits, terms.LowDays) switch
    {
        ({ } units, { } days) => $"{Words.Count(units, "unit")} or {days:0.#} days",
        ({ } units, null) => Words.Count(units, "unit"),
        (null, { } days) => $"{days:0.#} days",
        _ => "the brand's line",
    };

    /// <param name="expected">The day on the brand's calendar.</param>
    public static string Csv(string number, PurchaseOrder order, DateOnly? expected)
    {
        var text = new StringBuilder("purchase_order,sku,supplier_sku,units,unit_cost,currency,deliver_to,expected\r\n");
        foreach (var line in order.Lines!)
            if (line.Quantity > 0)
                text.AppendJoin(',', new[] { number, line.Sku, line.TheirSku, line.Quantity.ToString(CultureInfo.InvariantCulture), line.UnitCost.ToString(CultureInfo.InvariantCulture), order.Supplier!.Currency, order.Location, expected?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) }.Select(Reads.Cell)).Append("\r\n");
        return text.ToString();
    }

    public static Told Tell(PurchaseEvent happened) => happened switch
    {
        PurchaseEvent.Drafted e => new("pencil", "azure", $"Drafted for {e.Location}", $"{e.Supplier.Title}: {Lines(e.Lines)}"),
        PurchaseEvent.Extended e => new("plus", "azure", "More was put on the draft", Lines(e.Lines)),
        PurchaseEvent.Changed e => new("pencil", "azure", "Quantities changed", $"{string.Join(", ", e.Lines.Select(l => $"{l.Quantity} × {l.Sku}"))} (by {e.By})"),
        PurchaseEvent.Ordered e => new("truck", "blue", "Ordered", $"approved by {e.By}"),
        PurchaseEvent.Rejected e => new("x", "secondary", "Rejected", $"{e.Reason} (by {e.By})"),
        PurchaseEvent.Sent e => new("mail", "green", "The supplier has it", e.To),
        PurchaseEvent.Booked e => new("book", "green", "The books have it", e.RemoteId.Length > 0 ? $"as {e.RemoteId}" : null),
        PurchaseEvent.Rescheduled e => new("calendar", "azure", "Another day was set", $"by {e.By}"),
        PurchaseEvent.WasLate => new("clock", "red", "It is late"),
        PurchaseEvent.Received e => new("packages", e.Lines.Any(l => l.Damaged > 0) ? "orange" : "green", "Goods came",
            $"{string.Join(", ", e.Lines.Select(l => l.Damaged == 0 ? $"{l.Units} × {l.Sku}" : $"{l.Units} × {l.Sku} and {l.Damaged} damaged"))} (booked by {e.By})"),
        PurchaseEvent.Completed => new("circle-check", "green", "Everything has come"),
        PurchaseEvent.ClosedShort e => new("circle-x", "secondary", "Closed short", $"without {string.Join(", ", e.Missing.Select(l => $"{l.Quantity} × {l.Sku}"))}: {e.Reason} (by {e.By})"),
        _ => throw new System.Diagnostics.UnreachableException(happened.GetType().Name),
    };

    private static string Lines(IReadOnlyList<PurchaseLine> lines) => string.Join(", ", lines.Take(20).Select(l => $"{l.Quantity} × {l.Sku}")) + (lines.Count > 20 ? $" and {lines.Count - 20} more" : "");
}
