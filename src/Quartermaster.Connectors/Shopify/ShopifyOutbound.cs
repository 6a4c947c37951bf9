using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Fulfilment;

namespace Quartermaster.Connectors.Shopify;

/// <summary>Effect → request. Pure. Every GraphQL document this connector ever sends is here.</summary>
internal static class ShopifyOutbound
{
    /// <summary>More assigned locations than this in one parcel are written by the effect's next attempt.</summary>
    public const int MostGroups = 4;

    private const string ToFulfil =
        "id fulfillments(first: 20) { id status totalQuantity trackingInfo(first: 5) { number } } " +
        "fulfillmentOrders(first: 20) { nodes { id status assignedLocation { location { id } } " +
        "lineItems(first: 100) { pageInfo { hasNextPage endCursor } nodes { id totalQuantity remainingQuantity sku lineItem { id } } } } }";

    private const string Money = "{ shopMoney { amount currencyCode } presentmentMoney { amount currencyCode } }";
    private const string Place = "{ firstName lastName name company address1 address2 city province zip countryCodeV2 phone }";

    private const string WholeOrder =
        "id name email phone createdAt processedAt updatedAt cancelledAt cancelReason currencyCode presentmentCurrencyCode customerLocale displayFinancialStatus " +
        "clientIp paymentGatewayNames note tags taxesIncluded test paymentTerms { paymentTermsName } currentTotalPriceSet " + Money + " currentTotalTaxSet " + Money +
        " currentTotalDiscountsSet " + Money + " totalOutstandingSet " + Money + " totalTipReceivedSet " + Money + " currentTotalDutiesSet " + Money +
        " currentTotalAdditionalFeesSet " + Money + " totalRefundedSet " + Money +
        " customer { id firstName lastName defaultEmailAddress { emailAddress } defaultPhoneNumber { phoneNumber } } billingAddress " + Place + " shippingAddress " + Place +
        " lineItems(first: 50, after: $line) { pageInfo { hasNextPage endCursor } nodes { id sku name quantity currentQuantity unfulfilledQuantity requiresShipping originalUnitPriceSet " + Money +
        " discountAllocations { allocatedAmountSet " + Money + " } taxLines(first: 5) { priceSet " + Money + " } variant { id } weight { unit value } } }" +
        " shippingLines(first: 5) { nodes { title code originalPriceSet " + Money + " discountedPriceSet " + Money + " isRemoved } }";

    private const string Parcels =
        "fulfillments(first: 20) { id status createdAt location { id } trackingInfo(first: 1) { company number } fulfillmentLineItems(first: 50) { nodes { quantity lineItem { id sku } } } " +
        "events(first: 20) { nodes { status happenedAt city } } }";

    private const string Refunds =
        "refunds(first: 20) { id createdAt processedAt note totalRefundedSet " + Money + " refundLineItems(first: 50) { nodes { quantity restockType lineItem { id } location { id } subtotalSet " + Money +
        " totalTaxSet " + Money + " } } }";

    public const string OpenFulfilmentsDocument = "query OpenFulfilments($ids: [ID!]!) { nodes(ids: $ids) { ... on Order { " + ToFulfil + " } } }";
    public const string LookUpDocument = "query LookUp($id: ID!) { order(id: $id) { " + ToFulfil + " } }";
    public const string FetchDocument = "query Fetch($id: ID!, $line: String) { order(id: $id) { " + WholeOrder + " " + Parcels + " " + Refunds + " risk { assessments { riskLevel } } } }";

    public const string PollDocument =
        "query Poll($query: String!, $first: Int!, $after: String, $line: String) { orders(first: $first, after: $after, query: $query, sortKey: UPDATED_AT) " +
        "{ pageInfo { hasNextPage endCursor } nodes { " + WholeOrder + " } } }";

    public const string StandingDocument = "query Standing($id: ID!) { order(id: $id) { id cancelledAt displayFinancialStatus } }";

    /// <summary>Of a declined order: whatever the shop has of its money goes back the way it came, and what was only authorised is let go.</summary>
    public const string DeclineDocument =
        "mutation Decline($id: ID!, $note: String) { orderCancel(orderId: $id, reason: OTHER, restock: true, notifyCustomer: false, refundMethod: { originalPaymentMethodsRefund: true }, staffNote: $note) " +
        "{ job { id } orderCancelUserErrors { code field message } } }";

    /// <summary>Nothing is refunded, units go back on sale, and the hub writes to the shopper itself.</summary>
    public const string CancelDocument =
        "mutation Cancel($id: ID!, $note: String) { orderCancel(orderId: $id, reason: OTHER, restock: true, notifyCustomer: false, staffNote: $note) " +
        "{ job { id } orderCancelUserErrors { code field message } } }";

    /// <summary>Whose an order is, how many they have, and what they were given lately.</summary>
    public const string CreditsDocument =
        "query Credits($id: ID!) { order(id: $id) { id customer { id numberOfOrders storeCreditAccounts(first: 5) { nodes { transactions(first: 10, reverse: true, query: \"type:credit\") { nodes { " +
        "createdAt amount { amount currencyCode } ... on StoreCreditAccountCreditTransaction { id } } } } } } } }";

    /// <summary>The hub writes to the shopper itself.</summary>
    public const string GiveCreditDocument =
        "mutation GiveCredit($id: ID!, $credit: StoreCreditAccountCreditInput!) { storeCreditAccountCredit(id: $id, creditInput: $credit) { storeCreditAccountTransaction { id } userErrors { code field message } } }";

    public const string ShopDocument = "query Shop { shop { name myshopifyDomain currencyCode } }";
    public const string CountDocument = "query Count($query: String!) { ordersCount(query: $query, limit: null) { count precision } }";

    public const string SubscriptionsDocument =
        "query Subscriptions($after: String) { webhookSubscriptions(first: 100, after: $after) { pageInfo { hasNextPage endCursor } nodes { id topic uri } } }";

    public const string SubscribeDocument =
        "mutation Subscribe($topic: WebhookSubscriptionTopic!, $uri: String!) { webhookSubscriptionCreate(topic: $topic, webhookSubscription: { uri: $uri, format: JSON }) " +
        "{ webhookSubscription { id } userErrors { field message } } }";

    public const string SetStockDocument =
        "mutation SetStock($input: InventorySetQuantitiesInput!, $key: String!) { inventorySetQuantities(input: $input) @idempotent(key: $key) { userErrors { field message code } } }";

    public const string LevelsDocument =
        "query Levels($ids: [ID!]!, $at: ID!) { items: nodes(ids: $ids) { ... on InventoryItem { id tracked inventoryLevel(locationId: $at) { quantities(names: [\"available\"]) { name quantity } } } } }";

    public const string CatalogueDocument =
        "query Catalogue($at: ID!, $first: Int!, $after: String) { location(id: $at) { inventoryLevels(first: $first, after: $after) { pageInfo { hasNextPage endCursor } nodes { " +
        "quantities(names: [\"available\"]) { name quantity } item { id sku tracked variants(first: 1) { nodes { title product { id title } } } } } } } }";

    public const string GoodsDocument =
        "query Goods($first: Int!, $after: String) { inventoryItems(first: $first, after: $after) { pageInfo { hasNextPage endCursor } nodes { " +
        "id sku harmonizedSystemCode countryCodeOfOrigin measurement { weight { unit value } } } } }";

    public const string ShownDocument = "query Shown($ids: [ID!]!) { products: nodes(ids: $ids) { ... on Product { id status } } }";

    public const string ShowDocument =
        "mutation Show($product: ProductUpdateInput!) { productUpdate(product: $product) { product { id status } userErrors { field message } } }";

    /// <summary>Topics this hub lives on.</summary>
    public static readonly IReadOnlyList<string> Topics =
    [
        "ORDERS_CREATE", "ORDERS_UPDATED", "ORDERS_PAID", "ORDERS_CANCELLED", "ORDERS_EDITED", "REFUNDS_CREATE", "FULFILLMENTS_CREATE", "FULFILLMENTS_UPDATE",
        "FULFILLMENT_EVENTS_CREATE", "PRODUCTS_CREATE", "PRODUCTS_UPDATE", "PRODUCTS_DELETE", "INVENTORY_LEVELS_UPDATE", "APP_UNINSTALLED",
    ];

    /// <summary>The topics of one connection.</summary>
    public static IEnumerable<string> TopicsOf(Settings settings) =>
        [.. Topics, .. settings.Find("risk") == "true" ? ["ORDERS_RISK_ASSESSMENT_CHANGED", "ORDER_TRANSACTIONS_CREATE"] : Array.Empty<string>(), .. ShopifyCheckouts.AreTaken(settings) ? ["CHECKOUTS_CREATE", "CHECKOUTS_UPDATE"] : Array.Empty<string>(), .. ShopifyConsents.AreTaken(settings) ? ["CUSTOMERS_EMAIL_MARKETING_CONSENT_UPDATE", "CUSTOMERS_MARKETING_CONSENT_UPDATE"] : Array.Empty<string>()];

    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string OrderGid(string externalId) => "gid://shopify/Order/" + externalId;

    /// <summary>One fulfilment per group; Shopify takes fulfillment orders of one assigned location at a time, so a parcel may need several.</summary>
    public static string FulfilDocument(int groups)
    {
        if (groups == 1) return OneParcel;
        var text = new StringBuilder("mutation Fulfil(");
        for (var i = 0; i < groups; i++) text.Append(i == 0 ? "" : ", ").Append("$f").Append(i).Append(": FulfillmentInput!");
        text.Append(") {");
        for (var i = 0; i < groups; i++) text.Append(" p").Append(i).Append(": fulfillmentCreate(fulfillment: $f").Append(i).Append(") { fulfillment { id status } userErrors { field message } }");
        return text.Append(" }").ToString();
    }

    private const string OneParcel = "mutation Fulfil($f0: FulfillmentInput!) { p0: fulfillmentCreate(fulfillment: $f0) { fulfillment { id status } userErrors { field message } } }";

    public static byte[] Fulfil(IReadOnlyList<FulfilmentGroup> groups, Parcel parcel) => Body(FulfilDocument(groups.Count), w =>
    {
        for (var i = 0; i < groups.Count; i++)
        {
            w.WriteStartObject("f" + (char)('0' + i));
            w.WriteStartArray("lineItemsByFulfillmentOrder");
            foreach (var (id, lines) in groups[i].Orders) WritePart(w, id, lines);
            w.WriteEndArray();
            w.WriteBoolean("notifyCustomer", false);
            w.WriteStartObject("trackingInfo");
            w.WriteString("company", parcel.Carrier);
            w.WriteString("number", parcel.Tracking);
            if (parcel.TrackingUrl is { } url) w.WriteString("url", url);
            w.WriteEndObject();
            w.WriteEndObject();
        }
    });

    public static byte[] Ids(string document, IEnumerable<string> externalIds) => Body(document, w =>
    {
        w.WriteStartArray("ids");
        foreach (var id in externalIds) w.WriteStringValue(OrderGid(id));
        w.WriteEndArray();
    });

    public static byte[] Id(string document, string externalId, string? line = null) => Body(document, w =>
    {
        w.WriteString("id", OrderGid(externalId));
        if (line is not null) w.WriteString("line", line);
    });

    public static byte[] SetStock(IReadOnlyList<LevelToSet> levels, string key) => Body(SetStockDocument, w =>
    {
        w.WriteString("key", key);
        w.WriteStartObject("input");
        w.WriteString("name", "available");
        w.WriteString("reason", "correction");
        w.WriteString("referenceDocumentUri", "gid://quartermaster/Stock/" + key);
        w.WriteStartArray("quantities");
        foreach (var level in levels)
        {
            w.WriteStartObject();
            w.WriteString("inventoryItemId", ItemGid(level.Listing.Item));
            w.WriteString("locationId", LocationGid(level.Listing.Place));
            w.WriteNumber("quantity", level.Units);
            w.WriteNumber("changeFromQuantity", level.Was!.Value);
            w.WriteEndObject();
        }
        w.WriteEndArray();
        w.WriteEndObject();
    });

    public static byte[] Levels(IEnumerable<string> items, string place) => Body(LevelsDocument, w =>
    {
        w.WriteStartArray("ids");
        foreach (var item in items) w.WriteStringValue(ItemGid(item));
        w.WriteEndArray();
        w.WriteString("at", LocationGid(place));
    });

    public static byte[] Catalogue(string place, int first, string? after) => Body(CatalogueDocument, w =>
    {
        w.WriteString("at", LocationGid(place));
        w.WriteNumber("first", first);
        if (after is not null) w.WriteString("after", after);
    });

    public static byte[] Goods(int first, string? after) => Body(GoodsDocument, w =>
    {
        w.WriteNumber("first", first);
        if (after is not null) w.WriteString("after", after);
    });

    public static byte[] Shown(IEnumerable<string> products) => Body(ShownDocument, w =>
    {
        w.WriteStartArray("ids");
        foreach (var product in products) w.WriteStringValue(ProductGid(product));
        w.WriteEndArray();
    });

    public static byte[] Show(ShowAs product) => Body(ShowDocument, w =>
    {
        w.WriteStartObject("product");
        w.WriteString("id", ProductGid(product.Product));
        w.WriteString("status", product.As);
        w.WriteEndObject();
    });

    private static string ProductGid(string product) => "gid://shopify/Product/" + product;

    private static string ItemGid(string item) => "gid://shopify/InventoryItem/" + item;

    private static string LocationGid(string location) => "gid://shopify/Location/" + location;

    public static byte[] Cancel(string externalId, string why, bool givesBack) => Body(givesBack ? DeclineDocument : CancelDocument, w =>
    {
        w.WriteString("id", OrderGid(externalId));
        w.WriteString("note", Shared.Remote.Shorten($"Cancelled by Quartermaster: {why}.", 250));
    });

    /// <param name="customer">Its global id, as Shopify told it.</param>
    public static byte[] GiveCredit(string customer, decimal amount, string currency) => Body(GiveCreditDocument, w =>
    {
        w.WriteString("id", customer);
        w.WriteStartObject("credit");
        w.WriteStartObject("creditAmount");
        w.WriteString("amount", amount.ToString(System.Globalization.CultureInfo.InvariantCulture));
        w.WriteString("currencyCode", currency);
        w.WriteEndObject();
        w.WriteBoolean("notify", false);
        w.WriteEndObject();
    });

    public static byte[] Body(string document, Action<Utf8JsonWriter>? variables = null)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var w = new Utf8JsonWriter(buffer, Plain))
        {
            w.WriteStartObject();
            w.WriteString("query", document);
            w.WriteStartObject("variables");
            variables?.Invoke(w);
            w.WriteEndObject();
            w.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }

    private static void WritePart(Utf8JsonWriter w, string id, IReadOnlyList<(string Id, int Quantity)>? lines)
    {
        w.WriteStartObject();
        w.WriteString("fulfillmentOrderId", id);
        if (lines is not null)
        {
            w.WriteStartArray("fulfillmentOrderLineItems");
            foreach (var line in lines)
            {
                w.WriteStartObject();
                w.WriteString("id", line.Id);
                w.WriteNumber("quantity", line.Quantity);
                w.WriteEndObject();
            }
            w.WriteEndArray();
        }
        w.WriteEndObject();
    }
}
