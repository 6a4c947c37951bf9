using Quartermaster.Core.Kernel;
using Quartermaster.Core.Orders;

namespace Quartermaster.SignIn;

/// <summary>What it takes to ask something of an order; the same for the pages and the API.</summary>
public static class OrderPowers
{
    public static Role Needed(Signal asked) => asked switch
    {
        OrderSignal.HoldLiftAsked lift => ToLift(lift.Kind),
        // Whoever takes an order over answers for it that nobody else sends it too.
        OrderSignal.TakeOverAsked => Role.Lead,
        _ => Role.Agent,
    };

    public static Role ToLift(HoldKind kind) => Readers.RoleOf(HoldRules.MayLift(kind));
}
