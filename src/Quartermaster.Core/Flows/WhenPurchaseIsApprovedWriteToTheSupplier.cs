using System.Globalization;
using System.Text;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Messages;
using Quartermaster.Core.Purchasing;

namespace Quartermaster.Core.Flows;

/// <summary>A purchase order was approved: the supplier gets it by e-mail, where both sides have an address.</summary>
internal static class WhenPurchaseIsApprovedWriteToTheSupplier
{
    public static PlannedEffect? React(PurchaseOrder order, Situation s)
    {
        if (order.Supplier is not { Email: { Length: > 0 } to } supplier) return null;
        foreach (var channel in s.Terms.MessageChannels)
            if (channel.Kind == "email")
                return new(EffectKey.Of(s.Stream, "msg", "letter"), channel.Connection, new MessageEffect.Letter(to, supplier.Title, $"Purchase order {s.Stream.Id} from {s.Terms.Title}", Text(order, supplier, s)));
        return null;
    }

    private static string Text(PurchaseOrder order, SupplierTerms supplier, Situation s)
    {
        var location = s.Terms.Locations.FirstOrDefault(l => l.Code == order.Location)?.Title ?? order.Location;
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"Hello {supplier.Title},\n\nplease deliver to {location} by {s.Terms.DayOf(order.ExpectedAt ?? s.At):d MMMM yyyy}:\n\n");
        foreach (var line in order.Lines!)
        {
            if (line.Quantity == 0) continue;
            var theirs = line.TheirSku is { Length: > 0 } known && known != line.Sku ? $" (yours: {known})" : "";
            text.Append(CultureInfo.InvariantCulture, $"{line.Quantity} x {line.Sku}{theirs} at {line.UnitCost:0.00##} {supplier.Currency}\n");
        }
        return text.Append(CultureInfo.InvariantCulture, $"\nTotal {order.Total:0.00##} {supplier.Currency}. Please confirm, and name {s.Stream.Id} on the delivery note.\n\n{s.Terms.Title}").ToString();
    }
}
