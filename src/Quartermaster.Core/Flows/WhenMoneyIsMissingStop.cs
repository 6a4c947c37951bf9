using Quartermaster.Core.Orders;

namespace Quartermaster.Core.Flows;

/// <summary>The money for a released order was taken back, or no longer covers it: what has not left is stopped.</summary>
internal static class WhenMoneyIsMissingStop
{
    public static bool React(OrderFile file, Reactions next)
    {
        if (file.Order.Phase != OrderPhase.Released || !HoldRules.IsMissing(file.Order) || file.StillWanted().Count == 0) return false;
        next.Send(new OrderSignal.PaymentMissed());
        return true;
    }
}
