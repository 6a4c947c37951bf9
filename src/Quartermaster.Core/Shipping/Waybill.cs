using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Shipping;

/// <summary>A tracking number and the order it belongs to. Most carriers' scans name only the number; they come here and are passed on.</summary>
/// <param name="OrderRef">The order's stream id; null while nobody has told whose it is.</param>
/// <param name="Early">Scans that came before that.</param>
public sealed record Waybill(string? OrderRef = null, IReadOnlyList<ShippingSignal.Scanned>? Early = null)
{
    /// <summary>Kind of these streams; the id is the number, upper case without blanks.</summary>
    public const string Stream = "parcel";

    /// <summary>More early scans than this are of a parcel that is not ours; the newest are kept.</summary>
    public const int MostEarly = 30;

    public static readonly Waybill Unknown = new();
}

/// <summary>Signals to a waybill, beside the scans themselves.</summary>
public abstract record WaybillSignal : Signal
{
    private WaybillSignal() { }

    /// <summary>The number is on a parcel of this order; sent by a flow as soon as it is known.</summary>
    [Wire("shipping.belongs_to.v1")]
    public sealed record BelongsTo(string OrderRef) : WaybillSignal;
}

/// <summary>What became true of a waybill.</summary>
public abstract record WaybillEvent : Event
{
    private WaybillEvent() { }

    [Wire("shipping.claimed.v1")]
    public sealed record Claimed(string OrderRef) : WaybillEvent;

    /// <summary>Nobody has told yet whose parcel this is.</summary>
    [Wire("shipping.scan_kept.v1")]
    public sealed record ScanKept(ShippingSignal.Scanned Scan) : WaybillEvent;
}

/// <summary>Decides whose a scan is. A number that carriers give out again belongs to the newest order.</summary>
public static class WaybillDecider
{
    public static Decision Decide(Waybill state, Signal signal) => signal switch
    {
        WaybillSignal.BelongsTo b when b.OrderRef == state.OrderRef => Decision.Ignore("It is known whose parcel this is."),
        WaybillSignal.BelongsTo b => Decision.Of(new WaybillEvent.Claimed(b.OrderRef)).Because($"A parcel of order {b.OrderRef}."),
        ShippingSignal.Scanned when state.OrderRef is { } order => Decision.Ignore($"Passed on to order {order}."),
        ShippingSignal.Scanned x when state.Early?.Contains(x) == true => Decision.Ignore("This scan is kept already."),
        ShippingSignal.Scanned x => Decision.Of(new WaybillEvent.ScanKept(x)).Because("Nobody has told yet whose parcel this is; the scan is kept."),
        _ => throw new InvalidOperationException($"{signal.GetType().Name} is not for a parcel."),
    };

    public static Waybill Evolve(Waybill state, WaybillEvent e) => e switch
    {
        WaybillEvent.Claimed c => new(c.OrderRef),
        WaybillEvent.ScanKept k => state with { Early = [.. (state.Early ?? []).TakeLast(Waybill.MostEarly - 1), k.Scan] },
        _ => throw new System.Diagnostics.UnreachableException(e.GetType().Name),
    };
}
