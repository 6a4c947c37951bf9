using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Flows;

/// <summary>Nothing holds the order any more: look for its units. An order with nothing to ship is only invoiced.</summary>
internal static class WhenOrderIsReleasedReserveStock
{
    public static void React(OrderFile file, Situation s, Reactions next)
    {
        if (file.StillWanted().Count > 0 || file.Stock.KeptUntil is not null) PlanAgain.Allocate(file, s, next);
    }
}
