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

    /// <summary>What is asked, as it was judged, and the role it takes; or why the order takes no such thing now.</summary>
    /// <remarks>
    /// Rules and a brand's risk section name who may lift their hold, so the order itself is asked about those; and a lift names the rule, because by the time it is
    /// decided another rule may hold the order whose hold takes a higher role. Store credit lapses: who decides after that is told so.
    /// </remarks>
    public static async Task<Judged> JudgeAsync(Signal asked, StreamId order, BrandTerms terms, StreamHistory history, CancellationToken cancel)
    {
        HoldKind? kind = asked switch { OrderSignal.HoldLiftAsked lift => lift.Kind, OrderSignal.DeclineAsked => HoldKind.Risk, _ => null };
        if (asked is ShippingSignal.CreditDecided credit && await FileAsync() is { } of)
            return new(asked, Needed(asked), DelayCredit.WhyNot(of.Shipping, credit.ParcelId, credit.Answer) ?? (credit.Answer == CreditAnswer.Issue && !terms.CreditGivers.Contains(of.Order.Facts?.Channel ?? "") ? DelayCredit.ByHand : null));
        if (kind is not { } meant || !(RuleHolds.IsOne(meant) || meant is HoldKind.Risk or HoldKind.SecondOpinion)) return new(asked, Needed(asked));
        if ((await FileAsync())?.Order.Holds?.FirstOrDefault(h => h.Kind == meant) is not { } hold) return new(asked, Needed(asked), NoSuchHold);
        if (asked is not OrderSignal.HoldLiftAsked named) return new(asked, ToLift(hold));
        return new(named with { Rule = hold.Rule }, ToLift(hold), (named.Rule ?? hold.Rule) != hold.Rule ? NoSuchHold : null);

        async Task<OrderFile?> FileAsync() => await history.StateAsync(order.Brand, order.Key, cancel) is { } state ? (OrderFile)Orders.Load(state.State) : null;
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

/// <param name="WhyNot">The order takes no such thing now; null = it is asked.</param>
public sealed record Judged(Signal Asked, Role Needed, string? WhyNot = null);
