using System.Globalization;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Orders;

namespace Quartermaster.Connectors.Shopify;

/// <summary>Where an order came from and what paid it, for brands that count what orders share.</summary>
/// <remarks>An order names its browser; its card stands in the payments that Shopify tells of by themselves, at about the same time.</remarks>
internal static class ShopifyOrigin
{
    /// <returns>Null where nothing is told, or nobody wants to know.</returns>
    public static Forwarded? Of(Session session, StreamId to, OrderBody order) => session.HashTrait is { } hash
        ? Told(to, new OrderOrigin(order.ClientDetails?.BrowserIp ?? order.BrowserIp, order.ClientDetails?.UserAgent, order.ClientDetails?.AcceptLanguage, order.ClientDetails?.SessionHash, Card(order.PaymentDetails)), hash)
        : null;

    /// <returns>Null where the payment names no card.</returns>
    public static Forwarded? Of(Session session, StreamId to, PaidBody paid) =>
        session.HashTrait is { } hash ? Told(to, new OrderOrigin(null, null, Card: Card(paid.PaymentDetails)), hash) : null;

    private static Forwarded? Told(StreamId to, OrderOrigin origin, Func<string, string> hash) => origin.Traits(hash) is { Count: > 0 } traits ? new(to, new OrderSignal.TraitsTold(traits)) : null;

    private static PaidCard? Card(CardBody? card) => card is null ? null
        : new(card.CreditCardBin, card.CreditCardNumber, string.Create(CultureInfo.InvariantCulture, $"{card.CreditCardExpirationMonth:00}{card.CreditCardExpirationYear % 100:00}"), card.CreditCardName);
}
