using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Products;

/// <summary>What a channel tells about a product. Sent to the stream <c>product/{channel}/{product id}</c>.</summary>
public abstract record ProductSignal : Signal
{
    private ProductSignal() { }

    /// <summary>The channel's present view of a product, all its variants included.</summary>
    [Wire("product.reported.v1")]
    public sealed record Reported(string Channel, string ProductId, string Title, IReadOnlyList<Variant> Variants, DateTimeOffset UpdatedAt) : ProductSignal;

    [Wire("product.deleted.v1")]
    public sealed record Deleted(string Channel, string ProductId, DateTimeOffset At) : ProductSignal;
}

/// <summary>One sellable variant as a channel knows it.</summary>
/// <param name="Sku">Our SKU; empty when the channel has none.</param>
/// <param name="InventoryItemId">The channel's own id of the stocked item behind it; null where there is no such thing.</param>
public sealed record Variant(string VariantId, string Sku, string Title, string? InventoryItemId);
