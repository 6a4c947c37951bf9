using Quartermaster.Core.Kernel;
using Quartermaster.Core.Orders;
using Quartermaster.Core.Stock;

namespace Quartermaster.Core.Flows;

/// <summary>By which service an order travels: what its cost was reckoned for is what the warehouse is told and what its label is bought for.</summary>
internal static class HowItTravels
{
    /// <summary>The only service it may travel by: a rule's word, or else what the brand means by the way of sending that the shopper paid for. Null = any.</summary>
    public static string? Wished(Order order, RoutingTerms terms) => order.Ruled?.Service ?? terms.ServiceOf(order.Facts?.ShippingMethod?.Title, order.Facts?.ShippingMethod?.Code);

    /// <summary>Whether the brand sends it by another service because of the one than because of the other.</summary>
    public static bool IsAnother(ShippingMethod? one, ShippingMethod? other, RoutingTerms terms) => terms.ServiceOf(one?.Title, one?.Code) != terms.ServiceOf(other?.Title, other?.Code);

    /// <summary>How the parcel of a location travels; null where neither a wish nor a rate says it.</summary>
    public static Carriage? Of(OrderFile file, StockEvent.Allocated e, string location, Situation s) =>
        e.By(location) ?? (Wished(file.Order, s.Terms.Routing) is { } service ? new Carriage(service) : null);

    /// <summary>The vendor's name of the service that a label is bought for.</summary>
    /// <remarks>A wish that the location's list does not name may be the vendor's name itself. A rate may not: its name is for the tariff, and a label of the usual service is better than none.</remarks>
    public static string LabelService(Order order, Carriage? by, bool abroad, LabelTerms labels, RoutingTerms terms) =>
        Wished(order, terms) is { } wish ? labels.Services.GetValueOrDefault(wish, wish)
        : by is not null && labels.Services.TryGetValue(by.Service, out var service) ? service
        : abroad ? labels.ServiceAbroad : labels.Service;
}
