using System.Globalization;
using System.Text.Json;

namespace Quartermaster.Sandbox.Twins;

/// <summary>A shop's order in Shopify's two tongues: webhook bodies (REST) and Admin GraphQL.</summary>
internal static class ShopJson
{
    private static readonly JsonSerializerOptions Rest = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };
    public static readonly JsonSerializerOptions Graph = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    public static byte[] Order(ShopOrder order)
    {
        var (placed, buyer) = (order.Placed, order.Placed.Shopper);
        var address = RestAddress(buyer);
        return JsonSerializer.SerializeToUtf8Bytes(new
        {
            order.Id, AdminGraphqlApiId = Gid("Order", order.Id), order.CancelReason, order.CancelledAt, ContactEmail = buyer.Email, CreatedAt = order.PlacedAt, placed.Currency,
            CurrentTotalDiscounts = Text(order.Discounts), CurrentTotalPrice = Text(order.Total), CurrentTotalPriceSet = RestMoney(order.Total, placed.Currency),
            CurrentTotalTax = Text(order.Tax), CurrentTotalTaxSet = RestMoney(order.Tax, placed.Currency), CustomerLocale = buyer.Locale, buyer.Email,
            order.FinancialStatus, FulfillmentStatus = Status(order), placed.Name, placed.Note, PaymentGatewayNames = new[] { placed.Gateway }, buyer.Phone,
            PresentmentCurrency = placed.Currency, ProcessedAt = order.PlacedAt, SourceName = "web", placed.Tags, TaxesIncluded = true, Test = false,
            TotalDiscounts = Text(order.Discounts), TotalOutstanding = Text(order.Outstanding), TotalPrice = Text(order.Total), TotalPriceSet = RestMoney(order.Total, placed.Currency),
            TotalTax = Text(order.Tax), TotalTipReceived = "0.00", order.UpdatedAt, BillingAddress = address, BrowserIp = placed.Visit?.Ip, ClientDetails = Client(placed.Visit),
            Customer = new { buyer.Id, buyer.Email, FirstName = buyer.First, LastName = buyer.Last, buyer.Phone },
            LineItems = order.Lines.Select(l => RestLine(l, placed)), Fulfillments = order.Fulfilments.Select(f => RestFulfilment(order, f)), Refunds = order.Refunds.Select(r => RestRefund(order, r)),
            ShippingAddress = address,
            ShippingLines = new[]
            {
                new { Id = order.Id + 1, Code = placed.Method.ToLowerInvariant(), Title = placed.Method, Price = Text(placed.Shipping), PriceSet = RestMoney(placed.Shipping, placed.Currency),
                    DiscountedPrice = Text(placed.Shipping), DiscountedPriceSet = RestMoney(placed.Shipping, placed.Currency), IsRemoved = false },
            },
        }, Rest);
    }

    /// <summary>A payment of an order, as Shopify tells of each.</summary>
    public static byte[] Payment(ShopOrder order) => JsonSerializer.SerializeToUtf8Bytes(new
    {
        Id = order.Id + 5, OrderId = order.Id, Kind = "sale", Status = "success", order.Placed.Gateway, CreatedAt = order.PlacedAt, Amount = Text(order.Total), order.Placed.Currency, PaymentDetails = Card(order.Placed.Visit),
    }, Rest);

    private static object? Client(NewVisit? visit) => visit is null ? null : new { BrowserIp = visit.Ip, UserAgent = visit.Browser, AcceptLanguage = visit.Language, SessionHash = (string?)null };

    private static object? Card(NewVisit? visit) => visit?.Card?.Split('/') is [var bin, var last]
        ? new { CreditCardBin = bin, CreditCardNumber = $"•••• •••• •••• {last}", CreditCardName = visit.Holder, CreditCardExpirationMonth = 11, CreditCardExpirationYear = 2031 }
        : null;

    public static byte[] Checkout(NewOrder basket, string token, bool agrees, DateTimeOffset now) => JsonSerializer.SerializeToUtf8Bytes(new
    {
        basket.Id, Token = token, basket.Shopper.Email, basket.Shopper.Phone, BuyerAcceptsMarketing = agrees, CreatedAt = now, UpdatedAt = now, CompletedAt = (DateTimeOffset?)null, basket.Currency,
        AbandonedCheckoutUrl = $"https://shop.example/checkouts/{token}/recover", CustomerLocale = basket.Shopper.Locale, TotalPrice = Text(basket.Lines.Sum(l => (l.Price * l.Quantity) - l.Discount) + basket.Shipping),
        LineItems = basket.Lines.Select(l => new { l.Title, l.Quantity, l.Sku, Price = Text(l.Price) }), ShippingAddress = RestAddress(basket.Shopper),
    }, Rest);

    public static byte[] RiskChanged(ShopOrder order) =>
        JsonSerializer.SerializeToUtf8Bytes(new { OrderId = order.Id, AdminGraphqlApiOrderId = Gid("Order", order.Id), RiskLevel = order.Risk?.ToLowerInvariant(), CreatedAt = order.UpdatedAt }, Rest);

    public static byte[] Edited(ShopOrder order, ShopLine line, int removed) => JsonSerializer.SerializeToUtf8Bytes(new
    {
        OrderEdit = new
        {
            Id = order.Id + order.UpdatedAt.ToUnixTimeSeconds(), CreatedAt = order.UpdatedAt, OrderId = order.Id,
            LineItems = new { Additions = Array.Empty<object>(), Removals = new[] { new { line.Id, Delta = removed } } }
        },
    }, Rest);

    public static byte[] Refund(ShopOrder order, ShopRefund refund) => JsonSerializer.SerializeToUtf8Bytes(RestRefund(order, refund), Rest);

    public static byte[] Fulfilment(ShopOrder order, ShopFulfilment parcel) => JsonSerializer.SerializeToUtf8Bytes(RestFulfilment(order, parcel), Rest);

    public static byte[] Product(long id, NewLine product, DateTimeOffset at) => JsonSerializer.SerializeToUtf8Bytes(new
    {
        Id = id, product.Title, UpdatedAt = at, Variants = new[] { new { Id = id + 1, product.Sku, Title = "Default", InventoryItemId = id + 2, Price = Text(product.Price) } },
    }, Rest);

    public static byte[] Level(long item, string location, int units, DateTimeOffset at) => JsonSerializer.SerializeToUtf8Bytes(new
    {
        InventoryItemId = item, LocationId = long.Parse(location, CultureInfo.InvariantCulture), Available = units, UpdatedAt = at,
    }, Rest);

    /// <param name="names">Whether its fulfilments and refunds were asked for; a list of orders goes without.</param>
    public static object GraphOrder(ShopOrder order, bool names = true)
    {
        var (placed, buyer, currency) = (order.Placed, order.Placed.Shopper, order.Placed.Currency);
        var address = new
        {
            FirstName = buyer.First, LastName = buyer.Last, Name = $"{buyer.First} {buyer.Last}", Company = (string?)null, Address1 = buyer.Line1, Address2 = buyer.Line2,
            buyer.City, buyer.Province, buyer.Zip, CountryCodeV2 = buyer.CountryCode, buyer.Phone
        };
        return new
        {
            Id = Gid("Order", order.Id), placed.Name, buyer.Email, buyer.Phone, CreatedAt = order.PlacedAt, ProcessedAt = order.PlacedAt, order.UpdatedAt, order.CancelledAt,
            CancelReason = order.CancelReason?.ToUpperInvariant(), CurrencyCode = currency, PresentmentCurrencyCode = currency, CustomerLocale = buyer.Locale, ClientIp = placed.Visit?.Ip,
            DisplayFinancialStatus = order.FinancialStatus.ToUpperInvariant(), PaymentGatewayNames = new[] { placed.Gateway }, placed.Note,
            Tags = placed.Tags.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries), TaxesIncluded = true, Test = false,
            CurrentTotalPriceSet = GraphMoney(order.Total, currency), CurrentTotalTaxSet = GraphMoney(order.Tax, currency), CurrentTotalDiscountsSet = GraphMoney(order.Discounts, currency),
            TotalOutstandingSet = GraphMoney(order.Outstanding, currency), TotalTipReceivedSet = GraphMoney(0, currency), TotalRefundedSet = GraphMoney(order.RefundedMoney, currency),
            Customer = new { Id = Gid("Customer", buyer.Id), FirstName = buyer.First, LastName = buyer.Last, DefaultEmailAddress = new { EmailAddress = buyer.Email }, DefaultPhoneNumber = new { PhoneNumber = buyer.Phone } },
            BillingAddress = address, ShippingAddress = address,
            LineItems = new { PageInfo = new { HasNextPage = false }, Nodes = order.Lines.Select(l => GraphLine(l, placed)) },
            ShippingLines = new { Nodes = new[] { new { Title = placed.Method, Code = placed.Method.ToLowerInvariant(), OriginalPriceSet = GraphMoney(placed.Shipping, currency), DiscountedPriceSet = GraphMoney(placed.Shipping, currency), IsRemoved = false } } },
            Refunds = names ? order.Refunds.Select(r => GraphRefund(r, currency)) : null,
            Fulfillments = !names ? null : order.Fulfilments.Select(f => new
            {
                Id = Gid("Fulfillment", f.Id), Status = "SUCCESS", TotalQuantity = f.Lines.Sum(l => l.Quantity), f.CreatedAt, TrackingInfo = new[] { new { f.Company, Number = f.Tracking, f.Url } },
                FulfillmentLineItems = new { Nodes = f.Lines.Select(l => new { l.Quantity, LineItem = new { Id = Gid("LineItem", l.Line.Id), l.Line.Placed.Sku } }) },
                Events = new { Nodes = Array.Empty<object>() },
            }),
            Risk = new { Assessments = order.Risk is null ? [] : new[] { new { RiskLevel = order.Risk } } },
            FulfillmentOrders = new
            {
                Nodes = new[]
                {
                    new { Id = Gid("FulfillmentOrder", order.Id), Status = order.CancelledAt is not null ? "CANCELLED" : order.IsOpen ? "OPEN" : "CLOSED",
                        AssignedLocation = new { Location = new { Id = Gid("Location", 1) } },
                        LineItems = new { Nodes = order.Lines.Select(l => new { Id = Gid("FulfillmentOrderLineItem", l.Id), TotalQuantity = l.Current, RemainingQuantity = l.Remaining, l.Placed.Sku,
                            LineItem = new { Id = Gid("LineItem", l.Id) } }) } },
                },
            },
        };
    }

    public static string Gid(string kind, long id) => string.Create(CultureInfo.InvariantCulture, $"gid://shopify/{kind}/{id}");

    private static object RestLine(ShopLine line, NewOrder order) => new
    {
        line.Id, AdminGraphqlApiId = Gid("LineItem", line.Id), VariantId = VariantOf(line.Placed.Sku), CurrentQuantity = line.Current, line.Placed.Quantity, FulfillableQuantity = line.Remaining,
        line.Placed.Grams, Name = line.Placed.Title, line.Placed.Title, Price = Text(line.Placed.Price), PriceSet = RestMoney(line.Placed.Price, order.Currency), RequiresShipping = true, line.Placed.Sku,
        TaxLines = new[] { new { Title = "Tax", Rate = order.TaxRate, Price = Text(line.TaxAsOrdered(order.TaxRate)), PriceSet = RestMoney(line.TaxAsOrdered(order.TaxRate), order.Currency) } },
        DiscountAllocations = line.Placed.Discount == 0 ? [] : new[] { new { Amount = Text(line.Placed.Discount), AmountSet = RestMoney(line.Placed.Discount, order.Currency) } },
    };

    private static object GraphLine(ShopLine line, NewOrder order) => new
    {
        Id = Gid("LineItem", line.Id), line.Placed.Sku, Name = line.Placed.Title, line.Placed.Quantity, CurrentQuantity = line.Current, UnfulfilledQuantity = line.Remaining, RequiresShipping = true,
        OriginalUnitPriceSet = GraphMoney(line.Placed.Price, order.Currency), Variant = new { Id = Gid("ProductVariant", VariantOf(line.Placed.Sku)) }, Weight = new { Unit = "GRAMS", Value = line.Placed.Grams },
        DiscountAllocations = line.Placed.Discount == 0 ? [] : new[] { new { AllocatedAmountSet = GraphMoney(line.Placed.Discount, order.Currency) } },
        TaxLines = new[] { new { PriceSet = GraphMoney(line.TaxAsOrdered(order.TaxRate), order.Currency) } },
    };

    private static object RestRefund(ShopOrder order, ShopRefund refund) => new
    {
        refund.Id, OrderId = order.Id, CreatedAt = refund.At, ProcessedAt = refund.At, Note = refund.GoodsBack ? "Returned by the shopper" : "Goodwill",
        RefundLineItems = new[]
        {
            new { refund.Id, LineItemId = refund.Line.Id, refund.Quantity, LocationId = (long?)null, RestockType = refund.GoodsBack ? "return" : "no_restock",
                SubtotalSet = RestMoney(refund.Amount, order.Placed.Currency), TotalTaxSet = RestMoney(refund.Tax, order.Placed.Currency) },
        },
        Transactions = new[] { new { refund.Id, Kind = "refund", Status = "success", Amount = Text(refund.Amount), order.Placed.Currency, order.Placed.Gateway } },
    };

    private static object RestFulfilment(ShopOrder order, ShopFulfilment parcel) => new
    {
        parcel.Id, OrderId = order.Id, Status = "success", parcel.CreatedAt, UpdatedAt = parcel.CreatedAt, TrackingCompany = parcel.Company, TrackingNumber = parcel.Tracking, TrackingUrl = parcel.Url,
        LineItems = parcel.Lines.Select(l => new { l.Line.Id, l.Line.Placed.Sku, l.Quantity, Price = Text(l.Line.Placed.Price) }),
    };

    private static object GraphRefund(ShopRefund refund, string currency) => new
    {
        Id = Gid("Refund", refund.Id), CreatedAt = refund.At, ProcessedAt = refund.At, Note = refund.GoodsBack ? "Returned by the shopper" : "Goodwill", TotalRefundedSet = GraphMoney(refund.Amount, currency),
        RefundLineItems = new
        {
            Nodes = new[]
            {
                new { refund.Quantity, RestockType = refund.GoodsBack ? "RETURN" : "NO_RESTOCK", LineItem = new { Id = Gid("LineItem", refund.Line.Id) }, Location = (object?)null,
                    SubtotalSet = GraphMoney(refund.Amount, currency), TotalTaxSet = GraphMoney(refund.Tax, currency) },
            }
        },
    };

    public static long VariantOf(string sku) => 44_000_000_000_000 + (long)(Knobs.Hash(sku) % 1_000_000_000);

    private static object RestAddress(Shopper s) => new
    {
        FirstName = s.First, LastName = s.Last, Name = $"{s.First} {s.Last}", Company = (string?)null, Address1 = s.Line1, Address2 = s.Line2, s.City, s.Province, s.Zip, s.CountryCode, s.Country, s.Phone,
    };

    private static object RestMoney(decimal amount, string currency)
    {
        var money = new { Amount = Text(amount), CurrencyCode = currency };
        return new { ShopMoney = money, PresentmentMoney = money };
    }

    private static object GraphMoney(decimal amount, string currency)
    {
        var money = new { Amount = Text(amount), CurrencyCode = currency };
        return new { ShopMoney = money, PresentmentMoney = money };
    }

    private static string? Status(ShopOrder order) => order.Fulfilments.Count == 0 ? null : order.IsOpen ? "partial" : "fulfilled";

    private static string Text(decimal amount) => amount.ToString("0.00", CultureInfo.InvariantCulture);
}
