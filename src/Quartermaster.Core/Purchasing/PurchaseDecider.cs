using Quartermaster.Core.Connecting;
using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Purchasing;

/// <summary>Decides what becomes of a purchase order: proposed, changed, approved, received, closed.</summary>
public static class PurchaseDecider
{
    /// <summary>How long after its day an order is late: carriers deliver until the evening, and people book it the next morning.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromDays(1);

    private const string LateCase = "late", NotSentCase = "not_sent", NotBookedCase = "not_booked", DueTimer = "due";

    public static Decision Decide(PurchaseOrder state, PurchaseSignal signal, Situation s) => (signal, state.State) switch
    {
        (PurchaseSignal.Proposed p, PurchaseState.Unknown) => Decision.Of(new PurchaseEvent.Drafted(p.Supplier, p.Location, OnePerSku(p.Lines), p.By, s.At)).Because($"Proposed by {p.By}."),
        (PurchaseSignal.Proposed p, PurchaseState.Draft) => Extend(state, p),
        (_, PurchaseState.Unknown) => Decision.Ignore("There is no such purchase order."),
        (PurchaseSignal.Proposed, _) => Decision.Ignore("It is decided on already; what is still needed is proposed anew."),
        (PurchaseSignal.QuantitiesSet q, PurchaseState.Draft) => SetQuantities(state, q),
        (PurchaseSignal.ApproveAsked a, PurchaseState.Draft) => Approve(state, a, s),
        (PurchaseSignal.RejectAsked r, PurchaseState.Draft) => Decision.Of(new PurchaseEvent.Rejected(r.Reason, r.By, s.At)).Because($"{r.By} rejected it: {r.Reason}"),
        (PurchaseSignal.QuantitiesSet or PurchaseSignal.ApproveAsked or PurchaseSignal.RejectAsked, _) => Decision.Ignore("It is decided on already."),
        (PurchaseSignal.GoodsReceived g, _) => Receive(state, g),
        (PurchaseSignal.DateSet d, PurchaseState.Ordered) => Reschedule(state, d, s),
        (PurchaseSignal.CloseAsked c, PurchaseState.Ordered) => CloseShort(state, c),
        (PurchaseSignal.FellDue, PurchaseState.Ordered) => FallDue(state, s),
        _ => Decision.Ignore("Nothing of it is expected."),
    };

    public static Decision Settle(PurchaseOrder state, EffectSettled settled) => settled.EffectKind == DraftKind ? Booked(state, settled.Outcome) : Written(state, settled.Outcome);

    private static readonly string DraftKind = Wire.KindOf(typeof(PurchaseEffect.Draft));

    private static Decision Booked(PurchaseOrder state, Outcome outcome) => outcome switch
    {
        Outcome.Done or Outcome.AlreadyDone when state.BookedAs is not null => Decision.Ignore("That the books have it is known."),
        Outcome.Done or Outcome.AlreadyDone => Decision.Of(new PurchaseEvent.Booked((outcome as Outcome.Done)?.RemoteId ?? (outcome as Outcome.AlreadyDone)?.RemoteId ?? "")).Tell(new CaseChange.Closed(NotBookedCase)).Because("The books have it."),
        _ => Decision.Ignore($"The books do not have it: {Outcome.Words(outcome)}").Tell(new CaseChange.Opened(NotBookedCase, "purchase.not_booked",
            "The accounting system does not have the purchase order", $"{Outcome.Words(outcome)}. It counts as ordered all the same: mend what it says and try the effect again, or enter it there.")),
    };

    private static Decision Written(PurchaseOrder state, Outcome written) => written switch
    {
        Outcome.Done or Outcome.AlreadyDone when state.Sent => Decision.Ignore("That it was sent is known."),
        Outcome.Done or Outcome.AlreadyDone => Decision.Of(new PurchaseEvent.Sent(state.Supplier?.Email ?? "")).Tell(new CaseChange.Closed(NotSentCase)).Because("The supplier's mailbox took it."),
        var outcome => Decision.Ignore($"The supplier was not written to: {Outcome.Words(outcome)}").Tell(new CaseChange.Opened(NotSentCase, "purchase.not_sent",
            $"The supplier does not have the purchase order", $"{Outcome.Words(outcome)}. Download it on its page and send it yourself; it counts as ordered.")),
    };

    public static PurchaseOrder Evolve(PurchaseOrder state, PurchaseEvent e) => e switch
    {
        PurchaseEvent.Drafted d => new PurchaseOrder { State = PurchaseState.Draft, Supplier = d.Supplier, Location = d.Location, Lines = d.Lines, DraftedAt = d.At },
        PurchaseEvent.Extended x => state with { Lines = [.. state.Lines ?? [], .. x.Lines] },
        PurchaseEvent.Changed c => state with { Lines = [.. (state.Lines ?? []).Select(l => c.Lines.FirstOrDefault(q => q.Sku == l.Sku) is { } set ? l with { Quantity = set.Quantity } : l)] },
        PurchaseEvent.Ordered o => state with { State = PurchaseState.Ordered, DecidedBy = o.By, DecidedAt = o.At, ExpectedAt = o.ExpectedAt },
        PurchaseEvent.Rejected r => state with { State = PurchaseState.Rejected, DecidedBy = r.By, DecidedAt = r.At },
        PurchaseEvent.Sent => state with { Sent = true },
        PurchaseEvent.Booked b => state with { BookedAs = b.RemoteId },
        PurchaseEvent.Rescheduled r => state with { ExpectedAt = r.ExpectedAt, Late = false },
        PurchaseEvent.WasLate => state with { Late = true },
        PurchaseEvent.Received r => state with { Lines = [.. (state.Lines ?? []).Select(l => Add(l, r.Lines))], Receipts = [.. state.Receipts ?? [], r.ReceiptId] },
        PurchaseEvent.Completed => state with { State = PurchaseState.Received, Late = false },
        PurchaseEvent.ClosedShort => state with { State = PurchaseState.ClosedShort, Late = false },
        _ => throw new System.Diagnostics.UnreachableException(e.GetType().Name),
    };

    private static Decision Extend(PurchaseOrder state, PurchaseSignal.Proposed p)
    {
        var fresh = OnePerSku(p.Lines).FindAll(l => state.Line(l.Sku) is null);
        return fresh.Count == 0 ? Decision.Ignore("All of it is on the draft already.") : Decision.Of(new PurchaseEvent.Extended(fresh, p.By)).Because($"{p.By} added {fresh.Count} to the draft.");
    }

    private static Decision SetQuantities(PurchaseOrder state, PurchaseSignal.QuantitiesSet q)
    {
        List<LineQuantity> changed = [];
        foreach (var set in q.Lines)
            if (state.Line(set.Sku) is { } line && set.Quantity >= 0 && line.Quantity != set.Quantity && !changed.Exists(c => c.Sku == set.Sku)) changed.Add(set);
        return changed.Count == 0 ? Decision.Ignore("Nothing is different.") : Decision.Of(new PurchaseEvent.Changed(changed, q.By)).Because($"{q.By} changed {changed.Count} of its quantities.");
    }

    private static Decision Approve(PurchaseOrder state, PurchaseSignal.ApproveAsked a, Situation s)
    {
        var lead = 0;
        var units = 0L;
        foreach (var line in state.Lines ?? [])
        {
            if (line.Quantity == 0) continue;
            units += line.Quantity;
            lead = int.Max(lead, line.LeadDays ?? state.Supplier!.LeadDays);
        }
        if (units == 0) return Decision.Ignore("Nothing is left on it; reject it instead.");
        // Whoever names a day that is over names it by mistake: it would be late at once.
        var expected = a.ExpectedAt is { } named && named > s.At ? named : s.At.AddDays(lead);
        return Decision.Of(new PurchaseEvent.Ordered(a.By, s.At, expected)).At(Due(expected)).Because($"{a.By} approved it; {units} units are expected on {s.Terms.DayOf(expected):yyyy-MM-dd}.");
    }

    private static Decision Reschedule(PurchaseOrder state, PurchaseSignal.DateSet d, Situation s) => state.ExpectedAt == d.ExpectedAt
        ? Decision.Ignore("It is expected then already.")
        : Decision.Of(new PurchaseEvent.Rescheduled(d.ExpectedAt, d.By)).At(Due(d.ExpectedAt)).Tell(new CaseChange.Closed(LateCase)).Because($"{d.By} expects it on {s.Terms.DayOf(d.ExpectedAt):yyyy-MM-dd} now.");

    private static Decision FallDue(PurchaseOrder state, Situation s)
    {
        if (state.Late || state.ExpectedAt is not { } expected) return Decision.Ignore("That it is late is known.");
        if (s.At < expected + Grace) return Decision.Ignore("It is expected later by now.");
        return Decision.Of(new PurchaseEvent.WasLate(expected)).Because("Not everything has come.").Tell(new CaseChange.Opened(LateCase, "purchase.late",
            $"{s.Stream.Id} from {state.Supplier?.Title} should have come by {s.Terms.DayOf(expected):yyyy-MM-dd}",
            $"Missing: {Names(state)}. Ask the supplier and set the day they name, book what has come, or close it short."));
    }

    private static Decision Receive(PurchaseOrder state, PurchaseSignal.GoodsReceived g)
    {
        if (state.Receipts?.Contains(g.ReceiptId) == true) return Decision.Ignore("This receipt was booked before.");
        if (state.State is PurchaseState.Draft or PurchaseState.Rejected)
            return Decision.Ignore("Nobody has approved it; nothing was booked.").Tell(NotOrdered(g, "Nobody has approved this purchase order, and goods came for it"));
        var known = Merge(g.Lines).FindAll(l => state.Line(l.Sku) is not null);
        var strange = g.Lines.Where(l => state.Line(l.Sku) is null).ToList();
        var decision = known.Count == 0 ? Decision.Ignore("None of these SKUs is on it.") : Decision.Of(new PurchaseEvent.Received(g.ReceiptId, known, g.At, g.By)).Because(Words(known, g.By));
        if (strange.Count > 0) decision = decision.Tell(NotOrdered(g with { Lines = strange }, "Goods came that are not on this purchase order"));
        if (state.State != PurchaseState.Ordered || known.Count == 0) return decision;
        foreach (var line in state.Lines!)
            if (Add(line, known).Missing > 0) return decision;
        return decision.And(Decision.Of(new PurchaseEvent.Completed()).At(NoLongerDue).Tell(new CaseChange.Closed(LateCase)).Because("Everything has come."));
    }

    private static Decision CloseShort(PurchaseOrder state, PurchaseSignal.CloseAsked c) =>
        Decision.Of(new PurchaseEvent.ClosedShort([.. state.Lines!.Where(l => l.Missing > 0).Select(l => new LineQuantity(l.Sku, l.Missing))], c.Reason, c.By))
            .At(NoLongerDue).Tell(new CaseChange.Closed(LateCase)).Because($"{c.By} waits for nothing more of it: {c.Reason}");

    private static CaseChange NotOrdered(PurchaseSignal.GoodsReceived g, string title) => new CaseChange.Opened($"not_ordered/{g.ReceiptId}", "purchase.not_ordered", title,
        $"{string.Join(", ", g.Lines.Select(l => $"{l.Units + l.Damaged} × {l.Sku}"))} (receipt {g.ReceiptId}, {g.By}). Nothing was added for them: count the shelf, or book them where they belong.");

    private static PurchaseLine Add(PurchaseLine line, IReadOnlyList<ReceivedLine> came)
    {
        foreach (var one in came)
            if (one.Sku == line.Sku) line = line with { Received = line.Received + one.Units, Damaged = line.Damaged + one.Damaged };
        return line;
    }

    /// <summary>One entry per SKU; entries of nothing, or of less than nothing, are none.</summary>
    private static List<ReceivedLine> Merge(IReadOnlyList<ReceivedLine> lines) =>
        [.. lines.Where(l => l.Units >= 0 && l.Damaged >= 0 && l.Units + l.Damaged > 0).GroupBy(l => l.Sku).Select(g => new ReceivedLine(g.Key, g.Sum(l => l.Units), g.Sum(l => l.Damaged)))];

    private static List<PurchaseLine> OnePerSku(IReadOnlyList<PurchaseLine> lines) => [.. lines.DistinctBy(l => l.Sku)];

    private static Timer Due(DateTimeOffset expected) => new(DueTimer, expected + Grace, new PurchaseSignal.FellDue());

    private static readonly Timer NoLongerDue = new(DueTimer, DateTimeOffset.UnixEpoch, null);

    private static string Names(PurchaseOrder state) => string.Join(", ", state.Lines!.Where(l => l.Missing > 0).Take(10).Select(l => $"{l.Missing} × {l.Sku}"));

    private static string Words(List<ReceivedLine> lines, string by)
    {
        var (units, damaged) = (lines.Sum(l => l.Units), lines.Sum(l => l.Damaged));
        return damaged == 0 ? $"{by} received {units} units." : $"{by} received {units} units, and {damaged} that cannot be sold.";
    }
}
