using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Orders;

/// <summary>What the brand's rules mean for the promise: the holds they ask for, and which of them people have lifted.</summary>
public static class RuleHolds
{
    public static bool IsOne(HoldKind kind) => kind is HoldKind.ByRule or HoldKind.Approval;

    /// <summary>Asks the rules anew. Null when there is nobody to ask, nothing to ask about, or nothing new is said.</summary>
    /// <param name="before">The order before the decision.</param>
    /// <param name="now">The order as the decision leaves it.</param>
    /// <remarks>
    /// An order that was released is asked about only when something that rules see has changed: a new rule is for the orders to come, and must not
    /// call back thousands that are at the warehouse because their channel repeats them.
    /// </remarks>
    internal static OrderEvent.Ruled? Ask(Order before, Order now, Situation s)
    {
        if (s.Terms.Rules is not { } judge) return now.Ruled is null or { Matches.Count: 0 } || now.WasReleased ? null : Event(now.Ruled, Ruling.None);
        var facts = RuleView.Of(now, s.Skus);
        if (now.WasReleased && before.Facts is not null && RuleView.Of(before, s.Skus).IsSame(facts)) return null;
        var ruling = judge(facts);
        return ruling.IsSame(now.Ruled) ? null : Event(now.Ruled, ruling);
    }

    /// <summary>The holds that the rules ask for, without those that a person has lifted.</summary>
    internal static IEnumerable<Hold> Of(Order order, Situation s)
    {
        if (order.Ruled?.Hold is { } hold && !IsWaived(order, HoldKind.ByRule, hold))
            yield return new(HoldKind.ByRule, hold.Reason, hold.MayLift, s.At + hold.Lapses, hold.Rule);
        if (order.Ruled?.Approval is { } approval && !IsWaived(order, HoldKind.Approval, approval))
            yield return new(HoldKind.Approval, approval.Reason, approval.MayLift, s.At + approval.Lapses, approval.Rule);
    }

    internal static Order Waive(Order order, HoldKind kind) =>
        (kind == HoldKind.Approval ? order.Ruled?.Approval : order.Ruled?.Hold) is { } lifted && !IsWaived(order, kind, lifted)
            ? order with { WaivedRules = [.. order.WaivedRules ?? [], Waiver(kind, lifted)] }
            : order;

    internal static string Words(Ruling ruling) => ruling.Matches switch
    {
        [] => "No rule matches.",
        [var one] => $"The rule '{one.Rule}' matches.",
        var several => $"{several.Count} rules match: {string.Join(", ", several.Select(m => m.Rule))}.",
    };

    private static OrderEvent.Ruled Event(Ruling? before, Ruling now)
    {
        List<string> fresh = [];
        foreach (var match in now.Matches)
            if (before?.Names(match.Rule) != true) fresh.Add(match.Rule);
        return new(now, fresh, before is not null && (before.Pool != now.Pool || before.Service != now.Service));
    }

    private static bool IsWaived(Order order, HoldKind kind, RuleHold hold) => order.WaivedRules?.Contains(Waiver(kind, hold)) == true;

    private static string Waiver(HoldKind kind, RuleHold hold) => $"{kind}: {hold.Waiver}";
}
