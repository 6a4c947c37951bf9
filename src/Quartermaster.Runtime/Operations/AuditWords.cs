using Quartermaster.Core.Codes;
using Quartermaster.Core.Customers;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Orders;
using Quartermaster.Core.Purchasing;
using Quartermaster.Core.Shipping;
using Quartermaster.Core.Stock;

namespace Quartermaster.Runtime.Operations;

/// <summary>What somebody did, beyond the action's name, as the audit log tells it to a person.</summary>
internal static class AuditWords
{
    /// <returns>Null when the action's name says it all; the signal itself stays on the stream.</returns>
    public static string? Of(Signal signal) => signal switch
    {
        OrderSignal.HoldAsked x => x.LapsesAt is { } until ? $"{x.Reason} (until {until.UtcDateTime:yyyy-MM-dd HH:mm} UTC)" : x.Reason,
        OrderSignal.HoldLiftAsked x => $"the hold '{x.Kind}'",
        OrderSignal.CancelAsked x => x.Reason,
        OrderSignal.DeclineAsked x => x.Reason,
        OrderSignal.ShopperAnswered x => $"{x.Answer} ({x.Via})",
        OrderSignal.ShopperAsked { Day: { } day } => $"wants it on {day:yyyy-MM-dd}",
        OrderSignal.ShopperAsked x => x.Items is { } items ? $"wants to send back {string.Join(", ", items)}" : "wrote",
        OrderSignal.AddressCorrected { ShipTo: var to } => string.Join(", ", new[] { to.Name, to.Company, to.Line1, to.Line2, to.PostalCode, to.City, to.Province, to.Country }.Where(part => !string.IsNullOrWhiteSpace(part))),
        OrderSignal.LineMapped x => $"line {x.LineId} is {x.Sku}",
        ShippingSignal.CreditDecided x => $"store credit for parcel {x.ParcelId}: {(x.Answer switch { CreditAnswer.Approved => "approved above the limits", CreditAnswer.Given => "given", CreditAnswer.Issue => "the hub gives it", _ => "not given" })}",
        ShippingSignal.EndTold x => $"parcel {x.ParcelId} {x.End}{(x.Damaged ? ", damaged" : x.Restock ? ", back on the shelf" : "")}: {x.Reason}",
        CodeSignal.Explained x => $"means {Part.Words(x.Parts)} {Where(x.Channel)}{(x.Why is null ? "" : $" ({x.Why})")}",
        CodeSignal.UndoAsked x => $"what was said {Where(x.Channel)} is undone",
        ContactSignal.AnswerAsked x => $"by {x.Channel}{(x.Template is null ? "" : $", in the text {x.Template}")}",
        ContactSignal.PreferenceTold x => $"{(x.Channel is { } channel ? $"by {channel} first" : "by any channel")}: {x.How}",
        ContactSignal.SuppressAsked x => $"{(x.What == Extent.All ? "nothing" : "no marketing")} by {x.Channel}: {x.Reason}",
        ContactSignal.LiftAsked x => $"by {x.Channel} again: {x.Reason}",
        ContactSignal.OptedIn x => $"by {x.Channel}: {x.How}",
        StockSignal.Counted x => $"{x.OnHand} at {x.Location}",
        StockSignal.SafetyAsked x => $"{x.Units} at {x.Location} are never promised",
        StockSignal.CountDenied x => $"the count of {x.Location} is not true",
        StockSignal.DamageTold x => $"{x.What}: {x.Units} at {x.Location}: {x.Reason}",
        StockSignal.Adjusted x => $"{x.By:+#;-#;0} at {x.Location}: {x.Reason}",
        PurchaseSignal.QuantitiesSet x => string.Join(", ", x.Lines.Select(l => $"{l.Quantity} × {l.Sku}")),
        PurchaseSignal.RejectAsked x => x.Reason,
        PurchaseSignal.DateSet x => $"expected at {x.ExpectedAt.UtcDateTime:yyyy-MM-dd HH:mm} UTC",
        PurchaseSignal.GoodsReceived x => $"{x.ReceiptId}: {string.Join(", ", x.Lines.Select(l => l.Damaged == 0 ? $"{l.Units} × {l.Sku}" : $"{l.Units} × {l.Sku} and {l.Damaged} damaged"))}",
        PurchaseSignal.CloseAsked x => x.Reason,
        ContactSignal.OptedOut x => x.How,
        CaseSettled x => $"{x.Key}: {x.Reason}",
        _ => null,
    };

    private static string Where(string channel) => channel.Length == 0 ? "at all channels" : $"at {channel}";

    public static string Of(ReplayFilter filter, int count)
    {
        var what = filter switch
        {
            { Seq: { } seq } => $"signal {seq}",
            { EffectId: { } id } => $"effect {id}",
            { What: "signals" } => "signals set apart",
            { What: "effects" } => "effects refused, unsure or given up",
            _ => "signals set apart and effects that failed",
        };
        string?[] only =
        [
            filter.Brand is { } brand ? $"of {brand}" : null, filter.Stream is { } stream ? $"of {stream}" : null, filter.CaseKind is { } reason ? $"set apart as {reason}" : null,
            filter.Lane is { } lane ? $"by {lane}" : null, filter.EffectKind is { } kind ? $"of the kind {kind}" : null,
            filter.Cause is { } cause ? $"because of {cause}" : null,
        ];
        return $"{count} put back to work: {string.Join(", ", only.OfType<string>().Prepend(what))}";
    }
}
