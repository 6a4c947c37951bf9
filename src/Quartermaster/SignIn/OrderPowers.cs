using Quartermaster.Core.Flows;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Orders;
using Quartermaster.Runtime.ReadModels;

namespace Quartermaster.SignIn;

/// <summary>What it takes to ask something of an order; the same for the pages and the API.</summary>
public static class OrderPowers
{
    private static readonly OrderStream Orders = new();

    /// <summary>A rule names who may lift its hold, so the order itself is asked about those.</summary>
    public static async Task<Role> NeededAsync(Signal asked, StreamId order, StreamHistory history, CancellationToken cancel)
    {
        if (asked is not OrderSignal.HoldLiftAsked { Kind: var kind } || !RuleHolds.IsOne(kind)) return Needed(asked);
        if (await history.StateAsync(order.Brand, order.Key, cancel) is not { } state) return Role.Agent;
        return ((OrderFile)Orders.Load(state.State)).Order.Holds?.FirstOrDefault(h => h.Kind == kind) is { } hold ? ToLift(hold) : Role.Agent;
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
