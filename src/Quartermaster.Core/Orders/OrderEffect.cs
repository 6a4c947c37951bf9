using System.Text.Json.Serialization;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Orders;

/// <summary>Work for the channel an order came from.</summary>
public abstract record OrderEffect : Effect
{
    private OrderEffect() { }

    /// <summary>Cancel an order at its channel.</summary>
    /// <param name="Why">For the channel's staff.</param>
    /// <param name="GiveBack">
    /// What was captured for an order that was declined, as far as we know: the channel gives back whatever it has, the way it was paid, and lets go what was only authorised. A channel that
    /// cannot refuses, and a person does it. Null: only an unpaid order is cancelled; a channel that has money for it refuses, and a person cancels and refunds there.
    /// </param>
    [Wire("order.cancel_at_channel.v1")]
    public sealed record CancelAtChannel(string ExternalId, string Why, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Money? GiveBack = null) : OrderEffect;

    /// <summary>Ask an outside reviewer whether an order is fraud. Asked again about the same order, it thinks anew and keeps one order.</summary>
    /// <param name="OrderId">Id of the order's stream; the reviewer knows the order by it.</param>
    /// <param name="Of">What is asked about; goes into the answer's signal.</param>
    [Wire("order.ask_opinion.v1")]
    [RefusalIsAnAnswer]
    public sealed record AskOpinion(string OrderId, string Of, OrderFacts Facts, Address? ShipTo) : OrderEffect;

    /// <summary>Ask what a reviewer thinks of an order by now.</summary>
    [Wire("order.look_up_opinion.v1")]
    [RefusalIsAnAnswer]
    public sealed record LookUpOpinion(string OrderId) : OrderEffect;

    /// <summary>Tell a reviewer that an order was cancelled: what it would have paid for is over.</summary>
    [Wire("order.tell_reviewer_of_end.v1")]
    [ReportsOnlyTrouble]
    public sealed record TellReviewerOfEnd(string OrderId, string Why) : OrderEffect;

    /// <summary>Tell a reviewer that money of an order was given back.</summary>
    [Wire("order.tell_reviewer_of_refund.v1")]
    [ReportsOnlyTrouble]
    public sealed record TellReviewerOfRefund(string OrderId, string RefundId, decimal Amount, string Currency) : OrderEffect;
}
