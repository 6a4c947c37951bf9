using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Connections;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Orders;
using Quartermaster.Core.Products;
using Quartermaster.Core.Stock;

namespace Quartermaster.Connectors.Shopify;

/// <summary>A stored webhook body → signals. Pure, and the only throw is <see cref="NotUnderstoodException"/>.</summary>
internal static class ShopifyInbound
{
    private static readonly BodyReader Body = new("shopify", "Shopify");

    // Resources that Shopify can tell about and that this hub has no use for yet. A topic outside of this list and of Read goes to a person.
    private static readonly HashSet<string> Unused = new(StringComparer.Ordinal)
    {
        "app_purchases_one_time", "app", "app_subscriptions", "audit_events", "bulk_operations", "carts", "channels", "checkouts", "collection_listings",
        "collection_publications", "collections", "companies", "company_contact_roles", "company_contacts", "company_locations", "customer",
        "customer_account_settings", "customer_groups", "customer_payment_methods", "customer_tags", "customers", "customers_email_marketing_consent",
        "customers_marketing_consent", "customers_whats_app_marketing_consent", "delivery_promise_settings", "discounts", "disputes", "domains",
        "draft_orders", "finance_app_staff_member", "finance_kyc_information", "fulfillment_holds", "fulfillment_orders", "inventory_items",
        "inventory_shipments", "inventory_transfers", "locales", "locations", "markets", "markets_backup_region", "metafield_definitions", "metaobjects", "order_transactions",
        "payment_schedules", "payment_terms", "product_feeds", "product_listings", "product_publications", "profiles", "returns", "reverse_deliveries",
        "reverse_fulfillment_orders", "scheduled_product_listings", "segments", "selling_plan_groups", "shipping_addresses", "shop",
        "subscription_billing_attempts", "subscription_billing_cycle_edits", "subscription_billing_cycles", "subscription_contracts", "tax_services",
        "tender_transactions", "themes", "variants",
    };

    public static Reading Read(Session session, string topic, ReadOnlyMemory<byte> body, DateTimeOffset receivedAt) => topic switch
    {
        "orders/create" or "orders/updated" or "orders/paid" or "orders/cancelled" or "orders/fulfilled" or "orders/partially_fulfilled" =>
            Order(session, topic, body, receivedAt),
        "orders/edited" => Edited(session, body),
        "orders/delete" => Reading.Ignored("the order was deleted at the channel; what the hub knows of it is kept"),
        "orders/risk_assessment_changed" when session.Settings.Find("risk") == "true" => RiskChanged(session, body),
        "orders/risk_assessment_changed" or "orders/link_requested" or "orders/shopify_protect_eligibility_changed" =>
            Reading.Ignored($"nothing follows from {topic}"),
        "order_transactions/create" when session.HashTrait is not null => Paid(session, body),
        "refunds/create" => Refund(session, body, receivedAt),
        "fulfillments/create" or "fulfillments/update" => Fulfilment(session, body, receivedAt),
        "fulfillment_events/create" => CarrierEvent(session, body),
        "fulfillment_events/delete" => Reading.Ignored("a tracking event was withdrawn at the channel"),
        "inventory_levels/update" or "inventory_levels/connect" => Level(session, body, receivedAt),
        "inventory_levels/disconnect" => Reading.Ignored("the item is no longer stocked at that location of the channel"),
        "products/create" or "products/update" => Product(session, body, receivedAt),
        "products/delete" => ProductGone(session, body, receivedAt),
        "checkouts/create" or "checkouts/update" when ShopifyCheckouts.AreTaken(session.Settings) => ShopifyCheckouts.Read(session, topic, body, receivedAt),
        ShopifyConsents.ByMail or ShopifyConsents.ByText when ShopifyConsents.AreTaken(session.Settings) => ShopifyConsents.Read(session, topic, body, receivedAt),
        "app/uninstalled" => Reading.One(ShopifyKnock.ConnectionStream(session),
            new ConnectionSignal.Disconnected(session.Connection, "The app was uninstalled from the shop; its token no longer works.", receivedAt)),
        _ when IsUnused(topic) => Reading.Ignored($"nothing follows from {topic}"),
        _ => throw Body.Wrong("unknown_topic", $"'{topic}' is no webhook topic this hub knows. If the shop should not send it, remove the subscription."),
    };

    private static bool IsUnused(string topic) =>
        topic.IndexOf('/', StringComparison.Ordinal) is > 0 and var slash && slash < topic.Length - 1 && Unused.Contains(topic[..slash]);

    private static Reading Order(Session session, string topic, ReadOnlyMemory<byte> body, DateTimeOffset receivedAt) =>
        new(Guarded(topic, body, b => Learn(session, Body.Parse(b, ShopifyBodies.Default.OrderBody, topic), topic, fetched: false, receivedAt)));

    /// <summary>What an order says: itself, and the fulfilments and refunds that it names. A webhook of one of those may be lost; the order's next one still has it.</summary>
    public static List<Forwarded> Learn(Session session, OrderBody order, string topic, bool fetched, DateTimeOffset now)
    {
        var facts = ShopifyOrderFacts.From(order, session, now);
        var to = session.OrderStream(facts.ExternalId);
        List<Forwarded> learned = [new(to, new OrderSignal.Reported(facts, topic, Fetched: fetched, CountsOnly: !fetched && CountsOnly(order)))];
        foreach (var parcel in order.Fulfillments ?? [])
            if (parcel?.Id is not null) learned.Add(new(to, ShopifyParcels.SignalOf(parcel, session, facts.UpdatedAt)));
        foreach (var refund in order.Refunds ?? [])
            if (refund?.Id is not null) learned.Add(new(to, ShopifyRefunds.SignalOf(refund, session, facts.UpdatedAt, facts)));
        // Told first: the order is scored on it at once.
        if (ShopifyOrigin.Of(session, to, order) is { } origin) learned.Insert(0, origin);
        return learned;
    }

    // A poll asks for no names: they would make its pages too costly.
    private static bool CountsOnly(OrderBody order) => order.Fulfillments is null || order.Refunds?.Any(r => r is { Id: null }) == true;

    private static Reading Paid(Session session, ReadOnlyMemory<byte> body)
    {
        var paid = Body.Parse(body, ShopifyBodies.Default.PaidBody, "order_transactions/create");
        return ShopifyOrigin.Of(session, session.OrderStream(Body.Need(paid.OrderId, "order_id")), paid) is { } told ? new Reading([told]) : Reading.Ignored("the payment names no card that could be told from others");
    }

    private static Reading Edited(Session session, ReadOnlyMemory<byte> body)
    {
        var edit = Body.Parse(body, ShopifyBodies.Default.OrderEditedBody, "orders/edited").OrderEdit;
        var order = Body.Need(edit?.OrderId, "order_edit.order_id");
        return Reading.One(session.OrderStream(order), new OrderSignal.ChangeAnnounced(session.Connection, order, "orders/edited"));
    }

    /// <remarks>What it says of the risk is in no published contract, so it counts as a knock: the order is fetched, and its risk comes with it.</remarks>
    private static Reading RiskChanged(Session session, ReadOnlyMemory<byte> body)
    {
        var changed = Body.Parse(body, ShopifyBodies.Default.RiskChangedBody, "orders/risk_assessment_changed");
        var order = Body.Need(changed.OrderId ?? changed.AdminGraphqlApiOrderId, "order_id");
        return Reading.One(session.OrderStream(order), new OrderSignal.ChangeAnnounced(session.Connection, order, "orders/risk_assessment_changed"));
    }

    /// <remarks>The event names a fulfilment but no tracking number: the order is fetched, and its parcels with their events come with it.</remarks>
    private static Reading CarrierEvent(Session session, ReadOnlyMemory<byte> body)
    {
        var order = Body.Need(Body.Parse(body, ShopifyBodies.Default.FulfillmentEventBody, "fulfillment_events/create").OrderId, "order_id");
        return Reading.One(session.OrderStream(order), new OrderSignal.ChangeAnnounced(session.Connection, order, "fulfillment_events/create"));
    }

    private static Reading Refund(Session session, ReadOnlyMemory<byte> body, DateTimeOffset receivedAt) => Guarded("refunds/create", body, bytes =>
    {
        var refund = Body.Parse(bytes, ShopifyBodies.Default.RefundBody, "refunds/create");
        return Reading.One(session.OrderStream(Body.Need(refund.OrderId, "order_id")), ShopifyRefunds.SignalOf(refund, session, receivedAt));
    });

    private static Reading Fulfilment(Session session, ReadOnlyMemory<byte> body, DateTimeOffset receivedAt)
    {
        var told = Body.Parse(body, ShopifyBodies.Default.FulfillmentBody, "fulfillments");
        return Reading.One(session.OrderStream(Body.Need(told.OrderId, "order_id")), ShopifyParcels.SignalOf(told, session, receivedAt));
    }

    private static Reading Level(Session session, ReadOnlyMemory<byte> body, DateTimeOffset receivedAt)
    {
        var level = Body.Parse(body, ShopifyBodies.Default.InventoryLevelBody, "inventory_levels/update");
        var item = Body.Need(level.InventoryItemId, "inventory_item_id");
        return Reading.One(ShopifyKnock.StockStream(session, item), new StockSignal.ChannelLevelReported(
            session.Connection, item, Body.Need(level.LocationId, "location_id"), level.Available, (level.UpdatedAt ?? receivedAt).ToUniversalTime()));
    }

    private static Reading Product(Session session, ReadOnlyMemory<byte> body, DateTimeOffset receivedAt)
    {
        var product = Body.Parse(body, ShopifyBodies.Default.ProductBody, "products");
        var id = Body.Need(product.Id, "id");
        var variants = (product.Variants ?? []).Where(v => v?.Id is not null)
            .Select(v => new Variant(v.Id!, v.Sku?.Trim() ?? "", v.Title ?? "", v.InventoryItemId));
        return Reading.One(ShopifyKnock.ProductStream(session, id),
            new ProductSignal.Reported(session.Connection, id, product.Title ?? "", [.. variants], (product.UpdatedAt ?? receivedAt).ToUniversalTime()));
    }

    private static Reading ProductGone(Session session, ReadOnlyMemory<byte> body, DateTimeOffset receivedAt)
    {
        var id = Body.Need(Body.Parse(body, ShopifyBodies.Default.ProductBody, "products/delete").Id, "id");
        return Reading.One(ShopifyKnock.ProductStream(session, id), new ProductSignal.Deleted(session.Connection, id, receivedAt));
    }

    private static T Guarded<T>(string topic, ReadOnlyMemory<byte> body, Func<ReadOnlyMemory<byte>, T> read)
    {
        try
        {
            return read(body);
        }
        catch (OverflowException e)
        {
            throw Body.Wrong("absurd_number", $"{topic}: the amounts are too large to add up.", e);
        }
    }
}
