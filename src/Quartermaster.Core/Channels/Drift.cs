namespace Quartermaster.Core.Channels;

/// <summary>Why two sides had different numbers of one SKU, as far as the ledger shows it.</summary>
public enum DriftCause
{
    /// <summary>The ledger explains it by nothing.</summary>
    Unknown,

    /// <summary>The other side changed its number, and the word of it never came.</summary>
    MissedWebhook,

    /// <summary>A person or another program typed another number.</summary>
    ManualEdit,

    /// <summary>The same units were taken off, or added, twice.</summary>
    DoubleCount,

    /// <summary>The code means something else on one of the sides.</summary>
    Mapping,
}

/// <summary>What is known of a number that a channel had instead of the one it took from us.</summary>
/// <param name="Told">It told its number by itself; otherwise we found out.</param>
/// <param name="MeansAnother">What its code means was said anew after it was told.</param>
/// <param name="TakenBefore">An order had taken exactly the missing units shortly before it was told, so our number had them off already.</param>
public sealed record ChannelDrift(int Ours, int Theirs, bool Told, bool MeansAnother, bool TakenBefore);

/// <summary>What is known of a number that a warehouse has instead of ours.</summary>
/// <param name="Ours">What lies there by our ledger.</param>
/// <param name="Theirs">What was counted there, and what moved since.</param>
/// <param name="IsCode">Its SKU is a code of ours that means something else.</param>
/// <param name="MovedTwice">A parcel, a delivery or a return of exactly the difference was written after the count that had seen it.</param>
/// <param name="Edited">A person had changed our number by exactly the difference.</param>
/// <param name="ToldLong">It counted so long ago that we should have heard of it.</param>
public sealed record ShelfDrift(int Ours, int Theirs, bool IsCode, bool MovedTwice, bool Edited, bool ToldLong);

/// <summary>Names the cause of a difference. Pure.</summary>
public static class Drift
{
    public static (DriftCause Cause, string Words) Of(ChannelDrift d) => d switch
    {
        { MeansAnother: true } => (DriftCause.Mapping, "its code was given another meaning since it was told"),
        _ when d.Theirs > d.Ours => (DriftCause.ManualEdit, "raised there by a person or another app" + Untold(d)),
        { TakenBefore: true } => (DriftCause.DoubleCount, "an order that our number had taken off already was taken off once more there"),
        { Told: false } => (DriftCause.MissedWebhook, "lowered there, or sold by an order that has not reached us" + Untold(d)),
        _ => (DriftCause.Unknown, "lowered there, or sold by an order that has not reached us"),
    };

    public static (DriftCause Cause, string Words) Of(ShelfDrift d) => d switch
    {
        { IsCode: true } => (DriftCause.Mapping, "it counts a code that means another SKU here"),
        { MovedTwice: true } => (DriftCause.DoubleCount, "a movement of so many units was added to a count that had seen it"),
        { Edited: true } => (DriftCause.ManualEdit, "somebody had changed our number by so many units"),
        { ToldLong: true } => (DriftCause.MissedWebhook, "a count of it never reached us"),
        _ => (DriftCause.Unknown, "nothing in the ledger explains it"),
    };

    /// <summary>As it is stored and told by the API: <c>missed_webhook</c>.</summary>
    public static string NameOf(DriftCause cause) => cause switch
    {
        DriftCause.MissedWebhook => "missed_webhook",
        DriftCause.ManualEdit => "manual_edit",
        DriftCause.DoubleCount => "double_count",
        DriftCause.Mapping => "mapping",
        _ => "unknown",
    };

    private static string Untold(ChannelDrift d) => d.Told ? "" : ", and the channel did not tell us";
}
