using System.Text.Json;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Orders;

namespace Quartermaster.Connectors.WooCommerce;

/// <summary>Where an order came from and what paid it, for brands that count what orders share.</summary>
/// <remarks>
/// The shop itself knows no cards; gateways keep what they know in hidden entries of the order. Those built on the common framework end their keys alike
/// (<c>_wc_GATEWAY_account_four</c>, <c>…_card_expiry_date</c>, <c>…_bin</c>); others name a fingerprint.
/// </remarks>
internal static class WooOrigin
{
    public static Forwarded? Of(Session session, StreamId to, OrderBody order)
    {
        if (session.HashTrait is not { } hash) return null;
        var card = new PaidCard(Meta(order, "_bin"), Meta(order, "_account_four", "_card_last4", "_card_last_four", "_last4"), Meta(order, "_card_expiry_date", "_card_expiry"), Meta(order, "_card_holder_name", "_cardholder_name"), Meta(order, "_card_fingerprint"));
        var traits = new OrderOrigin(order.CustomerIpAddress, order.CustomerUserAgent, Card: card).Traits(hash);
        return traits.Count == 0 ? null : new(to, new OrderSignal.TraitsTold(traits));
    }

    private static string? Meta(OrderBody order, params ReadOnlySpan<string> ends)
    {
        foreach (var meta in order.MetaData ?? [])
            foreach (var end in ends)
                if (meta.Key.EndsWith(end, StringComparison.Ordinal) && Text(meta.Value) is { Length: > 0 and <= 200 } text) return text;
        return null;
    }

    private static string? Text(JsonElement value) => value.ValueKind switch { JsonValueKind.String => value.GetString(), JsonValueKind.Number => value.GetRawText(), _ => null };
}
