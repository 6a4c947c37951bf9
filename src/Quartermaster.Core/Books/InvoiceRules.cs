using Quartermaster.Core.Kernel;
namespace Quartermaster.Core.Books;

/// <summary>Draws up one invoice so that all invoices of an order come to the channel's total to the cent.</summary>
internal static class InvoiceRules
{
    /// <param name="Difference">What lacks to the expected sum after the rounding line; not zero = a person looks.</param>
    public sealed record Drawn(InvoiceDraft Draft, IReadOnlyList<BilledAmount> Lines, decimal Expected, decimal Difference)
    {
        public bool IsOverNothing => Draft.Lines.All(l => l.Amount == 0 && l.Tax == 0);
    }

    public static Drawn Draw(Ledger ledger, BooksSignal.BillParcel bill, string number, decimal roundingLimit)
    {
        var order = bill.Order;
        List<InvoiceLine> lines = [];
        List<BilledAmount> billed = [];
        foreach (var wanted in bill.Lines)
            if (Find(order, wanted.LineId) is { } line)
            {
                var part = Share(ledger, line, wanted.Quantity, order.Currency);
                billed.Add(part);
                lines.Add(new(line.Title, line.Sku, wanted.Quantity, part.Amount, part.Tax, InvoiceLineKind.Goods));
            }

        if (ledger.Invoices is null)
        {
            var tax = order.Tax;
            foreach (var line in order.Lines) tax -= line.Tax;
            if (order.Shipping != 0) lines.Add(new("Shipping", null, 1, order.Shipping, decimal.Max(0, tax), InvoiceLineKind.Shipping));
        }

        var expected = order.Total - ledger.TakenOff + ledger.CreditedLines - ledger.Billed;
        if (bill.IsLast && ledger.TakenOff != 0) lines.Add(new("Refunded before invoicing", null, 1, -ledger.TakenOff, 0m, InvoiceLineKind.Goods));
        var total = Total(lines, order.TaxesIncluded);
        var difference = bill.IsLast ? expected - total : 0m;
        if (difference != 0 && decimal.Abs(difference) <= roundingLimit)
        {
            lines.Add(new("Rounding", null, 1, difference, 0m, InvoiceLineKind.Rounding));
            (total, difference) = (expected, 0m);
        }
        return new(new InvoiceDraft(number, order.OrderRef, order.Currency, bill.ShippedAt, order.Contact, order.TaxesIncluded, lines, Tax(lines), total), billed, expected, difference);
    }

    /// <summary>A parcel's share of a line. The last units take what is left, so that shares never drift from the line.</summary>
    private static BilledAmount Share(Ledger ledger, PricedLine line, int quantity, string currency)
    {
        var before = ledger.BilledOf(line.LineId);
        if (before.Quantity + quantity >= line.Quantity) return new(line.LineId, quantity, line.Net - before.Amount, line.Tax - before.Tax);
        return new(line.LineId, quantity, Currencies.Round(line.Net * quantity / line.Quantity, currency), Currencies.Round(line.Tax * quantity / line.Quantity, currency));
    }

    private static decimal Total(List<InvoiceLine> lines, bool taxesIncluded)
    {
        var total = 0m;
        foreach (var line in lines) total += line.Amount + (taxesIncluded ? 0m : line.Tax);
        return total;
    }

    private static decimal Tax(List<InvoiceLine> lines)
    {
        var tax = 0m;
        foreach (var line in lines) tax += line.Tax;
        return tax;
    }

    private static PricedLine? Find(PricedOrder order, string lineId)
    {
        foreach (var line in order.Lines)
            if (line.LineId == lineId) return line;
        return null;
    }
}
