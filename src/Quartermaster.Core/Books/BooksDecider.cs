using System.Globalization;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Books;

/// <summary>Decides what is invoiced for a parcel and credited for a refund. Drafts only; nothing is booked that does not add up.</summary>
public static class BooksDecider
{
    public static Decision Decide(Ledger state, BooksSignal signal, Situation s) => signal switch
    {
        BooksSignal.BillParcel when s.Terms.Accounting is null => Decision.Ignore("No accounting is connected; nothing is invoiced."),
        BooksSignal.BillParcel b => state.Find(b.ParcelId) is null ? Bill(state, b, s) : Decision.Ignore($"Parcel {b.ParcelId} is invoiced already."),
        BooksSignal.Credit when s.Terms.Accounting is null => Decision.Ignore("No accounting is connected; nothing is credited."),
        BooksSignal.Credit c => Credit(state, c, s),
        _ => throw new System.Diagnostics.UnreachableException(signal.GetType().Name),
    };

    public static Ledger Evolve(Ledger state, BooksEvent e) => e switch
    {
        BooksEvent.InvoicePlanned p => state with { Currency = p.Currency, Invoices = [.. state.Invoices ?? [], new(p.ParcelId, p.Number, p.Total, p.Lines, Booking.Planned, p.IsLast)] },
        BooksEvent.NeedsReview r => state with { Invoices = [.. state.Invoices ?? [], new(r.ParcelId, r.Number, r.Computed, r.Lines, Booking.InReview, true)] },
        BooksEvent.Invoiced i => Change(state, i.Number, Booking.Booked),
        BooksEvent.Credited c => Change(state, c.Number, Booking.Booked),
        BooksEvent.NotBooked n => Change(state, n.Number, Booking.NotBooked),
        BooksEvent.TakenOff t => state with { Credits = [.. state.Credits ?? [], new(t.RefundId, null, t.Amount, 0m, Booking.Booked)] },
        BooksEvent.CreditPlanned c => state with { Credits = [.. state.Credits ?? [], new(c.RefundId, c.Number, c.Total, c.ForLines, Booking.Planned, c.Lines)] },
        _ => throw new System.Diagnostics.UnreachableException(e.GetType().Name),
    };

    public static Decision Settle(Ledger state, EffectSettled settled, Situation s)
    {
        for (var i = 0; i < (state.Invoices?.Count ?? 0); i++)
            if (settled.EffectKey == EffectKey.Of(s.Stream, "invoice", Ordinal(i))) return Settled(state.Invoices![i], state.Currency!, settled.Outcome);
        foreach (var credit in state.Credits ?? [])
            if (settled.EffectKey == EffectKey.Of(s.Stream, "credit", credit.RefundId)) return Settled(credit, state.Currency ?? s.Terms.Currency, settled.Outcome);
        return Decision.Ignore("No draft waits for this answer.");
    }

    private static Decision Bill(Ledger state, BooksSignal.BillParcel b, Situation s)
    {
        var nth = state.Invoices?.Count ?? 0;
        var number = Number(s, b.Order.Number, nth);
        var drawn = InvoiceRules.Draw(state, b, number, s.Terms.RoundingLimit);
        if (drawn.Difference != 0)
            return Decision.Of(new BooksEvent.NeedsReview(b.ParcelId, number, drawn.Expected, drawn.Draft.Total, drawn.Lines))
                .Tell(new CaseChange.Opened(Invoice.CaseOf(number), "books.needs_review", $"Invoice {number} does not come to the order's total",
                    string.Create(CultureInfo.InvariantCulture, $"The lines come to {drawn.Draft.Total:0.00##} {b.Order.Currency}, but {drawn.Expected:0.00##} is left to bill. Nothing was booked: compare with the channel and enter the invoice by hand.")))
                .Because($"Invoice {number} goes to review: its amounts do not add up.");
        // Given away, or taken out of the order after it had left: a document over nothing says nothing, and accounting systems refuse one.
        if (drawn.IsOverNothing) return Decision.Ignore($"Nothing of parcel {b.ParcelId} is to be paid; nothing is invoiced.");
        return new Decision
        {
            Events = [new BooksEvent.InvoicePlanned(b.ParcelId, number, b.Order.Currency, drawn.Draft.Total, drawn.Lines, b.IsLast)],
            Effects = [new(EffectKey.Of(s.Stream, "invoice", Ordinal(nth)), s.Terms.Accounting!, new BooksEffect.DraftInvoice(drawn.Draft))],
            Note = $"Invoice {number} drafted: {new Money(drawn.Draft.Total, b.Order.Currency)}.",
        };
    }

    private static Decision Credit(Ledger state, BooksSignal.Credit c, Situation s)
    {
        foreach (var known in state.Credits ?? [])
            if (known.RefundId == c.RefundId) return Decision.Ignore($"Refund {c.RefundId} is in the books.");
        List<InvoiceLine> lines = [];
        List<BilledAmount> credited = [];
        decimal forLines = 0m, allLines = 0m;
        foreach (var line in c.Lines)
        {
            allLines += Gross(line.Amount, line.Tax, c.Order);
            if (GivenBack(state, c.Order, line) is not { } back) continue;
            credited.Add(back);
            forLines += Gross(back.Amount, back.Tax, c.Order);
            lines.Add(new($"Refund {c.RefundId}", null, back.Quantity, back.Amount, back.Tax, InvoiceLineKind.Goods));
        }
        // Money beyond the lines: shipping given back, goodwill. Lines that were not billed lower the channel's total by themselves.
        var beyond = decimal.Max(0m, c.Amount - allLines);
        if (state.Invoices is null)
            return beyond == 0 ? Decision.Ignore("Refunded before it was invoiced; the lines are not billed.") : Decision.Of(new BooksEvent.TakenOff(c.RefundId, beyond)).Because("Refunded before it was invoiced; so much less is billed.");
        if (beyond > 0) lines.Add(new("Goodwill", null, 1, beyond, 0m, InvoiceLineKind.Goods));
        return lines.Count == 0 ? Decision.Ignore("These units were not invoiced; nothing is credited.") : Note(c, credited, lines, forLines, forLines + beyond, s);
    }

    private static decimal Gross(decimal amount, decimal tax, PricedOrder order) => amount + (order.TaxesIncluded ? 0m : tax);

    /// <summary>The refunded units of a line that were invoiced: what was billed beyond what is still promised. The others were never billed and are only wanted less.</summary>
    private static BilledAmount? GivenBack(Ledger state, PricedOrder order, CreditedLine line)
    {
        var units = state.BilledOf(line.LineId).Quantity - state.CreditedOf(line.LineId);
        foreach (var promised in order.Lines)
            if (promised.LineId == line.LineId) units -= promised.Quantity;
        units = int.Min(units, line.Quantity);
        if (units <= 0) return null;
        return units == line.Quantity ? new(line.LineId, units, line.Amount, line.Tax)
            : new(line.LineId, units, Currencies.Round(line.Amount * units / line.Quantity, order.Currency), Currencies.Round(line.Tax * units / line.Quantity, order.Currency));
    }

    private static Decision Note(BooksSignal.Credit c, List<BilledAmount> credited, List<InvoiceLine> lines, decimal forLines, decimal total, Situation s)
    {
        var order = c.Order;
        var tax = 0m;
        foreach (var line in lines) tax += line.Tax;
        var number = $"{Number(s, order.Number, 0)}-CR-{c.RefundId}";
        var draft = new InvoiceDraft(number, order.OrderRef, order.Currency, c.At, order.Contact, order.TaxesIncluded, lines, tax, total);
        return new Decision
        {
            Events = [new BooksEvent.CreditPlanned(c.RefundId, number, total, forLines, credited)],
            Effects = [new(EffectKey.Of(s.Stream, "credit", c.RefundId), s.Terms.Accounting!, new BooksEffect.DraftCreditNote(draft))],
            Note = $"Credit note {number} drafted: {new Money(total, order.Currency)}.",
        };
    }

    private static Decision Settled(Invoice invoice, string currency, Outcome outcome) => outcome switch
    {
        Outcome.Done or Outcome.AlreadyDone when invoice.Booking == Booking.Booked => Decision.Nothing,
        Outcome.Done d => Booked(invoice.Number, invoice.Booking, new BooksEvent.Invoiced(invoice.Number, d.RemoteId, invoice.Total, currency, invoice.IsLast)),
        Outcome.AlreadyDone d => Booked(invoice.Number, invoice.Booking, new BooksEvent.Invoiced(invoice.Number, d.RemoteId, invoice.Total, currency, invoice.IsLast)),
        _ => invoice.Booking == Booking.Planned ? NotBooked(invoice.Number, outcome) : Decision.Ignore("The invoice was settled before."),
    };

    private static Decision Settled(CreditNote note, string currency, Outcome outcome) => outcome switch
    {
        Outcome.Done or Outcome.AlreadyDone when note.Booking == Booking.Booked => Decision.Nothing,
        Outcome.Done d => Booked(note.Number!, note.Booking, new BooksEvent.Credited(note.Number!, d.RemoteId, note.Total, currency)),
        Outcome.AlreadyDone d => Booked(note.Number!, note.Booking, new BooksEvent.Credited(note.Number!, d.RemoteId, note.Total, currency)),
        _ => note.Booking == Booking.Planned ? NotBooked(note.Number!, outcome) : Decision.Ignore("The credit note was settled before."),
    };

    private static Decision Booked(string number, Booking before, Event e) =>
        before == Booking.NotBooked ? Decision.Of(e).Tell(new CaseChange.Closed(Invoice.CaseOf(number))) : Decision.Of(e);

    private static Decision NotBooked(string number, Outcome outcome)
    {
        var why = Outcome.Words(outcome);
        return Decision.Of(new BooksEvent.NotBooked(number, why))
            .Tell(new CaseChange.Opened(Invoice.CaseOf(number), "books.not_booked", $"{number} is not in the books", $"{why} Mend the cause and replay the effect, or enter it by hand."))
            .Because($"{number} was not booked: {why}");
    }

    /// <summary><c>#1001</c> → <c>INV-1001</c>, later parcels <c>INV-1001-2</c>; of a second storefront <c>INV-b2b-1001</c>.</summary>
    private static string Number(Situation s, string orderNumber, int nth)
    {
        var number = s.Terms.InvoicePrefix + orderNumber.Replace("#", "", StringComparison.Ordinal);
        return nth == 0 ? number : $"{number}-{Ordinal(nth)}";
    }

    private static string Ordinal(int index) => (index + 1).ToString(CultureInfo.InvariantCulture);

    private static Ledger Change(Ledger state, string number, Booking booking)
    {
        List<Invoice>? invoices = state.Invoices is null ? null : [];
        foreach (var i in state.Invoices ?? []) invoices!.Add(i.Number == number ? i with { Booking = booking } : i);
        List<CreditNote>? credits = state.Credits is null ? null : [];
        foreach (var c in state.Credits ?? []) credits!.Add(c.Number == number ? c with { Booking = booking } : c);
        return state with { Invoices = invoices, Credits = credits };
    }
}
