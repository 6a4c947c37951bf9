using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Quartermaster.Sandbox.Twins;

/// <summary>A shop's things as WooCommerce's REST API v3 tells them; its webhooks bring the same.</summary>
internal static class WooJson
{
    private static readonly JsonSerializerOptions Rest = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public static JsonNode Order(WooOrder order)
    {
        var (placed, who) = (order.Placed, order.Placed.Shopper);
        var shippingTax = ShopOrder.Contained(placed.Shipping, placed.TaxRate);
        return Node(new
        {
            order.Id, ParentId = 0, Number = placed.Name.TrimStart('#'), order.Status, placed.Currency, DateCreatedGmt = Time(order.PlacedAt), DateModifiedGmt = Time(order.ModifiedAt),
            DiscountTotal = Money(order.Lines.Sum(l => l.Discount - ShopOrder.Contained(l.Discount, placed.TaxRate))), ShippingTotal = Money(placed.Shipping - shippingTax), ShippingTax = Money(shippingTax),
            Total = Money(order.Total), TotalTax = Money(order.Tax), PricesIncludeTax = true, CustomerId = who.Id, CustomerNote = placed.Note ?? "",
            Billing = Address(who, withEmail: true), Shipping = Address(who, withEmail: false), order.PaymentMethod, PaymentMethodTitle = placed.Gateway,
            DatePaidGmt = Time(order.PaidAt), DateCompletedGmt = Time(order.CompletedAt), CustomerIpAddress = placed.Visit?.Ip ?? "", CustomerUserAgent = placed.Visit?.Browser ?? "",
            MetaData = order.Meta.Select((m, i) => new { Id = i + 1, m.Key, Value = JsonNode.Parse(m.Value) }),
            LineItems = order.Lines.Where(l => l.Current > 0).Select(l => Line(l, placed.TaxRate)),
            ShippingLines = new[] { new { Id = order.Id * 10 + 9, MethodTitle = placed.Method, MethodId = "flat_rate", Total = Money(placed.Shipping - shippingTax), TotalTax = Money(shippingTax) } },
            FeeLines = Array.Empty<object>(), CouponLines = Array.Empty<object>(),
            Refunds = order.Refunds.Select(r => new { r.Id, Reason = "", Total = "-" + Money(r.Amount) }),
        });
    }

    public static JsonNode Refunds(WooOrder order) => Node(order.Refunds.Select(r => new
    {
        r.Id, DateCreatedGmt = Time(r.At), Amount = Money(r.Amount), Reason = "", RefundedPayment = true,
        LineItems = r.Line is null ? [] : new[]
        {
            new
            {
                Id = r.Id + 1, Name = r.Line.Placed.Title, Quantity = -r.Units, Subtotal = Money(r.Tax - r.Amount), SubtotalTax = Money(-r.Tax), Total = Money(r.Tax - r.Amount), TotalTax = Money(-r.Tax),
                r.Line.Placed.Sku, MetaData = new[] { new { Id = 1, Key = "_refunded_item_id", Value = Text(r.Line.Id) } },
            },
        },
    }));

    public static JsonNode Notes(WooOrder order) => Node(order.Notes.Select((n, i) => new { Id = i + 1, Author = "system", Note = n, CustomerNote = false }).Reverse());

    /// <param name="variations">The variations of the product; none for a simple one.</param>
    public static JsonNode Product(WooProduct product, IEnumerable<WooProduct> variations, DateTimeOffset at)
    {
        long[] ids = [.. variations.Select(v => v.Id)];
        return Node(new
        {
            product.Id, Name = product.Title, Type = product.Parent != 0 ? "variation" : ids.Length > 0 ? "variable" : "simple", product.Status, CatalogVisibility = product.Visibility, product.Sku, DateModifiedGmt = Time(at),
            ManageStock = product.IsCounted, StockQuantity = product.IsCounted ? product.Units : (int?)null, ParentId = product.Parent, Variations = ids,
            product.Weight, Dimensions = new { product.Sides.Length, product.Sides.Width, product.Sides.Height },
            Attributes = product.Parent == 0 ? [] : new[] { new { Id = 1, Name = "Option", Option = product.Title } },
        });
    }

    public static JsonNode Error(string code, string message, int status) => Node(new { Code = code, Message = message, Data = new { Status = status } });

    public static JsonNode Node(object value) => JsonSerializer.SerializeToNode(value, Rest)!;

    private static object Line(ShopLine line, decimal rate)
    {
        var (before, tax) = (line.Placed.Price * line.Current, line.Tax(rate));
        var taxBefore = ShopOrder.Contained(before, rate);
        return new
        {
            line.Id, Name = line.Placed.Title, ProductId = WooShelf.IdOf(line.Placed.Sku), VariationId = 0, Quantity = line.Current, Subtotal = Money(before - taxBefore), SubtotalTax = Money(taxBefore),
            Total = Money(line.Net - tax), TotalTax = Money(tax), line.Placed.Sku, MetaData = Array.Empty<object>(),
        };
    }

    private static object Address(Shopper s, bool withEmail) => new
    {
        FirstName = s.First, LastName = s.Last, Company = "", Address_1 = s.Line1, Address_2 = s.Line2 ?? "", s.City, State = s.Province, Postcode = s.Zip, Country = s.CountryCode,
        Email = withEmail ? s.Email : null, Phone = s.Phone ?? "",
    };

    // No zone: that is how the members ending in _gmt are told.
    private static string? Time(DateTimeOffset? at) => at?.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture);

    private static string Money(decimal amount) => amount.ToString("0.00", CultureInfo.InvariantCulture);

    private static string Text(long id) => id.ToString(CultureInfo.InvariantCulture);
}
