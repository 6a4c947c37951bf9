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

    /// <summary>Units that have still to leave: promised, less what left in our parcels and elsewhere. What a warehouse has to send counts as still wanted.</summary>
    public List<Wanted> StillWanted()
    {
        List<Wanted> wanted = [];
        if (Order.Facts is not { } facts || Order.CancelRefused || Order.Ended) return wanted;
        foreach (var line in facts.Lines)
        {
            if (!line.RequiresShipping) continue;
            var left = Order.Promised(line) - Fulfilment.SentOf(line.LineId) - Order.SentElsewhere(line.LineId);
            if (left > 0 && Order.SkuOf(line) is { Length: > 0 } sku) wanted.Add(new(line.LineId, sku, left, line.Grams));
        }
        return wanted;
    }

    /// <summary>Locations that would not, or could not, send this order as it is now. Changed or released anew, it may be asked of everybody again.</summary>
    public List<string> Refusers()
    {
        List<string> refusers = [];
        foreach (var t in Fulfilment.Tries ?? [])
            if (t.Revision == Order.Revision && (t.Phase == TryPhase.TurnedDown || IsMissing(t.ShortOf)) && !refusers.Contains(t.Location)) refusers.Add(t.Location);
        return refusers;
    }

    /// <summary>One of these SKUs is still wanted and no warehouse has it to send.</summary>
    private bool IsMissing(IReadOnlyList<string>? skus)
    {
        if (skus is null) return false;
        foreach (var line in StillWanted())
            if (skus.Contains(line.Sku) && line.Quantity > Fulfilment.ToSendOf(line.LineId)) return true;
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
