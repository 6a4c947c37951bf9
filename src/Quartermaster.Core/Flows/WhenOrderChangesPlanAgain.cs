using Quartermaster.Core.Kernel;
using Quartermaster.Core.Orders;

namespace Quartermaster.Core.Flows;

/// <summary>Other lines, another address, another way of sending or another amount to collect: what is reserved and handed off follows, as far as it has not left.</summary>
internal static class WhenOrderChangesPlanAgain
{
    public static void React(OrderFile file, OrderEvent.Edited e, Situation s, Reactions next)
    {
        if (e.LinesChanged || e.AddressChanged) Changed(file, e.AddressChanged, s, next);
        // Only where the brand means something else by it: a title may be worded anew. What its rules say of the new method is told by them.
        else if (e.MethodChanged && HowItTravels.IsAnother(e.MethodWas, e.Facts.ShippingMethod, s.Terms.Routing)) PlanAgain.AfterChange(file, file.StillWanted().Count > 0, s, next);
        Paid(file, s, next);
    }

    /// <summary>What is to be collected from the shopper changed while the warehouse has it: it gets the order anew.</summary>
    public static void Paid(OrderFile file, Situation s, Reactions next)
    {
        if (WhenStockIsReservedHandItOff.CollectsWrong(file)) PlanAgain.AfterChange(file, true, s, next);
    }

    public static void Changed(OrderFile file, bool address, Situation s, Reactions next)
    {
        if (address && file.HasSent) PlanAgain.TooLate(next, "A parcel is on its way to the old address.");
        PlanAgain.AfterChange(file, address && file.StillWanted().Count > 0, s, next);
    }
}
