using Quartermaster.Core.Flows;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Orders;
using Quartermaster.Core.Shipping;
using Quartermaster.Runtime.ReadModels;

namespace Quartermaster.SignIn;

/// <summary>What it takes to ask something of an order; the same for the pages and the API.</summary>
public static class OrderPowers
{
    /// <summary>Why nothing was asked.</summary>
    public const string NoSuchHold = "Nothing holds the order like that now. Look at it again.";

    private static readonly OrderStream Orders = new();

    /// <summary>What is asked, as it was judged, and the role it takes. Null: it means a hold that the order does not have now.</summary>
    /// <remarks>
    /// Rules and a brand's risk section name who may lift their hold, so the order itself is asked about those; and a lift names the rule, because by the time it is
    /// decided another rule may hold the order whose hold takes a higher role.
    /// </remarks>
    public static async Task<(Signal Asked, Role Needed)?> JudgeAsync(Signal asked, StreamId order, StreamHistory history, CancellationToken cancel)
    {
        HoldKind? kind = asked switch { OrderSignal.HoldLiftAsked lift => lift.Kind, OrderSignal.DeclineAsked => HoldKind.Risk, _ => null };
        if (kind is not { } of || !(RuleHolds.IsOne(of) || of is HoldKind.Risk or HoldKind.SecondOpinion)) return (asked, Needed(asked));
        if (await history.StateAsync(order.Brand, order.Key, cancel) is not { } state) return null;
        if (((OrderFile)Orders.Load(state.State)).Order.Holds?.FirstOrDefault(h => h.Kind == of) is not { } hold) return null;
        if (asked is not OrderSignal.HoldLiftAsked named) return (asked, ToLift(hold));
        return (named.Rule ?? hold.Rule) != hold.Rule ? null : (named with { Rule = hold.Rule }, ToLift(hold));
    }

    public static Role ToLift(Hold hold) => Readers.RoleOf(hold.MayLift);

    private static Role Needed(Signal asked) => asked switch
    {
        OrderSignal.HoldLiftAsked lift => Readers.RoleOf(HoldRules.MayLift(lift.Kind)),
        // Whoever takes an order over answers for it that nobody else sends it too.
        OrderSignal.TakeOverAsked => Role.Lead,
        ShippingSignal.CreditDecided { Answer: CreditAnswer.Approved } => Role.Lead,
        _ => Role.Agent,
    };
}
