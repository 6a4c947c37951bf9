using System.Text.Json.Serialization;
using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Orders;

/// <summary>What can reach an order from a channel, a timer or a person.</summary>
public abstract record OrderSignal : Signal
{
    private OrderSignal() { }

    /// <summary>Who did it, where no operator did.</summary>
    public const string TheShopper = "the shopper";

    /// <summary>The channel's present view of the order: created, changed, paid or cancelled, in any order and any number of times.</summary>
    /// <param name="Topic">What made the channel send it, for the timeline only; the facts decide.</param>
    /// <param name="Fetched">Asked for by us: of two views of one instant it is the newer one.</param>
    /// <param name="TakeOver">A person wants it worked on from here, whenever it was placed.</param>
    /// <param name="CountsOnly">It counts refunded money and fulfilled units and names no refund and no fulfilment: what it counts beyond those we know of has to be fetched.</param>
    [Wire("order.reported.v1")]
    public sealed record Reported(OrderFacts Facts, string Topic, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool TakeOver = false,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Fetched = false,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool CountsOnly = false) : OrderSignal;

    /// <summary>The channel said that the order changed without saying what it is now; it has to be fetched.</summary>
    [Wire("order.change_announced.v1")]
    public sealed record ChangeAnnounced(string Channel, string ExternalId, string Topic) : OrderSignal;

    /// <summary>Money was given back at the channel, with or without goods.</summary>
    [Wire("order.refund_reported.v1")]
    public sealed record RefundReported(string RefundId, decimal Amount, string Currency, DateTimeOffset At, IReadOnlyList<RefundedLine> Lines, string? Note) : OrderSignal;

    /// <summary>Somebody fulfilled goods at the channel: ourselves (an echo), or a person or app there.</summary>
    /// <param name="Location">Our code of the place the channel says they left from; null when it names none that we know.</param>
    [Wire("order.fulfilment_reported.v1")]
    public sealed record FulfilmentReported(
        string FulfilmentId, string? Carrier, string? Tracking, IReadOnlyList<FulfilledLine> Lines, DateTimeOffset At, string Status, string? Location = null) : OrderSignal;

    /// <summary>A person or rule wants it held.</summary>
    [Wire("order.hold_asked.v1")]
    public sealed record HoldAsked(string Reason, string By, DateTimeOffset? LapsesAt) : OrderSignal;

    /// <summary>Money that was there is there no more, and units are still to be sent; sent by a flow.</summary>
    [Wire("order.payment_missed.v1")]
    public sealed record PaymentMissed : OrderSignal;

    /// <summary>A person lifts a hold, having seen its reason.</summary>
    /// <param name="Rule">The rule whose hold is meant: whether the person may lift it was judged by that one, and another may hold the order by the time this is
    /// decided. Null = it is no rule's hold.</param>
    [Wire("order.hold_lift_asked.v1")]
    public sealed record HoldLiftAsked(HoldKind Kind, string By, string? Rule = null) : OrderSignal;

    /// <summary>A hold has reached its end.</summary>
    [Wire("order.hold_lapsed.v1")]
    public sealed record HoldLapsed(HoldKind Kind) : OrderSignal;

    /// <summary>A person declines an order that is held for its risk: it is cancelled, here and at its channel.</summary>
    [Wire("order.decline_asked.v1")]
    public sealed record DeclineAsked(string Reason, string By) : OrderSignal;

    /// <summary>The storefront's own opinion of the order.</summary>
    [Wire("order.storefront_risk_told.v1")]
    public sealed record StorefrontRiskTold(StorefrontRisk Risk) : OrderSignal;

    /// <summary>The device, card and network that it came from, as hashes; only of brands that count what orders share.</summary>
    [Wire("order.traits_told.v1")]
    public sealed record TraitsTold(IReadOnlyList<Trait> Traits) : OrderSignal;

    /// <summary>An outside reviewer is being asked about what the order is now; sent by a flow.</summary>
    [Wire("order.opinion_sought.v1")]
    public sealed record OpinionSought(string Of) : OrderSignal;

    /// <summary>An outside reviewer said what it thinks, asked or by itself.</summary>
    /// <param name="Raw">Its own word.</param>
    /// <param name="At">When it decided.</param>
    /// <param name="Of">What it was asked about; null when it came by itself, and then it counts only when it was decided after the newest question.</param>
    [Wire("order.opinion_told.v1")]
    public sealed record OpinionTold(Verdict Verdict, string Raw, string? Why, decimal? Score, string? RemoteId, decimal? Covered, DateTimeOffset At, string? Of = null) : OrderSignal;

    /// <summary>An outside reviewer has not answered although its word was asked for.</summary>
    [Wire("order.opinion_overdue.v1")]
    public sealed record OpinionOverdue(string Of) : OrderSignal;

    /// <summary>The database's answer: what is known of the buyer.</summary>
    [Wire("order.history_read.v1")]
    public sealed record HistoryRead(BuyerHistory History) : OrderSignal;

    /// <summary>The shopper answered whether the cash order is wanted at that address.</summary>
    /// <param name="Via">How the answer came: <c>whatsapp</c>, <c>link</c>.</param>
    /// <param name="Of">What they were shown, as <see cref="AskedAbout.Print"/> tells it apart.</param>
    /// <param name="ShipTo">The better address; only with <see cref="Confirmation.Corrected"/>.</param>
    [Wire("order.shopper_answered.v1")]
    public sealed record ShopperAnswered(Confirmation Answer, string Via, string Of, Address? ShipTo = null) : OrderSignal;

    /// <summary>The parcel of an order whose shopper was asked, or left out, has come to its end; sent by a flow.</summary>
    [Wire("order.parcel_ended.v1")]
    public sealed record ParcelEnded(bool Returned) : OrderSignal;

    /// <summary>The shopper asks for something on the order's page that a person has to see to; of any order, ended ones too.</summary>
    /// <param name="Id">Of this one request, so that it is one however often it is told.</param>
    /// <param name="Items">What is to be sent back; null when it is no return.</param>
    /// <param name="Answer">What the page answered at once; null = a person answers.</param>
    /// <param name="Day">The day on which they want it; null when it is no wish for a day.</param>
    [Wire("order.shopper_asked.v1")]
    public sealed record ShopperAsked(string Id, string Text, IReadOnlyList<string>? Items = null, string? Answer = null, DateOnly? Day = null) : OrderSignal;

    /// <summary>Whoever bought it wrote a review; of any order, ended ones too.</summary>
    [Wire("order.review_told.v1")]
    public sealed record ReviewTold(Review Review) : OrderSignal;

    /// <summary>A declined order was cancelled at its channel a while ago: has its money gone back?</summary>
    [Wire("order.refund_due.v1")]
    public sealed record RefundDue : OrderSignal;

    [Wire("order.cancel_asked.v1")]
    public sealed record CancelAsked(string Reason, string By) : OrderSignal;

    /// <summary>A person typed a better address.</summary>
    [Wire("order.address_corrected.v1")]
    public sealed record AddressCorrected(Address ShipTo, string By) : OrderSignal;

    /// <summary>A person said which SKU a line means.</summary>
    /// <param name="Instead">Set: it is sent instead of this SKU, which was sold and is not there; by a person who asked the shopper, or by the brand's rules.</param>
    [Wire("order.line_mapped.v1")]
    public sealed record LineMapped(string LineId, string Sku, string By, string? Instead = null) : OrderSignal;

    /// <summary>It was said what a code means, or it became a SKU of ours, or that was taken back: look again.</summary>
    [Wire("order.code_explained.v1")]
    public sealed record CodeExplained(string Code) : OrderSignal;

    /// <summary>The database's answer: what codes mean now.</summary>
    /// <param name="Others">Those of the lines asked about that are not simply the SKU of that name; without parts where nobody knows.</param>
    [Wire("order.codes_read.v1")]
    public sealed record CodesRead(IReadOnlyList<CodedLine> Asked, IReadOnlyList<MeantLine> Others) : OrderSignal;

    /// <summary>A person says that the hub, not the old flow, finishes an order that is in shadow.</summary>
    [Wire("order.take_over_asked.v1")]
    public sealed record TakeOverAsked(string By) : OrderSignal;

    /// <summary>An order from before the hub, taken in as history: it is searchable and causes nothing.</summary>
    [Wire("order.imported.v1")]
    public sealed record Imported(OrderFacts Facts, string Source) : OrderSignal;

    /// <summary>Everything that could be done for it has been done; sent by a flow.</summary>
    [Wire("order.finished.v1")]
    public sealed record Finished(string Why) : OrderSignal;

    /// <summary>It was cancelled, and nothing of it can leave any more; sent by a flow.</summary>
    [Wire("order.cancellation_stands.v1")]
    public sealed record CancellationStands : OrderSignal;

    /// <summary>The warehouse would not give it back: it ships although it was cancelled.</summary>
    [Wire("order.too_late_to_cancel.v1")]
    public sealed record TooLateToCancel(string Why) : OrderSignal;
}

/// <param name="Restock">True when the goods come back to sellable stock.</param>
/// <param name="Location">Our location code, when the channel named one we know.</param>
public sealed record RefundedLine(string LineId, int Quantity, bool Restock, string? Location, decimal Subtotal, decimal Tax);

public sealed record FulfilledLine(string LineId, string Sku, int Quantity);
