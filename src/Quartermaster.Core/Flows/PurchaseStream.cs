using Quartermaster.Core.Connecting;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Purchasing;

namespace Quartermaster.Core.Flows;

/// <summary>One purchase order. Its id is its number.</summary>
public sealed class PurchaseStream : IStreamKind
{
    public string Kind => "purchase";

    public object Empty => PurchaseOrder.Unknown;

    public object Load(ReadOnlySpan<byte> state) => CoreJson.ReadState<PurchaseOrder>(state);

    public byte[] Save(object state) => CoreJson.WriteState((PurchaseOrder)state);

    public Turn Decide(object state, Signal signal, Situation situation)
    {
        var before = (PurchaseOrder)state;
        var decision = signal switch
        {
            PurchaseSignal asked => PurchaseDecider.Decide(before, asked, situation),
            EffectSettled settled => PurchaseDecider.Settle(before, settled),
            _ => throw new InvalidOperationException($"{signal.GetType().Name} is not for a purchase order."),
        };
        var order = before;
        List<PlannedEffect> effects = [.. decision.Effects];
        List<Forwarded> forwarded = [];
        foreach (var e in decision.Events)
        {
            order = PurchaseDecider.Evolve(order, (PurchaseEvent)e);
            if (e is PurchaseEvent.Received came) forwarded.AddRange(WhenGoodsComePutThemOnTheShelf.React(order, came, situation));
            if (e is not PurchaseEvent.Ordered) continue;
            if (WhenPurchaseIsApprovedWriteToTheSupplier.React(order, situation) is { } letter) effects.Add(letter);
            if (WhenPurchaseIsApprovedDraftItInTheBooks.React(order, situation) is { } draft) effects.Add(draft);
        }
        List<Request> requests = [.. decision.Requests];
        if (WhenPurchaseChangesExpectItsUnits.React(before, order) is { } expect) requests.Add(expect);
        // Also when nothing came of it: a proposal that came too late must not keep its SKUs from being proposed again.
        if (order.State != PurchaseState.Unknown) requests.Add(new PurchaseRequest.Keep(order));
        return new(order, decision.Events, effects, requests, decision.Timers, decision.Cases, forwarded, decision.Note);
    }

    public StreamRow? Row(StreamId id, object state) => null;
}
