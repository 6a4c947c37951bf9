using Quartermaster.Core.Fulfilment;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Orders;
using Quartermaster.Core.Stock;

namespace Quartermaster.Core.Flows;

/// <summary>Brings stock and warehouses in line with what the order wants now. Every flow that changes what is wanted ends here.</summary>
internal static class PlanAgain
{
    /// <summary>Look for what is wanted and not yet reserved.</summary>
    public static void Allocate(OrderFile file, Situation s, Reactions next)
    {
        if (file.Order.Phase == OrderPhase.Released) Allocate(file, null, s, next);
    }

    /// <param name="keepUntil">The order is not released: its units are only kept until then.</param>
    public static void Allocate(OrderFile file, DateTimeOffset? keepUntil, Situation s, Reactions next)
    {
        if (WhenCodesAreReadPlanAgain.ReadWhatCameBack(file, next)) return;
        var wanted = file.StillWanted();
        // What a warehouse is going to send stays reserved, wanted or not.
        if (wanted.Count == 0 && !file.Fulfilment.IsOpen) next.Send(new StockSignal.LetGo("nothing is left to send"));
        else next.Send(new StockSignal.Allocate(wanted, file.Order.ShipTo?.Country ?? "", file.Order.ShipTo?.PostalCode, file.TurnedDownBy(), file.Fulfilment.IsOpen, keepUntil, Wish(file.Order, s.Terms.Routing), keepUntil is null ? WhenStockIsShortSendAnother.Alternatives(file, s) : null, file.Missed()));
    }

    /// <summary>What narrows its way down, besides its address; null for most orders.</summary>
    public static RouteWish? Wish(Order order, RoutingTerms terms)
    {
        var channel = terms.NamesChannels ? order.Facts?.Channel : null;
        var onDelivery = terms.WeighsReturns && order.Facts?.Payment.Method == PaymentMethod.CashOnDelivery;
        // Where there are no rates, a service is a word for the warehouse and for the label, and narrows nothing.
        var service = terms.Rates.Count > 0 || order.Ruled?.Service is not null ? HowItTravels.Wished(order, terms) : null;
        return channel is null && !onDelivery && service is null && order.Ruled?.Pool is null ? null : new(order.Ruled?.Pool, service, channel, onDelivery);
    }

    /// <summary>What is wanted changed: take it back from the warehouse if it is there, and plan afresh.</summary>
    /// <param name="always">True when the units are the same and only where they go changed.</param>
    public static void AfterChange(OrderFile file, bool always, Situation s, Reactions next)
    {
        if (file.Order.Phase != OrderPhase.Released)
        {
            if (file.Stock.KeptUntil is { } until && (always || !IsCovered(file))) Allocate(file, until, s, next);
            return;
        }
        if (!always && IsCovered(file)) return;
        if (!file.Fulfilment.IsOpen)
        {
            // Reserved in this very turn, and about to be handed off as it was chosen before.
            if (always && file.Stock.Held is not null) next.SendFirst(new StockSignal.LetGo("chosen anew"));
            // While lines are replaced one by one, the last of them sees the order as it will be.
            if (!IsBeingReplaced(file, s)) Allocate(file, s, next);
        }
        else if (CanBeWithdrawn(file)) next.Send(new FulfilmentSignal.Withdraw("the order was changed"));
        else TooLate(next, "The warehouse had refused to give it back.");
    }

    public static void TooLate(Reactions next, string why, string what = "changed") => next.Tell(new CaseChange.Opened("edit/too_late", "order.edit_too_late",
        $"The order was {what} after it had left", $"{why} Compare what was sent with what is wanted, and tell the shopper."));

    /// <summary>Reserved or waited for is exactly what is wanted.</summary>
    private static bool IsCovered(OrderFile file)
    {
        var wanted = file.StillWanted();
        var units = 0;
        foreach (var line in wanted)
        {
            var covered = file.Stock.HeldOf(line.LineId);
            foreach (var open in file.Stock.Open?.Lines ?? [])
                if (open.LineId == line.LineId && open.Sku == line.Sku) covered += open.Quantity;
            if (covered != line.Quantity) return false;
            units += covered;
        }
        foreach (var held in file.Stock.Held ?? [])
        {
            units -= held.Quantity;
            if (!wanted.Exists(w => w.LineId == held.LineId && w.Sku == held.Sku)) return false;
        }
        foreach (var open in file.Stock.Open?.Lines ?? []) units -= open.Quantity;
        return units == 0;
    }

    private static bool IsBeingReplaced(OrderFile file, Situation s) => s.Terms.Substitutions.Count > 0 && file.Stock.Held is { } held
        && file.StillWanted().Exists(line => held.Any(units => units.LineId == line.LineId && units.Sku != line.Sku));

    public static bool CanBeWithdrawn(OrderFile file)
    {
        foreach (var t in file.Fulfilment.Tries ?? [])
            if (t.IsOpen && t.Phase != TryPhase.Kept) return true;
        return false;
    }
}
