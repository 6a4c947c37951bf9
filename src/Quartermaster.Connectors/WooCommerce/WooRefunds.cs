using System.Text.Json;
using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Orders;

namespace Quartermaster.Connectors.WooCommerce;

/// <summary>What refunds took off an order.</summary>
/// <remarks>
/// An order's lines and total never change by a refund here; what the shopper still gets and owes is the order less its refunds. Only lines
/// whose units were refunded are taken off, with the money that was given for them: all other money is goodwill and leaves the order as it is.
/// </remarks>
internal static class WooRefunds
{
    /// <param name="Net">Money given back for the units, without tax.</param>
    public readonly record struct Gone(int Units, decimal Net, decimal Tax);

    /// <summary>Refunded units and their money by line of the order.</summary>
    public static IReadOnlyDictionary<string, Gone> Removed(IEnumerable<RefundBody> refunds)
    {
        var gone = new Dictionary<string, Gone>(StringComparer.Ordinal);
        foreach (var (line, units) in refunds.SelectMany(LinesOf))
        {
            var before = gone.GetValueOrDefault(line);
            gone[line] = new(before.Units + units.Units, before.Net + units.Net, before.Tax + units.Tax);
        }
        return gone;
    }

    // Whether goods came back is not told: the shop's own "restock" box is ticked before anything has arrived. The warehouse's count brings them.
    public static OrderSignal.RefundReported SignalOf(RefundBody refund, OrderBody order, OrderFacts facts) => new(
        WooInbound.Body.Id(refund.Id, "refunds.id"), Math.Abs(WooInbound.Body.Amount(refund.Amount, "refunds.amount")), facts.Currency,
        (refund.DateCreatedGmt ?? order.DateModifiedGmt ?? facts.UpdatedAt).ToUniversalTime(),
        [.. LinesOf(refund).Select(l => new RefundedLine(l.Line, l.Gone.Units, false, null, l.Gone.Net + (facts.TaxesIncluded ? l.Gone.Tax : 0m), l.Gone.Tax))],
        string.IsNullOrWhiteSpace(refund.Reason) ? null : refund.Reason.Trim());

    private static IEnumerable<(string Line, Gone Gone)> LinesOf(RefundBody refund)
    {
        foreach (var line in (refund.LineItems ?? []).OfType<LineBody>())
        {
            // A refund's lines are copies with ids of their own and everything negative; a hidden note names the line that they are of.
            if (line.MetaData?.FirstOrDefault(m => m.Key == "_refunded_item_id") is not { } of || TextOf(of.Value) is not { Length: > 0 } id) continue;
            if (line.Quantity is not (< 0 and > int.MinValue)) continue;
            yield return (id, new Gone(WooInbound.Body.Units(-line.Quantity, "refunds.line_items.quantity"),
                Math.Abs(WooInbound.Body.Amount(line.Total ?? 0m, "refunds.line_items.total")), Math.Abs(WooInbound.Body.Amount(line.TotalTax ?? 0m, "refunds.line_items.total_tax"))));
        }
    }

    private static string? TextOf(JsonElement value)
    {
        try
        {
            return value.ValueKind switch { JsonValueKind.String => value.GetString(), JsonValueKind.Number => value.GetRawText(), _ => null };
        }
        catch (InvalidOperationException)
        {
            // Bytes that are no text; an element decodes them only now.
            return null;
        }
    }
}
