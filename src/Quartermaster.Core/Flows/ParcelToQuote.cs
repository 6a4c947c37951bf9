using Quartermaster.Core.Connecting;
using Quartermaster.Core.Fulfilment;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Labels;

namespace Quartermaster.Core.Flows;

/// <summary>A parcel of an order, as carriers are asked what it would cost: one for each location that is to send something.</summary>
/// <param name="Location">Where it would leave.</param>
/// <param name="Refused">The hand-off whose label was refused: it may be bought at the price that a person picks. Null = nothing is to be bought.</param>
public sealed record ParcelToQuote(string Location, Consignment Parcel, int? Refused = null)
{
    /// <summary>What warehouses have still to send, or what is reserved for it; of an order that has neither, all of it from the first location that buys labels.</summary>
    /// <remarks>A location without <c>labels</c> has no sender's address to ask with, and is left out.</remarks>
    public static IReadOnlyList<ParcelToQuote> Of(OrderFile file, Situation s)
    {
        if (file.Order.Facts is null) return [];
        List<ParcelToQuote> parcels = [];
        foreach (var (location, lines, collect, refused) in Loads(file, s))
            if (lines.Count > 0 && WhenHandoffNeedsALabelBuyIt.TermsOf(location, s) is { } labels)
                parcels.Add(new(location, WhenHandoffNeedsALabelBuyIt.Consignment(file, WhenStockIsReservedHandItOff.Order(file, location, lines, collect, null, s), labels, s), refused));
        return parcels;
    }

    /// <summary>What is in the order, as stock and warehouses call it.</summary>
    public static IReadOnlyList<string> SkusOf(OrderFile file) => [.. (file.Order.Facts?.Lines ?? []).SelectMany(l => LineUnits.Of(file.Order, l.LineId, 1)).Select(u => u.Sku).Distinct()];

    private static List<(string Location, IReadOnlyList<HandoffLine> Lines, decimal? Collect, int? Refused)> Loads(OrderFile file, Situation s)
    {
        List<(string, IReadOnlyList<HandoffLine>, decimal?, int?)> loads = [];
        foreach (var t in file.Fulfilment.Tries ?? [])
            if (t.IsOpen) loads.Add((t.Location, t.Lines, t.Collect, t.AwaitsLabel && file.Labels?.Of(t.Attempt) is { Phase: LabelPhase.Refused } ? t.Attempt : null));
        if (loads.Count > 0) return loads;
        foreach (var held in (file.Stock.Held ?? []).GroupBy(h => h.Location))
            loads.Add((held.Key, WhenStockIsReservedHandItOff.Lines(file, [.. held]), null, null));
        if (loads.Count > 0) return loads;
        foreach (var location in s.Terms.Locations)
            if (location.Labels is not null)
                return [(location.Code, [.. file.Order.Facts!.Lines.Where(l => l.RequiresShipping && l.Quantity > 0).Select(l => new HandoffLine(l.LineId, l.Sku, l.Quantity, l.Title))], null, null)];
        return [];
    }
}
