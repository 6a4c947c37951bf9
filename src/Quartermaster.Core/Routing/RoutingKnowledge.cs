using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Routing;

/// <summary>What the past and the map say, for the router: the same for all orders of some minutes.</summary>
public sealed record RoutingKnowledge
{
    public static readonly RoutingKnowledge Nothing = new();

    public PostalPoints Points { get; init; } = PostalPoints.None;

    public CarrierHistory Carriers { get; init; } = CarrierHistory.Empty;

    /// <summary>Of SKUs whose weight an order does not tell; null = nothing is known of any.</summary>
    public AboutSku? Skus { get; init; }

    public ReturnHistory Returns { get; init; } = ReturnHistory.Empty;
}
