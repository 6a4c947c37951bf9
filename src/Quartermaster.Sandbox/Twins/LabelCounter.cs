using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;

namespace Quartermaster.Sandbox.Twins;

/// <summary>The counter of a played carrier or broker: labels that were sold, by number and by our reference, and the parcels that left with them, on their way.</summary>
/// <remarks>
/// Knobs: <c>sandbox_step_ms</c> (4000) between two scans; <c>sandbox_missed</c> (0.03), the share of parcels that nobody takes at the first try;
/// <c>sandbox_unsold</c> (0), the share of streets it does not know.
/// </remarks>
internal sealed class LabelCounter : IDisposable
{
    private readonly TwinContext context;
    private readonly Agenda agenda;
    private readonly Action<SoldLabel, WayPoint> scanned;
    private readonly string? carrier;
    private readonly ConcurrentDictionary<string, SoldLabel> byTracking = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, SoldLabel> byReference = new(StringComparer.Ordinal);
    private int count;

    /// <param name="carrier">Parcels whose carrier a warehouse calls so are carried too, whoever sold the label; null = only those with a label of this counter.</param>
    /// <param name="scanned">Hears of each scan.</param>
    public LabelCounter(TwinContext context, string? carrier, Action<SoldLabel, WayPoint> scanned)
    {
        (this.context, this.carrier, this.scanned, agenda) = (context, carrier, scanned, new(context.Clock));
        ParcelRoad.Of(context.Hub).Drive(context.Brand, PickUp);
    }

    /// <summary>How many labels were sold, void ones included.</summary>
    public int Sold => Volatile.Read(ref count);

    public int Voided => byTracking.Values.Count(l => l.Voided);

    /// <summary>Labels that were neither taken back nor carried by a parcel.</summary>
    public int LeftBehind => byTracking.Values.Count(l => l is { Voided: false, Scanned: false, Number: > 0 });

    /// <summary>How often somebody asked where a parcel is.</summary>
    public int Asked { get; private set; }

    public bool KnowsStreet(string? line) => Knobs.Fate($"street/{line}") >= context.Number("sandbox_unsold", 0);

    /// <summary>Sells one, whether or not one was sold under this reference before: that is the worst that a vendor may do.</summary>
    /// <param name="prefix">What its tracking numbers begin with.</param>
    /// <param name="digits">How many follow.</param>
    public SoldLabel Sell(string reference, string prefix, int digits, string service, decimal cost, JsonNode body)
    {
        var number = Interlocked.Increment(ref count);
        var rest = (Knobs.Hash($"{reference}/{number}") % (ulong)Math.Pow(10, digits)).ToString(CultureInfo.InvariantCulture).PadLeft(digits, '0');
        var label = new SoldLabel(number, reference, prefix + rest, service, cost, body);
        byReference[reference] = byTracking[label.Tracking] = label;
        return label;
    }

    public SoldLabel? Under(string reference) => byReference.GetValueOrDefault(reference);

    public SoldLabel? Of(int number) => byTracking.Values.FirstOrDefault(l => l.Number == number);

    public SoldLabel? Carrying(string tracking) => byTracking.GetValueOrDefault(tracking);

    /// <summary>The same, asked by somebody who wants to know where it is.</summary>
    public SoldLabel? Track(string tracking)
    {
        Asked++;
        return Carrying(tracking);
    }

    /// <returns>False: it is void already, or a parcel is under way with it.</returns>
    public static bool Void(SoldLabel label) => !label.Voided && !label.Scanned && (label.Voided = true);

    public void Dispose() => agenda.Dispose();

    private void PickUp(SentParcel parcel)
    {
        var label = Carrying(parcel.Tracking);
        if (label is null && carrier is not null && parcel.Carrier.StartsWith(carrier, StringComparison.OrdinalIgnoreCase)) label = byTracking[parcel.Tracking] = new SoldLabel(0, "", parcel.Tracking, "", 0, new JsonObject());
        if (label is not { Scanned: false }) return;
        label.Scanned = true;
        var missed = Knobs.Fate(label.Tracking) < context.Number("sandbox_missed", 0.03);
        Continue(label, missed ? [WayPoint.PickedUp, WayPoint.Underway, WayPoint.Missed, WayPoint.Delivered] : [WayPoint.PickedUp, WayPoint.Underway, WayPoint.Delivered], 0);
    }

    private void Continue(SoldLabel label, WayPoint[] way, int step) => agenda.In(context.Milliseconds("sandbox_step_ms", 4000), () =>
    {
        label.Pass(way[step], context.Clock.GetUtcNow());
        scanned(label, way[step]);
        if (step + 1 < way.Length) Continue(label, way, step + 1);
    });
}

/// <summary>Where a played parcel was seen; each twin has its vendor's word for it.</summary>
internal enum WayPoint { PickedUp, Underway, Missed, Delivered }

/// <summary>A label that a played carrier sold, and the way of the parcel that left with it.</summary>
/// <param name="number">Counts the labels of its counter; 0 = another's label on a parcel that is carried all the same.</param>
/// <param name="body">The request that it was sold for.</param>
internal sealed class SoldLabel(int number, string reference, string tracking, string service, decimal cost, JsonNode body)
{
    private readonly List<(WayPoint At, DateTimeOffset When)> way = [];

    public int Number { get; } = number;
    public string Reference { get; } = reference;
    public string Tracking { get; } = tracking;
    public string Service { get; } = service;
    public decimal Cost { get; } = cost;
    public JsonNode Body { get; } = body;
    public bool Voided { get; set; }
    public bool Scanned { get; set; }

    /// <summary>Where it was seen, oldest first.</summary>
    public (WayPoint At, DateTimeOffset When)[] Way
    {
        get { lock (way) return [.. way]; }
    }

    public void Pass(WayPoint at, DateTimeOffset when)
    {
        lock (way) way.Add((at, when));
    }
}
