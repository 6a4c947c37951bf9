using Quartermaster.Core.Orders;

namespace Quartermaster.Core.Flows;

/// <summary>A poll's view of an order counts more money given back, or more units sent, than we know of: a webhook was lost. The order is fetched, and names them.</summary>
internal static class WhenChannelCountsMoreFetchIt
{
    /// <summary>After the report itself was decided on: what it counted off before us is known by then.</summary>
    public static void React(OrderFile file, OrderSignal.Reported r, Reactions next)
    {
        if (!r.CountsOnly || file.Order.Phase == OrderPhase.History || !(RefundsMore(file, r.Facts) || SendsMore(file, r.Facts))) return;
        next.Send(new OrderSignal.ChangeAnnounced(r.Facts.Channel, r.Facts.ExternalId, r.Topic));
    }

    private static bool RefundsMore(OrderFile file, OrderFacts now)
    {
        var known = 0m;
        foreach (var refund in file.Order.Refunds ?? []) known += refund.Amount;
        return now.Payment.Refunded > known;
    }

    /// <remarks>Of an order that has ended nothing more is sent, whoever sent it.</remarks>
    private static bool SendsMore(OrderFile file, OrderFacts now)
    {
        if (file.Order.Ended) return false;
        foreach (var line in now.Lines)
            if (line.RequiresShipping && int.Min(line.Fulfilled, line.Quantity) > file.Order.SentElsewhere(line.LineId) + file.Fulfilment.ToldOf(line.LineId)) return true;
        return false;
    }
}
