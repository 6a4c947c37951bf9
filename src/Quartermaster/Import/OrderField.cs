using System.Text;

namespace Quartermaster.Import;

/// <summary>What a column of an order file can mean. Written in a mapping in lower case: <c>ship_postal_code</c>.</summary>
public enum OrderField
{
    Id, Number, PlacedAt, UpdatedAt, Currency, Total, Shipping, ShippingMethod, Tax, Discounts, Refunded,
    PaymentStatus, Fulfilment, Gateway, CustomerId, Name, Email, Phone, Note, Tags, CancelledAt, CancelReason,
    ShipName, ShipCompany, ShipLine1, ShipLine2, ShipCity, ShipProvince, ShipPostalCode, ShipCountry, ShipPhone,
    BillName, BillCompany, BillLine1, BillLine2, BillCity, BillProvince, BillPostalCode, BillCountry, BillPhone,
    LineId, Sku, Title, Quantity, UnitPrice, LineDiscount, LineTax, RequiresShipping, LineFulfilment,
}

internal static class OrderFields
{
    public static readonly IReadOnlyDictionary<string, OrderField> ByName = Enum.GetValues<OrderField>().ToDictionary(NameOf);

    public static string NameOf(OrderField field)
    {
        var name = new StringBuilder();
        foreach (var c in field.ToString())
            name.Append(char.IsUpper(c) && name.Length > 0 ? "_" : "").Append(char.ToLowerInvariant(c));
        return name.ToString();
    }
}
