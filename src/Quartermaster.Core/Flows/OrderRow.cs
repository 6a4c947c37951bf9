using Quartermaster.Core.Books;
using Quartermaster.Core.Fulfilment;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Labels;
using Quartermaster.Core.Orders;
using Quartermaster.Core.Shipping;

namespace Quartermaster.Core.Flows;

/// <summary>What lists and searches show of an order.</summary>
public static class OrderRow
{
    /// <summary>Every word that <see cref="Status"/> has, in the order in which an order goes through them.</summary>
    public static readonly IReadOnlyList<string> Statuses =
        ["placed", "held", "released", "backordered", "preordered", "allocated", "submitted", "accepted", "partly_shipped", "shipped", "delivered", "closed", "returned", "failed", "cancelled"];

    /// <summary>No warehouse has anything of these, so what their codes mean can still change.</summary>
    public static readonly IReadOnlyList<string> NotAtWarehouse = ["placed", "held", "released", "backordered", "preordered", "failed"];

    public static StreamRow? Of(OrderFile file)
    {
        if (file.Order.Facts is not { } facts) return null;
        var units = 0;
        foreach (var line in facts.Lines) units += line.Quantity;
        var to = file.Order.ShipTo;
        return new(facts.Number, Status(file), facts.Channel, facts.Currency, facts.Total, facts.PlacedAt,
            facts.Buyer.Name ?? to?.Name, facts.Buyer.Email, facts.Buyer.Phone ?? to?.Phone, to?.Country, Location(file), units, Attention(file), file.Order.Ended, Terms(file, facts), file.Order.Shadow == Shadowing.InShadow, PriceOfOrder.Kept(file.Order));
    }

    /// <summary>The order's state in one word, read from the slices; the furthest point reached wins, except that an end beats everything.</summary>
    /// <remarks>
    /// <c>placed</c> heard of · <c>held</c> waits for a reason to go away · <c>released</c> may take stock · <c>backordered</c> waits for stock · <c>preordered</c> waits for goods on their way that are its own ·
    /// <c>allocated</c> reserved, the warehouse does not have it yet · <c>submitted</c> the warehouse has received it · <c>accepted</c> it took it on ·
    /// <c>partly_shipped</c> · <c>shipped</c> all parcels left · <c>delivered</c> all arrived · <c>returned</c> a parcel is going back ·
    /// <c>failed</c> nobody would send it and nothing waits · <c>cancelled</c> · <c>closed</c>.
    /// </remarks>
    public static string Status(OrderFile file) => file.Order.Phase switch
    {
        OrderPhase.Cancelled => "cancelled",
        OrderPhase.Closed or OrderPhase.History => "closed",
        OrderPhase.Open when file.HasSent => Sent(file),
        OrderPhase.Open => file.Order.IsHeld ? "held" : "placed",
        _ => file.HasSent || file.Order.Elsewhere is not null ? Sent(file) : AtWarehouse(file),
    };

    private static string Sent(OrderFile file)
    {
        if (file.Fulfilment.IsOpen || file.StillWanted().Count > 0) return "partly_shipped";
        var delivered = true;
        foreach (var parcel in file.Shipping.All ?? [])
        {
            if (parcel is { Last: ScanStatus.ReturnedToOrigin, End: null }) return "returned";
            if (parcel.IsKnown) delivered &= parcel.End is { } end ? end == ParcelEnd.Arrived : parcel.Delivered;
        }
        return delivered && file.HasSent ? "delivered" : "shipped";
    }

    private static string AtWarehouse(OrderFile file)
    {
        if (file.Stock.IsWaiting) return file.Stock.Expected is null ? "backordered" : "preordered";
        var status = "released";
        foreach (var t in file.Fulfilment.Tries ?? [])
            if (t.IsOpen)
                status = t.Phase switch { TryPhase.Planned => "allocated", TryPhase.Submitted => "submitted", _ => "accepted" };
        return status == "released" && file.Stock.Open is null && file.Fulfilment.Tries is not null && file.StillWanted().Count > 0 ? "failed" : status;
    }

    /// <summary>Codes for which the order waits, with units and title; none in nearly every order.</summary>
    public static IReadOnlyList<(string Code, string Title, int Units)> UnknownCodes(object state)
    {
        if (state is not OrderFile { Order: { Meant: { } meant, Facts: { } facts } order } || !order.Has(HoldKind.UnknownCode)) return [];
        List<(string Code, string Title, int Units)> codes = [];
        foreach (var line in facts.Lines)
        {
            if (!LineCodes.IsReadable(line) || !meant.Any(m => m.IsUnknown && m.LineId == line.LineId)) continue;
            var at = codes.FindIndex(c => c.Code == line.Sku);
            if (at < 0) codes.Add((line.Sku, line.Title, line.Quantity));
            else codes[at] = codes[at] with { Units = codes[at].Units + line.Quantity };
        }
        return codes;
    }

    /// <summary>Why it needs a person, the most pressing reason first; null when it does not.</summary>
    private static string? Attention(OrderFile file)
    {
        if (file.Order.Phase == OrderPhase.History) return null;
        foreach (var (key, why) in Troubles(file))
            if (file.Order.DealtWith?.Contains(key) != true) return why;
        if (file.Stock.IsWaiting && file.Refusers() is [var refuser, ..]) return $"{refuser} could not send it and no other location has it.";
        return file.Order.Holds is [var hold, ..] ? hold.Reason : null;
    }

    /// <summary>What is wrong with it now, with the key of the case that says so.</summary>
    private static IEnumerable<(string Case, string Why)> Troubles(OrderFile file)
    {
        if (file.Order.CancelRefused && !file.Order.Ended) yield return (OrderDecider.TooLateCase, "Cancelled after the goods had left.");
        foreach (var label in file.Labels?.All ?? [])
            if (label.Phase == LabelPhase.Refused) yield return (LabelDecider.CaseKey(label), $"No label could be bought: {label.Why}");
        foreach (var parcel in file.Fulfilment.Parcels ?? [])
        {
            if (parcel.WriteBack == WriteBack.NotNeeded) yield return (SentParcel.SurplusCase(parcel.Id), $"Parcel {parcel.Id} was not expected.");
            if (parcel.Confirmed is [_, _, ..]) yield return (SentParcel.AgainCase(parcel.Id), $"More was confirmed under the number of parcel {parcel.Id}.");
            if (parcel.WriteBack == WriteBack.Failed) yield return (SentParcel.WriteBackCase(parcel.Id), $"The channel does not know of parcel {parcel.Id}.");
        }
        foreach (var parcel in file.Shipping.All ?? [])
        {
            if (parcel.End is not null) continue;
            if (parcel.Last == ScanStatus.ReturnedToOrigin) yield return (Followed.TroubleCase(parcel.Id), $"Parcel {parcel.Id} is going back to the sender.");
            else if (parcel is { Delivered: false, Last: ScanStatus.Exception or ScanStatus.HeldAtCustoms or ScanStatus.FailedAttempt }) yield return (Followed.TroubleCase(parcel.Id), $"The carrier has trouble with parcel {parcel.Id}.");
            else if (parcel.IsSilent) yield return (Followed.SilentCase(parcel.Id), $"Parcel {parcel.Id} has not been scanned for longer than usual.");
            if (parcel.Delivered) continue;
            foreach (var raw in parcel.Strange ?? []) yield return (Followed.StrangeCase(parcel.Id, raw), $"The carrier sent '{raw}', which nobody has mapped.");
        }
        foreach (var invoice in file.Books.Invoices ?? [])
        {
            if (invoice.Booking == Booking.InReview) yield return (Invoice.CaseOf(invoice.Number), $"Invoice {invoice.Number} does not come to the order's total.");
            if (invoice.Booking == Booking.NotBooked) yield return (Invoice.CaseOf(invoice.Number), $"Invoice {invoice.Number} was not booked.");
        }
    }

    private static string? Location(OrderFile file) =>
        file.Fulfilment.Tries is [.., var last] ? last.Location : null;

    private static List<string> Terms(OrderFile file, OrderFacts facts)
    {
        var terms = new List<string>(8);
        // The number without its mark: a search takes the mark off too. The channel's own id is the stream's key and needs no entry.
        Add(facts.Number.TrimStart('#'));
        // People read the number without the shop's prefix to each other.
        Add(LongestDigits(facts.Number));
        Add(facts.Buyer.Name ?? file.Order.ShipTo?.Name);
        Add(facts.Buyer.Email);
        // Only where orders are scored is a buyer looked for under other addresses of the same mailbox.
        if (file.Order.Risk is not null && facts.Buyer.Email is { Length: > 0 } email && Mailbox.Of(email) is var mailbox && !string.Equals(mailbox, email, StringComparison.OrdinalIgnoreCase)) Add(Mailbox.TermOf(mailbox));
        Add(facts.Buyer.Phone ?? file.Order.ShipTo?.Phone);
        foreach (var line in facts.Lines)
        {
            Add(line.Sku);
            foreach (var part in file.Order.MeantOf(line.LineId)?.Parts ?? []) Add(part.Sku);
        }
        foreach (var parcel in file.Shipping.All ?? []) Add(parcel.Id);
        foreach (var label in file.Labels?.All ?? []) Add(label.ParcelId);
        return terms;

        void Add(string? term)
        {
            if (term is not { Length: > 0 }) return;
            var lower = term.ToLowerInvariant();
            if (!terms.Contains(lower)) terms.Add(lower);
        }
    }

    private static string LongestDigits(string number)
    {
        var (from, longest) = (0, 0);
        for (int i = 0, run = 0; i < number.Length; i++)
        {
            run = char.IsAsciiDigit(number[i]) ? run + 1 : 0;
            if (run >= longest) (from, longest) = (i + 1 - run, run);
        }
        return number.Substring(from, longest);
    }
}
