using Quartermaster.Core.Kernel;
using Quartermaster.Core.Products;

namespace Quartermaster.Core.Flows;

/// <summary>One product of one channel. Its id is the channel's connection and product id.</summary>
public sealed class ProductStream : IStreamKind
{
    public string Kind => "product";

    public object Empty => Product.Unknown;

    public object Load(ReadOnlySpan<byte> state) => CoreJson.ReadState<Product>(state);

    public byte[] Save(object state) => CoreJson.WriteState((Product)state);

    public Turn Decide(object state, Signal signal, Situation situation)
    {
        if (signal is not ProductSignal reported) throw new InvalidOperationException($"{signal.GetType().Name} is not for a product.");
        var product = (Product)state;
        var decision = ProductDecider.Decide(product, reported, situation);
        foreach (var e in decision.Events) product = ProductDecider.Evolve(product, (ProductEvent)e);
        return new(product, decision.Events, decision.Effects, [.. decision.Requests, .. decision.Events.Select(WhenChannelTellsKeepItsListings.Of).OfType<Request>()], decision.Timers, decision.Cases, [], decision.Note);
    }

    public StreamRow? Row(StreamId id, object state) => null;
}
