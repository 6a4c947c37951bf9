using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Channels;

/// <summary>What the database is told of listings inside the deciding transaction. Not answered.</summary>
public abstract record ListingRequest : Request
{
    private ListingRequest() { }

    /// <summary>A product has exactly these items; none = it is gone.</summary>
    [Wire("listing.of_product.v1")]
    public sealed record OfProduct(string Channel, string ProductId, string Title, IReadOnlyList<OfferedItem> Items) : ListingRequest;

    /// <summary>The channel says how many it would sell.</summary>
    /// <param name="Units">Null = it does not count this one.</param>
    [Wire("listing.seen.v1")]
    public sealed record Seen(string Channel, string Item, string Place, int? Units, DateTimeOffset At) : ListingRequest;
}

/// <summary>What of a product is stocked under an id of its own at the channel.</summary>
/// <param name="Sku">As the channel has it; empty when it has none.</param>
public sealed record OfferedItem(string Item, string Sku, string Title);
