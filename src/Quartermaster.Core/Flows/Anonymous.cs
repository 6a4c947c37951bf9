using Quartermaster.Core.Kernel;
using Quartermaster.Core.Orders;

namespace Quartermaster.Core.Flows;

/// <summary>What a channel says of an order whose shopper was erased, without the shopper: the goods and the money of it still count.</summary>
internal static class Anonymous
{
    public static Signal Of(Signal signal) => signal switch
    {
        OrderSignal.Reported r => r with { Facts = Of(r.Facts) },
        OrderSignal.TraitsTold => new OrderSignal.TraitsTold([]),
        OrderSignal.AddressCorrected a => a with { ShipTo = Of(a.ShipTo)! },
        OrderSignal.ReviewTold r => new OrderSignal.ReviewTold(r.Review with { Text = null }),
        _ => signal,
    };

    private static OrderFacts Of(OrderFacts facts) => facts with
    {
        Buyer = new(null, null, null, null, facts.Buyer.Locale),
        ShipTo = Of(facts.ShipTo),
        BillTo = Of(facts.BillTo),
        Note = null,
        Tags = [],
    };

    private static Address? Of(Address? address) => address is null ? null : new(null, null, null, null, null, null, null, address.Country, null);
}
