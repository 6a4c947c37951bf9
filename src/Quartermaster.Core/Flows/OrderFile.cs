using System.Text.Json.Serialization;
using Quartermaster.Core.Books;
using Quartermaster.Core.Fulfilment;
using Quartermaster.Core.Labels;
using Quartermaster.Core.Messages;
using Quartermaster.Core.Orders;
using Quartermaster.Core.Shipping;
using Quartermaster.Core.Stock;

namespace Quartermaster.Core.Flows;

/// <summary>Everything we know of one order: one slice per capability, each changed only by its own decider.</summary>
/// <param name="Labels">Null while no label was ever wanted.</param>
public sealed record OrderFile(Order Order, Allocation Stock, Handoff Fulfilment, Parcels Shipping, Ledger Books, Correspondence Messages, LabelBook? Labels = null)
{
    public static readonly OrderFile Empty = new(Order.Unknown, Allocation.Nothing, Handoff.None, Parcels.None, Ledger.Empty, Correspondence.Silent);

    /// <summary>Its shopper was erased: what a channel says of the person is not taken in any more.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Erased { get; init; }

    /// <summary>Units that have still to leave: promised, less what left in our parcels and elsewhere. What a warehouse has to send counts as still wanted.</summary>
    public List<Wanted> StillWanted()
    {
        List<Wanted> wanted = [];
        if (Order.Facts is not { } facts || Order.CancelRefused || Order.Ended) return wanted;
        foreach (var line in facts.Lines)
        {
            if (!line.RequiresShipping || Order.IsUnread(line.LineId)) continue;
            var left = Order.Promised(line) - Order.SentElsewhere(line.LineId);
            if (Order.MeantOf(line.LineId) is { } meant) Add(wanted, line, meant, left);
            else if (left - Fulfilment.SentOf(line.LineId) is > 0 and var units && line.Sku.Length > 0) wanted.Add(new(line.LineId, line.Sku, units, line.Grams));
        }
        return wanted;
    }

    private void Add(List<Wanted> wanted, OrderLine line, MeantLine meant, int units)
    {
        foreach (var part in meant.Parts)
            if (LineUnits.Of(units, part) - Fulfilment.SentOf(meant.IdOf(part)) is > 0 and var left) wanted.Add(new(meant.IdOf(part), part.Sku, left, line.Grams / meant.UnitsEach));
    }

    /// <summary>Released, and all that is to be handed off is reserved: what was let go since is somebody else's by now.</summary>
    public bool MayHandOff(HandoffOrder order)
    {
        if (Order.Phase != OrderPhase.Released) return false;
        foreach (var line in order.Lines)
            if (Stock.HeldAt(new(line.LineId, line.Sku, line.Quantity, order.Location)) < line.Quantity) return false;
        return true;
    }

    /// <summary>Units of a line, as it was sold, of which every part left in our parcels.</summary>
    public int LeftOf(string lineId)
    {
        if (Order.MeantOf(lineId) is not { IsKit: true } kit) return Fulfilment.SentOf(lineId);
        var whole = int.MaxValue;
        foreach (var part in kit.Parts) whole = int.Min(whole, Fulfilment.SentOf(kit.IdOf(part)) / part.Units);
        return whole;
    }

    /// <summary>Something of it left, be it one part: what the line means is settled.</summary>
    public bool HasBegun(string lineId)
    {
        foreach (var parcel in Fulfilment.Parcels ?? [])
            foreach (var line in parcel.Lines)
                if (MeantLine.IsOf(line.LineId, lineId)) return true;
        return false;
    }

    /// <summary>A warehouse has something of it to send, be it one part.</summary>
    public bool IsAtWarehouse(string lineId)
    {
        foreach (var t in Fulfilment.Tries ?? [])
            foreach (var line in t.Lines)
                if (t.IsOpen && MeantLine.IsOf(line.LineId, lineId)) return true;
        return false;
    }

    /// <summary>Locations that would not, or could not, send this order as it is now.</summary>
    public List<string> Refusers() => [.. TurnedDownBy().Union((Missed() ?? []).Select(m => m.Location))];

    /// <summary>Locations that would not. Changed or released anew, it may be asked of everybody again.</summary>
    public List<string> TurnedDownBy()
    {
        List<string> refusers = [];
        foreach (var t in Fulfilment.Tries ?? [])
            if (t.Revision == Order.Revision && t.Phase == TryPhase.TurnedDown && !refusers.Contains(t.Location)) refusers.Add(t.Location);
        return refusers;
    }

    /// <summary>Where units that it still wants were looked for in vain, and when last; null for nearly every order.</summary>
    public List<NotFoundAt>? Missed()
    {
        List<NotFoundAt>? missed = null;
        foreach (var t in Fulfilment.Tries ?? [])
            foreach (var sku in (t.Revision == Order.Revision ? t.ShortOf : null) ?? [])
            {
                if (!IsMissing(sku)) continue;
                var found = new NotFoundAt(t.Location, sku, t.ShortAt ?? DateTimeOffset.MinValue);
                if ((missed ??= []).FindIndex(m => m.Location == found.Location && m.Sku == found.Sku) is >= 0 and var at) missed[at] = found.Since > missed[at].Since ? found : missed[at];
                else missed.Add(found);
            }
        return missed;
    }

    /// <summary>It is still wanted, and no warehouse has it to send.</summary>
    private bool IsMissing(string sku)
    {
        foreach (var line in StillWanted())
            if (line.Sku == sku && line.Quantity > Fulfilment.ToSendOf(line.LineId)) return true;
        return false;
    }

    /// <summary>At least one parcel of ours left.</summary>
    [JsonIgnore]
    public bool HasSent
    {
        get
        {
            foreach (var parcel in Fulfilment.Parcels ?? [])
                if (parcel.Lines.Count > 0) return true;
            return false;
        }
    }
}
