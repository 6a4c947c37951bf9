using Quartermaster.Core.Kernel;
using Quartermaster.Core.Stock;

namespace Quartermaster.Core.Flows;

/// <summary>One SKU: counts, adjustments and channels' numbers. Its id is the SKU.</summary>
public sealed class StockStream : IStreamKind
{
    public string Kind => "stock";

    public object Empty => StockItem.Unknown;

    public object Load(ReadOnlySpan<byte> state) => CoreJson.ReadState<StockItem>(state);

    public byte[] Save(object state) => CoreJson.WriteState((StockItem)state);

    public Turn Decide(object state, Signal signal, Situation situation)
    {
        if (signal is not StockSignal stock) throw new InvalidOperationException($"{signal.GetType().Name} is not for a stock item.");
        var item = (StockItem)state;
        var decision = StockItemDecider.Decide(item, stock, situation);
        foreach (var e in decision.Events) item = StockItemDecider.Evolve(item, (StockEvent)e);
        return new(item, decision.Events, decision.Effects, [.. decision.Requests, .. decision.Events.Select(WhenChannelTellsKeepItsListings.Of).OfType<Request>()], decision.Timers, decision.Cases, [], decision.Note);
    }

    public StreamRow? Row(StreamId id, object state) => null;
}
