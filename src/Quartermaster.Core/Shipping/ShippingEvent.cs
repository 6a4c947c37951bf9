using System.Text.Json.Serialization;
using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Shipping;

/// <summary>What became true of a parcel on its way.</summary>
public abstract record ShippingEvent : Event
{
    private ShippingEvent() { }

    [Wire("shipping.followed.v1")]
    public sealed record Followed(string ParcelId, string Carrier, string Tracking, string? TrackingUrl, DateTimeOffset ShippedAt) : ShippingEvent;

    /// <summary>A scan that moved the parcel on. The parcel may be one the warehouse has not told us of yet.</summary>
    [Wire("shipping.moved.v1")]
    public sealed record Moved(string ParcelId, ScanStatus Status, string Raw, DateTimeOffset At, string? Place, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Damaged = false,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Overtaken = false) : ShippingEvent;

    [Wire("shipping.delivered.v1")]
    public sealed record Delivered(string ParcelId, DateTimeOffset At, bool AllParcels) : ShippingEvent;

    /// <summary>A person said what became of it; nothing more is waited for.</summary>
    [Wire("shipping.ended_by_hand.v1")]
    public sealed record EndedByHand(string ParcelId, ParcelEnd End, bool Restock, string Reason, string By, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Damaged = false) : ShippingEvent;

    /// <summary>How its carrier did with it; once for each parcel.</summary>
    /// <param name="Hours">From the warehouse's door to the end.</param>
    /// <param name="OnTime">Null when no day was promised.</param>
    /// <param name="FirstTry">It was not handed over at a later attempt.</param>
    /// <param name="Gap">Longest time that nobody scanned it, in hours.</param>
    [Wire("shipping.journey_ended.v1")]
    public sealed record JourneyEnded(string ParcelId, Journey Journey, JourneyEnd End, int Hours, bool? OnTime, bool FirstTry, bool Damaged, Doorstep? To = null,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int Gap = 0) : ShippingEvent;

    /// <summary>It takes longer than is usual on its lane; each kind once for each parcel.</summary>
    /// <param name="ToApprove">The credit is above the limits.</param>
    /// <param name="CreditAt">When the credit took room of the month's limit; null = it took none.</param>
    [Wire("shipping.fell_behind.v1")]
    public sealed record FellBehind(string ParcelId, Delay Kind, DateTimeOffset Since, DateOnly? Expected, decimal? Credit = null,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool ToApprove = false, DateTimeOffset? CreditAt = null) : ShippingEvent;

    /// <summary>A lead approved store credit above the limits; somebody gives it now.</summary>
    [Wire("shipping.credit_approved.v1")]
    public sealed record CreditApproved(string ParcelId, decimal Amount, DateTimeOffset At, string By) : ShippingEvent;

    /// <summary>A person gave store credit for a late parcel, at the storefront.</summary>
    /// <param name="RemoteId">The channel's id of it; null = a person says so.</param>
    [Wire("shipping.credit_given.v1")]
    public sealed record CreditGiven(string ParcelId, decimal Amount, string By, string? RemoteId = null) : ShippingEvent;

    /// <summary>No store credit was given for it after all; what it took of the month's limit is free again.</summary>
    /// <param name="OfferedAt">When it took room; null = it had taken none.</param>
    [Wire("shipping.credit_not_given.v1")]
    public sealed record CreditNotGiven(string ParcelId, decimal Amount, DateTimeOffset? OfferedAt, string By) : ShippingEvent;

    /// <summary>Nobody decided within its term; what it took of the month's limit is free again.</summary>
    /// <param name="OfferedAt">When it took room; null = it had taken none.</param>
    [Wire("shipping.credit_lapsed.v1")]
    public sealed record CreditLapsed(string ParcelId, decimal Amount, DateTimeOffset? OfferedAt) : ShippingEvent;

    /// <summary>A person has the hub give it at the storefront.</summary>
    [Wire("shipping.credit_ordered.v1")]
    public sealed record CreditOrdered(string ParcelId, decimal Amount, DateTimeOffset At, string By) : ShippingEvent;

    /// <summary>The storefront did not give it; a person decides again.</summary>
    [Wire("shipping.credit_refused.v1")]
    public sealed record CreditRefused(string ParcelId, decimal Amount, string Why) : ShippingEvent;

    [Wire("shipping.scan_not_understood.v1")]
    public sealed record ScanNotUnderstood(string ParcelId, string Raw, DateTimeOffset At) : ShippingEvent;
}
