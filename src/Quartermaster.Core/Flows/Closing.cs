using System.Collections.Frozen;
using Quartermaster.Core.Orders;

namespace Quartermaster.Core.Flows;

/// <summary>Who closes a case: the hub when its reason is gone, or a person who has dealt with it.</summary>
public static class Closing
{
    // These say how things stand now. Closed by hand they would be out of sight while they are still so, and they close by
    // themselves: a hold when it is lifted, a connection when it works, a shelf when it is counted, an effect when it is answered.
    private static readonly FrozenSet<string> ByTheHub =
    [
        .. Enum.GetValues<HoldKind>().Select(HoldRules.CaseKind),
        "rules.not_in_force", "flows.not_in_force", "connection.cut", "connection.not_connected", "connection.not_polled", "connection.not_subscribed", "product.no_sku", "stock.promised_more_than_there", "stock.short_after_refusal", "stock.ledger_differs", "stock.counts_jump", "shipping.label_refused", "shipping.credit_offered", "shipping.credit_to_approve", "shipping.credit_used_up", "purchase.late", "dispatch.not_listed", "effect.unsure", "effect.refused", "effect.gave_up",
    ];

    public static bool IsByHand(string caseKind) => !ByTheHub.Contains(caseKind);
}
