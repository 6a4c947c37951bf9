using Quartermaster.Core.Channels;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Products;
using Quartermaster.Core.Stock;

namespace Quartermaster.Core.Flows;

/// <summary>A channel told of a product or of a number of its own: the table of what is sold where follows.</summary>
internal static class WhenChannelTellsKeepItsListings
{
    public static ListingRequest? Of(Event e) => e switch
    {
        ProductEvent.Known k => new ListingRequest.OfProduct(k.Channel, k.ProductId, k.Title, [.. k.Variants.Where(v => v.InventoryItemId is { Length: > 0 }).Select(v => new OfferedItem(v.InventoryItemId!, v.Sku, v.Title))]),
        ProductEvent.Gone g => new ListingRequest.OfProduct(g.Channel, g.ProductId, "", []),
        StockEvent.ChannelLevelSeen l => new ListingRequest.Seen(l.Channel, l.InventoryItemId, l.ChannelLocationId, l.Available, l.At),
        _ => null,
    };
}
