using Quartermaster.Core.Customers;

namespace Quartermaster.Core.Flows;

/// <summary>Where the shopper of an order is written to, as the order says it now.</summary>
public static class ShopperPoints
{
    public static IReadOnlyList<ContactPoint> Of(OrderFile file)
    {
        List<ContactPoint> points = [];
        if (file.Order.Facts?.Buyer.Email is { } email && email.Contains('@', StringComparison.Ordinal)) points.Add(ContactPoint.Of(ContactPoint.Email, email));
        if ((file.Order.Facts?.Buyer.Phone ?? file.Order.ShipTo?.Phone) is { } phone && phone.Any(char.IsAsciiDigit)) points.Add(ContactPoint.Of(ContactPoint.Sms, phone));
        return points;
    }
}
