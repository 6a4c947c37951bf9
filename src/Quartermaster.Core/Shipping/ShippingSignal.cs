using System.Text.Json.Serialization;
using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Shipping;

/// <summary>Signals to the transport side of an order.</summary>
public abstract record ShippingSignal : Signal
{
    private ShippingSignal() { }

    /// <summary>A parcel of this order is on its way; sent by a flow.</summary>
    /// <param name="AskAt">The connection that has to be asked for it; null = its scans come by themselves.</param>
    [Wire("shipping.follow.v1")]
    public sealed record Follow(string ParcelId, string Carrier, string Tracking, string? TrackingUrl, DateTimeOffset ShippedAt, string? AskAt = null) : ShippingSignal;

    /// <summary>A carrier saw a parcel. May come before the warehouse told us that the parcel exists.</summary>
    /// <param name="Raw">The carrier's own code or words.</param>
    /// <param name="Damaged">The carrier says that the parcel is damaged, wherever it is.</param>
    /// <param name="Overtaken">A later scan of the parcel was read with it: by now it has passed, and nobody is told of it.</param>
    [Wire("shipping.scanned.v1")]
    public sealed record Scanned(
        string Carrier, string Tracking, ScanStatus Status, string Raw, DateTimeOffset At, string? Place, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Damaged = false,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Overtaken = false) : ShippingSignal
    {
        /// <summary>The same scans, those marked that are not the newest of their parcel among them.</summary>
        public static IReadOnlyList<T> Marked<T>(IReadOnlyList<T> found, Func<T, Signal> signalOf, Func<T, Signal, T> with)
        {
            Dictionary<string, DateTimeOffset> newest = [];
            foreach (var one in found)
                if (signalOf(one) is Scanned scan && (!newest.TryGetValue(scan.Tracking, out var at) || scan.At > at)) newest[scan.Tracking] = scan.At;
            return [.. found.Select(one => signalOf(one) is Scanned scan && scan.At < newest[scan.Tracking] ? with(one, scan with { Overtaken = true }) : one)];
        }
    }


    /// <summary>A parcel's way has come to its end: keep how its carrier did. Sent by a flow, which knows where it came from and where it went.</summary>
    /// <param name="Due">The day it was promised for, where a promise was made; by the calendar of the location it came from.</param>
    /// <param name="On">The day it ended, by the same calendar.</param>
    [Wire("shipping.reckon.v1")]
    public sealed record Reckon(string ParcelId, Journey Journey, JourneyEnd End, DateTimeOffset At, DateOnly On, DateOnly? Due, Doorstep? To = null) : ShippingSignal;

    /// <summary>A parcel takes longer than is usual where it goes; found by whoever compares them.</summary>
    /// <param name="SeenAt">Its last scan then, or when it left: one that was scanned since is not silent.</param>
    /// <param name="Expected">The day that it is to be expected now, at the earliest today; null when too little is known.</param>
    /// <param name="Credit">What may be offered for it; null = nothing.</param>
    [Wire("shipping.delay_found.v1")]
    public sealed record DelayFound(string ParcelId, Delay Kind, DateTimeOffset SeenAt, DateOnly? Expected, decimal? Credit = null) : ShippingSignal;

    /// <summary>A person says what becomes of the store credit for a late parcel.</summary>
    [Wire("shipping.credit_decided.v1")]
    public sealed record CreditDecided(string ParcelId, CreditAnswer Answer, string By) : ShippingSignal;

    /// <summary>The time is over in which a person could decide on the store credit for a late parcel.</summary>
    [Wire("shipping.credit_term_over.v1")]
    public sealed record CreditTermOver(string ParcelId) : ShippingSignal;

    /// <summary>A person knows what became of a parcel that no scan tells of any more.</summary>
    /// <param name="Restock">Its units are on the shelf of their location again; only for one that came back.</param>
    /// <param name="Damaged">They are there and cannot be sold; likewise.</param>
    [Wire("shipping.end_told.v1")]
    public sealed record EndTold(string ParcelId, ParcelEnd End, bool Restock, string Reason, string By, bool Damaged = false) : ShippingSignal;
}

/// <summary>What became of a parcel, where a person says so.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ParcelEnd>))]
public enum ParcelEnd { Arrived, Lost, CameBack }

/// <summary>What a scan says, in neutral words. <see cref="Unmapped"/> goes to a person with the carrier's raw code.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ScanStatus>))]
public enum ScanStatus { PickedUp, InTransit, OutForDelivery, Delivered, FailedAttempt, Exception, HeldAtCustoms, ReturnedToOrigin, Unmapped }
