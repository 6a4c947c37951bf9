using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Orders;

/// <summary>The first time we hear of an order, whatever made the channel tell us.</summary>
internal static class FirstReport
{
    public static Decision Place(Order order, OrderSignal.Reported r, Situation s)
    {
        var facts = r.Facts;
        var decision = Decision.Of(new OrderEvent.Placed(facts)).Because($"{facts.Number} placed: {Counted(facts.Lines.Count, "line")}, {new Money(facts.Total, facts.Currency)}.");
        if (facts.CancelledAt is not null) return decision.Because("It was cancelled before we heard of it.");

        decision = BeforeUs.TakeOff(order, facts, decision);
        if (BeforeUs.IsFinished(OrderDecider.EvolveAll(order, decision.Events)))
        {
            const string why = "it was fulfilled before we heard of it.";
            return decision with { Events = [.. decision.Events, new OrderEvent.Closed(why)], Note = $"{decision.Note} Closed: {why}" };
        }
        return BeforeUs.IsPlaced(r, s) ? OrderHolds.PutOn(decision, BeforeUs.Hold()) : OrderHolds.Reconsider(order, decision, s);
    }

    private static string Counted(int count, string noun) => count == 1 ? $"1 {noun}" : $"{count} {noun}s";
}
