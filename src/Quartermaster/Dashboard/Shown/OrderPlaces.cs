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

        foreach (var parcel in file.Fulfilment.Parcels ?? [])
        {
            var units = parcel.Lines.Where(l => l.LineId == line.LineId).Sum(l => l.Quantity);
            if (units == 0) continue;
            var arrived = file.Shipping.Find(parcel.Id)?.Delivered == true;
            yield return new($"{units} {(arrived ? "delivered" : "shipped")} in {parcel.Id}", arrived ? "green" : "purple");
        }

        if (file.Order.SentElsewhere(line.LineId) is > 0 and var elsewhere) yield return new($"{elsewhere} fulfilled at the channel", "orange");
        foreach (var held in (file.Stock.Held ?? []).Where(u => u.LineId == line.LineId)) yield return new($"{held.Quantity} reserved at {held.Location}", "blue");
        if (file.Stock.IsWaiting && file.Stock.Open?.Lines.Where(w => w.LineId == line.LineId).Sum(w => w.Quantity) is > 0 and var waiting)
            yield return new($"{waiting} waiting for stock", "orange");
    }
}
