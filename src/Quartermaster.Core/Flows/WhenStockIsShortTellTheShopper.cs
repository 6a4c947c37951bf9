using Quartermaster.Core.Kernel;
using Quartermaster.Core.Messages;
using Quartermaster.Core.Stock;

namespace Quartermaster.Core.Flows;

/// <summary>No location has all of it: the shopper hears that it takes longer, and a person looks when a warehouse was the reason.</summary>
internal static class WhenStockIsShortTellTheShopper
{
    public static void React(OrderFile file, StockEvent.Backordered e, Situation s, Reactions next)
    {
        WhenShopperShouldHear.Say(file, Occasion.Backordered, "", s, next);
        if (file.Refusers() is { Count: > 0 } refusers)
            next.Tell(new CaseChange.Opened("stock/short", "stock.short_after_refusal", $"{string.Join(", ", refusers)} could not send it and no other location has it",
                $"Missing: {string.Join(", ", e.Short)}. It goes on by itself when stock arrives elsewhere; otherwise correct the stock, or cancel and refund."));
    }
}
