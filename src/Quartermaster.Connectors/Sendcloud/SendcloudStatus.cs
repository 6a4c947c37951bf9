using Quartermaster.Core.Shipping;

namespace Quartermaster.Connectors.Sendcloud;

/// <summary>Sendcloud's words for where a parcel is, and ours: its phase, unless an exception says more. What is in neither table goes to a person.</summary>
internal static class SendcloudStatus
{
    /// <summary>What it means for the parcel; null = nothing that moves it.</summary>
    public static ScanStatus? Of(string phase, string exception)
    {
        if (!Phases.TryGetValue(phase, out var where) || !Exceptions.TryGetValue(exception, out var trouble)) return ScanStatus.Unmapped;
        // Delivered to the sender is no delivery; delivered with damage is one.
        return trouble switch
        {
            Trouble.GoesBack => ScanStatus.ReturnedToOrigin,
            Trouble.NotOnItsWay => null,
            Trouble.Stopped when where is not ScanStatus.Delivered => ScanStatus.Exception,
            Trouble.AtCustoms when where is not ScanStatus.Delivered => ScanStatus.HeldAtCustoms,
            Trouble.Unknown => ScanStatus.Unmapped,
            _ => where,
        };
    }

    /// <summary>The same of an answer, which has one code where an event has a phase and an exception of it.</summary>
    public static ScanStatus? OfCode(string code, string? sub) => Phases.ContainsKey(code) ? Of(code, sub is not null && Exceptions.ContainsKey(sub) ? sub : "none") : Of("in_transit", code);

    public static bool SaysDamaged(string exception, string? sub) => exception == "damaged" || sub == "damaged";

    private enum Trouble
    {
        /// <summary>The phase says it all.</summary>
        None,
        Stopped,
        AtCustoms,
        GoesBack,

        /// <summary>It is about the label or its cancellation.</summary>
        NotOnItsWay,
        Unknown,
    }

    private static readonly Dictionary<string, ScanStatus?> Phases = new(StringComparer.OrdinalIgnoreCase)
    {
        ["accepted"] = ScanStatus.PickedUp,
        ["announced"] = null,
        ["announcing"] = null,
        ["attempted"] = ScanStatus.FailedAttempt,
        ["cancelled"] = null,
        ["customs"] = ScanStatus.InTransit,
        ["delivered"] = ScanStatus.Delivered,
        ["delivery_forced"] = ScanStatus.Delivered,
        ["dropped"] = ScanStatus.PickedUp,
        ["in_delivery"] = ScanStatus.OutForDelivery,
        ["in_transit"] = ScanStatus.InTransit,
        ["labelled"] = null,
        ["none"] = null,
        ["no_label"] = null,
        ["pup"] = ScanStatus.InTransit, // waits at a pick-up point: the shopper does not have it yet
        ["ready_to_send"] = null,
        ["sorted"] = ScanStatus.InTransit,
        ["unknown"] = ScanStatus.Unmapped,
    };

    private static readonly Dictionary<string, Trouble> Exceptions = new(StringComparer.OrdinalIgnoreCase)
    {
        ["none"] = Trouble.None,
        ["address_error"] = Trouble.Stopped,
        ["announcement_failed"] = Trouble.NotOnItsWay,
        ["cancellation_failed"] = Trouble.NotOnItsWay,
        ["cancelled"] = Trouble.NotOnItsWay,
        ["cancelled_upstream"] = Trouble.NotOnItsWay,
        ["cancelling"] = Trouble.NotOnItsWay,
        ["cancelling_upstream"] = Trouble.NotOnItsWay,
        ["changed"] = Trouble.None,
        ["claim"] = Trouble.None,
        ["claimable"] = Trouble.None,
        ["customer_rejected"] = Trouble.Stopped,
        ["customer_support"] = Trouble.Stopped,
        ["customs_issue"] = Trouble.AtCustoms,
        ["damaged"] = Trouble.Stopped,
        ["delay_unknown"] = Trouble.None,
        ["delivery_delay"] = Trouble.None,
        ["dropoff_expiration"] = Trouble.NotOnItsWay,
        ["handover_delay"] = Trouble.None,
        ["hold"] = Trouble.Stopped,
        ["missing"] = Trouble.Stopped,
        ["non_conformity"] = Trouble.Stopped,
        ["off_radar"] = Trouble.Stopped,
        ["pup_expiration"] = Trouble.Stopped,
        ["refused"] = Trouble.Stopped,
        ["relabelled"] = Trouble.None,
        ["returned_sender"] = Trouble.GoesBack,
        ["sorting_delay"] = Trouble.None,
        ["unknown"] = Trouble.Unknown,
    };
}
