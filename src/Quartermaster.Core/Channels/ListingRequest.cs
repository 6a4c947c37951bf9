using Quartermaster.Core.Kernel;
using Quartermaster.Core.Products;

namespace Quartermaster.Core.Channels;

/// <summary>What the database is told of listings inside the deciding transaction. Not answered.</summary>
public abstract record ListingRequest : Request
{
    private ListingRequest() { }

    /// <summary>A product has exactly these variants; none = it is gone.</summary>
    [Wire("listing.of_product.v1")]
    public sealed record OfProduct(string Channel, string ProductId, string Title, IReadOnlyList<Variant> Variants) : ListingRequest;

    /// <summary>The channel says how many it would sell.</summary>
    /// <param name="Units">Null = it does not count this one.</param>
    [Wire("listing.seen.v1")]
    public sealed record Seen(string Channel, string Item, string Place, int? Units, DateTimeOffset At) : ListingRequest;
}
