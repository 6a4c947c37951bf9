namespace Quartermaster.Import;

/// <summary>The columns of the order export that Shopify's admin offers. Order columns stand on the first row of an order only.</summary>
/// <remarks>https://help.shopify.com/en/manual/orders/export-orders; older exports lack some columns.</remarks>
public static class ShopifyExport
{
    public static readonly OrderMapping Mapping = new()
    {
        Title = "Shopify's order export",
        GroupBy = "Name",
        Lenient = true,
        Fields = new Dictionary<OrderField, Origin>
        {
            [OrderField.Id] = new("Id"),
            [OrderField.Number] = new("Name"),
            [OrderField.PlacedAt] = new("Created at"),
            [OrderField.Currency] = new("Currency"),
            [OrderField.Total] = new("Total"),
            [OrderField.Shipping] = new("Shipping"),
            [OrderField.ShippingMethod] = new("Shipping Method"),
            [OrderField.Tax] = new("Taxes"),
            [OrderField.Discounts] = new("Discount Amount"),
            [OrderField.Refunded] = new("Refunded Amount"),
            [OrderField.PaymentStatus] = new("Financial Status"),
            [OrderField.Fulfilment] = new("Fulfillment Status"),
            [OrderField.Gateway] = new("Payment Method"),
            [OrderField.Email] = new("Email"),
            [OrderField.Phone] = new("Phone"),
            [OrderField.Note] = new("Notes"),
            [OrderField.Tags] = new("Tags"),
            [OrderField.CancelledAt] = new("Cancelled at"),
            [OrderField.ShipName] = new("Shipping Name"),
            [OrderField.ShipCompany] = new("Shipping Company"),
            [OrderField.ShipLine1] = new("Shipping Address1"),
            [OrderField.ShipLine2] = new("Shipping Address2"),
            [OrderField.ShipCity] = new("Shipping City"),
            [OrderField.ShipProvince] = new("Shipping Province"),
            [OrderField.ShipPostalCode] = new("Shipping Zip"),
            [OrderField.ShipCountry] = new("Shipping Country"),
            [OrderField.ShipPhone] = new("Shipping Phone"),
            [OrderField.BillName] = new("Billing Name"),
            [OrderField.BillCompany] = new("Billing Company"),
            [OrderField.BillLine1] = new("Billing Address1"),
            [OrderField.BillLine2] = new("Billing Address2"),
            [OrderField.BillCity] = new("Billing City"),
            [OrderField.BillProvince] = new("Billing Province"),
            [OrderField.BillPostalCode] = new("Billing Zip"),
            [OrderField.BillCountry] = new("Billing Country"),
            [OrderField.BillPhone] = new("Billing Phone"),
            [OrderField.Sku] = new("Lineitem sku"),
            [OrderField.Title] = new("Lineitem name"),
            [OrderField.Quantity] = new("Lineitem quantity"),
            [OrderField.UnitPrice] = new("Lineitem price"),
            [OrderField.LineDiscount] = new("Lineitem discount"),
            [OrderField.RequiresShipping] = new("Lineitem requires shipping"),
            [OrderField.LineFulfilment] = new("Lineitem fulfillment status"),
        },
        TaxesIncluded = false,
    };

    /// <summary>A file is taken for an export when it has these; everything else needs a mapping.</summary>
    public static bool Fits(IReadOnlyCollection<string> header) =>
        header.Contains("Name") && header.Contains("Created at") && header.Contains("Lineitem quantity") && header.Contains("Lineitem price");
}
