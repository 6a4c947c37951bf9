using Quartermaster.Core.Flows;
using Quartermaster.Core.Orders;

namespace Quartermaster.Dashboard.Shown;

/// <summary>Some units of a line and where they are now.</summary>
public sealed record Place(string Words, string Tone);

/// <summary>Where the units of an order's line are: reserved, at the warehouse, on their way, waited for.</summary>
public static class OrderPlaces
{
    public static IEnumerable<Place> Of(OrderFile file, OrderLine line)
    {
        if (!line.RequiresShipping)
        {
            yield return new("nothing to ship", "secondary");
            yield break;
        }

        if (file.Order.MeantOf(line.LineId) is { IsUnknown: true } && file.Order.Has(HoldKind.UnknownCode)) yield return new("waits to be explained", "yellow");
        foreach (var parcel in file.Fulfilment.Parcels ?? [])
            foreach (var sent in parcel.Lines.Where(l => MeantLine.IsOf(l.LineId, line.LineId)).GroupBy(l => l.LineId))
            {
                var arrived = file.Shipping.Find(parcel.Id)?.Delivered == true;
                yield return new($"{Units(sent.Sum(l => l.Quantity), sent.Key, line)} {(arrived ? "delivered" : "shipped")} in {parcel.Id}", arrived ? "green" : "purple");
            }

        if (file.Order.SentElsewhere(line.LineId) is > 0 and var elsewhere) yield return new($"{elsewhere} fulfilled at the channel", "orange");
        foreach (var held in (file.Stock.Held ?? []).Where(u => MeantLine.IsOf(u.LineId, line.LineId))) yield return new($"{Units(held.Quantity, held.LineId, line)} reserved at {held.Location}", "blue");
        if (file.Stock.IsWaiting)
            foreach (var waits in (file.Stock.Open?.Lines ?? []).Where(w => MeantLine.IsOf(w.LineId, line.LineId))) yield return new($"{Units(waits.Quantity, waits.LineId, line)} waiting for stock", "orange");
    }

    /// <summary>Units of a part of a kit are told with its SKU.</summary>
    private static string Units(int units, string id, OrderLine line) => id == line.LineId ? $"{units}" : $"{units} × {id[(line.LineId.Length + 1)..]}";
}
