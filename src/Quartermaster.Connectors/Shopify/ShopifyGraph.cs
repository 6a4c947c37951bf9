using System.Text.Json;
using System.Text.Json.Serialization;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Orders;
using Quartermaster.Core.Shipping;

namespace Quartermaster.Connectors.Shopify;

// Answers of the Admin GraphQL API.
internal sealed record Reply(ReplyTree? Data, JsonElement? Errors, ReplyExtensions? Extensions);

internal sealed record ReplyExtensions(ReplyCost? Cost);

internal sealed record ReplyCost(double? RequestedQueryCost, double? ActualQueryCost, ThrottleStatus? ThrottleStatus);

internal sealed record ThrottleStatus(double? MaximumAvailable, double? CurrentlyAvailable, double? RestoreRate);

/// <summary>Everything that any of our operations can answer; each fills its own members. Aliased parcels are <c>p0</c> … <c>p3</c>.</summary>
internal sealed record ReplyTree(
    GraphOrder?[]? Nodes, GraphOrder? Order, Page<GraphOrder>? Orders, CreatedFulfilment? P0, CreatedFulfilment? P1, CreatedFulfilment? P2, CreatedFulfilment? P3,
    GraphShop? Shop, GraphCount? OrdersCount, Page<GraphSubscription>? WebhookSubscriptions, CreatedSubscription? WebhookSubscriptionCreate, Cancelling? OrderCancel,
    GraphStockItem?[]? Items, GraphLocation? Location, SetQuantities? InventorySetQuantities, GraphProduct?[]? Products, ProductUpdated? ProductUpdate, Page<GraphStockItem>? InventoryItems = null, CreditGiven? StoreCreditAccountCredit = null)
{
    public IReadOnlyList<CreatedFulfilment?> Parcels(int count) => ((CreatedFulfilment?[])[P0, P1, P2, P3])[..count];
}

internal sealed record Page<T>(T[]? Nodes, PageEnd? PageInfo);

internal sealed record PageEnd(bool HasNextPage, string? EndCursor);

internal sealed record CreatedFulfilment(GraphFulfilment? Fulfillment, UserError[]? UserErrors);

internal sealed record Cancelling(GraphId? Job, UserError[]? OrderCancelUserErrors);

internal sealed record CreditGiven(GraphId? StoreCreditAccountTransaction, UserError[]? UserErrors);

internal sealed record GraphCreditAccount(Page<GraphCredit>? Transactions);

internal sealed record GraphCredit(string? Id, DateTimeOffset? CreatedAt, MoneyBody? Amount);

internal sealed record CreatedSubscription(UserError[]? UserErrors);

internal sealed record UserError(string?[]? Field, string? Message, string? Code = null);

internal sealed record SetQuantities(UserError[]? UserErrors);

internal sealed record GraphLocation(Page<GraphLevel>? InventoryLevels);

internal sealed record GraphLevel(GraphStockItem? Item, GraphQuantity[]? Quantities)
{
    public int? Available => Quantities?.FirstOrDefault(q => q.Name == "available")?.Quantity;
}

internal sealed record GraphQuantity(string? Name, int? Quantity);

internal sealed record GraphStockItem(
    string? Id, string? Sku, bool? Tracked, GraphLevel? InventoryLevel, Page<GraphVariant>? Variants, string? HarmonizedSystemCode = null, string? CountryCodeOfOrigin = null, GraphMeasurement? Measurement = null);

internal sealed record GraphMeasurement(GraphWeight? Weight);

internal sealed record GraphVariant(string? Title, GraphProduct? Product);

internal sealed record GraphProduct(string? Id, string? Title, string? Status);

internal sealed record ProductUpdated(GraphProduct? Product, UserError[]? UserErrors);

internal sealed record GraphShop(string? Name, string? MyshopifyDomain, string? CurrencyCode);

internal sealed record GraphCount(int Count, string? Precision);

internal sealed record GraphSubscription(string? Id, string? Topic, string? Uri);

internal sealed record GraphFulfilment(
    string? Id, string? Status, int? TotalQuantity, DateTimeOffset? CreatedAt, GraphId? Location, GraphTracking[]? TrackingInfo, Page<GraphFulfilmentLine>? FulfillmentLineItems, Page<GraphCarrierEvent>? Events);

internal sealed record GraphTracking(string? Company, string? Number);

internal sealed record GraphFulfilmentLine(int? Quantity, GraphId? LineItem);

internal sealed record GraphCarrierEvent(string? Status, DateTimeOffset? HappenedAt, string? City);

internal sealed record GraphId(string? Id, string? Sku);

internal sealed record GraphFulfilmentOrder(string? Id, string? Status, GraphAssigned? AssignedLocation, Page<GraphFulfilmentOrderLine>? LineItems);

internal sealed record GraphAssigned(GraphId? Location);

internal sealed record GraphFulfilmentOrderLine(string? Id, int TotalQuantity, int RemainingQuantity, string? Sku, GraphId? LineItem);

internal sealed record GraphOrder(
    string? Id, string? Name, string? Email, string? Phone, DateTimeOffset? CreatedAt, DateTimeOffset? ProcessedAt, DateTimeOffset? UpdatedAt, DateTimeOffset? CancelledAt,
    string? CancelReason, string? CurrencyCode, string? PresentmentCurrencyCode, string? CustomerLocale, string? DisplayFinancialStatus, string?[]? PaymentGatewayNames,
    string? Note, string[]? Tags, bool? TaxesIncluded, bool? Test, JsonElement? PaymentTerms, MoneySet? CurrentTotalPriceSet, MoneySet? CurrentTotalTaxSet,
    MoneySet? CurrentTotalDiscountsSet, MoneySet? TotalOutstandingSet, MoneySet? TotalTipReceivedSet, MoneySet? CurrentTotalDutiesSet, MoneySet? CurrentTotalAdditionalFeesSet,
    MoneySet? TotalRefundedSet, GraphCustomer? Customer, GraphAddress? BillingAddress, GraphAddress? ShippingAddress, Page<GraphLine>? LineItems,
    Page<GraphShippingLine>? ShippingLines, GraphFulfilment[]? Fulfillments, Page<GraphFulfilmentOrder>? FulfillmentOrders, GraphRisk? Risk = null, GraphRefund[]? Refunds = null, string? ClientIp = null);

/// <param name="TotalRefundedSet">The money of all its transactions.</param>
internal sealed record GraphRefund(string? Id, DateTimeOffset? CreatedAt, DateTimeOffset? ProcessedAt, string? Note, MoneySet? TotalRefundedSet, Page<GraphRefundLine>? RefundLineItems);

internal sealed record GraphRefundLine(int? Quantity, string? RestockType, GraphId? LineItem, GraphId? Location, MoneySet? SubtotalSet, MoneySet? TotalTaxSet);

internal sealed record GraphRisk(GraphRiskAssessment[]? Assessments)
{
    /// <summary>The gravest of Shopify's own word and those of the shop's apps. Null while one is pending, or nobody has said anything that we know.</summary>
    public StorefrontRisk? Gravest
    {
        get
        {
            StorefrontRisk? gravest = null;
            foreach (var assessment in Assessments ?? [])
            {
                StorefrontRisk? level = assessment.RiskLevel?.ToUpperInvariant() switch { "HIGH" => StorefrontRisk.High, "MEDIUM" => StorefrontRisk.Medium, "LOW" => StorefrontRisk.Low, _ => null };
                if (level is not null && (gravest is null || level > gravest)) gravest = level;
            }
            return gravest;
        }
    }
}

internal sealed record GraphRiskAssessment(string? RiskLevel);

internal sealed record GraphCustomer(string? Id, string? FirstName, string? LastName, GraphEmail? DefaultEmailAddress, GraphPhone? DefaultPhoneNumber, string? NumberOfOrders = null, Page<GraphCreditAccount>? StoreCreditAccounts = null);

internal sealed record GraphEmail(string? EmailAddress);

internal sealed record GraphPhone(string? PhoneNumber);

internal sealed record GraphAddress(
    string? FirstName, string? LastName, string? Name, string? Company, string? Address1, string? Address2, string? City, string? Province, string? Zip, string? CountryCodeV2, string? Phone);

internal sealed record GraphLine(
    string? Id, string? Sku, string? Name, int? Quantity, int? CurrentQuantity, int? UnfulfilledQuantity, bool? RequiresShipping, MoneySet? OriginalUnitPriceSet, GraphAllocation[]? DiscountAllocations,
    GraphTax[]? TaxLines, GraphId? Variant, GraphWeight? Weight);

internal sealed record GraphAllocation(MoneySet? AllocatedAmountSet);

internal sealed record GraphTax(MoneySet? PriceSet);

internal sealed record GraphWeight(string? Unit, double? Value);

internal sealed record GraphShippingLine(MoneySet? OriginalPriceSet, MoneySet? DiscountedPriceSet, bool? IsRemoved, string? Title = null, string? Code = null);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, NumberHandling = JsonNumberHandling.AllowReadingFromString, GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(Reply))]
internal sealed partial class ShopifyReplies : JsonSerializerContext;

/// <summary>An order as GraphQL tells it → the shape a webhook would have brought, so that both take one road.</summary>
internal static class ShopifyGraph
{
    public static OrderBody ToBody(GraphOrder order) => new(
        Number(order.Id), order.Name, order.Email, null, order.Phone, order.CreatedAt, order.ProcessedAt, order.UpdatedAt, order.CancelledAt, order.CancelReason?.ToLowerInvariant(),
        order.CurrencyCode, order.PresentmentCurrencyCode, order.CustomerLocale, order.DisplayFinancialStatus?.ToLowerInvariant(), null, order.PaymentGatewayNames,
        order.Note, order.Tags is null ? null : string.Join(", ", order.Tags), order.TaxesIncluded, order.Test, order.PaymentTerms,
        null, null, null, order.CurrentTotalPriceSet, null, null, order.CurrentTotalTaxSet, null, order.CurrentTotalDiscountsSet?.ShopMoney?.Amount,
        order.TotalOutstandingSet?.ShopMoney?.Amount, order.TotalTipReceivedSet?.ShopMoney?.Amount, order.CurrentTotalDutiesSet, order.CurrentTotalAdditionalFeesSet,
        order.Customer is null ? null : new CustomerBody(Number(order.Customer.Id), order.Customer.FirstName, order.Customer.LastName,
            order.Customer.DefaultEmailAddress?.EmailAddress, order.Customer.DefaultPhoneNumber?.PhoneNumber),
        ToBody(order.BillingAddress), ToBody(order.ShippingAddress), order.LineItems?.Nodes?.Select(ToBody).ToArray(),
        order.ShippingLines?.Nodes?.Select(s => new ShippingLineBody(null, s.OriginalPriceSet, null, s.DiscountedPriceSet, s.IsRemoved, s.Title, s.Code)).ToArray(),
        order.Refunds?.Select(ToBody).ToArray() ?? Counted(order.TotalRefundedSet?.ShopMoney), order.Fulfillments?.Select(ToBody).ToArray(), order.ClientIp);

    public static byte[] ToWebhook(GraphOrder order) => JsonSerializer.SerializeToUtf8Bytes(ToBody(order), ShopifyBodies.Default.OrderBody);

    /// <summary>What a fetched order says: itself, its fulfilments and refunds, and what carriers reported of its parcels.</summary>
    public static IReadOnlyList<Forwarded> Learn(Session session, GraphOrder order, DateTimeOffset now)
    {
        var learned = ShopifyInbound.Learn(session, ToBody(order), "fetched", fetched: true, now);
        var to = learned[0].To;
        if (session.Settings.Find("risk") == "true" && order.Risk?.Gravest is { } risk) learned.Add(new(to, new OrderSignal.StorefrontRiskTold(risk)));
        foreach (var parcel in order.Fulfillments ?? [])
        {
            if (TrackingOf(parcel) is not { Number: { } number } tracking) continue;
            foreach (var seen in (parcel.Events?.Nodes ?? []).OrderBy(e => e.HappenedAt))
                if (ScanOf(seen.Status) is { } status)
                    learned.Add(new(to, new ShippingSignal.Scanned(tracking.Company ?? "", number, status, seen.Status ?? "", (seen.HappenedAt ?? now).ToUniversalTime(), seen.City)));
        }
        return learned;
    }

    private static GraphTracking? TrackingOf(GraphFulfilment parcel) => parcel.TrackingInfo?.FirstOrDefault(t => t.Number is { Length: > 0 });

    // Labels and pick-up points are no movement of the parcel.
    private static ScanStatus? ScanOf(string? status) => status?.ToUpperInvariant() switch
    {
        null or "CONFIRMED" or "LABEL_PRINTED" or "LABEL_PURCHASED" or "READY_FOR_PICKUP" => null,
        "CARRIER_PICKED_UP" => ScanStatus.PickedUp,
        "IN_TRANSIT" => ScanStatus.InTransit,
        "OUT_FOR_DELIVERY" => ScanStatus.OutForDelivery,
        "DELIVERED" => ScanStatus.Delivered,
        "ATTEMPTED_DELIVERY" => ScanStatus.FailedAttempt,
        "DELAYED" or "FAILURE" => ScanStatus.Exception,
        _ => ScanStatus.Unmapped,
    };

    public static string? Number(string? gid) => gid is null ? null : IdText.Bare(gid);

    private static AddressBody? ToBody(GraphAddress? a) => a is null ? null
        : new AddressBody(a.FirstName, a.LastName, a.Name, a.Company, a.Address1, a.Address2, a.City, a.Province, a.Zip, a.CountryCodeV2, a.Phone);

    private static LineBody ToBody(GraphLine l) => new(
        Number(l.Id), Number(l.Variant?.Id), l.Sku, l.Name, null, l.Quantity, l.CurrentQuantity, l.UnfulfilledQuantity, null, Grams(l.Weight), l.RequiresShipping, null, l.OriginalUnitPriceSet, null,
        l.DiscountAllocations?.Select(d => new AllocationBody(null, d.AllocatedAmountSet)).ToArray(), l.TaxLines?.Select(t => new TaxBody(null, t.PriceSet)).ToArray());

    private static FulfillmentBody ToBody(GraphFulfilment f)
    {
        var tracking = TrackingOf(f);
        return new(Number(f.Id), null, f.Status?.ToLowerInvariant(), f.CreatedAt, null, tracking?.Company, tracking?.Number, null,
            [.. (f.FulfillmentLineItems?.Nodes ?? []).Where(l => l.LineItem?.Id is not null).Select(l => new FulfilledLineBody(Number(l.LineItem!.Id), l.LineItem.Sku, l.Quantity ?? 0))], Number(f.Location?.Id));
    }

    private static RefundBody ToBody(GraphRefund r) => new(
        Number(r.Id), null, r.CreatedAt, r.ProcessedAt, r.Note,
        [.. (r.RefundLineItems?.Nodes ?? []).Select(l => new RefundLineBody(Number(l.LineItem?.Id), l.Quantity, l.RestockType?.ToLowerInvariant(), Number(l.Location?.Id), null, l.SubtotalSet, null, l.TotalTaxSet))],
        Paid(r.TotalRefundedSet?.ShopMoney), null);

    /// <summary>Money that went back, of which nobody has said by which refunds.</summary>
    private static RefundBody[]? Counted(MoneyBody? back) => back is { Amount: > 0m } ? [new(null, null, null, null, null, null, Paid(back), null)] : null;

    private static TransactionBody[]? Paid(MoneyBody? back) => back is null ? null : [new("refund", "success", back.Amount, back.CurrencyCode)];

    public static int? Grams(GraphWeight? weight) => weight?.Value is not { } value || !double.IsFinite(value) || value is < 0 or > 1e6 ? null : (int)Math.Round(value * weight.Unit switch
    {
        "KILOGRAMS" => 1000,
        "POUNDS" => 453.59237,
        "OUNCES" => 28.349523125,
        _ => 1,
    });
}
