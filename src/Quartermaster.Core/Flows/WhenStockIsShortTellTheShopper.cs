using Quartermaster.Core.Kernel;
using Quartermaster.Core.Messages;
using Quartermaster.Core.Stock;

namespace Quartermaster.Core.Flows;

/// <summary>No location has all of it: the shopper hears that it takes longer, or when goods on their way are expected, and a person looks when a warehouse was the reason.</summary>
internal static class WhenStockIsShortTellTheShopper
{
    public static void React(OrderFile file, StockEvent.Backordered e, Situation s, Reactions next)
    {
        if (e.Again == true) return;
        Tell(file, s, next);
        if (file.Refusers() is { Count: > 0 } refusers)
            next.Tell(new CaseChange.Opened("stock/short", "stock.short_after_refusal", $"{string.Join(", ", refusers)} could not send it and no other location has it",
                $"Missing: {string.Join(", ", e.Short)}. It goes on by itself when stock arrives elsewhere; otherwise correct the stock, or cancel and refund."));
    }

    /// <summary>The last channel did not get through.</summary>
    public static void Again(OrderFile file, Situation s, Reactions next)
    {
        if (file.Stock.IsWaiting) Tell(file, s, next);
    }

    /// <summary>Who ordered ahead hears the day; nobody else is told that something takes longer than it does.</summary>
    private static void Tell(OrderFile file, Situation s, Reactions next)
    {
        if (s.Terms.MessageChannels.Count == 0) return;
        NewsWords? day = file.Stock.Expected is { } at ? new(s.Terms.DayOf(at), null, null) : null;
        next.Send(new MessageSignal.Say(day is null ? Occasion.Backordered : Occasion.Preordered, "", PriceOfOrder.Shopper(file, s.Stream.Id, s.Terms.Language), News: day));
    }
}
