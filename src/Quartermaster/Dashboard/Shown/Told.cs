using Quartermaster.Core.Books;
using Quartermaster.Core.Campaigns;
using Quartermaster.Core.Codes;
using Quartermaster.Core.Connections;
using Quartermaster.Core.Dispatching;
using Quartermaster.Core.Fulfilment;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Labels;
using Quartermaster.Core.Messages;
using Quartermaster.Core.Orders;
using Quartermaster.Core.Products;
using Quartermaster.Core.Purchasing;
using Quartermaster.Core.Shipping;
using Quartermaster.Core.Stock;

namespace Quartermaster.Dashboard.Shown;

/// <summary>An event in a sentence.</summary>
/// <param name="Candidates">Locations that were looked at for an allocation, with their costs.</param>
public sealed record Told(string Icon, string Tone, string Title, string? Detail = null, IReadOnlyList<Candidate>? Candidates = null)
{
    /// <param name="day">How a day is told: in the zone of the brand, for that is where it begins.</param>
    public static Told Of(Event happened, Func<DateTimeOffset, string> day) => happened switch
    {
        OrderEvent e => Order(e),
        StockEvent e => Stock(e, day),
        FulfilmentEvent e => Fulfilment(e),
        LabelEvent e => Label(e),
        DispatchEvent e => Dispatching(e),
        WaybillEvent.Claimed e => new("route", "secondary", $"A parcel of order {e.OrderRef}"),
        WaybillEvent.ScanKept e => new("truck", "secondary", "A scan came before anybody told whose parcel this is", $"{e.Scan.Carrier}: {e.Scan.Raw}"),
        BooksEvent e => Books(e),
        ShippingEvent e => Shipping(e),
        MessageEvent e => Message(e),
        ConnectionEvent e => Connection(e),
        PurchaseEvent e => PurchaseWords.Tell(e),
        ReplenishmentEvent.LowFound e => new("packages", "orange", Words.Count(e.Skus.Count, "SKU runs low", "SKUs run low"), List(e.Skus.Take(20).Select(s => $"{s.Sku} ({s.Why})"))),
        CodeEvent e => Code(e),
        RunEvent e => FlowWords.Tell(e),
        ProductEvent.Known e => new("tag", "secondary", $"Product known: {e.Title}", string.Join(", ", e.Variants.Select(v => v.Sku.Length > 0 ? v.Sku : "no SKU"))),
        // A kind that is newer than this page is shown by its name, never left out.
        _ => new("info-circle", "secondary", Words.Kind(Wire.KindOf(happened.GetType()))),
    };

    private static Told Code(CodeEvent happened) => happened switch
    {
        CodeEvent.FoundUnknown e => new("help", "yellow", $"{e.Channel} sells it, and nobody has said what it means", e.Title),
        CodeEvent.MeaningSet { Meaning: var m } => new("tag", "green", $"It means {Part.Words(m.Parts)}", $"{(m.Channel.Length == 0 ? "at all channels" : $"at {m.Channel}")}, says {m.By}{(m.Why is null ? "" : $": {m.Why}")}"),
        CodeEvent.MeaningUndone e => new("rotate-clockwise", "orange", "What was said was taken back", $"{(e.Back is null ? "nothing is said of it any more" : $"it means {Part.Words(e.Back.Parts)} again")}, by {e.By}"),
        CodeEvent.WaitedForNoMore => new("check", "secondary", "No order waits to know it any more"),
        _ => Unknown(happened),
    };

    private static Told Order(OrderEvent happened) => happened switch
    {
        OrderEvent.Placed e => new("basket", "azure", "Order placed", $"{Words.Count(e.Facts.Lines.Count, "line")}, {MoneyText.Of(e.Facts.Total, e.Facts.Currency)}, via {e.Facts.Channel}"),
        OrderEvent.ImportedAsHistory e => new("history", "secondary", "Taken in as history", e.Source),
        OrderEvent.Edited e => new("pencil", "azure", "The order changed", string.Join(", ", e.What)),
        OrderEvent.Refreshed e => new("refresh", "secondary", "The channel's newest view was taken in", $"payment: {Words.Lower(e.Payment.State.ToString())}"),
        OrderEvent.ChangeHeard e => new("bell", "secondary", "A change was announced; the order is fetched", e.Topic),
        OrderEvent.AddressSet e => new("map-pin", "azure", "The address was corrected", $"by {e.By}: {List(new[] { e.ShipTo.Line1, e.ShipTo.PostalCode, e.ShipTo.City, e.ShipTo.Country }.OfType<string>())}"),
        OrderEvent.CodesMeant { Lines: [] } => new("tag", "secondary", "The new lines are SKUs of ours"),
        OrderEvent.CodesMeant e => new("tag", e.Lines.Any(l => l.IsUnknown) ? "yellow" : "azure", e.Lines.Any(l => l.IsUnknown) ? "Nobody has said what a code means" : "Codes were read", List(e.Lines.Where(l => !l.IsUnknown).Select(l => $"line {l.LineId} is {Part.Words(l.Parts)}"))),
        OrderEvent.DealtWith => new("check", "green", "A person has dealt with it"),
        OrderEvent.CameBack => new("alert-triangle", "orange", "What a person had dealt with happened again"),
        OrderEvent.SkuSet { Instead: { } sold } e => new("arrows-exchange", "azure", $"{e.Sku} is sent instead of {sold}", $"by {e.By}; the channel and the books keep what was sold"),
        OrderEvent.SkuSet e => new("tag", "azure", $"A line was mapped to {e.Sku}", $"by {e.By}"),
        OrderEvent.Paid e => new("coins", "green", $"Paid {MoneyText.Of(e.Amount, e.Currency)}"),
        OrderEvent.Ruled e => new("list-details", e.Ruling.Matches.Count == 0 ? "secondary" : "azure", e.Ruling.Matches.Count == 0 ? "No rule matches" : $"{Words.Count(e.Ruling.Matches.Count, "rule matches", "rules match")}",
            List([.. e.Ruling.Matches.Select(m => $"{m.Rule} ({List(m.Because)})"), $"rules {e.Ruling.Version}"])),
        OrderEvent.RiskAssessed e => new("shield-check", e.Assessment.Reasons.Any(r => r.Points > 0) ? "azure" : "secondary", $"Risk {e.Assessment.Score} of {Assessment.Most}{(e.HeldOut ? ", left out of asking to be compared" : "")}",
            List(e.Assessment.Reasons.Select(r => $"{r.Words} ({r.Points:+#;−#})"))),
        OrderEvent.StorefrontRiskKnown e => new("shield-check", "azure", $"The storefront calls the risk {Words.Lower(e.Risk.ToString())}"),
        OrderEvent.OpinionKnown { Opinion: var o } => new("shield-check", o.Verdict switch { Core.Orders.Verdict.Approved => "green", Core.Orders.Verdict.Waiting => "azure", _ => "orange" }, SecondOpinion.Words(o, null)),
        OrderEvent.TraitsKnown e => new("route", "secondary", "It is known where it came from", $"{List(e.Traits.Select(t => Words.Lower(t.Kind.ToString())).Distinct())}, to be compared with other orders"),
        OrderEvent.ShopperReplied e => new("message", "green", e.Answer switch
        {
            Confirmation.Confirmed => "The shopper confirmed it",
            Confirmation.Corrected => "The shopper confirmed it with another address",
            Confirmation.Prepay => "The shopper means to pay now",
            _ => "The shopper does not want it",
        }, $"by {e.Via}"),
        OrderEvent.AskedAgain => new("message", "orange", "The shopper answered an older question", "The order has changed since, and they are asked to look again."),
        OrderEvent.ReturnAsked e => new("arrow-back-up", "orange", "The shopper asks to send something back", List(e.Items)),
        OrderEvent.Reviewed e => new("message", "green", $"The shopper reviewed it: {e.Review.Stars}", e.Review.Sku is { } sku ? $"{sku}, says {e.Review.Source}" : $"says {e.Review.Source}"),
        OrderEvent.QuestionLapsed => new("clock", "orange", "The shopper did not answer in time"),
        OrderEvent.QuestionCounted e => new("shield-check", "secondary", e.Returned ? "Counted: it went back" : "Counted: it arrived", Words.Sentence(e.State.ToString())),
        OrderEvent.Held e => new("hand-stop", "yellow", $"Held: {Words.Lower(e.Hold.Kind.ToString())}{(e.Hold.Rule is { } rule ? $" '{rule}'" : "")}", $"{e.Hold.Reason} May be lifted by: {e.Hold.MayLift}."),
        OrderEvent.HoldLifted e => new("player-play", "green", $"Hold lifted: {Words.Lower(e.Kind.ToString())}", $"by {e.By}"),
        OrderEvent.Released => new("arrow-right", "green", "Released", "No hold is left."),
        OrderEvent.Cancelled e => new("circle-x", "secondary", "Cancelled", $"{e.Reason} (by {e.By})"),
        OrderEvent.Reopened e => new("player-play", "green", "It goes on after its end", e.Why),
        OrderEvent.CancellationTooLate e => new("alert-triangle", "orange", "Cancelled too late", e.Why),
        OrderEvent.Refunded e => new("receipt-refund", "purple", $"Refunded {MoneyText.Of(e.Amount, e.Currency)}", e.Lines.Count == 0 ? "without goods" : Words.Count(e.Lines.Sum(l => l.Quantity), "unit")),
        OrderEvent.FulfilmentUndone e => new("package-off", "orange", "A fulfilment at the channel was undone", e.Status),
        OrderEvent.FulfilledElsewhere e => new("package", "orange", "Fulfilled at the channel, not by us", $"{e.Carrier} {e.Tracking}".Trim()),
        OrderEvent.WentIntoShadow => new("eye-off", "purple", "In shadow", "What is planned for it is recorded and not sent, until somebody takes it over."),
        OrderEvent.TakenOver e => new("player-play", "green", "Taken over", $"by {e.By}: what is planned from here on is sent"),
        OrderEvent.Closed e => new("archive", "green", "Closed", e.Why),
        _ => Unknown(happened),
    };

    private static Told Stock(StockEvent happened, Func<DateTimeOffset, string> day) => happened switch
    {
        StockEvent.Asked e => new("search", "secondary", "Asked for stock", $"{List(e.Lines.Select(l => $"{l.Quantity} × {l.Sku}"))} for {e.Country} {e.PostalCode}".Trim()),
        StockEvent.Allocated e => new("packages", "green", $"Allocated at {List(e.Units.Select(u => u.Location).Distinct())}", Units(e.Units), e.Candidates),
        StockEvent.Backordered { Expected: { } at } e => new("calendar", "azure", "Pre-ordered", $"{List(e.Short)} on the way is its own, expected on {day(at)}", e.Candidates),
        StockEvent.Backordered e => new("clock", "orange", "Backordered", $"Missing: {List(e.Short)}", e.Candidates),
        StockEvent.Released e => new("arrow-back-up", "secondary", "Stock given back", $"{Units(e.Units)}. {e.Why}"),
        StockEvent.Shipped e => new("truck", "purple", "Stock left", Units(e.Units)),
        StockEvent.StoppedWaiting e => new("player-stop", "secondary", "No longer waits for stock", e.Why),
        StockEvent.WentElsewhere e => new("truck", "orange", "Sent by somebody else", $"{Units(e.Units)}: reserved until the warehouse gives it back, for it may send it too"),
        StockEvent.TakenElsewhere e => new("truck", "purple", "Stock left elsewhere", $"{Units(e.Units)}: the warehouse gave it back, and somebody else had sent it"),
        StockEvent.CameToNothing => new("arrow-back-up", "secondary", "Not sent by somebody else after all"),
        StockEvent.WrittenOff e => new("alert-triangle", "red", "Stock written off", $"{Units(e.Units)}: the warehouse could not find it"),
        StockEvent.Returned e => new("arrow-back-up", e.Damaged ? "orange" : "green", e.Damaged ? "Units came back damaged" : "Stock came back", Units(e.Units)),
        StockEvent.PositionChanged e => new("barcode", "azure", $"{e.Sku} at {e.Location}: {e.Before:N0} → {e.After:N0}", e.Short > 0 ? $"{e.Short:N0} promised units were not found" : null),
        StockEvent.ReceiptTaken e => new("packages", e.Counted ? "secondary" : "green", $"{e.Units} came to {e.Location}", e.Counted ? $"{e.CauseId}: a count has seen them already" : e.CauseId),
        StockEvent.CountTaken e => new("barcode", "azure", $"{e.Location} counted {e.OnHand:N0}", $"by {e.Source}"),
        StockEvent.CountAsked e => new("alert-triangle", "orange", $"{e.Location} counted {e.Count.OnHand:N0}: not believed", $"by {e.Count.Source}; {e.Before:N0} stay until somebody says so, or a second count says the same"),
        StockEvent.DamageNoted e => new("alert-triangle", "orange", $"{e.Units:N0} at {e.Location} {e.What switch { Damage.Found => "damaged", Damage.Came => "came damaged", Damage.Repaired => "can be sold after all", _ => "gone for good" }}", $"{e.Reason} (by {e.Who})"),
        StockEvent.AdjustmentTaken e => new("pencil", "azure", $"{e.Location} adjusted by {e.By:+#;−#;0}", $"{e.Reason} (by {e.Who})"),
        StockEvent.ChannelLevelSeen e => new("building-store", "secondary", $"{e.Channel} has {e.Available?.ToString() ?? "an unknown number"} of item {e.InventoryItemId}", "Kept for reference; the warehouse's count is the truth."),
        _ => Unknown(happened),
    };

    private static Told Fulfilment(FulfilmentEvent happened) => happened switch
    {
        FulfilmentEvent.HandoffPlanned e => new("send", "blue", $"To be handed to {e.Location}", $"{List(e.Lines.Select(l => $"{l.Quantity} × {l.Sku}"))}{(e.Attempt > 1 ? $", attempt {e.Attempt}" : "")}{(e.By is { } by ? $", by {by}" : "")}"),
        FulfilmentEvent.Proceeded e => new("send", "blue", $"No longer waits for its label, goes to {e.Location}"),
        FulfilmentEvent.Submitted e => new("send", "blue", $"Handed to {e.Location}", e.WarehouseRef is null ? null : $"Warehouse reference {e.WarehouseRef}"),
        FulfilmentEvent.TakenOn e => new("building-warehouse", "green", $"Taken on by {e.Location}", e.WarehouseRef is null ? null : $"Warehouse reference {e.WarehouseRef}"),
        FulfilmentEvent.TurnedDown e => new("circle-x", "red", $"Turned down by {e.Location}", $"{e.Why} ({e.Code})"),
        FulfilmentEvent.CameUpShort e => new("alert-triangle", "orange", $"{e.Location} came up short", List(e.Missing.Select(l => $"{l.Quantity} × {l.Sku}"))),
        FulfilmentEvent.ParcelLeft e => new("truck", "purple", e.IsLast ? "The last parcel left" : "A parcel left", $"{e.Parcel.Carrier} {e.Parcel.Tracking} from {e.Parcel.Location}: {List(e.Parcel.Lines.Select(l => $"{l.Quantity} × {l.Sku}"))}"),
        FulfilmentEvent.ConfirmedAgain e => new("alert-triangle", "orange", $"{e.Location} confirmed more under the number of parcel {e.ParcelId}", List(e.Units.Select(u => $"{u.Quantity} × {u.Sku}"))),
        FulfilmentEvent.UnitsNotExpected e => new("alert-triangle", "orange", "A parcel held units that nobody had asked for", $"{e.Carrier} {e.Tracking} from {e.Location}: {List(e.Units.Select(u => $"{u.Quantity} × {u.Sku}"))}"),
        FulfilmentEvent.WithdrawalAsked e => new("arrow-back-up", "orange", $"Wanted back from {e.Location}", e.Why),
        FulfilmentEvent.HandoffStopped e => new("player-stop", "secondary", e.MayHaveArrived ? $"Not sent to {e.Location} again" : $"Never sent to {e.Location}", e.MayHaveArrived ? "An earlier call may have arrived." : null),
        FulfilmentEvent.Withdrawn e => new("arrow-back-up", "secondary", $"{e.Location} ships nothing of it"),
        FulfilmentEvent.WithdrawalRefused e => new("alert-triangle", "red", $"{e.Location} would not give it back", e.Why),
        FulfilmentEvent.NotWrittenBack e => new("alert-triangle", "red", $"The channel was not told of {e.ParcelId}", e.Why),
        FulfilmentEvent.WrittenBack e => new("building-store", "green", "The channel knows of the parcel", e.FulfilmentId is null ? e.ParcelId : $"Fulfilment {e.FulfilmentId}"),
        _ => Unknown(happened),
    };

    private static Told Label(LabelEvent happened) => happened switch
    {
        LabelEvent.Asked e => new("tag", "blue", $"A label to be bought from {e.Connection}", $"{e.Service}, reference {e.Reference}"),
        LabelEvent.Bought e => new("tag", "green", $"Label bought: {e.Label.Carrier} {e.Label.Tracking}", List(new[] { e.Label.Service, e.Label.Cost is { } cost ? MoneyText.Of(cost, e.Label.Currency ?? "") : null }.OfType<string>())),
        LabelEvent.Refused e => new("circle-x", "red", "No label was sold", $"{e.Why} ({e.Code})"),
        LabelEvent.WantedAgain e => new("refresh", "blue", $"{e.By} has the label bought again", e.Service is null ? null : $"{e.Service}{(e.Connection is { } from ? $" of {from}" : "")}, as picked"),
        LabelEvent.Skipped e => new("player-play", "blue", $"{e.By} lets it go without our label"),
        LabelEvent.CalledOff e => new("player-stop", "secondary", "The label is not wanted any more", e.Why),
        LabelEvent.Dropped e => new("player-stop", "secondary", "No label was bought", e.Why),
        LabelEvent.VoidAsked e => new("arrow-back-up", "orange", "The label is taken back", e.Why),
        LabelEvent.Voided => new("arrow-back-up", "secondary", "The label is void"),
        LabelEvent.Kept e => new("alert-triangle", "red", "The label could not be taken back", e.Why),
        LabelEvent.Used e => new(e.AfterVoid ? "alert-triangle" : "tag", e.AfterVoid ? "red" : "purple", e.AfterVoid ? "A parcel left with a label that was taken back" : "The parcel left with our label", e.ParcelId),
        _ => Unknown(happened),
    };

    private static Told Dispatching(DispatchEvent happened) => happened switch
    {
        DispatchEvent.Begun e => new("send", "blue", $"{e.List.Labels.Count} labels to be listed at {e.List.Connection}", $"{e.List.Location}, {e.List.Day:yyyy-MM-dd}, by {e.By}"),
        DispatchEvent.Done e => new("circle-check", e.LeftOut.Count > 0 ? "orange" : "green", e.LeftOut.Count > 0 ? $"The carrier has the list, without {e.LeftOut.Count} labels" : "The carrier has the list", List(e.LeftOut.Select(l => $"{l.LabelId}: {l.Why}").Prepend(e.RemoteId).OfType<string>())),
        DispatchEvent.TurnedDown e => new("circle-x", "red", "The carrier did not take the list", $"{e.Why} ({e.Code})"),
        _ => Unknown(happened),
    };

    private static Told Books(BooksEvent happened) => happened switch
    {
        BooksEvent.InvoicePlanned e => new("file-invoice", "blue", $"Invoice {e.Number} to be drafted", MoneyText.Of(e.Total, e.Currency)),
        BooksEvent.Invoiced e => new("file-invoice", "green", $"Invoice {e.Number} is in the books", MoneyText.Of(e.Total, e.Currency)),
        BooksEvent.NeedsReview e => new("scale", "orange", $"Invoice {e.Number} needs a look", $"The channel charged {e.Expected:0.00}, the lines come to {e.Computed:0.00}."),
        BooksEvent.NotBooked e => new("alert-triangle", "red", $"Invoice {e.Number} was not booked", e.Why),
        BooksEvent.TakenOff e => new("receipt-refund", "secondary", $"{e.Amount:0.00} taken off before invoicing", $"Refund {e.RefundId}"),
        BooksEvent.CreditPlanned e => new("receipt-refund", "blue", $"Credit note {e.Number} to be drafted", $"{e.Total:0.00}"),
        BooksEvent.Credited e => new("receipt-refund", "green", $"Credit note {e.Number} is in the books", MoneyText.Of(e.Total, e.Currency)),
        _ => Unknown(happened),
    };

    private static Told Shipping(ShippingEvent happened) => happened switch
    {
        ShippingEvent.Followed e => new("route", "secondary", $"Following {e.Carrier} {e.Tracking}"),
        ShippingEvent.Moved e => new("truck", e.Status is ScanStatus.FailedAttempt or ScanStatus.Exception or ScanStatus.ReturnedToOrigin ? "orange" : "purple",
            Words.Sentence(e.Status.ToString()), List(new[] { e.Place, e.Raw, e.ParcelId }.OfType<string>())),
        ShippingEvent.JourneyEnded e => new("route", "secondary", $"{e.Journey.Carrier} took {e.Hours / 24m:0.#} days", e.OnTime switch { true => "on time", false => "later than promised", null => null }),
        ShippingEvent.Delivered e => new("circle-check", "green", e.AllParcels ? "Delivered, all parcels" : "A parcel was delivered", e.ParcelId),
        ShippingEvent.CreditApproved e => new("coins", "azure", $"Store credit of {e.Amount:0.00} is approved", List([$"by {e.By}", e.ParcelId])),
        ShippingEvent.CreditGiven e => new("coins", "green", $"Store credit of {e.Amount:0.00} was given", List([$"by {e.By}", e.ParcelId])),
        ShippingEvent.CreditNotGiven e => new("coins", "secondary", $"Store credit of {e.Amount:0.00} is not given", List([$"by {e.By}", e.ParcelId])),
        ShippingEvent.CreditOrdered e => new("coins", "azure", $"Store credit of {e.Amount:0.00} is being given at the channel", List([$"by {e.By}", e.ParcelId])),
        ShippingEvent.CreditRefused e => new("coins", "red", $"The channel did not give store credit of {e.Amount:0.00}", List([e.Why, e.ParcelId])),
        ShippingEvent.CreditLapsed e => new("coins", "orange", $"Store credit of {e.Amount:0.00} lapsed", List(["nobody decided in time", e.ParcelId])),
        ShippingEvent.ScanNotUnderstood e => new("help", "orange", $"The carrier's code “{e.Raw}” is not known", e.ParcelId),
        _ => Unknown(happened),
    };

    private static Told Message(MessageEvent happened) => happened switch
    {
        MessageEvent.Planned e => new("message", "azure", $"Message: {Words.Lower(e.Occasion.ToString())}", $"by {e.Channel}"),
        MessageEvent.FellBack e => new("message", "yellow", $"{e.From} could not reach the shopper", e.Why),
        MessageEvent.Unreachable e => new("message", "red", "No channel reaches the shopper", e.Why),
        _ => Unknown(happened),
    };

    private static Told Connection(ConnectionEvent happened) => happened switch
    {
        ConnectionEvent.Cut e => new("plug-connected-x", "red", $"{e.Connection} was cut", e.Why),
        ConnectionEvent.Restored e => new("plug-connected", "green", $"{e.Connection} works again", $"by {e.By}"),
        ConnectionEvent.NoticeKept e => new("bell", e.Serious ? "orange" : "secondary", e.Text, e.Code),
        _ => Unknown(happened),
    };

    private static Told Unknown(Event happened) => new("info-circle", "secondary", Words.Kind(Wire.KindOf(happened.GetType())));

    private static string Units(IEnumerable<Units> units) => List(units.Select(u => $"{u.Quantity} × {u.Sku} at {u.Location}"));

    private static string List(IEnumerable<string> parts) => string.Join(", ", parts);
}
