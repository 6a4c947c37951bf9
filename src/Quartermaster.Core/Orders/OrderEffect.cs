using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Orders;

/// <summary>Work for the channel an order came from.</summary>
public abstract record OrderEffect : Effect
{
    private OrderEffect() { }

    /// <summary>Cancel an unpaid order at its channel. Nothing is refunded: a channel that has money for it refuses, and a person cancels and refunds there.</summary>
    /// <param name="Why">For the channel's staff.</param>
    [Wire("order.cancel_at_channel.v1")]
    public sealed record CancelAtChannel(string ExternalId, string Why) : OrderEffect;
}
