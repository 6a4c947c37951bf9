using Quartermaster.Core.Fulfilment;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Orders;
using Quartermaster.Core.Stock;

namespace Quartermaster.Core.Flows;

/// <summary>A warehouse turns an order down, comes up short, gives it back or keeps it: stock and order follow.</summary>
internal static class WhenWarehouseAnswersPlanAgain
{
    public static void React(OrderFile file, FulfilmentEvent.TurnedDown e, Situation s, Reactions next) =>
        GoneFrom(file, e.Attempt, Units(e.Lines, e.Location), $"{e.Location} turned it down", s, next);

    public static void React(OrderFile file, FulfilmentEvent.Withdrawn e, Situation s, Reactions next) =>
        GoneFrom(file, e.Attempt, Units(e.Lines, e.Location), $"{e.Location} does not send it", s, next);

    public static void React(OrderFile file, FulfilmentEvent.CameUpShort e, Situation s, Reactions next)
    {
        next.Send(new StockSignal.NotFound($"short/{e.Attempt}/{e.At.ToUnixTimeSeconds()}", Units(e.Missing, e.Location)));
        PlanAgain.Allocate(file, s, next);
    }

    public static void React(OrderFile file, FulfilmentEvent.WithdrawalRefused e, Reactions next)
    {
        if (file.Order.Phase == OrderPhase.Cancelled) next.Send(new OrderSignal.TooLateToCancel($"{e.Location}: {e.Why}"));
        else PlanAgain.TooLate(next, $"{e.Location}: {e.Why}", file.Order.IsHeld ? "held" : "changed");
    }

    private static List<Units> Units(IReadOnlyList<HandoffLine> lines, string location)
    {
        var units = new List<Units>(lines.Count);
        foreach (var line in lines) units.Add(new(line.LineId, line.Sku, line.Quantity, location));
        return units;
    }

    private static void GoneFrom(OrderFile file, int attempt, List<Units> units, string why, Situation s, Reactions next)
    {
        next.Send(new StockSignal.NotSent($"handoff/{attempt}", units, why));
        foreach (var t in file.Fulfilment.Tries ?? [])
            if (t is { Phase: TryPhase.Withdrawing, IsOpen: true }) return; // The last answer decides what happens to all of it.
        if (file.Order.Phase == OrderPhase.Released) PlanAgain.Allocate(file, s, next);
        else if (file.Order.Phase == OrderPhase.Cancelled && !file.Fulfilment.IsOpen)
        {
            if (file.HasSent) next.Send(new OrderSignal.TooLateToCancel("A parcel has left."));
            else WhenOrderIsStoppedTakeItBack.Stands(file, s, next);
        }
    }
}
