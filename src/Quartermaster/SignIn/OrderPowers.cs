using Quartermaster.Core.Flows;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Orders;
using Quartermaster.Runtime.ReadModels;

namespace Quartermaster.SignIn;

/// <summary>What it takes to ask something of an order; the same for the pages and the API.</summary>
public static class OrderPowers
{
    /// <summary>Why nothing was asked.</summary>
    public const string NoSuchHold = "No rule holds the order like that now. Look at it again.";

    private static readonly OrderStream Orders = new();

    /// <summary>What is asked, as it was judged, and the role it takes. Null: it means a rule's hold that the order does not have now.</summary>
    /// <remarks>
    /// A rule names who may lift its hold, so the order itself is asked about those; and the lift names the rule, because by the time it is decided another rule
    /// may hold the order whose hold takes a higher role.
    /// </remarks>
    public static async Task<(Signal Asked, Role Needed)?> JudgeAsync(Signal asked, StreamId order, StreamHistory history, CancellationToken cancel)
    {
        if (asked is not OrderSignal.HoldLiftAsked lift || !RuleHolds.IsOne(lift.Kind)) return (asked, Needed(asked));
        if (await history.StateAsync(order.Brand, order.Key, cancel) is not { } state) return null;
        var hold = ((OrderFile)Orders.Load(state.State)).Order.Holds?.FirstOrDefault(h => h.Kind == lift.Kind);
        return hold is null || (lift.Rule ?? hold.Rule) != hold.Rule ? null : (lift with { Rule = hold.Rule }, ToLift(hold));
    }

    public static Role ToLift(Hold hold) => Readers.RoleOf(hold.MayLift);

    private static Role Needed(Signal asked) => asked switch
    {
        OrderSignal.HoldLiftAsked lift => Readers.RoleOf(HoldRules.MayLift(lift.Kind)),
        // Whoever takes an order over answers for it that nobody else sends it too.
        OrderSignal.TakeOverAsked => Role.Lead,
        _ => Role.Agent,
    };
}
