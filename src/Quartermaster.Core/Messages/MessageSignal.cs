using System.Text.Json.Serialization;
using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Messages;

/// <summary>Signals to the correspondence of an order.</summary>
public abstract record MessageSignal : Signal
{
    private MessageSignal() { }

    /// <summary>Something happened that the shopper should hear.</summary>
    /// <param name="Subject">What it is about within the order: a parcel id, or empty.</param>
    /// <param name="Since">When it happened, where that may be long ago; null = now.</param>
    /// <param name="By">Kinds of channels that may be used, in this order; null = the brand's in its order.</param>
    [Wire("message.say.v1")]
    public sealed record Say(Occasion Occasion, string Subject, Correspondent To, ParcelWords? Parcel = null, QuestionWords? Question = null, NewsWords? News = null, InvitationWords? Invitation = null, DateTimeOffset? Since = null, IReadOnlyList<string>? By = null) : MessageSignal;

    /// <summary>A message that a channel had taken did not reach the shopper after all; said by the channel, seconds or hours later.</summary>
    /// <param name="Key">Key of the effect that sent it; channels carry it out and back as they got it.</param>
    /// <param name="Code">The channel's code, as it came.</param>
    [Wire("message.not_delivered.v1")]
    public sealed record NotDelivered(string Key, string Channel, string Code, string Why) : MessageSignal;
}

/// <summary>Why the shopper hears from us, or is asked.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Occasion>))]
public enum Occasion { Confirmed, Shipped, OutForDelivery, Delivered, Backordered, Cancelled, ToConfirm, Delayed, AttemptFailed, HeldAtCustoms, ComingBack, Preordered, AddressChanged, ThankYou, ReviewRequest, ReviewReminder, CheckoutLeft, CheckoutOffer, ReorderDue, WinBack, CreditGiven }

/// <summary>What a shopper hears of a parcel.</summary>
public sealed record ParcelWords(string Carrier, string Tracking, string? TrackingUrl);

/// <summary>What a shopper bought.</summary>
/// <param name="Items">Those of the parcel, where the message is about one whose lines are known.</param>
/// <param name="Total">In the currency that the shopper saw.</param>
public sealed record OrderWords(IReadOnlyList<ItemFacts> Items, Money Total, string? City);

/// <summary>What a shopper hears of a parcel whose way is not the usual one; all of it may be unknown.</summary>
/// <param name="Expected">The day it is expected now, on the shopper's calendar.</param>
/// <param name="Reason">Why, in words for the shopper.</param>
/// <param name="Link">Where the shopper sees more, or says what should happen.</param>
/// <param name="Credit">Store credit that was given for it.</param>
public sealed record NewsWords(DateOnly? Expected, string? Reason, string? Link, Money? Credit = null);

/// <summary>What a shopper is asked before a cash order is handed off.</summary>
/// <param name="Due">What is to be paid at the door.</param>
/// <param name="Address">Where it would go, on one line.</param>
/// <param name="Link">Where to answer; null = by the buttons of the message alone.</param>
/// <param name="Of">Tells this question from one about another amount or address; comes back with the answer.</param>
/// <param name="Changed">They were asked before, and something is another now.</param>
public sealed record QuestionWords(Money Due, string Address, string? Link, string Of, bool Changed = false);

/// <summary>What a customer is invited to, of the brand's own accord.</summary>
/// <param name="Link">Where it leads.</param>
/// <param name="Code">A code that the shop takes, with what it is worth; null = nothing is promised.</param>
/// <param name="Until">The last day on which the shop takes it.</param>
public sealed record InvitationWords(string? Link, string? Code = null, string? Offer = null, DateOnly? Until = null);

/// <summary>Whom we write to, and how the order is called.</summary>
/// <param name="Number">Empty where no order is meant.</param>
/// <param name="Phone">E.164, or null.</param>
/// <param name="Locale">BCP 47, as the channel gave it; otherwise the brand's language.</param>
/// <param name="Country">ISO 3166-1 alpha-2, where the order that is meant does not tell it.</param>
public sealed record Correspondent(string OrderRef, string Number, string? Name, string? Email, string? Phone, string Locale, OrderWords Order, string? Country = null);
