using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Products;

/// <summary>What became true of a product at a channel.</summary>
public abstract record ProductEvent : Event
{
    private ProductEvent() { }

    /// <summary>Which inventory item of the channel is which SKU of ours, with the titles people know them by.</summary>
    [Wire("product.known.v1")]
    public sealed record Known(string Channel, string ProductId, string Title, IReadOnlyList<Variant> Variants, DateTimeOffset UpdatedAt) : ProductEvent;

    [Wire("product.gone.v1")]
    public sealed record Gone(string Channel, string ProductId, DateTimeOffset At) : ProductEvent;
}
