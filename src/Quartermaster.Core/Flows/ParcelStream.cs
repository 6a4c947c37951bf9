using Quartermaster.Core.Kernel;
using Quartermaster.Core.Shipping;

namespace Quartermaster.Core.Flows;

/// <summary>One tracking number. Its scans go on to the order whose parcel it is, those included that came before anybody knew.</summary>
public sealed class ParcelStream : IStreamKind
{
    public string Kind => Waybill.Stream;

    public object Empty => Waybill.Unknown;

    public object Load(ReadOnlySpan<byte> state) => CoreJson.ReadState<Waybill>(state);

    public byte[] Save(object state) => CoreJson.WriteState((Waybill)state);

    public Turn Decide(object state, Signal signal, Situation situation)
    {
        var before = (Waybill)state;
        var decision = WaybillDecider.Decide(before, signal);
        var after = before;
        foreach (var e in decision.Events) after = WaybillDecider.Evolve(after, (WaybillEvent)e);
        return new(after, decision.Events, decision.Effects, decision.Requests, decision.Timers, decision.Cases, PassedOn(before, after, signal, situation), decision.Note);
    }

    public StreamRow? Row(StreamId id, object state) => null;

    private static List<Forwarded> PassedOn(Waybill before, Waybill after, Signal signal, Situation s)
    {
        if (after.OrderRef is not { } order) return [];
        var to = new StreamId(s.Stream.Brand, "order", order);
        if (signal is ShippingSignal.Scanned) return [new(to, signal)];
        return before.OrderRef is null ? [.. (before.Early ?? []).Select(scan => new Forwarded(to, scan))] : [];
    }
}
