using System.Text.Json.Serialization;
using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Orders;

/// <summary>What became true of an order as a promise to a shopper.</summary>
public abstract record OrderEvent : Event
{
    private OrderEvent() { }

    /// <summary>We heard of it for the first time. It may have been paid or cancelled by then.</summary>
    [Wire("order.placed.v1")]
    public sealed record Placed(OrderFacts Facts) : OrderEvent;

    /// <summary>Taken in as history; nothing follows from it.</summary>
    [Wire("order.imported_as_history.v1")]
    public sealed record ImportedAsHistory(OrderFacts Facts, string Source) : OrderEvent;

    /// <summary>The channel's facts changed in something that matters: lines, address, amounts, contact, shipping method.</summary>
    /// <param name="LinesChanged">Wanted units per line differ, so stock and hand-off must follow.</param>
    /// <param name="MethodChanged">The shopper wants it sent another way.</param>
    /// <param name="MethodWas">How it was to be sent before; null where nothing was said of it, or where it did not change.</param>
    [Wire("order.edited.v1")]
    public sealed record Edited(
        OrderFacts Facts, bool LinesChanged, bool AddressChanged, IReadOnlyList<string> What, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool MethodChanged = false,
        ShippingMethod? MethodWas = null) : OrderEvent;

    /// <summary>The channel changed it in nothing that matters to us, except perhaps its payment.</summary>
    [Wire("order.refreshed.v1")]
    public sealed record Refreshed(DateTimeOffset UpdatedAt, Payment Payment) : OrderEvent;

    [Wire("order.paid.v1")]
    public sealed record Paid(decimal Amount, string Currency) : OrderEvent;

    /// <summary>The channel says that it changed; what it is now has to be fetched.</summary>
    [Wire("order.change_heard.v1")]
    public sealed record ChangeHeard(string Channel, string ExternalId, string Topic, DateTimeOffset At) : OrderEvent;

    /// <summary>A person's address holds until the channel itself names another one.</summary>
    [Wire("order.address_set.v1")]
    public sealed record AddressSet(Address ShipTo, string By) : OrderEvent;

    /// <param name="Instead">The SKU that was sold and is billed, where another one is sent.</param>
    [Wire("order.sku_set.v1")]
    public sealed record SkuSet(string LineId, string Sku, string By, string? Instead = null) : OrderEvent;

    /// <summary>A person has dealt with one of its cases; the order does not ask for a person because of it any more.</summary>
    [Wire("order.dealt_with.v1")]
    public sealed record DealtWith(string Case) : OrderEvent;

    /// <summary>What a person had dealt with happened again.</summary>
    [Wire("order.came_back.v1")]
    public sealed record CameBack(string Case) : OrderEvent;

    /// <summary>The codes of these lines were read: what they stand for in this order. One without parts is a code that nobody has explained.</summary>
    /// <param name="Unread">Lines that are read when the warehouse has given them back.</param>
    [Wire("order.codes_meant.v1")]
    public sealed record CodesMeant(IReadOnlyList<MeantLine> Lines, IReadOnlyList<string>? Unread = null) : OrderEvent;

    [Wire("order.held.v1")]
    public sealed record Held(Hold Hold) : OrderEvent;

    /// <summary>The brand's rules were asked, and said something else than before.</summary>
    /// <param name="New">Rules that match and did not before.</param>
    /// <param name="Rerouted">It has to leave from another pool, or travel by another service, than they said before.</param>
    [Wire("order.ruled.v1")]
    public sealed record Ruled(Ruling Ruling, IReadOnlyList<string> New, bool Rerouted = false) : OrderEvent;

    /// <summary>It was scored, for the first time or because what the score stands on changed.</summary>
    /// <param name="HeldOut">Its shopper would be asked to confirm, and is left out to be compared with the others.</param>
    [Wire("order.risk_assessed.v1")]
    public sealed record RiskAssessed(Assessment Assessment, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool HeldOut = false) : OrderEvent;

    [Wire("order.storefront_risk_known.v1")]
    public sealed record StorefrontRiskKnown(StorefrontRisk Risk) : OrderEvent;

    /// <summary>It is known what device, card or network it came from.</summary>
    [Wire("order.traits_known.v1")]
    public sealed record TraitsKnown(IReadOnlyList<Trait> Traits) : OrderEvent;

    /// <summary>An outside reviewer was asked, or said what it thinks.</summary>
    [Wire("order.opinion_known.v1")]
    public sealed record OpinionKnown(Opinion Opinion) : OrderEvent;

    /// <summary>The shopper said whether the order is wanted at that address.</summary>
    [Wire("order.shopper_replied.v1")]
    public sealed record ShopperReplied(Confirmation Answer, string Via) : OrderEvent;

    /// <summary>The shopper answered a question that is out of date, and is asked once more what the order is now.</summary>
    [Wire("order.asked_again.v1")]
    public sealed record AskedAgain(Confirmation Answer, string Via) : OrderEvent;

    /// <summary>The shopper wants to send something back; what becomes of it is a person's to say.</summary>
    [Wire("order.return_asked.v1")]
    public sealed record ReturnAsked(string Id, IReadOnlyList<string> Items) : OrderEvent;

    /// <summary>It was reviewed. What was written is kept with the customer.</summary>
    [Wire("order.reviewed.v1")]
    public sealed record Reviewed(Review Review) : OrderEvent;

    /// <summary>No answer came in time.</summary>
    [Wire("order.question_lapsed.v1")]
    public sealed record QuestionLapsed : OrderEvent;

    /// <summary>What became of an order whose shopper was asked to confirm, or left out; once for each order.</summary>
    /// <param name="Band">Orders of one band of scores are compared with each other.</param>
    [Wire("order.question_counted.v1")]
    public sealed record QuestionCounted(int Band, Confirmation State, bool Returned) : OrderEvent;

    /// <param name="By">A person, <c>time</c>, or <c>facts</c> when the reason is gone.</param>
    [Wire("order.hold_lifted.v1")]
    public sealed record HoldLifted(HoldKind Kind, string By) : OrderEvent;

    /// <summary>No hold is left: the order may take stock and go to a warehouse.</summary>
    [Wire("order.released.v1")]
    public sealed record Released : OrderEvent;

    /// <param name="Declined">For its risk: what was paid for it goes back.</param>
    [Wire("order.cancelled.v1")]
    public sealed record Cancelled(string Reason, string By, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Declined = false) : OrderEvent;

    /// <summary>It had ended and goes on: paid after all, or wanted more of.</summary>
    [Wire("order.reopened.v1")]
    public sealed record Reopened(string Why) : OrderEvent;

    /// <summary>A cancellation came after the goods had left; the order goes on and a person talks to the shopper.</summary>
    [Wire("order.cancellation_too_late.v1")]
    public sealed record CancellationTooLate(string Why) : OrderEvent;

    [Wire("order.refunded.v1")]
    public sealed record Refunded(string RefundId, decimal Amount, string Currency, DateTimeOffset At, IReadOnlyList<RefundedLine> Lines) : OrderEvent;

    /// <summary>Goods left without us: a person or another app fulfilled them at the channel.</summary>
    /// <param name="CountedAt">Set when nobody named the fulfilments and only the channel's count of fulfilled units is known, as of this time.</param>
    /// <param name="From">Where they left a shelf of ours; null when that is not known or not our concern.</param>
    [Wire("order.fulfilled_elsewhere.v1")]
    public sealed record FulfilledElsewhere(
        string FulfilmentId, string? Carrier, string? Tracking, IReadOnlyList<FulfilledLine> Lines, DateTimeOffset? CountedAt = null, Shelf? From = null) : OrderEvent;

    /// <summary>It was placed, or something of it was planned, while the brand was in shadow: nothing of it is sent until a person takes it over.</summary>
    [Wire("order.went_into_shadow.v1")]
    public sealed record WentIntoShadow : OrderEvent;

    /// <summary>A person says that the hub finishes it; from here on its effects are sent.</summary>
    [Wire("order.taken_over.v1")]
    public sealed record TakenOver(string By) : OrderEvent;

    /// <summary>A fulfilment at the channel was cancelled or failed after it had counted: its goods did not leave.</summary>
    [Wire("order.fulfilment_undone.v1")]
    public sealed record FulfilmentUndone(LeftElsewhere Parcel, string Status) : OrderEvent;

    [Wire("order.closed.v1")]
    public sealed record Closed(string Why) : OrderEvent;
}

/// <summary>A named reason why an order does not move, with who may lift it and when it lapses.</summary>
/// <param name="Rule">The rule of the brand that asks for it; null = the hub's own, or a person's.</param>
/// <param name="Of">What its shopper is asked to confirm, as <see cref="AskedAbout.Print"/> tells it apart; null = nobody is asked.</param>
public sealed record Hold(HoldKind Kind, string Reason, string MayLift, DateTimeOffset? LapsesAt = null, string? Rule = null, string? Of = null)
{
    /// <summary>Asked for by the same reason, whatever its words are now.</summary>
    public bool IsSame(Hold other) => Kind == other.Kind && Rule == other.Rule && Of == other.Of;
}

[JsonConverter(typeof(JsonStringEnumConverter<HoldKind>))]
public enum HoldKind { AwaitingPayment, NoAddress, UnmappedSku, TotalDoesNotAddUp, OddQuantity, TestOrder, ByPerson, PlacedBeforeUs, PaymentMissing, ByRule, Approval, UnknownCode, Risk, Confirmation, SecondOpinion }
