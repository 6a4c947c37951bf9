using Quartermaster.Core.Connecting;
using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Shipping;

/// <summary>Work that a late parcel asks of the channel its order came from.</summary>
public abstract record ShippingEffect : Effect
{
    private ShippingEffect() { }

    /// <summary>Give the order's customer store credit. Done = they have it; refused = they do not, and a person gives it.</summary>
    /// <param name="ExternalId">Of the order, at the channel.</param>
    /// <param name="Since">When it was decided first: credit of that amount that they were given since is this one.</param>
    [Wire("shipping.give_credit.v1")]
    [RefusalIsAnAnswer]
    public sealed record GiveCredit(string ExternalId, decimal Amount, string Currency, DateTimeOffset Since) : ShippingEffect;
}
