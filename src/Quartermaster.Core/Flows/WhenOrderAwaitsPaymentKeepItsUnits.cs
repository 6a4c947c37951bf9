using Quartermaster.Core.Kernel;
using Quartermaster.Core.Orders;

namespace Quartermaster.Core.Flows;

/// <summary>An order that is not paid yet keeps its units for a while, where the brand wants that: who pays within the hour finds them there.</summary>
internal static class WhenOrderAwaitsPaymentKeepItsUnits
{
    public static void React(OrderFile file, OrderEvent.Held e, Situation s, Reactions next)
    {
        if (e.Hold.Kind != HoldKind.AwaitingPayment || s.Terms.ReserveUnpaidFor <= TimeSpan.Zero || file.Order is { WasReleased: true } or { Facts.Test: true }) return;
        if (file.StillWanted().Count > 0) PlanAgain.Allocate(file, s.At + s.Terms.ReserveUnpaidFor, s, next);
    }
}
