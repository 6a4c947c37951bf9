using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Shipping;

/// <summary>What the database is told of parcels inside the deciding transaction. Not answered.</summary>
public abstract record ShippingRequest : Request
{
    private ShippingRequest() { }

    /// <summary>Nobody tells of this parcel by himself: ask this connection for it, now and then, until it has ended.</summary>
    [Wire("shipping.ask_after.v1")]
    public sealed record AskAfter(string Connection, string ParcelId, string Tracking, DateTimeOffset LeftAt) : ShippingRequest;

    /// <summary>A person has said what became of it.</summary>
    [Wire("shipping.ask_no_more.v1")]
    public sealed record AskNoMore(string ParcelId) : ShippingRequest;
}
