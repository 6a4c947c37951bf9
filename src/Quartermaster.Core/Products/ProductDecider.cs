using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Products;

/// <summary>A product as one channel knows it: above all, which inventory item there is which SKU here.</summary>
public sealed record Product
{
    public static readonly Product Unknown = new();

    public string? Channel { get; init; }
    public string? ProductId { get; init; }
    public string? Title { get; init; }
    public IReadOnlyList<Variant>? Variants { get; init; }
    public DateTimeOffset? SaidAt { get; init; }
    public bool Gone { get; init; }
}

/// <summary>Decides whether a channel's word about a product is new, and tells a person of variants without SKU.</summary>
public static class ProductDecider
{
    private const string NoSku = "no_sku";

    public static Decision Decide(Product state, ProductSignal signal, Situation s) => signal switch
    {
        ProductSignal.Reported r when r.UpdatedAt < state.SaidAt => Decision.Ignore("A newer view of this product is known."),
        ProductSignal.Reported r when !state.Gone && IsSame(state, r) => Decision.Ignore("Nothing new about this product."),
        ProductSignal.Reported r when state.Gone && r.UpdatedAt <= state.SaidAt => Decision.Ignore("The product is gone."),
        ProductSignal.Reported r => Known(r),
        ProductSignal.Deleted d when state.Gone || d.At < state.SaidAt => Decision.Ignore("Nothing new about this product."),
        ProductSignal.Deleted d => Decision.Of(new ProductEvent.Gone(d.Channel, d.ProductId, d.At)).Tell(new CaseChange.Closed(NoSku)).Because("Deleted at the channel."),
        _ => throw new System.Diagnostics.UnreachableException(signal.GetType().Name),
    };

    public static Product Evolve(Product state, ProductEvent e) => e switch
    {
        ProductEvent.Known k => new Product { Channel = k.Channel, ProductId = k.ProductId, Title = k.Title, Variants = k.Variants, SaidAt = k.UpdatedAt },
        ProductEvent.Gone g => state with { Channel = g.Channel, ProductId = g.ProductId, Gone = true, SaidAt = g.At },
        _ => throw new System.Diagnostics.UnreachableException(e.GetType().Name),
    };

    private static Decision Known(ProductSignal.Reported r)
    {
        var known = Decision.Of(new ProductEvent.Known(r.Channel, r.ProductId, r.Title, r.Variants, r.UpdatedAt));
        foreach (var variant in r.Variants)
            if (string.IsNullOrWhiteSpace(variant.Sku))
                return known.Tell(new CaseChange.Opened(NoSku, "product.no_sku", $"'{r.Title}' has a variant without SKU", $"Orders for '{variant.Title}' will be held. Give it a SKU at the channel."));
        return known.Tell(new CaseChange.Closed(NoSku));
    }

    private static bool IsSame(Product state, ProductSignal.Reported r)
    {
        if (state.Title != r.Title || state.Variants?.Count != r.Variants.Count) return false;
        for (var i = 0; i < r.Variants.Count; i++)
            if (state.Variants[i] != r.Variants[i]) return false;
        return true;
    }
}
