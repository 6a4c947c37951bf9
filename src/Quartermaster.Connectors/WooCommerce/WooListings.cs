using System.Net;
using Quartermaster.Core.Connecting;

namespace Quartermaster.Connectors.WooCommerce;

/// <summary>What the shop sells, by the names that stock goes by: <c>product</c> or <c>product/variation</c>.</summary>
internal static class WooListings
{
    public static string ItemOf(ProductBody product, string id) =>
        product.Type is "variation" && product.ParentId is { Length: > 0 } and not "0" ? $"{product.ParentId}/{id}" : id;

    public static string TitleOf(ProductBody product) => WebUtility.HtmlDecode(product.Name?.Trim() ?? "");

    /// <summary>Its variations are what is sold, or it is sold elsewhere.</summary>
    public static bool IsFamily(ProductBody product) => product.Type is "variable" or "grouped" or "external";

    public static ListingSeen? Of(ProductBody product) => product.Id is not { Length: > 0 } id || IsFamily(product) ? null
        : new(new(id, ""), product.Sku?.Trim() ?? "", TitleOf(product), id, product.Units);

    /// <remarks>Its page goes by its own id and not by its product's: that is the id under which webhooks tell of it and of its end.</remarks>
    public static ListingSeen? Of(ProductBody product, ProductBody variation)
    {
        if (product.Id is not { Length: > 0 } parent || variation.Id is not { Length: > 0 } id) return null;
        var options = OptionsOf(variation);
        return new(new($"{parent}/{id}", ""), variation.Sku?.Trim() ?? "", options.Length > 0 ? $"{TitleOf(product)}, {options}" : TitleOf(product), id, variation.Units);
    }

    private static string OptionsOf(ProductBody variation) =>
        WebUtility.HtmlDecode(string.Join(", ", (variation.Attributes ?? []).Select(a => a?.Option).Where(o => !string.IsNullOrWhiteSpace(o))));

    /// <summary><c>12/34</c> → product 12, variation 34; <c>12</c> → product 12 and no variation.</summary>
    public static (string Product, string? Variation) Split(ListingId listing)
    {
        var slash = listing.Item.IndexOf('/', StringComparison.Ordinal);
        return slash < 0 ? (listing.Item, null) : (listing.Item[..slash], listing.Item[(slash + 1)..]);
    }
}
