using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;

namespace Quartermaster.Sandbox.Twins;

/// <summary>What is in a twin's warehouse: hand-offs by order and idempotency key, and the last counts.</summary>
internal sealed class WarehouseFloor
{
    // A load test runs for hours; the oldest orders are forgotten, and with them only their look-up.
    private const int Kept = 100_000;

    private readonly ConcurrentDictionary<string, List<Handoff>> orders = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> inOrder = new();
    private readonly ConcurrentDictionary<string, byte> calledOff = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(string Sku, string Warehouse), CountedShelf> counts = new();

    /// <summary>Takes a hand-off on, or finds the one that came under the same key.</summary>
    public (Handoff Handoff, bool IsNew) Take(Handoff wanted)
    {
        var same = orders.GetOrAdd(wanted.OrderRef, _ => []);
        lock (same)
        {
            if (same.Find(h => h.Key == wanted.Key) is { } known) return (known, false);
            same.Add(wanted);
            if (same.Count == 1) inOrder.Enqueue(wanted.OrderRef);
        }
        if (inOrder.Count > Kept && inOrder.TryDequeue(out var oldest)) orders.TryRemove(oldest, out _);
        return (wanted, true);
    }

    public IReadOnlyList<Handoff> Of(string orderRef)
    {
        if (!orders.TryGetValue(orderRef, out var same)) return [];
        lock (same) return [.. same];
    }

    /// <summary>Remembers a hand-off that was cancelled before it came.</summary>
    public void CallOff(string key) => calledOff[key] = 0;

    public bool WasCalledOff(string key) => calledOff.ContainsKey(key);

    public void Counted(CountedShelf count) => counts[(count.Sku, count.Warehouse)] = count;

    public IReadOnlyList<CountedShelf> CountsSince(DateTimeOffset since) => [.. counts.Values.Where(c => c.At >= since).OrderBy(c => c.At)];
}

internal sealed record CountedShelf(string Sku, string Warehouse, int OnHand, DateTimeOffset At);

internal sealed record WireLine(string Sku, int Qty);

/// <summary>A label that came with the order, to be printed.</summary>
internal sealed record WireLabel(string Carrier, string Tracking);

internal enum HandoffState { Taken, Shipped, Withdrawn, Rejected }

/// <summary>One order as it was handed over once.</summary>
internal sealed class Handoff(string orderRef, string warehouse, string key, IReadOnlyList<WireLine> lines, WireLabel? label = null, string? service = null, string? carrier = null)
{
    private readonly Lock gate = new();
    private readonly List<object> told = new(2);
    private bool deciding;

    public string OrderRef { get; } = orderRef;
    public string Warehouse { get; } = warehouse;
    public string Key { get; } = key;
    public IReadOnlyList<WireLine> Lines { get; } = lines;

    /// <summary>Bought already: the first parcel leaves with it.</summary>
    public WireLabel? Label { get; } = label;

    /// <summary>How it has to travel; null = as the warehouse likes.</summary>
    public string? Service { get; } = service;

    public string? Carrier { get; } = carrier;
    public HandoffState State { get; set; } = HandoffState.Taken;

    /// <summary>The events that were sent about it, for whoever asks what was lost.</summary>
    public IReadOnlyList<object> Told
    {
        get { lock (gate) return [.. told]; }
    }

    public void Tell(object what)
    {
        lock (gate) told.Add(what);
    }

    /// <summary>The warehouse's own number: the same whenever the same hand-off is taken on.</summary>
    public string WarehouseRef { get; } = string.Create(CultureInfo.InvariantCulture, $"W{Knobs.Hash($"{orderRef}/{key}"):x16}");

    /// <exception cref="KeyNotFoundException">A required member is missing.</exception>
    public static Handoff Read(JsonElement order)
    {
        var orderRef = order.GetProperty("order_ref").GetString()!;
        var key = order.TryGetProperty("idempotency_key", out var given) ? given.GetString()! : orderRef;
        var lines = order.GetProperty("lines").EnumerateArray().Select(l => new WireLine(l.GetProperty("sku").GetString()!, l.GetProperty("qty").GetInt32()));
        return new(orderRef, order.GetProperty("warehouse").GetString()!, key, [.. lines], order.TryGetProperty("label", out var label) ? new(label.GetProperty("carrier").GetString()!, label.GetProperty("tracking_number").GetString()!) : null, Word(order, "service"), Word(order, "carrier"));
    }

    private static string? Word(JsonElement order, string name) => order.TryGetProperty(name, out var word) ? word.GetString() : null;

    public bool StartShipping() => Move(HandoffState.Shipped);

    public bool Withdraw() => State is HandoffState.Withdrawn or HandoffState.Rejected || Move(HandoffState.Withdrawn);

    /// <summary>Whether it may be cancelled is looked into from now on; false when it is already.</summary>
    public bool StartDeciding()
    {
        lock (gate) return !deciding && (deciding = true);
    }

    private bool Move(HandoffState to)
    {
        lock (gate)
        {
            if (State != HandoffState.Taken) return false;
            State = to;
            return true;
        }
    }
}

/// <summary>A hand-off as the journal keeps it.</summary>
internal sealed record HandoffNote(string OrderRef, string Warehouse, string Key, IReadOnlyList<WireLine> Lines, WireLabel? Label = null, string? Service = null, string? Carrier = null)
{
    public static HandoffNote Of(Handoff handoff) => new(handoff.OrderRef, handoff.Warehouse, handoff.Key, handoff.Lines, handoff.Label, handoff.Service, handoff.Carrier);

    public Handoff ToHandoff() => new(OrderRef, Warehouse, Key, Lines, Label, Service, Carrier);
}
