using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Campaigns;

/// <summary>What is heard of a customer that a campaign begins or ends with. Sent to the stream <c>run/email:…</c> or <c>run/phone:+…</c>.</summary>
public abstract record RunSignal : Signal
{
    private RunSignal() { }

    /// <summary>They ordered.</summary>
    [Wire("run.purchased.v1")]
    public sealed record Purchased(Recipient By, OrderNews Order) : RunSignal;

    /// <summary>All parcels of an order are with them.</summary>
    [Wire("run.delivered.v1")]
    public sealed record Delivered(Recipient To, OrderNews Order, DateTimeOffset At) : RunSignal;

    /// <summary>An order is none any more, or its goods or money went back.</summary>
    /// <param name="Kept">What is left of its total, where money went back.</param>
    [Wire("run.undone.v1")]
    public sealed record Undone(string OrderRef, Undoing What, DateTimeOffset At, Money? Kept = null) : RunSignal;

    /// <summary>They are paying, or have paid. Told at every step of it.</summary>
    [Wire("run.checkout_seen.v1")]
    public sealed record CheckoutSeen(Recipient By, Checkout Checkout) : RunSignal;

    /// <summary>They wrote a review, wherever that is kept.</summary>
    /// <param name="OrderRef">Of that order; null = of any.</param>
    /// <param name="Review">What they wrote; null = only that they did is known.</param>
    [Wire("run.reviewed.v1")]
    public sealed record Reviewed(string? OrderRef, DateTimeOffset At, string Source, Review? Review = null) : RunSignal;

    /// <summary>They bought before the brand had campaigns, and have been silent since.</summary>
    /// <param name="OrderRef">Their newest order.</param>
    [Wire("run.enrolled.v1")]
    public sealed record Enrolled(Recipient By, string OrderRef, DateTimeOffset OrderedAt) : RunSignal;

    /// <summary>The time of some step has come.</summary>
    [Wire("run.due.v1")]
    public sealed record Due : RunSignal;

    /// <summary>The database's answer to a look.</summary>
    /// <param name="Of">As it was asked, like the order.</param>
    [Wire("run.looked.v1")]
    public sealed record Looked(Recipient Of, Acquaintance Person, OrderNews? Bought = null) : RunSignal;

    /// <summary>The database's answer to the wish for a code.</summary>
    /// <param name="By">As it was asked.</param>
    /// <param name="Code">Null = no limit has room for one.</param>
    [Wire("run.offer_taken.v1")]
    public sealed record OfferTaken(string Run, int Step, string Offer, IReadOnlyList<string> By, string? Code) : RunSignal;

    /// <summary>No channel took a message.</summary>
    [Wire("run.not_reached.v1")]
    public sealed record NotReached(string Run, int Step, string Why) : RunSignal;
}

/// <summary>What becomes of an order after all.</summary>
[System.Text.Json.Serialization.JsonConverter(typeof(System.Text.Json.Serialization.JsonStringEnumConverter<Undoing>))]
public enum Undoing { Cancelled, GoneBack }

/// <summary>Whom we would write to; every address may be missing.</summary>
/// <param name="Locale">BCP 47; empty = not known.</param>
/// <param name="Country">ISO 3166-1 alpha-2.</param>
public sealed record Recipient(string? Name, string? Email, string? Phone, string Locale, string? Country)
{
    /// <summary>Two letters.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public string Language => Locale.Length >= 2 ? Locale[..2].ToLowerInvariant() : Locale;
}

/// <summary>An order as campaigns know it.</summary>
/// <param name="At">When it was placed.</param>
/// <param name="Shadow">Somebody else finishes it: what it sets off is theirs to say.</param>
public sealed record OrderNews(string Ref, string Number, Money Total, DateTimeOffset At, IReadOnlyList<ItemFacts> Items, IReadOnlyList<string> Skus, bool Shadow = false);

/// <summary>A checkout as its shop tells of it.</summary>
/// <param name="At">When it last changed.</param>
/// <param name="Link">Where it can be taken up again.</param>
public sealed record Checkout(string Token, DateTimeOffset BegunAt, DateTimeOffset At, Money Total, IReadOnlyList<ItemFacts> Items, string? Link, DateTimeOffset? CompletedAt = null);

/// <summary>What the database knows of a customer at the moment of a decision.</summary>
/// <param name="OrderedAt">When they ordered, newest first, cancelled ones left out; at most as many as an interval is told by.</param>
/// <param name="Orders">How many there are.</param>
/// <param name="OpenCase">Somebody has something of theirs to look at.</param>
/// <param name="Told">Messages of this sort within the brand's days.</param>
/// <param name="UsualGapDays">Days between two orders of one customer of this brand, in the middle; null = nobody knows yet.</param>
public sealed record Acquaintance(IReadOnlyList<DateTimeOffset> OrderedAt, int Orders, bool OpenCase, int Told, IReadOnlyList<ChannelStanding> Channels, decimal? UsualGapDays = null);

/// <summary>Whether somebody may be written to by one channel.</summary>
/// <param name="Closed">Something stands against it.</param>
/// <param name="Word">Their newest word, or the newest word about them: <c>opted_in</c>, <c>opt_out</c>, <c>complaint</c>, …; null = none.</param>
public sealed record ChannelStanding(string Channel, bool Consented, bool Closed, string? Word = null, DateTimeOffset? WordAt = null);
