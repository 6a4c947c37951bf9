using Quartermaster.Core.Fulfilment;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Messages;
using Quartermaster.Core.Orders;
using Quartermaster.Core.Stock;

namespace Quartermaster.Core.Flows;

/// <summary>A cancelled or newly held order gives its stock back, from the warehouse too if that can still be.</summary>
internal static class WhenOrderIsStoppedTakeItBack
{
    public static void React(OrderFile file, OrderEvent.Cancelled e, Situation s, Reactions next)
    {
        if (file.Fulfilment.IsOpen)
        {
            if (PlanAgain.CanBeWithdrawn(file)) next.Send(new FulfilmentSignal.Withdraw($"cancelled: {e.Reason}"));
            if (file.Fulfilment.Keeper is { } keeper) next.Send(new OrderSignal.TooLateToCancel($"{keeper} had refused to give it back."));
        }
        else
        {
            next.Send(new StockSignal.LetGo("the order is cancelled"));
            if (file.HasSent || file.Order.Elsewhere is not null) next.Send(new OrderSignal.TooLateToCancel("A parcel has left."));
            else Stands(file, s, next);
        }
    }

    /// <summary>Nothing of a cancelled order can leave any more: its channel and its shopper hear of it.</summary>
    public static void Stands(OrderFile file, Situation s, Reactions next)
    {
        next.Send(new OrderSignal.CancellationStands());
        WhenShopperShouldHear.Say(file, Occasion.Cancelled, "", s, next);
    }

    public static void React(OrderFile file, OrderEvent.Held _, Reactions next)
    {
        if (!file.Order.WasReleased) return;
        if (file.Fulfilment.IsOpen) next.Send(new FulfilmentSignal.Withdraw("the order is held"));
        else next.SendFirst(new StockSignal.LetGo("the order is held"));
    }
}
