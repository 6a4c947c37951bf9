using Quartermaster.Core.Connecting;
using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Shipping;

/// <summary>Work that a late parcel asks of the channel its order came from.</summary>
public abstract record ShippingEffect : Effect
{
    private ShippingEffect() { }

    /// <summary>Give the order's customer store credit. Done = they have it; refused = they do not, and a person gives it.</summary>
    /// <param name="ExternalId">Of the order, at the channel.</param>
    /// <param name="Since">When it was decided first: older credit is not this one.</param>
    /// <param name="First">No earlier try of it was ever sent.</param>
    /// <param name="Others">The channel's ids of the other credits of this order, which are not this one; null = not all of them are known.</param>
    [Wire("shipping.give_credit.v1")]
    [RefusalIsAnAnswer]
    public sealed record GiveCredit(string ExternalId, decimal Amount, string Currency, DateTimeOffset Since, bool First = false, IReadOnlyList<string>? Others = null) : ShippingEffect;
}
