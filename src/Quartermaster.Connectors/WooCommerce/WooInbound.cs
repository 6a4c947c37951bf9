using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Orders;
using Quartermaster.Core.Products;
using Quartermaster.Core.Stock;

namespace Quartermaster.Connectors.WooCommerce;

/// <summary>A stored webhook body → signals. Pure, and the only throw is <see cref="NotUnderstoodException"/>.</summary>
internal static class WooInbound
{
    public static readonly BodyReader Body = new("woocommerce", "WooCommerce");

    public static Reading Read(Session session, string topic, ReadOnlyMemory<byte> body, DateTimeOffset receivedAt) => topic switch
    {
        "order.created" or "order.updated" or "order.restored" => Order(session, topic, body, receivedAt),
        "order.deleted" => Binned(session, body),
        "product.created" or "product.updated" or "product.restored" => Product(session, topic, body, receivedAt),
        "product.deleted" => ProductGone(session, body, receivedAt),
        _ when topic.StartsWith("coupon.", StringComparison.Ordinal) || topic.StartsWith("customer.", StringComparison.Ordinal) || topic.StartsWith("action.", StringComparison.Ordinal) =>
            Reading.Ignored($"nothing follows from {topic}"),
        _ => throw Body.Wrong("unknown_topic", $"'{topic}' is no webhook topic this hub knows. If the shop should not send it, delete the webhook."),
    };

    private static Reading Order(Session session, string topic, ReadOnlyMemory<byte> bytes, DateTimeOffset receivedAt)
    {
        var order = Body.Parse(bytes, WooBodies.Default.OrderBody, topic);
        var id = Body.Id(order.Id, "id");
        if (IsDraft(order)) return Reading.Ignored("a basket that nobody has sent yet");
        // The order names its refunds without their lines: what is still wanted is only known when they are read too.
        if (order.Refunds is { Length: > 0 }) return Reading.One(session.OrderStream(id), new OrderSignal.ChangeAnnounced(session.Connection, id, topic));
        return new Reading(Learn(session, order, [], topic, fetched: false, receivedAt));
    }

    /// <summary>What an order says together with its refunds: itself, goods that somebody sent without us, and the money given back.</summary>
    public static List<Forwarded> Learn(Session session, OrderBody order, IReadOnlyList<RefundBody> refunds, string topic, bool fetched, DateTimeOffset now)
    {
        var facts = WooOrderFacts.From(order, refunds, session, now);
        var to = session.OrderStream(facts.ExternalId);
        List<Forwarded> learned = [];
        // Told first: the order is scored on it at once.
        if (WooOrigin.Of(session, to, order) is { } origin) learned.Add(origin);
        learned.Add(new(to, new OrderSignal.Reported(facts, topic, Fetched: fetched)));
        if (WooParcels.SentByHand(order, facts, session.Settings) is { } sent) learned.Add(new(to, sent));
        foreach (var refund in refunds) learned.Add(new(to, WooRefunds.SignalOf(refund, order, facts)));
        return learned;
    }

    /// <summary>The block checkout keeps baskets as orders.</summary>
    public static bool IsDraft(OrderBody order) => order.Status is "checkout-draft" or "auto-draft" or "draft";

    /// <remarks>Deleted means moved to the bin. The body has the id alone; the order is fetched, and from the bin it counts as cancelled.</remarks>
    private static Reading Binned(Session session, ReadOnlyMemory<byte> body)
    {
        var id = Body.Id(Body.Parse(body, WooBodies.Default.OrderBody, "order.deleted").Id, "id");
        return Reading.One(session.OrderStream(id), new OrderSignal.ChangeAnnounced(session.Connection, id, "order.deleted"));
    }

    private static Reading Product(Session session, string topic, ReadOnlyMemory<byte> body, DateTimeOffset receivedAt)
    {
        var product = Body.Parse(body, WooBodies.Default.ProductBody, topic);
        var id = Body.Id(product.Id, "id");
        var at = (product.DateModifiedGmt ?? receivedAt).ToUniversalTime();
        var item = WooListings.ItemOf(product, id);
        var (title, sku) = (WooListings.TitleOf(product), product.Sku?.Trim() ?? "");
        // A product with variations is told without them: each comes by a webhook of its own, whose name is the whole one. Who has no SKU is asked for by that name.
        Variant[] variants = WooListings.IsFamily(product) ? [] : [new(id, sku, sku.Length == 0 ? title : "", item)];
        List<Forwarded> learned = [new(WooKnock.ProductStream(session, id), new ProductSignal.Reported(session.Connection, id, title, variants, at))];
        if (product.IsCounted && variants.Length > 0) learned.Add(new(WooKnock.StockStream(session, item), new StockSignal.ChannelLevelReported(session.Connection, item, "", product.Units, at)));
        return new Reading(learned);
    }

    private static Reading ProductGone(Session session, ReadOnlyMemory<byte> body, DateTimeOffset receivedAt)
    {
        var id = Body.Id(Body.Parse(body, WooBodies.Default.ProductBody, "product.deleted").Id, "id");
        return Reading.One(WooKnock.ProductStream(session, id), new ProductSignal.Deleted(session.Connection, id, receivedAt));
    }
}
