using System.Globalization;
using System.Text.Json;
using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Orders;

namespace Quartermaster.Connectors.Signifyd;

/// <summary>Effect → body. Pure.</summary>
/// <remarks>The shopper's address on the internet is not sent: the hub keeps none. Signifyd's script in the shop tells it what it wants to know of the browser.</remarks>
internal static class SignifydOutbound
{
    private static readonly HashSet<string> Coverages = new(StringComparer.Ordinal) { "FRAUD", "INR", "SNAD", "ALL", "NONE" };

    public static bool IsCoverage(string text) => Listed(text) is { Length: > 0 } words && words.All(Coverages.Contains);

    public static string Sale(Session session, OrderEffect.AskOpinion ask) => JsonBody.Write(json =>
    {
        var (facts, buyer) = (ask.Facts, ask.Facts.Buyer);
        json.WriteString("orderId", ask.OrderId);
        json.Object("purchase", () =>
        {
            json.WriteString("createdAt", facts.PlacedAt.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
            json.WriteString("orderChannel", "WEB");
            json.WriteNumber("totalPrice", facts.Total);
            json.WriteString("currency", facts.Currency);
            json.WriteNumber("totalShippingCost", facts.Shipping);
            json.Optional("confirmationEmail", buyer.Email);
            json.Optional("confirmationPhone", buyer.Phone ?? ask.ShipTo?.Phone);
            json.WriteStartArray("products");
            foreach (var line in facts.Lines) Product(json, line);
            json.WriteEndArray();
            if (ask.ShipTo is { } to) Shipment(json, to);
        });
        if (buyer.CustomerId is not null)
            json.Object("userAccount", () =>
            {
                json.WriteString("accountNumber", buyer.CustomerId);
                json.Optional("email", buyer.Email);
                json.Optional("phone", buyer.Phone);
            });
        json.WriteStartArray("transactions");
        Transaction(json, facts);
        json.WriteEndArray();
        json.WriteStartArray("coverageRequests");
        foreach (var word in Listed(session.Settings.Get("coverage", SignifydConnector.DefaultCoverage))) json.WriteStringValue(word);
        json.WriteEndArray();
        json.Object("merchantPlatform", () => json.WriteString("name", "Quartermaster"));
    });

    /// <summary>Nothing of it is sent: what Signifyd stands in for is over.</summary>
    public static string End(OrderEffect.TellReviewerOfEnd end) => JsonBody.Write(json =>
    {
        json.WriteString("orderId", end.OrderId);
        json.WriteString("fulfillmentStatus", "CANCELED");
        json.WriteStartArray("fulfillments");
        json.WriteEndArray();
    });

    public static string Refund(OrderEffect.TellReviewerOfRefund refund) => JsonBody.Write(json =>
    {
        json.WriteString("orderId", refund.OrderId);
        json.WriteString("returnId", refund.RefundId);
        json.Object("refund", () =>
        {
            json.WriteString("method", "ORIGINAL_PAYMENT_INSTRUMENT");
            json.WriteNumber("amount", refund.Amount);
            json.WriteString("currency", refund.Currency);
        });
    });

    private static void Product(Utf8JsonWriter json, OrderLine line)
    {
        json.WriteStartObject();
        json.WriteString("itemId", line.Sku.Length > 0 ? line.Sku : line.LineId);
        json.WriteString("itemName", line.Title);
        json.WriteNumber("itemPrice", line.UnitPrice);
        json.WriteNumber("itemQuantity", line.Quantity);
        json.WriteBoolean("itemIsDigital", !line.RequiresShipping);
        json.WriteEndObject();
    }

    private static void Shipment(Utf8JsonWriter json, Address to)
    {
        json.WriteStartArray("shipments");
        json.WriteStartObject();
        json.Object("destination", () =>
        {
            json.Optional("fullName", to.Name);
            json.Optional("organization", to.Company);
            Place(json, "address", to);
        });
        json.WriteEndObject();
        json.WriteEndArray();
    }

    private static void Transaction(Utf8JsonWriter json, OrderFacts facts)
    {
        json.WriteStartObject();
        json.WriteString("gatewayStatusCode", facts.Payment.State is PaymentState.Pending or PaymentState.Unknown ? "PENDING" : "SUCCESS");
        json.WriteString("paymentMethod", "CREDIT_CARD");
        json.Optional("gateway", facts.Payment.Gateway);
        json.WriteNumber("amount", facts.Total);
        json.WriteString("currency", facts.Currency);
        if (facts.BillTo is { } bill)
            json.Object("checkoutPaymentDetails", () =>
            {
                json.Optional("accountHolderName", bill.Name);
                Place(json, "billingAddress", bill);
            });
        json.WriteEndObject();
    }

    private static void Place(Utf8JsonWriter json, string name, Address at) => json.Object(name, () =>
    {
        json.Optional("streetAddress", at.Line1);
        json.Optional("unit", at.Line2);
        json.Optional("city", at.City);
        json.Optional("provinceCode", at.Province);
        json.Optional("postalCode", at.PostalCode);
        json.Optional("countryCode", at.Country);
    });

    private static string[] Listed(string text) => text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
